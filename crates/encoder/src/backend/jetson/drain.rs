//! The end of a stream.
//!
//! It is requested by an empty raw buffer, or by the command STOP when no buffer is free, or buffers have no
//! memory of their own. It has come when the device
//! gives a coded buffer with the flag LAST (empty or not), or an empty one, or answers EPIPE, or sends the event EOS. The
//! event may be seen before the last frames are, which came after nothing was found: it counts once nothing is found again.

use v4l2::ioctl::{self, EncoderCommand};
use v4l2::{Queue, Transport};

use crate::error::Result;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Running,
    /// The end was requested; with the index of the empty raw buffer, if it was requested in this way.
    UnderWay {
        marker: Option<u32>,
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

    pub(super) fn begin(&mut self, transport: &dyn Transport, raw: &Queue, spare: Option<u32>) -> Result<()> {
        if self.0 != State::Running {
            return Ok(());
        }
        // Not every release has events; the other shapes of an end do without.
        let subscribed = ioctl::subscribe_event(transport, ioctl::EVENT_EOS).is_ok();
        // A buffer without memory of its own is not empty, it is nothing.
        let spare = spare.filter(|_| raw.has_memory());
        let marker = spare.filter(|index| raw.queue_empty(*index).is_ok());
        if marker.is_none() {
            ioctl::encoder_cmd(transport, EncoderCommand::Stop)?;
        }
        self.0 = State::UnderWay { marker, subscribed, event: false };
        Ok(())
    }

    pub(super) fn is_marker(&self, index: u32) -> bool {
        matches!(self.0, State::UnderWay { marker: Some(marker), .. } if marker == index)
    }

    pub(super) fn is_under_way(&self) -> bool {
        matches!(self.0, State::UnderWay { .. })
    }

    pub(super) fn expects_event(&self) -> bool {
        matches!(self.0, State::UnderWay { subscribed: true, event: false, .. })
    }

    /// Whether the event has come.
    pub(super) fn has_event(&self) -> bool {
        matches!(self.0, State::UnderWay { event: true, .. })
    }

    /// The event EOS came.
    pub(super) fn event(&mut self) {
        if let State::UnderWay { event, .. } = &mut self.0 {
            *event = true;
        }
    }

    pub(super) fn ended(&self) -> bool {
        self.0 == State::Ended
    }

    pub(super) fn end(&mut self) {
        self.0 = State::Ended;
    }
}
