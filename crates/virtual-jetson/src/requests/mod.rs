//! The requests, a module for each group of them.

mod buffers;
mod capability;
mod client_memory;
mod controls;
mod dequeue;
mod enqueue;
mod format;
mod metadata;
mod poll;
mod stream;

use crate::{
    abi,
    device::Device,
    errno::{Answer, ENOTTY},
};
use client_memory::{read, write};
use std::{ffi::c_void, sync::Arc};

/// Lets a thread into the device for one request, and answers it.
pub(crate) fn request(device: &Arc<Device>, request: u32, arg: *mut c_void) -> Answer {
    let Some(name) = abi::request_name(request) else { return Err(ENOTTY) };
    let _inside = device.enter(name, is_poll(request, arg));
    device.settings.faults.hang_if_asked(name, device.count(name));
    answer(device, request, arg)
}

/// Answers one request whose argument is at `arg`.
fn answer(device: &Arc<Device>, request: u32, arg: *mut c_void) -> Answer {
    match request {
        abi::QUERYCAP => exchange(arg, |capability| capability::query(device, capability)),
        abi::ENUM_FMT => exchange(arg, |description| capability::enumerate(device, description)),
        abi::G_FMT => exchange(arg, |format| format::get(device, format)),
        abi::S_FMT => exchange(arg, |format| format::set(device, format)),
        abi::TRY_FMT => exchange(arg, |format| format::attempt(device, format)),
        abi::REQBUFS => exchange(arg, |request| buffers::request(device, request)),
        abi::QUERYBUF => exchange(arg, |buffer| buffers::query(device, buffer)),
        abi::EXPBUF => exchange(arg, |export| buffers::export(device, export)),
        abi::QBUF => exchange(arg, |buffer| enqueue::enqueue(device, buffer)),
        abi::DQBUF => exchange(arg, |buffer| dequeue::dequeue(device, buffer)),
        abi::STREAMON => exchange(arg, |kind| stream::start(device, *kind)),
        abi::STREAMOFF => exchange(arg, |kind| stream::stop(device, *kind)),
        abi::S_PARM => exchange(arg, |parameters| stream::set_parameters(device, parameters)),
        abi::G_PARM => exchange(arg, |parameters| stream::get_parameters(device, parameters)),
        abi::S_EXT_CTRLS => exchange(arg, |controls| controls::set(device, controls)),
        abi::G_EXT_CTRLS => exchange(arg, |controls| controls::get(device, controls)),
        abi::ENCODER_CMD => exchange(arg, |command| stream::command(device, command)),
        abi::SUBSCRIBE_EVENT => exchange(arg, |wish| stream::subscribe(device, wish, true)),
        abi::UNSUBSCRIBE_EVENT => exchange(arg, |wish| stream::subscribe(device, wish, false)),
        abi::DQEVENT => exchange(arg, |event| stream::dequeue_event(device, event)),
        _ => Err(ENOTTY),
    }
}

/// Whether a request is DEVICE_POLL or its interruption.
fn is_poll(request: u32, arg: *mut c_void) -> bool {
    request == abi::S_EXT_CTRLS
        && read(arg.addr() as u64).is_ok_and(|controls| controls::check_poll(&controls).is_ok())
}

/// Reads the structure at `arg`, lets `work` change it and writes it back, as the kernel does.
fn exchange<T: Copy>(arg: *mut c_void, work: impl FnOnce(&mut T) -> Answer) -> Answer {
    let mut value = read::<T>(arg.addr() as u64)?;
    let answer = work(&mut value);
    write(arg.addr() as u64, value)?;
    answer
}
