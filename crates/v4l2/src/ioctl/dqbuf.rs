use std::time::Duration;

use v4l2r::QueueType;
use v4l2r::bindings::{
    V4L2_BUF_FLAG_ERROR, V4L2_BUF_FLAG_KEYFRAME, V4L2_BUF_FLAG_LAST, V4L2_BUF_FLAG_TIMESTAMP_MASK,
    V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC, v4l2_buffer,
};
use v4l2r::nix::errno::Errno;

use super::buffer::{Memory, RawBuffer};
use super::{Field, failed, iowr};
use crate::transport::Request;
use crate::{Result, Transport};

const DQBUF: Request = iowr::<v4l2_buffer>("VIDIOC_DQBUF", 17);

/// What a try to dequeue found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dequeue {
    /// Nothing is ready (`EAGAIN`).
    Nothing,
    /// The queue gave its last buffer before (`EPIPE`).
    Ended,
    /// A buffer that is ours again.
    Buffer(Dequeued),
}

/// A dequeued buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dequeued {
    /// Which one.
    pub index: u32,
    /// Bytes used of its first plane, counted from the plane's start, so with `offset`.
    pub used: u32,
    /// Where they start in that plane.
    pub offset: u32,
    /// The timestamp of the output buffer it came from; zero where the driver copies none.
    pub timestamp: Duration,
    /// The timestamp is of the system's monotonic clock, as the driver says.
    pub monotonic: bool,
    /// The driver's count of what it produced or captured.
    pub sequence: u32,
    /// The driver says that it holds a key frame. A hint: some drivers never say so.
    pub key_frame: bool,
    /// The device failed on this one.
    pub error: bool,
    /// The last one of a drain.
    pub last: bool,
    /// Which fields it holds, where the driver says so for each buffer.
    pub field: Field,
}

/// Takes a finished buffer back, without waiting.
///
/// # Errors
/// [`crate::Failure::Ioctl`]; `EINVAL` on NVIDIA after the encoder died, `EIO` from a kernel driver that failed for good.
pub fn dqbuf(transport: &dyn Transport, queue: QueueType, memory: Memory) -> Result<Dequeue> {
    let mut buffer = RawBuffer::new(queue, memory);
    match buffer.run(transport, DQBUF) {
        Ok(()) => {}
        Err(Errno::EAGAIN) => return Ok(Dequeue::Nothing),
        Err(Errno::EPIPE) => return Ok(Dequeue::Ended),
        Err(errno) => return Err(failed(transport, DQBUF, errno)),
    }
    let (raw, plane) = (&buffer.raw, buffer.first());
    Ok(Dequeue::Buffer(Dequeued {
        index: raw.index,
        used: plane.used,
        offset: plane.data_offset,
        timestamp: timestamp(raw),
        monotonic: raw.flags & V4L2_BUF_FLAG_TIMESTAMP_MASK == V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC,
        sequence: raw.sequence,
        key_frame: raw.flags & V4L2_BUF_FLAG_KEYFRAME != 0,
        error: raw.flags & V4L2_BUF_FLAG_ERROR != 0,
        last: raw.flags & V4L2_BUF_FLAG_LAST != 0,
        field: Field::of(raw.field),
    }))
}

fn timestamp(raw: &v4l2_buffer) -> Duration {
    let seconds = u64::try_from(raw.timestamp.tv_sec).unwrap_or(0);
    let micros = u64::try_from(raw.timestamp.tv_usec).unwrap_or(0);
    Duration::from_secs(seconds).saturating_add(Duration::from_micros(micros))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Fake, Reply};

    const QUEUE: QueueType = QueueType::VideoCaptureMplane;

    #[test]
    fn nothing_ready_and_the_end_are_outcomes_not_errors() {
        let fake = Fake::new([
            Reply::error("VIDIOC_DQBUF", Errno::EAGAIN),
            Reply::error("VIDIOC_DQBUF", Errno::EPIPE),
            Reply::error("VIDIOC_DQBUF", Errno::EINVAL),
        ]);
        assert_eq!(dqbuf(&fake, QUEUE, Memory::Mmap).unwrap(), Dequeue::Nothing);
        assert_eq!(dqbuf(&fake, QUEUE, Memory::Mmap).unwrap(), Dequeue::Ended);
        assert_eq!(dqbuf(&fake, QUEUE, Memory::Mmap).unwrap_err().errno(), Some(Errno::EINVAL));
    }

    #[test]
    fn a_single_planar_buffer_has_its_bytes_in_the_struct() {
        let fake = Fake::new([Reply::ok("VIDIOC_DQBUF").u32(8, 77).u32(56, 9)]);
        let Dequeue::Buffer(buffer) = dqbuf(&fake, QueueType::VideoCapture, Memory::Mmap).unwrap() else {
            panic!("no buffer")
        };
        assert_eq!((buffer.used, buffer.offset, buffer.sequence), (77, 0, 9));
    }

    #[test]
    fn flags_and_time_are_read() {
        let fake =
            Fake::new([Reply::ok("VIDIOC_DQBUF").u32(0, 2).u32(12, 0x0010_0048).u32(24, 1).u32(32, 5)]);
        let Dequeue::Buffer(buffer) = dqbuf(&fake, QUEUE, Memory::Mmap).unwrap() else { panic!("no buffer") };
        assert_eq!(buffer.index, 2);
        assert!(buffer.error && buffer.key_frame && buffer.last);
        assert_eq!(buffer.timestamp, Duration::from_micros(1_000_005));
    }
}
