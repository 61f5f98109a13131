//! When frames were taken.

use std::time::{Duration, Instant};

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

    /// The time of a frame that came at `now`, in microseconds.
    pub(crate) fn time(&mut self, driver: Duration, now: Instant) -> i64 {
        let (came, before, reported) = self.last;
        let time = if driver == before { reported + now.duration_since(came) } else { driver };
        self.last = (now, driver, time);
        i64::try_from(time.as_micros()).unwrap_or(i64::MAX)
    }
}

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
            clock.time(Duration::from_micros(micros), start + TICK * number)
        })
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
