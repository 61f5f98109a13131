//! The session's thread.

use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::sync::{Arc, MutexGuard};
use std::time::{Duration, Instant};

use v4l2::{Errno, Watched};

use super::packager::Packager;
use super::report::{self, warn};
use super::shared::{Shared, thread_name};
use super::state::{Call, Phase, State};
use crate::backend::{Backend, Output};
use crate::error::{Code, Error, Result};
use crate::event::Event;

/// Without a chunk for this long, what is in flight is held back.
const HELD_AFTER: Duration = Duration::from_secs(1);
/// A pipeline is at most this deep as long as its depth is unknown.
const DEEPEST_PIPELINE: u32 = 3;
/// Between two looks whether a command can run now.
const BLOCKED_INTERVAL: Duration = Duration::from_micros(500);
/// Between two looks at a device that only holds frames back.
const HELD_INTERVAL: Duration = Duration::from_millis(10);
const IDLE_INTERVAL: Duration = Duration::from_secs(60);
/// With so many failures in a row a device fails on everything.
const MANY_FAILED: u32 = 3;
/// A call that takes so long has encoded a frame on this thread.
const ENCODED_INSIDE: Duration = Duration::from_millis(1);

/// Frames that the device has failed on since the last chunk. Each is reported, and gone, so a device that fails on every frame
/// owes nothing.
#[derive(Default)]
struct Failing {
    frames: u32,
    since: Option<Watched>,
    more: bool,
}

impl Failing {
    fn note(&mut self, frames: u32) {
        self.frames = self.frames.saturating_add(frames);
        self.more = frames > 0;
    }

    /// Whether it has failed on every frame for too long, and on another one just now.
    fn is_over_the_limit(&mut self, now: Instant, max_wait: Duration) -> bool {
        if self.frames == 0 {
            return false;
        }
        let failing_for = self.since.get_or_insert_with(|| Watched::since(now)).look(now, max_wait);
        self.more && self.frames >= MANY_FAILED && failing_for >= max_wait
    }
}

/// Why a step of the thread did not finish.
pub(super) enum Stop {
    /// Another thread has the session now.
    Abandoned,
    /// The device failed.
    Failed(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

pub(super) type Step<T> = std::result::Result<T, Stop>;

/// What the thread does next.
pub(super) enum Next {
    Wait { busy: bool, timeout: Duration },
    End,
}

pub(super) struct Worker {
    pub(super) shared: Arc<Shared>,
    pub(super) epoch: u64,
    pub(super) backend: Option<Box<dyn Backend>>,
    pub(super) packager: Packager,
    /// The last chunk, or when frames began to be expected.
    pub(super) progress: Instant,
    /// The next frame is the first of its stream, and a key frame by itself.
    pub(super) at_start: bool,
    /// How long the device has owed us something.
    overdue: Option<Watched>,
    failing: Failing,
    held_logged: u32,
    /// What DQBUF failed with, where that was how the device ended the stream.
    pub(super) ended_by: Option<Errno>,
}

/// Starts the session's first thread, which finds an encoder first.
pub(super) fn spawn(shared: &Arc<Shared>) -> io::Result<()> {
    let name = thread_name(shared.config.devices.named().first());
    let worker = Worker::new(shared, 0);
    v4l2::threads::spawn(&name, move || run_thread(worker, Worker::begin))?;
    Ok(())
}

/// What the session's thread does, from beginning to end. A mistake of ours must not leave callers waiting for ever.
pub(super) fn run_thread(mut worker: Worker, begin: impl FnOnce(&mut Worker) -> bool) {
    v4l2::transport::sleep_precisely();
    let (shared, epoch) = (Arc::clone(&worker.shared), worker.epoch);
    let lived = panic::catch_unwind(AssertUnwindSafe(move || {
        v4l2::threads::may_panic("opening");
        if begin(&mut worker) {
            worker.run();
        }
        worker.shut_down();
    }));
    let mut state = shared.lock();
    if lived.is_err() && state.epoch == epoch && !state.device_closed {
        state.call = None;
        let error = Error::new(Code::Device, "The session's thread panicked; standard error says where.")
            .with_hint("This is a bug of v4l2-encoder. Please report it with the message.");
        if state.phase == Phase::Over {
            report::answer_all(&shared, &mut state, Some(&error));
        } else {
            report::fail(&shared, &mut state, error);
        }
        report::device_closed(&shared, &mut state);
    }
}

impl Worker {
    pub(super) fn new(shared: &Arc<Shared>, epoch: u64) -> Self {
        Self {
            shared: Arc::clone(shared),
            epoch,
            backend: None,
            packager: Packager::new(shared.config.bitstream),
            progress: Instant::now(),
            at_start: true,
            overdue: None,
            failing: Failing::default(),
            held_logged: 0,
            ended_by: None,
        }
    }

    /// The lock, unless the session was taken away.
    pub(super) fn lock(&self) -> Step<MutexGuard<'_, State>> {
        let state = self.shared.lock();
        if state.epoch == self.epoch { Ok(state) } else { Err(Stop::Abandoned) }
    }

    /// Calls the device under the watchdog.
    pub(super) fn guarded<T>(
        &mut self,
        what: &'static str,
        call: impl FnOnce(&mut Box<dyn Backend>) -> Result<T>,
    ) -> Step<T> {
        self.lock()?.call = Some(Call::begin(what));
        let Some(backend) = self.backend.as_mut() else {
            self.lock()?.call = None;
            return Err(Error::new(Code::Closed, "The device is closed.").into());
        };
        let result = call(backend);
        self.lock()?.call = None;
        Ok(result?)
    }

    /// Works until the session is over or taken away.
    pub(super) fn run(&mut self) {
        loop {
            match self.step() {
                Ok(Next::Wait { busy, timeout }) => self.wait(busy, timeout),
                Ok(Next::End) | Err(Stop::Abandoned) => return,
                Err(Stop::Failed(error)) => {
                    if !self.recover(error) {
                        return;
                    }
                }
            }
        }
    }

    /// A device that came back after the session was taken away is closed like any other.
    fn shut_down(&mut self) {
        if let Some(backend) = self.backend.take() {
            drop(backend.close());
        }
    }

    fn wait(&self, busy: bool, timeout: Duration) {
        match &self.backend {
            Some(backend) => backend.wait(&self.shared.waker, busy, timeout),
            None => self.shared.waker.wait(timeout),
        }
    }

    pub(super) fn step(&mut self) -> Step<Next> {
        if self.lock()?.ledger.in_flight() > 0 {
            v4l2::threads::may_panic("session");
        }
        if self.discard()? {
            return Ok(Next::End);
        }
        let interrupted = self.run_commands()?;
        let ended = self.poll()?;
        if self.drain(ended)? {
            return Ok(Next::End);
        }
        self.check_deadline()?;
        if interrupted { Ok(Next::Wait { busy: true, timeout: Duration::ZERO }) } else { self.plan() }
    }

    /// Runs the commands that can run now. `true` when it stopped before the last of them, because one has encoded a frame
    /// (vicodec and the software encoder do that inside): it goes out, and its buffer back, before the next one is coded.
    fn run_commands(&mut self) -> Step<bool> {
        loop {
            let begun = Instant::now();
            if !self.next_command()? {
                return Ok(false);
            }
            if begun.elapsed() >= ENCODED_INSIDE {
                return Ok(true);
            }
        }
    }

    /// Takes everything that the device has ready. `true` when it has ended the stream.
    fn poll(&mut self) -> Step<bool> {
        if self.backend.is_none() {
            return Ok(false);
        }
        let (mut ended, mut ended_by) = (false, None);
        let (mut chunks, mut failed) = (false, 0);
        let (shared, epoch) = (Arc::clone(&self.shared), self.epoch);
        let mut packager = std::mem::replace(&mut self.packager, Packager::new(shared.config.bitstream));
        let result = self.guarded("dequeueing", |backend| {
            backend.poll(&mut |output| {
                let mut state = shared.lock();
                if state.epoch != epoch {
                    return;
                }
                match output {
                    // What comes counts where it is of use: not a frame for the second time, nor headers without end.
                    Output::Coded { key, data, quantizer } => {
                        if packager.deliver(&shared, &mut state, (key, quantizer), data) {
                            (chunks, failed) = (true, 0);
                        }
                    }
                    Output::Failed { key } => {
                        failed += 1;
                        report::lost_one(&shared, &mut state, key);
                    }
                    Output::InputFree { index } => {
                        let (opening, no_output_yet) = (state.opening, state.no_output_yet);
                        if let Some(buffer) = state.ledger.read(index, opening, no_output_yet) {
                            state.recycle(buffer);
                        }
                    }
                    Output::Warning(warning) => warn(&shared, &mut state, warning),
                    Output::Ended(errno) => (ended, ended_by) = (true, errno),
                }
            })
        });
        self.packager = packager;
        self.ended_by = ended_by;
        if chunks {
            self.progress = Instant::now();
            (self.held_logged, self.overdue) = (0, None);
            self.failing = Failing::default();
        }
        self.failing.note(failed);
        result?;
        self.make_room()?;
        Ok(ended)
    }

    /// Tells a waiting caller about room.
    fn make_room(&mut self) -> Step<()> {
        let mut state = self.lock()?;
        let now = Instant::now();
        let submitted = state.ledger.submitted();
        state.limit.record_silence(submitted, now);
        if state.room_requested && state.has_room(now) {
            state.room_requested = false;
            self.shared.emit(&state, Event::Room);
        }
        Ok(())
    }

    /// Fails when the device has been silent for too long.
    fn check_deadline(&mut self) -> Step<()> {
        let state = self.lock()?;
        let overdue = self.is_overdue(&state);
        let max_wait = self.shared.call_timeout(&state);
        drop(state);
        let now = Instant::now();
        if !overdue {
            self.overdue = None;
        }
        let overdue = overdue
            && self.overdue.get_or_insert_with(|| Watched::since(now)).look(now, max_wait) >= max_wait;
        let fails = self.failing.is_over_the_limit(now, max_wait);
        if !overdue && !fails {
            return Ok(());
        }
        (self.overdue, self.failing) = (None, Failing::default());
        let state = self.lock()?;
        let error = silent(&state, fails, max_wait);
        match state.draining {
            // What can be replaced is; else the flush fails, and the next frame opens the device again.
            Some(draining) if !self.shared.is_replaceable(&state) => {
                drop(state);
                self.finish_drain(draining, false, Some(error)).map(drop)
            }
            _ => Err(error.into()),
        }
    }

    /// Whether the device owes us something: more frames than it can be holding back, the end of a drain, or room for a
    /// caller who waits.
    fn is_overdue(&self, state: &State) -> bool {
        if self.backend.is_none() {
            return false;
        }
        let held_back = state.limit.max_delay().unwrap_or(DEEPEST_PIPELINE);
        let submitted = state.ledger.submitted();
        submitted > held_back
            || owes_room(state)
            || (submitted > 0 && state.draining.is_some())
            || state.draining.is_some_and(|draining| draining.end_sent)
    }

    fn plan(&mut self) -> Step<Next> {
        let signals_readiness = self.backend.as_ref().is_some_and(|backend| backend.signals_readiness());
        let state = self.lock()?;
        if state.phase == Phase::Over {
            return Ok(Next::End);
        }
        if self.backend.is_none() {
            let idle = state.commands.is_empty() && !state.discard && !wants_device(&state);
            let timeout = if idle { IDLE_INTERVAL } else { Duration::ZERO };
            return Ok(Next::Wait { busy: false, timeout });
        }
        let submitted = state.ledger.submitted();
        if !state.commands.is_empty() && state.draining.is_none() {
            // A frame that waits for a buffer, or for its turn to become a key frame.
            let timeout = if signals_readiness { HELD_INTERVAL } else { BLOCKED_INTERVAL };
            return Ok(Next::Wait { busy: true, timeout });
        }
        if submitted == 0 && state.draining.is_none() && !owes_room(&state) {
            // Somebody may wait for memory that the device gives back only after the frame's chunk.
            let busy = state.ledger.has_leases();
            return Ok(Next::Wait { busy, timeout: if busy { HELD_INTERVAL } else { IDLE_INTERVAL } });
        }
        if !self.is_overdue(&state) && self.progress.elapsed() >= HELD_AFTER {
            let is_news = self.held_logged != submitted && state.ledger.in_flight() == submitted;
            if is_news {
                self.shared.emit(&state, Event::Held(submitted));
            }
            drop(state);
            if is_news {
                self.held_logged = submitted;
            }
            return Ok(Next::Wait { busy: false, timeout: HELD_INTERVAL });
        }
        let age = state.ledger.oldest_age().filter(|_| !signals_readiness);
        let timeout = age.map_or(HELD_INTERVAL, |age| state.expected.interval(age));
        Ok(Next::Wait { busy: true, timeout })
    }
}

/// A caller waits for room, and there is no encoder.
pub(super) fn wants_device(state: &State) -> bool {
    state.room_requested && state.phase == Phase::Drained
}

/// A caller waits for room, which a device that encodes or gives buffers back makes. Where buffers are lent, the room may be
/// for the caller to make, who may take any time.
fn owes_room(state: &State) -> bool {
    state.room_requested && state.phase == Phase::Open && state.reserved == 0
}

fn silent(state: &State, fails: bool, max_wait: Duration) -> Error {
    let device = state.device();
    let name = device.map_or("The encoder".to_owned(), |device| device.display().to_string());
    let what = match state.draining {
        Some(draining) if draining.end_sent => "did not end the stream",
        _ if fails => "failed on every frame and produced no output",
        _ if state.no_output_yet => "accepted frames but produced no output",
        _ => "produced no output",
    };
    let mut error = Error::new(Code::Timeout, format!("{name} {what} within {max_wait:?}."))
        .with_hint("Check `dmesg` and the encoder's standard output; a larger `timeout` or `queueDepth` helps slow devices.");
    error.device = device.map(Path::to_owned);
    error
}
