//! What the caller's threads, the session's thread and the watchdog share.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use v4l2::Waker;
use v4l2::threads::Crew;
use v4l2::transport::LibraryLookup;

use super::state::{Phase, State};
use crate::config::{Config, Hardware, Tuning};
use crate::event::Event;
use crate::input::buffer::InputBuffer;
use crate::log::Logger;
use crate::surface::Importer;

/// The first chunk must come within this, or another encoder gets the frames.
pub(super) const FIRST_CHUNK: Duration = Duration::from_secs(2);

pub(crate) type Sink = Arc<dyn Fn(Event) + Send + Sync>;

/// What the caller, the session's thread and the watchdog share.
pub(super) struct Shared {
    pub(super) config: Config,
    /// Width and height of the frames that are accepted from now on, in one number.
    pub(super) size: AtomicU64,
    pub(super) lookup: LibraryLookup,
    pub(super) logger: Logger,
    pub(super) sink: Sink,
    pub(super) waker: Waker,
    pub(super) state: Mutex<State>,
    /// Surfaces of other processes.
    pub(super) importer: Importer,
    /// The caller's threads.
    pub(super) crew: Arc<Crew>,
    /// Rung when the session is over and its device closed.
    pub(super) over: Condvar,
}

impl Shared {
    /// Width and height of the frames that are accepted from now on.
    pub(super) fn size(&self) -> (u32, u32) {
        let packed = self.size.load(Ordering::Relaxed);
        ((packed >> 32) as u32, packed as u32)
    }

    pub(super) fn set_size(&self, size: (u32, u32)) {
        self.size.store(packed(size), Ordering::Relaxed);
    }

    /// Width and height after these changes.
    pub(super) fn size_of(&self, tuning: &Tuning) -> (u32, u32) {
        tuning.size.unwrap_or((self.config.width, self.config.height))
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a reserved buffer back that was not used after all.
    pub(super) fn give_back(&self, buffer: Arc<InputBuffer>) {
        let mut state = self.lock();
        state.unreserve(&buffer);
        state.recycle(buffer);
        drop(state);
        self.waker.wake();
    }

    /// Copying what could have gone in as it is, is reported once.
    pub(super) fn log_copy_reason(&self, state: &State) {
        if let Some(why) = state.inputs.rejection().filter(|_| !state.copy_logged.replace(true)) {
            self.logger.warn(|| format!("Frames in DMABUFs are copied: {why}"));
        }
    }

    /// Reports, while the caller holds the lock.
    pub(super) fn emit(&self, _state: &State, event: Event) {
        (self.sink)(event);
    }

    /// How long a request may take: as long as any operation, or less while another encoder could still take the frames.
    pub(super) fn call_timeout(&self, state: &State) -> Duration {
        let timeout = self.config.timeout;
        let replaceable = state.phase != Phase::Opening && self.is_replaceable(state);
        if replaceable { timeout.min(FIRST_CHUNK) } else { timeout }
    }

    /// Whether another encoder may get the frames of one that failed: as long as it has given nothing.
    pub(super) fn is_replaceable(&self, state: &State) -> bool {
        state.no_output_yet && self.config.hardware == Hardware::Prefer && state.has_next()
    }
}

pub(super) fn packed((width, height): (u32, u32)) -> u64 {
    u64::from(width) << 32 | u64::from(height)
}

/// The name of a thread in `top` and debuggers.
pub(super) fn thread_name(device: Option<&PathBuf>) -> String {
    let device = device.and_then(|device| device.file_name()).map(|name| name.to_string_lossy().into_owned());
    // The kernel shows 15 characters.
    format!("v4l2enc {}", device.unwrap_or_default())
}
