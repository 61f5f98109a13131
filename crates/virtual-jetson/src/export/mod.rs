//! The C functions by which programs find the device.
//!
//! `v4l2_open` and `v4l2_ioctl` are variadic in C and defined here with three arguments. That is the same call on
//! the machines this runs on: x86-64's and AArch64 Linux's conventions both pass the third argument of a variadic
//! function in the register where a fixed one expects it. (What a caller did not pass is a register's chance
//! content, and is not looked at: `open` reads the mode only with `O_CREAT`.) Apple's AArch64 would differ.
//!
//! No panic crosses into C: it becomes `EIO`.

pub mod allocation;
pub mod plugin;
pub mod surface;

use crate::{
    abi, devices,
    errno::{Answer, EBADF, EFAULT, EINVAL, EIO, ENOTTY, Errno},
    memory, requests,
};
use std::{
    ffi::{CStr, c_char, c_int, c_ulong, c_void},
    panic::{AssertUnwindSafe, catch_unwind},
};

/// Runs `work`; an error or a panic becomes -1 and `errno`.
fn guarded(work: impl FnOnce() -> Answer<c_int>) -> c_int {
    let answer = catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(EIO));
    answer.unwrap_or_else(|errno| {
        errno.set();
        -1
    })
}

/// Opens the node at `path`, as libv4l2 does.
///
/// # Safety
/// `path` is a C string.
// SAFETY: libv4l2's own name is the point of this library; nothing else in the process defines it here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn v4l2_open(path: *const c_char, oflag: c_int, mode: libc::mode_t) -> c_int {
    if path.is_null() {
        EFAULT.set();
        return -1;
    }
    // SAFETY: not null, and a C string by the function's contract.
    let path = unsafe { CStr::from_ptr(path) };
    guarded(|| devices::open(path, oflag, mode))
}

/// Makes a device of an open descriptor.
#[unsafe(no_mangle)]
pub extern "C" fn v4l2_fd_open(fd: c_int, _v4l2_flags: c_int) -> c_int {
    guarded(|| {
        let path = std::fs::read_link(format!("/proc/self/fd/{fd}")).map_err(|_| EBADF)?;
        // SAFETY: a plain query of the descriptor's flags.
        let status = unsafe { libc::fcntl(fd, libc::F_GETFL) };
        devices::adopt(fd, &path.to_string_lossy(), status | libc::O_CLOEXEC)?;
        Ok(fd)
    })
}

/// Adds a reference to a device.
#[unsafe(no_mangle)]
pub extern "C" fn v4l2_dup(fd: c_int) -> c_int {
    guarded(|| devices::duplicate(fd).ok_or(EBADF))
}

/// Closes a device; a descriptor that is none goes to the kernel, as libv4l2 does.
#[unsafe(no_mangle)]
pub extern "C" fn v4l2_close(fd: c_int) -> c_int {
    guarded(|| {
        if devices::close(fd) {
            return Ok(0);
        }
        // SAFETY: the caller owns the descriptor and asks for exactly this.
        if unsafe { libc::close(fd) } == 0 { Ok(0) } else { Err(Errno::last()) }
    })
}

/// A request to a device, a buffer's descriptor, or (by way of the kernel) anything else.
///
/// # Safety
/// `arg` is what the request takes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn v4l2_ioctl(fd: c_int, request: c_ulong, arg: *mut c_void) -> c_int {
    guarded(|| {
        // Programs whose request is a negative int arrive here with its sign extended.
        let number = u32::try_from(request & 0xFFFF_FFFF).map_err(|_| EINVAL)?;
        if let Some(device) = devices::find(fd) {
            return requests::request(&device, number, arg).map(|()| 0);
        }
        if number == abi::DMA_BUF_SYNC {
            return sync_descriptor(fd, arg);
        }
        // SAFETY: the descriptor is not ours; the caller's contract with the kernel is passed on.
        let result = unsafe { libc::ioctl(fd, request, arg) };
        if result < 0 { Err(Errno::last()) } else { Ok(result) }
    })
}

/// `DMA_BUF_IOCTL_SYNC`, which a kernel implements for real buffers and refuses for a memfd.
fn sync_descriptor(fd: c_int, arg: *mut c_void) -> Answer<c_int> {
    let (buffer, plane) = memory::by_descriptor(fd).ok_or(ENOTTY)?;
    if arg.is_null() {
        return Err(EFAULT);
    }
    // SAFETY: the request's argument is a structure of one 64-bit word of flags.
    let flags = unsafe { arg.cast::<u64>().read_unaligned() };
    if buffer.rules.dma_buf_fails {
        buffer.sync_by_dma_buf(plane);
        return Err(EINVAL);
    }
    if flags & abi::DMA_BUF_SYNC_END != 0 && flags & abi::DMA_BUF_SYNC_WRITE != 0 {
        buffer.sync_by_dma_buf(plane);
    }
    Ok(0)
}
