//! One SPS, written again with another label.

use super::Label;
use crate::vui::{ASPECT_RATIOS, AspectRatio, Color, EXTENDED_SAR};
use crate::writer::{Writer, bits_of, push_escaped};
use crate::{Error, Reader, h264, h265};

/// `video_format`: unspecified.
const ANY_VIDEO_FORMAT: u32 = 5;

/// An H.264 SPS (ITU-T H.264 7.3.2.1.1 and E.1.1), header included.
pub(super) fn h264(unit: &[u8], sps: &h264::Sps, label: &Label) -> Result<Vec<u8>, Error> {
    rewritten(unit, 1, |reader, writer| {
        writer.copy(reader, sps.bits_before_vui)?;
        let has_vui = reader.flag()?;
        writer.flag(true);
        write_signal(reader, writer, has_vui, label)?;
        // A tick is a field.
        let timing = label.frame_rate.and_then(|(frames, seconds)| Some((seconds, frames.checked_mul(2)?)));
        match (timing, flag_if(reader, has_vui)?) {
            (None, present) => {
                writer.flag(present);
                writer.copy(reader, if present { 65 } else { 0 })?;
            }
            (Some((units, scale)), present) => {
                reader.skip(if present { 65 } else { 0 })?;
                writer.flag(true);
                writer.bits(units, 32);
                writer.bits(scale, 32);
                writer.flag(false); // fixed_frame_rate_flag
            }
        }
        if has_vui {
            writer.copy_parsed(reader, h264::skip_hrd_and_pic_struct)?;
        } else {
            writer.bits(0, 3); // two HRDs, pic_struct_present_flag
        }
        write_restriction(reader, writer, has_vui, label.no_reorder.then_some(sps.max_num_ref_frames))
    })
}

/// `bitstream_restriction`; with `buffering`, as of a stream that is not reordered.
fn write_restriction(
    reader: &mut Reader<'_>,
    writer: &mut Writer,
    has_vui: bool,
    buffering: Option<u32>,
) -> Result<(), Error> {
    let present = flag_if(reader, has_vui)?;
    writer.flag(present || buffering.is_some());
    if present {
        writer.copy_parsed(reader, |reader| {
            reader.skip(1)?; // motion_vectors_over_pic_boundaries_flag
            (0..4).try_for_each(|_| reader.ue().map(drop)) // sizes and lengths of motion vectors
        })?;
    } else if buffering.is_some() {
        // What is inferred where it is absent: vectors may point outside, sizes at most as the level has it, lengths any.
        writer.flag(true);
        [2, 1, 15, 15].into_iter().for_each(|value| writer.ue(value));
    }
    let before = if present { Some((reader.ue()?, reader.ue()?)) } else { None };
    if let Some((reorder, buffering)) = buffering.map(|buffering| (0, buffering)).or(before) {
        writer.ue(reorder);
        writer.ue(buffering);
    }
    Ok(())
}

/// An H.265 SPS (ITU-T H.265 7.3.2.2.1 and E.2.1), header included.
pub(super) fn h265(unit: &[u8], sps: &h265::Sps, label: &Label) -> Result<Vec<u8>, Error> {
    rewritten(unit, 2, |reader, writer| {
        writer.copy(reader, sps.bits_before_ordering)?;
        if label.no_reorder {
            write_ordering(reader, writer, sps.max_sub_layers)?;
        }
        writer.copy(reader, sps.bits_before_vui.saturating_sub(reader.position()))?;
        let has_vui = reader.flag()?;
        writer.flag(true);
        write_signal(reader, writer, has_vui, label)?;
        if has_vui {
            writer.copy_parsed(reader, h265::skip_fields_and_window)?;
        } else {
            writer.bits(0, 4); // neutral chroma, fields, field information, default display window
        }
        write_timing(reader, writer, has_vui, label)?;
        if !has_vui {
            writer.flag(false); // bitstream_restriction_flag: of tiles and sizes, not of order
        }
        Ok(())
    })
}

/// `sps_max_num_reorder_pics` becomes 0. Buffering stays, being at least what is referred to. The latency increase stays as
/// well: it counts from the reordering, and a frame that is shown at once has no latency.
fn write_ordering(reader: &mut Reader<'_>, writer: &mut Writer, sub_layers: u8) -> Result<(), Error> {
    let each = reader.flag()?;
    writer.flag(each);
    for _ in 0..if each { sub_layers } else { 1 } {
        writer.ue(reader.ue()?);
        reader.ue()?;
        writer.ue(0);
        writer.ue(reader.ue()?);
    }
    Ok(())
}

/// `vui_timing_info`; where there is one, its HRD stays.
fn write_timing(
    reader: &mut Reader<'_>,
    writer: &mut Writer,
    has_vui: bool,
    label: &Label,
) -> Result<(), Error> {
    let present = flag_if(reader, has_vui)?;
    writer.flag(present || label.frame_rate.is_some());
    let before = if present { Some((reader.bits(32)?, reader.bits(32)?)) } else { None };
    let wanted = label.frame_rate.map(|(frames, seconds)| (seconds, frames));
    if let Some((units, scale)) = wanted.or(before) {
        writer.bits(units, 32);
        writer.bits(scale, 32);
        if !present {
            writer.bits(0, 2); // vui_poc_proportional_to_timing_flag, vui_hrd_parameters_present_flag
        }
    }
    Ok(())
}

/// The unit with its payload as `write` makes it, and with what that leaves unread.
fn rewritten(
    unit: &[u8],
    header: usize,
    write: impl FnOnce(&mut Reader<'_>, &mut Writer) -> Result<(), Error>,
) -> Result<Vec<u8>, Error> {
    let (head, payload) = unit.split_at_checked(header).ok_or(Error::Truncated)?;
    let mut reader = Reader::new(payload);
    let mut writer = Writer::default();
    write(&mut reader, &mut writer)?;
    let rest = bits_of(payload).checked_sub(reader.position()).ok_or(Error::Truncated)?;
    writer.copy(&mut reader, rest)?;
    let mut out = head.to_vec();
    push_escaped(&mut out, &writer.finish());
    Ok(out)
}

/// A flag of the VUI; false where there is none.
fn flag_if(reader: &mut Reader<'_>, has_vui: bool) -> Result<bool, Error> {
    if has_vui { reader.flag() } else { Ok(false) }
}

/// From `aspect_ratio_info_present_flag` to the chroma location, which both codecs write alike.
fn write_signal(
    reader: &mut Reader<'_>,
    writer: &mut Writer,
    has_vui: bool,
    label: &Label,
) -> Result<(), Error> {
    let aspect = if flag_if(reader, has_vui)? {
        let idc = reader.byte()?;
        Some((idc, if idc == EXTENDED_SAR { reader.bits(32)? } else { 0 }))
    } else {
        None
    };
    write_aspect_ratio(writer, label.aspect_ratio.map(numbered).or(aspect));
    let overscan = if flag_if(reader, has_vui)? { Some(reader.flag()?) } else { None };
    writer.flag(overscan.is_some());
    if let Some(appropriate) = overscan {
        writer.flag(appropriate);
    }
    write_video_signal_type(reader, writer, has_vui, label)?;
    let located = flag_if(reader, has_vui)?;
    writer.flag(located);
    if located {
        writer.ue(reader.ue()?); // chroma_sample_loc_type_top_field
        writer.ue(reader.ue()?); // chroma_sample_loc_type_bottom_field
    }
    Ok(())
}

fn write_video_signal_type(
    reader: &mut Reader<'_>,
    writer: &mut Writer,
    has_vui: bool,
    label: &Label,
) -> Result<(), Error> {
    let mut video_format = ANY_VIDEO_FORMAT;
    let mut signal = None;
    if flag_if(reader, has_vui)? {
        video_format = reader.bits(3)?;
        let full_range = reader.flag()?;
        let color = if reader.flag()? { Some(reader.bits(24)?) } else { None };
        signal = Some((color, full_range));
    }
    let wanted = label.color.map(|(Color { primaries, transfer, matrix }, full_range)| {
        (Some(u32::from_be_bytes([0, primaries, transfer, matrix])), full_range)
    });
    writer.flag(wanted.or(signal).is_some());
    if let Some((color, full_range)) = wanted.or(signal) {
        writer.bits(video_format, 3);
        writer.flag(full_range);
        writer.flag(color.is_some());
        writer.bits(color.unwrap_or_default(), if color.is_some() { 24 } else { 0 });
    }
    Ok(())
}

fn write_aspect_ratio(writer: &mut Writer, numbered: Option<(u8, u32)>) {
    writer.flag(numbered.is_some());
    if let Some((idc, extended)) = numbered {
        writer.bits(idc.into(), 8);
        writer.bits(extended, if idc == EXTENDED_SAR { 32 } else { 0 });
    }
}

/// `aspect_ratio_idc` with `sar_width` and `sar_height` where they are written out.
fn numbered(ratio: AspectRatio) -> (u8, u32) {
    let AspectRatio { width, height } = ratio;
    match (1..).zip(ASPECT_RATIOS).find(|(_, known)| *known == (width, height)) {
        Some((idc, _)) => (idc, 0),
        None => (EXTENDED_SAR, u32::from(width) << 16 | u32::from(height)),
    }
}
