use super::{LENGTH_SIZE_MINUS_ONE, count, push_sets};
use crate::Error;
use crate::h265::{Pps, ProfileTierLevel, Sps, Tier};

/// Writes an `HEVCDecoderConfigurationRecord` (ISO/IEC 14496-15 8.3.3.1) for units with four-byte
/// lengths, from parameter sets without start codes.
///
/// The arrays are marked complete, which is the `hvc1` form: no parameter sets in the stream. Where
/// there is more than one SPS the record states what holds for all of them. The average and constant
/// frame rate are left unspecified.
///
/// # Errors
///
/// A missing VPS, SPS or PPS, an unreadable SPS or PPS, more than 255 of one kind.
pub fn hvcc(vps: &[&[u8]], sps: &[&[u8]], pps: &[&[u8]]) -> Result<Vec<u8>, Error> {
    for (kind, sets) in [("VPS", vps), ("SPS", sps), ("PPS", pps)] {
        count(kind, sets, 255)?;
    }
    let stream = Stream::read(sps)?;
    let parallelism = if stream.segmentation == 0 { Parallelism::Mixed } else { Parallelism::read(pps)? };
    let mut out = vec![1];
    push_general(&mut out, &stream.general);
    out.extend_from_slice(&(0xf000 | stream.segmentation).to_be_bytes());
    out.push(0xfc | parallelism as u8);
    out.push(0xfc | stream.first.chroma_format_idc);
    out.push(0xf8 | (stream.first.bit_depth_luma - 8) & 7);
    out.push(0xf8 | (stream.first.bit_depth_chroma - 8) & 7);
    out.extend_from_slice(&[0, 0]); // avgFrameRate
    let nesting = u8::from(stream.first.temporal_id_nesting);
    out.push(stream.first.max_sub_layers << 3 | nesting << 2 | LENGTH_SIZE_MINUS_ONE);
    out.push(3); // numOfArrays
    for (nal_type, sets) in [(32, vps), (33, sps), (34, pps)] {
        push_array(&mut out, nal_type, sets)?;
    }
    Ok(out)
}

/// What the SPS say together.
struct Stream {
    first: Sps,
    general: ProfileTierLevel,
    segmentation: u16,
}

impl Stream {
    fn read(sps: &[&[u8]]) -> Result<Self, Error> {
        let first = Sps::parse(sps.first().copied().unwrap_or_default())?;
        let (general, segmentation) = (first.profile_tier_level, segmentation(&first));
        let mut stream = Self { first, general, segmentation };
        for nal in sps.iter().skip(1) {
            stream.add(&Sps::parse(nal)?);
        }
        Ok(stream)
    }

    fn add(&mut self, sps: &Sps) {
        let (general, other) = (&mut self.general, &sps.profile_tier_level);
        general.profile_idc = general.profile_idc.max(other.profile_idc);
        general.level_idc = general.level_idc.max(other.level_idc);
        general.compatibility_flags &= other.compatibility_flags;
        if other.tier == Tier::High {
            general.tier = Tier::High;
        }
        for (byte, other) in general.constraint_bytes.iter_mut().zip(other.constraint_bytes) {
            *byte &= other;
        }
        self.first.max_sub_layers = self.first.max_sub_layers.max(sps.max_sub_layers);
        self.first.temporal_id_nesting &= sps.temporal_id_nesting;
        self.segmentation = self.segmentation.min(segmentation(sps));
    }
}

fn segmentation(sps: &Sps) -> u16 {
    sps.vui.map_or(0, |vui| vui.min_spatial_segmentation)
}

/// `parallelismType`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Parallelism {
    Mixed = 0,
    Slices = 1,
    Tiles = 2,
    Wavefronts = 3,
}

impl Parallelism {
    /// What all PPS agree on.
    fn read(pps: &[&[u8]]) -> Result<Self, Error> {
        let mut agreed = None;
        for nal in pps {
            let pps = Pps::parse(nal)?;
            let one = match (pps.entropy_coding_sync, pps.tiles) {
                (true, true) => Self::Mixed,
                (true, false) => Self::Wavefronts,
                (false, true) => Self::Tiles,
                (false, false) => Self::Slices,
            };
            agreed = if agreed.is_none_or(|all| all == one) { Some(one) } else { Some(Self::Mixed) };
        }
        Ok(agreed.unwrap_or(Self::Mixed))
    }
}

fn push_general(out: &mut Vec<u8>, general: &ProfileTierLevel) {
    let tier = u8::from(general.tier == Tier::High);
    out.push(general.profile_space << 6 | tier << 5 | general.profile_idc);
    out.extend_from_slice(&general.compatibility_flags.to_be_bytes());
    out.extend_from_slice(&general.constraint_bytes);
    out.push(general.level_idc);
}

fn push_array(out: &mut Vec<u8>, nal_type: u8, sets: &[&[u8]]) -> Result<(), Error> {
    const ARRAY_COMPLETENESS: u8 = 0x80;
    out.push(ARRAY_COMPLETENESS | nal_type);
    let count = u16::try_from(sets.len()).unwrap_or(u16::MAX);
    out.extend_from_slice(&count.to_be_bytes());
    push_sets(out, sets)
}
