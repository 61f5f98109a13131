//! The system's monotonic clock, by which drivers stamp frames, in UTC.

use std::time::Duration;

/// Readings of the clocks, of which the best counts: the thread may be interrupted between two of them.
const TRIES: usize = 3;

/// A moment in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Utc {
    /// Microseconds since 1970.
    pub micros: u64,
    /// By how many microseconds that may be wrong, either way, as far as the system's clock is right.
    pub uncertainty_micros: u32,
}

/// The moment at which the monotonic clock was `monotonic`, by what lies between the two clocks now: the system's clock may be set at
/// any time. `None` where one of them cannot be read, or the moment is before 1970.
#[must_use]
pub fn utc_of(monotonic: Duration) -> Option<Utc> {
    let tries = (0..TRIES).filter_map(|_| read());
    let (between, realtime, width) = tries.min_by_key(|(_, _, width)| *width)?;
    let moment = (realtime + monotonic).checked_sub(between)?;
    // The moment of the reading is anywhere between those before and behind it; and drivers cut microseconds off.
    let uncertainty = width / 2 + Duration::from_micros(1);
    Some(Utc {
        micros: u64::try_from(moment.as_micros()).ok()?,
        uncertainty_micros: u32::try_from(uncertainty.as_micros()).unwrap_or(u32::MAX),
    })
}

/// The monotonic clock in the middle of a reading of the system's, that reading, and what passed meanwhile.
fn read() -> Option<(Duration, Duration, Duration)> {
    let before = now(libc::CLOCK_MONOTONIC)?;
    let realtime = now(libc::CLOCK_REALTIME)?;
    let width = now(libc::CLOCK_MONOTONIC)?.saturating_sub(before);
    Some((before + width / 2, realtime, width))
}

/// The system's monotonic clock, as a driver reads it.
#[must_use]
pub fn monotonic() -> Duration {
    now(libc::CLOCK_MONOTONIC).unwrap_or_default()
}

#[expect(unsafe_code, reason = "clock_gettime")]
fn now(clock: libc::clockid_t) -> Option<Duration> {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the call writes one struct of this type, which lives until it returns.
    let answer = unsafe { libc::clock_gettime(clock, &raw mut time) };
    let seconds = u64::try_from(time.tv_sec).ok()?;
    let nanos = u32::try_from(time.tv_nsec).ok()?;
    (answer == 0).then(|| Duration::new(seconds, nanos))
}

#[cfg(test)]
mod tests {
    use std::time::{SystemTime, UNIX_EPOCH};

    use super::*;

    #[test]
    fn a_moment_is_as_long_ago_by_both_clocks() {
        let monotonic = monotonic();
        let system = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let moment = utc_of(monotonic).unwrap();
        let off = system.as_micros().abs_diff(moment.micros.into());
        assert!(off < 100_000, "{off} microseconds");
        assert!((1..10_000).contains(&moment.uncertainty_micros), "{moment:?}");
        let earlier = utc_of(monotonic.saturating_sub(Duration::from_secs(1))).unwrap();
        let apart = moment.micros - earlier.micros;
        assert!(monotonic < Duration::from_secs(1) || apart.abs_diff(1_000_000) < 1_000, "{apart}");
    }
}
