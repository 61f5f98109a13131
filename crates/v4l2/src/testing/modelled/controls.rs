//! Controls.

use v4l2r::bindings as abi;
use v4l2r::nix::errno::Errno;

use super::{Answer, Model};
use crate::ioctl::ControlKind;

pub(super) fn query_ext_ctrl(model: &mut impl Model, raw: &mut abi::v4l2_query_ext_ctrl) -> Answer<()> {
    let control = model.query_ext_ctrl(raw.id)?;
    raw.id = control.id;
    raw.type_ = number(control.kind);
    for (place, byte) in raw.name.iter_mut().zip(control.name.bytes()) {
        *place = byte as std::ffi::c_char;
    }
    raw.minimum = control.minimum;
    raw.maximum = control.maximum;
    raw.step = control.step;
    raw.default_value = control.default;
    raw.flags = control.flags;
    Ok(())
}

/// `enum v4l2_ctrl_type`
fn number(kind: ControlKind) -> u32 {
    match kind {
        ControlKind::Integer => 1,
        ControlKind::Boolean => 2,
        ControlKind::Menu => 3,
        ControlKind::Button => 4,
        ControlKind::Integer64 => 5,
        ControlKind::Class => 6,
        ControlKind::Text => 7,
        ControlKind::Bitmask => 8,
        ControlKind::IntegerMenu => 9,
        ControlKind::Other(number) => number,
    }
}

/// Sets or reads controls, each by itself.
///
/// # Safety
/// The struct's pointer is to as many controls as it says.
#[expect(unsafe_code, reason = "the struct points to its controls")]
pub(super) unsafe fn ext_ctrls(
    model: &mut impl Model,
    request: &str,
    raw: &mut abi::v4l2_ext_controls,
) -> Answer<()> {
    if raw.count == 0 {
        return Ok(());
    }
    // SAFETY: the caller's promise, of one control at least.
    let controls = unsafe { std::slice::from_raw_parts_mut(raw.controls, raw.count as usize) };
    for control in controls {
        // SAFETY: any bits are a number.
        let value = unsafe { control.__bindgen_anon_1.value };
        let answered = match request {
            "VIDIOC_G_EXT_CTRLS" => model.g_ext_ctrl(control.id),
            _ => model.s_ext_ctrl(control.id, value),
        };
        control.__bindgen_anon_1.value = answered.inspect_err(|_: &Errno| raw.error_idx = raw.count)?;
    }
    Ok(())
}
