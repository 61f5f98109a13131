use v4l2r::PixelFormat;
use v4l2r::bindings::{
    v4l2_fract, v4l2_frmivalenum, v4l2_frmivaltypes_V4L2_FRMIVAL_TYPE_DISCRETE as DISCRETE,
};
use v4l2r::nix::errno::Errno;

use super::{failed, iowr, run};
use crate::transport::Request;
use crate::{Result, Transport};

const ENUM_FRAMEINTERVALS: Request = iowr::<v4l2_frmivalenum>("VIDIOC_ENUM_FRAMEINTERVALS", 75);

/// More entries than any driver has; a driver that never ends its list is cut off here.
const MAX_INTERVALS: u32 = 256;

/// Times between two frames that a device can keep, as fractions of a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrameIntervals {
    /// Exactly this one.
    Discrete((u32, u32)),
    /// Everything from the shortest to the longest.
    Stepwise {
        /// The shortest, which is the highest rate.
        shortest: (u32, u32),
        /// The longest.
        longest: (u32, u32),
    },
}

/// Lists the intervals of a format at a size; empty where the driver does not list them.
///
/// # Errors
/// [`crate::Failure::Ioctl`], but not for the `EINVAL` that ends the list nor for the `ENOTTY` of a driver without one.
pub fn enum_frameintervals(
    transport: &dyn Transport,
    format: PixelFormat,
    (width, height): (u32, u32),
) -> Result<Vec<FrameIntervals>> {
    let mut intervals = Vec::new();
    for index in 0..MAX_INTERVALS {
        let mut raw =
            v4l2_frmivalenum { index, pixel_format: format.into(), width, height, ..Default::default() };
        #[expect(unsafe_code, reason = "an ioctl")]
        // SAFETY: the request's struct, without pointers.
        let done = unsafe { run(transport, ENUM_FRAMEINTERVALS, &mut raw) };
        match done {
            Ok(()) => intervals.push(read(&raw)),
            Err(Errno::EINVAL | Errno::ENOTTY) => break,
            Err(errno) => return Err(failed(transport, ENUM_FRAMEINTERVALS, errno)),
        }
        if raw.type_ != DISCRETE {
            break;
        }
    }
    Ok(intervals)
}

fn read(raw: &v4l2_frmivalenum) -> FrameIntervals {
    let fraction = |raw: v4l2_fract| (raw.numerator, raw.denominator);
    if raw.type_ == DISCRETE {
        #[expect(unsafe_code, reason = "reading a union")]
        // SAFETY: the member that the type names; numbers only.
        return FrameIntervals::Discrete(fraction(unsafe { raw.__bindgen_anon_1.discrete }));
    }
    #[expect(unsafe_code, reason = "reading a union")]
    // SAFETY: the member of the other two types; numbers only.
    let range = unsafe { raw.__bindgen_anon_1.stepwise };
    FrameIntervals::Stepwise { shortest: fraction(range.min), longest: fraction(range.max) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fourcc;
    use crate::testing::{Fake, Reply};

    const NAME: &str = "VIDIOC_ENUM_FRAMEINTERVALS";

    #[test]
    fn discrete_intervals_are_listed_until_einval() {
        let interval = |denominator| Reply::ok(NAME).u32(16, 1).u32(20, 1).u32(24, denominator);
        let fake = Fake::new([interval(30), interval(15), Reply::error(NAME, Errno::EINVAL)]);
        let intervals = enum_frameintervals(&fake, fourcc::NV12, (640, 480)).unwrap();
        assert_eq!(intervals, [FrameIntervals::Discrete((1, 30)), FrameIntervals::Discrete((1, 15))]);
        assert_eq!(fake.calls()[0].argument[8..12], 640u32.to_ne_bytes());
    }

    #[test]
    fn a_range_is_one_entry() {
        let range = Reply::ok(NAME).u32(16, 3).u32(20, 1).u32(24, 120).u32(28, 1).u32(32, 1);
        let intervals = enum_frameintervals(&Fake::new([range]), fourcc::NV12, (640, 480)).unwrap();
        assert_eq!(intervals, [FrameIntervals::Stepwise { shortest: (1, 120), longest: (1, 1) }]);
    }

    #[test]
    fn a_driver_without_a_list_has_an_empty_one() {
        let fake = Fake::new([Reply::error(NAME, Errno::ENOTTY)]);
        assert!(enum_frameintervals(&fake, fourcc::NV12, (640, 480)).unwrap().is_empty());
    }
}
