//! What only moves bytes: rows, and chroma between planes and pairs.

use crate::{Format, Picture, PictureMut, Plane, PlaneMut, PlaneSize};

/// Between two pictures of one format.
pub(crate) fn copy(source: &Picture<'_>, target: &mut PictureMut<'_>) {
    for number in 0..source.format.planes() {
        let size = source.format.plane(number, source.width, source.height);
        copy_rows(source.planes[number], &mut target.planes[number], size);
    }
}

/// Between two different kinds of 4:2:0.
pub(crate) fn rearrange(source: &Picture<'_>, target: &mut PictureMut<'_>) {
    copy_rows(source.planes[0], &mut target.planes[0], source.format.plane(0, source.width, source.height));
    let chroma = Format::I420.plane(1, source.width, source.height);
    let swapped = v_first(source.format) != v_first(target.format);
    let [_, first, second] = &mut target.planes;
    let (first, second) =
        if swapped && target.format.planes() == 3 { (second, first) } else { (first, second) };
    match (source.format.planes(), target.format.planes()) {
        (3, 3) => {
            copy_rows(source.planes[1], first, chroma);
            copy_rows(source.planes[2], second, chroma);
        }
        (3, _) if swapped => interleave(source.planes[2], source.planes[1], first, chroma),
        (3, _) => interleave(source.planes[1], source.planes[2], first, chroma),
        (_, 3) => separate(source.planes[1], first, second, chroma),
        _ => swap_pairs(source.planes[1], first, chroma),
    }
}

pub(crate) fn v_first(format: Format) -> bool {
    matches!(format, Format::Yv12 | Format::Nv21)
}

pub(crate) fn copy_rows(from: Plane<'_>, to: &mut PlaneMut<'_>, size: PlaneSize) {
    if from.stride == size.row_bytes && to.stride == size.row_bytes {
        let all = size.row_bytes * size.rows;
        to.bytes[..all].copy_from_slice(&from.bytes[..all]);
        return;
    }
    for (to, from) in rows_mut(to, size).zip(rows(from, size)) {
        to.copy_from_slice(from);
    }
}

/// Two planes into one of pairs. `size` is that of one of the two.
fn interleave(first: Plane<'_>, second: Plane<'_>, to: &mut PlaneMut<'_>, size: PlaneSize) {
    let pairs = PlaneSize { row_bytes: size.row_bytes * 2, ..size };
    for ((to, first), second) in rows_mut(to, pairs).zip(rows(first, size)).zip(rows(second, size)) {
        for ((pair, first), second) in to.chunks_exact_mut(2).zip(first).zip(second) {
            pair[0] = *first;
            pair[1] = *second;
        }
    }
}

fn separate(from: Plane<'_>, first: &mut PlaneMut<'_>, second: &mut PlaneMut<'_>, size: PlaneSize) {
    let pairs = PlaneSize { row_bytes: size.row_bytes * 2, ..size };
    for ((from, first), second) in rows(from, pairs).zip(rows_mut(first, size)).zip(rows_mut(second, size)) {
        // One after the other and as halves of numbers: of that, compilers make vector code.
        let (from, _) = from.as_chunks::<2>();
        first.iter_mut().zip(from).for_each(|(to, pair)| *to = u16::from_le_bytes(*pair) as u8);
        second.iter_mut().zip(from).for_each(|(to, pair)| *to = (u16::from_le_bytes(*pair) >> 8) as u8);
    }
}

fn swap_pairs(from: Plane<'_>, to: &mut PlaneMut<'_>, size: PlaneSize) {
    let pairs = PlaneSize { row_bytes: size.row_bytes * 2, ..size };
    for (to, from) in rows_mut(to, pairs).zip(rows(from, pairs)) {
        let (to, _) = to.as_chunks_mut::<2>();
        to.iter_mut().zip(from.as_chunks::<2>().0).for_each(|(to, from)| {
            *to = u16::from_ne_bytes(*from).swap_bytes().to_ne_bytes();
        });
    }
}

pub(crate) fn rows(plane: Plane<'_>, size: PlaneSize) -> impl Iterator<Item = &[u8]> {
    // A plane that the format does not have has no stride.
    plane.bytes.chunks(plane.stride.max(1)).take(size.rows).map(move |row| &row[..size.row_bytes])
}

fn rows_mut<'a>(plane: &'a mut PlaneMut<'_>, size: PlaneSize) -> impl Iterator<Item = &'a mut [u8]> {
    plane.bytes.chunks_mut(plane.stride).take(size.rows).map(move |row| &mut row[..size.row_bytes])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Color, convert};

    const KINDS: [Format; 4] = [Format::I420, Format::Yv12, Format::Nv12, Format::Nv21];

    fn converted(from: Format, to: Format, bytes: &[u8]) -> Vec<u8> {
        let mut target = vec![0; to.bytes(16, 4)];
        let source = Picture::tight(from, 16, 4, bytes);
        convert(&source, &mut PictureMut::tight(to, 16, 4, &mut target), Color::default()).unwrap();
        target
    }

    /// Luma counts from 0, U from 100, V from 200, written down in each layout by hand.
    fn picture(format: Format) -> Vec<u8> {
        let (u, v) = (100..116u8, 200..216u8);
        let chroma: Vec<u8> = match format {
            Format::I420 => u.chain(v).collect(),
            Format::Yv12 => v.chain(u).collect(),
            Format::Nv12 => u.zip(v).flat_map(|(u, v)| [u, v]).collect(),
            _ => v.zip(u).flat_map(|(v, u)| [v, u]).collect(),
        };
        (0..64).chain(chroma).collect()
    }

    #[test]
    fn every_kind_of_420_becomes_every_other_without_loss() {
        for from in KINDS {
            for to in KINDS {
                let made = converted(from, to, &picture(from));
                assert_eq!(made, picture(to), "{} into {}", from.name(), to.name());
            }
        }
    }
}
