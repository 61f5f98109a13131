use std::time::Duration;

/// The first timestamp a device gets. Zero and below mean "none" to some drivers.
const START: Duration = Duration::from_secs(1);
/// A caller's clock may jump by hours; the device's does not follow further than this.
const LONGEST_STEP: Duration = Duration::from_secs(10);
const SHORTEST_STEP: Duration = Duration::from_micros(1);

/// Makes the timestamps that a device sees: strictly increasing, spaced like the caller's.
///
/// They are the keys by which output is matched to input, so a caller's negative, zero, repeated or backward timestamps
/// never reach the device.
#[derive(Debug, Default)]
pub(super) struct DeviceClock {
    last: Option<(i64, Duration)>,
}

impl DeviceClock {
    /// The key of the next frame, whose own timestamp is `timestamp_us`.
    pub(super) fn next(&mut self, timestamp_us: i64) -> Duration {
        let key = match self.last {
            None => START,
            Some((before, key)) => {
                let step = timestamp_us.checked_sub(before).and_then(|step| u64::try_from(step).ok());
                let step = step.map_or(SHORTEST_STEP, Duration::from_micros);
                key + step.clamp(SHORTEST_STEP, LONGEST_STEP)
            }
        };
        self.last = Some((timestamp_us, key));
        key
    }

    /// Whether a frame had this key.
    pub(super) fn gave(&self, key: Duration) -> bool {
        self.last.is_some_and(|(_, last)| (START..=last).contains(&key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(timestamps: &[i64]) -> Vec<u128> {
        let mut clock = DeviceClock::default();
        timestamps.iter().map(|timestamp| clock.next(*timestamp).as_micros()).collect()
    }

    #[test]
    fn spacing_follows_the_caller() {
        assert_eq!(keys(&[-5000, 28_333, 61_666]), [1_000_000, 1_033_333, 1_066_666]);
    }

    #[test]
    fn repeated_and_backward_timestamps_still_increase() {
        assert_eq!(keys(&[7, 7, 3, 13]), [1_000_000, 1_000_001, 1_000_002, 1_000_012]);
    }

    #[test]
    fn a_jump_to_the_end_of_time_is_a_long_step() {
        let most = (1 << 53) - 1;
        assert_eq!(keys(&[-most, most, i64::MAX, i64::MIN]).last(), Some(&21_000_001));
    }
}
