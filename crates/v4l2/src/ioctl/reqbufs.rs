use v4l2r::QueueType;
use v4l2r::bindings::v4l2_requestbuffers;

use super::buffer::Memory;
use super::{failed, iowr, run};
use crate::transport::Request;
use crate::{Result, Transport};

const REQBUFS: Request = iowr::<v4l2_requestbuffers>("VIDIOC_REQBUFS", 8);

/// Requests `count` buffers and returns how many the device gave; 0 frees them all.
///
/// # Errors
/// [`crate::Failure::Ioctl`]. NVIDIA's driver makes its encoder here, so `ENOMEM` or 0 buffers mean that it could not.
/// `EINVAL` also where the device takes no such memory.
pub fn reqbufs(transport: &dyn Transport, queue: QueueType, memory: Memory, count: u32) -> Result<u32> {
    let mut raw =
        v4l2_requestbuffers { count, type_: queue as u32, memory: memory.number(), ..Default::default() };
    #[expect(unsafe_code, reason = "an ioctl")]
    // SAFETY: the request's struct, without pointers.
    unsafe { run(transport, REQBUFS, &mut raw) }.map_err(|errno| failed(transport, REQBUFS, errno))?;
    Ok(raw.count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Fake, Reply};

    #[test]
    fn the_drivers_count_is_the_one_that_counts() {
        let fake = Fake::new([Reply::ok("VIDIOC_REQBUFS").u32(0, 4)]);
        assert_eq!(reqbufs(&fake, QueueType::VideoOutputMplane, Memory::Mmap, 6).unwrap(), 4);
    }
}
