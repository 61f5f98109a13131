use std::os::fd::{AsFd, OwnedFd};
use std::sync::Arc;
use std::time::Duration;

use v4l2r::QueueType;

use crate::ioctl::{self, Dequeue, ImportedPlane, Memory, PlaneUse};
use crate::{Failure, Mapping, Result, Transport, dmabuf};

/// More buffers than any driver gives. Kernels before 6.8 know 32, newer ones up to what a driver says.
const MOST_BUFFERS: u32 = 1024;

/// One direction of a memory-to-memory device, with its buffers.
///
/// Stopping and freeing are explicit; dropping a queue does nothing, because a device that hangs must not hang its
/// owner as well.
#[derive(Debug)]
pub struct Queue {
    transport: Arc<dyn Transport>,
    kind: QueueType,
    memory: Memory,
    count: usize,
    /// Buffers name their number where metadata is bound to it.
    bound: bool,
    /// Descriptors of the planes of each buffer, where they had to be exported to be mapped.
    exported: Vec<Vec<OwnedFd>>,
    /// Bytes of the planes of each buffer; none of imported memory.
    lengths: Vec<Vec<u32>>,
}

/// A buffer of a queue, mapped.
#[derive(Debug)]
pub struct Buffer {
    /// Its number in the queue.
    pub index: u32,
    /// One mapping per plane.
    pub planes: Vec<Mapping>,
}

impl Queue {
    /// Requests `count` buffers of the device's own memory and maps every plane of each.
    ///
    /// Kernel drivers are mapped through their node. The encoder's own descriptor cannot be mapped on NVIDIA, so there
    /// each plane is exported and that descriptor mapped. The descriptors stay open as long as the queue: NVIDIA's
    /// buffer library knows surfaces by their number, and a closed number that is used again would be taken for the old
    /// surface.
    ///
    /// # Errors
    /// [`Failure::Ioctl`], [`Failure::Map`], or [`Failure::Answer`] when the device gives no buffer.
    pub fn request(
        transport: Arc<dyn Transport>,
        kind: QueueType,
        count: u32,
    ) -> Result<(Self, Vec<Buffer>)> {
        let mut queue = Self::of(transport, kind, Memory::Mmap, count)?;
        let mapped: Result<Vec<_>> = (0..queue.count as u32).map(|index| queue.map(index)).collect();
        match mapped.and_then(|buffers| queue.alike(buffers)) {
            Ok(buffers) => Ok((queue, buffers)),
            Err(error) => {
                // What went wrong first is what counts.
                drop(queue.free());
                Err(error)
            }
        }
    }

    /// Requests `count` buffers without memory: each is given some, as DMABUFs, when it is queued.
    ///
    /// # Errors
    /// [`Failure::Ioctl`], with `EINVAL` where the device imports nothing, or [`Failure::Answer`] when it gives no buffer.
    pub fn importing(transport: Arc<dyn Transport>, kind: QueueType, count: u32) -> Result<Self> {
        Self::of(transport, kind, Memory::Dmabuf, count)
    }

    fn of(transport: Arc<dyn Transport>, kind: QueueType, memory: Memory, count: u32) -> Result<Self> {
        let given = ioctl::reqbufs(&*transport, kind, memory, count)?;
        if given == 0 || given > MOST_BUFFERS {
            let device = transport.device().to_owned();
            // What there is, is freed when the device is closed, which follows.
            return Err(Failure::Answer {
                ioctl: "VIDIOC_REQBUFS",
                device,
                what: format!("with {given} buffers"),
            });
        }
        Ok(Self {
            transport,
            kind,
            memory,
            count: given as usize,
            bound: false,
            exported: Vec::new(),
            lengths: Vec::new(),
        })
    }

    /// The buffers of a queue have the same planes, and at least one.
    fn alike(&self, buffers: Vec<Buffer>) -> Result<Vec<Buffer>> {
        let planes = buffers.first().map_or(0, |first| first.planes.len());
        let other = buffers.iter().find(|buffer| buffer.planes.len() != planes || planes == 0);
        let Some(Buffer { index, planes: others }) = other else { return Ok(buffers) };
        let what = format!("buffer {index} with {} planes, after buffer 0 with {planes}", others.len());
        Err(self.answered("VIDIOC_QUERYBUF", what))
    }

    fn map(&mut self, index: u32) -> Result<Buffer> {
        let queried = ioctl::querybuf(&*self.transport, self.kind, index)?;
        let mut exported = Vec::new();
        let mut planes = Vec::with_capacity(queried.len());
        for (number, plane) in (0..).zip(&queried) {
            let length = plane.length as usize;
            let mapping = if let Some(node) = self.transport.node() {
                Mapping::new(node, plane.offset, length)
            } else {
                let descriptor = ioctl::expbuf(&*self.transport, self.kind, index, number)?;
                if !dmabuf::holds(&descriptor, u64::from(plane.offset) + u64::from(plane.length)) {
                    let what = format!("plane {number} of buffer {index} with less than its {length} bytes");
                    return Err(self.answered("VIDIOC_EXPBUF", what));
                }
                let mapping = Mapping::new(descriptor.as_fd(), plane.offset, length);
                exported.push(descriptor);
                mapping
            };
            planes.push(mapping.map_err(|errno| Failure::Map {
                device: self.transport.device().to_owned(),
                length,
                errno,
            })?);
        }
        self.exported.push(exported);
        self.lengths.push(queried.iter().map(|plane| plane.length).collect());
        Ok(Buffer { index, planes })
    }

    /// The error of an answer that cannot be right.
    fn answered(&self, ioctl: &'static str, what: String) -> Failure {
        Failure::Answer { ioctl, device: self.transport.device().to_owned(), what }
    }

    /// The planes of a buffer of the device's own memory as DMABUFs, closed on exec.
    ///
    /// # Errors
    /// [`Failure::Ioctl`] where the device exports nothing.
    pub fn export(&self, index: u32) -> Result<Vec<OwnedFd>> {
        let planes = 0..self.lengths(index).len() as u32;
        planes.map(|plane| ioctl::expbuf(&*self.transport, self.kind, index, plane)).collect()
    }

    /// Has its buffers name their number from now on, as [`ioctl::InputMetadata`] wants.
    pub fn bind_metadata(&mut self) {
        self.bound = true;
    }

    /// Whether its buffers are the device's own memory, not imported.
    #[must_use]
    pub fn has_memory(&self) -> bool {
        self.memory == Memory::Mmap
    }

    /// Which queue of the device it is.
    #[must_use]
    pub fn kind(&self) -> QueueType {
        self.kind
    }

    /// How many buffers the device gave.
    #[must_use]
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether it gave none; never true for a queue that [`Queue::request`] made.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Starts the queue.
    ///
    /// # Errors
    /// [`Failure::Ioctl`].
    pub fn start(&self) -> Result<()> {
        ioctl::streamon(&*self.transport, self.kind)
    }

    /// Makes the buffer's memory visible to the device, then gives it over. `used` is in bytes, per plane.
    /// The inner result is about the visibility only; the buffer is queued in any case.
    ///
    /// # Errors
    /// [`Failure::Ioctl`].
    pub fn queue_written(
        &self,
        index: u32,
        used: &[u32],
        timestamp: Duration,
    ) -> Result<std::result::Result<(), String>> {
        let synced = self.sync(index);
        let planes = used
            .iter()
            .zip(self.lengths(index))
            .map(|(used, length)| PlaneUse { used: *used, length: *length });
        ioctl::qbuf_bound(&*self.transport, self.kind, index, planes, Some(timestamp), self.bound)?;
        Ok(synced)
    }

    /// Gives a frame in somebody else's memory to the device, as buffer `index`.
    ///
    /// # Errors
    /// [`Failure::Ioctl`]; see [`ioctl::qbuf_imported`].
    pub fn queue_imported(
        &self,
        index: u32,
        planes: impl IntoIterator<Item = ImportedPlane>,
        timestamp: Duration,
    ) -> Result<()> {
        ioctl::qbuf_imported(&*self.transport, self.kind, index, planes, Some(timestamp), self.bound)
    }

    /// The pitch of each plane of the first buffer, in bytes, where something besides the driver knows it.
    #[must_use]
    pub fn pitches(&self) -> Vec<Option<u32>> {
        let planes = self.exported.first().map_or(&[][..], Vec::as_slice);
        planes
            .iter()
            .enumerate()
            .map(|(plane, exported)| self.transport.pitch(exported.as_fd(), plane))
            .collect()
    }

    fn sync(&self, index: u32) -> std::result::Result<(), String> {
        let planes = self.exported.get(index as usize).map_or(&[][..], Vec::as_slice);
        (0..)
            .zip(planes)
            .try_for_each(|(plane, exported)| self.transport.sync_for_device(exported.as_fd(), plane))
    }

    /// Gives an empty buffer to the device: to be filled on a capture queue, as the end of stream on an output queue.
    ///
    /// # Errors
    /// [`Failure::Ioctl`].
    pub fn queue_empty(&self, index: u32) -> Result<()> {
        let planes = self.lengths(index).iter().map(|length| PlaneUse { used: 0, length: *length });
        ioctl::qbuf(&*self.transport, self.kind, index, planes, None)
    }

    fn lengths(&self, index: u32) -> &[u32] {
        self.lengths.get(index as usize).map_or(&[], Vec::as_slice)
    }

    /// Takes a finished buffer back, without waiting.
    ///
    /// # Errors
    /// [`Failure::Ioctl`], or [`Failure::Answer`] for a buffer that does not exist.
    pub fn dequeue(&self) -> Result<Dequeue> {
        let dequeued = ioctl::dqbuf(&*self.transport, self.kind, self.memory)?;
        if let Dequeue::Buffer(buffer) = &dequeued
            && buffer.index as usize >= self.len()
        {
            return Err(self.answered("VIDIOC_DQBUF", format!("buffer {} of {}", buffer.index, self.len())));
        }
        Ok(dequeued)
    }

    /// Stops the queue.
    ///
    /// # Errors
    /// [`Failure::Ioctl`].
    pub fn stop(&self) -> Result<()> {
        ioctl::streamoff(&*self.transport, self.kind)
    }

    /// Frees the buffers of a stopped queue. The mappings must be gone or going.
    ///
    /// # Errors
    /// [`Failure::Ioctl`].
    pub fn free(self) -> Result<()> {
        drop(self.exported);
        ioctl::reqbufs(&*self.transport, self.kind, self.memory, 0).map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Errno;
    use crate::testing::{Fake, Reply};

    #[test]
    fn no_buffers_is_an_error_that_says_so() {
        let fake = Arc::new(Fake::new([Reply::ok("VIDIOC_REQBUFS").u32(0, 0)]));
        let error = Queue::request(fake, QueueType::VideoOutputMplane, 6).unwrap_err();
        assert_eq!(error.to_string(), "VIDIOC_REQBUFS on /dev/fake answered with 0 buffers");
    }

    #[test]
    fn more_buffers_than_there_can_be_are_not_mapped() {
        let fake = Arc::new(Fake::new([Reply::ok("VIDIOC_REQBUFS").u32(0, 1_000_000)]));
        let error = Queue::request(fake, QueueType::VideoOutputMplane, 6).unwrap_err();
        assert_eq!(error.to_string(), "VIDIOC_REQBUFS on /dev/fake answered with 1000000 buffers");
    }

    #[test]
    fn buffers_without_planes_are_rejected() {
        let fake = Arc::new(Fake::new([
            Reply::ok("VIDIOC_REQBUFS").u32(0, 1),
            Reply::ok("VIDIOC_QUERYBUF").u32(72, 0),
            Reply::ok("VIDIOC_REQBUFS"),
        ]));
        let error = Queue::request(fake.clone(), QueueType::VideoOutputMplane, 1).unwrap_err();
        assert!(error.to_string().contains("buffer 0 with 0 planes"), "{error}");
        assert_eq!(fake.unanswered(), 0);
    }

    #[test]
    fn buffers_that_cannot_be_mapped_are_given_back() {
        let fake = Arc::new(Fake::new([
            Reply::ok("VIDIOC_REQBUFS").u32(0, 4),
            Reply::error("VIDIOC_QUERYBUF", Errno::EINVAL),
            Reply::ok("VIDIOC_REQBUFS"),
        ]));
        let error = Queue::request(fake.clone(), QueueType::VideoOutputMplane, 4).unwrap_err();
        assert_eq!(error.ioctl(), Some("VIDIOC_QUERYBUF"));
        assert_eq!(fake.unanswered(), 0);
    }

    #[test]
    fn imported_buffers_have_no_memory_of_their_own() {
        let fake = Arc::new(Fake::new([Reply::ok("VIDIOC_REQBUFS").u32(0, 4), Reply::ok("VIDIOC_REQBUFS")]));
        let queue = Queue::importing(fake.clone(), QueueType::VideoOutput, 6).unwrap();
        assert_eq!(queue.len(), 4);
        queue.free().unwrap();
        // `memory` at byte 8: V4L2_MEMORY_DMABUF.
        assert!(fake.calls().iter().all(|call| call.argument[8..12] == 4u32.to_ne_bytes()));
    }
}
