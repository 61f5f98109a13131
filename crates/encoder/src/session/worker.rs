//! The session's thread.

use std::io;
use std::sync::{Arc, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use super::output::Packager;
use super::state::{Call, Command, DrainFor, Draining, Phase, State};
use super::{Shared, recover, thread_name, watchdog};
use crate::backend::{Backend, Output};
use crate::error::{Code, Error, Result};
use crate::event::Event;
use crate::settings::Warning;

/// Without a chunk for this long, a flush gives up hoping that frames come by themselves and ends the stream. A first
/// frame takes about 100 ms on boards.
const FLUSH_PATIENCE: Duration = Duration::from_millis(250);
/// Without a chunk for this long, what is in flight is held back.
const HELD_AFTER: Duration = Duration::from_secs(1);
/// A pipeline is at most this deep as long as its depth is unknown.
const DEEPEST_PIPELINE: u32 = 3;
/// Between two looks at a device that only holds frames back.
const HELD_INTERVAL: Duration = Duration::from_millis(10);
const IDLE_INTERVAL: Duration = Duration::from_secs(60);

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
enum Next {
    Wait { busy: bool, timeout: Duration },
    End,
}

pub(super) struct Worker {
    pub(super) shared: Arc<Shared>,
    pub(super) epoch: u64,
    pub(super) backend: Option<Box<dyn Backend>>,
    pub(super) packager: Packager,
    /// The last chunk, or when frames began to be expected.
    progress: Instant,
    held_told: u32,
}

/// Starts the session's thread of this epoch, which finds an encoder first.
pub(super) fn spawn(shared: &Arc<Shared>, epoch: u64) -> io::Result<()> {
    let device = shared.config.device.clone();
    let mut worker = Worker::new(shared, epoch);
    thread::Builder::new().name(thread_name(device.as_ref())).spawn(move || {
        v4l2::transport::sleep_precisely();
        if worker.open_next(None) {
            worker.run();
        }
    })?;
    Ok(())
}

impl Worker {
    pub(super) fn new(shared: &Arc<Shared>, epoch: u64) -> Self {
        Self {
            shared: Arc::clone(shared),
            epoch,
            backend: None,
            packager: Packager::new(shared.config.bitstream),
            progress: Instant::now(),
            held_told: 0,
        }
    }

    /// The lock, unless the session was taken away.
    pub(super) fn lock(&self) -> Step<MutexGuard<'_, State>> {
        let state = self.shared.lock();
        if state.epoch == self.epoch { Ok(state) } else { Err(Stop::Abandoned) }
    }

    /// Calls the device under the watchdog's eyes.
    pub(super) fn guarded<T>(
        &mut self,
        what: &'static str,
        call: impl FnOnce(&mut Box<dyn Backend>) -> Result<T>,
    ) -> Step<T> {
        self.lock()?.call = Some(Call { what, since: Instant::now() });
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

    fn wait(&self, busy: bool, timeout: Duration) {
        match &self.backend {
            Some(backend) => backend.wait(&self.shared.waker, busy, timeout),
            None => self.shared.waker.wait(timeout),
        }
    }

    fn step(&mut self) -> Step<Next> {
        if self.discard()? {
            return Ok(Next::End);
        }
        while self.next_command()? {}
        let ended = self.poll()?;
        if self.drain(ended)? {
            return Ok(Next::End);
        }
        self.check_deadline()?;
        self.plan()
    }

    /// A close that waits for nothing.
    fn discard(&mut self) -> Step<bool> {
        let mut state = self.lock()?;
        if !state.discard {
            return Ok(false);
        }
        let draining = state.draining.take();
        let lost = state.ledger.lose_all(false);
        state.phase = Phase::Over;
        let shared = Arc::clone(&self.shared);
        recover::report_lost(&shared, &state, &lost, || {
            Error::new(Code::Closed, "The encoder was closed with `discard` before this frame was coded.")
        });
        drop(state);
        // What the device says on its way out changes nothing any more.
        drop(self.close_device());
        let mut state = self.lock()?;
        let interrupted = draining.map(|draining| draining.command.command());
        recover::answer_all(&shared, &mut state, interrupted, None);
        Ok(true)
    }

    /// Runs the first command if it can run now.
    fn next_command(&mut self) -> Step<bool> {
        let mut state = self.lock()?;
        if state.draining.is_some() {
            return Ok(false);
        }
        let Some(command) = state.commands.front().copied() else { return Ok(false) };
        if self.backend.is_none() && matches!(command, Command::Frame(_) | Command::Reopen) {
            drop(state);
            return self.reopen().map(|()| true);
        }
        let now = Instant::now();
        match command {
            Command::Frame(key) => {
                drop(state);
                return self.submit(key);
            }
            Command::Flush(id) => {
                state.draining = Some(Draining { command: DrainFor::Flush(id), end_sent: false, since: now });
            }
            Command::Close(id) => {
                state.draining = Some(Draining { command: DrainFor::Close(id), end_sent: false, since: now });
            }
            Command::SetBitrate(id, bitrate_bps) => {
                drop(state);
                self.set(
                    id,
                    "the change of the bit rate",
                    |backend| backend.set_bitrate(bitrate_bps),
                    |state| {
                        if let Some(active) = &mut state.active {
                            active.config.bitrate_bps = bitrate_bps;
                        }
                    },
                )?;
                self.packager.rate_changed(Some(bitrate_bps), None);
                state = self.lock()?;
            }
            Command::SetFramerate(id, framerate) => {
                drop(state);
                self.set(
                    id,
                    "the change of the frame rate",
                    |backend| backend.set_framerate(framerate),
                    |state| {
                        if let Some(active) = &mut state.active {
                            active.config.framerate = framerate;
                        }
                    },
                )?;
                self.packager.rate_changed(None, Some(framerate));
                state = self.lock()?;
            }
            Command::Reopen => {}
        }
        state.commands.pop_front();
        Ok(true)
    }

    /// Sends a change and answers it. A refusal is the caller's to know, and the stream goes on; a closed device
    /// takes the change when it is opened again.
    fn set(
        &mut self,
        id: u32,
        what: &'static str,
        send: impl FnOnce(&mut Box<dyn Backend>) -> Result<()>,
        note: impl FnOnce(&mut State),
    ) -> Step<()> {
        let refused = if self.backend.is_none() {
            None
        } else {
            match self.guarded(what, send) {
                Ok(()) => None,
                Err(Stop::Failed(error)) => Some(error),
                Err(abandoned) => return Err(abandoned),
            }
        };
        let mut state = self.lock()?;
        state.call = None;
        if refused.is_none() {
            note(&mut state);
        }
        self.shared.emit(&state, Event::Done(id, refused));
        Ok(())
    }

    /// Gives an accepted frame to the device. `false` when it must wait for a buffer.
    fn submit(&mut self, key: Duration) -> Step<bool> {
        let mut state = self.lock()?;
        let opening = state.opening;
        let Some(record) = state.ledger.get_mut(key) else {
            state.commands.pop_front();
            return Ok(true);
        };
        let key_frame = record.key_frame;
        let Some(mut buffer) = record.buffer.clone() else {
            state.commands.pop_front();
            return Ok(true);
        };
        // A picture that was copied into a buffer of a device that is gone moves into one of this device.
        if buffer.opening != opening {
            let Some(mut moved) = state.free.pop() else { return Ok(false) };
            if let Some(target) = Arc::get_mut(&mut moved) {
                target.fill_from(&buffer);
            }
            buffer = moved;
        }
        if let Some(record) = state.ledger.get_mut(key) {
            record.buffer = Some(Arc::clone(&buffer));
            record.submitted = true;
        }
        let alone = state.ledger.submitted() == 1;
        state.commands.pop_front();
        drop(state);
        if alone {
            self.progress = Instant::now();
        }
        self.guarded("queueing a frame", |backend| backend.submit(&buffer, key, key_frame))?;
        Ok(true)
    }

    /// Takes everything that the device has ready. `true` when it has ended the stream.
    fn poll(&mut self) -> Step<bool> {
        if self.backend.is_none() {
            return Ok(false);
        }
        let mut ended = false;
        let mut chunks = false;
        let (shared, epoch) = (Arc::clone(&self.shared), self.epoch);
        let mut packager = std::mem::replace(&mut self.packager, Packager::new(shared.config.bitstream));
        let result = self.guarded("dequeueing", |backend| {
            backend.poll(&mut |output| {
                let mut state = shared.lock();
                if state.epoch != epoch {
                    return;
                }
                match output {
                    Output::Coded { key, data } => {
                        chunks = true;
                        packager.deliver(&shared, &mut state, key, data);
                    }
                    Output::Failed { key } => recover::lost_one(&shared, &mut state, key),
                    Output::InputFree { index } => {
                        let (opening, fresh) = (state.opening, state.fresh);
                        if let Some(buffer) = state.ledger.read(index, opening, fresh) {
                            state.free.push(buffer);
                        }
                    }
                    Output::Warning(warning) => warn(&shared, &mut state, warning),
                    Output::Ended => ended = true,
                }
            })
        });
        self.packager = packager;
        if chunks {
            self.progress = Instant::now();
            self.held_told = 0;
        }
        result?;
        self.make_room()?;
        Ok(ended)
    }

    /// Tells a waiting caller about room.
    fn make_room(&mut self) -> Step<()> {
        let mut state = self.lock()?;
        let now = Instant::now();
        if state.wanted {
            state.limit.settle(now);
        }
        if state.wanted && state.has_room(now) {
            state.wanted = false;
            self.shared.emit(&state, Event::Room);
        }
        Ok(())
    }

    /// Brings a flush or close forward. `true` when the session is over.
    fn drain(&mut self, ended: bool) -> Step<bool> {
        let mut state = self.lock()?;
        let Some(draining) = state.draining else {
            // An end of stream that nobody asked for.
            return if ended { Err(stream_ended_by_itself(&state).into()) } else { Ok(false) };
        };
        let submitted = state.ledger.submitted();
        if self.backend.is_none() || ended || (submitted == 0 && !draining.end_sent) {
            drop(state);
            return self.finish_drain(draining, ended, None);
        }
        if draining.end_sent || !self.will_not_come_by_themselves(&state, submitted) {
            return Ok(false);
        }
        let spare = state.free.pop().map(|buffer| buffer.index);
        if let Some(draining) = &mut state.draining {
            draining.end_sent = true;
        }
        drop(state);
        self.progress = Instant::now();
        self.guarded("ending the stream", |backend| backend.end_stream(spare))?;
        Ok(false)
    }

    fn will_not_come_by_themselves(&self, state: &State, submitted: u32) -> bool {
        let since = state.draining.map_or(self.progress, |draining| draining.since.max(self.progress));
        let held = state.limit.delay().is_some_and(|delay| delay > 0 && submitted <= delay);
        held || since.elapsed() >= FLUSH_PATIENCE
    }

    /// Answers a flush or close whose frames have come, or will not.
    pub(super) fn finish_drain(
        &mut self,
        draining: Draining,
        ended: bool,
        error: Option<Error>,
    ) -> Step<bool> {
        let shared = Arc::clone(&self.shared);
        let mut state = self.lock()?;
        let lost = state.ledger.lose_all(true);
        recover::report_lost(&shared, &state, &lost, || {
            error.clone().unwrap_or_else(|| {
                Error::new(Code::Device, "The device ended the stream without this frame.")
            })
        });
        state.draining = None;
        let closing = matches!(draining.command, DrainFor::Close(_));
        if closing {
            state.phase = Phase::Over;
        }
        let spent = ended || draining.end_sent || error.is_some();
        drop(state);
        if closing || spent {
            let closed = self.close_device();
            if let Err(Stop::Abandoned) = closed {
                return Err(Stop::Abandoned);
            }
        }
        let mut state = self.lock()?;
        if !closing && spent {
            state.phase = Phase::Dry;
        }
        if closing {
            recover::answer_all(&shared, &mut state, Some(draining.command.command()), error);
        } else if let Some((id, _)) = draining.command.command().id() {
            shared.emit(&state, Event::Done(id, error));
        }
        Ok(closing)
    }

    /// Closes the device, if there is one, after its buffers have been given up.
    pub(super) fn close_device(&mut self) -> Step<()> {
        let mut state = self.lock()?;
        state.free.clear();
        state.ledger.forget_lent();
        drop(state);
        let Some(backend) = self.backend.take() else { return Ok(()) };
        self.lock()?.call = Some(Call { what: "closing", since: Instant::now() });
        let closed = backend.close();
        let mut state = self.lock()?;
        state.call = None;
        if state.phase == Phase::Open {
            state.phase = Phase::Dry;
        }
        drop(state);
        Ok(closed?)
    }

    /// Fails when the device has been silent for too long.
    fn check_deadline(&mut self) -> Step<()> {
        let state = self.lock()?;
        if !self.is_overdue(&state) {
            return Ok(());
        }
        let patience = watchdog::patience(&self.shared, &state);
        if self.progress.elapsed() < patience {
            return Ok(());
        }
        let error = silent(&state, patience);
        match state.draining {
            // What can be replaced is; else the flush tells, and the next frame opens the device again.
            Some(draining) if !recover::is_replaceable(&self.shared, &state) => {
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
        let held_back = state.limit.delay().unwrap_or(DEEPEST_PIPELINE);
        let submitted = state.ledger.submitted();
        submitted > held_back
            || (submitted > 0 && (state.wanted || state.draining.is_some()))
            || state.draining.is_some_and(|draining| draining.end_sent)
    }

    fn plan(&mut self) -> Step<Next> {
        let state = self.lock()?;
        if self.backend.is_none() {
            let idle = state.commands.is_empty() && !state.discard;
            let timeout = if idle { IDLE_INTERVAL } else { Duration::ZERO };
            return Ok(Next::Wait { busy: false, timeout });
        }
        let submitted = state.ledger.submitted();
        if submitted == 0 && state.draining.is_none() {
            return Ok(Next::Wait { busy: false, timeout: IDLE_INTERVAL });
        }
        if !self.is_overdue(&state) && self.progress.elapsed() >= HELD_AFTER {
            let tell = self.held_told != submitted && state.ledger.in_flight() == submitted;
            if tell {
                self.shared.emit(&state, Event::Held(submitted));
            }
            drop(state);
            if tell {
                self.held_told = submitted;
            }
            return Ok(Next::Wait { busy: false, timeout: HELD_INTERVAL });
        }
        Ok(Next::Wait { busy: true, timeout: HELD_INTERVAL })
    }
}

fn silent(state: &State, patience: Duration) -> Error {
    let device = state.candidate.as_ref().and_then(|candidate| candidate.device.clone());
    let name = device.as_ref().map_or("The encoder".to_owned(), |device| device.display().to_string());
    let what = if state.fresh { "took frames but gave no chunk" } else { "gave no chunk" };
    let mut error = Error::new(Code::Timeout, format!("{name} {what} within {patience:?}."))
        .with_hint("Check `dmesg` and the encoder's standard output; a larger `timeout` or `queueDepth` helps slow devices.");
    error.device = device;
    error
}

fn stream_ended_by_itself(state: &State) -> Error {
    let device = state.candidate.as_ref().and_then(|candidate| candidate.device.clone());
    let mut error = Error::new(Code::Device, "The device ended the stream although nobody asked for it.");
    error.device = device;
    error
}

pub(super) fn warn(shared: &Shared, state: &mut State, warning: Warning) {
    shared.logger.warn(|| warning.message.clone());
    if let Some(active) = &mut state.active {
        active.warnings.push(warning.clone());
    }
    shared.emit(state, Event::Warning(warning));
}
