use v4l2r::bindings::v4l2_encoder_cmd;

use super::{failed, iowr, run};
use crate::transport::Request;
use crate::{Result, Transport};

const ENCODER_CMD: Request = iowr::<v4l2_encoder_cmd>("VIDIOC_ENCODER_CMD", 77);

/// What the encoder shall do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum EncoderCommand {
    /// `V4L2_ENC_CMD_START`
    Start = 0,
    /// `V4L2_ENC_CMD_STOP`: code what was queued, then end.
    Stop = 1,
}

/// Sends a command to the encoder.
///
/// # Errors
/// [`crate::Failure::Ioctl`]; `ENOTTY` where the driver has no commands.
pub fn encoder_cmd(transport: &dyn Transport, command: EncoderCommand) -> Result<()> {
    let mut raw = v4l2_encoder_cmd { cmd: command as u32, ..Default::default() };
    #[expect(unsafe_code, reason = "an ioctl")]
    // SAFETY: the request's struct, without pointers.
    unsafe { run(transport, ENCODER_CMD, &mut raw) }.map_err(|errno| failed(transport, ENCODER_CMD, errno))
}
