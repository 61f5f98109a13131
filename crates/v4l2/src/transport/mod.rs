//! How requests reach a device, and how to wait for it.

mod kernel;
mod library;
mod libv4l2;
mod traced;
pub(crate) mod wait;

use std::ffi::c_void;
use std::os::fd::{BorrowedFd, RawFd};
use std::path::Path;
use std::ptr::NonNull;
use std::time::Duration;

use v4l2r::nix::errno::Errno;

pub use kernel::Kernel;
pub use library::{Library, LibraryLookup, MAX_LIBRARY_DEVICES, give_up_stuck_calls};
pub(crate) use library::{close_on_exec, load_any};
pub use libv4l2::LibV4l2;
pub use traced::{Trace, Traced};
pub use wait::{Interest, Readiness, Waker, sleep_precisely};

/// A request: its name for messages and its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request {
    /// As in the kernel's documentation, such as `VIDIOC_QBUF`.
    pub name: &'static str,
    /// Direction, size of the argument, type and number, as `ioctl(2)` takes it.
    pub number: u64,
}

/// A way to one open device.
///
/// No method has a default: a transport that forgot to wait or to sync would lose frames and look fine.
pub trait Transport: Send + Sync + std::fmt::Debug {
    /// The node this transport opened.
    fn device(&self) -> &Path;

    /// Runs one request.
    ///
    /// # Safety
    /// `argument` points to the struct that the request's number stands for, and every pointer inside it is null
    /// or points to as much memory as the struct says.
    ///
    /// # Errors
    /// The driver's errno. `EINTR` is retried here.
    #[expect(unsafe_code, reason = "the argument is a raw struct of the driver's ABI")]
    unsafe fn ioctl(&self, request: Request, argument: NonNull<c_void>) -> Result<(), Errno>;

    /// Makes what the processor wrote into plane `plane` of an exported buffer visible to the device.
    ///
    /// # Errors
    /// A sentence; the transport has then tried every way it knows.
    fn sync_for_device(&self, exported: BorrowedFd<'_>, plane: u32) -> Result<(), String>;

    /// The pitch of plane `plane` of an exported buffer, in bytes, where something besides the driver knows it.
    fn pitch(&self, exported: BorrowedFd<'_>, plane: usize) -> Option<u32>;

    /// The descriptor through which the device's buffers are mapped; `None` where they have to be exported first.
    fn node(&self) -> Option<BorrowedFd<'_>>;

    /// Sleeps until the device may have something of interest, the waker is woken, or `timeout` is over.
    fn wait(&self, waker: &Waker, interest: Interest, timeout: Duration) -> Readiness;
}

/// An anonymous file of `length` bytes, closed on exec.
///
/// # Errors
/// What `memfd_create` or `ftruncate` said.
pub fn memory_file(name: &str, length: u64) -> std::io::Result<std::os::fd::OwnedFd> {
    use v4l2r::nix::libc;
    let name = std::ffi::CString::new(name)?;
    #[expect(unsafe_code, reason = "memfd_create has no safe wrapper in std")]
    // SAFETY: the name is NUL-terminated and outlives the call.
    let descriptor: RawFd = unsafe { libc::memfd_create(name.as_ptr(), libc::MFD_CLOEXEC) };
    if descriptor < 0 {
        return Err(std::io::Error::last_os_error());
    }
    #[expect(unsafe_code, reason = "taking ownership of a fresh descriptor")]
    // SAFETY: the kernel just returned this descriptor to us and nobody else knows it.
    let owned = unsafe { <std::os::fd::OwnedFd as std::os::fd::FromRawFd>::from_raw_fd(descriptor) };
    let file = std::fs::File::from(owned);
    file.set_len(length)?;
    Ok(file.into())
}

/// `DMA_BUF_IOCTL_SYNC` of `<linux/dma-buf.h>`: `_IOW('b', 0, struct dma_buf_sync)`, whose one member is u64 flags.
const DMA_BUF_IOCTL_SYNC: u64 = 0x4008_6200;
pub(crate) const DMA_BUF_SYNC_READ: u64 = 1;
const DMA_BUF_SYNC_WRITE: u64 = 2;
pub(crate) const DMA_BUF_SYNC_END: u64 = 4;

/// Runs a call again while a signal interrupts it; -1 becomes errno.
fn retry_interrupted(mut call: impl FnMut() -> i32) -> Result<(), Errno> {
    loop {
        if call() != -1 {
            return Ok(());
        }
        match Errno::last() {
            Errno::EINTR => {}
            errno => return Err(errno),
        }
    }
}

/// Brackets "the processor wrote" on a dma-buf, whose driver then writes its cache back.
fn dma_buf_write_back(
    exported: BorrowedFd<'_>,
    mut ioctl: impl FnMut(RawFd, u64, *mut u64) -> i32,
) -> Result<(), String> {
    use std::os::fd::AsRawFd;
    for mut flags in [DMA_BUF_SYNC_WRITE, DMA_BUF_SYNC_WRITE | DMA_BUF_SYNC_END] {
        retry_interrupted(|| ioctl(exported.as_raw_fd(), DMA_BUF_IOCTL_SYNC, &raw mut flags))
            .map_err(|errno| format!("DMA_BUF_IOCTL_SYNC failed with {errno}"))?;
    }
    Ok(())
}

/// Makes what the processor wrote into a dma-buf visible to devices, through the kernel.
pub(crate) fn dma_buf_write_back_of(descriptor: BorrowedFd<'_>) -> Result<(), String> {
    dma_buf_write_back(descriptor, |fd, number, flags| {
        #[expect(unsafe_code, reason = "ioctl")]
        // SAFETY: DMA_BUF_IOCTL_SYNC reads eight bytes, which `flags` is.
        unsafe {
            libc::ioctl(fd, number as _, flags)
        }
    })
}

/// Tells the exporter of a dma-buf what the processor is about to do. Memory that is none has nothing to make visible, and
/// rejects.
#[expect(unsafe_code, reason = "ioctl")]
pub(crate) fn dma_buf_sync(descriptor: BorrowedFd<'_>, mut flags: u64) {
    use std::os::fd::AsRawFd;
    let rejected = retry_interrupted(|| {
        // SAFETY: DMA_BUF_IOCTL_SYNC reads eight bytes, which `flags` is.
        unsafe { libc::ioctl(descriptor.as_raw_fd(), DMA_BUF_IOCTL_SYNC as _, &raw mut flags) }
    });
    rejected.ok();
}
