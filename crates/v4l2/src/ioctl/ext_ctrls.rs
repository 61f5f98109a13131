use v4l2r::bindings::{v4l2_ext_control, v4l2_ext_controls};

use super::{failed, iowr, run};
use crate::control::{Payload, Value};
use crate::transport::Request;
use crate::{Result, Transport};

pub(super) const G_EXT_CTRLS: Request = iowr::<v4l2_ext_controls>("VIDIOC_G_EXT_CTRLS", 71);
pub(super) const S_EXT_CTRLS: Request = iowr::<v4l2_ext_controls>("VIDIOC_S_EXT_CTRLS", 72);

/// Sets one control, named with its class: NVIDIA's driver takes a control without it, answers success, and
/// does nothing.
///
/// # Errors
/// [`crate::Failure::Ioctl`]: `EINVAL` for an unknown id or value, `EBUSY` for one that cannot change any more.
pub fn s_ext_ctrl(transport: &dyn Transport, class: u32, id: u32, value: &Value) -> Result<()> {
    exchange(transport, S_EXT_CTRLS, class, id, value).map(drop)
}

/// Reads one control's number.
///
/// # Errors
/// [`crate::Failure::Ioctl`]. NVIDIA's driver answers few reads.
pub fn g_ext_ctrl(transport: &dyn Transport, class: u32, id: u32) -> Result<i32> {
    exchange(transport, G_EXT_CTRLS, class, id, &Value::Integer(0))
}

fn exchange(transport: &dyn Transport, request: Request, class: u32, id: u32, value: &Value) -> Result<i32> {
    let mut payload = Payload::of(value);
    let mut control = v4l2_ext_control { id, ..Default::default() };
    // The size stays 0 even for a pointer, as in NVIDIA's own programs.
    match (value, &mut payload) {
        (Value::Integer(number), _) => control.__bindgen_anon_1.value = *number,
        (Value::Struct(_), payload) => control.__bindgen_anon_1.p_u8 = payload.as_mut_ptr(),
    }
    let mut raw = v4l2_ext_controls { count: 1, controls: &raw mut control, ..Default::default() };
    raw.__bindgen_anon_1.which = class;
    #[expect(unsafe_code, reason = "an ioctl")]
    // SAFETY: the request's struct with one control; a payload is larger than any struct the driver reads or writes.
    unsafe { run(transport, request, &mut raw) }.map_err(|errno| failed(transport, request, errno))?;
    #[expect(unsafe_code, reason = "reading a union")]
    // SAFETY: any bits are a number.
    Ok(unsafe { control.__bindgen_anon_1.value })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::CLASS_CODEC;
    use crate::testing::{Fake, Reply};

    #[test]
    fn the_class_is_always_named() {
        let fake = Fake::new([Reply::ok("VIDIOC_S_EXT_CTRLS")]);
        s_ext_ctrl(&fake, CLASS_CODEC, 0x0099_09CF, &Value::Integer(2_000_000)).unwrap();
        assert_eq!(fake.calls()[0].argument[0..4], 0x0099_0000u32.to_ne_bytes());
        assert_eq!(fake.calls()[0].argument[4..8], 1u32.to_ne_bytes());
    }
}
