//! Two fields that lie one after the other, put together row by row.

use convert::{Picture, Plane};

/// Copies the frame, each plane of which holds its fields one after the other, so that its rows are in order and without gaps.
pub(crate) fn weave<'a>(picture: &Picture<'_>, top_first: bool, to: &'a mut Vec<u8>) -> Picture<'a> {
    let Picture { format, width, height, planes } = picture;
    to.clear();
    for (number, Plane { bytes, stride }) in planes.iter().enumerate().take(format.planes()) {
        let size = format.plane(number, *width, *height);
        // An odd row more belongs to the field with the first row.
        let first = if top_first { size.rows.div_ceil(2) } else { size.rows / 2 };
        for row in 0..size.rows {
            let is_first = row.is_multiple_of(2) == top_first;
            let place = if is_first { row / 2 } else { first + row / 2 };
            let start = place * stride;
            // What is not there is left to the conversion to say.
            to.extend_from_slice(bytes.get(start..start + size.row_bytes).unwrap_or_default());
        }
    }
    Picture::tight(*format, *width, *height, to)
}

#[cfg(test)]
mod tests {
    use convert::Format;

    use super::*;

    /// Each row of each plane has its number, in the order of the fields, with a gap of 3.
    fn woven(format: Format, height: u32, top_first: bool) -> Vec<u8> {
        let mut memory = Vec::new();
        let planes: Vec<(usize, usize)> = (0..format.planes())
            .map(|number| {
                let size = format.plane(number, 2, height);
                let start = memory.len();
                let rows = 0..size.rows as u8;
                let (even, odd) = (rows.clone().step_by(2), rows.skip(1).step_by(2));
                let order: Vec<u8> =
                    if top_first { even.chain(odd).collect() } else { odd.chain(even).collect() };
                for row in order {
                    memory.extend(std::iter::repeat_n(row, size.row_bytes));
                    memory.extend([0xEE; 3]);
                }
                (start, size.row_bytes + 3)
            })
            .collect();
        let mut picture = Picture { format, width: 2, height, planes: [Plane::default(); 3] };
        for (plane, (start, stride)) in picture.planes.iter_mut().zip(planes) {
            *plane = Plane { bytes: &memory[start..], stride };
        }
        let mut to = Vec::new();
        weave(&picture, top_first, &mut to);
        to
    }

    #[test]
    fn rows_are_in_order_whichever_field_came_first() {
        for top_first in [true, false] {
            let rows: Vec<u8> = woven(Format::Yuyv, 6, top_first).chunks(4).map(|row| row[0]).collect();
            assert_eq!(rows, [0, 1, 2, 3, 4, 5]);
            // Four rows of luma, two of each chroma.
            assert_eq!(woven(Format::I420, 4, top_first), [0, 0, 1, 1, 2, 2, 3, 3, 0, 1, 0, 1]);
            // An odd number of chroma rows.
            assert_eq!(woven(Format::Nv12, 6, top_first)[12..], [0, 0, 1, 1, 2, 2]);
        }
    }
}
