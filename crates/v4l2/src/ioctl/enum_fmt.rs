use v4l2r::bindings::{V4L2_FMT_FLAG_COMPRESSED, V4L2_FMT_FLAG_ENC_CAP_FRAME_INTERVAL, v4l2_fmtdesc};
use v4l2r::nix::errno::Errno;
use v4l2r::{PixelFormat, QueueType};

use super::{failed, iowr, run, text};
use crate::transport::Request;
use crate::{Result, Transport};

const ENUM_FMT: Request = iowr::<v4l2_fmtdesc>("VIDIOC_ENUM_FMT", 2);

/// More entries than any driver has; a driver that never ends its list is cut off here.
const MAX_FORMATS: u32 = 256;

/// One format that a queue takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormatDescription {
    /// Its four-character code.
    pub pixel_format: PixelFormat,
    /// The driver's words for it.
    pub description: String,
    /// Coded, not raw.
    pub compressed: bool,
    /// The coded queue takes the frame rate as well (`V4L2_FMT_FLAG_ENC_CAP_FRAME_INTERVAL`).
    pub own_interval: bool,
}

/// Lists the formats of a queue.
///
/// # Errors
/// [`crate::Failure::Ioctl`], but not for the `EINVAL` that ends the list.
pub fn enum_fmt(transport: &dyn Transport, queue: QueueType) -> Result<Vec<FormatDescription>> {
    let mut formats = Vec::new();
    for index in 0..MAX_FORMATS {
        let mut raw = v4l2_fmtdesc { index, type_: queue as u32, ..Default::default() };
        #[expect(unsafe_code, reason = "an ioctl")]
        // SAFETY: the request's struct, without pointers.
        let done = unsafe { run(transport, ENUM_FMT, &mut raw) };
        match done {
            Ok(()) => formats.push(FormatDescription {
                pixel_format: raw.pixelformat.into(),
                description: text(&raw.description),
                compressed: raw.flags & V4L2_FMT_FLAG_COMPRESSED != 0,
                own_interval: raw.flags & V4L2_FMT_FLAG_ENC_CAP_FRAME_INTERVAL != 0,
            }),
            Err(Errno::EINVAL) => break,
            Err(errno) => return Err(failed(transport, ENUM_FMT, errno)),
        }
    }
    Ok(formats)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Fake, Reply};

    #[test]
    fn the_list_ends_at_einval() {
        let h264 = Reply::ok("VIDIOC_ENUM_FMT").u32(8, 1).u32(44, 0x3436_3248);
        let fake = Fake::new([h264, Reply::error("VIDIOC_ENUM_FMT", Errno::EINVAL)]);
        let formats = enum_fmt(&fake, QueueType::VideoCaptureMplane).unwrap();
        assert_eq!(formats.len(), 1);
        assert_eq!(formats[0].pixel_format, crate::fourcc::H264);
        assert!(formats[0].compressed);
    }

    #[test]
    fn a_list_without_end_is_cut_off() {
        let fake = Fake::new(std::iter::repeat_n(Reply::ok("VIDIOC_ENUM_FMT"), 300));
        assert_eq!(enum_fmt(&fake, QueueType::VideoCaptureMplane).unwrap().len(), 256);
    }
}
