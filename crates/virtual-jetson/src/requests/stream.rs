//! STREAMON, STREAMOFF, ENCODER_CMD, the frame rate and the event of the end.
//!
//! The encoder object of a board is made when the second queue starts, so sizes and codecs that it cannot do are
//! refused here, after every earlier request has succeeded.

use crate::{
    abi::{self, EncoderCommand, Event, EventSubscription, StreamParameters, Timeval},
    coder,
    device::Device,
    errno::{Answer, EAGAIN, EINVAL, ENOENT},
    queue::{Entry, Side},
    state::{CodedFormat, End, State},
    stderr::log_stderr,
    stdout_messages,
};
use std::sync::Arc;

pub(super) fn start(device: &Arc<Device>, kind: u32) -> Answer {
    let side = Side::from_kind(kind).ok_or(EINVAL)?;
    let mut state = device.state();
    if state.dead || state.end != End::No || state.queue(side).buffers.is_empty() {
        let name = side.name();
        device
            .violations
            .note("phase", format_args!("VIDIOC_STREAMON of {name} without buffers or after the end"));
        return Err(EINVAL);
    }
    device.check_descriptors(side.name(), state.queue(side));
    state.queue(side).streaming = true;
    if !state.is_streaming() {
        return Ok(());
    }
    let made = make_encoder(device, &state);
    if made.is_err() {
        state.queue(side).streaming = false;
        return made;
    }
    drop(state);
    coder::start(device)
}

fn make_encoder(device: &Device, state: &State) -> Answer {
    let (Some(coded), Some(raw)) = (state.coded, state.raw) else { return Err(EINVAL) };
    stdout_messages::block_opened(&device.settings, coded.fourcc);
    if let Some(errno) = device.settings.faults.stream_on_errno {
        stdout_messages::creation_failed();
        return Err(errno);
    }
    if !is_possible(coded) || raw.width % 2 == 1 || raw.height % 2 == 1 {
        stdout_messages::creation_failed();
        return Err(EINVAL);
    }
    if let Some(reason) = state.controls.contradiction(coded.fourcc, raw, device.settings.generation) {
        stdout_messages::creation_failed();
        log_stderr(&format!("virtual-jetson: {reason}"));
        return Err(EINVAL);
    }
    let setup = state.controls.setup(coded.fourcc, raw);
    stdout_messages::streaming(&device.settings, coded.fourcc, setup.profile_idc, setup.level_idc);
    Ok(())
}

fn is_possible(coded: CodedFormat) -> bool {
    let CodedFormat { fourcc, width, height, .. } = coded;
    match fourcc {
        abi::H264 => (16..=4096).contains(&width) && (16..=4096).contains(&height),
        _ => (144..=8192).contains(&width) && (144..=8192).contains(&height),
    }
}

pub(super) fn stop(device: &Device, kind: u32) -> Answer {
    let side = Side::from_kind(kind).ok_or(EINVAL)?;
    let mut state = device.state();
    state.queue(side).stop();
    state.epoch += 1;
    drop(state);
    device.work.notify_all();
    device.news.notify_all();
    Ok(())
}

pub(super) fn set_parameters(device: &Device, parameters: &mut StreamParameters) -> Answer {
    let StreamParameters { kind, numerator, denominator, .. } = *parameters;
    if kind != abi::OUTPUT_MPLANE || numerator == 0 || denominator == 0 {
        return Err(EINVAL);
    }
    let mut state = device.state();
    let Some(coded) = state.coded.filter(|_| state.raw.is_some()) else {
        device.violations.note("phase", format_args!("VIDIOC_S_PARM before both formats are set"));
        return Err(EINVAL);
    };
    let mut rate = f64::from(denominator) / f64::from(numerator);
    if coded.fourcc == abi::H265 && !(1.0..=60.0).contains(&rate) {
        log_stderr(
            "NVENC_H265: Unsupported frameRate (Supported: 1.0 - 60.0), setting to deault value 30.00",
        );
        rate = 30.0;
    }
    state.controls.set_frame_rate(rate);
    Ok(())
}

pub(super) fn get_parameters(device: &Device, parameters: &mut StreamParameters) -> Answer {
    let rate = device.state().controls.frame_rate().filter(|_| device.settings.readback).ok_or(EINVAL)?;
    parameters.numerator = 1000;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a rate is small and positive"
    )]
    let scaled = (rate * 1000.0).round() as u32;
    parameters.denominator = scaled;
    Ok(())
}

pub(super) fn command(device: &Device, command: &EncoderCommand) -> Answer {
    match command.cmd {
        abi::ENC_CMD_START => Ok(()),
        abi::ENC_CMD_STOP => {
            let mut state = device.state();
            if state.dead || !state.is_streaming() {
                return Err(EINVAL);
            }
            if state.end == End::No {
                state.end = End::Asked;
                state.output.queued.push_back(Entry::End(None));
                device.work.notify_all();
            }
            Ok(())
        }
        _ => Err(EINVAL),
    }
}

pub(super) fn subscribe(device: &Device, wish: &EventSubscription, on: bool) -> Answer {
    if wish.kind != abi::EVENT_EOS {
        return Err(EINVAL);
    }
    device.state().subscribed = on;
    Ok(())
}

pub(super) fn dequeue_event(device: &Device, event: &mut Event) -> Answer {
    let mut state = device.state();
    loop {
        if let Some(sequence) = state.events.pop_front() {
            let pending = u32::try_from(state.events.len()).unwrap_or_default();
            *event = Event {
                kind: abi::EVENT_EOS,
                data: [0; 8],
                pending,
                sequence,
                timestamp: Timeval::default(),
                id: 0,
                reserved: [0; 8],
            };
            return Ok(());
        }
        if device.nonblocking || state.closing {
            // The kernel says ENOENT where nothing can come, EAGAIN where something may.
            return Err(if state.subscribed { EAGAIN } else { ENOENT });
        }
        state = device.wait_for_news(state);
    }
}
