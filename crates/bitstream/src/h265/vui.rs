use super::hrd;
use crate::vui::{Signal, Timing};
use crate::{Error, Reader};

/// Video usability information (ITU-T H.265 E.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Vui {
    /// Aspect ratio, range and color.
    pub signal: Signal,
    /// `field_seq_flag`: each picture is a field.
    pub field_seq: bool,
    /// Clock; `None` when the SPS has none.
    pub timing: Option<Timing>,
    /// `min_spatial_segmentation_idc`, 0 to 4095; 0 when the stream does not say.
    pub min_spatial_segmentation: u16,
}

impl Vui {
    pub(super) fn read(reader: &mut Reader<'_>, max_sub_layers: u8) -> Result<Self, Error> {
        let signal = Signal::read(reader)?;
        let field_seq = skip_fields_and_window(reader)?;
        let timing = if reader.flag()? { Some(read_timing(reader, max_sub_layers)?) } else { None };
        let min_spatial_segmentation = if reader.flag()? { read_restriction(reader)? } else { 0 };
        Ok(Self { signal, field_seq, timing, min_spatial_segmentation })
    }
}

/// Passes over all that is between the signal and the clock, and gives `field_seq_flag`.
pub(crate) fn skip_fields_and_window(reader: &mut Reader<'_>) -> Result<bool, Error> {
    reader.skip(1)?; // neutral_chroma_indication_flag
    let field_seq = reader.flag()?;
    reader.skip(1)?; // frame_field_info_present_flag
    if reader.flag()? {
        for _ in 0..4 {
            reader.ue()?; // default display window: advice that players leave to the user
        }
    }
    Ok(field_seq)
}

fn read_timing(reader: &mut Reader<'_>, max_sub_layers: u8) -> Result<Timing, Error> {
    let (num_units_in_tick, time_scale) = (reader.bits(32)?, reader.bits(32)?);
    if reader.flag()? {
        reader.ue()?; // vui_num_ticks_poc_diff_one_minus1
    }
    let fixed_frame_rate = reader.flag()? && hrd::read(reader, max_sub_layers)?;
    Ok(Timing { num_units_in_tick, time_scale, fixed_frame_rate })
}

/// Passes over the bitstream restriction and gives `min_spatial_segmentation_idc`.
fn read_restriction(reader: &mut Reader<'_>) -> Result<u16, Error> {
    reader.skip(3)?; // tiles_fixed_structure_flag to restricted_ref_pic_lists_flag
    let segmentation = reader.ue_max("min_spatial_segmentation_idc", 4095)?;
    for _ in 0..4 {
        reader.ue()?; // max_bytes, max_bits, log2_max_mv_length_horizontal and _vertical
    }
    Ok(u16::try_from(segmentation).unwrap_or_default())
}
