//! The part of video usability information that both codecs write the same way
//! (ITU-T H.264 E.1.1, ITU-T H.265 E.2.1).

use crate::{Error, Reader};

/// Shape of one luma sample, width to height; `1:1` is a square.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AspectRatio {
    /// Width of a sample, in the same arbitrary unit as `height`.
    pub width: u16,
    /// Height of a sample.
    pub height: u16,
}

/// Color primaries, transfer and matrix, as ITU-T H.273 numbers them; 2 means unspecified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Color {
    /// `colour_primaries`; 1 is BT.709, 9 is BT.2020.
    pub primaries: u8,
    /// `transfer_characteristics`; 1 is BT.709, 13 is sRGB, 16 is PQ, 18 is HLG.
    pub transfer: u8,
    /// `matrix_coefficients`; 1 is BT.709, 6 is BT.601, 9 is BT.2020.
    pub matrix: u8,
}

/// How samples are meant to be shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Signal {
    /// Sample aspect ratio; `None` when unspecified.
    pub aspect_ratio: Option<AspectRatio>,
    /// `video_full_range_flag`; false, the inferred value, when the stream does not say.
    pub full_range: bool,
    /// Color description; `None` when the stream has none.
    pub color: Option<Color>,
}

/// Clock of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timing {
    /// Length of a clock tick in units of `time_scale`.
    pub num_units_in_tick: u32,
    /// Units per second.
    pub time_scale: u32,
    /// H.264 `fixed_frame_rate_flag`, H.265 `fixed_pic_rate_general_flag` of the highest sub-layer:
    /// pictures come at exactly this rate.
    pub fixed_frame_rate: bool,
}

impl Timing {
    /// Frames per second as a reduced fraction, where a frame lasts `ticks` ticks: 2 in H.264 (a tick
    /// is a field), 1 in H.265. `None` when a term is zero.
    pub fn rate(&self, ticks: u32) -> Option<(u32, u32)> {
        let (up, down) = (u64::from(self.time_scale), u64::from(self.num_units_in_tick) * u64::from(ticks));
        let divisor = greatest_common_divisor(up, down);
        if up == 0 || down == 0 {
            return None;
        }
        Some((u32::try_from(up / divisor).ok()?, u32::try_from(down / divisor).ok()?))
    }
}

fn greatest_common_divisor(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// Table E-1 of both specifications, `aspect_ratio_idc` 1 to 16.
pub(crate) const ASPECT_RATIOS: [(u16, u16); 16] = [
    (1, 1),
    (12, 11),
    (10, 11),
    (16, 11),
    (40, 33),
    (24, 11),
    (20, 11),
    (32, 11),
    (80, 33),
    (18, 11),
    (15, 11),
    (64, 33),
    (160, 99),
    (4, 3),
    (3, 2),
    (2, 1),
];
pub(crate) const EXTENDED_SAR: u8 = 255;

impl Signal {
    /// Reads from `aspect_ratio_info_present_flag` to the end of the chroma location.
    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let aspect_ratio = if reader.flag()? { read_aspect_ratio(reader)? } else { None };
        if reader.flag()? {
            reader.skip(1)?; // overscan_appropriate_flag
        }
        let mut signal = Self { aspect_ratio, ..Self::default() };
        if reader.flag()? {
            signal.read_video_signal_type(reader)?;
        }
        if reader.flag()? {
            reader.ue()?; // chroma_sample_loc_type_top_field
            reader.ue()?; // chroma_sample_loc_type_bottom_field
        }
        Ok(signal)
    }

    fn read_video_signal_type(&mut self, reader: &mut Reader<'_>) -> Result<(), Error> {
        reader.skip(3)?; // video_format
        self.full_range = reader.flag()?;
        if reader.flag()? {
            let (primaries, transfer, matrix) = (reader.byte()?, reader.byte()?, reader.byte()?);
            self.color = Some(Color { primaries, transfer, matrix });
        }
        Ok(())
    }
}

fn read_aspect_ratio(reader: &mut Reader<'_>) -> Result<Option<AspectRatio>, Error> {
    let idc = reader.byte()?;
    let (width, height) = if idc == EXTENDED_SAR {
        (reader.short()?, reader.short()?)
    } else {
        idc.checked_sub(1).and_then(|at| ASPECT_RATIOS.get(usize::from(at)).copied()).unwrap_or_default()
    };
    Ok((width > 0 && height > 0).then_some(AspectRatio { width, height }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frame_rates_are_reduced() {
        let timing =
            |num_units_in_tick, time_scale| Timing { num_units_in_tick, time_scale, fixed_frame_rate: true };
        assert_eq!(timing(1, 60).rate(2), Some((30, 1)));
        assert_eq!(timing(1001, 60_000).rate(2), Some((30_000, 1001)));
        assert_eq!(timing(0, 60).rate(2), None);
        assert_eq!(timing(1, 0).rate(1), None);
        assert_eq!(timing(u32::MAX, 1).rate(2), None);
    }
}
