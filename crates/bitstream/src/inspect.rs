//! What an encoder's consumer asks of every chunk: can a decoder start here?
//!
//! Drivers flag key frames, but not all of them and not always, so the stream is asked. Both
//! functions stop at the first slice: parameter sets come before it, and it alone decides.

use crate::annexb::{Unit, between};
use crate::start_code::{Start, Starts};
use crate::{Codec, Kind, Reader};

/// Tells whether the access unit in `annexb` is a random access point: an IDR picture in H.264, an
/// IRAP picture (`nal_unit_type` 16 to 21) in H.265.
///
/// A recovery point SEI message does not make a key frame. `annexb` is one access unit; of more than
/// one, the first is judged. Looks no further than the first slice's header.
pub fn key_frame(codec: Codec, annexb: &[u8]) -> bool {
    Starts::new(annexb)
        .find_map(|start| match header(annexb, start).kind(codec) {
            Kind::Slice { key } => Some(key),
            _ => None,
        })
        .unwrap_or(false)
}

/// What stands in an access unit up to its first slice; made by [`inspect`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Inspection<'a> {
    /// The picture is a random access point, as [`key_frame`] says.
    pub key_frame: bool,
    /// There is a slice at all; false for a chunk of headers.
    pub picture: bool,
    /// All parameter sets that a decoder needs are there: SPS and PPS, in H.265 a VPS too.
    pub parameter_sets: bool,
    /// The first slice is a B slice of H.264, whose picture may refer to later ones. The header of H.265 does not show it: B slices
    /// that refer to earlier pictures only are common there.
    pub b_slice: bool,
    /// The access unit begins with, or holds, an access unit delimiter.
    pub aud: bool,
    /// The first video parameter set, header included (H.265 only).
    pub vps: Option<&'a [u8]>,
    /// The first sequence parameter set, header included.
    pub sps: Option<&'a [u8]>,
    /// The first picture parameter set, header included.
    pub pps: Option<&'a [u8]>,
}

/// Looks over the units before the first slice of the access unit in `annexb`.
///
/// ```
/// use bitstream::{Codec, inspect};
/// let chunk = [0, 0, 0, 1, 9, 0x10, 0, 0, 0, 1, 0x65, 0x88, 0x84];
/// let found = inspect(Codec::H264, &chunk);
/// assert!(found.key_frame && found.aud && !found.parameter_sets);
/// ```
pub fn inspect(codec: Codec, annexb: &[u8]) -> Inspection<'_> {
    let mut found = Inspection::default();
    let mut starts = Starts::new(annexb);
    let mut open = starts.next();
    while let Some(start) = open {
        let kind = header(annexb, start).kind(codec);
        if let Kind::Slice { key } = kind {
            found.key_frame = key;
            found.picture = true;
            found.b_slice =
                codec == Codec::H264 && is_b_slice(annexb.get(start.header..).unwrap_or_default());
            break;
        }
        open = starts.next();
        let end = open.map_or(annexb.len(), |next| next.code);
        found.note(kind, between(annexb, start.header, end));
    }
    let vps = codec == Codec::H264 || found.vps.is_some();
    found.parameter_sets = vps && found.sps.is_some() && found.pps.is_some();
    found
}

impl<'a> Inspection<'a> {
    fn note(&mut self, kind: Kind, unit: &'a [u8]) {
        match kind {
            Kind::Aud => self.aud = true,
            Kind::Vps => self.vps = self.vps.or(Some(unit)),
            Kind::Sps => self.sps = self.sps.or(Some(unit)),
            Kind::Pps => self.pps = self.pps.or(Some(unit)),
            _ => {}
        }
    }
}

/// By `slice_type` of ITU-T H.264 Table 7-6.
fn is_b_slice(slice: &[u8]) -> bool {
    let mut reader = Reader::new(slice.get(1..).unwrap_or_default());
    // first_mb_in_slice comes before it.
    reader.ue().and_then(|_| reader.ue()).is_ok_and(|slice_type| slice_type % 5 == 1)
}

fn header(annexb: &[u8], start: Start) -> Unit<'_> {
    let rest = annexb.get(start.header..).unwrap_or_default();
    Unit::new(rest.get(..2).unwrap_or(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_idr_is_key_in_h264() {
        assert!(key_frame(Codec::H264, &[0, 0, 1, 0x65, 0x88]));
        assert!(!key_frame(Codec::H264, &[0, 0, 1, 0x41, 0x9a]));
        // A recovery point SEI message (payload type 6) before an ordinary slice.
        assert!(!key_frame(Codec::H264, &[0, 0, 1, 6, 6, 1, 0xc4, 0x80, 0, 0, 1, 0x41, 0x9a]));
        assert!(!key_frame(Codec::H264, &[0, 0, 1, 0x67, 0x42]));
    }

    #[test]
    fn all_irap_types_are_key_in_h265() {
        for nal_type in 0..64_u8 {
            let chunk = [0, 0, 0, 1, nal_type << 1, 1, 0xaf];
            assert_eq!(key_frame(Codec::H265, &chunk), (16..=21).contains(&nal_type), "{nal_type}");
        }
    }

    #[test]
    fn b_slices_differ_from_the_others() {
        // first_mb_in_slice 0 (1), then slice_type 0 to 9.
        for (slice_type, bits) in (0..).zip([0b1, 0b010, 0b011, 0b00100, 0b00101, 0b00110, 0b00111_u8]) {
            let length = if slice_type < 1 {
                1
            } else if slice_type < 3 {
                3
            } else {
                5
            };
            let chunk = [0, 0, 0, 1, 0x41, 0x80 | bits << (7 - length)];
            assert_eq!(inspect(Codec::H264, &chunk).b_slice, slice_type % 5 == 1, "{slice_type}");
            assert!(!inspect(Codec::H265, &chunk).b_slice);
        }
        assert!(!inspect(Codec::H264, &[0, 0, 0, 1, 0x41]).b_slice);
    }

    #[test]
    fn collects_parameter_sets() {
        let chunk =
            [0, 0, 0, 1, 0x40, 1, 7, 0, 0, 1, 0x42, 1, 8, 0, 0, 1, 0x44, 1, 9, 0, 0, 1, 0x26, 1, 0xaf];
        let found = inspect(Codec::H265, &chunk);
        assert!(found.key_frame && found.parameter_sets && found.picture && !found.aud);
        assert_eq!(found.vps, Some(&[0x40, 1, 7][..]));
        assert_eq!(found.sps, Some(&[0x42, 1, 8][..]));
        assert_eq!(found.pps, Some(&[0x44, 1, 9][..]));
    }
}
