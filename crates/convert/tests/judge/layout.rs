//! Places: strides, gaps and ends of planes.

use convert::{Color, Format, Picture, PictureMut, Plane, PlaneMut, convert};

const TARGETS: [Format; 4] = [Format::I420, Format::Yv12, Format::Nv12, Format::Nv21];
/// Around the widths at which processors take 8, 16, 32 or 64 bytes at once.
const WIDTHS: [u32; 8] = [2, 16, 18, 30, 34, 64, 66, 1030];
const UNTOUCHED: u8 = 0xA5;

fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x2545_F491_u32;
    let next = |_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    (0..length).map(next).collect()
}

/// Planes with `gap` more bytes to a row, and nothing behind the last row.
struct Loose {
    format: Format,
    size: (u32, u32),
    gap: usize,
    planes: [Vec<u8>; 3],
}

impl Loose {
    fn new(format: Format, size: (u32, u32), gap: usize) -> Self {
        let planes = std::array::from_fn(|number| {
            let plane = format.plane(number, size.0, size.1);
            vec![UNTOUCHED; if plane.rows == 0 { 0 } else { plane.span(plane.row_bytes + gap) }]
        });
        Self { format, size, gap, planes }
    }

    fn stride(&self, number: usize) -> usize {
        self.format.plane(number, self.size.0, self.size.1).row_bytes + self.gap
    }

    fn fill(&mut self, tight: &[u8]) {
        let mut rest = tight;
        for number in 0..self.format.planes() {
            let (size, stride) = (self.format.plane(number, self.size.0, self.size.1), self.stride(number));
            for row in self.planes[number].chunks_mut(stride) {
                row[..size.row_bytes].copy_from_slice(&rest[..size.row_bytes]);
                rest = &rest[size.row_bytes..];
            }
        }
    }

    fn picture(&self) -> Picture<'_> {
        let planes =
            std::array::from_fn(|number| Plane { bytes: &self.planes[number], stride: self.stride(number) });
        Picture { format: self.format, width: self.size.0, height: self.size.1, planes }
    }

    fn picture_mut(&mut self) -> PictureMut<'_> {
        let strides: [usize; 3] = std::array::from_fn(|number| self.stride(number));
        let mut strides = strides.into_iter();
        let planes = self
            .planes
            .each_mut()
            .map(|bytes| PlaneMut { bytes, stride: strides.next().unwrap_or_default() });
        PictureMut { format: self.format, width: self.size.0, height: self.size.1, planes }
    }

    /// The rows without the gaps, which nobody may have written to.
    fn tight(&self) -> Vec<u8> {
        let mut tight = Vec::new();
        for number in 0..self.format.planes() {
            let row_bytes = self.format.plane(number, self.size.0, self.size.1).row_bytes;
            for row in self.planes[number].chunks(self.stride(number)) {
                assert!(
                    row[row_bytes..].iter().all(|byte| *byte == UNTOUCHED),
                    "plane {number}: a gap was written"
                );
                tight.extend_from_slice(&row[..row_bytes]);
            }
        }
        tight
    }
}

fn expect_same_whatever_the_strides(from: Format, to: Format, size: (u32, u32)) {
    let bytes = noise(from.bytes(size.0, size.1));
    let mut expected = vec![0; to.bytes(size.0, size.1)];
    let source = Picture::tight(from, size.0, size.1, &bytes);
    convert(&source, &mut PictureMut::tight(to, size.0, size.1, &mut expected), Color::default()).unwrap();
    for (before, after) in [(0, 1), (1, 0), (7, 13), (64, 64), (4096, 3)] {
        let mut source = Loose::new(from, size, before);
        source.fill(&bytes);
        let mut target = Loose::new(to, size, after);
        convert(&source.picture(), &mut target.picture_mut(), Color::default()).unwrap();
        let what =
            format!("{} into {} of {size:?} with gaps of {before} and {after}", from.name(), to.name());
        assert!(target.tight() == expected, "{what}");
    }
}

#[test]
fn strides_change_nothing_and_gaps_are_never_written() {
    for from in Format::ALL {
        for to in TARGETS {
            for width in WIDTHS {
                expect_same_whatever_the_strides(from, to, (width, 6));
            }
            expect_same_whatever_the_strides(from, to, (16, 2));
        }
        expect_same_whatever_the_strides(from, from, (34, 4));
    }
}

#[test]
fn what_lies_behind_a_tight_picture_is_not_written() {
    for from in Format::ALL {
        for to in TARGETS {
            let (width, height) = (34, 18);
            let bytes = noise(from.bytes(width, height));
            let length = to.bytes(width, height);
            let mut made = vec![UNTOUCHED; length + 256];
            let source = Picture::tight(from, width, height, &bytes);
            convert(&source, &mut PictureMut::tight(to, width, height, &mut made), Color::default()).unwrap();
            assert!(made[length..].iter().all(|byte| *byte == UNTOUCHED), "{from:?} into {to:?}");
        }
    }
}
