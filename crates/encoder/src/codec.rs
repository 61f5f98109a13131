use std::fmt;

/// A video codec.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Codec {
    /// ITU-T H.264, MPEG-4 AVC.
    H264,
    /// ITU-T H.265, HEVC.
    H265,
    /// VP8.
    Vp8,
    /// VP9.
    Vp9,
    /// Fast Walsh Hadamard Transform, which only the kernel's virtual driver vicodec encodes: for tests.
    Fwht,
}

impl Codec {
    /// Every codec.
    pub const ALL: [Self; 5] = [Self::H264, Self::H265, Self::Vp8, Self::Vp9, Self::Fwht];

    /// `h264`, `h265`, `vp8`, `vp9`, `fwht`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::H264 => "h264",
            Self::H265 => "h265",
            Self::Vp8 => "vp8",
            Self::Vp9 => "vp9",
            Self::Fwht => "fwht",
        }
    }

    /// `H264`, `H265`, `VP8`, `VP9`, `FWHT`: as people write it.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::H264 => "H264",
            Self::H265 => "H265",
            Self::Vp8 => "VP8",
            Self::Vp9 => "VP9",
            Self::Fwht => "FWHT",
        }
    }

    /// The codec of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|codec| codec.name() == name)
    }

    /// What the kernel calls its coded form. NVIDIA's library has another code for H.265.
    pub(crate) fn fourcc(self) -> v4l2::PixelFormat {
        match self {
            Self::H264 => v4l2::fourcc::H264,
            Self::H265 => v4l2::fourcc::HEVC,
            Self::Vp8 => v4l2::fourcc::VP8,
            Self::Vp9 => v4l2::fourcc::VP9,
            Self::Fwht => v4l2::fourcc::FWHT,
        }
    }

    /// The bitstream crate's name of a codec whose streams consist of NAL units; `None` for those whose chunks are plain
    /// frames.
    #[must_use]
    pub fn of_units(self) -> Option<bitstream::Codec> {
        match self {
            Self::H264 => Some(bitstream::Codec::H264),
            Self::H265 => Some(bitstream::Codec::H265),
            Self::Vp8 | Self::Vp9 | Self::Fwht => None,
        }
    }
}

impl fmt::Display for Codec {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.title())
    }
}

/// A profile we can ask an encoder for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Profile {
    /// H.264 Baseline without the tools that nobody decodes; the default.
    ConstrainedBaseline,
    /// H.264 Baseline.
    Baseline,
    /// H.264 Main or H.265 Main.
    Main,
    /// H.264 High.
    High,
    /// Profile 0 of VP8 or VP9: 8 bits, 4:2:0.
    Zero,
}

impl Profile {
    /// What can be requested of a codec's encoders; the first is the default.
    #[must_use]
    pub fn of(codec: Codec) -> &'static [Self] {
        match codec {
            Codec::H264 => &[Self::ConstrainedBaseline, Self::Baseline, Self::Main, Self::High],
            Codec::H265 => &[Self::Main],
            Codec::Vp8 | Codec::Vp9 => &[Self::Zero],
            Codec::Fwht => &[],
        }
    }

    /// `constrained-baseline`, `main`, `0`, …
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ConstrainedBaseline => "constrained-baseline",
            Self::Baseline => "baseline",
            Self::Main => "main",
            Self::High => "high",
            Self::Zero => "0",
        }
    }
}

/// A level, such as 3.1, as ten times its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Level(u8);

impl Level {
    /// H.264's levels (ITU-T H.264 Annex A, without 1b, which is no number) that can be requested of NVIDIA's encoder.
    const H264: &[u8] = &[10, 11, 12, 13, 20, 21, 22, 30, 31, 32, 40, 41, 42, 50, 51, 52];
    /// H.265's levels (ITU-T H.265 Annex A).
    const H265: &[u8] = &[10, 20, 21, 30, 31, 40, 41, 50, 51, 52, 60, 61, 62];

    /// VP9's levels.
    const VP9: &[u8] = &[10, 11, 20, 21, 30, 31, 40, 41, 50, 51, 52, 60, 61, 62];

    /// The levels of a codec, ascending, as ten times their numbers; empty for codecs without levels.
    #[must_use]
    pub fn of(codec: Codec) -> &'static [u8] {
        match codec {
            Codec::H264 => Self::H264,
            Codec::H265 => Self::H265,
            Codec::Vp9 => Self::VP9,
            Codec::Vp8 | Codec::Fwht => &[],
        }
    }

    /// The levels of a codec, ascending.
    pub(crate) fn all(codec: Codec) -> impl Iterator<Item = Self> {
        Self::of(codec).iter().copied().map(Self)
    }

    /// The codec's highest level, if it has levels.
    #[must_use]
    pub fn highest(codec: Codec) -> Option<Self> {
        Self::of(codec).last().copied().map(Self)
    }

    /// The next higher level of the codec.
    #[must_use]
    pub fn next(self, codec: Codec) -> Option<Self> {
        Self::of(codec).iter().copied().find(|level| *level > self.0).map(Self)
    }

    /// Reads `3.1`, `5` or `5.0`, if the codec has that level.
    #[must_use]
    pub fn parse(codec: Codec, text: &str) -> Option<Self> {
        let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
        let tenfold = whole.parse::<u8>().ok()?.checked_mul(10)?.checked_add(part.parse().ok()?)?;
        Self::of(codec).contains(&tenfold).then_some(Self(tenfold))
    }

    /// Ten times the number: 31 for 3.1.
    #[must_use]
    pub fn tenfold(self) -> u8 {
        self.0
    }

    /// The position in [`Level::of`].
    #[must_use]
    pub fn position(self, codec: Codec) -> usize {
        Self::of(codec).iter().position(|level| *level == self.0).unwrap_or(0)
    }
}

impl fmt::Display for Level {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 % 10 {
            0 => write!(formatter, "{}", self.0 / 10),
            part => write!(formatter, "{}.{part}", self.0 / 10),
        }
    }
}

/// The profile in H.264's own terms; the default one where none is named.
pub(crate) fn h264_profile(profile: Option<Profile>) -> bitstream::h264::Profile {
    match profile {
        Some(Profile::Baseline) => bitstream::h264::Profile::Baseline,
        Some(Profile::Main) => bitstream::h264::Profile::Main,
        Some(Profile::High) => bitstream::h264::Profile::High,
        _ => bitstream::h264::Profile::ConstrainedBaseline,
    }
}

/// The codec string by RFC 6381 and WebCodecs' registry.
pub(crate) fn codec_string(
    codec: Codec,
    profile: Option<Profile>,
    level: Option<Level>,
    high_tier: bool,
) -> String {
    let level = level.map_or(0, Level::tenfold);
    match codec {
        Codec::H264 => {
            bitstream::codec_string::Parsed::h264_profile(h264_profile(profile), level).to_string()
        }
        // general_level_idc is thirty times the level's number (ITU-T H.265 A.4.1).
        Codec::H265 => bitstream::codec_string::Parsed::h265_profile(
            bitstream::h265::Profile::Main,
            if high_tier { bitstream::h265::Tier::High } else { bitstream::h265::Tier::Main },
            level * 3,
        )
        .to_string(),
        Codec::Vp9 => bitstream::vp9::codec_string(0, level, 8),
        // Neither has parameters.
        Codec::Vp8 | Codec::Fwht => codec.name().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_read_as_people_write_them() {
        assert_eq!(Level::parse(Codec::H264, "3.1"), Some(Level(31)));
        assert_eq!(Level::parse(Codec::H265, "5"), Some(Level(50)));
        assert_eq!(Level::parse(Codec::H265, "5.0"), Some(Level(50)));
        assert_eq!(Level::parse(Codec::H265, "1.1"), None);
        assert_eq!(Level::parse(Codec::H264, "99.9"), None);
        assert_eq!(Level(31).to_string(), "3.1");
        assert_eq!(Level(50).to_string(), "5");
    }
}
