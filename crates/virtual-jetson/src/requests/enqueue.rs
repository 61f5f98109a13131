//! QBUF: a buffer for the device, and everything a client can get wrong about it.

use super::client_memory::read;
use crate::{
    abi::{self, MAX_PLANES, MEMORY_DMABUF, Plane, Timeval},
    device::Device,
    errno::{Answer, EINVAL},
    memory::allocated::{self, Use},
    metadata::FrameMetadata,
    queue::{Entry, Frame, Owner, Side},
    state::{End, State},
    stdout_messages,
};
use std::{os::fd::RawFd, time::Instant};

type Planes = [Plane; MAX_PLANES];

pub(super) fn enqueue(device: &Device, buffer: &mut abi::Buffer) -> Answer {
    let side = Side::from_kind(buffer.kind).ok_or(EINVAL)?;
    let planes = planes_of(buffer)?;
    let mut state = device.state();
    if state.dead || (side == Side::Capture && state.end == End::Reported) {
        return Err(EINVAL);
    }
    if side == Side::Output && state.end != End::No {
        device
            .violations
            .note("after-eos", format_args!("VIDIOC_QBUF of OUTPUT after the end of the stream"));
        return Err(EINVAL);
    }
    check_owner(device, &mut state, side, buffer)?;
    check_mapped(device, &mut state, side, buffer.index);
    let entry = match side {
        Side::Capture => frame_entry(buffer, FrameMetadata::default()),
        Side::Output if buffer.memory == MEMORY_DMABUF => {
            imported_entry(device, &mut state, buffer, &planes)?
        }
        Side::Output => output_entry(device, &mut state, buffer, &planes)?,
    };
    let queue = state.queue(side);
    queue.buffers[buffer.index as usize].owner = Owner::Device;
    queue.buffers[buffer.index as usize].metadata = None;
    queue.queued.push_back(entry);
    drop(state);
    buffer.flags = (buffer.flags & !abi::BUF_FLAG_DONE) | abi::BUF_FLAG_QUEUED;
    device.work.notify_one();
    Ok(())
}

fn planes_of(buffer: &abi::Buffer) -> Answer<Planes> {
    let mut planes = [Plane::default(); MAX_PLANES];
    if buffer.length as usize > MAX_PLANES {
        return Err(EINVAL);
    }
    for (index, plane) in planes.iter_mut().enumerate().take(buffer.length as usize) {
        *plane = read(buffer.planes + (index * size_of::<Plane>()) as u64)?;
    }
    Ok(planes)
}

fn check_owner(device: &Device, state: &mut State, side: Side, buffer: &abi::Buffer) -> Answer {
    let (index, name) = (buffer.index, side.name());
    let Some(known) = state.queue(side).buffers.get(index as usize) else {
        device
            .violations
            .note("index", format_args!("VIDIOC_QBUF of {name} buffer {index}, which does not exist"));
        return Err(EINVAL);
    };
    let planes = known.memory.planes.len().max(1);
    if buffer.memory != state.queue(side).memory || (buffer.length as usize) < planes {
        let (memory, length) = (buffer.memory, buffer.length);
        device
            .violations
            .note("planes", format_args!("{name} buffer {index}: memory {memory}, {length} planes"));
        return Err(EINVAL);
    }
    if state.queue(side).buffers[index as usize].owner != Owner::Client {
        device.violations.note("double-queue", format_args!("{name} buffer {index} is queued already"));
        return Err(EINVAL);
    }
    Ok(())
}

fn check_mapped(device: &Device, state: &mut State, side: Side, index: u32) {
    let buffer = &mut state.queue(side).buffers[index as usize];
    if buffer.seen_mapped {
        return;
    }
    if let Some(plane) = buffer.memory.unmapped_plane() {
        let name = side.name();
        device
            .violations
            .note("unmapped", format_args!("{name} buffer {index} plane {plane} was never mapped"));
    }
    buffer.seen_mapped = true;
}

fn frame_entry(buffer: &abi::Buffer, metadata: FrameMetadata) -> Entry {
    let frame = Frame {
        timestamp: buffer.timestamp,
        copies_timestamp: buffer.flags & abi::BUF_FLAG_TIMESTAMP_COPY != 0,
        queued_at: Instant::now(),
        regions: metadata.regions,
        external_rate: metadata.external_rate,
    };
    Entry::Buffer { index: buffer.index as usize, frame }
}

fn output_entry(device: &Device, state: &mut State, buffer: &abi::Buffer, planes: &Planes) -> Answer<Entry> {
    let index = buffer.index as usize;
    let count = state.output.buffers[index].memory.planes.len();
    let planes = &planes[..count];
    if planes.iter().all(|plane| plane.bytesused == 0) {
        state.end = End::Asked;
        return Ok(Entry::End(Some(index)));
    }
    check_size(device, state, index, planes);
    check_synced(device, state, index);
    check_timestamp(device, state, buffer.timestamp);
    Ok(frame_entry(buffer, take_metadata(device, state, buffer)?))
}

/// What control 541 brought for this buffer. External references without any kill the session, as on a board.
fn take_metadata(device: &Device, state: &mut State, buffer: &abi::Buffer) -> Answer<FrameMetadata> {
    let (index, bound) = (buffer.index, buffer.reserved2);
    let given = state.metadata.take();
    let is_bound = |given: &FrameMetadata| bound == index && given.indices.contains(&bound);
    if let Some(given) = given.as_ref().filter(|given| !is_bound(given)) {
        let indices = &given.indices;
        let case = format_args!(
            "buffer {index}: reserved2 is {bound}, and control 541 came with {indices:?}; all are to be the buffer's index"
        );
        device.violations.note("metadata", case);
    }
    let given = given.filter(is_bound).unwrap_or_default();
    if state.controls.has_external_references() && !given.references {
        device.violations.note(
            "metadata",
            format_args!("buffer {index}: control 542 is on, and no references came by control 541"),
        );
        state.dead = true;
        stdout_messages::block_error();
        device.news.notify_all();
        return Err(EINVAL);
    }
    Ok(given)
}

/// A picture in a client's surface. Offsets and strides are the surface's own, whatever the planes say.
fn imported_entry(
    device: &Device,
    state: &mut State,
    buffer: &abi::Buffer,
    planes: &Planes,
) -> Answer<Entry> {
    let raw = state.raw.ok_or(EINVAL)?;
    let planes = planes.get(..raw.planes().len().min(buffer.length as usize)).ok_or(EINVAL)?;
    let numbers = || planes.iter().map(|plane| plane.m & 0xFFFF_FFFF);
    let (index, first) = (buffer.index, numbers().next().ok_or(EINVAL)?);
    if planes.len() < raw.planes().len() || numbers().any(|number| number != first) {
        let case = format_args!("buffer {index}: every plane needs the surface's one descriptor");
        device.violations.note("descriptors", case);
    }
    let surface = RawFd::try_from(first).ok().and_then(allocated::by_number).ok_or(EINVAL)?;
    if planes.iter().all(|plane| plane.bytesused == 0) {
        state.end = End::Asked;
        return Ok(Entry::End(Some(index as usize)));
    }
    if !surface.fits(&raw) {
        return Err(EINVAL);
    }
    if planes.iter().any(|plane| plane.bytesused == 0) {
        device.violations.note("bytesused", format_args!("buffer {index}: a plane has no bytes"));
    }
    state.output.buffers[index as usize].imported = Some(Use::begin(surface, &device.violations, index));
    check_timestamp(device, state, buffer.timestamp);
    Ok(frame_entry(buffer, take_metadata(device, state, buffer)?))
}

fn check_size(device: &Device, state: &State, index: usize, planes: &[Plane]) {
    let Some(raw) = &state.raw else { return };
    for (number, (plane, layout)) in planes.iter().zip(raw.planes()).enumerate() {
        let (given, expected) = (plane.bytesused as usize, layout.stride * layout.rows);
        if given != expected {
            let case = format_args!("buffer {index} plane {number}: {given}, not stride x rows = {expected}");
            device.violations.note("bytesused", case);
        }
    }
}

fn check_synced(device: &Device, state: &State, index: usize) {
    let memory = &state.output.buffers[index].memory;
    for (number, plane) in memory.planes.iter().enumerate() {
        if !plane.take_synced() && !memory.rules.coherent {
            let case = format_args!("buffer {index} plane {number} was queued without a sync for the device");
            device.violations.note("missing-sync", case);
        }
    }
}

fn check_timestamp(device: &Device, state: &mut State, timestamp: Timeval) {
    let Timeval { seconds, microseconds } = timestamp;
    if !(0..1_000_000).contains(&microseconds) || timestamp <= Timeval::default() {
        device.violations.note(
            "timestamp",
            format_args!("{seconds} s {microseconds} us is not normalised or not above 0"),
        );
    }
    if state.last_timestamp.is_some_and(|last| last >= timestamp) {
        device
            .violations
            .note("timestamp", format_args!("{seconds} s {microseconds} us is not above the one before"));
    }
    state.last_timestamp = Some(timestamp);
}
