use std::ffi::{CString, c_void};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::ptr::NonNull;
use std::time::Duration;

use v4l2r::nix::errno::Errno;

use super::{Interest, Readiness, Request, Transport, Waker, wait};
use crate::{Failure, Result};

/// A kernel driver's node, reached by `ioctl(2)`.
#[derive(Debug)]
pub struct Kernel {
    device: PathBuf,
    descriptor: OwnedFd,
}

impl Kernel {
    /// Opens the node for reading and writing, without blocking, closed on exec.
    ///
    /// # Errors
    /// [`Failure::Open`] with the system's errno: `ENOENT`, `EACCES`, `EBUSY`, …
    #[expect(unsafe_code, reason = "open(2), for its errno and flags")]
    pub fn open(device: &Path) -> Result<Self> {
        let failed = |errno| Failure::Open { device: device.to_owned(), errno };
        let path = CString::new(device.as_os_str().as_bytes()).map_err(|_| failed(Errno::EINVAL))?;
        let flags = libc::O_RDWR | libc::O_NONBLOCK | libc::O_CLOEXEC;
        // SAFETY: the path is NUL-terminated and outlives the call.
        let descriptor = unsafe { libc::open(path.as_ptr(), flags) };
        if descriptor < 0 {
            return Err(failed(Errno::last()));
        }
        // SAFETY: the kernel just returned this descriptor to us and nobody else knows it.
        Ok(Self { device: device.to_owned(), descriptor: unsafe { OwnedFd::from_raw_fd(descriptor) } })
    }
}

#[expect(unsafe_code, reason = "Transport::ioctl is unsafe")]
impl Transport for Kernel {
    fn device(&self) -> &Path {
        &self.device
    }

    unsafe fn ioctl(&self, request: Request, argument: NonNull<c_void>) -> std::result::Result<(), Errno> {
        super::retry_interrupted(|| {
            // SAFETY: the caller vouches for the argument; see `Transport::ioctl`.
            unsafe { libc::ioctl(self.descriptor.as_raw_fd(), request.number as _, argument.as_ptr()) }
        })
    }

    fn sync_for_device(&self, exported: BorrowedFd<'_>, _plane: u32) -> std::result::Result<(), String> {
        super::dma_buf_write_back(exported, |fd, number, flags| {
            // SAFETY: DMA_BUF_IOCTL_SYNC reads eight bytes, which `flags` is.
            unsafe { libc::ioctl(fd, number as _, flags) }
        })
    }

    fn pitch(&self, _exported: BorrowedFd<'_>, _plane: usize) -> Option<u32> {
        None
    }

    fn node(&self) -> Option<BorrowedFd<'_>> {
        Some(self.descriptor.as_fd())
    }

    fn wait(&self, waker: &Waker, interest: Interest, timeout: Duration) -> Readiness {
        wait::poll(waker, Some((self.descriptor.as_fd(), interest)), timeout)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_node_is_reported_with_its_errno() {
        let error = Kernel::open(Path::new("/nonexistent/video0")).unwrap_err();
        assert_eq!(error.errno(), Some(Errno::ENOENT));
        assert_eq!(
            error.to_string(),
            "opening /nonexistent/video0 failed with ENOENT: No such file or directory"
        );
    }

    #[test]
    fn a_node_that_is_no_v4l2_device_answers_enotty() {
        let null = Kernel::open(Path::new("/dev/null")).unwrap();
        let error = crate::ioctl::querycap(&null).unwrap_err();
        assert_eq!(error.errno(), Some(Errno::ENOTTY));
        assert_eq!(error.ioctl(), Some("VIDIOC_QUERYCAP"));
    }
}
