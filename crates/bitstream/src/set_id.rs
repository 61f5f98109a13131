//! The numbers of parameter sets.

use crate::annexb::Unit;
use crate::{Codec, Kind, h264, h265};

impl Unit<'_> {
    /// The number of a parameter set, by which the next one of its kind with the same number replaces it; `None` of other units, and
    /// of one that cannot be read.
    pub fn set_id(&self, codec: Codec) -> Option<u8> {
        match (codec, self.kind(codec)) {
            (Codec::H264, Kind::Sps) => h264::Sps::parse(self.data()).ok().map(|sps| sps.id),
            (Codec::H264, Kind::Pps) => h264::Pps::parse(self.data()).ok().map(|pps| pps.id),
            (Codec::H265, Kind::Vps) => h265::Vps::parse(self.data()).ok().map(|vps| vps.id),
            (Codec::H265, Kind::Sps) => h265::Sps::parse(self.data()).ok().map(|sps| sps.id),
            (Codec::H265, Kind::Pps) => h265::Pps::parse(self.data()).ok().map(|pps| pps.id),
            _ => None,
        }
    }
}
