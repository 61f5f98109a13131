//! Set-up of the Node-API library.

fn main() {
    napi_build::setup();
}
