//! The frames of MJPEG cameras.
//!
//! Decoding is that of the crate `zune-jpeg` (AVX2 and NEON), in its strict mode, where a picture that ends early is an
//! error and not half grey. It gives RGB or interleaved 4:4:4, nothing closer to 4:2:0, so the picture goes through
//! RGB, which also brings it from JPEG's full range of BT.601 into the colour that is asked for.
//!
//! Cameras depart from files in some ways, all of them taken care of here: they leave out the Huffman tables
//! ([`tables`]), code whole blocks beyond the picture's edge and say so in the size, and fill what is left of the
//! buffer with zeroes or with the rest of an older frame.

mod header;
mod tables;

use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

use crate::{Colour, Error, Format, Picture, PictureMut, Plane, Result, check, rgb};
use header::Header;

/// Decodes frames one after another, with memory of its own that is used again.
#[derive(Debug, Default)]
pub struct Decoder {
    completed: Vec<u8>,
    rgb: Vec<u8>,
}

impl Decoder {
    /// A decoder that has allocated nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Decodes a frame into a 4:2:0 target of the same size. The coded picture may be up to 15 pixels larger on the
    /// right and at the bottom.
    ///
    /// # Errors
    /// [`Error::Jpeg`] for a frame that is damaged, ends early, or is not what cameras send (progressive, CMYK, not 8
    /// bits); [`Error::SizesDiffer`] before anything is allocated; and what [`crate::convert`] says about the target.
    /// The target may hold a part of the picture then.
    pub fn decode(&mut self, jpeg: &[u8], target: &mut PictureMut<'_>, colour: Colour) -> Result<()> {
        check::target(target)?;
        if !check::is_420(target.format) {
            return Err(Error::Unsupported { from: Format::Rgb, to: target.format });
        }
        let header = Header::of(jpeg)?;
        header.expect(target.width, target.height)?;
        let jpeg = complete(jpeg, &header, &mut self.completed);
        let stride = usize::from(header.width) * 3;
        self.rgb.resize(stride * usize::from(header.height), 0);
        decode(jpeg, &header, &mut self.rgb)?;
        let planes = [Plane { bytes: &self.rgb, stride }, Plane::default(), Plane::default()];
        let picture = Picture { format: Format::Rgb, width: target.width, height: target.height, planes };
        rgb::encode(&picture, target, colour)
    }
}

/// The frame with Huffman tables.
fn complete<'a>(jpeg: &'a [u8], header: &Header, completed: &'a mut Vec<u8>) -> &'a [u8] {
    if header.has_huffman_tables {
        return jpeg;
    }
    let (before, scan) = jpeg.split_at(header.scan);
    completed.clear();
    completed.extend_from_slice(before);
    completed.extend_from_slice(&tables::STANDARD);
    completed.extend_from_slice(scan);
    completed
}

fn decode(jpeg: &[u8], header: &Header, rgb: &mut [u8]) -> Result<()> {
    let options = DecoderOptions::default()
        .set_strict_mode(true)
        .set_max_width(usize::from(header.width))
        .set_max_height(usize::from(header.height))
        .jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(jpeg), options);
    decoder.decode_into(rgb).map_err(|error| header::damaged(format!("{error:?}")))
}
