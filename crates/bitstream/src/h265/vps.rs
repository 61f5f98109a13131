use super::{ProfileTierLevel, hrd};
use crate::vui::Timing;
use crate::{Error, Reader};

/// A video parameter set (ITU-T H.265 7.3.2.1), up to its clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Vps {
    /// `vps_video_parameter_set_id`, 0 to 15.
    pub id: u8,
    /// Number of temporal sub-layers, 1 to 7.
    pub max_sub_layers: u8,
    /// `vps_temporal_id_nesting_flag`.
    pub temporal_id_nesting: bool,
    /// Profile, tier and level.
    pub profile_tier_level: ProfileTierLevel,
    /// Clock; `None` when the VPS has none (most encoders put it into the SPS).
    pub timing: Option<Timing>,
}

impl Vps {
    /// Reads a unit of type 32, header included.
    pub fn parse(nal: &[u8]) -> Result<Self, Error> {
        let reader = &mut super::open(nal, 32, "an H.265 VPS")?;
        let [id_and_layers, layers_and_nesting] = reader.short()?.to_be_bytes();
        reader.skip(16)?; // vps_reserved_0xffff_16bits
        let max_sub_layers = sub_layers("vps_max_sub_layers_minus1", layers_and_nesting >> 1 & 7)?;
        let profile_tier_level = ProfileTierLevel::read(reader, max_sub_layers)?;
        skip_ordering(reader, max_sub_layers)?;
        skip_layer_sets(reader)?;
        let timing = if reader.flag()? { Some(read_timing(reader, max_sub_layers)?) } else { None };
        Ok(Self {
            id: id_and_layers >> 4,
            max_sub_layers,
            temporal_id_nesting: layers_and_nesting & 1 == 1,
            profile_tier_level,
            timing,
        })
    }
}

/// One more than the syntax element says; seven sub-layers at most.
pub(super) fn sub_layers(field: &'static str, minus1: u8) -> Result<u8, Error> {
    crate::error::at_most(field, minus1.into(), 6)?;
    Ok(minus1 + 1)
}

/// Passes over the buffering, reordering and latency of each sub-layer; gives the last reordering.
pub(super) fn skip_ordering(reader: &mut Reader<'_>, max_sub_layers: u8) -> Result<u32, Error> {
    let each = reader.flag()?; // sub_layer_ordering_info_present_flag
    let mut reorder = 0;
    for _ in 0..if each { max_sub_layers } else { 1 } {
        reader.ue()?; // max_dec_pic_buffering_minus1
        reorder = reader.ue()?;
        reader.ue()?; // max_latency_increase_plus1
    }
    Ok(reorder)
}

fn skip_layer_sets(reader: &mut Reader<'_>) -> Result<(), Error> {
    let max_layer_id = reader.bits(6)?;
    let extra_sets = reader.ue_max("vps_num_layer_sets_minus1", 1023)?;
    reader.skip(extra_sets * (max_layer_id + 1)) // layer_id_included_flag
}

fn read_timing(reader: &mut Reader<'_>, max_sub_layers: u8) -> Result<Timing, Error> {
    let (num_units_in_tick, time_scale) = (reader.bits(32)?, reader.bits(32)?);
    if reader.flag()? {
        reader.ue()?; // vps_num_ticks_poc_diff_one_minus1
    }
    let mut fixed_frame_rate = false;
    if reader.ue()? > 0 {
        // vps_num_hrd_parameters; the first is the base layer's, the others are of no use here.
        reader.ue()?; // hrd_layer_set_idx
        fixed_frame_rate = hrd::read(reader, max_sub_layers)?;
    }
    Ok(Timing { num_units_in_tick, time_scale, fixed_frame_rate })
}
