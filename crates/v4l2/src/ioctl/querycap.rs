use v4l2r::bindings::{
    V4L2_CAP_DEVICE_CAPS, V4L2_CAP_STREAMING, V4L2_CAP_VIDEO_CAPTURE, V4L2_CAP_VIDEO_CAPTURE_MPLANE,
    V4L2_CAP_VIDEO_M2M, V4L2_CAP_VIDEO_M2M_MPLANE, V4L2_CAP_VIDEO_OUTPUT, V4L2_CAP_VIDEO_OUTPUT_MPLANE,
    v4l2_capability,
};

use super::{failed, ior, run, text};
use crate::transport::Request;
use crate::{QueueType, Result, Transport};

const QUERYCAP: Request = ior::<v4l2_capability>("VIDIOC_QUERYCAP", 0);

/// What a device says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capability {
    /// The driver's name, such as `bcm2835-codec`.
    pub driver: String,
    /// The device's name for people.
    pub card: String,
    /// Where it is attached.
    pub bus_info: String,
    /// What this node can do: `device_caps` where the driver gives it, else `capabilities`.
    pub flags: u32,
}

impl Capability {
    fn has(&self, flag: u32) -> bool {
        self.flags & flag != 0
    }

    /// Raw frames in and coded ones out (or the other way round) through streaming queues, in either API.
    #[must_use]
    pub fn is_memory_to_memory(&self) -> bool {
        let output = self.has(V4L2_CAP_VIDEO_OUTPUT | V4L2_CAP_VIDEO_OUTPUT_MPLANE);
        let either =
            self.has(V4L2_CAP_VIDEO_M2M | V4L2_CAP_VIDEO_M2M_MPLANE) || (self.is_capture() && output);
        either && self.has(V4L2_CAP_STREAMING)
    }

    /// Gives frames, in either API.
    #[must_use]
    pub fn is_capture(&self) -> bool {
        self.has(V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_VIDEO_CAPTURE_MPLANE)
    }

    /// Whether the queues are of the multi-planar kind; preferred where a driver has both.
    #[must_use]
    pub fn is_multi_planar(&self) -> bool {
        self.has(V4L2_CAP_VIDEO_M2M_MPLANE | V4L2_CAP_VIDEO_CAPTURE_MPLANE | V4L2_CAP_VIDEO_OUTPUT_MPLANE)
    }

    /// The queue that gives frames or coded data, of the API that the device speaks.
    #[must_use]
    pub fn capture_queue(&self) -> QueueType {
        if self.is_multi_planar() { QueueType::VideoCaptureMplane } else { QueueType::VideoCapture }
    }

    /// The queue that takes frames or coded data, of the API that the device speaks.
    #[must_use]
    pub fn output_queue(&self) -> QueueType {
        if self.is_multi_planar() { QueueType::VideoOutputMplane } else { QueueType::VideoOutput }
    }

    /// Whether it is `v4l2loopback`, which calls itself memory-to-memory; what is written into it can be captured all the same.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        self.driver.starts_with("v4l2 loopback")
    }
}

/// Asks the device what it is.
///
/// # Errors
/// [`crate::Failure::Ioctl`]; `ENOTTY` where no V4L2 driver answers.
pub fn querycap(transport: &dyn Transport) -> Result<Capability> {
    let mut raw = v4l2_capability::default();
    #[expect(unsafe_code, reason = "an ioctl")]
    // SAFETY: the request's struct, without pointers.
    unsafe { run(transport, QUERYCAP, &mut raw) }.map_err(|errno| failed(transport, QUERYCAP, errno))?;
    let own = raw.capabilities & V4L2_CAP_DEVICE_CAPS != 0;
    Ok(Capability {
        driver: text(&raw.driver),
        card: text(&raw.card),
        bus_info: text(&raw.bus_info),
        flags: if own { raw.device_caps } else { raw.capabilities },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Fake, Reply};

    #[test]
    fn the_nodes_own_capabilities_win_over_those_of_the_whole_device() {
        let reply = Reply::ok("VIDIOC_QUERYCAP").text(0, "tegra").u32(84, 0x8400_4000).u32(88, 0x0400_8000);
        let capability = querycap(&Fake::new([reply])).unwrap();
        assert_eq!(capability.driver, "tegra");
        assert!(capability.is_memory_to_memory());
        assert!(!capability.is_multi_planar());
    }

    #[test]
    fn a_camera_is_not_memory_to_memory() {
        let reply = Reply::ok("VIDIOC_QUERYCAP").u32(84, 0x0400_0001);
        assert!(!querycap(&Fake::new([reply])).unwrap().is_memory_to_memory());
    }
}
