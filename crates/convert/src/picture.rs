use crate::Format;

/// One plane of a picture to read.
#[derive(Debug, Clone, Copy, Default)]
pub struct Plane<'a> {
    /// From its first row on.
    pub bytes: &'a [u8],
    /// Bytes from one row to the next.
    pub stride: usize,
}

/// One plane of a picture to write.
#[derive(Debug, Default)]
pub struct PlaneMut<'a> {
    /// From its first row on.
    pub bytes: &'a mut [u8],
    /// Bytes from one row to the next.
    pub stride: usize,
}

/// A picture to read. Planes that the format does not have are left at their default.
#[derive(Debug, Clone, Copy)]
pub struct Picture<'a> {
    /// How it lies in memory.
    pub format: Format,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// In the order of the format.
    pub planes: [Plane<'a>; 3],
}

/// A picture to write. Planes that the format does not have are left at their default.
#[derive(Debug)]
pub struct PictureMut<'a> {
    /// How it lies in memory.
    pub format: Format,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// In the order of the format.
    pub planes: [PlaneMut<'a>; 3],
}

impl<'a> Picture<'a> {
    /// A picture whose rows and planes follow one another without gaps. Planes that do not fit are empty, which
    /// [`crate::convert`] then rejects.
    #[must_use]
    pub fn tight(format: Format, width: u32, height: u32, bytes: &'a [u8]) -> Self {
        let mut rest = bytes;
        let planes = std::array::from_fn(|number| {
            let size = format.plane(number, width, height);
            let (bytes, after) = rest.split_at_checked(size.row_bytes * size.rows).unwrap_or_default();
            rest = after;
            Plane { bytes, stride: size.row_bytes }
        });
        Self { format, width, height, planes }
    }
}

impl<'a> PictureMut<'a> {
    /// As [`Picture::tight`].
    #[must_use]
    pub fn tight(format: Format, width: u32, height: u32, bytes: &'a mut [u8]) -> Self {
        let mut rest = bytes;
        let planes = std::array::from_fn(|number| {
            let size = format.plane(number, width, height);
            let taken = std::mem::take(&mut rest);
            let (bytes, after) = taken.split_at_mut_checked(size.row_bytes * size.rows).unwrap_or_default();
            rest = after;
            PlaneMut { bytes, stride: size.row_bytes }
        });
        Self { format, width, height, planes }
    }
}
