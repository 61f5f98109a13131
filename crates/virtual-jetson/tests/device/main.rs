//! The device through its C functions, judged by ffmpeg where pictures are concerned.
#![allow(
    unsafe_code,
    missing_docs,
    unreachable_pub,
    reason = "a C library is driven here, and nobody imports this"
)]
#![allow(clippy::undocumented_unsafe_blocks, clippy::multiple_unsafe_ops_per_block, clippy::unwrap_used)]

mod bringup;
mod client;
mod controls;
mod encoding;
mod ends;
mod faults;
mod judge;
mod metadata;
mod pace;
mod rules;
mod surfaces;
