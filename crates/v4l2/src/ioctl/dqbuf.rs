use std::time::Duration;

use v4l2r::QueueType;
use v4l2r::bindings::{
    V4L2_BUF_FLAG_ERROR, V4L2_BUF_FLAG_KEYFRAME, V4L2_BUF_FLAG_LAST, VIDEO_MAX_PLANES, v4l2_buffer,
    v4l2_memory_V4L2_MEMORY_MMAP, v4l2_plane,
};
use v4l2r::nix::errno::Errno;

use super::{failed, iowr, run};
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
    /// Bytes used of its first plane.
    pub used: u32,
    /// Where they start in that plane.
    pub offset: u32,
    /// The timestamp of the output buffer it came from; zero where the driver copies none.
    pub timestamp: Duration,
    /// The driver says that it holds a key frame. A hint: some drivers never say so.
    pub key_frame: bool,
    /// The device failed on this one.
    pub error: bool,
    /// The last one of a drain.
    pub last: bool,
}

/// Takes a finished buffer of a multi-planar queue back, without waiting.
///
/// # Errors
/// [`crate::Error::Ioctl`]; `EINVAL` on NVIDIA after the encoder died.
pub fn dqbuf(transport: &dyn Transport, queue: QueueType) -> Result<Dequeue> {
    let mut planes = [v4l2_plane::default(); VIDEO_MAX_PLANES as usize];
    let mut raw = v4l2_buffer {
        type_: queue as u32,
        memory: v4l2_memory_V4L2_MEMORY_MMAP,
        length: VIDEO_MAX_PLANES,
        ..Default::default()
    };
    raw.m.planes = planes.as_mut_ptr();
    #[expect(unsafe_code, reason = "an ioctl")]
    // SAFETY: the request's struct; its one pointer is to as many planes as `length` says, alive in this frame.
    let done = unsafe { run(transport, DQBUF, &mut raw) };
    match done {
        Ok(()) => {}
        Err(Errno::EAGAIN) => return Ok(Dequeue::Nothing),
        Err(Errno::EPIPE) => return Ok(Dequeue::Ended),
        Err(errno) => return Err(failed(transport, DQBUF, errno)),
    }
    Ok(Dequeue::Buffer(Dequeued {
        index: raw.index,
        used: planes[0].bytesused,
        offset: planes[0].data_offset,
        timestamp: timestamp(&raw),
        key_frame: raw.flags & V4L2_BUF_FLAG_KEYFRAME != 0,
        error: raw.flags & V4L2_BUF_FLAG_ERROR != 0,
        last: raw.flags & V4L2_BUF_FLAG_LAST != 0,
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
    use crate::transport::{Fake, Reply};

    const QUEUE: QueueType = QueueType::VideoCaptureMplane;

    #[test]
    fn nothing_ready_and_the_end_are_outcomes_not_errors() {
        let fake = Fake::new([
            Reply::error("VIDIOC_DQBUF", Errno::EAGAIN),
            Reply::error("VIDIOC_DQBUF", Errno::EPIPE),
            Reply::error("VIDIOC_DQBUF", Errno::EINVAL),
        ]);
        assert_eq!(dqbuf(&fake, QUEUE).unwrap(), Dequeue::Nothing);
        assert_eq!(dqbuf(&fake, QUEUE).unwrap(), Dequeue::Ended);
        assert_eq!(dqbuf(&fake, QUEUE).unwrap_err().errno(), Some(Errno::EINVAL));
    }

    #[test]
    fn flags_and_time_are_read() {
        let fake =
            Fake::new([Reply::ok("VIDIOC_DQBUF").u32(0, 2).u32(12, 0x0010_0048).u32(24, 1).u32(32, 5)]);
        let Dequeue::Buffer(buffer) = dqbuf(&fake, QUEUE).unwrap() else { panic!("no buffer") };
        assert_eq!(buffer.index, 2);
        assert!(buffer.error && buffer.key_frame && buffer.last);
        assert_eq!(buffer.timestamp, Duration::from_micros(1_000_005));
    }
}
