//! One file per request: plain values in, plain values out.
//!
//! V4L2's structs serve as input and output at once, which hides who fills what. Each function here takes what the
//! caller fills, and returns what the driver fills. Outcomes that are part of normal work, such as "nothing ready
//! yet", are values; everything else is [`crate::Failure::Ioctl`] with the request's name, errno and device.

mod buffer;
mod dqbuf;
mod dqevent;
mod encoder_cmd;
mod enum_fmt;
mod enum_frameintervals;
mod enum_framesizes;
mod expbuf;
mod ext_ctrls;
mod field;
mod fmt;
mod nvidia_metadata;
mod parm;
mod qbuf;
mod query_ext_ctrl;
mod querybuf;
mod querycap;
mod reqbufs;
mod selection;
mod streamon;
mod subscribe_event;

pub use buffer::{Memory, is_multi_planar};
pub use dqbuf::{Dequeue, Dequeued, dqbuf};
pub use dqevent::dqevent;
pub use encoder_cmd::{EncoderCommand, encoder_cmd};
pub use enum_fmt::{FormatDescription, enum_fmt};
pub use enum_frameintervals::{FrameIntervals, enum_frameintervals};
pub use enum_framesizes::{FrameSizes, enum_framesizes};
pub use expbuf::expbuf;
pub use ext_ctrls::{g_ext_ctrl, s_ext_ctrl};
pub use field::Field;
pub use fmt::{Colorimetry, g_fmt, g_fmt_colored, s_fmt, s_fmt_colored, s_fmt_of_fields, try_fmt};
#[cfg(any(test, feature = "testing"))]
pub(crate) use fmt::{colorimetry, raw_format};
pub use nvidia_metadata::{ChunkMetadata, InputMetadata, RegionOfInterest};
pub use parm::{g_parm, s_parm};
pub use qbuf::{ImportedPlane, PlaneUse, qbuf, qbuf_bound, qbuf_imported};
pub use query_ext_ctrl::{
    ControlDescription, ControlKind, MenuEntry, all_controls, query_ext_ctrl, querymenu,
};
pub use querybuf::{QueriedPlane, querybuf};
pub use querycap::{Capability, querycap};
pub use reqbufs::reqbufs;
pub use selection::{Rectangle, g_crop, s_crop};
pub use streamon::{streamoff, streamon};
pub use subscribe_event::subscribe_event;

use std::ptr::NonNull;

use v4l2r::nix::errno::Errno;

use crate::transport::Request;
use crate::{Failure, Transport};

/// Event type of "the last buffer was produced" (`V4L2_EVENT_EOS`).
pub const EVENT_EOS: u32 = v4l2r::bindings::V4L2_EVENT_EOS;

/// Event type of "what comes in is another format now" (`V4L2_EVENT_SOURCE_CHANGE`).
pub const EVENT_SOURCE_CHANGE: u32 = v4l2r::bindings::V4L2_EVENT_SOURCE_CHANGE;

const READ: u64 = 2;
const WRITE: u64 = 1;

/// The number of a request of type 'V', as `_IOC` composes it.
const fn request<T>(name: &'static str, direction: u64, number: u64) -> Request {
    let number = direction << 30 | (size_of::<T>() as u64) << 16 | (b'V' as u64) << 8 | number;
    Request { name, number }
}

/// `_IOR`: the driver fills the struct.
const fn ior<T>(name: &'static str, number: u64) -> Request {
    request::<T>(name, READ, number)
}

/// `_IOW`: the caller fills the struct.
const fn iow<T>(name: &'static str, number: u64) -> Request {
    request::<T>(name, WRITE, number)
}

/// `_IOWR`: both do.
const fn iowr<T>(name: &'static str, number: u64) -> Request {
    request::<T>(name, READ | WRITE, number)
}

/// Runs a request on its struct.
///
/// # Safety
/// `T` is the request's struct, and every pointer in it is null or valid for what the struct says.
#[expect(unsafe_code, reason = "the one way to the transport")]
unsafe fn run<T>(transport: &dyn Transport, request: Request, argument: &mut T) -> Result<(), Errno> {
    // SAFETY: the caller's promise, passed on.
    unsafe { transport.ioctl(request, NonNull::from(argument).cast()) }
}

fn failed(transport: &dyn Transport, request: Request, errno: Errno) -> Failure {
    Failure::Ioctl { ioctl: request.name, device: transport.device().to_owned(), errno }
}

fn unusable(transport: &dyn Transport, request: Request, what: String) -> Failure {
    Failure::Answer { ioctl: request.name, device: transport.device().to_owned(), what }
}

/// A text of the driver's in a fixed array, which need not be terminated.
fn text(bytes: &[u8]) -> String {
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    String::from_utf8_lossy(&bytes[..end]).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use v4l2r::bindings as v4l2;

    /// Numbers of `<linux/videodev2.h>` on 64-bit machines.
    #[test]
    fn request_numbers_are_the_kernels() {
        assert_eq!(ior::<v4l2::v4l2_capability>("", 0).number, 0x8068_5600);
        assert_eq!(iowr::<v4l2::v4l2_format>("", 5).number, 0xC0D0_5605);
        assert_eq!(iowr::<v4l2::v4l2_buffer>("", 15).number, 0xC058_560F);
        assert_eq!(iow::<i32>("", 18).number, 0x4004_5612);
        assert_eq!(iowr::<v4l2::v4l2_ext_controls>("", 72).number, 0xC020_5648);
    }

    #[test]
    fn a_drivers_text_ends_at_its_zero_or_at_the_array() {
        assert_eq!(text(b"tegra\0junk"), "tegra");
        assert_eq!(text(b"unended"), "unended");
    }
}
