use std::os::fd::{FromRawFd, OwnedFd};

use v4l2r::QueueType;
use v4l2r::bindings::v4l2_exportbuffer;

use super::{failed, iowr, run, unusable};
use crate::transport::{Request, close_on_exec};
use crate::{Result, Transport};

const EXPBUF: Request = iowr::<v4l2_exportbuffer>("VIDIOC_EXPBUF", 16);

/// Exports one plane of a buffer as a descriptor, closed on exec.
///
/// The flags of the call stay 0, which is what NVIDIA's samples send, so the descriptor is marked afterwards.
///
/// # Errors
/// [`crate::Failure::Ioctl`], or [`crate::Failure::Answer`] for a negative descriptor.
pub fn expbuf(transport: &dyn Transport, queue: QueueType, index: u32, plane: u32) -> Result<OwnedFd> {
    let mut raw = v4l2_exportbuffer { type_: queue as u32, index, plane, fd: -1, ..Default::default() };
    #[expect(unsafe_code, reason = "an ioctl")]
    // SAFETY: the request's struct, without pointers.
    unsafe { run(transport, EXPBUF, &mut raw) }.map_err(|errno| failed(transport, EXPBUF, errno))?;
    if raw.fd < 0 {
        return Err(unusable(transport, EXPBUF, format!("descriptor {}", raw.fd)));
    }
    close_on_exec(raw.fd);
    #[expect(unsafe_code, reason = "taking ownership of a fresh descriptor")]
    // SAFETY: the driver just made this descriptor for us.
    Ok(unsafe { OwnedFd::from_raw_fd(raw.fd) })
}
