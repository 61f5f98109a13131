//! One queue of the model.

use std::collections::VecDeque;
use std::fs::File;
use std::os::fd::OwnedFd;
use std::time::Duration;

use v4l2::Errno;
use v4l2::ioctl::{Dequeued, QueriedPlane};
use v4l2::testing::{Answer, QueuedBuffer};
use v4l2::transport::memory_file;

#[derive(Debug, Default)]
pub(super) struct Side {
    /// The planes of each buffer.
    memory: Vec<Vec<File>>,
    lengths: Vec<u32>,
    pub(super) queued: VecDeque<QueuedBuffer>,
    pub(super) done: VecDeque<Dequeued>,
    pub(super) streaming: bool,
}

impl Side {
    pub(super) fn is_allocated(&self) -> bool {
        !self.memory.is_empty()
    }

    pub(super) fn count(&self) -> usize {
        self.memory.len()
    }

    /// Allocates `count` buffers of planes of these lengths; with 0 frees them.
    pub(super) fn allocate(&mut self, count: u32, lengths: &[u32]) -> Answer<()> {
        if self.streaming {
            return Err(Errno::EBUSY);
        }
        // The core of all drivers rejects planes without bytes.
        if count > 0 && lengths.contains(&0) {
            return Err(Errno::EINVAL);
        }
        let plane = |length: &u32| memory_file("model", (*length).into()).map(File::from);
        let buffer = |_| lengths.iter().map(plane).collect::<Result<Vec<_>, _>>();
        self.memory = (0..count).map(buffer).collect::<Result<_, _>>().map_err(|_| Errno::ENOMEM)?;
        self.lengths = lengths.to_vec();
        self.queued.clear();
        self.done.clear();
        Ok(())
    }

    pub(super) fn query(&self, index: u32) -> Answer<Vec<QueriedPlane>> {
        self.planes(index)?;
        Ok(self.lengths.iter().map(|length| QueriedPlane { length: *length, offset: 0 }).collect())
    }

    pub(super) fn export(&self, index: u32, plane: u32) -> Answer<OwnedFd> {
        let file = self.planes(index)?.get(plane as usize).ok_or(Errno::EINVAL)?;
        file.try_clone().map(OwnedFd::from).map_err(|_| Errno::EMFILE)
    }

    pub(super) fn planes(&self, index: u32) -> Answer<&[File]> {
        self.memory.get(index as usize).map(Vec::as_slice).ok_or(Errno::EINVAL)
    }

    pub(super) fn queue(&mut self, buffer: QueuedBuffer) -> Answer<()> {
        let planes = self.planes(buffer.index)?.len();
        let is_queued = self.queued.iter().any(|queued| queued.index == buffer.index)
            || self.done.iter().any(|done| done.index == buffer.index);
        let fits = buffer.planes.len() == planes
            && buffer.planes.iter().zip(&self.lengths).all(|(plane, length)| plane.used <= *length);
        if is_queued || !fits {
            return Err(Errno::EINVAL);
        }
        self.queued.push_back(buffer);
        Ok(())
    }

    /// Everything is given back without a word.
    pub(super) fn stop(&mut self) {
        self.streaming = false;
        self.queued.clear();
        self.done.clear();
    }
}

/// A buffer that carries nothing yet.
pub(super) fn plain(index: u32, timestamp: Duration) -> Dequeued {
    Dequeued {
        index,
        used: 0,
        offset: 0,
        timestamp,
        monotonic: false,
        sequence: 0,
        key_frame: false,
        error: false,
        last: false,
        field: v4l2::ioctl::Field::default(),
    }
}
