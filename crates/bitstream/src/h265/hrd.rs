//! `hrd_parameters()` (ITU-T H.265 E.2.2), read only to get past it, but for one flag.

use crate::{Error, Reader};

/// Passes over the structure, with its common part, and says whether the pictures of the highest
/// sub-layer come at a fixed rate (`fixed_pic_rate_general_flag`).
pub(super) fn read(reader: &mut Reader<'_>, max_sub_layers: u8) -> Result<bool, Error> {
    let common = Common::read(reader)?;
    let mut fixed = false;
    for _ in 0..max_sub_layers {
        fixed = skip_sub_layer(reader, &common)?;
    }
    Ok(fixed)
}

struct Common {
    nal: bool,
    vcl: bool,
    sub_pic: bool,
}

impl Common {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let (nal, vcl) = (reader.flag()?, reader.flag()?);
        let mut common = Self { nal, vcl, sub_pic: false };
        if nal || vcl {
            common.sub_pic = reader.flag()?;
            if common.sub_pic {
                reader.skip(19)?; // tick_divisor_minus2 to dpb_output_delay_du_length_minus1
            }
            reader.skip(8)?; // bit_rate_scale, cpb_size_scale
            if common.sub_pic {
                reader.skip(4)?; // cpb_size_du_scale
            }
            reader.skip(15)?; // three lengths of five bits
        }
        Ok(common)
    }
}

fn skip_sub_layer(reader: &mut Reader<'_>, common: &Common) -> Result<bool, Error> {
    let fixed = reader.flag()?;
    let fixed_within_cvs = fixed || reader.flag()?;
    let low_delay = if fixed_within_cvs {
        reader.ue()?; // elemental_duration_in_tc_minus1
        false
    } else {
        reader.flag()?
    };
    let count = if low_delay { 1 } else { reader.ue_max("cpb_cnt_minus1", 31)? + 1 };
    for _ in 0..count * (u32::from(common.nal) + u32::from(common.vcl)) {
        for _ in 0..if common.sub_pic { 4 } else { 2 } {
            reader.ue()?; // bit rate and buffer size, and the same for decoding units
        }
        reader.skip(1)?; // cbr_flag
    }
    Ok(fixed)
}
