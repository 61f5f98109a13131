use v4l2r::QueueType;
use v4l2r::bindings::{v4l2_fract, v4l2_outputparm, v4l2_streamparm, v4l2_streamparm__bindgen_ty_1};

use super::{failed, iowr, run};
use crate::transport::Request;
use crate::{Result, Transport};

const G_PARM: Request = iowr::<v4l2_streamparm>("VIDIOC_G_PARM", 21);
const S_PARM: Request = iowr::<v4l2_streamparm>("VIDIOC_S_PARM", 22);

/// Tells a rate controller or a camera the time between two frames, as a fraction of a second, and returns what it
/// took.
///
/// # Errors
/// [`crate::Failure::Ioctl`].
pub fn s_parm(transport: &dyn Transport, queue: QueueType, time_per_frame: (u32, u32)) -> Result<(u32, u32)> {
    exchange(transport, S_PARM, queue, time_per_frame)
}

/// Reads the time between two frames, as a fraction of a second.
///
/// # Errors
/// [`crate::Failure::Ioctl`].
pub fn g_parm(transport: &dyn Transport, queue: QueueType) -> Result<(u32, u32)> {
    exchange(transport, G_PARM, queue, (0, 0))
}

fn exchange(
    transport: &dyn Transport,
    request: Request,
    queue: QueueType,
    (numerator, denominator): (u32, u32),
) -> Result<(u32, u32)> {
    let timeperframe = v4l2_fract { numerator, denominator };
    let output = v4l2_outputparm { timeperframe, ..Default::default() };
    let mut raw = v4l2_streamparm { type_: queue as u32, parm: v4l2_streamparm__bindgen_ty_1 { output } };
    #[expect(unsafe_code, reason = "an ioctl")]
    // SAFETY: the request's struct, without pointers.
    unsafe { run(transport, request, &mut raw) }.map_err(|errno| failed(transport, request, errno))?;
    #[expect(unsafe_code, reason = "reading a union")]
    // SAFETY: plain numbers, written as this member above; the one of capture queues has its fraction in the same place.
    let answered = unsafe { raw.parm.output }.timeperframe;
    Ok((answered.numerator, answered.denominator))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Fake, Reply};

    #[test]
    fn capture_queues_keep_the_rate_in_the_same_place() {
        use v4l2r::bindings::v4l2_captureparm;
        let place = std::mem::offset_of!(v4l2_outputparm, timeperframe);
        assert_eq!(std::mem::offset_of!(v4l2_captureparm, timeperframe), place);
    }

    #[test]
    fn the_rate_goes_where_output_queues_keep_it() {
        let fake = Fake::new([Reply::ok("VIDIOC_S_PARM")]);
        assert_eq!(s_parm(&fake, QueueType::VideoOutputMplane, (1000, 30_000)).unwrap(), (1000, 30_000));
        assert_eq!(fake.calls()[0].argument[12..16], 1000u32.to_ne_bytes());
        assert_eq!(fake.calls()[0].argument[16..20], 30_000u32.to_ne_bytes());
    }
}
