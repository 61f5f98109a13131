//! Linking of the library: libv4l2 unloads a plugin at every close, which the coder's threads would not survive.

fn main() {
    println!("cargo:rustc-cdylib-link-arg=-Wl,-z,nodelete");
    println!("cargo:rerun-if-changed=build.rs");
}
