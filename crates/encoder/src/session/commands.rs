//! What the caller requested, in order.

use std::sync::Arc;
use std::time::{Duration, Instant};

use v4l2::Errno;

use super::state::{Command, DrainFor, Draining, State};
use super::worker::{Step, Stop, Worker, wants_device};
use super::{drain, report};
use crate::config::Tuning;
use crate::error::Error;

impl Worker {
    /// Runs the first command if it can run now.
    pub(super) fn next_command(&mut self) -> Step<bool> {
        let mut state = self.lock()?;
        if state.draining.is_some() {
            return Ok(false);
        }
        let command = state.commands.front().cloned();
        if command.is_none() && state.inputs.is_changing() && self.backend.is_some() {
            let since = Instant::now();
            state.draining = Some(Draining { command: DrainFor::NewInputs, end_sent: false, since });
            return Ok(false);
        }
        let needs_device = match &command {
            Some(command) => matches!(command, Command::Frame(_)),
            None => wants_device(&state),
        };
        if needs_device && self.backend.is_none() {
            drop(state);
            return self.reopen().map(|()| true);
        }
        let Some(command) = command else { return Ok(false) };
        let now = Instant::now();
        match command {
            Command::Frame(key) => {
                let measured = state.cadence.take_changed();
                drop(state);
                if let Some(framerate) = measured {
                    self.follow(framerate)?;
                }
                return self.submit(key);
            }
            Command::Flush(id) => {
                state.draining = Some(Draining { command: DrainFor::Flush(id), end_sent: false, since: now });
            }
            Command::Close(id) => {
                state.draining = Some(Draining { command: DrainFor::Close(id), end_sent: false, since: now });
            }
            Command::Tune(id, request) => {
                drop(state);
                self.tune(id, &request)?;
                return Ok(true);
            }
        }
        state.commands.pop_front();
        Ok(true)
    }

    /// Tells the device at what rate frames really come. One that does not take it keeps the configured rate.
    fn follow(&mut self, framerate: f64) -> Step<()> {
        let tuning = Tuning { framerate: Some(framerate), ..Tuning::default() };
        match self.guarded("changing the frame rate", |backend| backend.tune(&tuning)) {
            Ok(_) => {
                self.packager.tuned(&tuning);
                self.shared
                    .logger
                    .debug(|| format!("frames come at {framerate} a second; the encoder follows"));
                self.lock()?.ledger.set_framerate(framerate);
            }
            Err(Stop::Failed(error)) => {
                self.shared.logger.debug(|| {
                    format!(
                        "frames come at {framerate} a second, which the encoder does not follow: {}",
                        error.message
                    )
                });
                self.lock()?.cadence.stop();
            }
            Err(abandoned) => return Err(abandoned),
        }
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
        let mut key_frame = record.key_frame;
        let Some(mut buffer) = record.buffer.clone() else {
            state.commands.pop_front();
            return Ok(true);
        };
        let request = record.request.clone();
        key_frame |= state.key_owed;
        let is_alone = self.at_start || state.ledger.submitted() == 0;
        if !is_alone && request.as_ref().is_some_and(|request| request.exact) {
            let since = Instant::now();
            state.draining = Some(Draining { command: DrainFor::Alone, end_sent: false, since });
            return Ok(false);
        }
        let by_new_stream = self.backend.as_ref().is_some_and(|backend| !backend.forces_key_frames());
        if key_frame && by_new_stream {
            if !self.at_start {
                let since = Instant::now();
                state.draining = Some(Draining { command: DrainFor::NewStream, end_sent: false, since });
                return Ok(false);
            }
            key_frame = false;
        }
        if key_frame && self.would_bind_early(&state) {
            return Ok(false);
        }
        // A frame that was copied into a buffer of a device that is gone moves into one of this device.
        if buffer.opening != opening {
            let Some(mut moved) = state.free.pop() else { return Ok(false) };
            if !moved.has_memory() && !state.inputs.takes_over(&buffer) {
                // It goes into a device that is opened for copying.
                state.recycle(moved);
                let since = Instant::now();
                state.draining = Some(Draining { command: DrainFor::NewInputs, end_sent: false, since });
                return Ok(false);
            }
            drop(state);
            let filled = Arc::get_mut(&mut moved).map_or(Ok(()), |target| target.fill_from(&buffer));
            state = self.lock()?;
            if let Err(error) = filled {
                state.recycle(moved);
                state.commands.pop_front();
                let shared = Arc::clone(&self.shared);
                report::lost_in_transfer(&shared, &mut state, key, &error);
                return Ok(true);
            }
            buffer = moved;
        }
        if let Some(record) = state.ledger.get_mut(key) {
            record.buffer = Some(Arc::clone(&buffer));
            record.submitted = true;
            record.submitted_at = Some(Instant::now());
        }
        state.key_owed = false;
        state.limit.queued(Instant::now());
        let alone = state.ledger.submitted() == 1;
        state.commands.pop_front();
        drop(state);
        if alone {
            self.progress = Instant::now();
        }
        self.at_start = false;
        match self.guarded("queueing a frame", |backend| {
            backend.request(buffer.index, request.as_deref())?;
            backend.submit(&buffer, key, key_frame)
        }) {
            Err(Stop::Failed(error)) if buffer.lease.is_some() && is_about_memory(&error) => {
                self.import_no_more(key, error)
            }
            sent => sent.map(|()| true),
        }
    }

    /// The device cannot reach the memory of this frame: scattered pages, where it has no IOMMU. That shows only when it is
    /// queued, so what the device has is waited for, and this frame is the first of those that are copied.
    fn import_no_more(&self, key: Duration, error: Error) -> Step<bool> {
        let mut state = self.lock()?;
        if !state.inputs.imports_any_memory() {
            return Err(error.into());
        }
        state.inputs.give_up(error.message);
        self.shared.log_copy_reason(&state);
        if let Some(record) = state.ledger.get_mut(key) {
            record.submitted = false;
        }
        state.commands.push_front(Command::Frame(key));
        let since = Instant::now();
        state.draining = Some(Draining { command: DrainFor::NewInputs, end_sent: false, since });
        Ok(false)
    }

    /// A device of which a key frame is requested makes one of the frame that it encodes next, which may be an earlier one.
    /// So the frame that is meant waits until those before it are out, but not for long.
    fn would_bind_early(&self, state: &State) -> bool {
        let held_back = state.limit.certain_delay().unwrap_or(0);
        state.ledger.submitted() > held_back
            && state.limit.silence(Instant::now()) < drain::max_wait(&self.shared, state)
    }
}

/// Whether the device did not take a buffer, and is all right otherwise.
fn is_about_memory(error: &Error) -> bool {
    let broken = [Errno::ENODEV, Errno::EIO];
    error.ioctl == Some("VIDIOC_QBUF") && error.errno.is_some_and(|errno| !broken.contains(&errno))
}
