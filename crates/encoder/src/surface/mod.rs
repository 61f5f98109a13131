//! Surfaces of NVIDIA's memory manager, the only memory besides its own that a Jetson's encoder reads.
//!
//! NVIDIA's library knows a surface by the number of its descriptor, in the process that made it. So each frame in a
//! DMABUF is looked up before a device gets it ([`resolve`]): what is no surface would be rejected by the device, and its
//! session be lost with it.

mod owned;
mod resolve;

use crate::input::format::RawFormat;

pub use owned::{MappedPlane, Surface, SurfaceOptions};
pub(crate) use resolve::{Importer, ResolvedSurface, layout_by, no_surface};

/// `NvBufSurfaceColorFormat`: those that differ in the range or the matrix of their colors only lie the same way.
const YUV420: [u32; 2] = [2, 4];
const NV12: [u32; 4] = [6, 7, 33, 34];
const NV12_10LE: u32 = 29;

/// How the planes of a surface are arranged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SurfaceFormat {
    /// Three planes: Y, U, V.
    I420,
    /// Two planes: Y, and U and V interleaved.
    Nv12,
    /// The same with ten bits, in the upper bits of sixteen.
    P010,
    /// Another `NvBufSurfaceColorFormat`, by its number.
    Other(u32),
}

impl SurfaceFormat {
    fn of(color: u32) -> Self {
        match color {
            _ if YUV420.contains(&color) => Self::I420,
            _ if NV12.contains(&color) => Self::Nv12,
            NV12_10LE => Self::P010,
            other => Self::Other(other),
        }
    }

    fn color(self) -> u32 {
        match self {
            Self::I420 => YUV420[0],
            Self::Nv12 => NV12[0],
            Self::P010 => NV12_10LE,
            Self::Other(color) => color,
        }
    }

    /// The format of that name: `I420`, `NV12`, `P010`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::I420, Self::Nv12, Self::P010].into_iter().find(|format| format.name() == name)
    }

    /// `I420`, `NV12`, `P010`, or a number.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::I420 => "I420".to_owned(),
            Self::Nv12 => "NV12".to_owned(),
            Self::P010 => "P010".to_owned(),
            Self::Other(color) => format!("of NvBufSurfaceColorFormat {color}"),
        }
    }

    fn is(self, format: RawFormat) -> bool {
        self.name() == format.name()
    }

    /// Bytes of a row and rows of plane `plane` of a frame of this size.
    fn plane(self, plane: usize, width: u32, height: u32) -> (usize, usize) {
        let (width, height) = (width as usize, height as usize);
        let (across, down) =
            if plane == 0 { (width, height) } else { (width.div_ceil(2), height.div_ceil(2)) };
        let bytes = match (self, plane) {
            (Self::P010, 0) | (Self::Nv12, 1) => 2,
            (Self::P010, _) => 4,
            _ => 1,
        };
        (across * bytes, down)
    }
}
