//! From start codes to lengths: the sample format of ISO/IEC 14496-15.

use crate::{Codec, Error, Kind, annexb};

/// Which units [`length_prefixed`] lets through besides pictures and supplemental information.
///
/// The default keeps none of them, which is the `avc1`/`hvc1` form: parameter sets live in the
/// decoder configuration record (an `avcC` or `hvcC`), access unit delimiters say nothing that a
/// sample's limits do not say, and filler data shall not be stored.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Keep {
    /// VPS, SPS and PPS stay, the `avc3`/`hev1` form.
    pub parameter_sets: bool,
    /// Access unit delimiters stay.
    pub delimiters: bool,
    /// Filler data stays.
    pub filler: bool,
}

impl Keep {
    fn takes(self, kind: Kind) -> bool {
        match kind {
            Kind::Aud => self.delimiters,
            Kind::Filler => self.filler,
            kind => self.parameter_sets || !kind.is_parameter_set(),
        }
    }
}

/// Appends the units of `annexb` to `out`, each behind its length in four bytes, most significant
/// byte first.
///
/// Dropped are the units that `keep` does not name: by default VPS, SPS, PPS, access unit delimiters
/// and filler data. `out` is not cleared, so one buffer can serve a whole stream.
///
/// ```
/// # fn main() -> Result<(), bitstream::Error> {
/// use bitstream::{Codec, Keep, length_prefixed};
/// let mut out = Vec::new();
/// length_prefixed(Codec::H264, &[0, 0, 0, 1, 9, 0x10, 0, 0, 1, 0x65, 0x88], &mut out, Keep::default())?;
/// assert_eq!(out, [0, 0, 0, 2, 0x65, 0x88]);
/// # Ok(()) }
/// ```
///
/// # Errors
///
/// [`Error::UnitTooLong`] for a unit of 4 GiB or more; `out` then holds the units before it.
pub fn length_prefixed(codec: Codec, annexb: &[u8], out: &mut Vec<u8>, keep: Keep) -> Result<(), Error> {
    for unit in annexb::units(annexb).filter(|unit| keep.takes(unit.kind(codec))) {
        let data = unit.data();
        let length = u32::try_from(data.len()).map_err(|_| Error::UnitTooLong { length: data.len() })?;
        out.extend_from_slice(&length.to_be_bytes());
        out.extend_from_slice(data);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHUNK: [u8; 29] = [
        0, 0, 0, 1, 9, 0xf0, 0, 0, 0, 1, 0x67, 1, 0, 0, 1, 0x68, 2, 0, 0, 1, 12, 0xff, 0, 0, 1, 0x65, 3, 0, 0,
    ];

    fn types(keep: Keep) -> Vec<u8> {
        let mut out = Vec::new();
        length_prefixed(Codec::H264, &CHUNK, &mut out, keep).unwrap();
        assert!(out.chunks(6).all(|unit| unit.starts_with(&[0, 0, 0, 2])));
        out.chunks(6).map(|unit| unit[4] & 0x1f).collect()
    }

    #[test]
    fn keeps_what_is_requested() {
        assert_eq!(types(Keep::default()), [5]);
        assert_eq!(types(Keep { parameter_sets: true, ..Keep::default() }), [7, 8, 5]);
        assert_eq!(types(Keep { delimiters: true, ..Keep::default() }), [9, 5]);
        assert_eq!(types(Keep { filler: true, ..Keep::default() }), [12, 5]);
    }
}
