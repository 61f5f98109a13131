use v4l2r::bindings::v4l2_event;
use v4l2r::nix::errno::Errno;

use super::{failed, ior, run};
use crate::transport::Request;
use crate::{Result, Transport};

const DQEVENT: Request = ior::<v4l2_event>("VIDIOC_DQEVENT", 89);

/// Takes a pending event's kind, or `None` when there is none.
///
/// # Errors
/// [`crate::Failure::Ioctl`], but not for the `ENOENT` or `EAGAIN` that mean "none".
pub fn dqevent(transport: &dyn Transport) -> Result<Option<u32>> {
    let mut raw = v4l2_event::default();
    #[expect(unsafe_code, reason = "an ioctl")]
    // SAFETY: the request's struct, without pointers.
    let done = unsafe { run(transport, DQEVENT, &mut raw) };
    match done {
        Ok(()) => Ok(Some(raw.type_)),
        Err(Errno::ENOENT | Errno::EAGAIN) => Ok(None),
        Err(errno) => Err(failed(transport, DQEVENT, errno)),
    }
}
