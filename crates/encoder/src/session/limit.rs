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
/// A caller who rests is no measure of the device.
const LONGEST_PACE: Duration = Duration::from_millis(500);
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
    /// A caller found no room since the last chunk, so the limit decides how many frames are in flight.
    pressed: bool,
    /// The last chunk, and whether frames were in flight behind it.
    last_chunk: Option<(Instant, bool)>,
    /// Between two chunks of a busy device; old values fade.
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
        Self {
            mode,
            at_most,
            certain: at_most.is_some(),
            pressed: false,
            last_chunk: None,
            pace: Duration::ZERO,
        }
    }

    /// The delay, once it is certain enough to tell.
    pub(super) fn delay(&self) -> Option<u32> {
        self.at_most
    }

    /// The delay, where it is proven from both sides.
    pub(super) fn certain_delay(&self) -> Option<u32> {
        self.at_most.filter(|_| self.certain)
    }

    /// How many frames may be in flight now.
    pub(super) fn now(&self, now: Instant) -> u32 {
        match (&self.mode, self.at_most) {
            (Mode::All, _) | (Mode::Measured, None) => u32::MAX,
            (Mode::Fixed(frames), _) => *frames,
            (Mode::Measured, Some(at_most)) if self.is_probing() && !self.paused_long(now) => at_most.max(1),
            (Mode::Measured, Some(at_most)) => at_most + MARGIN,
        }
    }

    /// A caller found no room.
    pub(super) fn press(&mut self) {
        self.pressed = true;
    }

    fn is_probing(&self) -> bool {
        self.pressed && !self.certain
    }

    /// Takes note of a chunk that came by itself while `later` frames were in flight behind its own.
    pub(super) fn chunk(&mut self, later: u32, now: Instant) {
        if let Some((last, true)) = self.last_chunk {
            self.pace = (now - last).max(self.pace * 7 / 8).min(LONGEST_PACE);
        }
        self.last_chunk = Some((now, later > 0));
        let at_most = self.at_most.map_or(later, |known| known.min(later));
        self.at_most = Some(at_most);
        self.certain |= at_most == 0;
        self.pressed = false;
    }

    /// Whether the lowered limit has held the device up for long enough to be sure; remembers it.
    pub(super) fn settle(&mut self, now: Instant) {
        self.certain |= self.is_probing() && self.at_most.is_some() && self.paused_long(now);
    }

    /// Silence after which the device has nothing more to give by itself.
    pub(super) fn pause(&self) -> Duration {
        (self.pace * PACES).max(SHORTEST_PAUSE)
    }

    fn paused_long(&self, now: Instant) -> bool {
        self.last_chunk.is_some_and(|(last, _)| now >= last + self.pause())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn everything_may_be_in_flight_until_the_first_chunk() {
        let mut limit = InFlightLimit::measured(None);
        limit.press();
        assert_eq!(limit.now(Instant::now()), u32::MAX);
    }

    #[test]
    fn a_cameras_pace_shows_the_delay_but_does_not_prove_it() {
        let mut limit = InFlightLimit::measured(None);
        let start = Instant::now();
        for frame in 0..30 {
            limit.chunk(2, start + 33 * MS * frame);
        }
        assert_eq!(limit.delay(), Some(2));
        assert_eq!(limit.certain_delay(), None);
        assert_eq!(limit.now(start + 33 * MS * 30), 4);
    }

    #[test]
    fn a_fast_caller_is_held_back_step_by_step_until_the_device_pauses() {
        let mut limit = InFlightLimit::measured(None);
        let mut time = Instant::now();
        for later in [5, 4, 3, 2] {
            limit.chunk(later, time);
            limit.press();
            assert_eq!(limit.now(time), later);
            time += MS;
        }
        // The device holds back two: with two in flight nothing comes any more.
        limit.settle(time);
        assert_eq!(limit.now(time), 2);
        let sure = time + SHORTEST_PAUSE;
        limit.settle(sure);
        assert_eq!(limit.certain_delay(), Some(2));
        assert_eq!(limit.now(sure), 4);
        limit.chunk(2, sure + MS);
        assert_eq!(limit.now(sure + MS), 4);
    }

    #[test]
    fn a_slow_device_is_not_taken_for_one_that_holds_frames_back() {
        let mut limit = InFlightLimit::measured(None);
        let mut time = Instant::now();
        for later in [5, 4, 3, 2, 1, 0] {
            limit.chunk(later, time);
            for _ in 0..4 {
                limit.press();
                time += 10 * MS;
                limit.settle(time);
            }
        }
        assert_eq!(limit.certain_delay(), Some(0));
        assert_eq!(limit.now(time), 2);
    }

    #[test]
    fn a_device_without_delay_settles_at_once() {
        let mut limit = InFlightLimit::measured(None);
        limit.chunk(0, Instant::now());
        limit.press();
        assert_eq!(limit.now(Instant::now()), 2);
    }

    #[test]
    fn a_fixed_depth_is_not_measured() {
        let mut limit = InFlightLimit::fixed(1);
        limit.chunk(0, Instant::now());
        assert_eq!(limit.now(Instant::now()), 1);
    }
}
