//! Raw pictures in memory.

use v4l2::{PixelFormat, fourcc};

/// The raw formats that frames come in: 8 bit, 4:2:0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RawFormat {
    /// Three planes: Y, U, V.
    I420,
    /// Two planes: Y, and U and V interleaved.
    Nv12,
}

/// The visible part of a plane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PlaneSize {
    pub(crate) row_bytes: usize,
    pub(crate) rows: usize,
}

impl RawFormat {
    /// `I420`, `NV12`, as WebCodecs names them.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::I420 => "I420",
            Self::Nv12 => "NV12",
        }
    }

    /// The format of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::I420, Self::Nv12].into_iter().find(|format| format.name() == name)
    }

    pub(crate) fn planes(self) -> usize {
        match self {
            Self::I420 => 3,
            Self::Nv12 => 2,
        }
    }

    /// What plane `plane` of a picture of this (even) size holds.
    pub(crate) fn plane(self, plane: usize, width: u32, height: u32) -> PlaneSize {
        let (width, height) = (width as usize, height as usize);
        match (self, plane) {
            (_, 0) => PlaneSize { row_bytes: width, rows: height },
            (Self::I420, _) => PlaneSize { row_bytes: width / 2, rows: height / 2 },
            (Self::Nv12, _) => PlaneSize { row_bytes: width, rows: height / 2 },
        }
    }

    /// The stride of plane `plane` of a picture whose planes share one memory, where the luma's is `luma`.
    pub(crate) fn stride(self, plane: usize, luma: usize) -> usize {
        match (self, plane) {
            (Self::I420, 1..) => luma / 2,
            _ => luma,
        }
    }

    /// The multi-planar V4L2 format.
    pub(crate) fn v4l2(self) -> PixelFormat {
        match self {
            Self::I420 => fourcc::YUV420M,
            Self::Nv12 => fourcc::NV12M,
        }
    }
}

/// What black is in plane `plane`: 16 in luma, 128 in chroma. Zeroes would be green.
pub(crate) fn black(plane: usize) -> u8 {
    if plane == 0 { 16 } else { 128 }
}
