use std::ffi::c_int;

use v4l2r::QueueType;

use super::{failed, iow, run};
use crate::transport::Request;
use crate::{Result, Transport};

const STREAMON: Request = iow::<c_int>("VIDIOC_STREAMON", 18);
const STREAMOFF: Request = iow::<c_int>("VIDIOC_STREAMOFF", 19);

/// Starts a queue. On NVIDIA this is where the real encoder is made and rejected sizes or missing permissions show.
///
/// # Errors
/// [`crate::Failure::Ioctl`].
pub fn streamon(transport: &dyn Transport, queue: QueueType) -> Result<()> {
    switch(transport, STREAMON, queue)
}

/// Stops a queue; its buffers are the caller's again.
///
/// # Errors
/// [`crate::Failure::Ioctl`].
pub fn streamoff(transport: &dyn Transport, queue: QueueType) -> Result<()> {
    switch(transport, STREAMOFF, queue)
}

fn switch(transport: &dyn Transport, request: Request, queue: QueueType) -> Result<()> {
    let mut kind = queue as c_int;
    #[expect(unsafe_code, reason = "an ioctl")]
    // SAFETY: the request's argument is one int.
    unsafe { run(transport, request, &mut kind) }.map_err(|errno| failed(transport, request, errno))
}
