use super::{fits, sides_fit};
use crate::h265::Tier;

/// One row of ITU-T H.265 Tables A.8 and A.9.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct H265Level {
    /// The level's number as the specification writes it: `"4"`, `"4.1"`.
    pub name: &'static str,
    /// `general_level_idc`: thirty times the number.
    pub level_idc: u8,
    /// `MaxLumaPs`, luma samples per picture.
    pub max_luma_picture: u32,
    /// `MaxLumaSr`, luma samples per second.
    pub max_luma_rate: u64,
    /// `MaxBR` of the Main tier in units of 1,000 bit/s.
    pub max_bit_rate_main: u32,
    /// `MaxBR` of the High tier in units of 1,000 bit/s; `None` below level 4, which has no High tier.
    pub max_bit_rate_high: Option<u32>,
}

/// The levels from 1 to 6.2 in ascending order.
pub const H265_LEVELS: [H265Level; 13] = [
    row("1", 30, 36_864, 552_960, 128, None),
    row("2", 60, 122_880, 3_686_400, 1_500, None),
    row("2.1", 63, 245_760, 7_372_800, 3_000, None),
    row("3", 90, 552_960, 16_588_800, 6_000, None),
    row("3.1", 93, 983_040, 33_177_600, 10_000, None),
    row("4", 120, 2_228_224, 66_846_720, 12_000, Some(30_000)),
    row("4.1", 123, 2_228_224, 133_693_440, 20_000, Some(50_000)),
    row("5", 150, 8_912_896, 267_386_880, 25_000, Some(100_000)),
    row("5.1", 153, 8_912_896, 534_773_760, 40_000, Some(160_000)),
    row("5.2", 156, 8_912_896, 1_069_547_520, 60_000, Some(240_000)),
    row("6", 180, 35_651_584, 1_069_547_520, 60_000, Some(240_000)),
    row("6.1", 183, 35_651_584, 2_139_095_040, 120_000, Some(480_000)),
    row("6.2", 186, 35_651_584, 4_278_190_080, 240_000, Some(800_000)),
];

const fn row(
    name: &'static str,
    level_idc: u8,
    picture: u32,
    rate: u64,
    main: u32,
    high: Option<u32>,
) -> H265Level {
    H265Level {
        name,
        level_idc,
        max_luma_picture: picture,
        max_luma_rate: rate,
        max_bit_rate_main: main,
        max_bit_rate_high: high,
    }
}

impl H265Level {
    /// The level with this `general_level_idc`; `None` for unknown ones.
    pub fn from_idc(level_idc: u8) -> Option<Self> {
        H265_LEVELS.into_iter().find(|level| level.level_idc == level_idc)
    }

    /// The level of this name; `"4"` and `"4.0"` are the same.
    pub fn from_name(name: &str) -> Option<Self> {
        let name = name.strip_suffix(".0").unwrap_or(name);
        H265_LEVELS.into_iter().find(|level| level.name == name)
    }

    /// The highest bit rate of the level in bit/s for the Main and Main 10 profiles; `None` where the
    /// level does not have the tier.
    pub fn max_bit_rate_bps(&self, tier: Tier) -> Option<u64> {
        let thousands = match tier {
            Tier::Main => Some(self.max_bit_rate_main),
            Tier::High => self.max_bit_rate_high,
        };
        thousands.map(|thousands| u64::from(thousands) * 1000)
    }

    /// How many decoded pictures of `width` by `height` luma samples may be kept besides the current one (`MaxDpbSize`, A.4.2).
    pub fn max_dpb_frames(&self, width: u32, height: u32) -> u32 {
        let (picture, most) = (coded(width).saturating_mul(coded(height)), u64::from(self.max_luma_picture));
        let size = match picture {
            _ if picture <= most / 4 => 16,
            _ if picture <= most / 2 => 12,
            _ if picture <= most * 3 / 4 => 8,
            _ => 6,
        };
        size - 1
    }

    /// Whether a stream stays within the level; arguments as for [`h265`].
    pub fn holds(&self, width: u32, height: u32, framerate: f64, bitrate_bps: u64, tier: Tier) -> bool {
        let (width, height) = (coded(width), coded(height));
        let picture = width.saturating_mul(height);
        #[expect(clippy::cast_precision_loss, reason = "checked against max_luma_picture first")]
        let rate = picture as f64 * framerate;
        picture > 0
            && picture <= self.max_luma_picture.into()
            && sides_fit(width, height, self.max_luma_picture.into())
            && fits(rate, self.max_luma_rate)
            && self.max_bit_rate_bps(tier).is_some_and(|limit| bitrate_bps <= limit)
    }
}

/// Coded sides are multiples of the smallest coding block, which is 8 luma samples or more (7.4.3.2.1).
fn coded(side: u32) -> u64 {
    u64::from(side).div_ceil(8) * 8
}

/// The lowest level for pictures of `width` by `height` luma samples, `framerate` pictures a second and
/// `bitrate_bps` bit/s (0 when it shall not matter); `None` when level 6.2 is not enough, a side is
/// zero, or the rate is negative or not finite. The High tier begins at level 4.
///
/// ```
/// use bitstream::{h265::Tier, level};
/// let chosen = level::h265(1280, 720, 30.0, 2_000_000, Tier::Main);
/// assert_eq!(chosen.map(|level| level.level_idc), Some(93));
/// ```
pub fn h265(width: u32, height: u32, framerate: f64, bitrate_bps: u64, tier: Tier) -> Option<H265Level> {
    H265_LEVELS.into_iter().find(|level| level.holds(width, height, framerate, bitrate_bps, tier))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(width: u32, height: u32, framerate: f64, bitrate_bps: u64, tier: Tier) -> Option<&'static str> {
        h265(width, height, framerate, bitrate_bps, tier).map(|level| level.name)
    }

    #[test]
    fn size_and_rate_choose_the_level() {
        let main = |width, height, rate| name(width, height, rate, 0, Tier::Main);
        assert_eq!(main(176, 144, 15.0), Some("1"));
        assert_eq!(main(640, 480, 30.0), Some("3"));
        assert_eq!(main(1280, 720, 30.0), Some("3.1"));
        assert_eq!(main(1920, 1080, 30.0), Some("4"));
        assert_eq!(main(1920, 1080, 60.0), Some("4.1"));
        assert_eq!(main(3840, 2160, 30.0), Some("5"));
        assert_eq!(main(3840, 2160, 60.0), Some("5.1"));
        assert_eq!(main(7680, 4320, 120.0), Some("6.2"));
    }

    #[test]
    fn the_bit_rate_counts_with_the_tier() {
        assert_eq!(name(1280, 720, 30.0, 10_000_000, Tier::Main), Some("3.1"));
        assert_eq!(name(1280, 720, 30.0, 10_000_001, Tier::Main), Some("4"));
        assert_eq!(name(1280, 720, 30.0, 10_000_001, Tier::High), Some("4"));
        assert_eq!(name(1920, 1080, 30.0, 50_000_000, Tier::Main), Some("5.2"));
        assert_eq!(name(1920, 1080, 30.0, 50_000_000, Tier::High), Some("4.1"));
        assert_eq!(name(640, 480, 30.0, 1, Tier::High), Some("4"));
    }

    #[test]
    fn small_pictures_may_be_kept_longer() {
        let kept = |width, height| H265Level::from_name("4.1").unwrap().max_dpb_frames(width, height);
        assert_eq!((kept(1920, 1080), kept(1280, 720), kept(640, 480)), (5, 11, 15));
    }

    #[test]
    fn slivers_and_nonsense_are_rejected() {
        // 543 luma samples a side at level 1: the square root of 8 times 36,864.
        assert_eq!(name(536, 8, 1.0, 0, Tier::Main), Some("1"));
        assert_eq!(name(544, 8, 1.0, 0, Tier::Main), Some("2"));
        assert_eq!(name(1280, 0, 30.0, 0, Tier::Main), None);
        assert_eq!(name(u32::MAX, u32::MAX, 30.0, 0, Tier::Main), None);
        assert_eq!(name(1280, 720, f64::NAN, 0, Tier::Main), None);
    }
}
