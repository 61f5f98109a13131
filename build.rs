//! Sets up the Node-API library, and says whether this machine has a hardware encoder.

#[path = "crates/node/build/detect.rs"]
mod detect;

use std::path::Path;

fn main() {
    napi_build::setup();
    // The library stays when a worker that loaded it ends: its threads and NVIDIA's library outlive the worker.
    println!("cargo:rustc-cdylib-link-arg=-Wl,-z,nodelete");
    println!("cargo:rerun-if-env-changed={}", detect::FORCE);
    println!("cargo:rerun-if-changed=crates/node/build/detect.rs");
    let target = detect::Target {
        os: std::env::var("CARGO_CFG_TARGET_OS").unwrap_or_default(),
        arch: std::env::var("CARGO_CFG_TARGET_ARCH").unwrap_or_default(),
    };
    let forced = std::env::var(detect::FORCE).ok();
    let found = detect::detect(Path::new("/"), &target, forced.as_deref());
    println!("cargo:warning={}", found.message());
}
