use std::cell::Cell;
use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bitstream::sei::Metadata;
use v4l2::Watched;

use super::cadence::Cadence;
use super::expect::Expectation;
use super::input_path::Inputs;
use super::ledger::Ledger;
use super::limit::InFlightLimit;
use crate::candidate::Candidate;
use crate::config::{Config, Tuning};
use crate::error::RejectedEncoder;
use crate::event::Active;
use crate::input::buffer::InputBuffer;
use crate::input::request::{FrameRequest, PerFrame};
use crate::select::Step;

/// Where a session stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// No encoder yet.
    Opening,
    /// An encoder runs.
    Open,
    /// The encoder was drained and closed; the next frame opens it again.
    Drained,
    /// The caller requested the end.
    Closing,
    /// Over, one way or the other.
    Over,
}

/// What the caller requested, in order. The number is the caller's, for the answer.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Command {
    /// Submit the accepted frame of this key.
    Frame(Duration),
    Flush(u32),
    Tune(u32, Request),
    Close(u32),
}

/// A change, and whether the device may be opened again for it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Request {
    pub(super) tuning: Tuning,
    pub(super) restart: bool,
}

impl Command {
    /// The number to answer to, and whether it is a close.
    pub(super) fn id(&self) -> Option<(u32, bool)> {
        match self {
            Self::Flush(id) | Self::Tune(id, _) => Some((*id, false)),
            Self::Close(id) => Some((*id, true)),
            Self::Frame(_) => None,
        }
    }
}

/// What the session's thread is doing with the device right now.
#[derive(Debug, Clone, Copy)]
pub(super) struct Call {
    pub(super) what: &'static str,
    pub(super) since: Instant,
    /// As the watchdog sees it, once it has looked.
    pub(super) seen: Option<Watched>,
}

impl Call {
    pub(super) fn begin(what: &'static str) -> Self {
        Self { what, since: Instant::now(), seen: None }
    }

    /// For how long the watchdog has seen it under way.
    pub(super) fn watch(&mut self, now: Instant, max_wait: Duration) -> Duration {
        if let Some(seen) = &mut self.seen {
            return seen.look(now, max_wait);
        }
        self.seen.insert(Watched::since(self.since)).discover(now, max_wait)
    }
}

/// Something that waits until the device has no frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Draining {
    pub(super) command: DrainFor,
    pub(super) end_sent: bool,
    pub(super) since: Instant,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DrainFor {
    Flush(u32),
    Close(u32),
    /// The next frame is to be a key frame, on a device that makes one only of the first frame of a stream.
    NewStream,
    /// Frames are to reach the device in another way.
    NewInputs,
    /// A frame is to be alone in the device.
    Alone,
    /// The device is to be opened with other settings; the change is the first command.
    Restart,
}

impl DrainFor {
    /// What the caller requested, if it was the caller.
    pub(super) fn command(self) -> Option<Command> {
        match self {
            Self::Flush(id) => Some(Command::Flush(id)),
            Self::Close(id) => Some(Command::Close(id)),
            Self::NewStream | Self::NewInputs | Self::Alone | Self::Restart => None,
        }
    }
}

#[derive(Debug)]
pub(super) struct State {
    /// Counts takeovers; a thread whose own epoch is another one has lost the session.
    pub(super) epoch: u64,
    pub(super) phase: Phase,
    pub(super) commands: VecDeque<Command>,
    pub(super) draining: Option<Draining>,
    /// Do not wait for what is in flight.
    pub(super) discard: bool,
    pub(super) ledger: Ledger,
    pub(super) cadence: Cadence,
    /// Input buffers that may be written.
    pub(super) free: Vec<Arc<InputBuffer>>,
    /// Buffers handed to callers who are copying.
    pub(super) reserved: u32,
    /// Those of them that are of a device that is gone.
    pub(super) stale: u32,
    /// What goes with the next frame that is taken.
    pub(super) next_metadata: Option<Box<Metadata>>,
    /// What is requested of the next frame that is taken.
    pub(super) next_request: Option<Arc<FrameRequest>>,
    /// What the encoder that is open can do for a single frame.
    pub(super) per_frame: PerFrame,
    pub(super) inputs: Inputs,
    /// Changes so far, which a device that is opened again gets from the start.
    pub(super) tuning: Tuning,
    /// Frames of another size are announced, for which the device has to be opened again: it takes none until then.
    pub(super) resizing: bool,
    /// It was configured why frames in the caller's memory are copied.
    pub(super) copy_logged: Cell<bool>,
    pub(super) limit: InFlightLimit,
    pub(super) expected: Expectation,
    /// A key frame was requested and came out as another one: the next frame becomes it.
    pub(super) key_owed: bool,
    /// A caller waits for room.
    pub(super) room_requested: bool,
    /// Number of the current opening of a device.
    pub(super) opening: u64,
    /// This opening has given no chunk yet.
    pub(super) no_output_yet: bool,
    pub(super) call: Option<Call>,
    /// The node that is looked at, before any encoder is tried.
    pub(super) looking_at: Option<PathBuf>,
    pub(super) steps: VecDeque<Step>,
    pub(super) rejected: Vec<RejectedEncoder>,
    pub(super) candidate: Option<Candidate>,
    pub(super) active: Option<Active>,
    /// The device is closed, or will never be.
    pub(super) device_closed: bool,
}

impl State {
    pub(super) fn new(config: &Config) -> Self {
        Self {
            epoch: 0,
            phase: Phase::Opening,
            commands: VecDeque::new(),
            draining: None,
            discard: false,
            ledger: Ledger::new(config.framerate),
            cadence: Cadence::new(config.framerate, config.adapt_framerate),
            free: Vec::new(),
            reserved: 0,
            stale: 0,
            next_metadata: None,
            next_request: None,
            per_frame: PerFrame::default(),
            inputs: Inputs::new(),
            tuning: Tuning::default(),
            resizing: false,
            copy_logged: Cell::new(false),
            limit: InFlightLimit::all(),
            expected: Expectation::default(),
            key_owed: false,
            room_requested: false,
            opening: 0,
            no_output_yet: true,
            call: None,
            looking_at: None,
            steps: VecDeque::new(),
            rejected: Vec::new(),
            candidate: None,
            active: None,
            device_closed: false,
        }
    }

    /// The configured frame rate of the frames that are accepted from now on.
    pub(super) fn set_framerate(&mut self, framerate: f64) {
        self.ledger.set_framerate(framerate);
        self.cadence.set_nominal(framerate);
    }

    /// The device that is used, tried or looked at; software has none.
    pub(super) fn device(&self) -> Option<&Path> {
        let candidate = self.candidate.as_ref();
        candidate.map_or(self.looking_at.as_deref(), |candidate| candidate.device.as_deref())
    }

    /// Whether another frame may be taken.
    pub(super) fn has_room(&self, now: Instant) -> bool {
        // Frames that wait, or are being written, in buffers of a device that is gone come first.
        let spoken_for = self.ledger.elsewhere(self.opening) + self.stale as usize;
        self.phase == Phase::Open
            && !self.inputs.is_changing()
            && !self.resizing
            && self.free.len() > spoken_for
            && self.ledger.in_flight() + self.reserved < self.limit.now(self.room_requested, now)
    }

    pub(super) fn reserve(&mut self, now: Instant) -> Option<Arc<InputBuffer>> {
        if !self.has_room(now) {
            return None;
        }
        self.reserved += 1;
        self.free.pop()
    }

    /// A caller has done with a reserved buffer.
    pub(super) fn unreserve(&mut self, buffer: &InputBuffer) {
        self.reserved -= 1;
        if buffer.opening != self.opening {
            self.stale -= 1;
        }
    }

    /// A device is being opened. Returns the number of the opening.
    pub(super) fn next_opening(&mut self) -> u64 {
        self.opening += 1;
        self.stale = self.reserved;
        self.opening
    }

    /// Makes a buffer free that nobody needs any more, unless it is of a device that is gone. The caller's memory in it is
    /// given back.
    pub(super) fn recycle(&mut self, mut buffer: Arc<InputBuffer>) {
        if buffer.opening != self.opening || self.device_closed {
            return;
        }
        if let Some(buffer) = Arc::get_mut(&mut buffer)
            && let Some(lease) = buffer.lease.take()
        {
            lease.end();
        }
        self.free.push(buffer);
    }

    /// The device is closed or given up: the callers' memory that it had is theirs again.
    pub(super) fn end_leases(&mut self) {
        self.ledger.end_leases();
        drop(self.ledger.take_lent());
    }

    /// Gives a drain that is interrupted back to the queue, to begin again.
    pub(super) fn interrupt_drain(&mut self) {
        if let Some(command) = self.draining.take().and_then(|draining| draining.command.command()) {
            self.commands.push_front(command);
        }
    }

    /// Whether an encoder could take over that encodes what the stream has been so far.
    pub(super) fn has_next(&self) -> bool {
        self.steps.iter().any(|step| matches!(step, Step::Try(candidate) if self.may_follow(candidate)))
    }

    pub(super) fn may_follow(&self, candidate: &Candidate) -> bool {
        let started = self.ledger.chunks_out() > 0;
        !started || self.candidate.as_ref().is_none_or(|now| now.choice == candidate.choice)
    }
}
