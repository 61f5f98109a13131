//! What the parameter sets say of a stream, in one shape for both codecs.

use crate::vui::{AspectRatio, Color, Signal};
use crate::{Codec, Error, Kind, annexb, codec_string, h264, h265};

/// A stream's properties as its own parameter sets state them; made by [`stream_info`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct StreamInfo {
    /// The codec it was read as.
    pub codec: Codec,
    /// Coded width in luma samples.
    pub coded_width: u32,
    /// Coded height in luma samples.
    pub coded_height: u32,
    /// Visible width in luma samples.
    pub width: u32,
    /// Visible height in luma samples.
    pub height: u32,
    /// Name of the profile, for example `Constrained Baseline`; `Unknown` when it has none here.
    pub profile: &'static str,
    /// Number of the level, for example `3.1`, `4` or `1b`.
    pub level: String,
    /// Tier; always `Main` for H.264.
    pub tier: h265::Tier,
    /// The codec string of RFC 6381, `avc1` or `hvc1` form.
    pub codec_string: String,
    /// Frames per second as a reduced fraction; `None` when the stream does not say.
    pub frame_rate: Option<(u32, u32)>,
    /// Frames come at exactly that rate.
    pub fixed_frame_rate: bool,
    /// Sample aspect ratio; `None` when unspecified.
    pub aspect_ratio: Option<AspectRatio>,
    /// Samples use the full range of their bits.
    pub full_range: bool,
    /// Color description; `None` when the stream has none.
    pub color: Option<Color>,
    /// `chroma_format_idc`: 0 monochrome, 1 4:2:0, 2 4:2:2, 3 4:4:4.
    pub chroma_format_idc: u8,
    /// Bits per luma sample.
    pub bit_depth: u8,
    /// Pictures that may come between coding and output order; `None` when the stream does not say.
    pub max_num_reorder: Option<u32>,
    /// Output order is certain to be coding order: of H.264, no B slices by its profile, or picture order by coding order; of
    /// H.265, nothing reordered by its SPS.
    pub in_order: bool,
    /// Frames that a decoder's buffer has to hold (`max_dec_frame_buffering`); `None` when the stream does not say, and for H.265.
    pub max_dec_frame_buffering: Option<u32>,
    /// Frames that may be kept for reference; `None` for H.265.
    pub references: Option<u32>,
}

/// Reads the first SPS in `annexb` and, for an H.265 clock that is not in it, the first VPS.
///
/// # Errors
///
/// [`Error::Missing`] when there is no SPS, and whatever is wrong with the one there is.
pub fn stream_info(codec: Codec, annexb: &[u8]) -> Result<StreamInfo, Error> {
    let sps = first(codec, annexb, Kind::Sps).ok_or(Error::Missing("SPS"))?;
    match codec {
        Codec::H264 => Ok(StreamInfo::from(&h264::Sps::parse(sps)?)),
        Codec::H265 => {
            let mut info = StreamInfo::from(&h265::Sps::parse(sps)?);
            info.frame_rate = info.frame_rate.or_else(|| vps_rate(annexb));
            Ok(info)
        }
    }
}

fn first(codec: Codec, annexb: &[u8], kind: Kind) -> Option<&[u8]> {
    annexb::units(annexb).find(|unit| unit.kind(codec) == kind).map(|unit| unit.data())
}

/// A VPS that cannot be read says nothing: the clock is all that is wanted of it, and it is optional.
fn vps_rate(annexb: &[u8]) -> Option<(u32, u32)> {
    h265::Vps::parse(first(Codec::H265, annexb, Kind::Vps)?).ok()?.timing?.rate(1)
}

impl From<&h264::Sps> for StreamInfo {
    fn from(sps: &h264::Sps) -> Self {
        let signal = sps.vui.map_or_else(Signal::default, |vui| vui.signal);
        let restriction = sps.vui.and_then(|vui| vui.bitstream_restriction);
        Self {
            codec: Codec::H264,
            coded_width: sps.coded_width,
            coded_height: sps.coded_height,
            width: sps.width,
            height: sps.height,
            profile: sps.profile().map_or("Unknown", h264::Profile::name),
            level: h264_level(sps),
            tier: h265::Tier::Main,
            codec_string: codec_string::h264(sps),
            frame_rate: sps.frame_rate(),
            fixed_frame_rate: sps
                .vui
                .and_then(|vui| vui.timing)
                .is_some_and(|timing| timing.fixed_frame_rate),
            aspect_ratio: signal.aspect_ratio,
            full_range: signal.full_range,
            color: signal.color,
            chroma_format_idc: sps.chroma_format_idc,
            bit_depth: sps.bit_depth_luma,
            max_num_reorder: restriction.map(|restriction| restriction.max_num_reorder_frames),
            in_order: sps.pic_order_cnt_type == 2 || sps.profile_idc == 66,
            max_dec_frame_buffering: restriction.map(|restriction| restriction.max_dec_frame_buffering),
            references: Some(sps.max_num_ref_frames),
        }
    }
}

impl From<&h265::Sps> for StreamInfo {
    fn from(sps: &h265::Sps) -> Self {
        let signal = sps.vui.map_or_else(Signal::default, |vui| vui.signal);
        Self {
            codec: Codec::H265,
            coded_width: sps.coded_width,
            coded_height: sps.coded_height,
            width: sps.width,
            height: sps.height,
            profile: sps.profile().map_or("Unknown", h265::Profile::name),
            level: number(sps.profile_tier_level.level_idc, 30),
            tier: sps.profile_tier_level.tier,
            codec_string: codec_string::h265(sps),
            frame_rate: sps.frame_rate(),
            fixed_frame_rate: sps
                .vui
                .and_then(|vui| vui.timing)
                .is_some_and(|timing| timing.fixed_frame_rate),
            aspect_ratio: signal.aspect_ratio,
            full_range: signal.full_range,
            color: signal.color,
            chroma_format_idc: sps.chroma_format_idc,
            bit_depth: sps.bit_depth_luma,
            max_num_reorder: Some(sps.max_num_reorder),
            in_order: sps.max_num_reorder == 0,
            max_dec_frame_buffering: None,
            references: None,
        }
    }
}

/// Level 1b is 9, or 11 with `constraint_set3_flag` in the profiles up to Extended (A.3.1, A.3.2).
fn h264_level(sps: &h264::Sps) -> String {
    let set3 = sps.constraint_flags & 0x10 != 0 && matches!(sps.profile_idc, 66 | 77 | 88);
    match sps.level_idc {
        9 => "1b".to_owned(),
        11 if set3 => "1b".to_owned(),
        idc => number(idc, 10),
    }
}

/// `idc` over `unit` with one digit behind the point, and none where it would be zero.
fn number(idc: u8, unit: u8) -> String {
    match (idc / unit, idc % unit / (unit / 10)) {
        (whole, 0) => whole.to_string(),
        (whole, tenth) => format!("{whole}.{tenth}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn level_numbers_read_like_the_tables() {
        for level in crate::level::H264_LEVELS {
            assert_eq!(number(level.level_idc, 10), level.name);
        }
        for level in crate::level::H265_LEVELS {
            assert_eq!(number(level.level_idc, 30), level.name);
        }
    }

    #[test]
    fn a_stream_without_an_sps_says_so() {
        assert_eq!(stream_info(Codec::H264, &[0, 0, 1, 0x65, 0x88]), Err(Error::Missing("SPS")));
        assert_eq!(stream_info(Codec::H265, &[]), Err(Error::Missing("SPS")));
    }
}
