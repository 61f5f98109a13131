//! Buffers.

use std::os::fd::IntoRawFd;
use std::time::Duration;

use v4l2r::QueueType;
use v4l2r::bindings as abi;
use v4l2r::nix::errno::Errno;

use super::{Answer, Model, QueuedBuffer, queue};
use crate::ioctl::{Dequeued, Memory, PlaneUse, is_multi_planar};

fn memory(number: u32) -> Answer<Memory> {
    match number {
        abi::v4l2_memory_V4L2_MEMORY_MMAP => Ok(Memory::Mmap),
        abi::v4l2_memory_V4L2_MEMORY_DMABUF => Ok(Memory::Dmabuf),
        _ => Err(Errno::EINVAL),
    }
}

pub(super) fn reqbufs(model: &mut impl Model, raw: &mut abi::v4l2_requestbuffers) -> Answer<()> {
    raw.count = model.reqbufs(queue(raw.type_)?, memory(raw.memory)?, raw.count)?;
    Ok(())
}

pub(super) fn expbuf(model: &mut impl Model, raw: &mut abi::v4l2_exportbuffer) -> Answer<()> {
    raw.fd = model.expbuf(queue(raw.type_)?, raw.index, raw.plane)?.into_raw_fd();
    Ok(())
}

/// Runs a request on a buffer.
///
/// # Safety
/// In the multi-planar API the struct's pointer is to as many planes as it says.
#[expect(unsafe_code, reason = "the struct points to its planes")]
pub(super) unsafe fn buffer(model: &mut impl Model, request: &str, raw: &mut abi::v4l2_buffer) -> Answer<()> {
    let queue = queue(raw.type_)?;
    // SAFETY: the caller's promise.
    let planes = unsafe { planes(raw, queue) };
    match request {
        "VIDIOC_QUERYBUF" => query(model, queue, raw, planes),
        "VIDIOC_QBUF" => give(model, queue, raw, planes),
        _ => take(model, queue, raw, planes),
    }
}

/// The planes that the struct points to; none in the single-planar API.
///
/// # Safety
/// As [`buffer`].
#[expect(unsafe_code, reason = "the struct points to its planes")]
unsafe fn planes<'a>(raw: &abi::v4l2_buffer, queue: QueueType) -> &'a mut [abi::v4l2_plane] {
    if !is_multi_planar(queue) || raw.length == 0 {
        return &mut [];
    }
    // SAFETY: the multi-planar API uses this member.
    let pointer = unsafe { raw.m.planes };
    // SAFETY: the caller's promise, of one plane at least.
    unsafe { std::slice::from_raw_parts_mut(pointer, raw.length as usize) }
}

fn query(
    model: &mut impl Model,
    queue: QueueType,
    raw: &mut abi::v4l2_buffer,
    planes: &mut [abi::v4l2_plane],
) -> Answer<()> {
    let queried = model.querybuf(queue, raw.index)?;
    if !is_multi_planar(queue) {
        let [plane] = queried[..] else { return Err(Errno::EINVAL) };
        raw.length = plane.length;
        raw.m.offset = plane.offset;
        return Ok(());
    }
    if planes.len() < queried.len() {
        return Err(Errno::EINVAL);
    }
    raw.length = queried.len() as u32;
    for (place, plane) in planes.iter_mut().zip(queried) {
        place.length = plane.length;
        place.m.mem_offset = plane.offset;
    }
    Ok(())
}

fn give(
    model: &mut impl Model,
    queue: QueueType,
    raw: &abi::v4l2_buffer,
    planes: &[abi::v4l2_plane],
) -> Answer<()> {
    let planes = if is_multi_planar(queue) {
        planes.iter().map(|plane| PlaneUse { used: plane.bytesused, length: plane.length }).collect()
    } else {
        vec![PlaneUse { used: raw.bytesused, length: raw.length }]
    };
    let seconds = u64::try_from(raw.timestamp.tv_sec).map_err(|_| Errno::EINVAL)?;
    let micros = u64::try_from(raw.timestamp.tv_usec).map_err(|_| Errno::EINVAL)?;
    let timestamp = Duration::from_secs(seconds) + Duration::from_micros(micros);
    model.qbuf(queue, QueuedBuffer { index: raw.index, memory: memory(raw.memory)?, planes, timestamp })
}

fn take(
    model: &mut impl Model,
    queue: QueueType,
    raw: &mut abi::v4l2_buffer,
    planes: &mut [abi::v4l2_plane],
) -> Answer<()> {
    let buffer = model.dqbuf(queue)?;
    raw.index = buffer.index;
    raw.sequence = buffer.sequence;
    raw.flags = flags(&buffer);
    raw.timestamp.tv_sec = buffer.timestamp.as_secs().cast_signed();
    raw.timestamp.tv_usec = buffer.timestamp.subsec_micros().into();
    if let [first, ..] = planes {
        first.bytesused = buffer.used;
        first.data_offset = buffer.offset;
        raw.length = 1;
    } else {
        raw.bytesused = buffer.used;
    }
    Ok(())
}

fn flags(buffer: &Dequeued) -> u32 {
    let clock = if buffer.monotonic {
        abi::V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC
    } else {
        abi::V4L2_BUF_FLAG_TIMESTAMP_COPY
    };
    [
        (buffer.key_frame, abi::V4L2_BUF_FLAG_KEYFRAME),
        (buffer.error, abi::V4L2_BUF_FLAG_ERROR),
        (buffer.last, abi::V4L2_BUF_FLAG_LAST),
    ]
    .into_iter()
    .filter(|(set, _)| *set)
    .fold(clock, |all, (_, flag)| all | flag)
}
