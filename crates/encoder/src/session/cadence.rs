//! At what rate frames really come.
//!
//! A rate controller gives each frame the bit rate divided by the frame rate that it was configured. A camera that gives 15 of its
//! promised 30 frames a second would get half of its bits. So the rate follows the timestamps: it is measured window by window,
//! and changes only after two windows in a row that differ from it by more than a tolerance, so that jitter changes nothing.

use crate::config::FRAMERATES;

/// A window is at least this long, in microseconds of the caller's timestamps.
const WINDOW_US: u64 = 1_000_000;
/// A window has at least so many intervals.
const MIN_INTERVALS: u32 = 4;
/// A longer gap between two frames is a pause, and not a frame rate.
const PAUSE_US: u64 = 4_000_000;
/// Rates that differ by less are the same.
const TOLERANCE: f64 = 0.12;
/// A rate that is this close to the configured one is the configured one.
const NOMINAL: f64 = 0.04;
/// A step below the configured interval divided by this is not the time between two frames: a repeated timestamp, the number
/// of a frame.
const NO_INTERVAL: f64 = 100.0;

/// Measures the frame rate by timestamps.
#[derive(Debug)]
pub(super) struct Cadence {
    /// The rate that was configured; `None` where the device is to keep it.
    nominal: Option<f64>,
    /// The rate that the device goes by.
    current: f64,
    last: Option<i64>,
    span_us: u64,
    intervals: u32,
    /// The last window differed from the current rate.
    deviated: bool,
    /// What is to be set on the device.
    changed: Option<f64>,
}

impl Cadence {
    /// For an encoder that is set to `framerate` frames per second; without `follows` nothing is measured.
    pub(super) fn new(framerate: f64, follows: bool) -> Self {
        Self {
            nominal: follows.then_some(framerate),
            current: framerate,
            last: None,
            span_us: 0,
            intervals: 0,
            deviated: false,
            changed: None,
        }
    }

    /// The configured rate is another one now, and was set on the device.
    pub(super) fn set_nominal(&mut self, framerate: f64) {
        *self = Self::new(framerate, self.nominal.is_some());
    }

    /// The device does not take another rate.
    pub(super) fn stop(&mut self) {
        *self = Self::new(self.current, false);
    }

    /// A device was opened, which goes by the configured rate.
    pub(super) fn restart(&mut self) {
        if let Some(nominal) = self.nominal {
            self.set_nominal(nominal);
        }
    }

    /// The rate to set on the device before the next frame, once.
    pub(super) fn take_changed(&mut self) -> Option<f64> {
        self.changed.take()
    }

    /// Takes note of a frame.
    pub(super) fn add(&mut self, timestamp_us: i64) {
        let Some(nominal) = self.nominal else { return };
        let Some(before) = self.last.replace(timestamp_us) else { return };
        let step = timestamp_us.checked_sub(before).and_then(|step| u64::try_from(step).ok());
        let Some(step) = step.filter(|step| is_interval(*step, nominal)) else { return self.begin_window() };
        self.span_us += step;
        self.intervals += 1;
        if self.span_us >= WINDOW_US && self.intervals >= MIN_INTERVALS {
            self.end_window(nominal);
        }
    }

    fn end_window(&mut self, nominal: f64) {
        let measured = f64::from(self.intervals) * 1e6 / self.span_us as f64;
        let rate =
            if differs(measured, nominal, NOMINAL) { (measured * 100.0).round() / 100.0 } else { nominal };
        let deviates = differs(rate, self.current, TOLERANCE);
        if deviates && self.deviated && FRAMERATES.contains(&rate) {
            self.current = rate;
            self.changed = Some(rate);
        }
        // A change ends a deviation, so the next one takes two windows again.
        self.deviated = deviates && self.changed.is_none();
        self.begin_window();
    }

    fn begin_window(&mut self) {
        (self.span_us, self.intervals) = (0, 0);
    }
}

fn is_interval(step_us: u64, nominal: f64) -> bool {
    step_us < PAUSE_US && step_us as f64 >= 1e6 / nominal / NO_INTERVAL
}

fn differs(rate: f64, from: f64, tolerance: f64) -> bool {
    (rate / from - 1.0).abs() > tolerance
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is set on the device while frames come at these steps, each with the number of frames before it.
    fn changes_of(steps: impl IntoIterator<Item = i64>) -> Vec<(usize, f64)> {
        let mut cadence = Cadence::new(30.0, true);
        let mut time = 0;
        cadence.add(time);
        let steps = steps.into_iter().enumerate();
        steps
            .filter_map(|(frames, step)| {
                time += step;
                cadence.add(time);
                Some((frames + 2, cadence.take_changed()?))
            })
            .collect()
    }

    fn every(step: i64, frames: usize) -> impl Iterator<Item = i64> {
        std::iter::repeat_n(step, frames)
    }

    #[test]
    fn a_camera_at_half_its_rate_is_noticed_after_two_seconds() {
        assert_eq!(changes_of(every(66_667, 300)), [(31, 15.0)]);
    }

    #[test]
    fn a_rate_that_comes_back_is_the_configured_one_exactly() {
        let changes = changes_of(every(66_667, 60).chain(every(33_366, 300)));
        let rates: Vec<_> = changes.iter().map(|(_, rate)| *rate).collect();
        assert_eq!(rates, [15.0, 30.0]);
    }

    #[test]
    fn dropped_frames_count_as_a_lower_rate() {
        // Each third frame is missing.
        let steps = (0..300).map(|number| if number % 2 == 0 { 33_333 } else { 66_667 });
        assert_eq!(changes_of(steps).iter().map(|(_, rate)| rate.round()).collect::<Vec<_>>(), [20.0]);
    }

    #[test]
    fn jitter_and_one_slow_second_change_nothing() {
        assert!(changes_of((0..600).map(|number| 33_333 + (number % 5 - 2) * 9000)).is_empty());
        assert!(changes_of(every(33_333, 90).chain(every(66_667, 14)).chain(every(33_333, 90))).is_empty());
    }

    #[test]
    fn pauses_and_timestamps_that_are_no_times_change_nothing() {
        assert!(changes_of(every(1, 10_000)).is_empty());
        assert!(changes_of(every(0, 10_000)).is_empty());
        assert!(changes_of(every(-33_333, 600)).is_empty());
        assert!(changes_of(every(10_000_000, 600)).is_empty());
        let mut cadence = Cadence::new(30.0, true);
        for timestamp in [i64::MIN, i64::MAX, i64::MIN, i64::MAX, 0] {
            cadence.add(timestamp);
        }
        assert_eq!(cadence.take_changed(), None);
    }

    #[test]
    fn a_slow_source_is_measured_by_its_intervals() {
        let rates: Vec<_> = changes_of(every(1_000_000, 30)).iter().map(|(_, rate)| *rate).collect();
        assert_eq!(rates, [1.0]);
    }

    #[test]
    fn it_can_be_switched_off() {
        let mut cadence = Cadence::new(30.0, false);
        (0..600).for_each(|number| cadence.add(number * 66_667));
        assert_eq!(cadence.take_changed(), None);
        let mut cadence = Cadence::new(30.0, true);
        cadence.stop();
        (0..600).for_each(|number| cadence.add(number * 66_667));
        assert_eq!(cadence.take_changed(), None);
    }

    #[test]
    fn another_configured_rate_begins_a_new_measurement() {
        let mut cadence = Cadence::new(30.0, true);
        (0..60).for_each(|number| cadence.add(number * 66_667));
        cadence.set_nominal(15.0);
        (60..200).for_each(|number| cadence.add(number * 66_667));
        assert_eq!(cadence.take_changed(), None);
    }
}
