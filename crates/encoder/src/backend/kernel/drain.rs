//! The end of a stream.
//!
//! It is requested by the command STOP. It has come when a coded buffer carries the flag LAST, with a frame or without,
//! or when DQBUF answers EPIPE although no such buffer was ever given (amphion, coda), or when an empty buffer follows the
//! event EOS (s5p-mfc). Some drivers never send that event, some send it before the last frame: it is a hint, and
//! counts alone only after a pause.

use std::time::{Duration, Instant};

use v4l2::ioctl::{self, EncoderCommand};
use v4l2::{Errno, Transport};

use crate::error::Result;

/// After the event EOS, with every frame out and nothing to dequeue for so long, the stream is over.
const AFTER_EVENT: Duration = Duration::from_millis(50);
/// More events than wait in a queue.
const MAX_EVENTS: u32 = 64;
/// With the event, or every raw buffer given back, and nothing coded for so long, it is over whatever has not come.
const AFTER_SILENCE: Duration = Duration::from_secs(1);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Running,
    UnderWay {
        /// The last sign of life.
        moved: Instant,
        /// EOS events can come.
        subscribed: bool,
        /// One has come.
        event: bool,
    },
    Ended,
}

#[derive(Debug)]
pub(super) struct Drain(State);

impl Drain {
    pub(super) fn new() -> Self {
        Self(State::Running)
    }

    pub(super) fn begin(&mut self, transport: &dyn Transport) -> Result<()> {
        if self.0 != State::Running {
            return Ok(());
        }
        let subscribed = ioctl::subscribe_event(transport, ioctl::EVENT_EOS).is_ok();
        // The event of the drain before, whose last buffer came first, would end this one.
        for _ in 0..MAX_EVENTS {
            if !subscribed || ioctl::dqevent(transport)?.is_none() {
                break;
            }
        }
        match ioctl::encoder_cmd(transport, EncoderCommand::Stop) {
            // EBUSY: the driver is draining already.
            Err(error) if error.errno() != Some(Errno::EBUSY) => return Err(error.into()),
            _ => {}
        }
        self.0 = State::UnderWay { moved: Instant::now(), subscribed, event: false };
        Ok(())
    }

    pub(super) fn is_under_way(&self) -> bool {
        matches!(self.0, State::UnderWay { .. })
    }

    /// Whether the driver may send the event.
    pub(super) fn expects_event(&self) -> bool {
        matches!(self.0, State::UnderWay { subscribed: true, event: false, .. })
    }

    /// Whether the event has come.
    pub(super) fn has_event(&self) -> bool {
        matches!(self.0, State::UnderWay { event: true, .. })
    }

    pub(super) fn ended(&self) -> bool {
        self.0 == State::Ended
    }

    /// The event EOS came.
    pub(super) fn event(&mut self) {
        if let State::UnderWay { moved, event, .. } = &mut self.0 {
            (*moved, *event) = (Instant::now(), true);
        }
    }

    /// A coded buffer came.
    pub(super) fn moved(&mut self) {
        if let State::UnderWay { moved, .. } = &mut self.0 {
            *moved = Instant::now();
        }
    }

    /// Whether silence alone means the end. `complete`: every frame has come out; `emptied`: every raw buffer has come back.
    pub(super) fn is_over_by_silence(&self, complete: bool, emptied: bool, now: Instant) -> bool {
        let State::UnderWay { moved, event, .. } = self.0 else { return false };
        let silence = now - moved;
        let seen_enough = event || emptied;
        (event && complete && silence >= AFTER_EVENT) || (seen_enough && silence >= AFTER_SILENCE)
    }

    pub(super) fn end(&mut self) {
        self.0 = State::Ended;
    }

    /// A new stream begins.
    pub(super) fn reset(&mut self) {
        self.0 = State::Running;
    }
}

#[cfg(test)]
mod tests {
    use v4l2::testing::{Fake, Reply};

    use super::*;

    fn begun(replies: impl IntoIterator<Item = Reply>) -> Result<Drain> {
        let mut drain = Drain::new();
        drain.begin(&Fake::new(replies)).map(|()| drain)
    }

    fn subscribed() -> Drain {
        begun([
            Reply::ok("VIDIOC_SUBSCRIBE_EVENT"),
            Reply::error("VIDIOC_DQEVENT", Errno::ENOENT),
            Reply::ok("VIDIOC_ENCODER_CMD"),
        ])
        .unwrap()
    }

    #[test]
    fn a_driver_without_events_is_drained_all_the_same() {
        let drain = begun([
            Reply::error("VIDIOC_SUBSCRIBE_EVENT", Errno::EINVAL),
            Reply::error("VIDIOC_ENCODER_CMD", Errno::EBUSY),
        ])
        .unwrap();
        assert!(drain.is_under_way() && !drain.expects_event());
    }

    #[test]
    fn the_event_counts_after_a_pause_and_silence_only_with_nothing_in_the_device() {
        let mut drain = subscribed();
        let now = Instant::now();
        assert!(!drain.is_over_by_silence(true, false, now + 2 * AFTER_SILENCE));
        assert!(drain.is_over_by_silence(false, true, now + 2 * AFTER_SILENCE));
        drain.event();
        assert!(!drain.is_over_by_silence(true, false, now));
        assert!(!drain.is_over_by_silence(false, true, now + 2 * AFTER_EVENT));
        assert!(drain.is_over_by_silence(true, false, now + 2 * AFTER_EVENT));
        assert!(drain.is_over_by_silence(false, false, now + 2 * AFTER_SILENCE));
    }

    #[test]
    fn a_rejected_command_is_reported() {
        let replies = [
            Reply::error("VIDIOC_SUBSCRIBE_EVENT", Errno::EINVAL),
            Reply::error("VIDIOC_ENCODER_CMD", Errno::ENOTTY),
        ];
        assert_eq!(begun(replies).unwrap_err().errno, Some(Errno::ENOTTY));
    }
}
