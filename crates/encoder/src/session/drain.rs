//! Flushing, closing, giving up.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use v4l2::Errno;

use super::limit::FIRST_PAUSE;
use super::report;
use super::shared::Shared;
use super::state::{Call, Command, DrainFor, Draining, Phase, State};
use super::worker::{Step, Stop, Worker};
use crate::error::{Code, Error};
use crate::event::Event;

/// After this silence the device gives nothing more by itself. The end of the stream needs time as well.
pub(super) fn max_wait(shared: &Shared, state: &State) -> Duration {
    let pause = if state.no_output_yet { FIRST_PAUSE } else { state.limit.pause() };
    pause.min(shared.config.timeout / 2)
}

impl Worker {
    /// A close that waits for nothing.
    pub(super) fn discard(&mut self) -> Step<bool> {
        let mut state = self.lock()?;
        if !state.discard {
            return Ok(false);
        }
        state.interrupt_drain();
        let lost = state.ledger.lose_all(false);
        state.phase = Phase::Over;
        let shared = Arc::clone(&self.shared);
        report::report_lost(&shared, &state, &lost, || {
            Error::new(Code::Closed, "The encoder was closed with `discard` before this frame was encoded.")
        });
        drop(state);
        // What the device says on its way out changes nothing any more.
        if let Err(Stop::Abandoned) = self.close_device() {
            return Err(Stop::Abandoned);
        }
        let mut state = self.lock()?;
        report::answer_all(&shared, &mut state, None);
        report::device_closed(&shared, &mut state);
        Ok(true)
    }

    /// Brings a flush or close forward. `true` when the session is over.
    pub(super) fn drain(&mut self, ended: bool) -> Step<bool> {
        let mut state = self.lock()?;
        let Some(draining) = state.draining else {
            // An end of stream that nobody requested.
            return if ended { Err(stream_ended_by_itself(&state, self.ended_by).into()) } else { Ok(false) };
        };
        let submitted = state.ledger.submitted();
        if self.backend.is_none() || ended || (submitted == 0 && !draining.end_sent) {
            drop(state);
            return self.finish_drain(draining, ended, None);
        }
        if draining.end_sent || !self.will_not_come_by_themselves(&state, submitted) {
            return Ok(false);
        }
        let spare = state.free.pop().map(|buffer| state.ledger.lend(buffer));
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
        let held = state.limit.certain_delay().is_some_and(|delay| delay > 0 && submitted <= delay);
        held || since.elapsed() >= max_wait(&self.shared, state)
    }

    /// Goes on after a drain whose frames have come, or will not.
    pub(super) fn finish_drain(
        &mut self,
        draining: Draining,
        ended: bool,
        error: Option<Error>,
    ) -> Step<bool> {
        let shared = Arc::clone(&self.shared);
        let mut state = self.lock()?;
        let closing = matches!(draining.command, DrainFor::Close(_));
        for read in state.ledger.release_read() {
            state.recycle(read);
        }
        let lost = state.ledger.lose_all(!closing);
        report::report_lost(&shared, &state, &lost, || {
            error.clone().unwrap_or_else(|| {
                Error::new(Code::Device, "The device ended the stream without this frame.")
            })
        });
        // Back in the queue until it is answered, so that nobody forgets it if the device hangs on its way out.
        state.interrupt_drain();
        if closing {
            state.phase = Phase::Over;
        }
        let spent = ended || draining.end_sent || error.is_some();
        let reopens = spent || draining.command == DrainFor::NewStream;
        drop(state);
        let restarts = draining.command == DrainFor::Restart;
        let stays = !closing && !restarts && draining.command != DrainFor::NewInputs;
        let goes_on = stays && (!reopens || (error.is_none() && self.resume()?));
        if !goes_on && let Err(Stop::Abandoned) = self.close_device() {
            return Err(Stop::Abandoned);
        }
        if restarts {
            return self.restart().map(|()| false);
        }
        let mut state = self.lock()?;
        if closing {
            report::answer_all(&shared, &mut state, error.as_ref());
            report::device_closed(&shared, &mut state);
        } else if draining.command.command().is_some()
            && let Some((id, _)) = state.commands.pop_front().as_ref().and_then(Command::id)
        {
            shared.emit(&state, Event::Done(id, error));
        }
        Ok(closing)
    }

    /// Begins a new stream on a device that can; `false` where it has to be reopened.
    fn resume(&mut self) -> Step<bool> {
        if self.backend.is_none() {
            return Ok(false);
        }
        let resumed = match self.guarded("beginning a new stream", |backend| backend.resume()) {
            Ok(resumed) => resumed,
            Err(Stop::Abandoned) => return Err(Stop::Abandoned),
            Err(Stop::Failed(error)) => {
                self.shared
                    .logger
                    .debug(|| format!("the device cannot go on after a drain: {}", error.message));
                false
            }
        };
        if resumed {
            self.at_start = true;
            self.progress = Instant::now();
            self.lock()?.limit.restart();
        }
        Ok(resumed)
    }

    /// Closes the device, if there is one, after its buffers have been given up.
    pub(super) fn close_device(&mut self) -> Step<()> {
        let mut state = self.lock()?;
        let mut buffers = std::mem::take(&mut state.free);
        buffers.extend(state.ledger.take_lent());
        // A device's own memory is unmapped before it is closed, and a caller's is given back after; the caller that takes over from
        // a device that hangs in between finds it in the ledger.
        for imported in buffers.extract_if(.., |buffer| buffer.lease.is_some()) {
            state.ledger.lend(imported);
        }
        drop(state);
        drop(buffers);
        let Some(backend) = self.backend.take() else {
            self.lock()?.end_leases();
            return Ok(());
        };
        self.lock()?.call = Some(Call::begin("closing"));
        let closed = backend.close();
        let mut state = self.lock()?;
        state.call = None;
        state.end_leases();
        if state.phase == Phase::Open {
            state.phase = Phase::Drained;
        }
        drop(state);
        Ok(closed?)
    }
}

fn stream_ended_by_itself(state: &State, errno: Option<Errno>) -> Error {
    const ALL: &str = "The device ended the stream without a request";
    let message = errno
        .map_or_else(|| format!("{ALL}."), |errno| format!("{ALL}: VIDIOC_DQBUF failed with {errno:?}."));
    let mut error = Error::new(Code::Device, message);
    error.device = state.device().map(Path::to_owned);
    (error.ioctl, error.errno) = (errno.map(|_| "VIDIOC_DQBUF"), errno);
    error
}
