//! The byte stream format of ITU-T H.264 Annex B and ITU-T H.265 Annex B: units behind start codes.

use crate::start_code::{Start, Starts};
use crate::{Codec, Kind};

/// One NAL unit, header included, without start code and trailing zero bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unit<'a> {
    data: &'a [u8],
}

impl<'a> Unit<'a> {
    /// Takes the bytes of one unit, header first.
    pub fn new(data: &'a [u8]) -> Self {
        Self { data }
    }

    /// The bytes, header first, emulation prevention bytes still in.
    pub fn data(&self) -> &'a [u8] {
        self.data
    }

    /// `nal_unit_type` of ITU-T H.264 7.3.1, 0 to 31; 0 for an empty unit.
    pub fn h264_type(&self) -> u8 {
        self.data.first().map_or(0, |byte| byte & 0x1f)
    }

    /// `nal_unit_type` of ITU-T H.265 7.3.1.2, 0 to 63; 63 (unspecified) for an empty unit.
    pub fn h265_type(&self) -> u8 {
        self.data.first().map_or(63, |byte| byte >> 1 & 0x3f)
    }

    /// `nuh_layer_id` of ITU-T H.265 7.3.1.2, 0 to 63; 0 is the base layer.
    pub fn h265_layer(&self) -> u8 {
        match self.data {
            [first, second, ..] => (first & 1) << 5 | second >> 3,
            _ => 0,
        }
    }

    /// What the unit is for, read as `codec`.
    pub fn kind(&self, codec: Codec) -> Kind {
        match codec {
            Codec::H264 => Kind::h264(self.h264_type()),
            Codec::H265 if self.h265_layer() == 0 => Kind::h265(self.h265_type()),
            Codec::H265 => Kind::Other(self.h265_type()),
        }
    }
}

/// Lists the units of `data`.
///
/// Bytes before the first start code are ignored, and so are empty units; data without any start code
/// has no units.
///
/// ```
/// let types: Vec<u8> = bitstream::annexb::units(&[0, 0, 0, 1, 9, 0x10, 0, 0, 1, 0x65, 0x88, 0])
///     .map(|unit| unit.h264_type())
///     .collect();
/// assert_eq!(types, [9, 5]);
/// ```
pub fn units(data: &[u8]) -> Units<'_> {
    let mut starts = Starts::new(data);
    let open = starts.next();
    Units { data, starts, open }
}

/// The units of a piece of Annex B data; made by [`units`].
#[derive(Debug, Clone)]
pub struct Units<'a> {
    data: &'a [u8],
    starts: Starts<'a>,
    open: Option<Start>,
}

impl<'a> Iterator for Units<'a> {
    type Item = Unit<'a>;

    fn next(&mut self) -> Option<Unit<'a>> {
        loop {
            let start = self.open?;
            self.open = self.starts.next();
            let end = self.open.map_or(self.data.len(), |next| next.code);
            let unit = between(self.data, start.header, end);
            if !unit.is_empty() {
                return Some(Unit::new(unit));
            }
        }
    }
}

/// The bytes of a unit without `trailing_zero_8bits`; a unit itself never ends in a zero byte.
pub(crate) fn between(data: &[u8], header: usize, end: usize) -> &[u8] {
    let unit = data.get(header..end).unwrap_or_default();
    let length = unit.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
    unit.get(..length).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(data: &[u8]) -> Vec<&[u8]> {
        units(data).map(|unit| unit.data()).collect()
    }

    #[test]
    fn takes_both_start_codes_and_strips_trailing_zeros() {
        let data = [0, 0, 1, 7, 8, 0, 0, 0, 0, 0, 1, 9, 0, 0, 0, 1, 5, 4, 0, 0];
        assert_eq!(list(&data), [&[7, 8][..], &[9], &[5, 4]]);
    }

    #[test]
    fn skips_empty_units_and_leading_bytes() {
        assert_eq!(list(&[3, 4, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1, 6]), [&[6][..]]);
        assert!(list(&[]).is_empty());
        assert!(list(&[1, 2, 3]).is_empty());
        assert!(list(&[0, 0, 1]).is_empty());
    }

    #[test]
    fn reads_both_headers() {
        let unit = Unit::new(&[0x42, 0x01]);
        assert_eq!((unit.h265_type(), unit.h265_layer()), (33, 0));
        assert_eq!(unit.kind(Codec::H265), Kind::Sps);
        assert_eq!(Unit::new(&[0x67]).kind(Codec::H264), Kind::Sps);
        assert_eq!(Unit::new(&[0x42, 0x09]).kind(Codec::H265), Kind::Other(33));
    }
}
