//! 4:2:2 in one plane into 4:2:0.
//!
//! The library separates the components, row by row, into its 4:2:2; chroma of two rows is then averaged. Its own way
//! from 4:2:2 to 4:2:0 is not used: it takes the chroma of one row and drops the other, and which one depends on
//! the width and on the processor.

use yuv::{BufferStoreMut, YuvError, YuvPackedImage, YuvPlanarImageMut};

use crate::format::MAX_SIDE;
use crate::shuffle::v_first;
use crate::{Format, Picture, PictureMut, Result};

type Separate =
    fn(&mut YuvPlanarImageMut<'_, u8>, &YuvPackedImage<'_, u8>) -> std::result::Result<(), YuvError>;

pub(crate) const MAX_CHROMA: usize = MAX_SIDE as usize / 2;

/// Chroma of one row.
struct Chroma {
    u: [u8; MAX_CHROMA],
    v: [u8; MAX_CHROMA],
}

pub(crate) fn unpack(source: &Picture<'_>, target: &mut PictureMut<'_>) -> Result<()> {
    let y_first = matches!(source.format, Format::Yuyv | Format::Yvyu);
    let separate: Separate = if y_first { yuv::yuyv422_to_yuv422 } else { yuv::uyvy422_to_yuv422 };
    let swapped = matches!(source.format, Format::Yvyu | Format::Vyuy) != v_first(target.format);
    let (width, half) = (source.width as usize, source.width as usize / 2);
    let mut above = Chroma { u: [0; MAX_CHROMA], v: [0; MAX_CHROMA] };
    let mut below = Chroma { u: [0; MAX_CHROMA], v: [0; MAX_CHROMA] };
    for pair in 0..source.height as usize / 2 {
        for (row, chroma) in [(pair * 2, &mut above), (pair * 2 + 1, &mut below)] {
            let packed = &source.planes[0].bytes[row * source.planes[0].stride..][..width * 2];
            let luma = &mut target.planes[0];
            let luma = &mut luma.bytes[row * luma.stride..][..width];
            separate(&mut planar(luma, &mut chroma.u[..half], &mut chroma.v[..half]), &one_row(packed))?;
        }
        let u = above.u[..half].iter().zip(&below.u).map(average);
        let v = above.v[..half].iter().zip(&below.v).map(average);
        if swapped { put(target, pair, v, u) } else { put(target, pair, u, v) }
    }
    Ok(())
}

fn average((above, below): (&u8, &u8)) -> u8 {
    above.midpoint(*below)
}

pub(crate) fn put(
    target: &mut PictureMut<'_>,
    row: usize,
    first: impl Iterator<Item = u8>,
    second: impl Iterator<Item = u8>,
) {
    let [_, a, b] = &mut target.planes;
    let a_row = &mut a.bytes[row * a.stride..];
    if target.format.planes() == 2 {
        for ((pair, first), second) in a_row.chunks_exact_mut(2).zip(first).zip(second) {
            pair[0] = first;
            pair[1] = second;
        }
        return;
    }
    a_row.iter_mut().zip(first).for_each(|(to, from)| *to = from);
    b.bytes[row * b.stride..].iter_mut().zip(second).for_each(|(to, from)| *to = from);
}

fn one_row(packed: &[u8]) -> YuvPackedImage<'_, u8> {
    let stride = packed.len() as u32;
    YuvPackedImage { yuy: packed, yuy_stride: stride, width: stride / 2, height: 1 }
}

fn planar<'a>(y: &'a mut [u8], u: &'a mut [u8], v: &'a mut [u8]) -> YuvPlanarImageMut<'a, u8> {
    let (width, half) = (y.len() as u32, u.len() as u32);
    YuvPlanarImageMut {
        y_plane: BufferStoreMut::Borrowed(y),
        y_stride: width,
        u_plane: BufferStoreMut::Borrowed(u),
        u_stride: half,
        v_plane: BufferStoreMut::Borrowed(v),
        v_stride: half,
        width,
        height: 1,
    }
}
