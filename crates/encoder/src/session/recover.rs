//! Finding an encoder, the first time and again when one fails.

use std::sync::Arc;

use super::input_path::InputMode;
use super::ledger::Departed;
use super::limit::InFlightLimit;
use super::state::{Call, Command, Phase, State};
use super::worker::{Step as Outcome, Stop, Worker, live};
use super::{Shared, closed, thread_name};
use crate::backend::{self, Opened, Opening};
use crate::codec::Codec;
use crate::config::{Hardware, LatencyMode, Resolved};
use crate::error::{Code, Error};
use crate::event::{Active, Event, Lost};
use crate::list;
use crate::log::LogLevel;
use crate::output::stream;
use crate::select::{self, BackendName, Candidate, Rejection, Search, Step};
use crate::settings::{Setting, Warning};

/// Continues a session whose thread is stuck in its device, on a new thread.
pub(super) fn take_over(shared: &Arc<Shared>, epoch: u64, error: Error) {
    let worker = Worker::new(shared, epoch);
    let name = thread_name(shared.config.devices.named().first());
    let spawned = shared.crew.spawn(&name, move || live(worker, |worker| worker.recover(error)));
    if let Err(error) = spawned {
        let mut state = shared.lock();
        fail(shared, &mut state, Error::new(Code::Device, format!("No thread could be started: {error}.")));
        gone(shared, &mut state);
    }
}

/// Whether another encoder may get the frames of one that failed: as long as it has given nothing.
pub(super) fn is_replaceable(shared: &Shared, state: &State) -> bool {
    state.fresh && shared.config.hardware == Hardware::Prefer && state.has_next()
}

impl Worker {
    /// Goes on after the device failed: with the next encoder while none of its output was given, else by reporting
    /// what is lost. `false` when the session is over or taken away.
    pub(super) fn recover(&mut self, error: Error) -> bool {
        self.try_recover(error).unwrap_or(false)
    }

    fn try_recover(&mut self, mut error: Error) -> Outcome<bool> {
        let mut state = self.lock()?;
        state.call = None;
        if state.phase == Phase::Opening {
            let candidate = state.candidate.take();
            if state.looking_at.take().is_some() {
                error.message.push_str(" No node after it was looked at.");
            }
            reject(&self.shared, &mut state, candidate, error);
            drop(state);
            return Ok(self.open_next(None));
        }
        if !is_replaceable(&self.shared, &state) {
            fail(&self.shared, &mut state, error);
            drop(state);
            if let Err(Stop::Abandoned) = self.close_device() {
                return Err(Stop::Abandoned);
            }
            gone(&self.shared, &mut *self.lock()?);
            return Ok(false);
        }
        let candidate = state.candidate.clone();
        reject(&self.shared, &mut state, candidate, error.clone());
        self.requeue(&mut state);
        drop(state);
        if let Err(Stop::Abandoned) = self.close_device() {
            return Err(Stop::Abandoned);
        }
        Ok(self.open_next(Some(error)))
    }

    /// Puts what the failed device had back to the front of the queue, in order.
    fn requeue(&self, state: &mut State) {
        state.interrupt_drain();
        let (again, gone) = state.ledger.reclaim();
        for key in again.into_iter().rev() {
            state.commands.push_front(Command::Frame(key));
        }
        report_lost(&self.shared, state, &gone, || {
            Error::new(Code::Device, "The device failed, and this frame's picture was already overwritten.")
        });
    }

    /// Looks for devices and opens the first that works.
    pub(super) fn begin(&mut self) -> bool {
        self.look_for_devices(Search::look).is_ok() && self.open_next(None)
    }

    /// Looks at one device after the other, any of which may hang. Whoever takes over then does with what was found before,
    /// and with what nobody has to look at.
    pub(super) fn look_for_devices(&mut self, mut look: impl FnMut(&mut Search) -> bool) -> Outcome<()> {
        let looking = || Some(Call::begin("looking for devices"));
        self.lock()?.call = looking();
        let shared = Arc::clone(&self.shared);
        let mut search = Search::new(&shared.config);
        let mut found = true;
        while let Some(node) = search.next() {
            let steps = found.then(|| search.steps(&shared.config));
            let mut state = self.lock()?;
            if let Some(steps) = steps {
                state.steps = steps.into();
            }
            (state.looking_at, state.call) = (Some(node.to_owned()), looking());
            drop(state);
            found = look(&mut search);
        }
        let steps = search.steps(&shared.config);
        let mut state = self.lock()?;
        (state.looking_at, state.call) = (None, None);
        state.steps = steps.into();
        Ok(())
    }

    /// Tries what is left to try. `failed` is the error of the encoder that is to be replaced.
    pub(super) fn open_next(&mut self, failed: Option<Error>) -> bool {
        loop {
            let Ok(mut state) = self.lock() else { return false };
            let Some(step) = state.steps.pop_front() else {
                drop(state);
                // Looked for without the lock, and within a time of its own, because any node may hang.
                let others = if failed.is_none() { list::others(&self.shared.config) } else { Vec::new() };
                let Ok(mut state) = self.lock() else { return false };
                give_up(&self.shared, &mut state, failed, &others);
                return false;
            };
            let candidate = match step {
                Step::Rule(rejection) => {
                    state.rejected.push(rejection);
                    continue;
                }
                Step::Try(candidate) if state.may_follow(&candidate) => candidate,
                Step::Try(_) => continue,
            };
            state.candidate = Some(candidate.clone());
            drop(state);
            match self.open(&candidate) {
                Ok(()) => return true,
                Err(Stop::Abandoned) => return false,
                Err(Stop::Failed(error)) => {
                    let Ok(mut state) = self.lock() else { return false };
                    reject(&self.shared, &mut state, Some(candidate), error);
                }
            }
        }
    }

    /// Opens the encoder of a drained session again.
    pub(super) fn reopen(&mut self) -> Outcome<()> {
        let state = self.lock()?;
        let Some(candidate) = state.candidate.clone() else { return Err(closed().into()) };
        drop(state);
        self.open(&candidate)
    }

    fn open(&mut self, candidate: &Candidate) -> Outcome<()> {
        let config = self.configuration(candidate)?;
        let mut state = self.lock()?;
        let number = state.open_anew();
        if state.active.as_ref().is_some_and(|active| active.device != candidate.device) {
            state.inputs.forget();
        }
        let input = state.inputs.change();
        state.call = Some(Call::begin("opening"));
        drop(state);
        let shared = Arc::clone(&self.shared);
        let opening = Opening {
            config: &config,
            lookup: &shared.lookup,
            logger: &shared.logger,
            waker: &shared.waker,
            number,
            input,
        };
        let opened = match (backend::open(candidate, &opening), input) {
            // The streams run without it too.
            (Err(error), InputMode::Imported(_)) if error.code != Code::DeviceLost => {
                self.refuse_imports(&error)?;
                backend::open(candidate, &Opening { input: InputMode::Own, ..opening })
            }
            (opened, _) => opened,
        };
        let mut state = match self.lock() {
            Ok(state) => state,
            Err(abandoned) => {
                // The device came back after all, but nobody waits for it any more.
                drop(opened.map(|opened| opened.backend.close()));
                return Err(abandoned);
            }
        };
        state.call = None;
        let opened = opened?;
        let config = opened.config.clone();
        state.inputs.opened(opened.geometry.clone());
        announce(&shared, &mut state, candidate, config.clone(), &opened);
        // The pool gives its last buffer first, and NVIDIA's samples begin with number 0.
        state.free = opened.inputs.into_iter().rev().map(Arc::new).collect();
        drop(state);
        self.packager.opened(&config);
        self.backend = Some(opened.backend);
        self.at_start = true;
        Ok(())
    }

    /// The device does not take the caller's memory after all.
    fn refuse_imports(&self, error: &Error) -> Outcome<()> {
        let mut state = self.lock()?;
        state.inputs.refuse(error.message.clone());
        Ok(())
    }

    /// What the candidate is configured to; live changes survive a reopening.
    fn configuration(&self, candidate: &Candidate) -> Outcome<Resolved> {
        let mut config = self.shared.config.resolve(candidate.choice)?;
        if let Some(active) = &self.lock()?.active {
            config.keep_rates(active.config.bitrate_bps, active.config.framerate);
        }
        Ok(config)
    }
}

fn reject(shared: &Shared, state: &mut State, candidate: Option<Candidate>, error: Error) {
    if let Some(details) = &error.details {
        shared.logger.debug(|| format!("{} {details}", error.message));
    }
    state.rejected.push(match candidate {
        Some(candidate) => Rejection::of(&candidate, error),
        // It was one of the kernel's nodes that was looked at, for whichever codec.
        None => {
            let device = error.device.clone();
            let codec = shared.config.codecs.first().map(|choice| choice.codec);
            Rejection::from_error(BackendName::V4l2, device.as_deref(), codec, error)
        }
    });
}

/// Makes the opened encoder the session's and tells so.
fn announce(shared: &Shared, state: &mut State, candidate: &Candidate, config: Resolved, opened: &Opened) {
    let reopened = state.phase != Phase::Opening
        && state
            .active
            .as_ref()
            .is_some_and(|active| (active.backend, &active.device) == (candidate.backend, &candidate.device));
    let replaced = state.active.is_some() && !reopened;
    if reopened {
        state.limit.restart();
    } else {
        state.limit = limit(&config, opened.delay);
    }
    state.fresh = true;
    if matches!(state.phase, Phase::Opening | Phase::Dry) {
        state.phase = Phase::Open;
    }
    log_active(shared, state, candidate, &config, &opened.title, reopened);
    let mut settings = opened.settings.clone();
    settings.push(Setting::requested("colorSpace", stream::colour_name(config.colour)));
    let mut warnings: Vec<_> = config.warnings.iter().chain(&opened.warnings).cloned().collect();
    if !reopened {
        warnings.iter().for_each(|warning| shared.logger.warn(|| warning.message.clone()));
    }
    if let Some(ratio) = config.aspect_ratio {
        let requested = stream::aspect_ratio_name(ratio);
        if config.codec.of_units().is_none() && ratio.width != ratio.height {
            let warning = no_aspect_ratio(config.codec, &requested);
            shared.logger.warn(|| warning.message.clone());
            warnings.push(warning);
        }
        settings.push(Setting::requested("sampleAspectRatio", requested));
    }
    let active = Active {
        backend: candidate.backend,
        device: candidate.device.clone(),
        rejected: state.rejected.clone(),
        config,
        settings,
        warnings,
        input: opened.geometry.clone(),
    };
    let other_input = state.active.as_ref().is_some_and(|before| before.input != active.input);
    state.active = Some(active.clone());
    if replaced {
        shared.emit(state, Event::Replaced(Box::new(active)));
    } else if reopened && other_input {
        shared.emit(state, Event::Input(active.input));
    } else if !reopened {
        shared.emit(state, Event::Opened(Box::new(active)));
        if state.commands.iter().any(|command| matches!(command, Command::Close(_))) {
            state.phase = Phase::Closing;
        }
    }
}

fn no_aspect_ratio(codec: Codec, requested: &str) -> Warning {
    let message = format!(
        "A {codec} stream cannot say that its pixels are {requested}; a player shows them square unless its file says so."
    );
    Warning { code: Code::Config.name(), message, setting: Some("sampleAspectRatio") }
}

fn limit(config: &Resolved, known_delay: Option<u32>) -> InFlightLimit {
    match (config.queue_depth, config.latency_mode) {
        (Some(depth), _) => InFlightLimit::fixed(depth),
        (None, LatencyMode::Quality) => InFlightLimit::all(),
        (None, LatencyMode::Realtime) => InFlightLimit::measured(known_delay),
    }
}

fn log_active(
    shared: &Shared,
    state: &State,
    candidate: &Candidate,
    config: &Resolved,
    title: &str,
    reopened: bool,
) {
    let level = if reopened { LogLevel::Debug } else { LogLevel::Info };
    let codec = config.codec;
    if let Some(device) = &candidate.device {
        let device = device.display();
        let Resolved { width, height, framerate, bitrate_bps, .. } = config;
        shared.logger.write(level, || format!("V4L2 device opened successfully: {device}"));
        shared.logger.write(level, || {
            format!(
                "V4L2 {codec} encoder initialized: {width}x{height} @ {framerate}fps, target_bps={bitrate_bps} \
                 using device {device}"
            )
        });
        shared.logger.write(level, || format!("Using V4L2 HW encoder for {codec} ({title})"));
        return;
    }
    if shared.config.hardware == Hardware::Never || reopened {
        shared.logger.info(|| format!("Using software encoder for {codec} ({title})"));
    } else {
        shared.logger.warn(|| {
            let why = select::reasons(&state.rejected, |rejection| rejection.message.clone());
            format!("Using software encoder for {codec} ({title}), because: {why}")
        });
    }
}

/// Nothing is left to try.
fn give_up(shared: &Shared, state: &mut State, failed: Option<Error>, others: &[Candidate]) {
    if let Some(error) = failed {
        fail(shared, state, error);
        gone(shared, state);
        return;
    }
    let error = select::no_encoder(&shared.config, std::mem::take(&mut state.rejected), others);
    state.phase = Phase::Over;
    shared.emit(state, Event::Failed(error.clone()));
    answer_all(shared, state, Some(&error));
    gone(shared, state);
}

/// Ends the session with an error that lists every frame that will not come.
pub(super) fn fail(shared: &Shared, state: &mut State, mut error: Error) {
    let opening = state.phase == Phase::Opening;
    state.phase = Phase::Over;
    error.lost = state.ledger.lose_all(false).iter().map(|frame| frame.timestamp).collect();
    shared.emit(state, if opening { Event::Failed(error.clone()) } else { Event::Fatal(error.clone()) });
    state.interrupt_drain();
    answer_all(shared, state, Some(&error));
}

/// Answers everything that waits, closes last. Without an error what waited behind a close was too late.
pub(super) fn answer_all(shared: &Shared, state: &mut State, error: Option<&Error>) {
    let waiting: Vec<_> = state.commands.drain(..).filter_map(Command::id).collect();
    for (id, _) in waiting.iter().filter(|(_, closes)| !closes) {
        shared.emit(state, Event::Done(*id, Some(error.cloned().unwrap_or_else(closed))));
    }
    for (id, _) in waiting.iter().filter(|(_, closes)| *closes) {
        shared.emit(state, Event::Done(*id, error.cloned()));
    }
}

/// The device is closed, or will never be: nobody need wait for it any more, and its memory is let go of.
pub(super) fn gone(shared: &Shared, state: &mut State) {
    if state.gone {
        return;
    }
    state.free.clear();
    state.end_leases();
    state.gone = true;
    // A close that was asked for after the failure.
    answer_all(shared, state, None);
    shared.emit(state, Event::Over);
    shared.over.notify_all();
}

/// Reports frames that will not come, one by one.
pub(super) fn report_lost(shared: &Shared, state: &State, lost: &[Departed], why: impl Fn() -> Error) {
    for frame in lost {
        let error = why();
        shared
            .logger
            .debug(|| format!("the frame of timestamp {} is lost: {}", frame.timestamp, error.message));
        shared.emit(state, Event::Lost(Lost { timestamp: frame.timestamp, error }));
    }
}

/// The device failed on one frame.
pub(super) fn lost_one(shared: &Shared, state: &mut State, key: std::time::Duration) {
    if let Some((frame, buffer)) = state.ledger.lose(key) {
        if let Some(buffer) = buffer {
            state.recycle(buffer);
        }
        report_lost(shared, state, &[frame], || {
            Error::new(Code::Device, "The device reported that it failed to code this frame.")
        });
    }
}

/// The picture of a frame cannot be moved to the device that is to code it.
pub(super) fn lost_on_the_way(shared: &Shared, state: &mut State, key: std::time::Duration, why: &Error) {
    if let Some(frame) = state.ledger.withdraw(key) {
        report_lost(shared, state, &[frame], || why.clone());
    }
}
