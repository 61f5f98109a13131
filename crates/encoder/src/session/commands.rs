//! What the caller asked for, in order.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::state::{Command, DrainFor, Draining, State};
use super::worker::{Step, Stop, Worker};
use crate::backend::Backend;
use crate::error::Result;
use crate::event::Event;

impl Worker {
    /// Runs the first command if it can run now.
    pub(super) fn next_command(&mut self) -> Step<bool> {
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
}
