//! The kernel's camera vivid, which is there in the virtual machine only:
//!
//! ```sh
//! scripts/test-vm package
//! ```

#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

mod bars;
mod controls;
mod frames;
mod support;
mod unplugged;
