use crate::Error;

/// The head of a picture parameter set (ITU-T H.264 7.3.2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pps {
    /// `pic_parameter_set_id`, 0 to 255.
    pub id: u8,
    /// `seq_parameter_set_id` of the SPS it belongs to, 0 to 31.
    pub sps_id: u8,
    /// `entropy_coding_mode_flag`: CABAC when true, CAVLC otherwise.
    pub cabac: bool,
}

impl Pps {
    /// Reads a unit of type 8, header included.
    pub fn parse(nal: &[u8]) -> Result<Self, Error> {
        let mut reader = super::open(nal, 8, "an H.264 PPS")?;
        Ok(Self {
            id: reader.ue_u8("pic_parameter_set_id", 255)?,
            sps_id: reader.ue_u8("seq_parameter_set_id", 31)?,
            cabac: reader.flag()?,
        })
    }
}
