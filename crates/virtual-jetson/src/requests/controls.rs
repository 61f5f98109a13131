//! S_EXT_CTRLS and G_EXT_CTRLS, by NVIDIA's rules.
//!
//! A wrong control class is answered with success and nothing else, as the library does; the violation log is the
//! only place where it shows.

use super::{
    client_memory::{LOWEST_POINTER, read, write},
    metadata, poll,
};
use crate::{
    abi::{CTRL_CLASS_MPEG, ExtControl, ExtControls},
    controls::{Payload, Rule, When, Words, id, rule},
    device::Device,
    errno::{Answer, EBUSY, EFAULT, EINVAL},
    state::State,
    stdout_messages,
};

pub(super) fn set(device: &Device, controls: &mut ExtControls) -> Answer {
    each(device, controls, |control| set_one(device, control))
}

pub(super) fn get(device: &Device, controls: &mut ExtControls) -> Answer {
    each(device, controls, |control| get_one(device, control))
}

/// `Ok` if the one control in there is about polling.
pub(super) fn check_poll(controls: &ExtControls) -> Answer {
    let control: ExtControl =
        if controls.count == 1 { read(controls.controls)? } else { return Err(EINVAL) };
    let id = control.id;
    if [id::DEVICE_POLL, id::SET_POLL_INTERRUPT].contains(&id) { Ok(()) } else { Err(EINVAL) }
}

fn each(device: &Device, controls: &mut ExtControls, work: impl Fn(&mut ExtControl) -> Answer) -> Answer {
    if controls.count > 1024 {
        return Err(EINVAL);
    }
    for index in 0..controls.count {
        let address = controls.controls + u64::from(index) * size_of::<ExtControl>() as u64;
        let mut control: ExtControl = read(address)?;
        if controls.which != CTRL_CLASS_MPEG {
            let (which, id) = (controls.which, control.id);
            device.violations.note(
                "control-class",
                format_args!("{which:#x} instead of 0x990000, control {id:#x} ignored"),
            );
            continue;
        }
        controls.error_idx = index;
        work(&mut control)?;
        write(address, control)?;
    }
    Ok(())
}

fn set_one(device: &Device, control: &mut ExtControl) -> Answer {
    let (id, value) = (control.id, control.value);
    let rule = rule(id, device.settings.generation).ok_or(EINVAL)?;
    let mut words = payload(device, rule, control)?;
    match id {
        id::DEVICE_POLL => return poll::wait(device, value),
        id::SET_POLL_INTERRUPT => {
            poll::interrupt(device, words[0] != 0);
            return Ok(());
        }
        _ => {}
    }
    let mut state = device.state();
    check_phase(device, &state, rule)?;
    let faults = &device.settings.faults;
    if let Some(errno) = faults.refusal(id) {
        return Err(errno);
    }
    if faults.ignores(id) {
        return Ok(());
    }
    if id == id::INPUT_METADATA {
        return metadata::take(device, &mut state, value);
    }
    words[0] = faults.clamped(id, words[0]);
    if device.settings.readback && rule.payload == Payload::Value {
        control.value = u64::from(words[0]);
    }
    state.controls.set(id, words);
    let formats = state.coded.zip(state.raw);
    drop(state);
    if let (id::BITRATE | id::BITRATE_PEAK, Some((coded, raw))) = (id, formats) {
        stdout_messages::bitrate_set(&device.settings, coded.fourcc, raw.fourcc);
    }
    Ok(())
}

/// The words a control carries, from its value or from the structure it points at.
fn payload(device: &Device, rule: &Rule, control: &ExtControl) -> Answer<Words> {
    let (id, size, value) = (control.id - crate::controls::BASE, control.size, control.value);
    let mut words = Words::default();
    let count = match rule.payload {
        Payload::Value => {
            if value >> 32 != 0 {
                device.violations.note("payload", format_args!("control {id} takes a value, not a pointer"));
            }
            #[expect(clippy::cast_possible_truncation, reason = "the union's first half is the value")]
            let low = value as u32;
            words[0] = low;
            return Ok(words);
        }
        Payload::Words(count) => count,
        Payload::Opaque => 0,
    };
    if size != 0 {
        device
            .violations
            .note("payload", format_args!("control {id}: size {size}, which NVIDIA's clients leave 0"));
    }
    if value < LOWEST_POINTER {
        device
            .violations
            .note("payload", format_args!("control {id} takes a pointer and got the value {value}"));
        return Err(EFAULT);
    }
    for (index, word) in words.iter_mut().enumerate().take(count) {
        *word = read(value + (index * size_of::<u32>()) as u64)?;
    }
    Ok(words)
}

fn check_phase(device: &Device, state: &State, rule: &Rule) -> Answer {
    let id = rule.id - crate::controls::BASE;
    if rule.when != When::Always && (state.coded.is_none() || state.raw.is_none()) {
        device.violations.note("phase", format_args!("control {id} before both formats are set"));
        return Err(EINVAL);
    }
    if is_enable(rule.id) && state.is_streaming() {
        device.violations.note("phase", format_args!("control {id} while the device streams"));
        return Err(EBUSY);
    }
    if rule.when == When::Setup && state.has_buffers() {
        device.violations.note("phase", format_args!("control {id} after VIDIOC_REQBUFS"));
        return Err(EBUSY);
    }
    Ok(())
}

/// What makes frames bring metadata is in time until the encoder object exists.
fn is_enable(id: u32) -> bool {
    [id::ENABLE_EXTERNAL_RPS_CONTROL, id::ENABLE_EXTERNAL_RATE_CONTROL, id::ENABLE_ROI_PARAM].contains(&id)
}

fn get_one(device: &Device, control: &mut ExtControl) -> Answer {
    let rule = rule(control.id, device.settings.generation).ok_or(EINVAL)?;
    if control.id == id::METADATA {
        payload(device, rule, control)?;
        return metadata::give(device, control.value);
    }
    if !device.settings.readback || rule.payload != Payload::Value {
        return Err(EINVAL);
    }
    control.value = u64::from(device.state().controls.get(control.id).ok_or(EINVAL)?);
    Ok(())
}
