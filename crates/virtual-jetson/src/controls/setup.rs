//! What a session is made with, out of everything that the client has set.

use super::{Controls, id};
use crate::{abi, geometry::RawFormat};

/// How a picture is cut into slices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slices {
    Bits(u32),
    Macroblocks(u32),
}

/// What is settled when the first frame is coded. Arrays are by the type of frame: I, P, B.
#[derive(Clone, Debug)]
pub(crate) struct Setup {
    pub(crate) codec: u32,
    pub(crate) raw: RawFormat,
    pub(crate) profile_idc: u8,
    /// H.264's constraint flags, in their byte.
    pub(crate) constraints: u8,
    pub(crate) level_idc: u8,
    pub(crate) high_tier: bool,
    pub(crate) cabac: bool,
    pub(crate) parameter_sets_at_idr: bool,
    pub(crate) aud: bool,
    pub(crate) vui: bool,
    pub(crate) aspect_ratio: Option<(u32, u32)>,
    pub(crate) full_range: bool,
    pub(crate) gop_size: u32,
    pub(crate) idr_interval: u32,
    pub(crate) all_intra: bool,
    /// QPs where rate control is off.
    pub(crate) constant_qp: Option<[u32; 3]>,
    /// Least and greatest QP that rate control may choose.
    pub(crate) qp_range: Option<[(u32, u32); 3]>,
    /// QPs that rate control begins with.
    pub(crate) init_qp: Option<[u32; 3]>,
    pub(crate) b_frames: u32,
    /// H.264's alone.
    pub(crate) poc_type: u32,
    pub(crate) references: u32,
    pub(crate) slices: Option<Slices>,
    /// Frames from one refresh of the whole picture to the next; 0 for none.
    pub(crate) intra_refresh: u32,
    pub(crate) regions: bool,
    /// The greatest QP of a session whose frames bring their own.
    pub(crate) external_rate: Option<u32>,
}

/// NVIDIA's library codes at level 5.1 unless told otherwise.
const DEFAULT_H264_LEVEL: u32 = 15;
const DEFAULT_H265_LEVEL: u32 = 16;
const H264_LEVEL_IDC: [u8; 16] = [10, 9, 11, 12, 13, 20, 21, 22, 30, 31, 32, 40, 41, 42, 50, 51];
/// Macroblocks that the decoder's picture buffer holds at each of them (ITU-T H.264, table A-1).
const H264_BUFFERED_MACROBLOCKS: [u32; 16] = [
    396, 396, 900, 2376, 2376, 2376, 4752, 8100, 8100, 18_000, 20_480, 32_768, 32_768, 34_816, 110_400,
    184_320,
];
/// By NVIDIA's own numbering: twice the index for the Main tier, one more for the High tier.
const H265_LEVEL_IDC: [u8; 13] = [30, 60, 63, 90, 93, 120, 123, 150, 153, 156, 180, 183, 186];
/// Luma samples of the largest picture at each of them (ITU-T H.265, table A.8).
const H265_LUMA_SAMPLES: [u32; 13] = [
    36_864, 122_880, 245_760, 552_960, 983_040, 2_228_224, 2_228_224, 8_912_896, 8_912_896, 8_912_896,
    35_651_584, 35_651_584, 35_651_584,
];

impl Controls {
    /// What the session is made with.
    pub(crate) fn setup(&self, codec: u32, raw: RawFormat) -> Setup {
        let (profile_idc, constraints) = self.profile(codec);
        let (level_idc, high_tier) = self.level(codec);
        let b_frames = self.get(id::NUM_BFRAMES).unwrap_or(0).min(4);
        Setup {
            codec,
            raw,
            profile_idc,
            constraints,
            level_idc,
            high_tier,
            cabac: profile_idc != 66 && self.is_on(id::H264_ENTROPY_MODE),
            parameter_sets_at_idr: self.is_on(id::INSERT_SPS_PPS_AT_IDR),
            aud: self.is_on(id::INSERT_AUD),
            vui: self.is_on(id::INSERT_VUI),
            aspect_ratio: self.aspect_ratio(codec),
            full_range: self.is_on(id::EXTEDED_COLORFORMAT),
            gop_size: self.get(id::GOP_SIZE).unwrap_or(30),
            idr_interval: self.get(id::IDR_INTERVAL).unwrap_or(256),
            all_intra: self.is_on(id::ALL_I_FRAMES),
            constant_qp: self.constant_qp(),
            qp_range: self.qp_range(),
            init_qp: self.words.get(&id::INIT_FRAME_QP).map(|&[i, p, b, ..]| [i, p, b].map(|qp| qp.min(51))),
            b_frames,
            poc_type: self.get(id::POC_TYPE).unwrap_or(if b_frames > 0 { 0 } else { 2 }),
            references: self.references().unwrap_or(if b_frames > 0 { 2 } else { 1 }).clamp(1, 16),
            slices: self.slices(),
            intra_refresh: self.get(id::SLICE_INTRAREFRESH_PARAM).unwrap_or(0),
            regions: self.has_enabled(id::ENABLE_ROI_PARAM),
            external_rate: self.external_rate(),
        }
    }

    /// Why the encoder object cannot be made with these settings.
    pub(crate) fn contradiction(&self, codec: u32, raw: RawFormat, generation: u32) -> Option<&'static str> {
        let setup = self.setup(codec, raw);
        let is_h264 = codec == abi::H264;
        let references = self.references();
        let with_b = setup.b_frames > 0;
        match () {
            () if with_b && is_h264 && setup.poc_type == 2 => Some("B frames need POC type 0"),
            () if with_b && is_h264 && setup.profile_idc == 66 => Some("B frames need Main or High"),
            () if with_b && references.is_some_and(|count| count < 2) => Some("B frames need two references"),
            () if with_b && !is_h264 && generation >= 6 => Some("H.265 has no B frames on this chip"),
            () if is_h264 && ![0, 2].contains(&setup.poc_type) => Some("POC type is neither 0 nor 2"),
            () if references.is_some_and(|count| count > 1 && count > self.most_references(codec, raw)) => {
                Some("the level holds fewer references")
            }
            () => None,
        }
    }

    /// Reference pictures of this size that the level has room for.
    fn most_references(&self, codec: u32, raw: RawFormat) -> u32 {
        if codec == abi::H264 {
            let macroblocks = raw.width.div_ceil(16) * raw.height.div_ceil(16);
            let level = self.get(id::H264_LEVEL).unwrap_or(DEFAULT_H264_LEVEL);
            return (H264_BUFFERED_MACROBLOCKS[(level as usize).min(15)] / macroblocks).min(16);
        }
        let level = self.get(id::H265_LEVEL).unwrap_or(DEFAULT_H265_LEVEL) as usize / 2;
        let room = H265_LUMA_SAMPLES[level.min(12)];
        let samples = raw.width * raw.height;
        // The picture being coded takes one place.
        match () {
            () if samples <= room / 4 => 15,
            () if samples <= room / 2 => 11,
            () if samples <= room / 4 * 3 => 7,
            () => 5,
        }
    }

    fn references(&self) -> Option<u32> {
        self.get(id::NUM_REFERENCE_FRAMES).filter(|&count| count > 0)
    }

    fn aspect_ratio(&self, codec: u32) -> Option<(u32, u32)> {
        let (width, height) = match codec {
            abi::H265 => (id::H265_VUI_EXT_SAR_WIDTH, id::H265_VUI_EXT_SAR_HEIGHT),
            _ => (id::H264_VUI_EXT_SAR_WIDTH, id::H264_VUI_EXT_SAR_HEIGHT),
        };
        let (width, height) = (self.get(width)?, self.get(height)?);
        (width > 0 && height > 0).then_some((width.min(0xFFFF), height.min(0xFFFF)))
    }

    fn slices(&self) -> Option<Slices> {
        let [kind, length, ..] = *self.words.get(&id::SLICE_LENGTH_PARAM)?;
        match kind {
            _ if length == 0 => None,
            0 => Some(Slices::Bits(length)),
            _ => Some(Slices::Macroblocks(length)),
        }
    }

    fn external_rate(&self) -> Option<u32> {
        let [enable, most, ..] = *self.words.get(&id::ENABLE_EXTERNAL_RATE_CONTROL)?;
        (enable & 0xFF != 0).then_some(if (1..=51).contains(&most) { most } else { 51 })
    }

    fn constant_qp(&self) -> Option<[u32; 3]> {
        let has_none = self.get(id::FRAME_RC_ENABLE) == Some(0) || self.get(id::BITRATE_MODE) == Some(2);
        let qp = |control, default| self.get(control).unwrap_or(default).min(51);
        has_none
            .then(|| [qp(id::H264_I_FRAME_QP, 26), qp(id::H264_P_FRAME_QP, 28), qp(id::H264_B_FRAME_QP, 30)])
    }

    fn qp_range(&self) -> Option<[(u32, u32); 3]> {
        let words = self.words.get(&id::QP_RANGE)?;
        // All ones means "leave it".
        let bound = |qp: u32, default: u32| if qp <= 51 { qp } else { default };
        let range = |at: usize| {
            let most = bound(words[at + 1], 51);
            (bound(words[at], 0).min(most), most)
        };
        Some([range(0), range(2), range(4)])
    }

    fn profile(&self, codec: u32) -> (u8, u8) {
        if codec == abi::H265 {
            let profile = self.get(id::H265_PROFILE).unwrap_or(0).min(3);
            return (u8::try_from(profile).unwrap_or(0) + 1, 0);
        }
        match self.get(id::H264_PROFILE).unwrap_or(0) {
            0 => (66, 0x40),
            1 => (66, 0xC0),
            2 => (77, 0x40),
            _ => (100, 0x00),
        }
    }

    fn level(&self, codec: u32) -> (u8, bool) {
        if codec == abi::H265 {
            let level = self.get(id::H265_LEVEL).unwrap_or(DEFAULT_H265_LEVEL);
            let idc = H265_LEVEL_IDC.get(level as usize / 2).copied().unwrap_or(153);
            return (idc, level % 2 == 1);
        }
        let level = self.get(id::H264_LEVEL).unwrap_or(DEFAULT_H264_LEVEL);
        (H264_LEVEL_IDC.get(level as usize).copied().unwrap_or(51), false)
    }
}
