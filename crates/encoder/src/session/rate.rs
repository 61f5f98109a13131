//! How many bits a second a device really spends.

/// It is measured over this many seconds of frames.
const WINDOW_SECONDS: f64 = 2.0;
/// Fewer frames say nothing, however far they are apart.
const MIN_FRAMES: f64 = 8.0;

/// A measurement of one rate that was requested.
#[derive(Debug, Default)]
pub(super) struct Rate {
    pub(super) target_bps: u32,
    pub(super) framerate: f64,
    frames: f64,
    bits: f64,
    /// The earliest and the latest frame, in microseconds.
    span: Option<(i64, i64)>,
    measured: bool,
}

impl Rate {
    pub(super) fn new(target_bps: u32, framerate: f64) -> Self {
        Self { target_bps, framerate, ..Self::default() }
    }

    /// Takes note of a frame with its time in microseconds; returns the rate in bits a second when it becomes known.
    pub(super) fn add(&mut self, bytes: usize, timestamp: i64) -> Option<f64> {
        if self.measured {
            return None;
        }
        self.frames += 1.0;
        self.bits += bytes as f64 * 8.0;
        let (first, last) = self.span.unwrap_or((timestamp, timestamp));
        let (first, last) = (first.min(timestamp), last.max(timestamp));
        self.span = Some((first, last));
        let usual = self.framerate * WINDOW_SECONDS;
        // The last frame lasts as long as the others do on average.
        let seconds = match last.abs_diff(first) {
            0 => self.frames / self.framerate,
            span => span as f64 / 1e6 * self.frames / (self.frames - 1.0),
        };
        // Half a frame: times are rounded.
        if seconds < WINDOW_SECONDS - 0.5 / self.framerate || self.frames < usual.min(MIN_FRAMES) {
            return None;
        }
        self.measured = true;
        Some(self.bits / seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The frames until the rate is known, and the rate.
    fn measured(bytes: usize, time: impl Fn(i64) -> i64) -> (i64, f64) {
        let mut rate = Rate::new(1_000_000, 30.0);
        (0..1000).find_map(|number| Some((number + 1, rate.add(bytes, time(number))?))).unwrap()
    }

    #[test]
    fn it_is_measured_over_two_seconds_of_frames() {
        let (frames, rate) = measured(1000, |number| number * 1_000_000 / 30);
        assert_eq!(frames, 60);
        assert!((rate - 240_000.0).abs() < 10.0, "{rate}");
    }

    #[test]
    fn the_times_of_the_frames_decide_and_not_their_number() {
        let (frames, rate) = measured(1000, |number| number * 1_000_000 / 6);
        assert_eq!(frames, 12);
        assert!((rate - 48_000.0).abs() < 10.0, "{rate}");
    }

    #[test]
    fn where_the_times_say_nothing_the_frame_rate_does() {
        assert_eq!(measured(1000, |_| 7), (60, 240_000.0));
    }

    #[test]
    fn two_frames_an_hour_apart_are_no_measurement() {
        let (frames, _) = measured(1000, |number| number * 3_600_000_000);
        assert_eq!(frames, 8);
    }

    #[test]
    fn times_at_the_ends_of_their_range_are_no_trouble() {
        let (_, rate) = measured(1000, |number| if number % 2 == 0 { i64::MIN } else { i64::MAX });
        assert!(rate.is_finite());
    }
}
