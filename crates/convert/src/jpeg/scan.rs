//! The coded bits of a picture: where they begin and end, and which of its units are there.

use std::ops::Range;

/// The bits between two markers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) bytes: Range<usize>,
    /// The number of the restart marker before it; none before the first.
    pub(crate) number: Option<u8>,
}

/// The pieces of a scan, and where it ends.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Pieces {
    pub(crate) all: Vec<Piece>,
    pub(crate) end: usize,
}

impl Pieces {
    /// Looks for the markers from `start` on, up to the end of the picture or the beginning of another.
    pub(crate) fn of(jpeg: &[u8], start: usize) -> Self {
        let (mut all, mut from, mut number) = (Vec::new(), start, None);
        let (mut at, mut broken) = (start, None);
        let end = loop {
            let Some(found) = jpeg[at..].iter().position(|byte| *byte == 0xFF) else { break jpeg.len() };
            let marker = at + found;
            let Some(kind) = jpeg.get(marker + 1) else { break marker };
            match kind {
                0 => at = marker + 2,
                0xFF => at = marker + 1,
                0xD0..=0xD7 => {
                    all.push(Piece { bytes: from..broken.take().unwrap_or(marker), number });
                    (from, at, number) = (marker + 2, marker + 2, Some(kind & 7));
                }
                0xD8 | 0xD9 => break marker,
                // Damage: nobody knows what follows, up to the next restart.
                _ => {
                    broken = broken.or(Some(marker));
                    at = marker + 2;
                }
            }
        };
        all.push(Piece { bytes: from..broken.unwrap_or(end), number });
        all.iter_mut().for_each(|piece| piece.bytes.end = without_fill(jpeg, &piece.bytes));
        Self { all, end }
    }

    /// Whether there are as many as there should be, in order.
    pub(crate) fn are_regular(&self, expected: usize) -> bool {
        let in_order = |(index, piece): (usize, &Piece)| {
            piece.number == index.checked_sub(1).map(|number| (number % 8) as u8)
        };
        self.all.len() == expected && self.all.iter().enumerate().all(in_order)
    }

    /// Which interval of `expected` each piece is.
    ///
    /// The numbers of the markers show which are missing, unless there are as many as there should be: cameras are known that
    /// number them wrongly.
    pub(crate) fn placed(&self, expected: usize) -> Vec<(usize, Range<usize>)> {
        let (mut placed, mut place) = (Vec::with_capacity(self.all.len()), 0);
        let all_there = self.all.len() == expected;
        for (index, piece) in self.all.iter().enumerate() {
            if index > 0 {
                let number = usize::from(piece.number.unwrap_or_default());
                let missing = (number + 8 - place % 8) % 8;
                let is_plausible = !all_there && missing <= MOST_MISSING && place + 1 + missing < expected;
                place += if is_plausible { 1 + missing } else { 1 };
            }
            if place >= expected {
                break;
            }
            placed.push((place, piece.bytes.clone()));
        }
        placed
    }
}

/// Markers in a row that may be lost; a number that says more is taken for a wrong one.
const MOST_MISSING: usize = 4;

/// More bytes of 0 in a row than coded bits end with.
const ZEROES: usize = 8;

/// A marker may stand behind any number of bytes 0xFF, and what a camera did not send is zeroes.
fn without_fill(jpeg: &[u8], bytes: &Range<usize>) -> usize {
    let piece = &jpeg[bytes.clone()];
    let behind = |fill: u8| piece.iter().rposition(|byte| *byte != fill).map_or(0, |last| last + 1);
    let zeroes = piece.len() - behind(0);
    // The last bytes may be a stuffed 0xFF, or zeroes by chance.
    bytes.start + if zeroes > ZEROES { behind(0) + 2 } else { behind(0xFF) }
}

/// Codes up to this length are looked up at once.
const SHORT: u8 = 9;

/// A Huffman table.
pub(crate) struct Table {
    /// For each beginning the length of the code with the bits that follow it, and its value; 0 where no short code begins so.
    short: [u16; 1 << SHORT],
    /// Of each length the first code, how many there are, and where their values begin.
    lengths: [(u32, u32, usize); 17],
    values: Vec<u8>,
    /// The code of the value 0, which is "no difference" and "no more coefficients": its bits and their number.
    pub(crate) zero: Option<(u16, u8)>,
}

impl Table {
    /// None where there are more codes than bits allow.
    pub(crate) fn new(counts: &[u8; 16], values: &[u8]) -> Option<Self> {
        let mut table =
            Self { short: [0; 1 << SHORT], lengths: [(0, 0, 0); 17], values: values.to_vec(), zero: None };
        let (mut code, mut place) = (0u32, 0);
        for (length, count) in (1u8..).zip(counts) {
            table.lengths[usize::from(length)] = (code, u32::from(*count), place);
            for value in values.get(place..place + usize::from(*count))? {
                if code >> length != 0 {
                    return None;
                }
                if length <= SHORT {
                    let first = (code << (SHORT - length)) as usize;
                    let entry = u16::from(length + (value & 15)) << 8 | u16::from(*value);
                    table.short[first..first + (1 << (SHORT - length))].fill(entry);
                }
                if *value == 0 {
                    table.zero = table.zero.or(Some((code as u16, length)));
                }
                code += 1;
            }
            place += usize::from(*count);
            code <<= 1;
        }
        Some(table)
    }

    /// The value of the code that these bits begin with, and its length with that of the bits that follow: the value's lower half.
    fn find(&self, bits: u16) -> Option<(u32, u8)> {
        let entry = self.short[usize::from(bits >> (16 - SHORT))];
        if entry != 0 {
            return Some((u32::from(entry >> 8), entry as u8));
        }
        (u32::from(SHORT) + 1..=16).find_map(|length| {
            let (first, count, place) = self.lengths[length as usize];
            let number = (u32::from(bits) >> (16 - length)).checked_sub(first)?;
            let value = *self.values.get(place + number as usize).filter(|_| number < count)?;
            Some((length + u32::from(value & 15), value))
        })
    }
}

/// Reads bits, leaving out the zeroes that are stuffed behind each 0xFF.
pub(crate) struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
    /// From the highest bit down.
    buffer: u64,
    count: u32,
    /// Bits that were taken so far.
    taken: u64,
}

impl<'a> Bits<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0, buffer: 0, count: 0, taken: 0 }
    }

    /// Fills the buffer with 32 bits or more, where there are as many.
    fn refill(&mut self) {
        if let Some(chunk) = self.bytes.get(self.at..).and_then(<[u8]>::first_chunk) {
            let word = u64::from_be_bytes(*chunk);
            if !has_byte_ff(word) {
                // The bits beyond the whole bytes will be put where they are already.
                let whole = (63 - self.count) / 8;
                self.buffer |= word >> self.count;
                self.count += whole * 8;
                self.at += whole as usize;
                return;
            }
        }
        while self.count <= 56 {
            let Some(byte) = self.bytes.get(self.at) else { return };
            self.buffer |= u64::from(*byte) << (56 - self.count);
            self.count += 8;
            self.at += if *byte == 0xFF { 2 } else { 1 };
        }
    }

    /// The next 16 bits; what lies beyond the end is not there to skip.
    fn peek(&mut self) -> u16 {
        if self.count < 32 {
            self.refill();
        }
        (self.buffer >> 48) as u16
    }

    fn skip(&mut self, count: u32) -> Option<()> {
        self.count = self.count.checked_sub(count)?;
        self.buffer <<= count;
        self.taken += u64::from(count);
        Some(())
    }

    /// At most 16 bits.
    pub(crate) fn take(&mut self, count: u32) -> Option<u16> {
        let bits = u32::from(self.peek()) >> (16 - count);
        self.skip(count)?;
        Some(bits as u16)
    }

    /// A value, passing over the bits that follow it.
    fn value(&mut self, table: &Table) -> Option<u8> {
        let (length, value) = table.find(self.peek())?;
        self.skip(length)?;
        Some(value)
    }

    /// Passes over a block. None where its bits make no sense or end within.
    fn block(&mut self, dc: &Table, ac: &Table) -> Option<()> {
        if self.value(dc)? > 15 {
            return None;
        }
        let mut coefficient = 1;
        while coefficient < 64 {
            match self.value(ac)? {
                0xF0 => coefficient += 16,
                value if value & 15 == 0 => return Some(()),
                value => coefficient += u32::from(value >> 4) + 1,
            }
        }
        (coefficient == 64).then_some(())
    }
}

fn has_byte_ff(word: u64) -> bool {
    let inverted = !word;
    inverted.wrapping_sub(0x0101_0101_0101_0101) & word & 0x8080_8080_8080_8080 != 0
}

/// The blocks of a unit, each by its two Huffman tables.
pub(crate) type Unit<'a> = Vec<(&'a Table, &'a Table)>;

/// What is there of an interval.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct There {
    /// Whole units.
    pub(crate) units: usize,
    /// The bits of these.
    pub(crate) bits: u64,
}

/// Counts the whole units that the bytes hold, up to `most`.
pub(crate) fn whole_units(bytes: &[u8], unit: &Unit<'_>, most: usize) -> There {
    let mut bits = Bits::new(bytes);
    let mut there = There::default();
    for units in 1..=most {
        if unit.iter().try_for_each(|(dc, ac)| bits.block(dc, ac)).is_none() {
            break;
        }
        there = There { units, bits: bits.taken };
    }
    there
}

/// Where so many bits end, in bytes with the stuffed zeroes.
pub(crate) fn bytes_of(bytes: &[u8], bits: u64) -> usize {
    let (mut at, mut left) = (0, bits.div_ceil(8));
    while left > 0 && at < bytes.len() {
        at += if bytes[at] == 0xFF { 2 } else { 1 };
        left -= 1;
    }
    at.min(bytes.len())
}

/// Writes bits, with a zero behind each 0xFF.
pub(crate) struct BitWriter<'a> {
    pub(crate) to: &'a mut Vec<u8>,
    buffer: u32,
    count: u32,
}

impl<'a> BitWriter<'a> {
    pub(crate) fn new(to: &'a mut Vec<u8>) -> Self {
        Self { to, buffer: 0, count: 0 }
    }

    /// The lowest `count` bits, at most 16.
    pub(crate) fn put(&mut self, bits: u16, count: u32) {
        self.buffer = self.buffer << count | u32::from(bits);
        self.count += count;
        while self.count >= 8 {
            self.count -= 8;
            let byte = (self.buffer >> self.count) as u8;
            self.to.push(byte);
            if byte == 0xFF {
                self.to.push(0);
            }
        }
    }

    pub(crate) fn copy(&mut self, bytes: &[u8], mut bits: u64) {
        let mut from = Bits::new(bytes);
        while bits > 0 {
            let count = bits.min(16) as u32;
            let Some(taken) = from.take(count) else { return };
            self.put(taken, count);
            bits -= u64::from(count);
        }
    }

    /// Fills the last byte with ones, as T.81 says.
    pub(crate) fn align(&mut self) {
        if self.count > 0 {
            let count = 8 - self.count;
            self.put(0xFF >> (8 - count), count);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(bytes: &[u8]) -> Pieces {
        Pieces::of(bytes, 0)
    }

    fn ranges(pieces: &Pieces) -> Vec<(Range<usize>, Option<u8>)> {
        pieces.all.iter().map(|piece| (piece.bytes.clone(), piece.number)).collect()
    }

    #[test]
    fn a_scan_ends_at_the_end_of_the_picture_or_at_another_or_with_the_bytes() {
        assert_eq!(pieces(&[1, 0xFF, 0, 2, 0xFF, 0xD9, 3]).end, 4);
        assert_eq!(pieces(&[1, 2, 0xFF, 0xD8, 3]).end, 2);
        assert_eq!(pieces(&[1, 2, 0xFF]).end, 2);
        assert_eq!(pieces(&[]).end, 0);
    }

    #[test]
    fn restart_markers_divide_it_and_other_markers_are_damage() {
        let found = pieces(&[1, 0xFF, 0xFF, 0xD0, 2, 0xFF, 0x20, 3, 0xFF, 0xD1, 4, 0xFF, 0xD9]);
        assert_eq!(ranges(&found), [(0..1, None), (4..5, Some(0)), (10..11, Some(1))]);
        assert!(found.are_regular(3) && !found.are_regular(4));
    }

    fn places(numbers: &[u8], expected: usize) -> Vec<usize> {
        let piece = |number| Piece { bytes: 0..0, number };
        let all =
            [piece(None)].into_iter().chain(numbers.iter().map(|number| piece(Some(*number)))).collect();
        let pieces = Pieces { all, end: 0 };
        pieces.placed(expected).into_iter().map(|(place, _)| place).collect()
    }

    #[test]
    fn the_numbers_of_markers_tell_which_are_lost() {
        assert_eq!(places(&[0, 1, 2], 4), [0, 1, 2, 3]);
        assert_eq!(places(&[0, 2, 3], 5), [0, 1, 3, 4]);
        assert_eq!(places(&[1, 2], 4), [0, 2, 3]);
        assert_eq!(places(&[0, 1, 2, 3, 4, 5, 6, 0], 10), [0, 1, 2, 3, 4, 5, 6, 7, 9]);
    }

    #[test]
    fn wrong_numbers_do_not_matter_where_all_are_there() {
        assert_eq!(places(&[0, 0, 0], 4), [0, 1, 2, 3]);
        assert_eq!(places(&[5, 2, 7], 4), [0, 1, 2, 3]);
        // Nor do those that would lead beyond the end, or too far.
        assert_eq!(places(&[4], 4), [0, 1]);
        assert_eq!(places(&[7], 20), [0, 1]);
        assert_eq!(places(&[0, 1, 2, 3], 2), [0, 1]);
    }

    #[test]
    fn bits_are_read_and_written_with_stuffed_zeroes() {
        let bytes = [0xFF, 0x00, 0x5A, 0xFF, 0x00, 0x81];
        let mut bits = Bits::new(&bytes);
        assert_eq!([bits.take(4), bits.take(8), bits.take(16)], [Some(0xF), Some(0xF5), Some(0xAFF8)]);
        assert_eq!([bits.take(5), bits.take(4)], [None, Some(1)]);
        let mut copied = Vec::new();
        let mut writer = BitWriter::new(&mut copied);
        writer.copy(&bytes, 32);
        writer.put(0, 3);
        writer.align();
        assert_eq!(copied, [0xFF, 0x00, 0x5A, 0xFF, 0x00, 0x81, 0x1F]);
        assert_eq!([0, 8, 9, 24, 32, 99].map(|count| bytes_of(&bytes, count)), [0, 2, 3, 5, 6, 6]);
    }

    #[test]
    fn only_codes_of_a_table_are_values() {
        let mut counts = [0; 16];
        (counts[0], counts[1]) = (1, 1);
        let table = Table::new(&counts, &[0, 7]).unwrap();
        assert_eq!(table.zero, Some((0, 1)));
        // The value 7 has seven bits behind it.
        let mut bits = Bits::new(&[0b0101_1111, 0b1100_1111]);
        assert_eq!([bits.value(&table), bits.value(&table), bits.value(&table)], [Some(0), Some(7), Some(0)]);
        assert_eq!([bits.value(&table), bits.value(&table)], [Some(0), None]);
        counts[0] = 3;
        assert!(Table::new(&counts, &[0, 1, 2, 3]).is_none());
    }
}
