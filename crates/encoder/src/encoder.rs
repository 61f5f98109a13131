use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use v4l2::receive_within;

use crate::config::{Config, Tuning};
use crate::error::{Code, Error, Result};
use crate::event::{Active, Event, Lost};
use crate::input::frame::Frame;
use crate::output::chunk::Chunk;
use crate::session::{Session, TryResult};
use crate::stats::Stats;

/// An encoder for programs without an event loop: calls wait, within the configuration's time-out.
///
/// ```no_run
/// use v4l2_encoder_example::*;
/// # mod v4l2_encoder_example { pub use encoder::{Codec, Config, Encoder, Frame}; }
/// # fn main() -> encoder::Result<()> {
/// let mut encoder = Encoder::open(Config::new(Codec::H264))?;
/// println!("{} encodes", encoder.active().backend.name());
/// let frame = vec![128; 1280 * 720 * 3 / 2];
/// encoder.encode(&Frame::i420(&frame, 0), false)?;
/// for chunk in encoder.finish()? {
///     println!("{} bytes", chunk.data.len());
/// }
/// # Ok(()) }
/// ```
pub struct Encoder {
    session: Session,
    events: Receiver<Event>,
    active: Active,
    chunks: VecDeque<Chunk>,
    lost: Vec<Lost>,
    max_wait: Duration,
    requests: u32,
}

impl Encoder {
    /// Finds an encoder and opens it.
    ///
    /// # Errors
    /// [`Code::Config`] for a wrong configuration, [`Code::NoEncoder`] with everything that was tried.
    pub fn open(config: Config) -> Result<Self> {
        // The watchdog answers within the time-out of each encoder that is tried.
        let max_wait = config.timeout.saturating_mul(4);
        let (send, events) = channel();
        let session = Session::start(config, move |event| {
            // After the encoder is dropped nobody listens any more.
            drop(send.send(event));
        })?;
        match receive_within(&events, max_wait) {
            Ok(Event::Opened(active)) => Ok(Self {
                session,
                events,
                active: *active,
                chunks: VecDeque::new(),
                lost: Vec::new(),
                max_wait,
                requests: 0,
            }),
            Ok(Event::Failed(error)) => Err(error),
            _ => Err(Error::new(Code::Timeout, "No encoder could be opened in time.")),
        }
    }

    /// Which encoder runs, and why.
    #[must_use]
    pub fn active(&self) -> &Active {
        &self.active
    }

    /// Counters.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.session.stats()
    }

    /// Takes a frame, waiting for room if there is none.
    ///
    /// # Errors
    /// [`Code::Frame`] for a wrong frame; the device's failure otherwise.
    pub fn encode(&mut self, frame: &Frame<'_>, key_frame: bool) -> Result<()> {
        let deadline = Instant::now() + self.max_wait;
        loop {
            match self.session.try_encode(frame, key_frame)? {
                TryResult::Accepted => return Ok(()),
                TryResult::Full => while !self.receive(deadline)? {},
                TryResult::Closed => return Err(self.why_closed()),
            }
        }
    }

    /// What ended the session was configured before it took no more frames.
    fn why_closed(&mut self) -> Error {
        while let Ok(event) = self.events.try_recv() {
            if let Err(error) = self.handle(event) {
                return error;
            }
        }
        crate::error::closed()
    }

    /// The next chunk that is ready, without waiting.
    ///
    /// # Errors
    /// The device's failure.
    pub fn try_next(&mut self) -> Result<Option<Chunk>> {
        while let Ok(event) = self.events.try_recv() {
            self.handle(event)?;
        }
        Ok(self.chunks.pop_front())
    }

    /// Frames that will not come, since the last call.
    pub fn take_lost(&mut self) -> Vec<Lost> {
        std::mem::take(&mut self.lost)
    }

    /// Waits for all chunks of the frames so far.
    ///
    /// # Errors
    /// The device's failure.
    pub fn flush(&mut self) -> Result<Vec<Chunk>> {
        self.requests += 1;
        self.session.flush(self.requests);
        self.answer()?;
        Ok(self.chunks.drain(..).collect())
    }

    /// Changes settings of the running encoder.
    ///
    /// # Errors
    /// [`Code::Config`] for a value outside its range, [`Code::Control`] when the device rejects it.
    pub fn tune(&mut self, tuning: Tuning) -> Result<()> {
        self.requests += 1;
        self.session.tune(self.requests, tuning, false);
        self.answer()
    }

    /// Closes the encoder and returns the remaining chunks.
    ///
    /// # Errors
    /// The device's failure.
    pub fn finish(mut self) -> Result<Vec<Chunk>> {
        self.requests += 1;
        self.session.close(self.requests, false);
        self.answer()?;
        Ok(self.chunks.drain(..).collect())
    }

    fn answer(&mut self) -> Result<()> {
        let deadline = Instant::now() + self.max_wait;
        loop {
            match self.event(deadline)? {
                Event::Done(id, error) if id == self.requests => return error.map_or(Ok(()), Err),
                Event::Tuned(id, _) if id == self.requests => return Ok(()),
                event => drop(self.handle(event)?),
            }
        }
    }

    /// Handles one event; `true` when it was about room.
    fn receive(&mut self, deadline: Instant) -> Result<bool> {
        let event = self.event(deadline)?;
        self.handle(event)
    }

    fn event(&self, deadline: Instant) -> Result<Event> {
        let left = deadline.saturating_duration_since(Instant::now());
        self.events.recv_timeout(left).map_err(|error| match error {
            RecvTimeoutError::Timeout => Error::new(Code::Timeout, "The encoder did not answer in time."),
            RecvTimeoutError::Disconnected => crate::error::closed(),
        })
    }

    fn handle(&mut self, event: Event) -> Result<bool> {
        match event {
            Event::Room => return Ok(true),
            Event::Chunk(chunk) => self.chunks.push_back(chunk),
            Event::Lost(lost) => self.lost.push(lost),
            Event::Active(active) => self.active = *active,
            Event::Fatal(error) | Event::Failed(error) => return Err(error),
            Event::Opened(_)
            | Event::Done(..)
            | Event::Tuned(..)
            | Event::Held(_)
            | Event::Released(_)
            | Event::Over => {}
        }
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::Codec;
    use crate::config::Hardware;

    #[test]
    fn a_closed_encoder_says_so_at_once() {
        let config = Config { hardware: Hardware::Never, width: 16, height: 16, ..Config::new(Codec::H264) };
        let mut encoder = Encoder::open(config).unwrap();
        encoder.session.close(0, true);
        let start = Instant::now();
        let error = encoder.encode(&Frame::i420(&[0; 16 * 16 * 3 / 2], 0), false).unwrap_err();
        assert_eq!(error.code, Code::Closed);
        assert!(start.elapsed() < Duration::from_secs(1));
    }
}
