//! The Node-API library behind the npm package.
//!
//! As thin as it can be: options become [`encoder::Config`], events become plain objects, and failures are data. What a
//! promise, a queue or an error class is, the TypeScript side knows (`ts/native/addon.ts` is the contract).

#![allow(
    unreachable_pub,
    missing_docs,
    reason = "what is public here, JavaScript reaches; ts/native/addon.ts documents it"
)]
#![cfg_attr(test, allow(dead_code, reason = "napi exports nothing in test builds"))]

mod camera;
mod camera_frame;
mod caught;
mod channel;
mod config;
mod device;
mod environment;
mod error;
mod event;
mod external;
mod lent;
mod list;
mod open_here;
mod queue;
mod session;
mod stdout;
mod surface;

use napi_derive::napi;

/// The version of the crates, which the package compares with its own.
#[napi(catch_unwind)]
pub fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

/// See `NativeAddon.countOpen` in `ts/native/addon.ts`.
#[napi(object, object_from_js = false)]
pub struct NativeOpen {
    pub sessions: u32,
    pub cameras: u32,
    pub devices: u32,
}

#[napi(catch_unwind)]
pub fn count_open() -> NativeOpen {
    v4l2::threads::may_panic("function");
    NativeOpen { sessions: session::count(), cameras: camera::count(), devices: device::count() }
}
