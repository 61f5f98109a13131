//! Changing settings of a running encoder: by its device while it runs, or by opening the device again.

use std::sync::Arc;
use std::time::Instant;

use super::report::emit_active;
use super::settings;
use super::state::{Command, DrainFor, Draining, Request};
use super::worker::{Step, Stop, Worker};
use crate::config::Tuning;
use crate::error::Error;
use crate::event::Event;
use crate::settings::{Change, Effect, Setting, SettingName};

impl Worker {
    /// Sends a change and answers it. A rejection is the caller's to know, and the stream goes on; a closed device
    /// takes the change when it is opened again.
    pub(super) fn tune(&mut self, id: u32, request: &Request) -> Step<()> {
        let tuning = &request.tuning;
        if tuning.size.is_some() {
            return self.begin_restart();
        }
        if self.backend.is_none() {
            let changes = tuning.settings().into_iter().map(Change::applied).collect();
            return self.tuned(id, tuning, changes);
        }
        match self.guarded("changing settings", |backend| backend.tune(tuning)) {
            Ok(changes) if request.restart && changes.iter().any(Change::needs_restart) => {
                // The rest of the change is in force by now, and stays so.
                self.begin_restart()
            }
            Ok(changes) => {
                let left_out = changes.iter().filter(|change| change.needs_restart());
                let applied =
                    left_out.fold(tuning.clone(), |tuning, change| tuning.without(change.setting.name));
                self.tuned(id, &applied, changes)
            }
            Err(Stop::Failed(error)) => self.not_tuned(id, error),
            Err(abandoned) => Err(abandoned),
        }
    }

    /// The device, or the next one that is opened, has these changes.
    fn tuned(&mut self, id: u32, applied: &Tuning, changes: Vec<Change>) -> Step<()> {
        self.packager.tuned(applied);
        let shared = Arc::clone(&self.shared);
        let mut state = self.lock()?;
        state.commands.pop_front();
        state.tuning = state.tuning.followed_by(applied);
        settings::note_tuning(&shared, &mut state, applied, &changes);
        shared.emit(&state, Event::Tuned(id, changes));
        Ok(())
    }

    fn not_tuned(&self, id: u32, error: Error) -> Step<()> {
        let mut state = self.lock()?;
        state.commands.pop_front();
        let framerate =
            state.active.as_ref().map_or(self.shared.config.framerate, |active| active.config.framerate);
        state.set_framerate(framerate);
        self.shared.emit(&state, Event::Done(id, Some(error)));
        Ok(())
    }

    /// Waits for what the device has; then it is opened again. The change stays the first command until that is done.
    fn begin_restart(&self) -> Step<()> {
        let mut state = self.lock()?;
        state.draining =
            Some(Draining { command: DrainFor::Restart, end_sent: false, since: Instant::now() });
        Ok(())
    }

    /// Opens the device, which is drained and closed, with the change that is the first command. Where it rejects that, it is opened
    /// with the next frame as it was.
    pub(super) fn restart(&mut self) -> Step<()> {
        let shared = Arc::clone(&self.shared);
        let mut state = self.lock()?;
        let Some(Command::Tune(id, request)) = state.commands.front().cloned() else { return Ok(()) };
        let before = state.tuning.clone();
        state.tuning = before.followed_by(&request.tuning);
        drop(state);
        match self.reopen() {
            Ok(()) => {
                let mut state = self.lock()?;
                state.commands.pop_front();
                let known = state.active.as_ref().map_or(&[][..], |active| &active.settings);
                let changes = restarted(&request.tuning, known);
                emit_active(&shared, &state);
                shared.emit(&state, Event::Tuned(id, changes));
                Ok(())
            }
            Err(Stop::Failed(error)) => {
                let mut state = self.lock()?;
                state.tuning = before;
                if request.tuning.size.is_some() {
                    shared.set_size(shared.size_of(&state.tuning));
                    state.resizing = false;
                }
                drop(state);
                self.not_tuned(id, error)
            }
            Err(abandoned) => Err(abandoned),
        }
    }
}

/// What became of each setting, as the device that was opened says.
fn restarted(tuning: &Tuning, known: &[Setting]) -> Vec<Change> {
    let change = |setting: Setting| {
        let known = known.iter().find(|known| known.name == setting.name);
        Change { setting: known.cloned().unwrap_or(setting), effect: Effect::Restarted }
    };
    let size = tuning.size.into_iter().flat_map(|(width, height)| {
        [Setting::requested(SettingName::Width, width), Setting::requested(SettingName::Height, height)]
    });
    size.chain(tuning.settings()).map(change).collect()
}
