use super::{fits, sides_fit};
use crate::h264::Profile;

/// One row of ITU-T H.264 Table A-1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct H264Level {
    /// The level's number as the specification writes it: `"3"`, `"3.1"`.
    pub name: &'static str,
    /// `level_idc`: ten times the number.
    pub level_idc: u8,
    /// `MaxMBPS`, macroblocks per second.
    pub max_macroblocks_per_second: u32,
    /// `MaxFS`, macroblocks per frame.
    pub max_frame_size: u32,
    /// `MaxDpbMbs`, macroblocks of the decoded pictures that are kept.
    pub max_dpb_macroblocks: u32,
    /// `MaxBR`, in units of 1,000 bit/s for Baseline, Main and Extended; for the others
    /// [`Profile::bit_rate_factor`] says how many.
    pub max_bit_rate: u32,
}

/// The levels from 1 to 6.2 in ascending order, without 1b.
pub const H264_LEVELS: [H264Level; 19] = [
    row("1", 10, 1_485, 99, 396, 64),
    row("1.1", 11, 3_000, 396, 900, 192),
    row("1.2", 12, 6_000, 396, 2_376, 384),
    row("1.3", 13, 11_880, 396, 2_376, 768),
    row("2", 20, 11_880, 396, 2_376, 2_000),
    row("2.1", 21, 19_800, 792, 4_752, 4_000),
    row("2.2", 22, 20_250, 1_620, 8_100, 4_000),
    row("3", 30, 40_500, 1_620, 8_100, 10_000),
    row("3.1", 31, 108_000, 3_600, 18_000, 14_000),
    row("3.2", 32, 216_000, 5_120, 20_480, 20_000),
    row("4", 40, 245_760, 8_192, 32_768, 20_000),
    row("4.1", 41, 245_760, 8_192, 32_768, 50_000),
    row("4.2", 42, 522_240, 8_704, 34_816, 50_000),
    row("5", 50, 589_824, 22_080, 110_400, 135_000),
    row("5.1", 51, 983_040, 36_864, 184_320, 240_000),
    row("5.2", 52, 2_073_600, 36_864, 184_320, 240_000),
    row("6", 60, 4_177_920, 139_264, 696_320, 240_000),
    row("6.1", 61, 8_355_840, 139_264, 696_320, 480_000),
    row("6.2", 62, 16_711_680, 139_264, 696_320, 800_000),
];

const fn row(name: &'static str, level_idc: u8, mbps: u32, frame: u32, dpb: u32, bit_rate: u32) -> H264Level {
    H264Level {
        name,
        level_idc,
        max_macroblocks_per_second: mbps,
        max_frame_size: frame,
        max_dpb_macroblocks: dpb,
        max_bit_rate: bit_rate,
    }
}

impl H264Level {
    /// The level with this `level_idc`; `None` for 1b (9) and unknown ones.
    pub fn from_idc(level_idc: u8) -> Option<Self> {
        H264_LEVELS.into_iter().find(|level| level.level_idc == level_idc)
    }

    /// The level of this name; `"4"` and `"4.0"` are the same.
    pub fn from_name(name: &str) -> Option<Self> {
        let name = name.strip_suffix(".0").unwrap_or(name);
        H264_LEVELS.into_iter().find(|level| level.name == name)
    }

    /// The highest bit rate of the level in bit/s.
    pub fn max_bit_rate_bps(&self, profile: Profile) -> u64 {
        u64::from(self.max_bit_rate) * u64::from(profile.bit_rate_factor())
    }

    /// How many decoded pictures of `width` by `height` luma samples may be kept (`MaxDpbFrames`).
    pub fn max_dpb_frames(&self, width: u32, height: u32) -> u32 {
        let frame = width.div_ceil(16).saturating_mul(height.div_ceil(16)).max(1);
        (self.max_dpb_macroblocks / frame).min(16)
    }

    /// Whether a stream stays within the level; arguments as for [`h264`].
    pub fn holds(&self, width: u32, height: u32, framerate: f64, bitrate_bps: u64, profile: Profile) -> bool {
        let (columns, rows) = (width.div_ceil(16), height.div_ceil(16));
        let frame_size = u64::from(columns) * u64::from(rows);
        frame_size > 0
            && frame_size <= self.max_frame_size.into()
            && sides_fit(columns.into(), rows.into(), self.max_frame_size.into())
            && fits(f64::from(columns) * f64::from(rows) * framerate, self.max_macroblocks_per_second.into())
            && bitrate_bps <= self.max_bit_rate_bps(profile)
    }
}

/// The lowest level for pictures of `width` by `height` luma samples, `framerate` pictures a second and
/// `bitrate_bps` bit/s (0 when it shall not matter); `None` when level 6.2 is not enough, a side is
/// zero, or the rate is negative or not finite.
///
/// ```
/// use bitstream::{h264::Profile, level};
/// let chosen = level::h264(1280, 720, 30.0, 2_000_000, Profile::ConstrainedBaseline);
/// assert_eq!(chosen.map(|level| level.name), Some("3.1"));
/// ```
pub fn h264(
    width: u32,
    height: u32,
    framerate: f64,
    bitrate_bps: u64,
    profile: Profile,
) -> Option<H264Level> {
    H264_LEVELS.into_iter().find(|level| level.holds(width, height, framerate, bitrate_bps, profile))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(width: u32, height: u32, framerate: f64, bitrate_bps: u64) -> Option<&'static str> {
        h264(width, height, framerate, bitrate_bps, Profile::Main).map(|level| level.name)
    }

    #[test]
    fn size_and_rate_choose_the_level() {
        assert_eq!(name(176, 144, 15.0, 0), Some("1"));
        assert_eq!(name(320, 240, 30.0, 0), Some("1.3"));
        assert_eq!(name(640, 480, 30.0, 0), Some("3"));
        assert_eq!(name(1280, 720, 60.0, 0), Some("3.2"));
        assert_eq!(name(1920, 1080, 30.0, 0), Some("4"));
        assert_eq!(name(1920, 1080, 60.0, 0), Some("4.2"));
        assert_eq!(name(3840, 2160, 30.0, 0), Some("5.1"));
        assert_eq!(name(3840, 2160, 60.0, 0), Some("5.2"));
        assert_eq!(name(7680, 4320, 120.0, 0), Some("6.2"));
    }

    #[test]
    fn the_bit_rate_counts_with_the_profile() {
        assert_eq!(name(1280, 720, 30.0, 14_000_000), Some("3.1"));
        assert_eq!(name(1280, 720, 30.0, 14_000_001), Some("3.2"));
        let high = h264(1280, 720, 30.0, 17_500_000, Profile::High);
        assert_eq!(high.map(|level| level.name), Some("3.1"));
        assert_eq!(name(1280, 720, 30.0, u64::MAX), None);
    }

    #[test]
    fn slivers_and_nonsense_are_rejected() {
        // 28 macroblocks a side at level 1: the square root of 8 times 99.
        assert_eq!(name(28 * 16, 16, 1.0, 0), Some("1"));
        assert_eq!(name(29 * 16, 16, 1.0, 0), Some("1.1"));
        assert_eq!(name(0, 720, 30.0, 0), None);
        assert_eq!(name(u32::MAX, u32::MAX, 30.0, 0), None);
        for rate in [f64::NAN, f64::INFINITY, -1.0] {
            assert_eq!(name(1280, 720, rate, 0), None);
        }
    }

    #[test]
    fn small_pictures_may_be_kept_longer() {
        let kept = |name, width, height| H264Level::from_name(name).unwrap().max_dpb_frames(width, height);
        assert_eq!((kept("4", 1920, 1080), kept("4", 1280, 720), kept("4", 320, 240)), (4, 9, 16));
        assert_eq!((kept("3.1", 1280, 720), kept("5.1", 3840, 2160), kept("5.1", 4096, 2304)), (5, 5, 5));
    }

    #[test]
    fn levels_are_found_by_number_and_name() {
        assert_eq!(H264Level::from_idc(31).map(|level| level.name), Some("3.1"));
        assert_eq!(H264Level::from_name("4.0"), H264Level::from_idc(40));
        assert_eq!(H264Level::from_name("4"), H264Level::from_idc(40));
        assert_eq!(H264Level::from_idc(9), None);
    }
}
