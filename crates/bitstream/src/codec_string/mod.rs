//! Codec strings of RFC 6381, as ISO/IEC 14496-15 Annex E spells them: `avc1.42e01f`, `hvc1.1.6.L93.B0`.

mod parse;

pub use parse::parse;

use crate::h265::{ProfileTierLevel, Tier};
use crate::{Codec, Error, h264, h265};
use core::fmt;

/// Name of the sample entry that leads a codec string.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SampleEntry {
    /// H.264, parameter sets in the record only.
    Avc1,
    /// H.264, parameter sets may be in the stream.
    Avc3,
    /// H.265, parameter sets in the record only.
    Hvc1,
    /// H.265, parameter sets may be in the stream.
    Hev1,
}

impl SampleEntry {
    /// The four characters.
    pub fn name(self) -> &'static str {
        match self {
            Self::Avc1 => "avc1",
            Self::Avc3 => "avc3",
            Self::Hvc1 => "hvc1",
            Self::Hev1 => "hev1",
        }
    }

    /// The codec it stands for.
    pub fn codec(self) -> Codec {
        match self {
            Self::Avc1 | Self::Avc3 => Codec::H264,
            Self::Hvc1 | Self::Hev1 => Codec::H265,
        }
    }
}

/// A codec string taken apart; its `Display` puts it together again in the canonical spelling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Parsed {
    /// The codec.
    pub codec: Codec,
    /// The sample entry's name.
    pub sample_entry: SampleEntry,
    /// `profile_idc`, `general_profile_idc`.
    pub profile_idc: u8,
    /// `general_profile_space`, 0 to 3; 0 for H.264.
    pub profile_space: u8,
    /// `general_profile_compatibility_flag`, flag 0 in the top bit; 0 for H.264.
    pub compatibility_flags: u32,
    /// The six constraint bytes of H.265; for H.264 the first is the byte of constraint flags.
    pub constraint_bytes: [u8; 6],
    /// Tier; always `Main` for H.264.
    pub tier: Tier,
    /// `level_idc` (ten times the level), `general_level_idc` (thirty times the level).
    pub level_idc: u8,
}

impl Parsed {
    /// What `avc1.PPCCLL` says of a profile at a level.
    pub fn h264(profile_idc: u8, constraint_flags: u8, level_idc: u8) -> Self {
        Self {
            codec: Codec::H264,
            sample_entry: SampleEntry::Avc1,
            profile_idc,
            profile_space: 0,
            compatibility_flags: 0,
            constraint_bytes: [constraint_flags, 0, 0, 0, 0, 0],
            tier: Tier::Main,
            level_idc,
        }
    }

    /// What `hvc1.…` says of a profile, tier and level.
    pub fn h265(general: &ProfileTierLevel) -> Self {
        Self {
            codec: Codec::H265,
            sample_entry: SampleEntry::Hvc1,
            profile_idc: general.profile_idc,
            profile_space: general.profile_space,
            compatibility_flags: general.compatibility_flags,
            constraint_bytes: general.constraint_bytes,
            tier: general.tier,
            level_idc: general.level_idc,
        }
    }

    /// The string an encoder announces before there is a stream: H.264 `profile` at `level_idc`.
    pub fn h264_profile(profile: h264::Profile, level_idc: u8) -> Self {
        Self::h264(profile.profile_idc(), profile.constraint_flags(), level_idc)
    }

    /// The string an encoder announces before there is a stream: H.265 `profile` at `level_idc`, with
    /// the constraint byte `B0` (progressive source, non-packed, frames only) of the usual examples.
    pub fn h265_profile(profile: h265::Profile, tier: Tier, level_idc: u8) -> Self {
        Self {
            codec: Codec::H265,
            sample_entry: SampleEntry::Hvc1,
            profile_idc: profile.profile_idc(),
            profile_space: 0,
            compatibility_flags: profile.compatibility_flags(),
            constraint_bytes: [0xb0, 0, 0, 0, 0, 0],
            tier,
            level_idc,
        }
    }

    /// The profile of an H.264 string; `None` for H.265 and for unknown ones.
    pub fn as_h264_profile(&self) -> Option<h264::Profile> {
        let [flags, ..] = self.constraint_bytes;
        (self.codec == Codec::H264).then(|| h264::Profile::from_idc(self.profile_idc, flags))?
    }

    /// The profile of an H.265 string; `None` for H.264 and for unknown ones.
    pub fn as_h265_profile(&self) -> Option<h265::Profile> {
        (self.codec == Codec::H265).then(|| h265::Profile::from_idc(self.profile_idc))?
    }
}

impl fmt::Display for Parsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.sample_entry.name())?;
        match self.codec {
            Codec::H264 => self.write_h264(f),
            Codec::H265 => self.write_h265(f),
        }
    }
}

impl Parsed {
    fn write_h264(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [flags, ..] = self.constraint_bytes;
        write!(f, ".{:02x}{flags:02x}{:02x}", self.profile_idc, self.level_idc)
    }

    fn write_h265(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let space = ["", "A", "B", "C"].get(usize::from(self.profile_space)).copied().unwrap_or_default();
        let flags = self.compatibility_flags.reverse_bits();
        let tier = if self.tier == Tier::Main { 'L' } else { 'H' };
        write!(f, ".{space}{}.{flags:X}.{tier}{}", self.profile_idc, self.level_idc)?;
        let used = self.constraint_bytes.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
        self.constraint_bytes.iter().take(used).try_for_each(|byte| write!(f, ".{byte:X}"))
    }
}

/// The codec string of a stream with this SPS, for example `avc1.42e01f`.
pub fn h264(sps: &h264::Sps) -> String {
    Parsed::h264(sps.profile_idc, sps.constraint_flags, sps.level_idc).to_string()
}

/// The codec string of a stream with this SPS, for example `hvc1.1.6.L93.B0`.
pub fn h265(sps: &h265::Sps) -> String {
    Parsed::h265(&sps.profile_tier_level).to_string()
}

impl core::str::FromStr for Parsed {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        parse(text)
    }
}
