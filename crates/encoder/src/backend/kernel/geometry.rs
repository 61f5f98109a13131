//! Raw formats of kernel encoders, and where the rows of each plane lie.
//!
//! One frame lies in one memory, plane after plane, or in one memory for each plane. Strides and the coded height are
//! the driver's: a stride that is taken from the width gives green and skewed frames.

use v4l2::{Format, PixelFormat, fourcc};

use crate::error::{Code, Error, Result};
use crate::input::format::{RawFormat, shared_stride};
use crate::input::geometry::InputPlane as Plane;

/// A raw format that a driver may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RawLayout {
    pub(super) fourcc: PixelFormat,
    pub(super) format: RawFormat,
    /// One for all planes, or one for each.
    pub(super) memories: usize,
}

/// Planes in one memory first: they are one buffer to map and one DMABUF to import.
const LAYOUTS: [RawLayout; 4] = [
    RawLayout { fourcc: fourcc::YUV420, format: RawFormat::I420, memories: 1 },
    RawLayout { fourcc: fourcc::YUV420M, format: RawFormat::I420, memories: 3 },
    RawLayout { fourcc: fourcc::NV12, format: RawFormat::Nv12, memories: 1 },
    RawLayout { fourcc: fourcc::NV12M, format: RawFormat::Nv12, memories: 2 },
];

/// What to try, best first: the caller's own format, so that nothing need be converted. `offered` is what the driver lists,
/// in any order; of a driver that lists nothing, all are requested.
pub(super) fn candidates(wanted: RawFormat, offered: &[PixelFormat]) -> Vec<RawLayout> {
    let usable = |layout: &RawLayout| offered.is_empty() || offered.contains(&layout.fourcc);
    let (same, other): (Vec<_>, Vec<_>) =
        LAYOUTS.into_iter().filter(usable).partition(|layout| layout.format == wanted);
    same.into_iter().chain(other).collect()
}

/// The formats among what a driver lists.
pub(super) fn formats(offered: &[PixelFormat]) -> Vec<RawFormat> {
    let mut formats: Vec<RawFormat> = Vec::new();
    for layout in candidates(RawFormat::I420, offered) {
        if !formats.contains(&layout.format) {
            formats.push(layout.format);
        }
    }
    formats
}

/// Where the planes are and how many bytes of each memory a frame takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RawGeometry {
    pub(super) planes: Vec<Plane>,
    /// Bytes of each memory that belong to a frame, padding rows included.
    pub(super) used: Vec<u32>,
    /// Bytes that each memory has at least, as the driver wants them.
    pub(super) least: Vec<u32>,
}

/// Works out the geometry from what the driver answered.
///
/// # Errors
/// [`Code::Device`] when its answer cannot hold the frame.
pub(super) fn of(layout: RawLayout, driver: &Format, width: u32, height: u32) -> Result<RawGeometry> {
    if driver.plane_fmt.len() != layout.memories {
        return Err(senseless(format!(
            "{} with {} planes instead of {}",
            layout.fourcc,
            driver.plane_fmt.len(),
            layout.memories
        )));
    }
    let coded_height = driver.height.max(height) as usize;
    let mut planes = Vec::new();
    let mut ends = vec![0; layout.memories];
    for number in 0..layout.format.planes() {
        let memory = if layout.memories == 1 { 0 } else { number };
        let reported = driver.plane_fmt[memory].bytesperline as usize;
        let needed = layout.format.plane(number, width, height);
        let stride =
            if layout.memories == 1 { shared_stride(layout.format, number, reported) } else { reported };
        if stride < needed.row_bytes {
            return Err(senseless(format!("a stride of {stride} bytes for rows of {}", needed.row_bytes)));
        }
        let rows = layout.format.plane(number, width, coded_height as u32).rows;
        planes.push(Plane { memory, offset: ends[memory], stride });
        ends[memory] = stride.saturating_mul(rows).saturating_add(ends[memory]);
    }
    let least: Vec<_> = driver.plane_fmt.iter().map(|plane| plane.sizeimage).collect();
    if let Some((end, size)) = ends.iter().zip(&least).find(|(end, size)| **end > **size as usize) {
        return Err(senseless(format!("{size} bytes for a frame of {end}")));
    }
    // They fit into what the driver counts in 32 bits.
    let used = ends.into_iter().map(|end| end as u32).collect();
    Ok(RawGeometry { planes, used, least })
}

fn senseless(what: String) -> Error {
    Error::new(Code::Device, format!("The driver answered VIDIOC_S_FMT with {what}."))
}

#[cfg(test)]
mod tests {
    use v4l2::PlaneLayout;

    use super::*;

    fn driver(pixelformat: PixelFormat, height: u32, planes: &[(u32, u32)]) -> Format {
        let plane_fmt = planes
            .iter()
            .map(|(bytesperline, sizeimage)| PlaneLayout {
                bytesperline: *bytesperline,
                sizeimage: *sizeimage,
            })
            .collect();
        Format { width: 640, height, pixelformat, plane_fmt }
    }

    #[test]
    fn the_callers_format_is_requested_first_and_in_one_memory() {
        let fourccs = |wanted, offered: &[PixelFormat]| -> Vec<_> {
            candidates(wanted, offered).iter().map(|layout| layout.fourcc).collect()
        };
        use fourcc::{NV12, NV12M, YUV420, YUV420M};
        assert_eq!(fourccs(RawFormat::I420, &[]), [YUV420, YUV420M, NV12, NV12M]);
        assert_eq!(fourccs(RawFormat::Nv12, &[NV12M, YUV420]), [NV12M, YUV420]);
        assert_eq!(fourccs(RawFormat::I420, &[NV12]), [NV12]);
    }

    #[test]
    fn a_stride_of_64_moves_the_chroma_of_a_narrow_frame() {
        // bcm2835-codec aligns rows to 64 bytes and leaves the height as it is.
        let format = driver(fourcc::YUV420, 480, &[(704, 704 * 480 * 3 / 2)]);
        let geometry = of(candidates(RawFormat::I420, &[])[0], &format, 642, 480).unwrap();
        assert_eq!(geometry.planes[1], Plane { memory: 0, offset: 704 * 480, stride: 352 });
        assert_eq!(geometry.planes[2], Plane { memory: 0, offset: 704 * 480 + 352 * 240, stride: 352 });
        assert_eq!(geometry.used, [704 * 480 * 3 / 2]);
    }

    #[test]
    fn chroma_lies_behind_the_padded_luma() {
        // venus pads 720 rows to 736.
        let nv12 = RawLayout { fourcc: fourcc::NV12, format: RawFormat::Nv12, memories: 1 };
        let format = driver(fourcc::NV12, 736, &[(1280, 1_421_312)]);
        let geometry = of(nv12, &format, 1280, 720).unwrap();
        assert_eq!(geometry.planes[1], Plane { memory: 0, offset: 1280 * 736, stride: 1280 });
        assert_eq!(geometry.least, [1_421_312]);
    }

    #[test]
    fn planes_of_their_own_have_their_own_strides() {
        let format = driver(fourcc::YUV420M, 480, &[(640, 640 * 512), (320, 320 * 256), (320, 320 * 256)]);
        let layout = candidates(RawFormat::I420, &[fourcc::YUV420M])[0];
        let geometry = of(layout, &format, 640, 480).unwrap();
        assert_eq!(geometry.planes[2], Plane { memory: 2, offset: 0, stride: 320 });
        assert_eq!(geometry.used, [640 * 480, 320 * 240, 320 * 240]);
    }

    #[test]
    fn an_answer_that_cannot_hold_the_frame_is_rejected() {
        let layout = candidates(RawFormat::I420, &[])[0];
        let rejected = |format: Format| of(layout, &format, 640, 480).unwrap_err().message;
        assert!(rejected(driver(fourcc::YUV420, 480, &[(320, 1 << 20)])).contains("a stride of 320 bytes"));
        assert!(rejected(driver(fourcc::YUV420, 480, &[(640, 1000)])).contains("1000 bytes for a frame"));
        assert!(rejected(driver(fourcc::YUV420, 480, &[])).contains("0 planes instead of 1"));
    }
}
