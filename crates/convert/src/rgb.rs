//! RGB into 4:2:0.
//!
//! The library takes a plane in whole strides and leaves rows out, without a word, where the last one ends earlier.
//! There the last two rows go through a piece of stack.

use yuv::{BufferStoreMut, YuvBiPlanarImageMut, YuvConversionMode, YuvPlanarImageMut};

use crate::shuffle::{self, v_first};
use crate::{Color, Format, Picture, PictureMut, Plane, PlaneMut, Result};

/// Pixels of a row that go through the stack at once.
const TILE: u32 = 1024;

pub(crate) fn encode(source: &Picture<'_>, target: &mut PictureMut<'_>, color: Color) -> Result<()> {
    if in_whole_strides(source, target) {
        return whole(source, target, color);
    }
    let above = source.height - 2;
    if above > 0 {
        whole(&Picture { height: above, ..*source }, &mut part(target, 0, 0, (target.width, above)), color)?;
    }
    for left in (0..source.width).step_by(TILE as usize) {
        last_two_rows(source, target, left, color)?;
    }
    Ok(())
}

fn in_whole_strides(source: &Picture<'_>, target: &PictureMut<'_>) -> bool {
    let whole = |format: Format, number, length, stride| {
        length >= stride * format.plane(number, source.width, source.height).rows
    };
    whole(source.format, 0, source.planes[0].bytes.len(), source.planes[0].stride)
        && target
            .planes
            .iter()
            .enumerate()
            .all(|(number, plane)| whole(target.format, number, plane.bytes.len(), plane.stride))
}

fn last_two_rows(source: &Picture<'_>, target: &mut PictureMut<'_>, left: u32, color: Color) -> Result<()> {
    let (width, top) = (TILE.min(source.width - left), source.height - 2);
    let mut from = [0; TILE as usize * 4 * 2];
    let mut to = [0; TILE as usize * 3];
    let pixel = source.format.plane(0, 1, 1).row_bytes;
    let Plane { bytes, stride } = source.planes[0];
    let start = top as usize * stride + left as usize * pixel;
    let mut rows = Picture { width, height: 2, ..*source };
    rows.planes[0] = Plane { bytes: &bytes[start..], stride };
    shuffle::copy(&rows, &mut PictureMut::tight(source.format, width, 2, &mut from));
    let tile = Picture::tight(source.format, width, 2, &from);
    whole(&tile, &mut PictureMut::tight(target.format, width, 2, &mut to), color)?;
    let tile = Picture::tight(target.format, width, 2, &to);
    shuffle::copy(&tile, &mut part(target, left, top, (width, 2)));
    Ok(())
}

/// The part of a 4:2:0 picture from this pixel on.
fn part<'a>(
    target: &'a mut PictureMut<'_>,
    left: u32,
    top: u32,
    (width, height): (u32, u32),
) -> PictureMut<'a> {
    let format = target.format;
    let planes = target.planes.each_mut();
    let mut number = 0;
    let planes = planes.map(|plane| {
        let before = format.plane(number, left, top);
        number += 1;
        let start = (before.rows * plane.stride + before.row_bytes).min(plane.bytes.len());
        PlaneMut { bytes: &mut plane.bytes[start..], stride: plane.stride }
    });
    PictureMut { format, width, height, planes }
}

fn whole(source: &Picture<'_>, target: &mut PictureMut<'_>, color: Color) -> Result<()> {
    let (bytes, stride) = (source.planes[0].bytes, source.planes[0].stride as u32);
    let (range, matrix) = (color.range.levels(), color.matrix.weights());
    let mode = YuvConversionMode::Balanced;
    if target.format.planes() == 3 {
        let image = &mut planar(target);
        return Ok(match source.format {
            Format::Bgr => yuv::bgr_to_yuv420(image, bytes, stride, range, matrix, mode),
            Format::Rgba => yuv::rgba_to_yuv420(image, bytes, stride, range, matrix, mode),
            Format::Bgra => yuv::bgra_to_yuv420(image, bytes, stride, range, matrix, mode),
            _ => yuv::rgb_to_yuv420(image, bytes, stride, range, matrix, mode),
        }?);
    }
    let v_first = v_first(target.format);
    let image = &mut pairs(target);
    Ok(match (source.format, v_first) {
        (Format::Bgr, false) => yuv::bgr_to_yuv_nv12(image, bytes, stride, range, matrix, mode),
        (Format::Rgba, false) => yuv::rgba_to_yuv_nv12(image, bytes, stride, range, matrix, mode),
        (Format::Bgra, false) => yuv::bgra_to_yuv_nv12(image, bytes, stride, range, matrix, mode),
        (_, false) => yuv::rgb_to_yuv_nv12(image, bytes, stride, range, matrix, mode),
        (Format::Bgr, true) => yuv::bgr_to_yuv_nv21(image, bytes, stride, range, matrix, mode),
        (Format::Rgba, true) => yuv::rgba_to_yuv_nv21(image, bytes, stride, range, matrix, mode),
        (Format::Bgra, true) => yuv::bgra_to_yuv_nv21(image, bytes, stride, range, matrix, mode),
        (_, true) => yuv::rgb_to_yuv_nv21(image, bytes, stride, range, matrix, mode),
    }?)
}

fn planar<'a>(target: &'a mut PictureMut<'_>) -> YuvPlanarImageMut<'a, u8> {
    let (width, height, v_first) = (target.width, target.height, v_first(target.format));
    let [y, first, second] = &mut target.planes;
    let (u, v) = if v_first { (second, first) } else { (first, second) };
    let (y_stride, u_stride, v_stride) = (y.stride as u32, u.stride as u32, v.stride as u32);
    YuvPlanarImageMut {
        y_plane: store(y),
        y_stride,
        u_plane: store(u),
        u_stride,
        v_plane: store(v),
        v_stride,
        width,
        height,
    }
}

fn pairs<'a>(target: &'a mut PictureMut<'_>) -> YuvBiPlanarImageMut<'a, u8> {
    let (width, height) = (target.width, target.height);
    let [y, uv, _] = &mut target.planes;
    let (y_stride, uv_stride) = (y.stride as u32, uv.stride as u32);
    YuvBiPlanarImageMut { y_plane: store(y), y_stride, uv_plane: store(uv), uv_stride, width, height }
}

fn store<'a>(plane: &'a mut PlaneMut<'_>) -> BufferStoreMut<'a, u8> {
    BufferStoreMut::Borrowed(plane.bytes)
}
