//! How many frames may be in flight.
//!
//! Every frame beyond what the device needs to keep busy is latency. What it needs is its pipeline delay, the frames
//! it holds back until more follow, plus one being encoded and one waiting. The delay cannot be queried, so it is measured:
//! a chunk that comes while `n` later frames are in flight proves a delay of at most `n`. Where frames always wait, `n` stays
//! at the number of buffers, so the limit is lowered step by step until the device stops giving. Its silence with `n` frames
//! proves a delay of at least `n`, costs one short pause, and happens once.

use std::time::{Duration, Instant};

/// Beyond the delay: one being encoded, one waiting.
const MARGIN: u32 = 2;
/// A device that has nothing to give for this many times its usual pace is held up by the limit.
const PACES: u32 = 3;
/// A caller who rests is no measure of the device.
const LONGEST_PACE: Duration = Duration::from_millis(500);
const LONGEST_LATENCY: Duration = Duration::from_millis(200);
const SHORTEST_PAUSE: Duration = Duration::from_millis(20);
/// A first frame takes about 100 ms on boards. Later the device's own pace says how long to wait.
pub(super) const FIRST_PAUSE: Duration = Duration::from_millis(250);

#[derive(Debug)]
enum Mode {
    /// As many as there are buffers.
    All,
    /// This many.
    Fixed(u32),
    /// What the measured delay needs.
    Measured,
}

#[derive(Debug)]
pub(super) struct InFlightLimit {
    mode: Mode,
    /// The delay is at most this.
    at_most: Option<u32>,
    /// Whether it is exactly that.
    certain: bool,
    /// A caller found no room since the last chunk.
    starved: bool,
    /// The last chunk, and whether frames were in flight behind it.
    last_chunk: Option<(Instant, bool)>,
    /// When a frame last went into the device or came out of it.
    last_move: Option<Instant>,
    /// Between two chunks of a busy device; old values fade.
    pace: Option<Duration>,
    /// From a frame to its chunk; old values fade.
    latency: Duration,
}

impl InFlightLimit {
    pub(super) fn all() -> Self {
        Self::new(Mode::All, None)
    }

    pub(super) fn fixed(frames: u32) -> Self {
        Self::new(Mode::Fixed(frames), None)
    }

    /// `known` is the delay of an encoder that reports it.
    pub(super) fn measured(known: Option<u32>) -> Self {
        Self::new(Mode::Measured, known)
    }

    fn new(mode: Mode, at_most: Option<u32>) -> Self {
        Self {
            mode,
            at_most,
            certain: at_most.is_some(),
            starved: false,
            last_chunk: None,
            last_move: None,
            pace: None,
            latency: Duration::ZERO,
        }
    }

    /// What the delay cannot exceed, once there is a bound.
    pub(super) fn max_delay(&self) -> Option<u32> {
        self.at_most
    }

    /// The delay, where it is proven from both sides.
    pub(super) fn certain_delay(&self) -> Option<u32> {
        self.at_most.filter(|_| self.certain)
    }

    /// How many frames may be in flight now. Where a caller is `waiting`, or was turned away, the limit decides how many
    /// are, and is lowered until the delay is certain.
    pub(super) fn now(&self, waiting: bool, now: Instant) -> u32 {
        let probing = (waiting || self.starved) && !self.certain;
        match (&self.mode, self.at_most) {
            (Mode::All, _) | (Mode::Measured, None) => u32::MAX,
            (Mode::Fixed(frames), _) => *frames,
            (Mode::Measured, Some(at_most)) if probing && !self.is_silent(now) => at_most.max(1),
            (Mode::Measured, Some(at_most)) => at_most + MARGIN,
        }
    }

    /// A caller found no room.
    pub(super) fn mark_starved(&mut self) {
        self.starved = true;
    }

    /// The device was reopened: what is known of it stays, but it begins at rest.
    pub(super) fn restart(&mut self) {
        (self.last_chunk, self.last_move) = (None, None);
    }

    /// A frame went into the device.
    pub(super) fn queued(&mut self, now: Instant) {
        self.last_move = Some(now);
    }

    /// Takes note of a chunk that came by itself, `latency` after its frame was taken and while `later` frames were in
    /// flight behind it.
    pub(super) fn chunk(&mut self, later: u32, latency: Duration, now: Instant) {
        if let Some((last, true)) = self.last_chunk {
            self.pace = Some((now - last).max(self.pace.unwrap_or_default() * 7 / 8).min(LONGEST_PACE));
        }
        self.latency = latency.max(self.latency * 7 / 8).min(LONGEST_LATENCY);
        self.last_chunk = Some((now, later > 0));
        self.last_move = Some(now);
        self.starved = false;
        if self.at_most.is_none_or(|known| later < known) {
            self.at_most = Some(later);
            self.certain = later == 0;
        }
    }

    /// Takes note of what the device gives while it has `submitted` frames: if nothing, it holds back as many.
    pub(super) fn record_silence(&mut self, submitted: u32, now: Instant) {
        self.certain |= self.at_most == Some(submitted) && self.is_silent(now);
    }

    /// Silence after which the device has nothing more to give by itself.
    pub(super) fn pause(&self) -> Duration {
        let Some(pace) = self.pace else { return FIRST_PAUSE };
        (pace * PACES).max(self.latency * 3 / 2).max(SHORTEST_PAUSE)
    }

    /// For how long no frame went into the device or came out of it.
    pub(super) fn silence(&self, now: Instant) -> Duration {
        self.last_move.map_or(Duration::ZERO, |last| now - last)
    }

    fn is_silent(&self, now: Instant) -> bool {
        self.silence(now) >= self.pause()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);
    const LATENCY: Duration = Duration::from_millis(5);

    #[test]
    fn everything_may_be_in_flight_until_the_first_chunk() {
        let mut limit = InFlightLimit::measured(None);
        limit.mark_starved();
        assert_eq!(limit.now(false, Instant::now()), u32::MAX);
    }

    #[test]
    fn a_cameras_pace_shows_the_delay_but_does_not_prove_it() {
        let mut limit = InFlightLimit::measured(None);
        let start = Instant::now();
        for frame in 0..30 {
            limit.chunk(2, LATENCY, start + 33 * MS * frame);
        }
        assert_eq!(limit.max_delay(), Some(2));
        assert_eq!(limit.certain_delay(), None);
        assert_eq!(limit.now(false, start + 33 * MS * 30), 4);
    }

    #[test]
    fn a_fast_caller_is_held_back_step_by_step_until_the_device_pauses() {
        let mut limit = InFlightLimit::measured(None);
        let mut time = Instant::now();
        for later in [5, 4, 3, 2] {
            limit.chunk(later, LATENCY, time);
            assert_eq!(limit.now(true, time), later);
            limit.mark_starved();
            assert_eq!(limit.now(false, time), later);
            time += MS;
        }
        // The device holds back two: with two in flight nothing comes any more.
        limit.record_silence(2, time);
        assert_eq!(limit.now(false, time), 2);
        let sure = time + SHORTEST_PAUSE;
        limit.record_silence(2, sure);
        assert_eq!(limit.certain_delay(), Some(2));
        assert_eq!(limit.now(false, sure), 4);
        limit.chunk(2, LATENCY, sure + MS);
        assert_eq!(limit.now(false, sure + MS), 4);
    }

    #[test]
    fn a_slow_device_is_not_taken_for_one_that_holds_frames_back() {
        let mut limit = InFlightLimit::measured(None);
        let mut time = Instant::now();
        for later in [5, 4, 3, 2, 1, 0] {
            limit.chunk(later, 40 * MS, time);
            for _ in 0..4 {
                limit.mark_starved();
                time += 10 * MS;
                limit.record_silence(later, time);
            }
            assert_eq!(limit.now(false, time), if later == 0 { MARGIN } else { later });
        }
        assert_eq!(limit.certain_delay(), Some(0));
    }

    #[test]
    fn nor_is_one_that_codes_several_at_once() {
        let mut limit = InFlightLimit::measured(None);
        let start = Instant::now();
        for later in [5, 4, 3, 2] {
            limit.chunk(later, 40 * MS, start);
        }
        limit.record_silence(2, start + 40 * MS);
        assert_eq!(limit.certain_delay(), None);
    }

    #[test]
    fn silence_before_the_last_frame_proves_nothing() {
        let mut limit = InFlightLimit::measured(None);
        let mut time = Instant::now();
        for _ in 0..2 {
            limit.chunk(1, LATENCY, time);
        }
        time += 1000 * MS;
        limit.queued(time);
        limit.record_silence(1, time + MS);
        assert_eq!(limit.certain_delay(), None);
    }

    #[test]
    fn nor_does_silence_with_more_frames_than_can_be_held_back() {
        let mut limit = InFlightLimit::all();
        let start = Instant::now();
        for _ in 0..2 {
            limit.chunk(5, LATENCY, start);
        }
        limit.record_silence(6, start + 1000 * MS);
        assert_eq!(limit.certain_delay(), None);
    }

    #[test]
    fn a_bound_that_was_too_high_is_uncertain_again() {
        let mut limit = InFlightLimit::measured(Some(3));
        limit.chunk(2, LATENCY, Instant::now());
        assert_eq!((limit.max_delay(), limit.certain_delay()), (Some(2), None));
    }

    #[test]
    fn a_device_without_delay_settles_at_once() {
        let mut limit = InFlightLimit::measured(None);
        limit.chunk(0, LATENCY, Instant::now());
        limit.mark_starved();
        assert_eq!(limit.now(false, Instant::now()), 2);
    }

    #[test]
    fn a_fixed_depth_is_not_measured() {
        let mut limit = InFlightLimit::fixed(1);
        limit.chunk(0, LATENCY, Instant::now());
        assert_eq!(limit.now(false, Instant::now()), 1);
    }
}
