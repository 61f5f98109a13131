//! Parameters in the units of controls.

use super::controls::NEVER;
use crate::codec::{Codec, Level};
use crate::config::{Parameter, Resolved};

/// Pixels of a side of a macroblock. Encoders of H.265 count by it, too: their slices and refreshed rows are at least as large.
const SIDE: u32 = 16;

fn rows(config: &Resolved) -> u32 {
    config.height.div_ceil(SIDE)
}

fn macroblocks_of_row(config: &Resolved) -> u32 {
    config.width.div_ceil(SIDE)
}

/// Macroblocks of a slice, where their number is requested.
pub(super) fn macroblocks_of_slice(config: &Resolved) -> Option<u32> {
    let count = config.parameters.get(Parameter::SliceCount)?;
    // Whole rows, as encoders without other slices want them.
    let rows = rows(config).div_ceil(count);
    Some(rows * macroblocks_of_row(config))
}

/// Frames in which the whole frame is refreshed.
pub(super) fn refresh_period(config: &Resolved) -> Option<u32> {
    let by_rows = config.parameters.get(Parameter::IntraRefreshRows).map(|each| rows(config).div_ceil(each));
    config.parameters.get(Parameter::IntraRefreshPeriod).or(by_rows)
}

/// Macroblocks that each frame refreshes.
pub(super) fn refreshed_macroblocks(config: &Resolved) -> Option<u32> {
    let by_period =
        config.parameters.get(Parameter::IntraRefreshPeriod).map(|period| rows(config).div_ceil(period));
    let each = config.parameters.get(Parameter::IntraRefreshRows).or(by_period)?;
    Some(each.min(rows(config)) * macroblocks_of_row(config))
}

/// Frames from one key frame to the next; where they come on request only, more than any driver's most.
pub(super) fn interval(config: &Resolved) -> i64 {
    match config.key_frame_interval {
        0 => NEVER,
        frames => frames.into(),
    }
}

/// `V4L2_MPEG_VIDEO_H264_LEVEL_…`, in which 1b stands between 1.0 and 1.1. NVIDIA's library counts likewise.
pub(super) fn h264_level(level: Level) -> i64 {
    match level.position(Codec::H264) {
        0 => 0,
        position => position as i64 + 1,
    }
}

/// The decoder's buffer in bits, where it is requested.
pub(super) fn buffer_bits(config: &Resolved) -> Option<u32> {
    let milliseconds = config.parameters.get(Parameter::BufferMs)?;
    Some((f64::from(config.bitrate_bps) * f64::from(milliseconds) / 1000.0) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn resolved(parameter: Parameter, value: u32) -> Resolved {
        let mut config = Config { bitrate_bps: Some(2_000_000), ..Config::new(Codec::H264) };
        config.parameters.set(parameter, value);
        config.resolve(config.codecs[0]).unwrap()
    }

    #[test]
    fn slices_are_whole_rows() {
        // 1280x720: 80 by 45 macroblocks.
        assert_eq!(macroblocks_of_slice(&resolved(Parameter::SliceCount, 4)), Some(12 * 80));
        assert_eq!(macroblocks_of_slice(&resolved(Parameter::SliceCount, 256)), Some(80));
        assert_eq!(macroblocks_of_slice(&resolved(Parameter::BufferMs, 4)), None);
    }

    #[test]
    fn a_refresh_by_rows_is_one_by_frames_and_the_reverse() {
        let by_rows = resolved(Parameter::IntraRefreshRows, 3);
        assert_eq!((refresh_period(&by_rows), refreshed_macroblocks(&by_rows)), (Some(15), Some(240)));
        let by_frames = resolved(Parameter::IntraRefreshPeriod, 30);
        assert_eq!((refresh_period(&by_frames), refreshed_macroblocks(&by_frames)), (Some(30), Some(160)));
    }

    #[test]
    fn a_buffer_is_a_part_of_a_seconds_bits() {
        assert_eq!(buffer_bits(&resolved(Parameter::BufferMs, 100)), Some(200_000));
    }
}
