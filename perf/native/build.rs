//! Sets up the Node-API library.

fn main() {
    napi_build::setup();
}
