//! What stands before the coded picture.
//!
//! Cameras put other things there than files: empty pictures in front, bytes between segments, segments whose length is wrong. What is
//! needed is looked for; whatever else stands there is left out.

use std::ops::Range;

use crate::{Error, Result};

const START_OF_IMAGE: u8 = 0xD8;
pub(crate) const END_OF_IMAGE: u8 = 0xD9;
const HUFFMAN_TABLES: u8 = 0xC4;
const QUANTIZATION_TABLES: u8 = 0xDB;
const RESTART_INTERVAL: u8 = 0xDD;
const START_OF_SCAN: u8 = 0xDA;

/// How large the coded picture may be beyond the visible one, on either side: less than a block of 4:2:0.
const BEYOND: u32 = 16;

/// A component of the coded picture.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Component {
    id: u8,
    /// Blocks of a unit, across and down.
    pub(crate) sampling: (u8, u8),
    /// Its Huffman tables, for DC and AC.
    pub(crate) tables: (u8, u8),
}

/// A frame's header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) width: u16,
    pub(crate) height: u16,
    /// In the order of the scan.
    pub(crate) components: Vec<Component>,
    /// Units from one restart marker to the next; 0 without them.
    pub(crate) restart_interval: u16,
    /// The segments that are needed, with their markers, in order; the last is that of the scan.
    pub(crate) segments: Vec<Range<usize>>,
    /// The contents of the segments with Huffman tables.
    pub(crate) huffman: Vec<Range<usize>>,
    /// Nothing but whole segments stands before the scan, so that the bytes can go to a decoder as they are.
    pub(crate) is_plain: bool,
    /// Where the picture begins.
    pub(crate) start: usize,
    /// Where its coded bits begin.
    pub(crate) scan: usize,
}

impl Header {
    /// Reads the header that begins at the first start-of-image marker from `from` on.
    pub(crate) fn of(jpeg: &[u8], from: usize) -> Result<Self> {
        let start = start_of_image(jpeg, from)
            .ok_or_else(|| damaged("it does not begin with a start-of-image marker"))?;
        let mut reading = Reading { jpeg, segments: Vec::new(), huffman: Vec::new(), ..Reading::default() };
        let scan = reading.up_to_the_scan(start + 2)?;
        reading.header(start, scan)
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

/// The first start-of-image marker with another marker behind it, or where there is none, the first.
pub(crate) fn start_of_image(jpeg: &[u8], from: usize) -> Option<usize> {
    let rest = jpeg.get(from..)?;
    let marker = [0xFF, START_OF_IMAGE, 0xFF];
    let first = |marker: &[u8]| rest.windows(marker.len()).position(|bytes| bytes == marker);
    first(&marker).or_else(|| first(&marker[..2])).map(|found| from + found)
}

#[derive(Default)]
struct Reading<'a> {
    jpeg: &'a [u8],
    segments: Vec<Range<usize>>,
    huffman: Vec<Range<usize>>,
    frame: Option<Range<usize>>,
    restart_interval: u16,
    /// Something was left out.
    dirty: bool,
}

impl Reading<'_> {
    /// Collects segments; returns the content of that of the scan.
    fn up_to_the_scan(&mut self, from: usize) -> Result<Range<usize>> {
        let mut at = from;
        loop {
            let (kind, after) = self.marker(at)?;
            // Those without content, another beginning, or the end of an empty picture.
            if matches!(kind, 0x01 | 0xD0..=END_OF_IMAGE) {
                self.dirty = true;
                at = after;
                continue;
            }
            let Some(content) = self.content(kind, after) else {
                // The length is wrong, or this is no marker.
                self.dirty = true;
                at = after;
                continue;
            };
            at = content.end;
            self.note(kind, after - 2..content.end, &content)?;
            if kind == START_OF_SCAN {
                return Ok(content);
            }
        }
    }

    /// The next marker from here on, and where it ends.
    fn marker(&mut self, from: usize) -> Result<(u8, usize)> {
        let early = || damaged("it ends in its header");
        let rest = self.jpeg.get(from..).ok_or_else(early)?;
        let is_marker = |bytes: &[u8]| bytes[0] == 0xFF && !matches!(bytes[1], 0 | 0xFF);
        let found = rest.windows(2).position(is_marker).ok_or_else(early)?;
        self.dirty |= rest[..found].iter().any(|byte| *byte != 0xFF);
        Ok((rest[found + 1], from + found + 2))
    }

    /// What a segment holds, where it is one: its length leads to the next marker, and what is needed makes sense.
    fn content(&self, kind: u8, after: usize) -> Option<Range<usize>> {
        let [high, low, ..] = *self.jpeg.get(after..)? else { return None };
        let length = usize::from(u16::from_be_bytes([high, low]));
        let range = after + 2..after + length;
        let content = self.jpeg.get(range.clone())?;
        let makes_sense = match kind {
            HUFFMAN_TABLES => huffman_tables(content).is_some(),
            QUANTIZATION_TABLES => are_quantization_tables(content),
            RESTART_INTERVAL => content.len() == 2,
            START_OF_SCAN => return is_scan(content).then_some(range),
            0xC0..=0xCF => content.len() >= 6 && content.len() == 6 + 3 * usize::from(content[5]),
            // Of what is left out, nothing but the length is known.
            _ => return (self.jpeg.get(range.end) == Some(&0xFF)).then_some(range),
        };
        makes_sense.then_some(range)
    }

    fn note(&mut self, kind: u8, segment: Range<usize>, content: &Range<usize>) -> Result<()> {
        match kind {
            HUFFMAN_TABLES => self.huffman.push(content.clone()),
            RESTART_INTERVAL => {
                self.restart_interval =
                    u16::from_be_bytes([self.jpeg[content.start], self.jpeg[content.start + 1]]);
            }
            0xC0 | 0xC1 => {
                // Of several, the last counts.
                self.dirty |= self.frame.replace(content.clone()).is_some();
                self.segments.retain(|other| !matches!(self.jpeg[other.start + 1], 0xC0 | 0xC1));
            }
            0xC2..=0xCF => return Err(damaged("its coding is not sequential Huffman coding")),
            QUANTIZATION_TABLES | START_OF_SCAN => {}
            _ => return Ok(()),
        }
        self.segments.push(segment);
        Ok(())
    }

    fn header(self, start: usize, scan: Range<usize>) -> Result<Header> {
        let frame = self.frame.ok_or_else(|| damaged("its size is not said before its picture"))?;
        let (width, height, components) = frame_components(&self.jpeg[frame])?;
        let content = &self.jpeg[scan.clone()];
        let mut in_scan = Vec::with_capacity(3);
        for selected in content[1..content.len() - 3].chunks_exact(2) {
            let known = components.iter().find(|component| component.id == selected[0]);
            let component = known.ok_or_else(|| damaged("its scan has a component that it does not have"))?;
            in_scan.push(Component { tables: (selected[1] >> 4 & 3, selected[1] & 3), ..*component });
        }
        if in_scan.len() != components.len() {
            return Err(damaged("its components have scans of their own"));
        }
        Ok(Header {
            width,
            height,
            components: in_scan,
            restart_interval: self.restart_interval,
            segments: self.segments,
            huffman: self.huffman,
            is_plain: !self.dirty,
            start,
            scan: scan.end,
        })
    }
}

/// A table's class and number, how many codes it has of 1 to 16 bits, and their values.
type HuffmanTable<'a> = (u8, &'a [u8; 16], &'a [u8]);

/// The tables of a segment. None where they are no tables.
pub(crate) fn huffman_tables(content: &[u8]) -> Option<Vec<HuffmanTable<'_>>> {
    let (mut rest, mut tables) = (content, Vec::new());
    while let Some((name, after)) = rest.split_first() {
        let (counts, after) = after.split_first_chunk::<16>()?;
        let count: usize = counts.iter().map(|count| usize::from(*count)).sum();
        let (values, after) = after.split_at_checked(count)?;
        if name >> 4 > 1 || name & 15 > 3 || count > 256 {
            return None;
        }
        tables.push((*name, counts, values));
        rest = after;
    }
    (!tables.is_empty()).then_some(tables)
}

fn are_quantization_tables(content: &[u8]) -> bool {
    let mut rest = content;
    while let Some((name, after)) = rest.split_first() {
        let size = if name >> 4 == 0 { 64 } else { 128 };
        match after.get(size..) {
            Some(after) if name >> 4 <= 1 && name & 15 <= 3 => rest = after,
            _ => return false,
        }
    }
    !content.is_empty()
}

fn is_scan(content: &[u8]) -> bool {
    content
        .first()
        .is_some_and(|count| (1..=4).contains(count) && content.len() == 4 + 2 * usize::from(*count))
}

/// Width, height and components of a start-of-frame segment.
fn frame_components(segment: &[u8]) -> Result<(u16, u16, Vec<Component>)> {
    let [8, y1, y0, x1, x0, 1 | 3, ref components @ ..] = *segment else {
        return Err(damaged("its components are not one or three of eight bits"));
    };
    let component =
        |bytes: &[u8]| Component { id: bytes[0], sampling: (bytes[1] >> 4, bytes[1] & 15), tables: (0, 0) };
    let components: Vec<_> = components.chunks_exact(3).map(component).collect();
    let sane = |side: u8| (1..=4).contains(&side);
    if components.iter().any(|one| !sane(one.sampling.0) || !sane(one.sampling.1)) {
        return Err(damaged("its components have no sampling that JPEG has"));
    }
    // The decoder would show it wrongly.
    let (h, v) = components.first().map_or((0, 0), |luma| luma.sampling);
    if components.iter().any(|one| one.sampling.0 > h || one.sampling.1 > v) {
        return Err(damaged("its chroma is sampled finer than its luma, as no camera's is"));
    }
    Ok((u16::from_be_bytes([x1, x0]), u16::from_be_bytes([y1, y0]), components))
}

pub(crate) fn damaged(what: impl Into<String>) -> Error {
    Error::Jpeg { what: what.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: [u8; 19] = [0xFF, 0xC0, 0, 17, 8, 0, 64, 0, 128, 3, 1, 0x21, 0, 2, 0x11, 1, 3, 0x11, 1];
    const SCAN: [u8; 14] = [0xFF, 0xDA, 0, 12, 3, 1, 0x00, 2, 0x11, 3, 0x11, 0, 63, 0];
    const TABLES: [u8; 22] = [0xFF, 0xC4, 0, 20, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    fn jpeg(segments: &[&[u8]]) -> Vec<u8> {
        [&[0xFF, 0xD8][..]].iter().chain(segments).copied().flatten().copied().collect()
    }

    fn header(segments: &[&[u8]]) -> Header {
        Header::of(&jpeg(segments), 0).unwrap()
    }

    #[test]
    fn the_size_and_what_the_scan_needs_are_found() {
        let header = header(&[&[0xFF, 0xDD, 0, 4, 0, 40], &FRAME, &SCAN]);
        assert_eq!((header.width, header.height, header.restart_interval), (128, 64, 40));
        let components: Vec<_> = header.components.iter().map(|one| (one.sampling, one.tables)).collect();
        assert_eq!(components, [((2, 1), (0, 0)), ((1, 1), (1, 1)), ((1, 1), (1, 1))]);
        assert_eq!((header.start, header.scan), (0, 41));
        assert!(header.is_plain && header.huffman.is_empty());
    }

    #[test]
    fn fill_bytes_and_what_nobody_needs_leave_a_header_plain() {
        let header = header(&[&[0xFF, 0xE4, 0, 2, 0xFF], &TABLES, &[0xFF, 0xFF], &FRAME, &SCAN]);
        assert!(header.is_plain);
        assert_eq!((header.segments.len(), header.huffman.len()), (3, 1));
    }

    #[test]
    fn what_does_not_belong_there_is_left_out() {
        let empty = [0xFF, 0xD9, 0xFF, 0xD8, 0xFF, 0xD9, 0xFF, 0xD8];
        let plain = [&FRAME[..], &SCAN].concat();
        for (what, segments) in [
            ("empty pictures", vec![&empty[..], &FRAME, &SCAN]),
            ("stray bytes", vec![&[1, 2, 3][..], &FRAME, &[0, 0], &SCAN]),
            ("an APP segment that is too long", vec![&[0xFF, 0xE0, 0xFF, 0xFF, 1, 2][..], &FRAME, &SCAN]),
            ("an APP segment that is too short", vec![&[0xFF, 0xE0, 0, 2, 1, 2][..], &FRAME, &SCAN]),
            ("a length of nothing", vec![&[0xFF, 0xE0, 0, 0][..], &FRAME, &SCAN]),
            ("tables that are none", vec![&[0xFF, 0xC4, 0, 4, 9, 9][..], &FRAME, &SCAN]),
            ("a restart marker", vec![&[0xFF, 0xD3][..], &FRAME, &SCAN]),
        ] {
            let bytes = jpeg(&segments);
            let header = Header::of(&bytes, 0).unwrap();
            assert!(!header.is_plain, "{what}");
            let kept: Vec<u8> =
                header.segments.iter().flat_map(|range| &bytes[range.clone()]).copied().collect();
            assert_eq!(kept, plain, "{what}");
        }
    }

    #[test]
    fn what_is_not_a_cameras_frame_is_rejected_with_its_reason() {
        let reason = |jpeg: &[u8]| Header::of(jpeg, 0).unwrap_err().to_string();
        assert!(reason(b"GIF89a").contains("start-of-image"));
        assert!(reason(&jpeg(&[&FRAME])).contains("ends in its header"));
        assert!(reason(&jpeg(&[&[0xFF, 0xD9]])).contains("ends in its header"));
        assert!(reason(&jpeg(&[&SCAN])).contains("size is not said"));
        let progressive = [&[0xFF, 0xC2], &FRAME[2..]].concat();
        assert!(reason(&jpeg(&[&progressive, &SCAN])).contains("sequential"));
        let deep = [&FRAME[..4], &[12], &FRAME[5..]].concat();
        assert!(reason(&jpeg(&[&deep, &SCAN])).contains("eight bits"));
        for (at, finer) in [(14, 0x41), (17, 0x12)] {
            let mut frame = FRAME;
            frame[at] = finer;
            assert!(reason(&jpeg(&[&frame, &SCAN])).contains("finer than its luma"));
        }
        let single = [0xFF, 0xDA, 0, 8, 1, 1, 0x00, 0, 63, 0];
        assert!(reason(&jpeg(&[&FRAME, &single])).contains("scans of their own"));
        let unknown = [&SCAN[..5], &[7], &SCAN[6..]].concat();
        assert!(reason(&jpeg(&[&FRAME, &unknown])).contains("does not have"));
    }

    #[test]
    fn another_size_is_rejected_but_whole_blocks_are_not() {
        let header = header(&[&FRAME, &SCAN]);
        assert!(header.expect(128, 64).is_ok());
        assert!(header.expect(128, 50).is_ok());
        let error = header.expect(128, 48).unwrap_err();
        assert_eq!(error, Error::SizesDiffer { from: (128, 64), to: (128, 48) });
        assert!(header.expect(130, 64).is_err());
    }
}
