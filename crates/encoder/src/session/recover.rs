//! Finding an encoder, the first time and again when one fails.

use std::sync::Arc;

use super::announce::announce;
use super::report::{device_closed, fail, give_up, report_lost};
use super::shared::{Shared, thread_name};
use super::state::{Call, Command, Phase, State};
use super::unsupported;
use super::worker::{Step as Outcome, Stop, Worker, run_thread};
use crate::backend::{Opening, kind};
use crate::backend_kind::BackendKind;
use crate::candidate::Candidate;
use crate::config::Resolved;
use crate::error::{Code, Error, RejectedEncoder};
use crate::input::mode::InputMode;
use crate::select::{Search, Step, others};

/// Continues a session whose thread is stuck in its device, on a new thread.
pub(super) fn take_over(shared: &Arc<Shared>, epoch: u64, error: Error) {
    let worker = Worker::new(shared, epoch);
    let name = thread_name(shared.config.devices.named().first());
    let spawned = shared.crew.spawn(&name, move || run_thread(worker, |worker| worker.recover(error)));
    if let Err(error) = spawned {
        let mut state = shared.lock();
        fail(shared, &mut state, Error::new(Code::Device, format!("No thread could be started: {error}.")));
        device_closed(shared, &mut state);
    }
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
                error.message.push_str(" Discovery stopped here; later devices were not checked.");
            }
            reject(&self.shared, &mut state, candidate, error);
            drop(state);
            return Ok(self.open_next(None));
        }
        if !self.shared.is_replaceable(&state) {
            fail(&self.shared, &mut state, error);
            drop(state);
            if let Err(Stop::Abandoned) = self.close_device() {
                return Err(Stop::Abandoned);
            }
            device_closed(&self.shared, &mut *self.lock()?);
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
            Error::new(Code::Device, "The device failed, and the data of this frame was already overwritten.")
        });
    }

    /// Looks for devices and opens the first that works.
    pub(super) fn begin(&mut self) -> bool {
        self.find_devices(Search::examine).is_ok() && self.open_next(None)
    }

    /// Looks at one device after the other, any of which may hang. A caller that takes over then does with what was found before,
    /// and with what nobody has to look at.
    pub(super) fn find_devices(&mut self, mut look: impl FnMut(&mut Search) -> bool) -> Outcome<()> {
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
                let others = if failed.is_none() { others(&self.shared.config) } else { Vec::new() };
                let Ok(mut state) = self.lock() else { return false };
                give_up(&self.shared, &mut state, failed, &others);
                return false;
            };
            let candidate = match step {
                Step::Reject(rejection) => {
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
        let Some(candidate) = state.candidate.clone() else { return Err(crate::error::closed().into()) };
        drop(state);
        self.open(&candidate)
    }

    fn open(&mut self, candidate: &Candidate) -> Outcome<()> {
        let config = self.configuration(candidate)?;
        let mut state = self.lock()?;
        let number = state.next_opening();
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
        let opened = match ((kind(candidate.backend).open)(candidate, &opening), input) {
            // The streams run without it too.
            (Err(error), InputMode::Imported(_)) if error.code != Code::DeviceLost => {
                self.refuse_imports(&error)?;
                (kind(candidate.backend).open)(candidate, &Opening { input: InputMode::Own, ..opening })
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
        let mut opened = opened?;
        if let Err(error) = unsupported::settle(&mut opened, &config) {
            drop(state);
            drop(opened.inputs);
            drop(opened.backend.close());
            return Err(error.into());
        }
        let (config, no_b_frames) = (opened.config.clone(), opened.no_b_frames);
        state.resizing = (config.width, config.height) != shared.size();
        state.inputs.opened(opened.geometry.clone());
        announce(&shared, &mut state, candidate, config.clone(), &opened);
        // The pool gives its last buffer first, and NVIDIA's samples begin with number 0.
        state.free = opened.inputs.into_iter().rev().map(Arc::new).collect();
        drop(state);
        self.packager.opened(&config, no_b_frames);
        self.backend = Some(opened.backend);
        self.at_start = true;
        Ok(())
    }

    /// The device does not take the caller's memory after all.
    fn refuse_imports(&self, error: &Error) -> Outcome<()> {
        let mut state = self.lock()?;
        state.inputs.reject(error.message.clone());
        Ok(())
    }

    /// What the candidate is configured to; live changes survive a reopening.
    fn configuration(&self, candidate: &Candidate) -> Outcome<Resolved> {
        let state = self.lock()?;
        let mut wanted = state.tuning.applied_to(&self.shared.config)?;
        let active = state.active.as_ref().map(|active| &active.config);
        // What followed from the first configuration stays, whatever has changed since.
        wanted.key_frame_interval =
            wanted.key_frame_interval.or(active.map(|config| config.key_frame_interval));
        let mut config = wanted.resolve(candidate.choice)?;
        if let Some(active) = active {
            let bitrate_bps = state.tuning.bitrate_bps.unwrap_or(active.bitrate_bps);
            let framerate = state.tuning.framerate.unwrap_or(active.framerate);
            config.keep_rates(bitrate_bps, framerate);
        }
        Ok(config)
    }
}

fn reject(shared: &Shared, state: &mut State, candidate: Option<Candidate>, error: Error) {
    if let Some(details) = &error.details {
        shared.logger.debug(|| format!("{} {details}", error.message));
    }
    state.rejected.push(match candidate {
        Some(candidate) => candidate.rejected(error),
        // It was one of the kernel's nodes that was looked at, for whichever codec.
        None => {
            let device = error.device.clone();
            let codec = shared.config.codecs.first().map(|choice| choice.codec);
            RejectedEncoder::from_error(
                BackendKind::V4l2.name(),
                device.as_deref(),
                codec.map(crate::codec::Codec::name),
                error,
            )
        }
    });
}
