//! What the camera's thread and its consumers share.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use convert::jpeg::Decoder;
use v4l2::ioctl::Field;
use v4l2::{Transport, Utc, Waker};

use crate::faults::Faults;
use crate::setup::{Memory, WITH_THE_DRIVER};
use crate::{Code, Error, Event, Result, Stats};

/// A frame that waits in its buffer.
#[derive(Debug)]
pub(crate) struct Captured {
    pub(crate) index: u32,
    pub(crate) memory: Arc<Memory>,
    /// Bytes used of the first memory, from `offset` on.
    pub(crate) used: usize,
    /// Where they begin.
    pub(crate) offset: usize,
    /// In microseconds, of the system's monotonic clock.
    pub(crate) timestamp: i64,
    /// When it was taken.
    pub(crate) taken: Option<Utc>,
    pub(crate) sequence: u32,
    pub(crate) field: Field,
}

/// Something to do with the device, on its thread. Dropped undone when the thread ends.
pub(crate) type Job = Box<dyn FnOnce(&dyn Transport) + Send>;

#[derive(Default)]
pub(crate) struct State {
    ready: VecDeque<Captured>,
    on_loan: usize,
    back: Vec<u32>,
    jobs: Vec<Job>,
    closing: bool,
    ended: Option<Error>,
    /// The thread is gone, and the device closed.
    finished: bool,
    pub(crate) stats: Stats,
    /// What came since the last frame that could be used.
    pub(crate) faults: Faults,
}

/// What the thread finds to do.
pub(crate) struct Work {
    pub(crate) jobs: Vec<Job>,
    pub(crate) closing: bool,
}

pub(crate) struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    /// The thread's. It is gone when the device is closed, however long frames of it are kept.
    waker: Mutex<Option<Arc<Waker>>>,
    notify: Box<dyn Fn(Event) + Send + Sync>,
    decoders: Mutex<Vec<Decoder>>,
    /// Memory in which fields are put together.
    woven: Mutex<Vec<Vec<u8>>>,
    keep: usize,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Shared").finish_non_exhaustive()
    }
}

impl Shared {
    /// What is shared, and what wakes the thread.
    pub(crate) fn new(
        keep: usize,
        notify: impl Fn(Event) + Send + Sync + 'static,
    ) -> Result<(Self, Arc<Waker>)> {
        let waker = Waker::new()
            .map_err(|error| Error::new(Code::Device, format!("No descriptor is left: {error}.")))?;
        let waker = Arc::new(waker);
        let shared = Self {
            state: Mutex::default(),
            changed: Condvar::new(),
            waker: Mutex::new(Some(waker.clone())),
            notify: Box::new(notify),
            decoders: Mutex::default(),
            woven: Mutex::default(),
            keep,
        };
        Ok((shared, waker))
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wake(&self) {
        self.waker.lock().unwrap_or_else(PoisonError::into_inner).iter().for_each(|waker| waker.wake());
    }

    /// A new frame of a camera with `buffers` buffers. Returns the buffer that has to make room, if one has.
    pub(crate) fn capture(&self, captured: Captured, buffers: usize) -> Option<u32> {
        let mut state = self.state();
        state.stats.captured += 1;
        state.ready.push_back(captured);
        let spare = buffers.saturating_sub(WITH_THE_DRIVER);
        let room = if state.ready.len() > self.keep || state.ready.len() + state.on_loan > spare {
            state.stats.dropped += 1;
            state.ready.pop_front().map(|oldest| oldest.index)
        } else {
            None
        };
        drop(state);
        self.changed.notify_all();
        (self.notify)(Event::Frame);
        room
    }

    /// The oldest frame that waits. Once the camera has ended and nothing waits any more: why it ended.
    pub(crate) fn take(&self) -> Result<Option<Captured>> {
        let mut state = self.state();
        if let Some(captured) = state.ready.pop_front() {
            state.on_loan += 1;
            state.stats.delivered += 1;
            return Ok(Some(captured));
        }
        state.ended.clone().map_or(Ok(None), Err)
    }

    /// As [`Self::take`], waiting until `end`.
    pub(crate) fn take_until(&self, end: Instant) -> Result<Option<Captured>> {
        loop {
            if let Some(captured) = self.take()? {
                return Ok(Some(captured));
            }
            let state = self.state();
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(None);
            }
            if state.ready.is_empty() && state.ended.is_none() {
                drop(self.changed.wait_timeout(state, left));
            }
        }
    }

    /// A buffer comes back from a consumer.
    pub(crate) fn give_back(&self, index: u32) {
        let mut state = self.state();
        state.on_loan -= 1;
        state.back.push(index);
        drop(state);
        self.wake();
    }

    pub(crate) fn submit(&self, job: Job) -> Result<()> {
        let mut state = self.state();
        if let Some(ended) = &state.ended {
            return Err(ended.clone());
        }
        state.jobs.push(job);
        drop(state);
        self.wake();
        Ok(())
    }

    /// Whether it was asked to close.
    pub(crate) fn is_closing(&self) -> bool {
        self.state().closing
    }

    pub(crate) fn close(&self) {
        self.state().closing = true;
        self.wake();
    }

    pub(crate) fn work(&self) -> Work {
        let mut state = self.state();
        Work { jobs: std::mem::take(&mut state.jobs), closing: state.closing }
    }

    /// The buffers that came back.
    pub(crate) fn take_back(&self) -> Vec<u32> {
        std::mem::take(&mut self.state().back)
    }

    /// The camera has ended: nothing new comes. Jobs that nobody will do are dropped, which answers those who wait for them.
    pub(crate) fn end(&self, error: Error) {
        let mut state = self.state();
        if state.ended.is_some() {
            return;
        }
        state.ended = Some(error.clone());
        let jobs = std::mem::take(&mut state.jobs);
        drop(state);
        drop(jobs);
        self.changed.notify_all();
        (self.notify)(Event::Ended(error));
    }

    /// The thread is about to end.
    pub(crate) fn finish(&self) {
        self.waker.lock().unwrap_or_else(PoisonError::into_inner).take();
        self.state().finished = true;
        self.changed.notify_all();
    }

    /// Waits for [`Self::finish`]. A thread that hangs in the driver is left to itself.
    pub(crate) fn wait_finished(&self, timeout: Duration) {
        let waited = self.changed.wait_timeout_while(self.state(), timeout, |state| !state.finished);
        drop(waited);
    }

    pub(crate) fn with_decoder<T>(&self, decode: impl FnOnce(&mut Decoder) -> T) -> T {
        with_one_of(&self.decoders, decode)
    }

    pub(crate) fn with_memory<T>(&self, weave: impl FnOnce(&mut Vec<u8>) -> T) -> T {
        with_one_of(&self.woven, weave)
    }
}

/// As many are kept as are used at once.
fn with_one_of<T: Default, R>(kept: &Mutex<Vec<T>>, make: impl FnOnce(&mut T) -> R) -> R {
    let kept = || kept.lock().unwrap_or_else(PoisonError::into_inner);
    let mut one = kept().pop().unwrap_or_default();
    let made = make(&mut one);
    kept().push(one);
    made
}

/// Why a camera that was closed gives nothing more.
#[must_use]
pub fn closed(device: &Path) -> Error {
    Error::new(Code::Closed, "The camera is closed.").on(PathBuf::from(device))
}
