use v4l2r::QueueType;
use v4l2r::bindings::{VIDEO_MAX_PLANES, v4l2_buffer, v4l2_memory_V4L2_MEMORY_MMAP, v4l2_plane};

use super::{failed, iowr, run, unusable};
use crate::transport::Request;
use crate::{Result, Transport};

const QUERYBUF: Request = iowr::<v4l2_buffer>("VIDIOC_QUERYBUF", 9);

/// Where one plane of a buffer lies in the device's memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueriedPlane {
    /// Bytes to map.
    pub length: u32,
    /// Offset to map from.
    pub offset: u32,
}

/// Asks where a buffer of a multi-planar queue lies.
///
/// # Errors
/// [`crate::Error::Ioctl`], or [`crate::Error::Answer`] for more planes than there can be.
pub fn querybuf(transport: &dyn Transport, queue: QueueType, index: u32) -> Result<Vec<QueriedPlane>> {
    let mut planes = [v4l2_plane::default(); VIDEO_MAX_PLANES as usize];
    let mut raw = v4l2_buffer {
        index,
        type_: queue as u32,
        memory: v4l2_memory_V4L2_MEMORY_MMAP,
        length: VIDEO_MAX_PLANES,
        ..Default::default()
    };
    raw.m.planes = planes.as_mut_ptr();
    #[expect(unsafe_code, reason = "an ioctl")]
    // SAFETY: the request's struct; its one pointer is to as many planes as `length` says, alive in this frame.
    unsafe { run(transport, QUERYBUF, &mut raw) }.map_err(|errno| failed(transport, QUERYBUF, errno))?;
    let Some(used) = planes.get(..raw.length as usize) else {
        return Err(unusable(transport, QUERYBUF, format!("a buffer of {} planes", raw.length)));
    };
    Ok(used.iter().map(described).collect())
}

fn described(plane: &v4l2_plane) -> QueriedPlane {
    #[expect(unsafe_code, reason = "reading a union")]
    // SAFETY: a number, and the member that MMAP memory uses.
    let offset = unsafe { plane.m.mem_offset };
    QueriedPlane { length: plane.length, offset }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::{Fake, Reply};

    #[test]
    fn more_planes_than_the_array_holds_are_refused() {
        let fake = Fake::new([Reply::ok("VIDIOC_QUERYBUF").u32(72, 9)]);
        let error = querybuf(&fake, QueueType::VideoOutputMplane, 0).unwrap_err();
        assert_eq!(error.to_string(), "VIDIOC_QUERYBUF on /dev/fake answered a buffer of 9 planes");
    }
}
