/// One row of the table of levels (webmproject.org, "VP9 levels").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Vp9Level {
    /// Name, for example `3.1`.
    pub name: &'static str,
    /// Luma samples a second.
    pub max_luma_sample_rate: u64,
    /// Luma samples of a picture.
    pub max_luma_picture_size: u64,
    /// Bits per second.
    pub max_bitrate: u64,
}

const fn row(name: &'static str, rate: u64, size: u64, kbps: u64) -> Vp9Level {
    Vp9Level { name, max_luma_sample_rate: rate, max_luma_picture_size: size, max_bitrate: kbps * 1000 }
}

/// The levels of VP9, ascending.
pub const VP9_LEVELS: [Vp9Level; 14] = [
    row("1", 829_440, 36_864, 200),
    row("1.1", 2_764_800, 73_728, 800),
    row("2", 4_608_000, 122_880, 1800),
    row("2.1", 9_216_000, 245_760, 3600),
    row("3", 20_736_000, 552_960, 7200),
    row("3.1", 36_864_000, 983_040, 12_000),
    row("4", 83_558_400, 2_228_224, 18_000),
    row("4.1", 160_432_128, 2_228_224, 30_000),
    row("5", 311_951_360, 8_912_896, 60_000),
    row("5.1", 588_251_136, 8_912_896, 120_000),
    row("5.2", 1_176_502_272, 8_912_896, 180_000),
    row("6", 1_176_502_272, 35_651_584, 180_000),
    row("6.1", 2_353_004_544, 35_651_584, 240_000),
    row("6.2", 4_706_009_088, 35_651_584, 480_000),
];

/// The lowest level that holds a stream of this size, rate and bit rate; `None` beyond all.
pub fn vp9(width: u32, height: u32, framerate: f64, bitrate: u64) -> Option<&'static Vp9Level> {
    VP9_LEVELS.iter().find(|level| level.holds(width, height, framerate, bitrate))
}

impl Vp9Level {
    /// Whether a stream of this size, rate and bit rate stays within the level.
    pub fn holds(&self, width: u32, height: u32, framerate: f64, bitrate: u64) -> bool {
        let size = u64::from(width) * u64::from(height);
        #[expect(clippy::cast_precision_loss, reason = "sizes are far below 2^53")]
        let rate = size as f64 * framerate;
        size <= self.max_luma_picture_size
            && super::fits(rate, self.max_luma_sample_rate)
            && bitrate <= self.max_bitrate
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lowest_that_holds_is_chosen() {
        assert_eq!(vp9(1280, 720, 30.0, 2_000_000).unwrap().name, "3.1");
        assert_eq!(vp9(1280, 720, 60.0, 2_000_000).unwrap().name, "4");
        assert_eq!(vp9(3840, 2160, 60.0, 20_000_000).unwrap().name, "5.1");
        assert_eq!(vp9(320, 240, 15.0, 20_000_000).unwrap().name, "4.1");
        assert_eq!(vp9(16_384, 16_384, 1.0, 1), None);
    }
}
