use v4l2r::bindings::v4l2_format;
use v4l2r::{Format, QueueType};

use super::{failed, iowr, run, unusable};
use crate::transport::Request;
use crate::{Result, Transport};

const G_FMT: Request = iowr::<v4l2_format>("VIDIOC_G_FMT", 4);
const S_FMT: Request = iowr::<v4l2_format>("VIDIOC_S_FMT", 5);

/// Sets a queue's format and returns what the driver made of it, which may be another.
///
/// # Errors
/// [`crate::Error::Ioctl`], or [`crate::Error::Answer`] for a format that makes no sense.
pub fn s_fmt(transport: &dyn Transport, queue: QueueType, format: &Format) -> Result<Format> {
    let raw = v4l2_format::try_from((queue, format))
        .map_err(|error| unusable(transport, S_FMT, format!("nothing, because {error}")))?;
    exchange(transport, S_FMT, raw)
}

/// Reads a queue's format.
///
/// # Errors
/// As [`s_fmt`].
pub fn g_fmt(transport: &dyn Transport, queue: QueueType) -> Result<Format> {
    exchange(transport, G_FMT, v4l2_format { type_: queue as u32, ..Default::default() })
}

fn exchange(transport: &dyn Transport, request: Request, mut raw: v4l2_format) -> Result<Format> {
    #[expect(unsafe_code, reason = "an ioctl")]
    // SAFETY: the request's struct; a video format holds no pointers.
    unsafe { run(transport, request, &mut raw) }.map_err(|errno| failed(transport, request, errno))?;
    Format::try_from(raw)
        .map_err(|error| unusable(transport, request, format!("a format that makes no sense: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fourcc;
    use crate::transport::{Fake, Reply};

    #[test]
    fn what_the_driver_changed_is_returned() {
        // pix_mp starts at byte 8: width, height, fourcc; plane 0 at 28: sizeimage, bytesperline; num_planes at 188.
        let fake =
            Fake::new([Reply::ok("VIDIOC_S_FMT").u32(8, 320).u32(12, 256).u32(28, 98_304).u32(32, 384)]);
        let wanted = Format::from((fourcc::YUV420M, (320, 242)));
        let format = s_fmt(&fake, QueueType::VideoOutputMplane, &wanted).unwrap();
        assert_eq!((format.width, format.height), (320, 256));
        assert_eq!(&fake.calls()[0].argument[16..20], b"YM12");
    }
}
