use crate::Error;

/// The head of a picture parameter set (ITU-T H.265 7.3.2.3.1), up to how it can be decoded in parallel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pps {
    /// `pps_pic_parameter_set_id`, 0 to 63.
    pub id: u8,
    /// `pps_seq_parameter_set_id` of the SPS it belongs to, 0 to 15.
    pub sps_id: u8,
    /// `tiles_enabled_flag`.
    pub tiles: bool,
    /// `entropy_coding_sync_enabled_flag`: wavefronts.
    pub entropy_coding_sync: bool,
}

impl Pps {
    /// Reads a unit of type 34, header included.
    pub fn parse(nal: &[u8]) -> Result<Self, Error> {
        let mut reader = super::open(nal, 34, "an H.265 PPS")?;
        let id = reader.ue_u8("pps_pic_parameter_set_id", 63)?;
        let sps_id = reader.ue_u8("pps_seq_parameter_set_id", 15)?;
        reader.skip(7)?; // dependent_slice_segments_enabled_flag to cabac_init_present_flag
        reader.ue()?; // num_ref_idx_l0_default_active_minus1
        reader.ue()?; // num_ref_idx_l1_default_active_minus1
        reader.se()?; // init_qp_minus26
        reader.skip(2)?; // constrained_intra_pred_flag, transform_skip_enabled_flag
        if reader.flag()? {
            reader.ue()?; // diff_cu_qp_delta_depth
        }
        reader.se()?; // pps_cb_qp_offset
        reader.se()?; // pps_cr_qp_offset
        reader.skip(4)?; // pps_slice_chroma_qp_offsets_present_flag to transquant_bypass_enabled_flag
        Ok(Self { id, sps_id, tiles: reader.flag()?, entropy_coding_sync: reader.flag()? })
    }
}
