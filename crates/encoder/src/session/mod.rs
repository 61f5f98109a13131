//! An encoding session: one caller, one device, one thread.
//!
//! The caller's thread only checks, copies and queues ([`Session::try_encode`]); everything that touches the device
//! happens on the session's own thread ([`worker`]). What both share is [`state::State`], behind one lock that is never
//! held during a copy or a request to the device. Events go out while that lock is held, so that their order is the order of
//! what happened, the caller that reports it.
//!
//! A request to a device may never return. So the thread notes what it is doing, and a [`watchdog`] looks at the notes:
//! when a request is overdue, the thread is left alone with its device (quarantined) and a successor takes over the
//! session, to go on with the next encoder or to report what is lost. Each thread knows the session by an epoch; after a
//! takeover the old one finds the epoch changed, and touches nothing any more.

mod announce;
mod cadence;
mod clock;
mod commands;
mod drain;
mod expect;
#[cfg(test)]
mod given;
mod input_path;
mod ledger;
mod lent;
mod limit;
mod next_frame;
mod packager;
mod rate;
mod recover;
mod report;
mod settings;
mod shared;
mod state;
#[cfg(test)]
mod tests;
mod tune;
mod unsupported;
mod watchdog;
mod worker;

use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use v4l2::Waker;
use v4l2::threads::Crew;
use v4l2::transport::LibraryLookup;

use crate::config::{Config, Tuning};
use crate::error::{Code, Error, Result};
use crate::event::Event;
use crate::input::buffer::InputBuffer;
use crate::input::dmabuf::{DmabufFrame, DmabufShare, ImportedFrame};
use crate::input::format::RawFormat;
use crate::input::frame::{self, Frame, PlaneLayout};
use crate::input::lease::{GiveBack, Keeper, Lease};
use crate::select;
use crate::stats::Stats;
use crate::surface::Importer;

use input_path::{InputPath, Inputs};
use ledger::{FrameTiming, InputKind};
pub use lent::{Lent, LentFrame, LentPlane};
use shared::Shared;
use state::{Command, Phase, Request, State};
pub(crate) use watchdog::quarantine;

/// What became of a frame that was submitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TryResult {
    /// It will be encoded or reported lost.
    Accepted,
    /// There is no room; [`Event::Room`] follows when there is.
    Full,
    /// The session is closing, closed, or has failed.
    Closed,
}

/// An encoding session that reports through events. Dropping it closes it and reports nothing more that matters.
pub struct Session {
    shared: Arc<Shared>,
}

impl Session {
    /// Checks the configuration and starts to open an encoder on the session's own thread.
    ///
    /// `sink` is called on that thread, on the watchdog's and on the caller's; it must return soon and must not call
    /// the session.
    ///
    /// # Errors
    /// [`Code::Config`] for a wrong configuration; [`Code::Device`] when the system has no descriptors or threads left.
    pub fn start(config: Config, sink: impl Fn(Event) + Send + Sync + 'static) -> Result<Self> {
        config.check()?;
        select::check_size(&config)?;
        let exhausted = |error: std::io::Error| {
            Error::new(Code::Device, format!("The session could not start: {error}."))
        };
        let shared = Arc::new(Shared {
            lookup: LibraryLookup { explicit: config.library.clone(), root: config.root.clone() },
            logger: config.logger.clone(),
            sink: Arc::new(sink),
            waker: Waker::new().map_err(exhausted)?,
            state: Mutex::new(State::new(&config)),
            importer: Importer::default(),
            crew: Crew::here(),
            over: Condvar::new(),
            size: shared::packed((config.width, config.height)).into(),
            config,
        });
        watchdog::watch(&shared).map_err(exhausted)?;
        worker::spawn(&shared).map_err(exhausted)?;
        Ok(Self { shared })
    }

    /// The format that the device is set to.
    #[must_use]
    pub fn format(&self) -> RawFormat {
        self.shared.config.format
    }

    /// Checks a frame's length and layout without taking it.
    ///
    /// # Errors
    /// [`Code::Frame`].
    pub fn check_frame(&self, bytes: usize, format: RawFormat, layout: Option<&[PlaneLayout]>) -> Result<()> {
        let (width, height) = self.shared.size();
        frame::check(bytes, format, layout, width, height).map(drop)
    }

    /// Copies the frame into a buffer of the device and queues it, or says that there is no room. Never waits.
    ///
    /// # Errors
    /// [`Code::Frame`] for a frame of wrong length or layout.
    pub fn try_encode(&self, frame: &Frame<'_>, key_frame: bool) -> Result<TryResult> {
        let (width, height) = self.shared.size();
        let planes = frame::check(frame.data.len(), frame.format, frame.layout, width, height)?;
        let mut buffer = match self.reserve(Inputs::path_of_bytes) {
            Ok((buffer, _)) => buffer,
            Err(why) => return Ok(why),
        };
        // The pool hands a buffer to one caller only, so nobody else holds it.
        if let Some(buffer) = Arc::get_mut(&mut buffer) {
            buffer.fill(frame, &planes);
        }
        let stamp = FrameTiming { timestamp: frame.timestamp, duration: frame.duration, key_frame };
        Ok(self.accept(stamp, buffer, InputKind::Copied))
    }

    /// Takes a frame in the caller's memory: the device reads it where it is if it can, else it is copied like any other.
    /// Where it was taken, [`Event::Released`] gives the memory back, at once or when the device has read it.
    ///
    /// # Errors
    /// [`Code::Frame`] for a frame of wrong layout, a closed descriptor, memory that is too small or cannot be read.
    pub fn try_encode_dmabuf(&self, frame: &DmabufFrame<'_>, key_frame: bool) -> Result<TryResult> {
        let mut imported = ImportedFrame::share(frame.planes, frame.format)?;
        self.resolve_surface(&mut imported, frame.map_parameters)?;
        let stamp = FrameTiming { timestamp: frame.timestamp, duration: frame.duration, key_frame };
        self.take_imported(&Arc::new(imported), stamp, self.released(frame.token))
    }

    /// As [`Self::try_encode_dmabuf`], with a share in the memory that was taken before. `keeper` keeps the memory from being
    /// used for the next frame by being alive: where the frame was taken, it is dropped when the device has read it.
    ///
    /// # Errors
    /// [`Code::Frame`] for a frame of wrong layout, and for memory that is too small or cannot be read.
    pub fn try_encode_shared(
        &self,
        share: &DmabufShare,
        timestamp: i64,
        duration: Option<i64>,
        keeper: Keeper,
        key_frame: bool,
    ) -> Result<TryResult> {
        let stamp = FrameTiming { timestamp, duration, key_frame };
        if self.shared.lock().inputs.surfaces_only().is_none() {
            return self.take_imported(&share.imported, stamp, Box::new(move || drop(keeper)));
        }
        let mut imported = share.share_again()?;
        self.resolve_surface(&mut imported, None)?;
        self.take_imported(&Arc::new(imported), stamp, Box::new(move || drop(keeper)))
    }

    /// Reports that the memory of this token is the caller's again.
    fn released(&self, token: u32) -> GiveBack {
        let sink = Arc::clone(&self.shared.sink);
        Box::new(move || sink(Event::Released(token)))
    }

    /// Finds out which surface of NVIDIA's the memory is, if any.
    fn resolve_surface(&self, imported: &mut ImportedFrame, map_parameters: Option<&[u8]>) -> Result<()> {
        let only = self.shared.lock().inputs.surfaces_only().map(<[_]>::to_vec);
        let importing = (&self.shared.importer, &self.shared.lookup);
        imported.resolve_surface(map_parameters, only.as_deref(), importing, self.shared.size())
    }

    fn take_imported(
        &self,
        imported: &Arc<ImportedFrame>,
        stamp: FrameTiming,
        give_back: GiveBack,
    ) -> Result<TryResult> {
        let (width, height) = self.shared.size();
        imported.check(width, height)?;
        let (mut buffer, way) = match self.reserve(|inputs| inputs.path_of(imported)) {
            Ok(reserved) => reserved,
            Err(why) => return Ok(why),
        };
        if way == InputPath::Import {
            return Ok(self.accept_leased(stamp, buffer, InputKind::Imported, Some((imported, give_back))));
        }
        // The pool hands a buffer to one caller only, so nobody else holds it.
        if let Some(target) = Arc::get_mut(&mut buffer)
            && let Err(error) = target.fill_from_import(imported)
        {
            self.shared.give_back(buffer);
            return Err(error);
        }
        self.shared.log_copy_reason(&self.shared.lock());
        let taken = self.accept(stamp, buffer, InputKind::Copied);
        if taken == TryResult::Accepted {
            give_back();
        }
        Ok(taken)
    }

    /// Takes a buffer out of the pool, so that the copy happens without the lock.
    fn reserve(
        &self,
        way: impl FnOnce(&mut Inputs) -> InputPath,
    ) -> std::result::Result<(Arc<InputBuffer>, InputPath), TryResult> {
        let mut state = self.shared.lock();
        match state.phase {
            Phase::Closing | Phase::Over => return Err(TryResult::Closed),
            Phase::Opening | Phase::Open | Phase::Drained => {}
        }
        let way = if state.inputs.is_changing() { InputPath::Reopen } else { way(&mut state.inputs) };
        if way != InputPath::Reopen
            && let Some(buffer) = state.reserve(Instant::now())
        {
            return Ok((buffer, way));
        }
        // Where there is no encoder, this has one opened.
        state.room_requested = true;
        state.limit.mark_starved();
        drop(state);
        self.shared.waker.wake();
        Err(TryResult::Full)
    }

    fn accept(&self, stamp: FrameTiming, buffer: Arc<InputBuffer>, how: InputKind) -> TryResult {
        self.accept_leased(stamp, buffer, how, None)
    }

    /// Queues a buffer, with the frame in the caller's memory where it has none of its own.
    fn accept_leased(
        &self,
        stamp: FrameTiming,
        mut buffer: Arc<InputBuffer>,
        how: InputKind,
        lease: Option<(&Arc<ImportedFrame>, GiveBack)>,
    ) -> TryResult {
        let mut state = self.shared.lock();
        state.unreserve(&buffer);
        if matches!(state.phase, Phase::Closing | Phase::Over) {
            return TryResult::Closed;
        }
        if let (Some(buffer), Some((imported, give_back))) = (Arc::get_mut(&mut buffer), lease) {
            buffer.lease = Some(Arc::new(Lease::new(Arc::clone(imported), give_back)));
        }
        state.cadence.add(stamp.timestamp);
        let key = state.ledger.accept(stamp, buffer, how);
        let (metadata, request) = (state.next_metadata.take(), state.next_request.take());
        state.ledger.attach(key, metadata, request);
        state.commands.push_back(Command::Frame(key));
        drop(state);
        self.shared.waker.wake();
        TryResult::Accepted
    }

    /// Requests the chunks of all frames before it; answered by [`Event::Done`] with `id`.
    pub fn flush(&self, id: u32) {
        self.command(id, Command::Flush(id));
    }

    /// Changes settings of the running encoder, with `restart` also those for which the device has to be opened again; a size always
    /// is one of them, and counts for the frames from this call on. Answered by [`Event::Tuned`] with `id`, or by [`Event::Done`]
    /// with [`Code::Config`] for a value outside its range and [`Code::Control`] where the device rejects it.
    pub fn tune(&self, id: u32, mut tuning: Tuning, restart: bool) {
        let mut state = self.shared.lock();
        if let Err(error) = state.tuning.followed_by(&tuning).check(&self.shared.config) {
            return self.shared.emit(&state, Event::Done(id, Some(error)));
        }
        if matches!(state.phase, Phase::Closing | Phase::Over) {
            return self.shared.emit(&state, Event::Done(id, Some(crate::error::closed())));
        }
        if let Some(framerate) = tuning.framerate {
            state.set_framerate(framerate);
        }
        tuning.size = tuning.size.filter(|size| *size != self.shared.size());
        if let Some(size) = tuning.size {
            self.shared.set_size(size);
            state.resizing = true;
        }
        state.commands.push_back(Command::Tune(id, Request { tuning, restart }));
        drop(state);
        self.shared.waker.wake();
    }

    /// Drains and closes, or with `discard` gives up what is in flight. Answered by [`Event::Done`] with `id` when the device is
    /// closed; on a session that is over, at once.
    pub fn close(&self, id: u32, discard: bool) {
        let mut state = self.shared.lock();
        if state.device_closed {
            self.shared.emit(&state, Event::Done(id, None));
            return;
        }
        if state.phase == Phase::Over {
            state.commands.push_back(Command::Close(id));
            return;
        }
        state.discard |= discard;
        state.commands.push_back(Command::Close(id));
        if state.phase != Phase::Opening {
            state.phase = Phase::Closing;
        }
        drop(state);
        self.shared.waker.wake();
    }

    /// Gives up what is in flight and waits until the device is closed, or the time is over. For process exit.
    pub fn close_now(&self, max_wait: Duration) {
        self.close(0, true);
        let state = self.shared.lock();
        let over = self.shared.over.wait_timeout_while(state, max_wait, |state| !state.device_closed);
        drop(over);
    }

    /// Counters.
    #[must_use]
    pub fn stats(&self) -> Stats {
        let state = self.shared.lock();
        Stats {
            pipeline_delay: state.limit.certain_delay(),
            hung_devices: watchdog::hung_devices(),
            ..state.ledger.stats()
        }
    }

    fn command(&self, id: u32, command: Command) {
        let mut state = self.shared.lock();
        if matches!(state.phase, Phase::Closing | Phase::Over) {
            self.shared.emit(&state, Event::Done(id, Some(crate::error::closed())));
            return;
        }
        state.commands.push_back(command);
        drop(state);
        self.shared.waker.wake();
    }

    /// Answers a request that is not made, because of its arguments.
    pub fn reject(&self, id: u32, error: Error) {
        let state = self.shared.lock();
        self.shared.emit(&state, Event::Done(id, Some(error)));
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.close(0, true);
    }
}

impl std::fmt::Debug for Session {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Session").field("stats", &self.stats()).finish_non_exhaustive()
    }
}
