//! Raw frames in memory.

use v4l2::{PixelFormat, fourcc};

/// The raw formats that frames come in.
pub use convert::Format as RawFormat;
pub(crate) use convert::PlaneSize;

/// The rows of a plane, wherever it lies.
pub(crate) use convert::Plane as Rows;

/// No format has more planes.
pub(crate) const MAX_PLANES: usize = 3;

/// The format that a device is set to for frames of this one: encoders take 4:2:0.
pub(crate) fn coded_from(format: RawFormat) -> RawFormat {
    match format {
        RawFormat::Nv12 => RawFormat::Nv12,
        _ => RawFormat::I420,
    }
}

/// The stride of plane `number` of a frame whose planes share one memory, where the luma's is `luma`.
pub(crate) fn shared_stride(format: RawFormat, number: usize, luma: usize) -> usize {
    match (format, number) {
        (RawFormat::I420, 1..) => luma / 2,
        _ => luma,
    }
}

/// The V4L2 format with a memory for each plane, of one of the formats that [`coded_from`] gives.
pub(crate) fn multi_planar(format: RawFormat) -> PixelFormat {
    match format {
        RawFormat::Nv12 => fourcc::NV12M,
        _ => fourcc::YUV420M,
    }
}
