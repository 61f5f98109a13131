//! `struct v4l2_buffer` of both planar APIs.
//!
//! The multi-planar API describes memory in an array of planes that the struct points to, the single-planar one in
//! the struct itself. Here both look the same: a buffer with one plane or more.

use std::ffi::c_int;
use std::time::Duration;

use v4l2r::QueueType;
use v4l2r::bindings::{
    V4L2_BUF_FLAG_TIMESTAMP_COPY, VIDEO_MAX_PLANES, timeval, v4l2_buffer, v4l2_memory_V4L2_MEMORY_DMABUF,
    v4l2_memory_V4L2_MEMORY_MMAP, v4l2_plane,
};
use v4l2r::nix::errno::Errno;

use super::run;
use crate::Transport;
use crate::transport::Request;

/// Whose memory a queue's buffers are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Memory {
    /// The driver's own.
    Mmap,
    /// Somebody else's, given as a DMABUF descriptor with each buffer that is queued.
    Dmabuf,
}

impl Memory {
    pub(super) fn number(self) -> u32 {
        match self {
            Self::Mmap => v4l2_memory_V4L2_MEMORY_MMAP,
            Self::Dmabuf => v4l2_memory_V4L2_MEMORY_DMABUF,
        }
    }
}

/// Whether a queue is of the multi-planar kind.
#[must_use]
pub fn is_multi_planar(queue: QueueType) -> bool {
    matches!(queue, QueueType::VideoCaptureMplane | QueueType::VideoOutputMplane)
}

/// One plane as a request sends or returns it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct RawPlane {
    pub(super) used: u32,
    pub(super) length: u32,
    /// Where the payload starts in the plane; single-planar buffers have no such member.
    pub(super) data_offset: u32,
    /// For `mmap`.
    pub(super) offset: u32,
    /// For DMABUF memory.
    pub(super) descriptor: Option<c_int>,
}

/// The struct with the planes it may point to.
pub(super) struct RawBuffer {
    pub(super) raw: v4l2_buffer,
    planes: [v4l2_plane; VIDEO_MAX_PLANES as usize],
    multi_planar: bool,
}

impl RawBuffer {
    pub(super) fn new(queue: QueueType, memory: Memory) -> Self {
        let raw = v4l2_buffer {
            type_: queue as u32,
            memory: memory.number(),
            field: v4l2r::bindings::v4l2_field_V4L2_FIELD_NONE,
            ..Default::default()
        };
        let planes = [v4l2_plane::default(); VIDEO_MAX_PLANES as usize];
        let mut buffer = Self { raw, planes, multi_planar: is_multi_planar(queue) };
        if buffer.multi_planar {
            // Room for as many as there can be; the driver returns how many there are.
            buffer.raw.length = VIDEO_MAX_PLANES;
        }
        buffer
    }

    pub(super) fn stamped(mut self, timestamp: Option<Duration>) -> Self {
        if let Some(time) = timestamp {
            self.raw.flags |= V4L2_BUF_FLAG_TIMESTAMP_COPY;
            self.raw.timestamp =
                timeval { tv_sec: time.as_secs().cast_signed(), tv_usec: i64::from(time.subsec_micros()) };
        }
        self
    }

    /// Fills in the planes; a single-planar buffer has the first one only.
    pub(super) fn with_planes(mut self, planes: impl IntoIterator<Item = RawPlane>) -> Self {
        let mut count = 0;
        for (place, plane) in self.planes.iter_mut().zip(planes) {
            place.bytesused = plane.used;
            place.length = plane.length;
            place.data_offset = plane.data_offset;
            if let Some(descriptor) = plane.descriptor {
                place.m.fd = descriptor;
            }
            count += 1;
        }
        if self.multi_planar {
            self.raw.length = count;
        } else {
            self.raw.bytesused = self.planes[0].bytesused;
            self.raw.length = self.planes[0].length;
            if self.raw.memory == Memory::Dmabuf.number() {
                #[expect(unsafe_code, reason = "reading a union")]
                // SAFETY: a number, written as this member above.
                let descriptor = unsafe { self.planes[0].m.fd };
                self.raw.m.fd = descriptor;
            }
        }
        self
    }

    /// Runs the request.
    pub(super) fn run(&mut self, transport: &dyn Transport, request: Request) -> Result<(), Errno> {
        if self.multi_planar {
            self.raw.m.planes = self.planes.as_mut_ptr();
        }
        #[expect(unsafe_code, reason = "an ioctl")]
        // SAFETY: the request's struct; its one pointer, in the multi-planar API, is to as many planes as there can be,
        // which live as long as `self`.
        unsafe {
            run(transport, request, &mut self.raw)
        }
    }

    /// The planes that the driver returned; `None` when it claims more than there can be.
    pub(super) fn returned(&self) -> Option<Vec<RawPlane>> {
        if !self.multi_planar {
            return Some(vec![self.first()]);
        }
        let planes = self.planes.get(..self.raw.length as usize)?;
        Some(planes.iter().map(returned_plane).collect())
    }

    /// The first plane that the driver returned.
    pub(super) fn first(&self) -> RawPlane {
        if self.multi_planar {
            return returned_plane(&self.planes[0]);
        }
        #[expect(unsafe_code, reason = "reading a union")]
        // SAFETY: a number; single-planar buffers use no pointer here.
        let offset = unsafe { self.raw.m.offset };
        RawPlane { used: self.raw.bytesused, length: self.raw.length, offset, ..RawPlane::default() }
    }
}

fn returned_plane(plane: &v4l2_plane) -> RawPlane {
    #[expect(unsafe_code, reason = "reading a union")]
    // SAFETY: a number, and the member that MMAP memory uses.
    let offset = unsafe { plane.m.mem_offset };
    RawPlane {
        used: plane.bytesused,
        length: plane.length,
        data_offset: plane.data_offset,
        offset,
        descriptor: None,
    }
}
