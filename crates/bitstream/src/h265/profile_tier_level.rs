use super::Profile;
use crate::{Error, Reader};

/// Tier of ITU-T H.265 A.4: which of two bit rate limits holds at a level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Tier {
    /// `general_tier_flag` 0, `L` in a codec string.
    #[default]
    Main,
    /// `general_tier_flag` 1, `H` in a codec string; from level 4 up.
    High,
}

/// The general part of `profile_tier_level()` (ITU-T H.265 7.3.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProfileTierLevel {
    /// `general_profile_space`, 0 to 3; 0 in all streams so far.
    pub profile_space: u8,
    /// `general_tier_flag`.
    pub tier: Tier,
    /// `general_profile_idc`, 0 to 31.
    pub profile_idc: u8,
    /// `general_profile_compatibility_flag`, flag 0 in the top bit.
    pub compatibility_flags: u32,
    /// The six bytes from `general_progressive_source_flag` to the last reserved bit.
    pub constraint_bytes: [u8; 6],
    /// `general_level_idc`: thirty times the level's number.
    pub level_idc: u8,
}

impl ProfileTierLevel {
    /// Reads the structure with `profilePresentFlag` 1 and passes over its sub-layers.
    pub(super) fn read(reader: &mut Reader<'_>, max_sub_layers: u8) -> Result<Self, Error> {
        let first = reader.byte()?;
        let compatibility_flags = reader.bits(32)?;
        let mut constraint_bytes = [0; 6];
        for byte in &mut constraint_bytes {
            *byte = reader.byte()?;
        }
        let level_idc = reader.byte()?;
        skip_sub_layers(reader, max_sub_layers)?;
        Ok(Self {
            profile_space: first >> 6,
            tier: if first & 0x20 == 0 { Tier::Main } else { Tier::High },
            profile_idc: first & 0x1f,
            compatibility_flags,
            constraint_bytes,
            level_idc,
        })
    }

    /// The profile: the one named, or the first that the compatibility flags name; `None` when neither
    /// is one that [`Profile`] lists.
    pub fn profile(&self) -> Option<Profile> {
        let compatible = |idc: &u8| self.compatibility_flags & (0x8000_0000 >> idc) != 0;
        Profile::from_idc(self.profile_idc).or_else(|| (1..32).filter(compatible).find_map(Profile::from_idc))
    }
}

fn skip_sub_layers(reader: &mut Reader<'_>, max_sub_layers: u8) -> Result<(), Error> {
    if max_sub_layers < 2 {
        return Ok(());
    }
    let present = reader.short()?; // eight pairs of profile and level flags, the unused ones zero
    for layer in 0..u32::from(max_sub_layers - 1).min(7) {
        let pair = present << (2 * layer);
        reader.skip(if pair & 0x8000 == 0 { 0 } else { 88 })?;
        reader.skip(if pair & 0x4000 == 0 { 0 } else { 8 })?;
    }
    Ok(())
}
