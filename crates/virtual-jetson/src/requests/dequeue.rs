//! DQBUF: what is done, at once or, in blocking mode, when there is something.

use super::client_memory::{read, write};
use crate::{
    abi::{self, Plane},
    device::Device,
    errno::{Answer, EAGAIN, EINVAL, EPIPE},
    memory::MEM_OFFSET,
    queue::{Done, Owner, Side},
    state::{End, State},
};

pub(super) fn dequeue(device: &Device, buffer: &mut abi::Buffer) -> Answer {
    let side = Side::from_kind(buffer.kind).ok_or(EINVAL)?;
    let mut state = device.state();
    if !state.queue(side).streaming {
        device
            .violations
            .note("phase", format_args!("VIDIOC_DQBUF of {}, which does not stream", side.name()));
    }
    if state.queue(side).memory != buffer.memory {
        let (asked, memory) = (buffer.memory, state.queue(side).memory);
        let case = format_args!("VIDIOC_DQBUF of {} with memory {asked}, not {memory}", side.name());
        device.violations.note("planes", case);
        return Err(EINVAL);
    }
    loop {
        if let Some(done) = next(device, &mut state, side)? {
            let queue = state.queue(side);
            queue.buffers[done.index].owner = Owner::Client;
            // The client's memory is its own again.
            queue.buffers[done.index].imported = None;
            queue.buffers[done.index].metadata = Some(done.metadata);
            let memory = queue.memory;
            drop(state);
            return describe(done, buffer, memory);
        }
        if device.nonblocking {
            return Err(EAGAIN);
        }
        state = device.wait_for_news(state);
    }
}

/// The next buffer that is done; `None` if the client has to wait for it.
fn next(device: &Device, state: &mut State, side: Side) -> Answer<Option<Done>> {
    if !state.queue(side).streaming || state.closing {
        return Err(EINVAL);
    }
    let ended = matches!(state.end, End::Reached | End::Reported);
    let dead = state.dead;
    match state.queue(side).done.pop_front() {
        Some(mut done) => {
            if side == Side::Capture && device.settings.faults.timestamps_zero {
                done.timestamp = abi::Timeval::default();
            }
            Ok(Some(done))
        }
        None if dead => Err(EINVAL),
        None if ended && side == Side::Capture => {
            state.end = End::Reported;
            Err(EPIPE)
        }
        None => Ok(None),
    }
}

fn describe(done: Done, buffer: &mut abi::Buffer, memory: u32) -> Answer {
    buffer.index = u32::try_from(done.index).unwrap_or_default();
    buffer.flags = done.flags;
    buffer.field = abi::FIELD_NONE;
    buffer.timestamp = done.timestamp;
    buffer.sequence = done.sequence;
    buffer.memory = memory;
    buffer.bytesused = 0;
    if buffer.planes == 0 || buffer.length == 0 {
        return Ok(());
    }
    let mut plane: Plane = read(buffer.planes)?;
    plane.bytesused = done.bytes_used;
    plane.data_offset = 0;
    if memory == abi::MEMORY_MMAP {
        plane.m = MEM_OFFSET as u64;
    }
    write(buffer.planes, plane)
}
