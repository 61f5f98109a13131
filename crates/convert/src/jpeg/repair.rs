//! A scan in which something is missing, made whole: what is there is kept bit by bit, what is not becomes flat.

use std::ops::Range;

use super::header::{Header, damaged, huffman_tables};
use super::scan::{BitWriter, Pieces, Table, There, Unit, bytes_of, whole_units};
use super::tables;
use crate::Result;

/// A picture may lack one in so many of its units, and is shown all the same.
const LOST_OF: usize = 4;

/// How a picture is divided into units, the smallest parts that hold all of its components.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Units {
    /// In pixels.
    pub(crate) width: usize,
    /// In pixels.
    pub(crate) height: usize,
    /// Units in a row.
    pub(crate) across: usize,
    /// All of them.
    pub(crate) count: usize,
    /// Those of an interval between restart markers; all of them where there are none.
    pub(crate) interval: usize,
}

impl Units {
    pub(crate) fn of(header: &Header) -> Self {
        let most = |side: fn(&(u8, u8)) -> u8| {
            header.components.iter().map(|one| usize::from(side(&one.sampling))).max().unwrap_or(1)
        };
        // Blocks of a single component stand for themselves, whatever its sampling.
        let (h, v) =
            if header.components.len() == 1 { (1, 1) } else { (most(|one| one.0), most(|one| one.1)) };
        let (width, height) = (h * 8, v * 8);
        let across = usize::from(header.width).div_ceil(width);
        let count = across * usize::from(header.height).div_ceil(height);
        let interval =
            if header.restart_interval == 0 { count } else { usize::from(header.restart_interval) };
        Self { width, height, across, count, interval: interval.max(1) }
    }

    pub(crate) fn intervals(&self) -> usize {
        self.count.div_ceil(self.interval).max(1)
    }

    fn of_interval(&self, place: usize) -> usize {
        self.interval.min(self.count.saturating_sub(place * self.interval))
    }
}

/// The Huffman tables of a picture, made of the segments that define them. Kept, as a camera's pictures all have the same.
#[derive(Default)]
pub(crate) struct Tables {
    /// The bytes that they were made of.
    definition: Vec<u8>,
    dc: [Option<Table>; 4],
    ac: [Option<Table>; 4],
}

impl std::fmt::Debug for Tables {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Tables").finish_non_exhaustive()
    }
}

impl Tables {
    /// Reads those of a picture; what it does not define is as T.81 has it.
    pub(crate) fn read(&mut self, jpeg: &[u8], header: &Header) {
        let definition: Vec<u8> =
            header.huffman.iter().flat_map(|range| &jpeg[range.clone()]).copied().collect();
        if self.dc[0].is_some() && self.definition == definition {
            return;
        }
        *self = Self { definition, ..Self::default() };
        let own = std::mem::take(&mut self.definition);
        for content in [&tables::STANDARD[4..], &own] {
            for (name, counts, values) in huffman_tables(content).unwrap_or_default() {
                let kind = if name >> 4 == 0 { &mut self.dc } else { &mut self.ac };
                kind[usize::from(name & 3)] = Table::new(counts, values);
            }
        }
        self.definition = own;
    }

    /// The blocks of a unit.
    fn unit(&self, header: &Header) -> Option<Unit<'_>> {
        let single = header.components.len() == 1;
        let mut unit = Vec::new();
        for component in &header.components {
            let (h, v) = component.sampling;
            let dc = self.dc[usize::from(component.tables.0)].as_ref()?;
            let ac = self.ac[usize::from(component.tables.1)].as_ref()?;
            unit.extend(std::iter::repeat_n((dc, ac), if single { 1 } else { usize::from(h * v) }));
        }
        Some(unit)
    }
}

/// What is there of each interval.
struct Found<'a> {
    intervals: Vec<(&'a [u8], There)>,
}

impl<'a> Found<'a> {
    fn of(jpeg: &'a [u8], pieces: &Pieces, units: &Units, unit: &Unit<'_>) -> Self {
        let mut intervals = vec![(&[][..], There::default()); units.intervals()];
        let placed = pieces.placed(intervals.len());
        for (index, (place, range)) in placed.iter().enumerate() {
            let next = placed.get(index + 1).map_or(intervals.len(), |(next, _)| *next);
            let (mut place, mut bytes) = (*place, &jpeg[range.clone()]);
            loop {
                let most = units.of_interval(place);
                let there = whole_units(bytes, unit, most);
                intervals[place] = (bytes, there);
                bytes = &bytes[bytes_of(bytes, there.bits)..];
                place += 1;
                // Where only the marker is lost, the next interval follows at the next whole byte.
                if there.units < most || place >= next || bytes.is_empty() {
                    break;
                }
            }
        }
        Self { intervals }
    }

    /// The units that are missing.
    fn lost(&self, units: &Units) -> Vec<Range<usize>> {
        let missing = |(place, (_, there)): (usize, &(&[u8], There))| {
            let (start, count) = (place * units.interval, units.of_interval(place));
            (there.units < count).then_some(start + there.units..start + count)
        };
        self.intervals.iter().enumerate().filter_map(missing).collect()
    }
}

/// Appends the scan to `to`, with flat units in the place of those that are missing, and an end of image. Returns which were missing.
///
/// # Errors
/// More are missing than may be.
pub(crate) fn whole_scan(
    jpeg: &[u8],
    header: &Header,
    pieces: &Pieces,
    tables: &Tables,
    to: &mut Vec<u8>,
) -> Result<Vec<Range<usize>>> {
    let no_tables = || damaged("a Huffman table is missing");
    let unit = tables.unit(header).ok_or_else(no_tables)?;
    let units = Units::of(header);
    let found = Found::of(jpeg, pieces, &units, &unit);
    let lost = found.lost(&units);
    let missing: usize = lost.iter().map(ExactSizeIterator::len).sum();
    if missing * LOST_OF > units.count {
        return Err(damaged(format!("{missing} of its {} parts are missing", units.count)));
    }
    let flat: Option<Vec<_>> = unit.iter().flat_map(|(dc, ac)| [dc.zero, ac.zero]).collect();
    let flat = flat.ok_or_else(no_tables)?;
    for (place, (bytes, there)) in found.intervals.iter().enumerate() {
        if place > 0 {
            to.extend([0xFF, 0xD0 | ((place - 1) % 8) as u8]);
        }
        let mut writer = BitWriter::new(to);
        writer.copy(bytes, there.bits);
        for _ in there.units..units.of_interval(place) {
            flat.iter().for_each(|(code, length)| writer.put(*code, u32::from(*length)));
        }
        writer.align();
    }
    to.extend([0xFF, super::header::END_OF_IMAGE]);
    Ok(lost)
}

/// Paints what was missing like the row above it, in a picture of three bytes a pixel.
pub(crate) fn conceal(rgb: &mut [u8], header: &Header, lost: &[Range<usize>]) {
    let units = Units::of(header);
    let (stride, rows) = (usize::from(header.width) * 3, usize::from(header.height));
    for unit in lost.iter().cloned().flatten() {
        let (left, top) = (unit % units.across * units.width * 3, unit / units.across * units.height);
        let columns = left..(left + units.width * 3).min(stride);
        if top == 0 {
            continue;
        }
        for row in top..(top + units.height).min(rows) {
            let above = (top - 1) * stride;
            rgb.copy_within(above + columns.start..above + columns.end, row * stride + columns.start);
        }
    }
}
