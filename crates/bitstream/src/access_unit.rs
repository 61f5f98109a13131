//! Cutting a whole elementary stream into access units.
//!
//! A driver hands out one picture at a time; a file does not. The cut falls where ITU-T H.264
//! 7.4.1.2.3 and ITU-T H.265 7.4.2.4.4 put it: before the first delimiter, parameter set or SEI
//! message behind a picture's last slice, or before the next picture's first slice where there is
//! none. Only the next slice shows whether a picture has ended, so such a unit is first remembered
//! as the place of a possible cut and made one when a first slice follows.
//!
//! A first slice is one with `first_mb_in_slice` 0 or `first_slice_segment_in_pic_flag` 1. H.264
//! streams with arbitrary slice order or redundant pictures, which no hardware encoder writes, would
//! need more than that.

use crate::annexb::Unit;
use crate::start_code::{Start, Starts};
use crate::{Codec, Kind};

/// Cuts `stream`, a piece of Annex B data, into access units, start codes included.
///
/// Every byte from the first start code on is in exactly one of the pieces, in order. Each holds one
/// coded picture (in H.264 a field counts as one), but for a last piece of units that only announce
/// another. Two passes are never made over the same byte.
///
/// ```
/// use bitstream::{Codec, access_units};
/// let stream = [0, 0, 1, 9, 0x10, 0, 0, 1, 0x65, 0x88, 0, 0, 1, 9, 0x30, 0, 0, 1, 0x41, 0x9a];
/// let sizes: Vec<usize> = access_units(Codec::H264, &stream).map(<[u8]>::len).collect();
/// assert_eq!(sizes, [10, 10]);
/// ```
pub fn access_units(codec: Codec, stream: &[u8]) -> AccessUnits<'_> {
    AccessUnits { codec, stream, starts: Starts::new(stream), begin: None, cut: None, picture: false }
}

/// The access units of an elementary stream; made by [`access_units`].
#[derive(Debug, Clone)]
pub struct AccessUnits<'a> {
    codec: Codec,
    stream: &'a [u8],
    starts: Starts<'a>,
    /// Where the access unit being gathered begins.
    begin: Option<usize>,
    /// Where it ends if the next slice is a first one.
    cut: Option<usize>,
    /// It has a slice.
    picture: bool,
}

impl<'a> Iterator for AccessUnits<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        while let Some(start) = self.starts.next() {
            let begin = *self.begin.get_or_insert(start.code);
            if let Some(end) = self.place(start) {
                self.begin = Some(end);
                return self.stream.get(begin..end);
            }
        }
        let begin = self.begin.take()?;
        let end = self.cut.take();
        self.begin = end;
        self.stream.get(begin..end.unwrap_or(self.stream.len()))
    }
}

impl AccessUnits<'_> {
    /// Takes one unit into account; gives the end of the access unit when it is over.
    fn place(&mut self, start: Start) -> Option<usize> {
        match self.role(start) {
            Role::Leads if self.picture => {
                self.cut.get_or_insert(start.code);
                None
            }
            Role::Slice { first } => {
                let cut = self.cut.take().unwrap_or(start.code);
                let ended = self.picture && first;
                self.picture = true;
                ended.then_some(cut)
            }
            Role::Leads | Role::Follows => None,
        }
    }

    fn role(&self, start: Start) -> Role {
        let unit = Unit::new(self.stream.get(start.header..).unwrap_or_default());
        let header = if self.codec == Codec::H264 { 1 } else { 2 };
        let first = unit.data().get(header).is_some_and(|byte| byte & 0x80 != 0);
        match (unit.kind(self.codec), self.codec) {
            (Kind::Slice { .. }, _) => Role::Slice { first },
            (Kind::Vps | Kind::Sps | Kind::Pps | Kind::Aud, _) => Role::Leads,
            (Kind::Sei, Codec::H264) | (Kind::Other(14..=18), Codec::H264) => Role::Leads,
            (Kind::Sei, Codec::H265) if unit.h265_type() == PREFIX_SEI => Role::Leads,
            (Kind::Other(41..=44 | 48..=55), Codec::H265) if unit.h265_layer() == 0 => Role::Leads,
            _ => Role::Follows,
        }
    }
}

const PREFIX_SEI: u8 = 39;

/// What a unit says about the limits of access units.
enum Role {
    /// Stands before the picture it belongs to.
    Leads,
    /// Is the picture, or a part.
    Slice { first: bool },
    /// Belongs to the picture before it.
    Follows,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(codec: Codec, units: &[&[u8]]) -> Vec<usize> {
        let stream: Vec<u8> = units.iter().flat_map(|unit| [&[0, 0, 0, 1], *unit].concat()).collect();
        let pieces: Vec<&[u8]> = access_units(codec, &stream).collect();
        assert_eq!(pieces.concat(), stream);
        pieces.iter().map(|piece| crate::annexb::units(piece).count()).collect()
    }

    #[test]
    fn slices_of_one_picture_stay_together() {
        let (first, more) = (&[0x41, 0x80][..], &[0x41, 0x40][..]);
        assert_eq!(cut(Codec::H264, &[first, more, more, first, more]), [3, 2]);
        let (first, more) = (&[2, 1, 0x80][..], &[2, 1, 0x40][..]);
        assert_eq!(cut(Codec::H265, &[first, more, first]), [2, 1]);
    }

    #[test]
    fn leading_units_go_with_the_next_picture_and_trailing_ones_with_the_last() {
        let (slice, sei, filler, aud) = (&[0x41, 0x80][..], &[6, 1][..], &[12, 0xff][..], &[9, 0x10][..]);
        assert_eq!(cut(Codec::H264, &[aud, sei, slice, filler, sei, slice, aud, slice]), [4, 2, 2]);
        let (slice, prefix, suffix) = (&[2, 1, 0x80][..], &[78, 1, 1][..], &[80, 1, 1][..]);
        assert_eq!(cut(Codec::H265, &[prefix, slice, suffix, prefix, slice]), [3, 2]);
    }

    #[test]
    fn a_leading_unit_between_two_slices_of_a_picture_cuts_nothing() {
        let (first, more, prefix) = (&[0x41, 0x80][..], &[0x41, 0x40][..], &[14, 1][..]);
        assert_eq!(cut(Codec::H264, &[prefix, first, prefix, more, prefix, first]), [4, 2]);
    }

    #[test]
    fn what_announces_a_picture_that_never_comes_is_a_piece_of_its_own() {
        assert_eq!(cut(Codec::H264, &[&[0x65, 0x80], &[9, 0x10], &[6, 1]]), [1, 2]);
        assert_eq!(cut(Codec::H264, &[&[0x67, 1], &[0x68, 1]]), [2]);
        assert!(cut(Codec::H264, &[]).is_empty());
    }
}
