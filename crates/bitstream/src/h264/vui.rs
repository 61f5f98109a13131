use crate::vui::{Signal, Timing};
use crate::{Error, Reader};

/// Video usability information (ITU-T H.264 E.1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Vui {
    /// Aspect ratio, range and color.
    pub signal: Signal,
    /// Clock; `None` when the stream has none.
    pub timing: Option<Timing>,
    /// Limits a decoder may rely on; `None` when the stream gives none.
    pub bitstream_restriction: Option<BitstreamRestriction>,
}

/// The two numbers of `bitstream_restriction` that decide a decoder's delay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BitstreamRestriction {
    /// `max_num_reorder_frames`; 0 means output order is coding order.
    pub max_num_reorder_frames: u32,
    /// `max_dec_frame_buffering`, in frames.
    pub max_dec_frame_buffering: u32,
}

impl Vui {
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let signal = Signal::read(reader)?;
        let timing = if reader.flag()? { Some(read_timing(reader)?) } else { None };
        skip_hrd_and_pic_struct(reader)?;
        let bitstream_restriction = if reader.flag()? { Some(read_restriction(reader)?) } else { None };
        Ok(Self { signal, timing, bitstream_restriction })
    }
}

/// Passes over all that is between the clock and `bitstream_restriction_flag`.
pub(crate) fn skip_hrd_and_pic_struct(reader: &mut Reader<'_>) -> Result<(), Error> {
    let nal_hrd = skip_hrd(reader)?;
    let vcl_hrd = skip_hrd(reader)?;
    if nal_hrd || vcl_hrd {
        reader.skip(1)?; // low_delay_hrd_flag
    }
    reader.skip(1) // pic_struct_present_flag
}

fn read_timing(reader: &mut Reader<'_>) -> Result<Timing, Error> {
    Ok(Timing {
        num_units_in_tick: reader.bits(32)?,
        time_scale: reader.bits(32)?,
        fixed_frame_rate: reader.flag()?,
    })
}

/// Passes over `hrd_parameters()` (E.1.2) when its flag is set. Returns whether it was.
fn skip_hrd(reader: &mut Reader<'_>) -> Result<bool, Error> {
    let present = reader.flag()?;
    if present {
        let count = reader.ue_max("cpb_cnt_minus1", 31)? + 1;
        reader.skip(8)?; // bit_rate_scale, cpb_size_scale
        for _ in 0..count {
            reader.ue()?; // bit_rate_value_minus1
            reader.ue()?; // cpb_size_value_minus1
            reader.skip(1)?; // cbr_flag
        }
        reader.skip(20)?; // four lengths of five bits
    }
    Ok(present)
}

fn read_restriction(reader: &mut Reader<'_>) -> Result<BitstreamRestriction, Error> {
    reader.skip(1)?; // motion_vectors_over_pic_boundaries_flag
    for _ in 0..4 {
        reader.ue()?; // max_bytes, max_bits, log2_max_mv_length_horizontal and _vertical
    }
    Ok(BitstreamRestriction { max_num_reorder_frames: reader.ue()?, max_dec_frame_buffering: reader.ue()? })
}
