//! The plugin shape: the object by which a distribution's libv4l2 finds the device.
//!
//! libv4l2 opens a node, shows the descriptor to every plugin and hands all requests to the first that takes it.
//! It unloads plugins at each close, which is why this library is linked so that it stays.

use super::guarded;
use crate::{device::Device, devices, errno::EINVAL, requests};
use std::{
    ffi::{c_int, c_ulong, c_void},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

/// `struct libv4l_dev_ops`.
#[repr(C)]
pub struct Plugin {
    init: extern "C" fn(c_int) -> *mut c_void,
    close: unsafe extern "C" fn(*mut c_void),
    ioctl: unsafe extern "C" fn(*mut c_void, c_int, c_ulong, *mut c_void) -> c_int,
    read: Option<extern "C" fn()>,
    write: Option<extern "C" fn()>,
    reserved: [Option<extern "C" fn()>; 7],
}

const _: () = assert!(size_of::<Plugin>() == 96);

/// What libv4l2 looks up.
#[unsafe(no_mangle)]
pub static libv4l2_plugin: Plugin =
    Plugin { init, close, ioctl, read: None, write: None, reserved: [None; 7] };

/// libv4l2 shows plugins every node a program opens, so only ours may be taken.
extern "C" fn init(fd: c_int) -> *mut c_void {
    let device = catch_unwind(|| devices::claim(fd)).unwrap_or(None);
    device.map_or(std::ptr::null_mut(), |device| Arc::into_raw(device).cast_mut().cast())
}

unsafe extern "C" fn close(private: *mut c_void) {
    // SAFETY: the pointer is what `init` gave away, and libv4l2 gives it back once.
    let device = unsafe { Arc::from_raw(private.cast_const().cast::<Device>()) };
    let closed = catch_unwind(AssertUnwindSafe(|| devices::release(&device)));
    if closed.is_err() {
        crate::stderr::log_stderr("virtual-jetson: closing panicked");
    }
}

unsafe extern "C" fn ioctl(private: *mut c_void, _fd: c_int, request: c_ulong, arg: *mut c_void) -> c_int {
    let device = private.cast_const().cast::<Device>();
    // SAFETY: libv4l2 holds the reference that `init` gave away; this adds one for the time of the request.
    unsafe { Arc::increment_strong_count(device) };
    // SAFETY: the reference just added.
    let device = unsafe { Arc::from_raw(device) };
    guarded(|| {
        let number = u32::try_from(request & 0xFFFF_FFFF).map_err(|_| EINVAL)?;
        requests::request(&device, number, arg).map(|()| 0)
    })
}
