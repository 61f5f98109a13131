//! The frames of MJPEG cameras.
//!
//! Decoding is that of the crate `zune-jpeg` (AVX2 and NEON), in its strict mode, where a picture that ends early is an
//! error and not half grey. It gives RGB or interleaved 4:4:4, nothing closer to 4:2:0, so the picture goes through
//! RGB, which also brings it from JPEG's full range of BT.601 into the color that is requested.
//!
//! Cameras depart from files in many ways, taken care of here: they leave out the Huffman tables ([`tables`]), code whole blocks
//! beyond the picture's edge and say so in the size, fill what is left of the buffer with zeroes or with the rest of an older frame,
//! send empty pictures in front, bytes between segments and segments with wrong lengths ([`header`]).
//!
//! What is on the way to us gets lost in parts. A picture that the decoder rejects, or whose restart markers are not all there, is
//! looked at bit by bit ([`scan`]). Where no more than a quarter is missing it is made whole ([`repair`]): what is there is shown
//! and the rest looks like the row above it. It counts as [`Decoded::Repaired`]. What lacks more is damaged, whether or not the
//! camera says that it has ended.

mod header;
mod repair;
mod scan;
mod tables;

use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

use crate::{Color, Error, Format, Picture, PictureMut, Plane, Result, check, rgb};
use header::{Header, damaged};
use repair::{Tables, Units};
use scan::Pieces;

/// Pictures that one frame may consist of; of more, the rest is not looked at.
const MOST_PICTURES: usize = 8;

/// What there was of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Decoded {
    /// All of it.
    Whole,
    /// Most of it; the rest was painted like what is above it.
    Repaired,
}

/// Decodes frames one after another, with memory of its own that is used again.
#[derive(Debug, Default)]
pub struct Decoder {
    assembled: Vec<u8>,
    rgb: Vec<u8>,
    tables: Tables,
}

impl Decoder {
    /// A decoder that has allocated nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Decodes a frame into a 4:2:0 target of the same size. The coded picture may be up to 15 pixels larger on the
    /// right and at the bottom. Of several pictures in a frame it is the first that can be shown.
    ///
    /// # Errors
    /// [`Error::Jpeg`] for a frame of which more than a quarter is missing, or which is not what cameras send (progressive, several
    /// scans, CMYK, not 8 bits); [`Error::SizesDiffer`] before anything is allocated; and what [`crate::convert`] says about the target.
    /// The target is untouched then.
    pub fn decode(&mut self, jpeg: &[u8], target: &mut PictureMut<'_>, color: Color) -> Result<Decoded> {
        check::target(target)?;
        if !check::is_420(target.format) {
            return Err(Error::Unsupported { from: Format::Rgb, to: target.format });
        }
        let (mut from, mut first_error) = (0, None);
        for _ in 0..MOST_PICTURES {
            let header = Header::of(jpeg, from);
            // Where another picture may begin.
            let after = header.as_ref().map_or_else(
                |_| header::start_of_image(jpeg, from).map(|start| start + 2),
                |header| Some(header.scan),
            );
            let decoded = header.and_then(|header| {
                header.expect(target.width, target.height)?;
                self.decode_to_rgb(jpeg, &header).map(|decoded| (decoded, header))
            });
            let error = match decoded {
                Ok((decoded, header)) => return self.finish(&header, target, color).map(|()| decoded),
                Err(error) => error,
            };
            let error = first_error.get_or_insert(error).clone();
            let Some(next) = after.filter(|after| header::start_of_image(jpeg, *after).is_some()) else {
                return Err(error);
            };
            from = next;
        }
        Err(first_error.unwrap_or_else(|| damaged("it holds too many pictures")))
    }

    fn finish(&self, header: &Header, target: &mut PictureMut<'_>, color: Color) -> Result<()> {
        let planes =
            [Plane { bytes: &self.rgb, stride: row_bytes(header) }, Plane::default(), Plane::default()];
        let picture = Picture { format: Format::Rgb, width: target.width, height: target.height, planes };
        rgb::encode(&picture, target, color)
    }

    fn decode_to_rgb(&mut self, jpeg: &[u8], header: &Header) -> Result<Decoded> {
        self.rgb.resize(row_bytes(header) * usize::from(header.height), 0);
        let is_complete = tables::has_all(jpeg, header);
        let pieces = Pieces::of(jpeg, header.scan);
        let intervals = Units::of(header).intervals();
        if pieces.are_regular(intervals) {
            // Behind its end marker the decoder would not miss what is missing. With restart markers it needs one; where all of
            // these are there, at most a few units of one interval are not, which it leaves flat.
            let end = if intervals == 1 { &[][..] } else { &[0xFF, header::END_OF_IMAGE] };
            let scan_end = pieces.end + end.len();
            let is_plain = header.is_plain && is_complete && jpeg[pieces.end..].starts_with(end);
            let as_it_is = if is_plain {
                &jpeg[header.start..scan_end]
            } else {
                assemble(jpeg, header, is_complete, &mut self.assembled);
                self.assembled.extend_from_slice(&jpeg[header.scan..pieces.end]);
                self.assembled.extend_from_slice(end);
                &self.assembled
            };
            if decode(as_it_is, header, &mut self.rgb).is_ok() {
                return Ok(Decoded::Whole);
            }
        }
        self.tables.read(jpeg, header);
        assemble(jpeg, header, is_complete, &mut self.assembled);
        let lost = repair::whole_scan(jpeg, header, &pieces, &self.tables, &mut self.assembled)?;
        decode(&self.assembled, header, &mut self.rgb)?;
        repair::conceal(&mut self.rgb, header, &lost);
        Ok(if lost.is_empty() { Decoded::Whole } else { Decoded::Repaired })
    }
}

fn row_bytes(header: &Header) -> usize {
    usize::from(header.width) * 3
}

/// The frame up to its scan, with nothing but what is needed.
fn assemble(jpeg: &[u8], header: &Header, is_complete: bool, to: &mut Vec<u8>) {
    to.clear();
    to.extend([0xFF, 0xD8]);
    if !is_complete {
        to.extend_from_slice(&tables::STANDARD);
    }
    header.segments.iter().for_each(|segment| to.extend_from_slice(&jpeg[segment.clone()]));
}

fn decode(jpeg: &[u8], header: &Header, rgb: &mut [u8]) -> Result<()> {
    let options = DecoderOptions::default()
        .set_strict_mode(true)
        .set_max_width(usize::from(header.width))
        .set_max_height(usize::from(header.height))
        .jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(jpeg), options);
    decoder.decode_into(rgb).map_err(|error| damaged(format!("{error:?}")))
}
