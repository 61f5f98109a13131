/// A profile of ITU-T H.265 A.3, by `general_profile_idc`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Profile {
    /// 1.
    Main,
    /// 2.
    Main10,
    /// 3.
    MainStillPicture,
    /// 4: the format range extensions, whose constraint bytes say which.
    RangeExtensions,
    /// 5.
    HighThroughput,
    /// 9: the screen content coding extensions.
    ScreenContent,
    /// 11.
    HighThroughputScreenContent,
}

impl Profile {
    /// From `general_profile_idc`; `None` for a profile of another annex or an unknown one.
    pub fn from_idc(profile_idc: u8) -> Option<Self> {
        Some(match profile_idc {
            1 => Self::Main,
            2 => Self::Main10,
            3 => Self::MainStillPicture,
            4 => Self::RangeExtensions,
            5 => Self::HighThroughput,
            9 => Self::ScreenContent,
            11 => Self::HighThroughputScreenContent,
            _ => return None,
        })
    }

    /// `general_profile_idc`.
    pub fn profile_idc(self) -> u8 {
        match self {
            Self::Main => 1,
            Self::Main10 => 2,
            Self::MainStillPicture => 3,
            Self::RangeExtensions => 4,
            Self::HighThroughput => 5,
            Self::ScreenContent => 9,
            Self::HighThroughputScreenContent => 11,
        }
    }

    /// `general_profile_compatibility_flag` that a codec string for this profile carries, flag 0 in the
    /// top bit: its own, and those of the profiles that A.3 says it is compatible with.
    pub fn compatibility_flags(self) -> u32 {
        let flag = |profile: u32| 1 << (31 - profile);
        match self {
            Self::Main => flag(1) | flag(2),
            Self::MainStillPicture => flag(1) | flag(2) | flag(3),
            other => flag(other.profile_idc().into()),
        }
    }

    /// The name, without the word "profile".
    pub fn name(self) -> &'static str {
        match self {
            Self::Main => "Main",
            Self::Main10 => "Main 10",
            Self::MainStillPicture => "Main Still Picture",
            Self::RangeExtensions => "Format Range Extensions",
            Self::HighThroughput => "High Throughput",
            Self::ScreenContent => "Screen Content Coding",
            Self::HighThroughputScreenContent => "High Throughput Screen Content Coding",
        }
    }
}
