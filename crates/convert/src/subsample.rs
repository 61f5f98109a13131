//! Planes with more chroma than 4:2:0, or with none.

use crate::packed::{MAX_CHROMA, put};
use crate::shuffle::{copy_rows, rows, v_first};
use crate::{Format, Picture, PictureMut};

/// Without color.
const NEUTRAL: u8 = 128;

pub(crate) fn subsample(source: &Picture<'_>, target: &mut PictureMut<'_>) {
    let Picture { format, width, height, planes } = *source;
    copy_rows(planes[0], &mut target.planes[0], format.plane(0, width, height));
    let half = width as usize / 2;
    let swapped = matches!(format, Format::Nv61 | Format::Nv42) != v_first(target.format);
    let (mut first, mut second) = ([NEUTRAL; MAX_CHROMA], [NEUTRAL; MAX_CHROMA]);
    let mut chroma = [1, 2].map(|number| rows(planes[number], format.plane(number, width, height)));
    for pair in 0..height as usize / 2 {
        let mut next = |number: usize| (chroma[number].next(), chroma[number].next());
        match format {
            Format::I422 => {
                for (number, to) in [(0, &mut first), (1, &mut second)] {
                    if let (Some(above), Some(below)) = next(number) {
                        to.iter_mut()
                            .zip(above.iter().zip(below))
                            .for_each(|(to, (a, b))| *to = a.midpoint(*b));
                    }
                }
            }
            Format::Nv16 | Format::Nv61 => {
                if let (Some(above), Some(below)) = next(0) {
                    let both = above.as_chunks::<2>().0.iter().zip(below.as_chunks::<2>().0);
                    for ((first, second), (a, b)) in first.iter_mut().zip(&mut second).zip(both) {
                        (*first, *second) = (a[0].midpoint(b[0]), a[1].midpoint(b[1]));
                    }
                }
            }
            Format::Nv24 | Format::Nv42 => {
                if let (Some(above), Some(below)) = next(0) {
                    let both = above.as_chunks::<4>().0.iter().zip(below.as_chunks::<4>().0);
                    for ((first, second), (a, b)) in first.iter_mut().zip(&mut second).zip(both) {
                        *first = average([a[0], a[2], b[0], b[2]]);
                        *second = average([a[1], a[3], b[1], b[3]]);
                    }
                }
            }
            // Grey: it stays neutral.
            _ => {}
        }
        let (first, second) = (first[..half].iter().copied(), second[..half].iter().copied());
        if swapped { put(target, pair, second, first) } else { put(target, pair, first, second) }
    }
}

fn average(values: [u8; 4]) -> u8 {
    let sum: u16 = values.into_iter().map(u16::from).sum();
    ((sum + 2) / 4) as u8
}
