/// No camera or encoder goes further, and products of two sides and four bytes stay far from any overflow.
pub(crate) const MAX_SIDE: u32 = 16_384;

/// How a raw picture lies in memory. Eight bits per component.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// 4:2:0 in three planes: Y, U, V.
    I420,
    /// 4:2:0 in three planes: Y, V, U.
    Yv12,
    /// 4:2:0 in two planes: Y, and U and V in turn.
    Nv12,
    /// 4:2:0 in two planes: Y, and V and U in turn.
    Nv21,
    /// 4:2:2 in one plane: Y U Y V.
    Yuyv,
    /// 4:2:2 in one plane: U Y V Y.
    Uyvy,
    /// 4:2:2 in one plane: Y V Y U.
    Yvyu,
    /// 4:2:2 in one plane: V Y U Y.
    Vyuy,
    /// 4:2:2 in three planes: Y, U, V.
    I422,
    /// 4:2:2 in two planes: Y, and U and V in turn.
    Nv16,
    /// 4:2:2 in two planes: Y, and V and U in turn.
    Nv61,
    /// 4:4:4 in two planes: Y, and U and V in turn.
    Nv24,
    /// 4:4:4 in two planes: Y, and V and U in turn.
    Nv42,
    /// Y alone, without color.
    Grey,
    /// Three bytes a pixel: red, green, blue.
    Rgb,
    /// Three bytes a pixel: blue, green, red, as OpenCV has it.
    Bgr,
    /// Four bytes a pixel: red, green, blue, and alpha or anything.
    Rgba,
    /// Four bytes a pixel: blue, green, red, and alpha or anything.
    Bgra,
}

/// The visible part of a plane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlaneSize {
    /// Bytes of a row that hold picture.
    pub row_bytes: usize,
    /// Rows that hold picture.
    pub rows: usize,
}

impl PlaneSize {
    /// How many bytes a plane of this size spans at this stride; what follows its last row does not count.
    #[must_use]
    pub fn span(self, stride: usize) -> usize {
        stride * self.rows.saturating_sub(1) + self.row_bytes
    }
}

impl Format {
    /// Every format, in the order of this type.
    pub const ALL: [Self; 18] = [
        Self::I420,
        Self::Yv12,
        Self::Nv12,
        Self::Nv21,
        Self::Yuyv,
        Self::Uyvy,
        Self::Yvyu,
        Self::Vyuy,
        Self::I422,
        Self::Nv16,
        Self::Nv61,
        Self::Nv24,
        Self::Nv42,
        Self::Grey,
        Self::Rgb,
        Self::Bgr,
        Self::Rgba,
        Self::Bgra,
    ];

    /// `I420`, `NV12`, `RGBA`, `BGRA` as WebCodecs names them; the others as programs usually do.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::I420 => "I420",
            Self::Yv12 => "YV12",
            Self::Nv12 => "NV12",
            Self::Nv21 => "NV21",
            Self::Yuyv => "YUYV",
            Self::Uyvy => "UYVY",
            Self::Yvyu => "YVYU",
            Self::Vyuy => "VYUY",
            Self::I422 => "I422",
            Self::Nv16 => "NV16",
            Self::Nv61 => "NV61",
            Self::Nv24 => "NV24",
            Self::Nv42 => "NV42",
            Self::Grey => "GREY",
            Self::Rgb => "RGB",
            Self::Bgr => "BGR",
            Self::Rgba => "RGBA",
            Self::Bgra => "BGRA",
        }
    }

    /// The format of that name, in capitals.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// How many planes it has.
    #[must_use]
    pub fn planes(self) -> usize {
        match self {
            Self::I420 | Self::Yv12 | Self::I422 => 3,
            Self::Nv12 | Self::Nv21 | Self::Nv16 | Self::Nv61 | Self::Nv24 | Self::Nv42 => 2,
            _ => 1,
        }
    }

    /// What plane `number` of a picture of this (even) size holds. A plane that the format does not have is empty.
    #[must_use]
    pub fn plane(self, number: usize, width: u32, height: u32) -> PlaneSize {
        let (width, height) = (width as usize, height as usize);
        let (row_bytes, rows) = match (self, number) {
            _ if number >= self.planes() => (0, 0),
            (Self::I420 | Self::Yv12, 1..) => (width / 2, height / 2),
            (Self::Nv12 | Self::Nv21, 1..) => (width, height / 2),
            (Self::I422, 1..) => (width / 2, height),
            (Self::Yuyv | Self::Uyvy | Self::Yvyu | Self::Vyuy, _) | (Self::Nv24 | Self::Nv42, 1..) => {
                (width * 2, height)
            }
            (Self::Rgb | Self::Bgr, _) => (width * 3, height),
            (Self::Rgba | Self::Bgra, _) => (width * 4, height),
            _ => (width, height),
        };
        PlaneSize { row_bytes, rows }
    }

    /// The size of a picture whose rows and planes follow one another without gaps, in bytes.
    #[must_use]
    pub fn bytes(self, width: u32, height: u32) -> usize {
        (0..self.planes())
            .map(|number| self.plane(number, width, height))
            .map(|plane| plane.row_bytes * plane.rows)
            .sum()
    }

    /// Whether it is red, green and blue, so that a matrix and a range are needed to make YUV of it.
    #[must_use]
    pub fn is_rgb(self) -> bool {
        matches!(self, Self::Rgb | Self::Bgr | Self::Rgba | Self::Bgra)
    }

    /// The byte that paints plane `number` black, where one byte can: 16 in luma and 128 in chroma, as zeroes would
    /// be green; 0 in RGB. Packed 4:2:2 has no such byte.
    #[must_use]
    pub fn black(self, number: usize) -> Option<u8> {
        match (self, number) {
            (Self::Yuyv | Self::Uyvy | Self::Yvyu | Self::Vyuy, _) => None,
            (format, _) if format.is_rgb() => Some(0),
            (_, 0) => Some(16),
            _ => Some(128),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_their_formats() {
        for format in Format::ALL {
            assert_eq!(Format::from_name(format.name()), Some(format));
        }
        assert_eq!(Format::from_name("i420"), None);
    }

    #[test]
    fn sizes_are_those_that_every_program_has() {
        let sizes = Format::ALL.map(|format| format.bytes(64, 32) * 2 / (64 * 32));
        assert_eq!(sizes, [3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 6, 6, 2, 6, 6, 8, 8]);
        assert_eq!(Format::Nv12.plane(1, 64, 32), PlaneSize { row_bytes: 64, rows: 16 });
        assert_eq!(Format::I420.plane(2, 64, 32), PlaneSize { row_bytes: 32, rows: 16 });
        assert_eq!(Format::Nv24.plane(1, 64, 32), PlaneSize { row_bytes: 128, rows: 32 });
        assert_eq!(Format::Nv12.plane(2, 64, 32), PlaneSize { row_bytes: 0, rows: 0 });
    }

    #[test]
    fn black_is_not_green() {
        assert_eq!((Format::I420.black(0), Format::I420.black(2)), (Some(16), Some(128)));
        assert_eq!(Format::Bgra.black(0), Some(0));
    }
}
