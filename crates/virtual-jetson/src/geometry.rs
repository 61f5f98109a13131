//! How a raw picture lies in memory: planes, strides and padding rows.

use crate::{
    abi::{Format, NV12M, PlaneFormat},
    settings::Settings,
};

/// One plane of a raw format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PlaneLayout {
    /// Bytes of a row that belong to the picture.
    pub(crate) row_bytes: usize,
    /// Rows that belong to the picture.
    pub(crate) rows: usize,
    /// Bytes from one row to the next.
    pub(crate) stride: usize,
    /// Bytes of the whole plane, padding rows included.
    pub(crate) length: usize,
}

/// The raw format of the OUTPUT queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RawFormat {
    pub(crate) fourcc: u32,
    pub(crate) width: u32,
    pub(crate) height: u32,
    planes: [PlaneLayout; 3],
    count: usize,
}

/// Coded heights are whole macroblocks, and so are the planes'.
const ROW_ALIGNMENT: usize = 16;

impl RawFormat {
    pub(crate) fn new(fourcc: u32, width: u32, height: u32, alignment: u32) -> Self {
        let (w, h) = (width as usize, height as usize);
        let padded = h.next_multiple_of(ROW_ALIGNMENT);
        let plane = |row_bytes: usize, rows: usize, padded_rows: usize| {
            let stride = row_bytes.next_multiple_of(alignment as usize);
            PlaneLayout { row_bytes, rows, stride, length: stride * padded_rows }
        };
        let luma = plane(w, h, padded);
        let (chroma, count) = match fourcc {
            NV12M => (plane(w.div_ceil(2) * 2, h.div_ceil(2), padded / 2), 2),
            _ => (plane(w.div_ceil(2), h.div_ceil(2), padded / 2), 3),
        };
        Self { fourcc, width, height, planes: [luma, chroma, chroma], count }
    }

    pub(crate) fn planes(&self) -> &[PlaneLayout] {
        &self.planes[..self.count]
    }

    /// The length a client is told for a plane: the chroma planes' may be as if they had the luma's rows.
    pub(crate) fn reported_length(&self, plane: usize, settings: &Settings) -> usize {
        let layout = self.planes[plane];
        if settings.chroma_full_height && plane > 0 { layout.length * 2 } else { layout.length }
    }

    /// Writes the format as S_FMT and G_FMT answer it.
    pub(crate) fn describe(&self, format: &mut Format, settings: &Settings) {
        format.width = self.width;
        format.height = self.height;
        format.pixelformat = self.fourcc;
        format.num_planes = u8::try_from(self.count).unwrap_or_default();
        for (index, layout) in self.planes().iter().enumerate() {
            let stride = if settings.bytes_per_line_zero { 0 } else { layout.stride };
            format.planes[index] = PlaneFormat {
                sizeimage: u32::try_from(self.reported_length(index, settings)).unwrap_or(u32::MAX),
                bytesperline: u32::try_from(stride).unwrap_or(u32::MAX),
                reserved: [0; 6],
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::abi::YUV420M;

    #[test]
    fn strides_and_rows_are_padded() {
        let format = RawFormat::new(YUV420M, 322, 242, 64);
        let planes = format.planes();
        assert_eq!(planes.len(), 3);
        assert_eq!((planes[0].row_bytes, planes[0].rows, planes[0].stride), (322, 242, 384));
        assert_eq!(planes[0].length, 384 * 256);
        assert_eq!((planes[1].row_bytes, planes[1].rows, planes[1].stride), (161, 121, 192));
        assert_eq!(planes[1].length, 192 * 128);
        let format = RawFormat::new(NV12M, 322, 242, 256);
        assert_eq!(format.planes().len(), 2);
        assert_eq!(format.planes()[1].stride, 512);
    }
}
