use v4l2r::bindings::v4l2_event_subscription;

use super::{failed, iow, run};
use crate::transport::Request;
use crate::{Result, Transport};

const SUBSCRIBE_EVENT: Request = iow::<v4l2_event_subscription>("VIDIOC_SUBSCRIBE_EVENT", 90);

/// Asks the driver to report events of a kind.
///
/// # Errors
/// [`crate::Failure::Ioctl`]; `EINVAL` or `ENOTTY` where it has none.
pub fn subscribe_event(transport: &dyn Transport, kind: u32) -> Result<()> {
    let mut raw = v4l2_event_subscription { type_: kind, ..Default::default() };
    #[expect(unsafe_code, reason = "an ioctl")]
    // SAFETY: the request's struct, without pointers.
    unsafe { run(transport, SUBSCRIBE_EVENT, &mut raw) }
        .map_err(|errno| failed(transport, SUBSCRIBE_EVENT, errno))
}
