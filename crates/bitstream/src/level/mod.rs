//! Choosing a level: the lowest whose limits hold a stream of a given size, rate and bit rate.
//!
//! An encoder that is to encode "1280x720 at 30" needs a level, and a codec string has to
//! name it before the first picture is coded. The tables are those of ITU-T H.264 Annex A and ITU-T
//! H.265 Annex A. Two limits are left out because they would reject what encoders do every day: the
//! highest picture rate (172 a second in H.264, 300 in H.265), and the sizes of coded picture buffers,
//! which follow the bit rate. H.264 level 1b, whose number alone is that of 1.1, is never chosen.

mod h264;
mod h265;
mod vp9;

pub use h264::{H264_LEVELS, H264Level, h264};
pub use h265::{H265_LEVELS, H265Level, h265};
pub use vp9::{VP9_LEVELS, Vp9Level, vp9};

/// Whether `used` stays within `limit`; a rate that is not a number, negative or endless does not.
fn fits(used: f64, limit: u64) -> bool {
    #[expect(clippy::cast_precision_loss, reason = "no limit is above 2^53")]
    let limit = limit as f64;
    used >= 0.0 && used <= limit
}

/// The rule that keeps pictures from being slivers: neither side above the root of eight times the
/// largest picture's area.
fn sides_fit(width: u64, height: u64, max_area: u64) -> bool {
    width.max(height).saturating_pow(2) <= 8 * max_area
}
