//! NVIDIA's buffer libraries: looking surfaces up, and syncing memory for the device.
//!
//! JetPack 4 has `NvBufferMemSyncForDevice` (libnvbuf_utils), JetPack 6 the `NvBufSurface` functions
//! (libnvbufsurface), JetPack 5 both. All are exported at all times; a buffer of a device of the wrong generation
//! answers -1.

use crate::{
    devices::{BUFFERS_USED, SURFACES_USED},
    memory::{self, BufferMemory, allocated},
};
use std::{
    ffi::{c_int, c_uint, c_void},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::atomic::{AtomicBool, Ordering},
};

/// NVIDIA's functions answer 0 or -1 and leave `errno` alone.
pub(super) fn guarded(used: &AtomicBool, work: impl FnOnce() -> Option<()>) -> c_int {
    used.store(true, Ordering::Release);
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Some(())) => 0,
        _ => -1,
    }
}

/// Finds the surface of a buffer by one of its descriptors, and one that was allocated by the number of its own.
///
/// # Safety
/// `surface` is null or points to memory for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn NvBufSurfaceFromFd(fd: c_int, surface: *mut *mut c_void) -> c_int {
    guarded(&SURFACES_USED, || {
        let address = match allocated::by_number(fd) {
            Some(allocated) => allocated.address(),
            None => {
                let (buffer, _) = memory::by_descriptor(fd)?;
                (buffer.rules.generation >= 5).then(|| buffer.surface_address())?
            }
        };
        if surface.is_null() {
            return None;
        }
        let address = std::ptr::with_exposed_provenance_mut(address);
        // SAFETY: not null, and writable by the function's contract.
        unsafe { surface.write(address) };
        Some(())
    })
}

/// Makes what the program wrote visible to the encoder; a `plane` of -1 means all.
#[unsafe(no_mangle)]
pub extern "C" fn NvBufSurfaceSyncForDevice(surface: *mut c_void, index: c_int, plane: c_int) -> c_int {
    guarded(&SURFACES_USED, || {
        if let Some(allocated) = allocated::by_address(surface.addr()).filter(|_| index <= 0) {
            return allocated.sync().then_some(());
        }
        let buffer = surface_buffer(surface, index)?;
        let plane = match plane {
            -1 => None,
            plane => Some(usize::try_from(plane).ok()?),
        };
        buffer.sync_by_surface(plane).then_some(())
    })
}

/// Makes what the encoder wrote visible to the program, which it always is here.
#[unsafe(no_mangle)]
pub extern "C" fn NvBufSurfaceSyncForCpu(surface: *mut c_void, index: c_int, _plane: c_int) -> c_int {
    guarded(&SURFACES_USED, || {
        if allocated::by_address(surface.addr()).is_some() {
            return Some(());
        }
        surface_buffer(surface, index).filter(|buffer| !buffer.rules.surface_fails).map(drop)
    })
}

/// JetPack 4's way of the same.
#[unsafe(no_mangle)]
pub extern "C" fn NvBufferMemSyncForDevice(fd: c_int, plane: c_uint, address: *mut *mut c_void) -> c_int {
    guarded(&BUFFERS_USED, || {
        let (buffer, _) = memory::by_descriptor(fd)?;
        if address.is_null() || buffer.rules.generation > 5 {
            return None;
        }
        buffer.sync_by_surface(Some(plane as usize)).then_some(())
    })
}

fn surface_buffer(surface: *mut c_void, index: c_int) -> Option<std::sync::Arc<BufferMemory>> {
    // The one surface of a batch of one.
    if index > 0 {
        return None;
    }
    memory::by_surface(surface.addr())
}
