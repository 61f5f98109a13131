//! What stands before the coded picture.

use crate::{Error, Result};

const START_OF_IMAGE: u8 = 0xD8;
const HUFFMAN_TABLES: u8 = 0xC4;
const START_OF_SCAN: u8 = 0xDA;
const END_OF_IMAGE: u8 = 0xD9;

/// A frame's header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) width: u16,
    pub(crate) height: u16,
    pub(crate) has_huffman_tables: bool,
    /// Where the marker of the scan stands.
    pub(crate) scan: usize,
}

/// How large the coded picture may be beyond the visible one, on either side: less than a block of 4:2:0.
const BEYOND: u32 = 16;

impl Header {
    /// Reads the segments up to the scan.
    pub(crate) fn of(jpeg: &[u8]) -> Result<Self> {
        if jpeg.get(..2) != Some(&[0xFF, START_OF_IMAGE]) {
            return Err(damaged("it does not begin with a start-of-image marker"));
        }
        let (mut at, mut size, mut has_huffman_tables) = (2, None, false);
        loop {
            let (kind, segment, next) = segment(jpeg, at)?;
            match kind {
                HUFFMAN_TABLES => has_huffman_tables = true,
                0xC0 | 0xC1 => size = Some(frame(segment)?),
                0xC2..=0xCF => return Err(damaged("its coding is not sequential Huffman coding")),
                START_OF_SCAN => break,
                END_OF_IMAGE => return Err(damaged("it ends before its picture")),
                _ => {}
            }
            at = next;
        }
        let (width, height) = size.ok_or_else(|| damaged("its size is not said before its picture"))?;
        Ok(Self { width, height, has_huffman_tables, scan: at })
    }

    /// Whether it is a frame of a camera that gives pictures of this size.
    pub(crate) fn expect(&self, width: u32, height: u32) -> Result<()> {
        let from = (u32::from(self.width), u32::from(self.height));
        let fits = |coded: u32, visible: u32| (visible..visible + BEYOND).contains(&coded);
        if fits(from.0, width) && fits(from.1, height) {
            return Ok(());
        }
        Err(Error::SizesDiffer { from, to: (width, height) })
    }
}

/// The kind and content of the segment at `at`, and where the next one begins.
fn segment(jpeg: &[u8], at: usize) -> Result<(u8, &[u8], usize)> {
    let early = || damaged("it ends in its header");
    let marker = jpeg.get(at..).ok_or_else(early)?;
    let fill = marker.iter().take_while(|byte| **byte == 0xFF).count();
    if fill == 0 && !marker.is_empty() {
        return Err(damaged("something else stands between the segments of its header"));
    }
    let [kind, high, low, ..] = marker[fill..] else { return Err(early()) };
    let length = usize::from(u16::from_be_bytes([high, low]));
    let start = at + fill + 1;
    let content = jpeg.get(start + 2..start + length).ok_or_else(early)?;
    Ok((kind, content, start + length))
}

/// Width and height of a start-of-frame segment.
fn frame(segment: &[u8]) -> Result<(u16, u16)> {
    match *segment {
        [8, y1, y0, x1, x0, 1 | 3, ..] => Ok((u16::from_be_bytes([x1, x0]), u16::from_be_bytes([y1, y0]))),
        _ => Err(damaged("its components are not one or three of eight bits")),
    }
}

pub(crate) fn damaged(what: impl Into<String>) -> Error {
    Error::Jpeg { what: what.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: [u8; 10] = [0xFF, 0xC0, 0, 8, 8, 0, 64, 0, 128, 3];
    const SCAN: [u8; 4] = [0xFF, 0xDA, 0, 2];

    fn jpeg(segments: &[&[u8]]) -> Vec<u8> {
        [&[0xFF, 0xD8][..]].iter().chain(segments).copied().flatten().copied().collect()
    }

    #[test]
    fn the_size_and_the_place_of_the_scan_are_found() {
        let header = Header::of(&jpeg(&[&FRAME, &SCAN])).unwrap();
        assert_eq!(header, Header { width: 128, height: 64, has_huffman_tables: false, scan: 12 });
        let tables = [0xFF, 0xFF, 0xC4, 0, 2];
        let header = Header::of(&jpeg(&[&tables, &FRAME, &SCAN])).unwrap();
        assert!(header.has_huffman_tables);
        assert_eq!(header.scan, 17);
    }

    #[test]
    fn what_is_not_a_cameras_frame_is_refused_with_its_reason() {
        let reason = |jpeg: &[u8]| Header::of(jpeg).unwrap_err().to_string();
        assert!(reason(b"GIF89a").contains("start-of-image"));
        assert!(reason(&jpeg(&[])).contains("ends in its header"));
        assert!(reason(&jpeg(&[&SCAN])).contains("size is not said"));
        assert!(reason(&jpeg(&[&[0xFF, 0xC2, 0, 2]])).contains("sequential"));
        assert!(reason(&jpeg(&[&[0xFF, 0xC0, 0, 8, 12, 0, 64, 0, 128, 3]])).contains("eight bits"));
        assert!(reason(&jpeg(&[&[0xFF, 0xE0, 0, 0]])).contains("ends in its header"));
        assert!(reason(&jpeg(&[&[0, 0, 0, 0]])).contains("between the segments"));
    }

    #[test]
    fn another_size_is_refused_but_whole_blocks_are_not() {
        let header = Header::of(&jpeg(&[&FRAME, &SCAN])).unwrap();
        assert!(header.expect(128, 64).is_ok());
        assert!(header.expect(128, 50).is_ok());
        let error = header.expect(128, 48).unwrap_err();
        assert_eq!(error, Error::SizesDiffer { from: (128, 64), to: (128, 48) });
        assert!(header.expect(130, 64).is_err());
    }
}
