use v4l2r::QueueType;
use v4l2r::bindings::v4l2_buffer;

use super::buffer::{Memory, RawBuffer};
use super::{failed, iowr, unusable};
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

/// Asks where a buffer lies.
///
/// # Errors
/// [`crate::Failure::Ioctl`], or [`crate::Failure::Answer`] for more planes than there can be.
pub fn querybuf(transport: &dyn Transport, queue: QueueType, index: u32) -> Result<Vec<QueriedPlane>> {
    let mut buffer = RawBuffer::new(queue, Memory::Mmap);
    buffer.raw.index = index;
    buffer.run(transport, QUERYBUF).map_err(|errno| failed(transport, QUERYBUF, errno))?;
    let Some(planes) = buffer.returned() else {
        return Err(unusable(transport, QUERYBUF, format!("a buffer of {} planes", buffer.raw.length)));
    };
    Ok(planes.iter().map(|plane| QueriedPlane { length: plane.length, offset: plane.offset }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Fake, Reply};

    #[test]
    fn more_planes_than_the_array_holds_are_rejected() {
        let fake = Fake::new([Reply::ok("VIDIOC_QUERYBUF").u32(72, 9)]);
        let error = querybuf(&fake, QueueType::VideoOutputMplane, 0).unwrap_err();
        assert_eq!(error.to_string(), "VIDIOC_QUERYBUF on /dev/fake answered a buffer of 9 planes");
    }

    #[test]
    fn a_single_planar_buffer_has_one_plane() {
        let fake = Fake::new([Reply::ok("VIDIOC_QUERYBUF").u32(64, 0x4000_0000).u32(72, 12_345)]);
        let planes = querybuf(&fake, QueueType::VideoCapture, 0).unwrap();
        assert_eq!(planes, [QueriedPlane { length: 12_345, offset: 0x4000_0000 }]);
    }
}
