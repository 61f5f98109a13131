//! What an SPS says about how its frames are to be shown, replaced in the stream itself.
//!
//! Some encoders cannot be told, or ignore, color and sample aspect ratio. Both are a few bits of the
//! video usability information, which no slice depends on.

use crate::vui::{ASPECT_RATIOS, AspectRatio, Color, EXTENDED_SAR};
use crate::{Codec, Error, Kind, Reader, annexb, h264, h265, rbsp};

/// What an SPS shall say; `None` leaves it as it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Label {
    /// Sample aspect ratio.
    pub aspect_ratio: Option<AspectRatio>,
    /// Color description, and whether samples use the full range of their bits.
    pub color: Option<(Color, bool)>,
}

/// `video_format`: unspecified.
const ANY_VIDEO_FORMAT: u32 = 5;

/// The data with `label` in every SPS before the first slice, the rest byte by byte as it was.
///
/// # Errors
///
/// Whatever is wrong with an SPS; the data can go out as it is.
pub fn relabel(codec: Codec, annexb: &[u8], label: &Label) -> Result<Vec<u8>, Error> {
    let mut data = Vec::with_capacity(annexb.len() + 32);
    let mut copied = 0;
    for unit in annexb::units(annexb) {
        match unit.kind(codec) {
            Kind::Slice { .. } => break,
            Kind::Sps => {
                let start = unit.data().as_ptr().addr() - annexb.as_ptr().addr();
                data.extend_from_slice(annexb.get(copied..start).unwrap_or_default());
                data.extend_from_slice(&relabel_sps(codec, unit.data(), label)?);
                copied = start + unit.data().len();
            }
            _ => {}
        }
    }
    data.extend_from_slice(annexb.get(copied..).unwrap_or_default());
    Ok(data)
}

/// The SPS, header included, with `label` in it.
fn relabel_sps(codec: Codec, unit: &[u8], label: &Label) -> Result<Vec<u8>, Error> {
    // Behind the signal: six flags, or in H.265 seven, each of which says that something is absent.
    let (header, before_vui, flags) = match codec {
        Codec::H264 => (1, h264::Sps::parse(unit)?.bits_before_vui, 6),
        Codec::H265 => (2, h265::Sps::parse(unit)?.bits_before_vui, 7),
    };
    let (head, payload) = unit.split_at_checked(header).ok_or(Error::Truncated)?;
    let mut reader = Reader::new(payload);
    let mut writer = Writer::default();
    writer.copy(&mut reader, before_vui)?;
    let has_vui = reader.flag()?;
    writer.flag(true);
    write_signal(&mut reader, &mut writer, has_vui, label)?;
    if !has_vui {
        writer.bits(0, flags);
    }
    let rest = bits_of(payload).checked_sub(reader.position()).ok_or(Error::Truncated)?;
    writer.copy(&mut reader, rest)?;
    let mut relabelled = head.to_vec();
    relabelled.extend(emulation_prevented(&writer.finish()));
    Ok(relabelled)
}

/// From `aspect_ratio_info_present_flag` to `video_signal_type_present_flag` and what belongs to it.
fn write_signal(
    reader: &mut Reader<'_>,
    writer: &mut Writer,
    has_vui: bool,
    label: &Label,
) -> Result<(), Error> {
    let present = |reader: &mut Reader<'_>| if has_vui { reader.flag() } else { Ok(false) };
    let aspect = if present(reader)? {
        let idc = reader.byte()?;
        Some((idc, if idc == EXTENDED_SAR { reader.bits(32)? } else { 0 }))
    } else {
        None
    };
    writer.aspect_ratio(label.aspect_ratio.map(numbered).or(aspect));
    let overscan = if present(reader)? { Some(reader.flag()?) } else { None };
    writer.flag(overscan.is_some());
    if let Some(appropriate) = overscan {
        writer.flag(appropriate);
    }
    let mut video_format = ANY_VIDEO_FORMAT;
    let mut signal = None;
    if present(reader)? {
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

/// `aspect_ratio_idc` with `sar_width` and `sar_height` where they are written out.
fn numbered(ratio: AspectRatio) -> (u8, u32) {
    let AspectRatio { width, height } = ratio;
    match (1..).zip(ASPECT_RATIOS).find(|(_, known)| *known == (width, height)) {
        Some((idc, _)) => (idc, 0),
        None => (EXTENDED_SAR, u32::from(width) << 16 | u32::from(height)),
    }
}

/// Bits up to and with the stop bit.
fn bits_of(payload: &[u8]) -> usize {
    let mut bits = 0;
    for (index, byte) in rbsp(payload).enumerate() {
        if byte != 0 {
            bits = 8 * index + 8 - byte.trailing_zeros() as usize;
        }
    }
    bits
}

fn emulation_prevented(rbsp: &[u8]) -> Vec<u8> {
    let mut payload = Vec::with_capacity(rbsp.len() + 8);
    let mut zeros = 0;
    for &byte in rbsp {
        if zeros == 2 && byte <= 3 {
            payload.push(3);
            zeros = 0;
        }
        zeros = if byte == 0 { zeros + 1 } else { 0 };
        payload.push(byte);
    }
    payload
}

#[derive(Default)]
struct Writer {
    bytes: Vec<u8>,
    /// Bits of the last byte that are free.
    free: u32,
}

impl Writer {
    fn flag(&mut self, flag: bool) {
        if self.free == 0 {
            self.bytes.push(0);
            self.free = 8;
        }
        self.free -= 1;
        if let Some(last) = self.bytes.last_mut() {
            *last |= u8::from(flag) << self.free;
        }
    }

    fn bits(&mut self, value: u32, count: u32) {
        (0..count).rev().for_each(|bit| self.flag(value >> bit & 1 == 1));
    }

    fn copy(&mut self, reader: &mut Reader<'_>, count: usize) -> Result<(), Error> {
        for _ in 0..count {
            self.flag(reader.flag()?);
        }
        Ok(())
    }

    fn aspect_ratio(&mut self, numbered: Option<(u8, u32)>) {
        self.flag(numbered.is_some());
        if let Some((idc, extended)) = numbered {
            self.bits(idc.into(), 8);
            self.bits(extended, if idc == EXTENDED_SAR { 32 } else { 0 });
        }
    }

    fn finish(self) -> Vec<u8> {
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream_info;

    /// Baseline 3.0, 320x240, no VUI, and a slice that is no business of anybody here.
    const STREAM: [u8; 18] =
        [0, 0, 0, 1, 0x67, 0x42, 0xc0, 0x1e, 0xda, 0x05, 0x07, 0xe4, 0, 0, 1, 0x65, 0x88, 0x84];

    const BT2020: Color = Color { primaries: 9, transfer: 14, matrix: 9 };

    fn label(aspect: Option<(u16, u16)>, color: Option<(Color, bool)>) -> Label {
        Label { aspect_ratio: aspect.map(|(width, height)| AspectRatio { width, height }), color }
    }

    #[test]
    fn an_sps_without_vui_gets_one_that_says_only_what_is_asked_for() {
        let before = stream_info(Codec::H264, &STREAM).unwrap();
        let data = relabel(Codec::H264, &STREAM, &label(Some((64, 45)), None)).unwrap();
        let after = stream_info(Codec::H264, &data).unwrap();
        assert_eq!(after.aspect_ratio, Some(AspectRatio { width: 64, height: 45 }));
        assert_eq!(crate::StreamInfo { aspect_ratio: None, ..after }, before);
        assert_eq!(data.get(data.len() - 6..), STREAM.get(12..));
    }

    #[test]
    fn each_part_is_replaced_by_itself() {
        let aspect = relabel(Codec::H264, &STREAM, &label(Some((12, 11)), None)).unwrap();
        let both = relabel(Codec::H264, &aspect, &label(None, Some((BT2020, true)))).unwrap();
        let info = stream_info(Codec::H264, &both).unwrap();
        assert_eq!(info.aspect_ratio, Some(AspectRatio { width: 12, height: 11 }));
        assert_eq!((info.color, info.full_range), (Some(BT2020), true));
        assert_eq!(relabel(Codec::H264, &both, &Label::default()).unwrap(), both);
    }

    #[test]
    fn zeros_that_would_look_like_a_start_code_are_kept_apart() {
        let data = relabel(Codec::H264, &STREAM, &label(Some((256, 1)), None)).unwrap();
        assert_eq!(annexb::units(&data).count(), 2);
        let data = relabel(Codec::H264, &data, &label(Some((1, 256)), None)).unwrap();
        let info = stream_info(Codec::H264, &data).unwrap();
        assert_eq!(info.aspect_ratio, Some(AspectRatio { width: 1, height: 256 }));
    }

    #[test]
    fn a_cut_sps_is_an_error() {
        let cut = [0, 0, 0, 1, 0x67, 0x42, 0xc0, 0x1e, 0xda];
        assert_eq!(relabel(Codec::H264, &cut, &Label::default()), Err(Error::Truncated));
    }
}
