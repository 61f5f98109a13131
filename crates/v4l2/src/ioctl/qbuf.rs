use std::os::fd::RawFd;
use std::time::Duration;

use v4l2r::QueueType;
use v4l2r::bindings::v4l2_buffer;

use super::buffer::{Memory, RawBuffer, RawPlane};
use super::{failed, iowr};
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

/// A plane in somebody else's memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImportedPlane {
    /// An open descriptor of the DMABUF.
    pub descriptor: RawFd,
    /// Where the frame starts in it, in bytes. Many drivers take 0 only.
    pub data_offset: u32,
    /// Bytes used, counted from the start of the DMABUF, so with `data_offset`.
    pub used: u32,
    /// The DMABUF's own size in bytes: at least what the driver's format says.
    pub length: u32,
}

/// Gives a buffer of the driver's own memory to the device.
///
/// `timestamp` is copied to the capture buffer by the driver; `None` for capture buffers themselves.
///
/// # Errors
/// [`crate::Failure::Ioctl`]; `EINVAL` on NVIDIA after the encoder died.
pub fn qbuf(
    transport: &dyn Transport,
    queue: QueueType,
    index: u32,
    planes: impl IntoIterator<Item = PlaneUse>,
    timestamp: Option<Duration>,
) -> Result<()> {
    qbuf_bound(transport, queue, index, planes, timestamp, false)
}

/// As [`qbuf`]; with `bound` the buffer names its number in `reserved2`, as what NVIDIA's library takes with a raw frame wants.
///
/// # Errors
/// As [`qbuf`].
pub fn qbuf_bound(
    transport: &dyn Transport,
    queue: QueueType,
    index: u32,
    planes: impl IntoIterator<Item = PlaneUse>,
    timestamp: Option<Duration>,
    bound: bool,
) -> Result<()> {
    let planes = planes.into_iter().map(|plane| RawPlane {
        used: plane.used,
        length: plane.length,
        ..RawPlane::default()
    });
    send(transport, queue, Memory::Mmap, (index, bound), planes, timestamp)
}

/// Gives a frame in somebody else's memory to the device, in buffer `index` of a queue of [`Memory::Dmabuf`]; `bound` as in
/// [`qbuf_bound`].
///
/// # Errors
/// [`crate::Failure::Ioctl`]: `EINVAL` for memory that is too small, `EBADF` for a closed descriptor, `EFAULT` for memory
/// that the device cannot reach.
pub fn qbuf_imported(
    transport: &dyn Transport,
    queue: QueueType,
    index: u32,
    planes: impl IntoIterator<Item = ImportedPlane>,
    timestamp: Option<Duration>,
    bound: bool,
) -> Result<()> {
    let planes = planes.into_iter().map(|plane| RawPlane {
        used: plane.used,
        length: plane.length,
        data_offset: plane.data_offset,
        descriptor: Some(plane.descriptor),
        ..RawPlane::default()
    });
    send(transport, queue, Memory::Dmabuf, (index, bound), planes, timestamp)
}

fn send(
    transport: &dyn Transport,
    queue: QueueType,
    memory: Memory,
    (index, bound): (u32, bool),
    planes: impl IntoIterator<Item = RawPlane>,
    timestamp: Option<Duration>,
) -> Result<()> {
    let mut buffer = RawBuffer::new(queue, memory).stamped(timestamp).with_planes(planes);
    buffer.raw.index = index;
    if bound {
        buffer.raw.reserved2 = index;
    }
    buffer.run(transport, QBUF).map_err(|errno| failed(transport, QBUF, errno))
}

#[cfg(test)]
mod tests {
    use std::os::fd::AsRawFd;

    use v4l2r::bindings::V4L2_BUF_FLAG_TIMESTAMP_COPY;

    use super::*;
    use crate::testing::{Fake, Reply};

    const PLANE: PlaneUse = PlaneUse { used: 100, length: 200 };

    #[test]
    fn a_timestamp_is_normalised_and_asks_to_be_copied() {
        let fake = Fake::new([Reply::ok("VIDIOC_QBUF")]);
        let time = Duration::from_micros(2_500_000);
        qbuf(&fake, QueueType::VideoOutputMplane, 3, [PLANE, PLANE], Some(time)).unwrap();
        let sent = &fake.calls()[0].argument;
        assert_eq!(sent[12..16], V4L2_BUF_FLAG_TIMESTAMP_COPY.to_ne_bytes());
        assert_eq!(sent[24..32], 2i64.to_ne_bytes());
        assert_eq!(sent[32..40], 500_000i64.to_ne_bytes());
        assert_eq!(sent[72..76], 2u32.to_ne_bytes());
    }

    #[test]
    fn a_buffer_names_its_number_only_where_something_is_bound_to_it() {
        for (bound, reserved2) in [(true, 3u32), (false, 0)] {
            let fake = Fake::new([Reply::ok("VIDIOC_QBUF")]);
            qbuf_bound(&fake, QueueType::VideoOutputMplane, 3, [PLANE], None, bound).unwrap();
            assert_eq!(fake.calls()[0].argument[76..80], reserved2.to_ne_bytes());
        }
    }

    #[test]
    fn a_single_planar_buffer_says_everything_in_the_struct() {
        let fake = Fake::new([Reply::ok("VIDIOC_QBUF")]);
        qbuf(&fake, QueueType::VideoOutput, 1, [PLANE], None).unwrap();
        let sent = &fake.calls()[0].argument;
        assert_eq!(sent[8..12], 100u32.to_ne_bytes());
        assert_eq!(sent[60..64], 1u32.to_ne_bytes());
        assert_eq!(sent[72..76], 200u32.to_ne_bytes());
    }

    #[test]
    fn an_imported_frame_names_its_descriptor() {
        let file = std::fs::File::open("/dev/null").unwrap();
        let fake = Fake::new([Reply::ok("VIDIOC_QBUF")]);
        let plane = ImportedPlane { descriptor: file.as_raw_fd(), data_offset: 0, used: 100, length: 4096 };
        qbuf_imported(&fake, QueueType::VideoOutput, 0, [plane], None, false).unwrap();
        let sent = &fake.calls()[0].argument;
        assert_eq!(sent[60..64], 4u32.to_ne_bytes());
        assert_eq!(sent[64..68], file.as_raw_fd().to_ne_bytes());
        assert_eq!(sent[72..76], 4096u32.to_ne_bytes());
    }
}
