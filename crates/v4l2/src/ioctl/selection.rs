use v4l2r::QueueType;
use v4l2r::bindings::{v4l2_rect, v4l2_selection};

use super::{failed, iowr, run};
use crate::transport::Request;
use crate::{Result, Transport};

const G_SELECTION: Request = iowr::<v4l2_selection>("VIDIOC_G_SELECTION", 94);
const S_SELECTION: Request = iowr::<v4l2_selection>("VIDIOC_S_SELECTION", 95);

/// `V4L2_SEL_TGT_CROP`
const CROP: u32 = 0;

/// A rectangle of a frame, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rectangle {
    /// From the left edge.
    pub left: i32,
    /// From the top edge.
    pub top: i32,
    /// Pixels in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
}

impl Rectangle {
    /// The upper left part of that size.
    #[must_use]
    pub fn of_size(width: u32, height: u32) -> Self {
        Self { left: 0, top: 0, width, height }
    }
}

/// Sets which part of the frames of an output queue is visible, and returns what the driver made of it.
///
/// # Errors
/// [`crate::Failure::Ioctl`]; `ENOTTY` or `EINVAL` where the driver cannot crop.
pub fn s_crop(transport: &dyn Transport, queue: QueueType, visible: Rectangle) -> Result<Rectangle> {
    exchange(transport, S_SELECTION, queue, visible)
}

/// Reads which part of the frames is visible.
///
/// # Errors
/// As [`s_crop`].
pub fn g_crop(transport: &dyn Transport, queue: QueueType) -> Result<Rectangle> {
    exchange(transport, G_SELECTION, queue, Rectangle::of_size(0, 0))
}

fn exchange(
    transport: &dyn Transport,
    request: Request,
    queue: QueueType,
    rectangle: Rectangle,
) -> Result<Rectangle> {
    let Rectangle { left, top, width, height } = rectangle;
    // Kernels before 4.13 know only the single-planar types here; later ones take both.
    let mut raw = v4l2_selection {
        type_: queue as u32,
        target: CROP,
        r: v4l2_rect { left, top, width, height },
        ..Default::default()
    };
    #[expect(unsafe_code, reason = "an ioctl")]
    // SAFETY: the request's struct, without pointers.
    unsafe { run(transport, request, &mut raw) }.map_err(|errno| failed(transport, request, errno))?;
    let v4l2_rect { left, top, width, height } = raw.r;
    Ok(Rectangle { left, top, width, height })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Fake, Reply};

    #[test]
    fn what_the_driver_made_of_a_crop_is_returned() {
        let fake = Fake::new([Reply::ok("VIDIOC_S_SELECTION").u32(24, 1072)]);
        let visible = Rectangle::of_size(1920, 1080);
        let made = s_crop(&fake, QueueType::VideoOutput, visible).unwrap();
        assert_eq!(made, Rectangle { height: 1072, ..visible });
        assert_eq!(fake.calls()[0].argument[20..24], 1920u32.to_ne_bytes());
    }
}
