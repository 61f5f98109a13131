use v4l2r::PixelFormat;
use v4l2r::bindings::{v4l2_frmsizeenum, v4l2_frmsizetypes_V4L2_FRMSIZE_TYPE_DISCRETE as DISCRETE};
use v4l2r::nix::errno::Errno;

use super::{failed, iowr, run};
use crate::transport::Request;
use crate::{Result, Transport};

const ENUM_FRAMESIZES: Request = iowr::<v4l2_frmsizeenum>("VIDIOC_ENUM_FRAMESIZES", 74);

/// More entries than any driver has; a driver that never ends its list is cut off here.
const MAX_SIZES: u32 = 256;

/// Sizes of frames that a device takes or gives, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrameSizes {
    /// Exactly this one.
    Discrete {
        /// Pixels in a row.
        width: u32,
        /// Rows.
        height: u32,
    },
    /// Everything between these bounds, in these steps.
    Stepwise {
        /// Least, most and step of the width.
        width: [u32; 3],
        /// Least, most and step of the height.
        height: [u32; 3],
    },
}

impl FrameSizes {
    /// Whether the size is one of these.
    #[must_use]
    pub fn contains(&self, width: u32, height: u32) -> bool {
        let within = |[least, most, step]: [u32; 3], value: u32| {
            (least..=most).contains(&value) && (value - least).is_multiple_of(step.max(1))
        };
        match *self {
            Self::Discrete { width: only_width, height: only_height } => {
                (only_width, only_height) == (width, height)
            }
            Self::Stepwise { width: widths, height: heights } => {
                within(widths, width) && within(heights, height)
            }
        }
    }
}

/// Lists the sizes of a format; empty where the driver does not list them.
///
/// # Errors
/// [`crate::Failure::Ioctl`], but not for the `EINVAL` that ends the list nor for the `ENOTTY` of a driver without one.
pub fn enum_framesizes(transport: &dyn Transport, format: PixelFormat) -> Result<Vec<FrameSizes>> {
    let mut sizes = Vec::new();
    for index in 0..MAX_SIZES {
        let mut raw = v4l2_frmsizeenum { index, pixel_format: format.into(), ..Default::default() };
        #[expect(unsafe_code, reason = "an ioctl")]
        // SAFETY: the request's struct, without pointers.
        let done = unsafe { run(transport, ENUM_FRAMESIZES, &mut raw) };
        match done {
            Ok(()) => sizes.push(read(&raw)),
            Err(Errno::EINVAL | Errno::ENOTTY) => break,
            Err(errno) => return Err(failed(transport, ENUM_FRAMESIZES, errno)),
        }
        if raw.type_ != DISCRETE {
            break;
        }
    }
    Ok(sizes)
}

fn read(raw: &v4l2_frmsizeenum) -> FrameSizes {
    if raw.type_ == DISCRETE {
        #[expect(unsafe_code, reason = "reading a union")]
        // SAFETY: the member that the type names; numbers only.
        let size = unsafe { raw.__bindgen_anon_1.discrete };
        return FrameSizes::Discrete { width: size.width, height: size.height };
    }
    #[expect(unsafe_code, reason = "reading a union")]
    // SAFETY: the member of the other two types; numbers only.
    let range = unsafe { raw.__bindgen_anon_1.stepwise };
    FrameSizes::Stepwise {
        width: [range.min_width, range.max_width, range.step_width],
        height: [range.min_height, range.max_height, range.step_height],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fourcc;
    use crate::testing::{Fake, Reply};

    #[test]
    fn discrete_sizes_are_listed_until_einval() {
        let size =
            |width, height| Reply::ok("VIDIOC_ENUM_FRAMESIZES").u32(8, 1).u32(12, width).u32(16, height);
        let end = Reply::error("VIDIOC_ENUM_FRAMESIZES", Errno::EINVAL);
        let sizes =
            enum_framesizes(&Fake::new([size(640, 480), size(1280, 720), end]), fourcc::NV12).unwrap();
        assert_eq!(sizes.len(), 2);
        assert!(sizes[1].contains(1280, 720) && !sizes[1].contains(640, 480));
    }

    #[test]
    fn a_range_is_one_entry() {
        let range = Reply::ok("VIDIOC_ENUM_FRAMESIZES")
            .u32(8, 3)
            .u32(12, 640)
            .u32(16, 4096)
            .u32(20, 8)
            .u32(24, 360)
            .u32(28, 2160)
            .u32(32, 8);
        let sizes = enum_framesizes(&Fake::new([range]), fourcc::FWHT).unwrap();
        assert_eq!(sizes, [FrameSizes::Stepwise { width: [640, 4096, 8], height: [360, 2160, 8] }]);
        assert!(
            sizes[0].contains(1280, 720) && !sizes[0].contains(1281, 720) && !sizes[0].contains(320, 240)
        );
    }
}
