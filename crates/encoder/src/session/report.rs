//! What a session reports to its caller: lost frames, warnings, answers, and its end.

use std::time::Duration;

use super::ledger::FinishedFrame;
use super::shared::Shared;
use super::state::{Phase, State};
use crate::candidate::Candidate;
use crate::error::{Code, Error};
use crate::event::{Event, Lost};
use crate::select;
use crate::settings::Warning;

/// Nothing is left to try.
pub(super) fn give_up(shared: &Shared, state: &mut State, failed: Option<Error>, others: &[Candidate]) {
    if let Some(error) = failed {
        fail(shared, state, error);
        device_closed(shared, state);
        return;
    }
    let error = select::no_encoder(&shared.config, std::mem::take(&mut state.rejected), others);
    state.phase = Phase::Over;
    shared.emit(state, Event::Failed(error.clone()));
    answer_all(shared, state, Some(&error));
    device_closed(shared, state);
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
    let waiting: Vec<_> = state.commands.drain(..).filter_map(|command| command.id()).collect();
    for (id, _) in waiting.iter().filter(|(_, closes)| !closes) {
        shared.emit(state, Event::Done(*id, Some(error.cloned().unwrap_or_else(crate::error::closed))));
    }
    for (id, _) in waiting.iter().filter(|(_, closes)| *closes) {
        shared.emit(state, Event::Done(*id, error.cloned()));
    }
}

/// The device is closed, or will never be: nobody need wait for it any more, and its memory is released.
pub(super) fn device_closed(shared: &Shared, state: &mut State) {
    if state.device_closed {
        return;
    }
    state.free.clear();
    state.end_leases();
    state.device_closed = true;
    // A close that was requested after the failure.
    answer_all(shared, state, None);
    shared.emit(state, Event::Over);
    shared.over.notify_all();
}

/// Reports frames that will not come, one by one.
pub(super) fn report_lost(shared: &Shared, state: &State, lost: &[FinishedFrame], why: impl Fn() -> Error) {
    for frame in lost {
        let error = why();
        shared
            .logger
            .debug(|| format!("the frame of timestamp {} is lost: {}", frame.timestamp, error.message));
        shared.emit(state, Event::Lost(Lost { timestamp: frame.timestamp, error }));
    }
}

/// The device failed on one frame.
pub(super) fn lost_one(shared: &Shared, state: &mut State, key: Duration) {
    if let Some((frame, buffer)) = state.ledger.lose(key) {
        if let Some(buffer) = buffer {
            state.recycle(buffer);
        }
        report_lost(shared, state, &[frame], || {
            Error::new(Code::Device, "The device reported that it failed to encode this frame.")
        });
    }
}

/// A frame cannot be moved to the device that is to encode it.
pub(super) fn lost_in_transfer(shared: &Shared, state: &mut State, key: Duration, why: &Error) {
    if let Some(frame) = state.ledger.withdraw(key) {
        report_lost(shared, state, &[frame], || why.clone());
    }
}

/// Reports what runs as it is now.
pub(super) fn emit_active(shared: &Shared, state: &State) {
    if let Some(active) = &state.active {
        shared.emit(state, Event::Active(Box::new(active.clone())));
    }
}

/// The device rejected or changed something. A warning that differs from an earlier one by its numbers only takes that one's place,
/// and is not logged: a program that changes the bit rate all the time would collect them.
pub(super) fn warn(shared: &Shared, state: &mut State, warning: Warning) {
    let earlier = state.active.as_mut().and_then(|active| {
        active.warnings.iter_mut().find(|known| warning.setting.is_some() && known.is_like(&warning))
    });
    if let Some(earlier) = earlier {
        *earlier = warning;
        return emit_active(shared, state);
    }
    shared.logger.warn(|| warning.message.clone());
    if let Some(active) = &mut state.active {
        active.warnings.push(warning);
        emit_active(shared, state);
    }
}
