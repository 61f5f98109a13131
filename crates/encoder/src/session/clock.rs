use std::time::Duration;

/// The first timestamp a device gets. Zero and below mean "none" to some drivers.
const START: Duration = Duration::from_secs(1);
/// A step is at least the nominal interval divided by this, and at most the interval times this.
const RANGE: u32 = 4;
/// A step below the nominal interval divided by this is not the time between two frames: a repeated timestamp, the number of a
/// frame, milliseconds taken for microseconds.
const NO_INTERVAL: u32 = 100;
/// How many nominal intervals the device's time may be ahead and still be brought back.
const LONGEST_LEAD: u32 = 8;

/// Makes the timestamps that a device gets: strictly increasing, spaced like the caller's.
///
/// They are the keys by which output is matched to input, so a caller's negative, zero, repeated or backward timestamps
/// never reach the device. Some firmware also computes its bit rate from their steps (Qualcomm's iris), so a step is between a
/// quarter of the nominal interval and four times that, whatever the caller's timestamps are. What a burst is spread by, the
/// steps after it are shortened by, so that a jittery caller's mean rate stays what it is.
#[derive(Debug)]
pub(super) struct DeviceClock {
    last: Option<(i64, Duration)>,
    /// Between two frames at the frame rate that the encoder is set to.
    interval: Duration,
    /// How far the device's time is ahead of the caller's spacing.
    lead: Duration,
}

impl DeviceClock {
    /// At `framerate` frames per second.
    pub(super) fn new(framerate: f64) -> Self {
        Self { last: None, interval: interval(framerate), lead: Duration::ZERO }
    }

    /// The frame rate of the frames from now on.
    pub(super) fn set_framerate(&mut self, framerate: f64) {
        self.interval = interval(framerate);
    }

    /// The key of the next frame, whose own timestamp is `timestamp_us`.
    pub(super) fn next(&mut self, timestamp_us: i64) -> Duration {
        let key = match self.last {
            None => START,
            Some((before, key)) => key + self.step(before, timestamp_us),
        };
        self.last = Some((timestamp_us, key));
        key
    }

    fn step(&mut self, before_us: i64, timestamp_us: i64) -> Duration {
        let Some(wanted) = timestamp_us.checked_sub(before_us).and_then(|step| u64::try_from(step).ok())
        else {
            // The caller's clock went back, or jumped from one end of time to the other: its spacing begins again.
            self.lead = Duration::ZERO;
            return self.interval;
        };
        let wanted = Duration::from_micros(wanted);
        let step = if wanted < self.interval / NO_INTERVAL {
            self.interval
        } else {
            wanted.saturating_sub(self.lead).clamp(self.shortest(), self.interval * RANGE)
        };
        // After a gap longer than the longest step nothing is caught up with.
        self.lead = (self.lead + step).saturating_sub(wanted).min(self.interval * LONGEST_LEAD);
        step
    }

    /// Whole microseconds: a key with a fraction would not come back from a device.
    fn shortest(&self) -> Duration {
        Duration::from_micros((self.interval.as_micros() as u64).div_ceil(RANGE.into()))
    }

    /// Whether a frame had this key.
    pub(super) fn gave(&self, key: Duration) -> bool {
        self.last.is_some_and(|(_, last)| (START..=last).contains(&key))
    }
}

/// Whole microseconds, as devices count them.
fn interval(framerate: f64) -> Duration {
    Duration::from_micros((1e6 / framerate).round() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// At 25 frames per second.
    const INTERVAL: u64 = 40_000;

    fn keys(timestamps: impl IntoIterator<Item = i64>) -> Vec<u64> {
        let mut clock = DeviceClock::new(25.0);
        timestamps.into_iter().map(|timestamp| clock.next(timestamp).as_micros() as u64).collect()
    }

    fn steps(timestamps: impl IntoIterator<Item = i64>) -> Vec<u64> {
        keys(timestamps).windows(2).map(|pair| pair[1] - pair[0]).collect()
    }

    #[test]
    fn keys_are_whole_microseconds_at_every_frame_rate() {
        for framerate in [15.0, 23.976, 29.97, 30.0, 50.0, 59.94, 60.0, 144.0] {
            let mut clock = DeviceClock::new(framerate);
            let bursts = (0..40).map(|frame| frame / 8 * 200_000 + frame % 8 * 1000);
            for key in bursts.map(|timestamp| clock.next(timestamp)) {
                assert_eq!(key.subsec_nanos() % 1000, 0, "{key:?} at {framerate}");
            }
        }
    }

    #[test]
    fn spacing_follows_the_caller() {
        assert_eq!(keys([-5000, 28_333, 61_666]), [1_000_000, 1_033_333, 1_066_666]);
    }

    #[test]
    fn steady_streams_of_a_quarter_to_four_times_the_frame_rate_keep_their_spacing() {
        for interval in [10_000, 16_683, 100_000, 160_000] {
            assert_eq!(steps((0..50).map(|frame| frame * interval)), [interval as u64; 49]);
        }
    }

    #[test]
    fn timestamps_that_say_nothing_become_steps_of_the_nominal_interval() {
        for timestamps in [[0; 6], [0, 1, 2, 3, 4, 5], [0, 40, 80, 120, 160, 200], [0, -1, -2, -3, -4, -5]] {
            assert_eq!(steps(timestamps), [INTERVAL; 5], "{timestamps:?}");
        }
        assert_eq!(steps((0..6).map(|frame| -40_000 * frame)), [INTERVAL; 5]);
    }

    #[test]
    fn whatever_the_timestamps_are_steps_are_a_quarter_to_four_times_the_interval() {
        let most = (1 << 53) - 1;
        let mut random = 1_u64;
        let mut timestamps = vec![-most, most, i64::MAX, i64::MIN, 0, 1, 0, 3_600_000_000, 3_600_000_001];
        timestamps.extend((0..10_000).map(|_| {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            (random >> (random % 64)).cast_signed()
        }));
        for step in steps(timestamps) {
            assert!((INTERVAL / 4..=INTERVAL * 4).contains(&step), "{step}");
        }
    }

    #[test]
    fn a_burst_is_caught_up_with() {
        // A source that gives its frames in pairs, whose two timestamps are alike or nearly so.
        for apart in [0, 2000] {
            let last =
                *keys((0..100).flat_map(|pair| [pair * 80_000, pair * 80_000 + apart])).last().unwrap();
            let ahead = last.abs_diff(1_000_000 + 99 * 80_000);
            assert!(ahead <= INTERVAL, "{apart}: {ahead} µs ahead after 8 s");
        }
    }

    #[test]
    fn a_gap_is_not_caught_up_with() {
        assert_eq!(steps([0, 40_000, 5_000_000, 5_040_000, 5_080_000]), [40_000, 160_000, 40_000, 40_000]);
    }

    #[test]
    fn a_new_frame_rate_counts_for_the_next_frame() {
        let mut clock = DeviceClock::new(25.0);
        clock.next(0);
        clock.set_framerate(100.0);
        assert_eq!(clock.next(0).as_micros(), 1_010_000);
    }
}
