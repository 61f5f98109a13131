//! The formats of both queues: what is requested of the driver, and what it made of it.

use std::sync::Arc;

use v4l2::ioctl::{self, FrameSizes};
use v4l2::{Errno, Format, PixelFormat, PlaneLayout, QueueType, Transport};

use super::geometry::RawLayout;
use crate::backend::bring_up::{colorimetry, sized, unsupported};
use crate::config::Resolved;
use crate::error::Result;

/// An encoded frame of any size has room in this, or in half of the raw one.
const MIN_CODED_BYTES: u32 = 512 << 10;

/// A size outside the driver's bounds would be replaced by another one.
pub(super) fn check_size(transport: &Arc<dyn Transport>, config: &Resolved) -> Result<()> {
    let sizes = ioctl::enum_framesizes(&**transport, config.codec.fourcc())?;
    let [FrameSizes::Stepwise { width, height }] = sizes[..] else { return Ok(()) };
    let within = |[least, most, _]: [u32; 3], asked: u32| (least..=most).contains(&asked);
    if within(width, config.width) && within(height, config.height) {
        return Ok(());
    }
    let what = format!("encodes sizes from {}x{} to {}x{}", width[0], height[0], width[1], height[1]);
    Err(unsupported(&**transport, config, what))
}

pub(super) fn set_coded_format(transport: &dyn Transport, queue: QueueType, config: &Resolved) -> Result<()> {
    // Two drivers take it as it is, so it must be no less than a frame can need, in whole pages.
    let sizeimage = MIN_CODED_BYTES.max(config.width * config.height * 3 / 4).next_multiple_of(4096);
    let wanted = Format {
        plane_fmt: vec![PlaneLayout { sizeimage, bytesperline: 0 }],
        ..sized(config.codec.fourcc(), config)
    };
    let given = set_format(transport, queue, &wanted, config)?;
    if given.pixelformat == wanted.pixelformat {
        return Ok(());
    }
    let what = format!("replaced {} by {}", wanted.pixelformat, given.pixelformat);
    Err(unsupported(transport, config, what))
}

pub(super) fn set_raw_format(
    transport: &dyn Transport,
    queue: QueueType,
    candidates: &[RawLayout],
    offered: &[PixelFormat],
    config: &Resolved,
) -> Result<(RawLayout, Format)> {
    for layout in candidates {
        let wanted = Format {
            plane_fmt: vec![PlaneLayout::default(); layout.memories],
            ..sized(layout.fourcc, config)
        };
        let given = match ioctl::s_fmt_colored(transport, queue, &wanted, colorimetry(config.color)) {
            Ok((given, _)) => given,
            // So says s5p-mfc of a format that it does not know.
            Err(error) if error.errno() == Some(Errno::EINVAL) => continue,
            Err(error) => return Err(error.into()),
        };
        if given.pixelformat != layout.fourcc {
            continue;
        }
        if given.width < config.width || given.height < config.height {
            let what = format!("made it {}x{}", given.width, given.height);
            return Err(unsupported(transport, config, what));
        }
        return Ok((*layout, given));
    }
    let offered: Vec<_> = offered.iter().map(ToString::to_string).collect();
    Err(unsupported(transport, config, format!("accepts neither I420 nor NV12, but {}", offered.join(", "))))
}

fn set_format(
    transport: &dyn Transport,
    queue: QueueType,
    wanted: &Format,
    config: &Resolved,
) -> Result<Format> {
    ioctl::s_fmt(transport, queue, wanted).map_err(|error| match error.errno() {
        Some(Errno::EINVAL) => unsupported(transport, config, format!("rejected {}", wanted.pixelformat)),
        _ => error.into(),
    })
}
