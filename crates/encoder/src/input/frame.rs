//! A caller's frame and whether it can be taken.

use crate::error::{Code, Error, Result};
use crate::input::format::RawFormat;

/// Where one plane lies in a frame's data, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PlaneLayout {
    /// Of the plane's first byte.
    pub offset: u32,
    /// From one row to the next.
    pub stride: u32,
}

/// A raw frame of the encoder's size.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// The bytes of all planes.
    pub data: &'a [u8],
    /// How they are arranged.
    pub format: RawFormat,
    /// Where the planes lie; one after another without gaps when `None`.
    pub layout: Option<&'a [PlaneLayout]>,
    /// When the frame was taken, in microseconds; any value, it comes back on the chunk.
    pub timestamp: i64,
    /// How long it shows, in microseconds; it comes back on the chunk.
    pub duration: Option<i64>,
}

impl<'a> Frame<'a> {
    /// A tightly packed I420 frame.
    #[must_use]
    pub fn i420(data: &'a [u8], timestamp: i64) -> Self {
        Self { data, format: RawFormat::I420, layout: None, timestamp, duration: None }
    }
}

/// Where the planes of a frame lie, after checking that they are all there.
pub(crate) type Planes = [PlaneLayout; 3];

/// Checks a frame's length and layout against the encoder's size.
///
/// # Errors
/// [`Code::Frame`] with what was wrong and what is allowed.
pub(crate) fn check(
    bytes: usize,
    format: RawFormat,
    layout: Option<&[PlaneLayout]>,
    width: u32,
    height: u32,
) -> Result<Planes> {
    let Some(layout) = layout else { return tight(bytes, format, width, height) };
    if layout.len() != format.planes() {
        return Err(Error::range(
            Code::Frame,
            format!(
                "The frame's layout has {} planes, but {} has {}.",
                layout.len(),
                format.name(),
                format.planes()
            ),
        ));
    }
    let mut planes = Planes::default();
    for (number, plane) in layout.iter().enumerate() {
        check_plane(number, *plane, bytes, format, width, height)?;
        planes[number] = *plane;
    }
    Ok(planes)
}

fn tight(bytes: usize, format: RawFormat, width: u32, height: u32) -> Result<Planes> {
    let mut planes = Planes::default();
    let mut offset = 0;
    for (number, place) in planes.iter_mut().enumerate().take(format.planes()) {
        let size = format.plane(number, width, height);
        // Sizes are checked to be at most 8192x8192, so both fit.
        *place = PlaneLayout { offset: offset as u32, stride: size.row_bytes as u32 };
        offset += size.row_bytes * size.rows;
    }
    if bytes != offset {
        return Err(Error::range(
            Code::Frame,
            format!(
                "The frame has {bytes} bytes, but a tightly packed {} frame of {width}x{height} has {offset}.",
                format.name()
            ),
        )
        .with_hint("Give width and height of the camera to createEncoder, or the frame's `layout` if its rows are padded."));
    }
    Ok(planes)
}

fn check_plane(
    number: usize,
    plane: PlaneLayout,
    bytes: usize,
    format: RawFormat,
    width: u32,
    height: u32,
) -> Result<()> {
    let size = format.plane(number, width, height);
    let stride = plane.stride as usize;
    if stride < size.row_bytes {
        return Err(Error::range(
            Code::Frame,
            format!(
                "Plane {number} of the frame has a stride of {stride} bytes, but a row of {} at {width}x{height} has {}.",
                format.name(),
                size.row_bytes
            ),
        ));
    }
    let end = plane.offset as usize + stride * (size.rows - 1) + size.row_bytes;
    if end > bytes {
        return Err(Error::range(
            Code::Frame,
            format!(
                "Plane {number} of the frame ends at byte {end}, but the frame's data has {bytes} bytes."
            ),
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tight_planes_follow_each_other() {
        let planes = check(64 * 48 * 3 / 2, RawFormat::I420, None, 64, 48).unwrap();
        assert_eq!(planes[1], PlaneLayout { offset: 64 * 48, stride: 32 });
        assert_eq!(planes[2], PlaneLayout { offset: 64 * 48 + 32 * 24, stride: 32 });
    }

    #[test]
    fn a_wrong_length_says_what_is_right() {
        let error = check(100, RawFormat::Nv12, None, 64, 48).unwrap_err();
        assert_eq!(
            error.message,
            "The frame has 100 bytes, but a tightly packed NV12 frame of 64x48 has 4608."
        );
    }

    #[test]
    fn the_last_row_need_not_be_padded() {
        let layout =
            [PlaneLayout { offset: 0, stride: 128 }, PlaneLayout { offset: 128 * 47 + 64, stride: 128 }];
        let bytes = 128 * 47 + 64 + 128 * 23 + 64;
        assert!(check(bytes, RawFormat::Nv12, Some(&layout), 64, 48).is_ok());
        assert!(check(bytes - 1, RawFormat::Nv12, Some(&layout), 64, 48).is_err());
    }

    #[test]
    fn huge_offsets_do_not_wrap() {
        let layout = [PlaneLayout { offset: u32::MAX, stride: u32::MAX }; 3];
        assert!(check(usize::MAX >> 1, RawFormat::I420, Some(&layout), 8192, 8192).is_ok());
        assert!(check(1 << 20, RawFormat::I420, Some(&layout), 8192, 8192).is_err());
    }
}
