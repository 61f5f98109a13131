//! What a unit is for, in one vocabulary for both codecs.

/// Role of a NAL unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// Part of a picture.
    Slice {
        /// The picture is a random access point: H.264 IDR, H.265 IRAP.
        key: bool,
    },
    /// Video parameter set (H.265 only).
    Vps,
    /// Sequence parameter set.
    Sps,
    /// Picture parameter set.
    Pps,
    /// Access unit delimiter.
    Aud,
    /// Supplemental enhancement information, before or after the picture.
    Sei,
    /// Filler data.
    Filler,
    /// End of sequence or end of stream.
    End,
    /// Everything else, with its `nal_unit_type`: reserved types, and units of upper layers.
    Other(u8),
}

impl Kind {
    /// From `nal_unit_type` of ITU-T H.264 Table 7-1.
    pub fn h264(nal_unit_type: u8) -> Self {
        match nal_unit_type {
            1..=4 => Self::Slice { key: false },
            5 => Self::Slice { key: true },
            6 => Self::Sei,
            7 => Self::Sps,
            8 => Self::Pps,
            9 => Self::Aud,
            10 | 11 => Self::End,
            12 => Self::Filler,
            other => Self::Other(other),
        }
    }

    /// From `nal_unit_type` of ITU-T H.265 Table 7-1.
    pub fn h265(nal_unit_type: u8) -> Self {
        match nal_unit_type {
            0..=9 => Self::Slice { key: false },
            16..=21 => Self::Slice { key: true },
            32 => Self::Vps,
            33 => Self::Sps,
            34 => Self::Pps,
            35 => Self::Aud,
            36 | 37 => Self::End,
            38 => Self::Filler,
            39 | 40 => Self::Sei,
            other => Self::Other(other),
        }
    }

    /// VPS, SPS or PPS.
    pub fn is_parameter_set(self) -> bool {
        matches!(self, Self::Vps | Self::Sps | Self::Pps)
    }
}
