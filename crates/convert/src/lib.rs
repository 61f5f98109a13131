#![doc = include_str!("../README.md")]
//!
//! # How the crate works
//!
//! A [`Picture`] is planes with strides, a [`PictureMut`] is where the result
//! goes, and [`convert`] writes the visible rows of it, never what lies between or behind them. The arithmetic is
//! that of the crate `yuv` (SSE4.1 and AVX2 by what the processor has, NEON on ARM64). What only moves bytes, such as
//! between I420 and NV12, is done here, because that crate does not offer it.
//!
//! [`jpeg::Decoder`] turns the frames of MJPEG cameras into the same pictures.
//!
//! Sizes are even everywhere: all targets are 4:2:0.

mod check;
mod color;
mod error;
mod format;
pub mod jpeg;
mod packed;
mod picture;
mod rgb;
mod shuffle;
mod subsample;

pub use color::{Color, Matrix, Range};
pub use error::{Error, Result};
pub use format::{Format, PlaneSize};
pub use picture::{Picture, PictureMut, Plane, PlaneMut};

/// Writes the picture into the target, in the target's format.
///
/// Every format goes into I420, YV12, NV12 and NV21, and into itself. `color` is what RGB becomes; pictures that
/// are YUV already keep their values, whatever it says. Chroma of 4:2:2 is averaged over two rows, that of 4:4:4 over four
/// pixels; grey pictures get none. Alpha is ignored.
/// Nothing is allocated.
///
/// # Errors
/// [`Error`]: the sizes differ or are odd, a plane is too small or its rows are wider than its stride, or the target
/// is of a format that the source does not go into. The target is untouched then.
pub fn convert(source: &Picture<'_>, target: &mut PictureMut<'_>, color: Color) -> Result<()> {
    check::pair(source, target)?;
    match source.format {
        from if from == target.format => shuffle::copy(source, target),
        Format::I420 | Format::Yv12 | Format::Nv12 | Format::Nv21 => shuffle::rearrange(source, target),
        Format::Yuyv | Format::Uyvy | Format::Yvyu | Format::Vyuy => packed::unpack(source, target)?,
        Format::I422 | Format::Nv16 | Format::Nv61 | Format::Nv24 | Format::Nv42 | Format::Grey => {
            subsample::subsample(source, target);
        }
        Format::Rgb | Format::Bgr | Format::Rgba | Format::Bgra => rgb::encode(source, target, color)?,
    }
    Ok(())
}
