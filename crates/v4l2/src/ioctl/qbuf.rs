use std::time::Duration;

use v4l2r::QueueType;
use v4l2r::bindings::{
    V4L2_BUF_FLAG_TIMESTAMP_COPY, VIDEO_MAX_PLANES, timeval, v4l2_buffer, v4l2_memory_V4L2_MEMORY_MMAP,
    v4l2_plane,
};

use super::{failed, iowr, run};
use crate::transport::Request;
use crate::{Result, Transport};

const QBUF: Request = iowr::<v4l2_buffer>("VIDIOC_QBUF", 15);

/// How a plane of a queued buffer is filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlaneUse {
    /// Bytes used; 0 in every plane of an output buffer ends the stream on NVIDIA.
    pub used: u32,
    /// Bytes in all.
    pub length: u32,
}

/// Gives a buffer of a multi-planar queue to the device.
///
/// `timestamp` is copied to the capture buffer by the driver; `None` for capture buffers themselves.
///
/// # Errors
/// [`crate::Error::Ioctl`]; `EINVAL` on NVIDIA after the encoder died.
pub fn qbuf(
    transport: &dyn Transport,
    queue: QueueType,
    index: u32,
    planes: impl IntoIterator<Item = PlaneUse>,
    timestamp: Option<Duration>,
) -> Result<()> {
    let mut raw_planes = [v4l2_plane::default(); VIDEO_MAX_PLANES as usize];
    let mut count = 0;
    for (raw, plane) in raw_planes.iter_mut().zip(planes) {
        raw.bytesused = plane.used;
        raw.length = plane.length;
        count += 1;
    }
    let mut raw = v4l2_buffer {
        index,
        type_: queue as u32,
        memory: v4l2_memory_V4L2_MEMORY_MMAP,
        length: count,
        field: v4l2r::bindings::v4l2_field_V4L2_FIELD_NONE,
        ..Default::default()
    };
    if let Some(time) = timestamp {
        raw.flags |= V4L2_BUF_FLAG_TIMESTAMP_COPY;
        raw.timestamp =
            timeval { tv_sec: time.as_secs().cast_signed(), tv_usec: i64::from(time.subsec_micros()) };
    }
    raw.m.planes = raw_planes.as_mut_ptr();
    #[expect(unsafe_code, reason = "an ioctl")]
    // SAFETY: the request's struct; its one pointer is to at least `length` planes, alive in this frame.
    unsafe { run(transport, QBUF, &mut raw) }.map_err(|errno| failed(transport, QBUF, errno))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::{Fake, Reply};

    #[test]
    fn a_timestamp_is_normalised_and_asks_to_be_copied() {
        let fake = Fake::new([Reply::ok("VIDIOC_QBUF")]);
        let plane = PlaneUse { used: 100, length: 200 };
        let time = Duration::from_micros(2_500_000);
        qbuf(&fake, QueueType::VideoOutputMplane, 3, [plane, plane], Some(time)).unwrap();
        let sent = &fake.calls()[0].argument;
        assert_eq!(sent[12..16], V4L2_BUF_FLAG_TIMESTAMP_COPY.to_ne_bytes());
        assert_eq!(sent[24..32], 2i64.to_ne_bytes());
        assert_eq!(sent[32..40], 500_000i64.to_ne_bytes());
        assert_eq!(sent[72..76], 2u32.to_ne_bytes());
    }
}
