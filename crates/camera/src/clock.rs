//! When frames were taken.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use v4l2::Utc;

/// Makes times of what a driver says. One that says nothing, or the same again, gets the time that passed meanwhile.
#[derive(Debug)]
pub(crate) struct Clock {
    /// When the last frame came, its time by the driver, and the time that it got.
    last: (Instant, Duration, Duration),
}

impl Clock {
    pub(crate) fn new(started: Instant) -> Self {
        Self { last: (started, Duration::ZERO, Duration::ZERO) }
    }

    /// The time of a frame that came at `now`, in microseconds, and whether it is the driver's.
    pub(crate) fn time(&mut self, driver: Duration, now: Instant) -> (i64, bool) {
        let (came, before, reported) = self.last;
        let is_own = driver != before;
        let time = if is_own { driver } else { reported + now.duration_since(came) };
        self.last = (now, driver, time);
        (i64::try_from(time.as_micros()).unwrap_or(i64::MAX), is_own)
    }
}

/// When a frame was taken that comes now: by the driver's time, where that is of the monotonic clock, else somewhere in the
/// interval before.
pub(crate) fn capture_time(monotonic: Option<Duration>, interval_us: i64) -> Option<Utc> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    let now_us = u64::try_from(now.as_micros()).ok()?;
    let taken = monotonic.and_then(v4l2::utc_of);
    // A driver may say so and count from its own start.
    if let Some(taken) = taken.filter(|taken| now_us.abs_diff(taken.micros) < PLAUSIBLE_US) {
        return Some(taken);
    }
    let half = u32::try_from(interval_us / 2 + 1).unwrap_or(u32::MAX);
    Some(Utc { micros: now_us.saturating_sub(half.into()), uncertainty_micros: half })
}

/// No frame waits so long in a driver, and no clock is set in the meantime.
const PLAUSIBLE_US: u64 = 60_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    const TICK: Duration = Duration::from_millis(40);

    fn times(driver: [u64; 4]) -> [i64; 4] {
        let start = Instant::now();
        let mut clock = Clock::new(start);
        let mut number = 0;
        driver.map(|micros| {
            number += 1;
            clock.time(Duration::from_micros(micros), start + TICK * number).0
        })
    }

    #[test]
    fn a_capture_time_is_the_drivers_or_in_the_interval_before() {
        let now = || {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
            u64::try_from(now.as_micros()).unwrap()
        };
        let unknown = capture_time(None, 40_000).unwrap();
        assert_eq!(unknown.uncertainty_micros, 20_001);
        assert!(now().abs_diff(unknown.micros + 20_001) < 1_000_000);
        assert!(unknown.micros + 20_001 <= now());
        // Years before or behind now: a clock of the driver's own.
        let other = capture_time(Some(Duration::from_secs(1 << 40)), 40_000).unwrap();
        assert_eq!(other.uncertainty_micros, 20_001);
    }

    #[test]
    fn the_drivers_time_counts() {
        assert_eq!(times([5, 7, 6, 9]), [5, 7, 6, 9]);
    }

    #[test]
    fn a_driver_without_a_clock_gets_the_time_since_the_start() {
        assert_eq!(times([0, 0, 0, 0]), [40_000, 80_000, 120_000, 160_000]);
    }

    #[test]
    fn a_clock_that_stands_still_goes_on_as_time_does() {
        assert_eq!(
            times([1_000_000, 1_000_000, 1_000_000, 1_080_000]),
            [1_000_000, 1_040_000, 1_080_000, 1_080_000]
        );
    }
}
