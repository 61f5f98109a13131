/// A profile of ITU-T H.264 A.2: `profile_idc` together with the constraint flags that narrow it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Profile {
    /// `profile_idc` 66.
    Baseline,
    /// 66 with `constraint_set1_flag`: what WebRTC and the software encoders speak.
    ConstrainedBaseline,
    /// 77.
    Main,
    /// 88.
    Extended,
    /// 100.
    High,
    /// 100 with `constraint_set4_flag`: frames only.
    ProgressiveHigh,
    /// 100 with `constraint_set4_flag` and `constraint_set5_flag`: frames only, no B slices.
    ConstrainedHigh,
    /// 110.
    High10,
    /// 110 with `constraint_set3_flag`.
    High10Intra,
    /// 122.
    High422,
    /// 122 with `constraint_set3_flag`.
    High422Intra,
    /// 244.
    High444Predictive,
    /// 244 with `constraint_set3_flag`.
    High444Intra,
    /// 44.
    Cavlc444Intra,
}

const SET1: u8 = 0x40;
const SET3: u8 = 0x10;
const SET4: u8 = 0x08;
const SET5: u8 = 0x04;

impl Profile {
    /// From `profile_idc` and the byte of constraint flags (`constraint_set0_flag` is the top bit);
    /// `None` for a profile of another annex (scalable, multiview) or an unknown one.
    pub fn from_idc(profile_idc: u8, constraint_flags: u8) -> Option<Self> {
        let set = |flags: u8| constraint_flags & flags == flags;
        Some(match profile_idc {
            66 if set(SET1) => Self::ConstrainedBaseline,
            66 => Self::Baseline,
            77 => Self::Main,
            88 => Self::Extended,
            100 if set(SET4 | SET5) => Self::ConstrainedHigh,
            100 if set(SET4) => Self::ProgressiveHigh,
            100 => Self::High,
            110 if set(SET3) => Self::High10Intra,
            110 => Self::High10,
            122 if set(SET3) => Self::High422Intra,
            122 => Self::High422,
            244 if set(SET3) => Self::High444Intra,
            244 => Self::High444Predictive,
            44 => Self::Cavlc444Intra,
            _ => return None,
        })
    }

    /// `profile_idc`.
    pub fn profile_idc(self) -> u8 {
        match self {
            Self::Baseline | Self::ConstrainedBaseline => 66,
            Self::Main => 77,
            Self::Extended => 88,
            Self::High | Self::ProgressiveHigh | Self::ConstrainedHigh => 100,
            Self::High10 | Self::High10Intra => 110,
            Self::High422 | Self::High422Intra => 122,
            Self::High444Predictive | Self::High444Intra => 244,
            Self::Cavlc444Intra => 44,
        }
    }

    /// The constraint flags that a codec string for this profile carries.
    ///
    /// Constrained Baseline gives `0xe0` (sets 0, 1 and 2), the form that WebRTC negotiates as `42e0`.
    pub fn constraint_flags(self) -> u8 {
        match self {
            Self::ConstrainedBaseline => 0xe0,
            Self::ProgressiveHigh => SET4,
            Self::ConstrainedHigh => SET4 | SET5,
            Self::High10Intra | Self::High422Intra | Self::High444Intra | Self::Cavlc444Intra => SET3,
            _ => 0,
        }
    }

    /// The name in ITU-T H.264 A.2, without the word "profile".
    pub fn name(self) -> &'static str {
        match self {
            Self::Baseline => "Baseline",
            Self::ConstrainedBaseline => "Constrained Baseline",
            Self::Main => "Main",
            Self::Extended => "Extended",
            Self::High => "High",
            Self::ProgressiveHigh => "Progressive High",
            Self::ConstrainedHigh => "Constrained High",
            Self::High10 => "High 10",
            Self::High10Intra => "High 10 Intra",
            Self::High422 => "High 4:2:2",
            Self::High422Intra => "High 4:2:2 Intra",
            Self::High444Predictive => "High 4:4:4 Predictive",
            Self::High444Intra => "High 4:4:4 Intra",
            Self::Cavlc444Intra => "CAVLC 4:4:4 Intra",
        }
    }

    /// `cpbBrVclFactor` of Table A-2: bits per second for each unit of a level's MaxBR.
    pub fn bit_rate_factor(self) -> u32 {
        match self {
            Self::Baseline | Self::ConstrainedBaseline | Self::Main | Self::Extended => 1000,
            Self::High | Self::ProgressiveHigh | Self::ConstrainedHigh => 1250,
            Self::High10 | Self::High10Intra => 3000,
            _ => 4000,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Profile;

    #[test]
    fn a_profile_survives_its_own_numbers() {
        use Profile::*;
        for profile in [
            Baseline,
            ConstrainedBaseline,
            Main,
            Extended,
            High,
            ProgressiveHigh,
            ConstrainedHigh,
            High10,
            High10Intra,
            High422,
            High422Intra,
            High444Predictive,
            High444Intra,
            Cavlc444Intra,
        ] {
            let back = Profile::from_idc(profile.profile_idc(), profile.constraint_flags());
            assert_eq!(back, Some(profile));
        }
        assert_eq!(Profile::from_idc(118, 0), None);
    }
}
