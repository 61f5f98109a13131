use super::{Profile, Vui};
use crate::{Error, Reader};

/// A sequence parameter set (ITU-T H.264 7.3.2.1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sps {
    /// `profile_idc`.
    pub profile_idc: u8,
    /// The byte after it: `constraint_set0_flag` is the top bit, the two lowest bits are reserved.
    pub constraint_flags: u8,
    /// `level_idc`: ten times the level's number.
    pub level_idc: u8,
    /// `seq_parameter_set_id`, 0 to 31.
    pub id: u8,
    /// `chroma_format_idc`: 0 monochrome, 1 4:2:0, 2 4:2:2, 3 4:4:4.
    pub chroma_format_idc: u8,
    /// Bits per luma sample, 8 to 14.
    pub bit_depth_luma: u8,
    /// Bits per chroma sample, 8 to 14.
    pub bit_depth_chroma: u8,
    /// `pic_order_cnt_type`; 2 means that output order is coding order.
    pub pic_order_cnt_type: u8,
    /// `max_num_ref_frames`.
    pub max_num_ref_frames: u32,
    /// `frame_mbs_only_flag`: no fields, no macroblock-adaptive frame/field coding.
    pub frame_mbs_only: bool,
    /// Coded width in luma samples, a multiple of 16.
    pub coded_width: u32,
    /// Coded height of a frame in luma samples, a multiple of 16.
    pub coded_height: u32,
    /// Visible width in luma samples, cropping applied.
    pub width: u32,
    /// Visible height in luma samples, cropping applied.
    pub height: u32,
    /// Video usability information, where there is any.
    pub vui: Option<Vui>,
    /// Where `vui_parameters_present_flag` is, behind the header.
    pub(crate) bits_before_vui: usize,
}

/// The profiles whose SPS says chroma format and bit depth.
const WITH_CHROMA_FORMAT: [u8; 13] = [100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135];
/// 65,520 luma samples, far beyond level 6.2.
const MAX_MACROBLOCKS: u32 = 4095;

impl Sps {
    /// Reads a unit of type 7, header included.
    pub fn parse(nal: &[u8]) -> Result<Self, Error> {
        let reader = &mut super::open(nal, 7, "an H.264 SPS")?;
        let (profile_idc, constraint_flags, level_idc) = (reader.byte()?, reader.byte()?, reader.byte()?);
        let id = reader.ue_u8("seq_parameter_set_id", 31)?;
        let chroma =
            if WITH_CHROMA_FORMAT.contains(&profile_idc) { Chroma::read(reader)? } else { Chroma::PLAIN };
        reader.ue_max("log2_max_frame_num_minus4", 12)?;
        let pic_order_cnt_type = read_picture_order_count(reader)?;
        let max_num_ref_frames = reader.ue()?;
        reader.skip(1)?; // gaps_in_frame_num_value_allowed_flag
        let picture = Picture::read(reader, &chroma)?;
        let bits_before_vui = reader.position();
        let vui = if reader.flag()? { Some(Vui::read(reader)?) } else { None };
        Ok(Self {
            profile_idc,
            constraint_flags,
            level_idc,
            id,
            chroma_format_idc: chroma.format_idc,
            bit_depth_luma: chroma.bit_depth_luma,
            bit_depth_chroma: chroma.bit_depth_chroma,
            pic_order_cnt_type,
            max_num_ref_frames,
            frame_mbs_only: picture.frame_mbs_only,
            coded_width: picture.coded_width,
            coded_height: picture.coded_height,
            width: picture.width,
            height: picture.height,
            vui,
            bits_before_vui,
        })
    }

    /// The profile; `None` for one that [`Profile`] does not list.
    pub fn profile(&self) -> Option<Profile> {
        Profile::from_idc(self.profile_idc, self.constraint_flags)
    }

    /// Frames per second as a reduced fraction; `None` when the stream does not say.
    pub fn frame_rate(&self) -> Option<(u32, u32)> {
        self.vui?.timing?.rate(2)
    }
}

struct Chroma {
    format_idc: u8,
    separate_planes: bool,
    bit_depth_luma: u8,
    bit_depth_chroma: u8,
}

impl Chroma {
    const PLAIN: Self =
        Self { format_idc: 1, separate_planes: false, bit_depth_luma: 8, bit_depth_chroma: 8 };

    fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let format_idc = reader.ue_u8("chroma_format_idc", 3)?;
        let separate_planes = format_idc == 3 && reader.flag()?;
        let bit_depth_luma = 8 + reader.ue_u8("bit_depth_luma_minus8", 6)?;
        let bit_depth_chroma = 8 + reader.ue_u8("bit_depth_chroma_minus8", 6)?;
        reader.skip(1)?; // qpprime_y_zero_transform_bypass_flag
        if reader.flag()? {
            skip_scaling_matrix(reader, if format_idc == 3 { 12 } else { 8 })?;
        }
        Ok(Self { format_idc, separate_planes, bit_depth_luma, bit_depth_chroma })
    }

    /// Luma samples per unit of cropping (7-19 to 7-22), before the factor for fields.
    fn crop_unit(&self) -> (u32, u32) {
        match self.format_idc {
            1 => (2, 2),
            2 => (2, 1),
            _ => (1, 1),
        }
    }
}

fn skip_scaling_matrix(reader: &mut Reader<'_>, lists: u32) -> Result<(), Error> {
    for list in 0..lists {
        if reader.flag()? {
            skip_scaling_list(reader, if list < 6 { 16 } else { 64 })?;
        }
    }
    Ok(())
}

/// 7.3.2.1.1.1: a list ends early where a delta makes the next scale zero.
fn skip_scaling_list(reader: &mut Reader<'_>, size: u32) -> Result<(), Error> {
    let mut last = 8;
    for _ in 0..size {
        last = (last + i64::from(reader.se()?)).rem_euclid(256);
        if last == 0 {
            break;
        }
    }
    Ok(())
}

/// Passes over what belongs to `pic_order_cnt_type`, and gives it.
fn read_picture_order_count(reader: &mut Reader<'_>) -> Result<u8, Error> {
    let order_type = reader.ue_u8("pic_order_cnt_type", 2)?;
    match order_type {
        0 => drop(reader.ue_max("log2_max_pic_order_cnt_lsb_minus4", 12)?),
        1 => {
            reader.skip(1)?; // delta_pic_order_always_zero_flag
            reader.se()?; // offset_for_non_ref_pic
            reader.se()?; // offset_for_top_to_bottom_field
            for _ in 0..reader.ue_max("num_ref_frames_in_pic_order_cnt_cycle", 255)? {
                reader.se()?;
            }
        }
        _ => {}
    }
    Ok(order_type)
}

struct Picture {
    frame_mbs_only: bool,
    coded_width: u32,
    coded_height: u32,
    width: u32,
    height: u32,
}

impl Picture {
    fn read(reader: &mut Reader<'_>, chroma: &Chroma) -> Result<Self, Error> {
        let columns = reader.ue_max("pic_width_in_mbs_minus1", MAX_MACROBLOCKS - 1)? + 1;
        let rows = reader.ue_max("pic_height_in_map_units_minus1", MAX_MACROBLOCKS - 1)? + 1;
        let frame_mbs_only = reader.flag()?;
        if !frame_mbs_only {
            reader.skip(1)?; // mb_adaptive_frame_field_flag
        }
        reader.skip(1)?; // direct_8x8_inference_flag
        let fields = if frame_mbs_only { 1 } else { 2 };
        let (coded_width, coded_height) = (columns * 16, rows * 16 * fields);
        let (unit_x, unit_y) = if chroma.separate_planes { (1, 1) } else { chroma.crop_unit() };
        let (width, height) =
            crate::window::read(reader, (coded_width, coded_height), (unit_x, unit_y * fields))?;
        Ok(Self { frame_mbs_only, coded_width, coded_height, width, height })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Baseline 3.0, 320x240, no VUI; written out by hand from 7.3.2.1.1.
    const SPS: [u8; 8] = [0x67, 0x42, 0xc0, 0x1e, 0xda, 0x05, 0x07, 0xe4];

    #[test]
    fn reads_a_small_sps() {
        let sps = Sps::parse(&SPS).unwrap();
        assert_eq!((sps.profile_idc, sps.constraint_flags, sps.level_idc), (66, 0xc0, 30));
        assert_eq!((sps.coded_width, sps.coded_height, sps.width, sps.height), (320, 240, 320, 240));
        assert_eq!(sps.profile(), Some(Profile::ConstrainedBaseline));
        assert_eq!((sps.chroma_format_idc, sps.bit_depth_luma, sps.frame_rate()), (1, 8, None));
    }

    #[test]
    fn other_units_and_short_ones_are_errors() {
        assert_eq!(Sps::parse(&[]), Err(Error::Truncated));
        assert_eq!(Sps::parse(&[0x68, 1, 2]), Err(Error::WrongUnit { expected: "an H.264 SPS", found: 8 }));
        for length in 1..SPS.len() {
            assert_eq!(Sps::parse(&SPS[..length]), Err(Error::Truncated), "{length}");
        }
    }
}
