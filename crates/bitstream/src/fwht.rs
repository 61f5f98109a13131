//! FWHT, the Fast Walsh Hadamard Transform codec of the kernel's virtual driver vicodec.
//!
//! Every frame begins with a header of eleven big-endian words (`struct fwht_cframe_hdr` of the kernel's
//! `drivers/media/test-drivers/vicodec/codec-fwht.h`): two magic numbers, version, width, height, flags, four of
//! colorimetry, and the payload's size.

use crate::Error;

/// Bytes of the header.
pub const HEADER_BYTES: usize = 44;
const MAGIC: [u32; 2] = [0x4f4f_4f4f, 0xffff_ffff];
/// `V4L2_FWHT_FL_I_FRAME`; streams of version 1 and 2 have it nowhere.
const I_FRAME: u32 = 1 << 10;
const FIRST_VERSION_WITH_I_FRAME: u32 = 3;

/// What a frame's header says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Header {
    /// Coded without reference to another frame.
    pub key_frame: bool,
    /// Visible width in pixels.
    pub width: u32,
    /// Visible height in pixels.
    pub height: u32,
    /// Bytes that follow the header.
    pub payload: u32,
    /// `V4L2_COLORSPACE_…`
    pub colorspace: u32,
    /// `V4L2_YCBCR_ENC_…`
    pub ycbcr_encoding: u32,
    /// `V4L2_QUANTIZATION_…`
    pub quantization: u32,
}

/// Reads the header of the frame at the beginning of `frame`.
///
/// ```
/// let mut frame = [0_u8; 44];
/// frame[..8].copy_from_slice(&[0x4f, 0x4f, 0x4f, 0x4f, 0xff, 0xff, 0xff, 0xff]);
/// frame[11] = 3; // version
/// (frame[14], frame[15]) = (5, 0); // 1280
/// (frame[18], frame[19]) = (2, 0xd0); // 720
/// frame[22] = 4; // I frame
/// let header = bitstream::fwht::header(&frame).unwrap();
/// assert_eq!((header.width, header.height, header.key_frame), (1280, 720, true));
/// ```
///
/// # Errors
///
/// [`Error::Truncated`] below 44 bytes, [`Error::OutOfRange`] for another magic number.
pub fn header(frame: &[u8]) -> Result<Header, Error> {
    let words = frame.get(..HEADER_BYTES).ok_or(Error::Truncated)?;
    let word = |number: usize| {
        let bytes = words.get(number * 4..number * 4 + 4).and_then(|bytes| bytes.try_into().ok());
        bytes.map_or(0, u32::from_be_bytes)
    };
    for (number, magic) in MAGIC.into_iter().enumerate() {
        if word(number) != magic {
            return Err(Error::OutOfRange { field: "magic", value: word(number).into() });
        }
    }
    Ok(Header {
        key_frame: word(2) < FIRST_VERSION_WITH_I_FRAME || word(5) & I_FRAME != 0,
        width: word(3),
        height: word(4),
        colorspace: word(6),
        ycbcr_encoding: word(8),
        quantization: word(9),
        payload: word(10),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(flags: u32) -> Vec<u8> {
        let words = [MAGIC[0], MAGIC[1], 3, 640, 480, flags, 3, 0, 0, 0, 12];
        words.iter().flat_map(|word: &u32| word.to_be_bytes()).collect()
    }

    #[test]
    fn the_i_frame_flag_makes_a_key_frame() {
        // Flags of a YU12 I frame and P frame, as vicodec writes them.
        assert!(header(&frame(0x000a_0400)).unwrap().key_frame);
        assert!(!header(&frame(0x000a_0000)).unwrap().key_frame);
    }

    #[test]
    fn anything_else_is_rejected() {
        assert_eq!(header(&[0; 43]), Err(Error::Truncated));
        assert!(matches!(header(&[0; 44]), Err(Error::OutOfRange { field: "magic", .. })));
    }
}
