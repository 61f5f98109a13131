//! VP8 frames, as far as their header goes (RFC 6386 section 9.1).

use crate::Error;

const START_CODE: [u8; 3] = [0x9d, 0x01, 0x2a];

/// What a frame's header says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Header {
    /// Coded without reference to another frame.
    pub key_frame: bool,
    /// Width and height in pixels; only key frames have them.
    pub size: Option<(u32, u32)>,
    /// `version`, 0 to 3: which reconstruction filter is used. WebM and V4L2 call it the profile.
    pub version: u8,
    /// The frame is for showing, not only for reference.
    pub shown: bool,
}

/// Reads the frame tag, and a key frame's size.
///
/// # Errors
///
/// [`Error::Truncated`], or [`Error::OutOfRange`] for a key frame without its start code.
pub fn header(frame: &[u8]) -> Result<Header, Error> {
    let [tag, _, _, rest @ ..] = frame else { return Err(Error::Truncated) };
    let key_frame = tag & 1 == 0;
    let (version, shown) = (tag >> 1 & 7, tag >> 4 & 1 == 1);
    if !key_frame {
        return Ok(Header { key_frame, size: None, version, shown });
    }
    let [a, b, c, width_low, width_high, height_low, height_high, ..] = rest else {
        return Err(Error::Truncated);
    };
    if [*a, *b, *c] != START_CODE {
        return Err(Error::OutOfRange {
            field: "start_code",
            value: u32::from_be_bytes([0, *a, *b, *c]).into(),
        });
    }
    // The two upper bits ask for scaling, which is not part of the size.
    let side = |low: &u8, high: &u8| u32::from(u16::from_le_bytes([*low, *high]) & 0x3fff);
    let size = Some((side(width_low, width_high), side(height_low, height_high)));
    Ok(Header { key_frame, size, version, shown })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_frame_has_a_size() {
        let header = header(&[0x10, 0, 0, 0x9d, 0x01, 0x2a, 0x80, 0x42, 0xe0, 0x01]).unwrap();
        assert!(header.key_frame && header.shown);
        assert_eq!(header.size, Some((640, 480)));
    }

    #[test]
    fn other_frames_have_none() {
        let header = header(&[0x31, 0, 0]).unwrap();
        assert!(!header.key_frame && header.shown);
        assert_eq!(header.size, None);
    }

    #[test]
    fn what_is_cut_off_or_lacks_its_start_code_is_rejected() {
        assert_eq!(header(&[0x10, 0]), Err(Error::Truncated));
        assert_eq!(header(&[0x10, 0, 0, 0x9d, 1, 0x2a]), Err(Error::Truncated));
        assert!(header(&[0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0]).is_err());
    }
}
