//! A device that behaves like NVIDIA's Jetson encoder, for tests and for people without a board.
//!
//! On a Jetson the encoder's V4L2 interface lives in user space: a program opens a stub of a node through
//! NVIDIA's build of libv4l2, whose plugin answers every request. This library takes that place in one of two
//! shapes. As a *library* it is found as `libnvv4l2.so`, `libnvbufsurface.so` and `libnvbuf_utils.so` and exports
//! the functions that programs look up there. As a *plugin* it exports `libv4l2_plugin` and is loaded by the
//! libv4l2 of a distribution. Behind both stands one engine:
//!
//! - [`devices`] is the table of what is open; a [`device`] answers requests, one module each in [`requests`];
//! - [`queue`] and [`memory`] are the two buffer queues and the memory the client maps, which need not be coherent;
//! - [`controls`] knows NVIDIA's ids, what they carry and when they are allowed;
//! - [`coder`] is the thread that takes frames, codes them ([`codec`]) and hands the chunks out;
//! - [`settings`] say how the device shall behave and misbehave, and [`violations`] what its client did wrong.
//!
//! README.md describes the settings, and what is not modelled.
#![allow(unsafe_code, reason = "this is a C library: it reads and writes its callers' memory")]

mod abi;
mod codec;
mod coder;
mod controls;
mod device;
mod devices;
mod errno;
pub mod export;
mod geometry;
mod loader;
mod memory;
mod metadata;
mod queue;
mod requests;
mod settings;
mod state;
mod stderr;
mod stdout_messages;
mod violations;
