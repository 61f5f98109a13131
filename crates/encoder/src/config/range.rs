//! The ranges of options, and what checks a number by one.

use std::fmt::Display;
use std::ops::RangeInclusive;

use crate::error::{Code, Error, Result};

/// Widths and heights that any codec can have here, in pixels.
pub const SIZES: RangeInclusive<u32> = 16..=8192;
/// Frames per second.
pub const FRAMERATES: RangeInclusive<f64> = 1.0..=240.0;
/// Bits per second: H.264 level 5.2 ends at 240 Mbit/s (ITU-T H.264 Table A-1).
pub const BITRATES_BPS: RangeInclusive<u32> = 10_000..=240_000_000;
/// Frames from one key frame to the next.
pub const KEY_FRAME_INTERVALS: RangeInclusive<u32> = 0..=1_000_000;
/// Frames in flight: V4L2 queues have at most 32 buffers.
pub const QUEUE_DEPTHS: RangeInclusive<u32> = 1..=32;
/// Milliseconds.
pub const TIMEOUTS_MS: RangeInclusive<u32> = 100..=600_000;

/// A whole number of an option, in its range.
///
/// # Errors
/// [`Code::Config`] naming the option and its range.
pub fn whole(option: &str, value: f64, allowed: &RangeInclusive<u32>) -> Result<u32> {
    let bounds = f64::from(*allowed.start())..=f64::from(*allowed.end());
    within(option, value, &bounds)?;
    integer(option, value)
}

/// A number that is to be a `u32`; [`Config::check`](super::Config::check) knows its range.
///
/// # Errors
/// [`Code::Config`] for a fraction, and what is negative or too large for any range.
pub fn integer(option: &str, value: f64) -> Result<u32> {
    if value.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&value) {
        // Whole and not too large, so nothing is cut off.
        return Ok(value as u32);
    }
    let message =
        format!("The option `{option}` is {value}, but must be a whole number from 0 to {}.", u32::MAX);
    Err(Error::range(Code::Config, message))
}

/// Checks that an option is in its range.
pub(super) fn within<T: PartialOrd + Display>(
    option: &str,
    value: T,
    allowed: &RangeInclusive<T>,
) -> Result<()> {
    if allowed.contains(&value) {
        Ok(())
    } else {
        Err(outside(option, value, allowed.start(), allowed.end()))
    }
}

fn outside(option: &str, value: impl Display, min: impl Display, max: impl Display) -> Error {
    Error::range(
        Code::Config,
        format!("The option `{option}` is {value}, but must be between {min} and {max}."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_from_javascript_are_whole_and_in_range() {
        assert_eq!(whole("bitrate", 1e6, &BITRATES_BPS).unwrap(), 1_000_000);
        assert!(whole("bitrate", 1.5e6 + 0.5, &BITRATES_BPS).is_err());
        assert!(whole("bitrate", f64::NAN, &BITRATES_BPS).is_err());
        assert!(whole("bitrate", -1.0, &BITRATES_BPS).is_err());
        assert!(whole("bitrate", f64::INFINITY, &BITRATES_BPS).is_err());
    }
}
