//! How many frames may be in flight.
//!
//! Every frame beyond what the device needs to keep busy is latency. What it needs is its pipeline delay, the frames
//! it holds back until more follow, plus one being coded and one waiting. The delay cannot be asked for, so it is measured:
//! a chunk that comes while `n` later frames are in flight proves a delay of at most `n`. Where frames always wait, `n` stays
//! at the number of buffers, so the limit is lowered step by step until the device stops giving; that proves the delay from
//! below, costs one short pause, and happens once.

use std::time::{Duration, Instant};

/// Beyond the delay: one being coded, one waiting.
const MARGIN: u32 = 2;
/// A device that has nothing to give for this many times its usual pace is held up by the limit.
const PACES: u32 = 3;
/// So many chunks that show the same delay at a camera's pace make it certain.
const STEADY: u32 = 8;
const SHORTEST_PAUSE: Duration = Duration::from_millis(20);

#[derive(Debug)]
enum Mode {
    /// As many as there are buffers.
    All,
    /// This many.
    Fixed(u32),
    /// What the measured delay asks for.
    Measured,
}

#[derive(Debug)]
pub(super) struct InFlightLimit {
    mode: Mode,
    /// The delay is at most this.
    at_most: Option<u32>,
    /// Whether it is exactly that.
    certain: bool,
    /// Chunks in a row that showed the same delay at the caller's own pace.
    steady: u32,
    last_chunk: Option<Instant>,
    pace: Duration,
}

impl InFlightLimit {
    pub(super) fn all() -> Self {
        Self::new(Mode::All, None)
    }

    pub(super) fn fixed(frames: u32) -> Self {
        Self::new(Mode::Fixed(frames), None)
    }

    /// `known` is the delay of an encoder that tells it.
    pub(super) fn measured(known: Option<u32>) -> Self {
        Self::new(Mode::Measured, known)
    }

    fn new(mode: Mode, at_most: Option<u32>) -> Self {
        Self { mode, at_most, certain: at_most.is_some(), steady: 0, last_chunk: None, pace: Duration::ZERO }
    }

    /// The delay, once it is certain enough to tell.
    pub(super) fn delay(&self) -> Option<u32> {
        self.at_most
    }

    /// The delay, where it is proven from both sides.
    pub(super) fn certain_delay(&self) -> Option<u32> {
        self.at_most.filter(|_| self.certain)
    }

    /// How many frames may be in flight now. `waiting` says whether a caller waits for room.
    pub(super) fn now(&self, waiting: bool, now: Instant) -> u32 {
        match (&self.mode, self.at_most) {
            (Mode::All, _) | (Mode::Measured, None) => u32::MAX,
            (Mode::Fixed(frames), _) => *frames,
            (Mode::Measured, Some(at_most)) if waiting && !self.certain && !self.paused_long(now) => {
                at_most.max(1)
            }
            (Mode::Measured, Some(at_most)) => at_most + MARGIN,
        }
    }

    /// Takes note of a chunk that came while `later` frames were in flight behind its own. Where no caller is `waiting`, the
    /// frames' own rate decides how many are in flight, and the same number again and again is the delay.
    pub(super) fn chunk(&mut self, later: u32, waiting: bool, now: Instant) {
        if let Some(last) = self.last_chunk {
            self.pace = self.pace.max(now - last).min(Duration::from_millis(100));
        }
        self.last_chunk = Some(now);
        let at_most = self.at_most.map_or(later, |known| known.min(later));
        self.steady = if self.at_most == Some(later) && !waiting { self.steady + 1 } else { 0 };
        self.at_most = Some(at_most);
        self.certain |= at_most == 0 || self.steady >= STEADY;
    }

    /// Whether the lowered limit has held the device up for long enough to be sure; remembers it.
    pub(super) fn settle(&mut self, now: Instant) {
        if self.at_most.is_some() && self.paused_long(now) {
            self.certain = true;
        }
    }

    /// Silence after which the device has nothing more to give by itself.
    pub(super) fn pause(&self) -> Duration {
        (self.pace * PACES).max(SHORTEST_PAUSE)
    }

    fn paused_long(&self, now: Instant) -> bool {
        self.last_chunk.is_some_and(|last| now >= last + self.pause())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_may_be_in_flight_until_the_first_chunk() {
        let limit = InFlightLimit::measured(None);
        assert_eq!(limit.now(true, Instant::now()), u32::MAX);
    }

    #[test]
    fn a_camera_rate_shows_the_delay_by_itself() {
        let mut limit = InFlightLimit::measured(None);
        let start = Instant::now();
        for frame in 0..10 {
            assert_eq!(limit.certain_delay(), None);
            limit.chunk(2, false, start + Duration::from_millis(33) * frame);
            if frame == 8 {
                break;
            }
        }
        assert_eq!(limit.certain_delay(), Some(2));
        assert_eq!(limit.now(false, start), 4);
    }

    #[test]
    fn a_fast_caller_is_held_back_step_by_step_until_the_device_pauses() {
        let mut limit = InFlightLimit::measured(None);
        let start = Instant::now();
        let mut time = start;
        for later in [5, 4, 3, 2] {
            limit.chunk(later, true, time);
            assert_eq!(limit.now(true, time), later);
            time += Duration::from_millis(1);
        }
        // The device holds back two: with two in flight nothing comes any more.
        limit.settle(time);
        assert_eq!(limit.now(true, time), 2);
        let sure = time + SHORTEST_PAUSE;
        limit.settle(sure);
        assert_eq!(limit.now(true, sure), 4);
        limit.chunk(2, true, sure + Duration::from_millis(1));
        assert_eq!(limit.now(true, sure + Duration::from_millis(1)), 4);
    }

    #[test]
    fn a_device_without_delay_settles_at_once() {
        let mut limit = InFlightLimit::measured(None);
        limit.chunk(0, false, Instant::now());
        assert_eq!(limit.now(true, Instant::now()), 2);
    }

    #[test]
    fn a_fixed_depth_is_not_measured() {
        let mut limit = InFlightLimit::fixed(1);
        limit.chunk(0, false, Instant::now());
        assert_eq!(limit.now(true, Instant::now()), 1);
    }
}
