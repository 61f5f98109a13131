//! VP9 frames, as far as the uncompressed header has size and kind (VP9 bitstream specification, section 6.2).

use crate::{Error, Reader};

const FRAME_MARKER: u32 = 2;
const SYNC_CODE: u32 = 0x49_83_42;
/// `CS_RGB`
const RGB: u32 = 7;

/// What a frame's header says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Header {
    /// Coded without reference to another frame.
    pub key_frame: bool,
    /// Width and height in pixels; only key frames have them.
    pub size: Option<(u32, u32)>,
    /// 0 to 3.
    pub profile: u8,
    /// Bits of a sample; only key frames have it.
    pub bit_depth: Option<u8>,
    /// The frame is for showing, not only for reference.
    pub shown: bool,
}

/// Reads the header of a frame, or of the first frame of a superframe.
///
/// # Errors
///
/// [`Error::Truncated`], or [`Error::OutOfRange`] for what is no VP9 frame.
pub fn header(frame: &[u8]) -> Result<Header, Error> {
    // The reader skips emulation prevention bytes, which VP9 has not. In this header 00 00 03 would stand for a picture one
    // pixel wide and more than 12288 high.
    let mut reader = Reader::new(frame);
    let marker = reader.bits(2)?;
    if marker != FRAME_MARKER {
        return Err(Error::OutOfRange { field: "frame_marker", value: marker.into() });
    }
    let (low, high) = (reader.bits(1)?, reader.bits(1)?);
    let profile = (high << 1 | low) as u8;
    if profile == 3 {
        reader.skip(1)?;
    }
    if reader.flag()? {
        // show_existing_frame
        return Ok(Header { key_frame: false, size: None, profile, bit_depth: None, shown: true });
    }
    let key_frame = !reader.flag()?;
    let shown = reader.flag()?;
    reader.skip(1)?;
    if !key_frame {
        return Ok(Header { key_frame, size: None, profile, bit_depth: None, shown });
    }
    let sync = reader.bits(24)?;
    if sync != SYNC_CODE {
        return Err(Error::OutOfRange { field: "frame_sync_code", value: sync.into() });
    }
    let bit_depth = color_config(&mut reader, profile)?;
    let size = (reader.bits(16)? + 1, reader.bits(16)? + 1);
    Ok(Header { key_frame, size: Some(size), profile, bit_depth: Some(bit_depth), shown })
}

/// Passes over `color_config` and returns the bit depth.
fn color_config(reader: &mut Reader<'_>, profile: u8) -> Result<u8, Error> {
    let bit_depth = match profile {
        2 | 3 if reader.flag()? => 12,
        2 | 3 => 10,
        _ => 8,
    };
    let odd = profile % 2 == 1;
    let color_space = reader.bits(3)?;
    match (color_space, odd) {
        (RGB, true) => reader.skip(1)?,
        (RGB, false) => return Err(Error::OutOfRange { field: "color_space", value: RGB.into() }),
        (_, true) => reader.skip(4)?,
        (_, false) => reader.skip(1)?,
    }
    Ok(bit_depth)
}

/// The codec string `vp09.PP.LL.DD` of a profile, ten times the level, and the bit depth.
#[must_use]
pub fn codec_string(profile: u8, level_tenfold: u8, bit_depth: u8) -> String {
    format!("vp09.{profile:02}.{level_tenfold:02}.{bit_depth:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// frame_marker 2, profile 0, show_existing 0, key, shown, not error resilient; sync; color; 639, 479.
    fn key_frame() -> Vec<u8> {
        let bits = format!("10 0 0 0 0 1 0 {SYNC_CODE:024b} 001 0 {:016b} {:016b} 0000", 639, 479);
        let bits: Vec<u8> = bits.bytes().filter(|byte| *byte != b' ').map(|byte| byte - b'0').collect();
        bits.chunks(8).map(|byte| byte.iter().fold(0, |all, bit| all << 1 | bit)).collect()
    }

    #[test]
    fn a_key_frame_has_size_and_depth() {
        let header = header(&key_frame()).unwrap();
        assert!(header.key_frame && header.shown);
        assert_eq!((header.size, header.bit_depth, header.profile), (Some((640, 480)), Some(8), 0));
        assert_eq!(codec_string(0, 31, 8), "vp09.00.31.08");
    }

    #[test]
    fn other_frames_have_neither() {
        let header = header(&[0b1000_0110]).unwrap();
        assert!(!header.key_frame && header.shown && header.size.is_none());
    }

    #[test]
    fn what_is_no_frame_is_rejected() {
        assert!(matches!(header(&[0x00, 0x00]), Err(Error::OutOfRange { field: "frame_marker", .. })));
        assert_eq!(header(&key_frame()[..6]), Err(Error::Truncated));
    }
}
