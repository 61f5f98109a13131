use super::vps::{skip_ordering, sub_layers};
use super::{Profile, ProfileTierLevel, Vui, ref_pic_set, scaling};
use crate::{Error, Reader};

/// A sequence parameter set (ITU-T H.265 7.3.2.2.1) of the base layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sps {
    /// `sps_seq_parameter_set_id`, 0 to 15.
    pub id: u8,
    /// `sps_video_parameter_set_id` of the VPS it belongs to, 0 to 15.
    pub vps_id: u8,
    /// Number of temporal sub-layers, 1 to 7.
    pub max_sub_layers: u8,
    /// `sps_temporal_id_nesting_flag`.
    pub temporal_id_nesting: bool,
    /// Profile, tier and level.
    pub profile_tier_level: ProfileTierLevel,
    /// `chroma_format_idc`: 0 monochrome, 1 4:2:0, 2 4:2:2, 3 4:4:4.
    pub chroma_format_idc: u8,
    /// Bits per luma sample, 8 to 16.
    pub bit_depth_luma: u8,
    /// Bits per chroma sample, 8 to 16.
    pub bit_depth_chroma: u8,
    /// Coded width in luma samples.
    pub coded_width: u32,
    /// Coded height in luma samples.
    pub coded_height: u32,
    /// Visible width in luma samples, conformance window applied.
    pub width: u32,
    /// Visible height in luma samples, conformance window applied.
    pub height: u32,
    /// `sps_max_num_reorder_pics` of the highest sub-layer; 0 means output order is coding order.
    pub max_num_reorder: u32,
    /// Video usability information, where there is any.
    pub vui: Option<Vui>,
    /// Where `sps_sub_layer_ordering_info_present_flag` is, behind the header.
    pub(crate) bits_before_ordering: usize,
    /// Where `vui_parameters_present_flag` is, behind the header.
    pub(crate) bits_before_vui: usize,
}

/// Far beyond level 6.2, whose longest side is 16,888 luma samples.
const MAX_SIDE: u32 = 65_535;

impl Sps {
    /// Reads a unit of type 33, header included.
    pub fn parse(nal: &[u8]) -> Result<Self, Error> {
        let reader = &mut super::open(nal, 33, "an H.265 SPS")?;
        let first = reader.byte()?;
        let max_sub_layers = sub_layers("sps_max_sub_layers_minus1", first >> 1 & 7)?;
        let profile_tier_level = ProfileTierLevel::read(reader, max_sub_layers)?;
        let id = reader.ue_u8("sps_seq_parameter_set_id", 15)?;
        let picture = Picture::read(reader)?;
        let log2_max_poc = reader.ue_max("log2_max_pic_order_cnt_lsb_minus4", 12)? + 4;
        let bits_before_ordering = reader.position();
        let max_num_reorder = skip_ordering(reader, max_sub_layers)?;
        skip_coding_tools(reader, log2_max_poc)?;
        let bits_before_vui = reader.position();
        let vui = if reader.flag()? { Some(Vui::read(reader, max_sub_layers)?) } else { None };
        Ok(Self {
            id,
            vps_id: first >> 4,
            max_sub_layers,
            temporal_id_nesting: first & 1 == 1,
            profile_tier_level,
            chroma_format_idc: picture.chroma_format_idc,
            bit_depth_luma: picture.bit_depth_luma,
            bit_depth_chroma: picture.bit_depth_chroma,
            coded_width: picture.coded.0,
            coded_height: picture.coded.1,
            width: picture.visible.0,
            height: picture.visible.1,
            max_num_reorder,
            vui,
            bits_before_ordering,
            bits_before_vui,
        })
    }

    /// The profile; `None` for one that [`Profile`] does not list.
    pub fn profile(&self) -> Option<Profile> {
        self.profile_tier_level.profile()
    }

    /// Pictures per second as a reduced fraction; `None` when the SPS does not say.
    pub fn frame_rate(&self) -> Option<(u32, u32)> {
        self.vui?.timing?.rate(1)
    }
}

struct Picture {
    chroma_format_idc: u8,
    coded: (u32, u32),
    visible: (u32, u32),
    bit_depth_luma: u8,
    bit_depth_chroma: u8,
}

impl Picture {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let chroma_format_idc = reader.ue_u8("chroma_format_idc", 3)?;
        if chroma_format_idc == 3 {
            reader.skip(1)?; // separate_colour_plane_flag
        }
        let width = reader.ue_max("pic_width_in_luma_samples", MAX_SIDE)?;
        let height = reader.ue_max("pic_height_in_luma_samples", MAX_SIDE)?;
        if width == 0 || height == 0 {
            return Err(Error::EmptyPicture { width, height });
        }
        let unit = match chroma_format_idc {
            1 => (2, 2),
            2 => (2, 1),
            _ => (1, 1),
        };
        let visible = crate::window::read(reader, (width, height), unit)?;
        let bit_depth_luma = 8 + reader.ue_u8("bit_depth_luma_minus8", 8)?;
        let bit_depth_chroma = 8 + reader.ue_u8("bit_depth_chroma_minus8", 8)?;
        Ok(Self { chroma_format_idc, coded: (width, height), visible, bit_depth_luma, bit_depth_chroma })
    }
}

/// Passes over everything between the sub-layer ordering and the VUI.
fn skip_coding_tools(reader: &mut Reader<'_>, log2_max_poc: u32) -> Result<(), Error> {
    for _ in 0..6 {
        reader.ue()?; // block sizes and transform hierarchy depths
    }
    if reader.flag()? && reader.flag()? {
        scaling::skip(reader)?;
    }
    reader.skip(2)?; // amp_enabled_flag, sample_adaptive_offset_enabled_flag
    if reader.flag()? {
        reader.skip(8)?; // PCM sample bit depths
        reader.ue()?; // log2_min_pcm_luma_coding_block_size_minus3
        reader.ue()?; // log2_diff_max_min_pcm_luma_coding_block_size
        reader.skip(1)?; // pcm_loop_filter_disabled_flag
    }
    ref_pic_set::skip_all(reader)?;
    if reader.flag()? {
        let pictures = reader.ue_max("num_long_term_ref_pics_sps", 32)?;
        reader.skip(pictures * (log2_max_poc + 1))?; // lt_ref_pic_poc_lsb_sps, used_by_curr_pic_lt_sps_flag
    }
    reader.skip(2) // sps_temporal_mvp_enabled_flag, strong_intra_smoothing_enabled_flag
}
