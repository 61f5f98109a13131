//! Where the rows of a plane lie in the device's buffer.
//!
//! The driver's stride counts. On some releases it is 0 in MMAP mode; then the surface behind the buffer has its
//! pitch, or else the buffer's length and the driver's height do. A stride is never taken from the width as long as anything else has it: code that did so sheared
//! frames and corrupted the heap at sizes other than 1920x1080.

use v4l2::{Format, PlaneLayout};

use crate::error::{Code, Error, Result};
use crate::input::format::{PlaneSize, RawFormat};

/// Stride and used bytes of a plane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PlaneGeometry {
    pub(super) stride: usize,
    pub(super) used: u32,
}

/// Pitches are multiples of this on every release.
const LEAST_ALIGNMENT: usize = 64;

/// What is known of a plane of the device's buffers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    /// Bytes that are mapped.
    pub(super) length: usize,
    /// What the surface says, where there is one.
    pub(super) pitch: Option<u32>,
}

/// The geometry of every plane.
pub(super) fn planes(
    format: RawFormat,
    width: u32,
    height: u32,
    driver: &Format,
    found: &[Found],
) -> Result<Vec<PlaneGeometry>> {
    if found.len() != format.planes() {
        return Err(Error::new(
            Code::Device,
            format!(
                "The device's buffers have {} planes, but {} has {}.",
                found.len(),
                format.name(),
                format.planes()
            ),
        ));
    }
    found
        .iter()
        .enumerate()
        .map(|(number, found)| {
            let size = format.plane(number, width, height);
            // The driver may pad the height; chroma has half of it.
            let padded = (driver.height.max(height) as usize).div_ceil(if number == 0 { 1 } else { 2 });
            plane(number, size, padded, driver.plane_fmt.get(number), *found)
        })
        .collect()
}

/// The geometry as the driver sees it of frames that surfaces hold: their own layout is NVIDIA's business.
pub(super) fn of_surfaces(format: RawFormat, width: u32, height: u32, driver: &Format) -> Vec<PlaneGeometry> {
    (0..format.planes())
        .map(|number| {
            let size = format.plane(number, width, height);
            let reported = driver.plane_fmt.get(number).map_or(0, |layout| layout.bytesperline as usize);
            let stride = reported.max(size.row_bytes);
            PlaneGeometry { stride, used: u32::try_from(stride * size.rows).unwrap_or(u32::MAX) }
        })
        .collect()
}

fn plane(
    number: usize,
    size: PlaneSize,
    padded_rows: usize,
    driver: Option<&PlaneLayout>,
    found: Found,
) -> Result<PlaneGeometry> {
    let reported = driver.map_or(0, |layout| layout.bytesperline as usize);
    let Found { length, pitch } = found;
    let candidates = [
        reported,
        pitch.unwrap_or(0) as usize,
        length / padded_rows / LEAST_ALIGNMENT * LEAST_ALIGNMENT,
        length / padded_rows,
        length / size.rows,
    ];
    let stride =
        candidates.into_iter().find(|stride| *stride >= size.row_bytes && stride * size.rows <= length);
    let Some(stride) = stride else {
        return Err(Error::new(
            Code::Device,
            format!(
                "Plane {number} of the device's buffers has {length} bytes, too few for {} rows of {} bytes.",
                size.rows, size.row_bytes
            ),
        ));
    };
    // The padding rows belong to the frame as the device sees it, unless the buffer has no room for them.
    let used = (stride * padded_rows).min(length);
    Ok(PlaneGeometry { stride, used: u32::try_from(used).unwrap_or(u32::MAX) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(height: u32, strides: [u32; 3]) -> Format {
        let plane_fmt =
            strides.iter().map(|stride| PlaneLayout { bytesperline: *stride, sizeimage: 0 }).collect();
        Format { width: 322, height, pixelformat: v4l2::fourcc::YUV420M, plane_fmt }
    }

    fn i420(driver: &Format, lengths: &[usize]) -> Result<Vec<PlaneGeometry>> {
        let found: Vec<_> = lengths.iter().map(|length| Found { length: *length, pitch: None }).collect();
        planes(RawFormat::I420, 322, 242, driver, &found)
    }

    #[test]
    fn a_stride_of_zero_is_the_surfaces_pitch() {
        let found = [(512, 512 * 256), (256, 256 * 128), (256, 256 * 128)]
            .map(|(pitch, length)| Found { length, pitch: Some(pitch) });
        let planes = planes(RawFormat::I420, 322, 242, &format(242, [0, 0, 0]), &found).unwrap();
        assert_eq!(planes[0].stride, 512);
        assert_eq!(planes[1].stride, 256);
    }

    #[test]
    fn a_stride_worked_out_from_padding_that_nobody_tells_is_aligned() {
        // 1088 rows of 2048 bytes, of which the driver admits 1080.
        let driver = Format { width: 1920, height: 1080, ..format(1080, [0, 0, 0]) };
        let found = [Found { length: 2048 * 1088, pitch: None }, Found { length: 2048 * 544, pitch: None }];
        let planes = planes(RawFormat::Nv12, 1920, 1080, &driver, &found).unwrap();
        assert_eq!((planes[0].stride, planes[1].stride), (2048, 2048));
    }

    #[test]
    fn the_drivers_stride_and_height_count() {
        let planes = i420(&format(256, [512, 256, 256]), &[512 * 256, 256 * 128, 256 * 128]).unwrap();
        assert_eq!(planes[0], PlaneGeometry { stride: 512, used: 512 * 256 });
        assert_eq!(planes[1], PlaneGeometry { stride: 256, used: 256 * 128 });
    }

    #[test]
    fn a_stride_of_zero_is_worked_out_from_length_and_height() {
        let planes = i420(&format(256, [0, 0, 0]), &[512 * 256, 256 * 128, 256 * 128]).unwrap();
        assert_eq!(planes[0].stride, 512);
        assert_eq!(planes[2].stride, 256);
    }

    #[test]
    fn a_chroma_plane_as_high_as_luma_keeps_the_reported_stride() {
        let planes = i420(&format(256, [512, 256, 256]), &[512 * 256, 256 * 256, 256 * 256]).unwrap();
        assert_eq!(planes[1], PlaneGeometry { stride: 256, used: 256 * 128 });
    }

    #[test]
    fn a_buffer_without_room_for_the_padding_is_used_as_far_as_it_goes() {
        let planes = i420(&format(256, [512, 256, 256]), &[512 * 242, 256 * 121, 256 * 121]).unwrap();
        assert_eq!(planes[0], PlaneGeometry { stride: 512, used: 512 * 242 });
    }

    #[test]
    fn a_buffer_that_cannot_hold_the_frame_is_rejected() {
        let error = i420(&format(242, [322, 161, 161]), &[1000, 1000, 1000]).unwrap_err();
        assert_eq!(
            error.message,
            "Plane 0 of the device's buffers has 1000 bytes, too few for 242 rows of 322 bytes."
        );
    }
}
