//! REQBUFS, QUERYBUF and EXPBUF: buffers, and the descriptors that are mapped in place of the device's.

use super::client_memory::{read, write};
use crate::{
    abi::{self, ExportBuffer, Plane, RequestBuffers},
    device::Device,
    errno::{Answer, EBUSY, EINVAL},
    memory::{BufferMemory, MEM_OFFSET, PlaneShape, SyncRules},
    queue::{Buffer, Owner, Side},
    state::State,
};
use std::sync::Arc;

/// Frames per device that libv4l2 has room for.
const MAX_BUFFERS: u32 = 32;

pub(super) fn request(device: &Device, request: &mut RequestBuffers) -> Answer {
    let side = Side::from_kind(request.kind).ok_or(EINVAL)?;
    let imports = request.memory == abi::MEMORY_DMABUF;
    // What JetPack 4 imports are buffers of another library, which is not modelled.
    let may_import = side == Side::Output && device.settings.generation >= 5;
    if request.memory != abi::MEMORY_MMAP && !(imports && may_import) {
        return Err(EINVAL);
    }
    let mut state = device.state();
    if state.queue(side).streaming {
        device.violations.note("phase", format_args!("VIDIOC_REQBUFS of {} while it streams", side.name()));
        return Err(EBUSY);
    }
    state.queue(side).buffers.clear();
    if request.count == 0 {
        return Ok(());
    }
    if let Some(errno) = device.settings.faults.reqbufs_errno {
        return Err(errno);
    }
    let count = if device.settings.faults.reqbufs_zero { 0 } else { request.count.min(MAX_BUFFERS) };
    request.count = count;
    let (mut shapes, rules) = shapes(device, &state, side)?;
    if imports {
        shapes.clear();
    }
    let buffers: Answer<Vec<_>> = (0..count).map(|_| BufferMemory::new(&shapes, rules).map(buffer)).collect();
    state.queue(side).buffers = buffers?;
    state.queue(side).memory = request.memory;
    Ok(())
}

fn buffer(memory: Arc<BufferMemory>) -> Buffer {
    Buffer {
        memory,
        imported: None,
        owner: Owner::Client,
        exported: Vec::new(),
        seen_mapped: false,
        metadata: None,
    }
}

fn shapes(device: &Device, state: &State, side: Side) -> Answer<(Vec<PlaneShape>, SyncRules)> {
    let (Some(coded), Some(raw)) = (state.coded, state.raw) else {
        device.violations.note("phase", format_args!("VIDIOC_REQBUFS before both formats are set"));
        return Err(EINVAL);
    };
    if side == Side::Capture {
        let length = coded.sizeimage as usize;
        let shape = PlaneShape { length, width: coded.sizeimage, height: 1, stride: coded.sizeimage };
        return Ok((vec![shape], SyncRules::coherent()));
    }
    let number = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
    let samples =
        |row: usize, plane: usize| if raw.planes().len() == 2 && plane == 1 { row / 2 } else { row };
    let shapes = raw.planes().iter().enumerate().map(|(index, layout)| PlaneShape {
        length: raw.reported_length(index, &device.settings),
        width: number(samples(layout.row_bytes, index)),
        height: number(layout.rows),
        stride: number(layout.stride),
    });
    Ok((shapes.collect(), SyncRules::of(&device.settings)))
}

pub(super) fn query(device: &Device, answer: &mut abi::Buffer) -> Answer {
    let side = Side::from_kind(answer.kind).ok_or(EINVAL)?;
    let mut state = device.state();
    let queue = state.queue(side);
    let memory = queue.memory;
    let buffer = queue.buffers.get(answer.index as usize).ok_or(EINVAL)?;
    let planes = &buffer.memory.planes;
    if (answer.length as usize) < planes.len() {
        return Err(EINVAL);
    }
    for (index, memory) in planes.iter().enumerate() {
        let address = answer.planes + (index * size_of::<Plane>()) as u64;
        let mut plane: Plane = read(address)?;
        plane.length = u32::try_from(memory.length).unwrap_or(u32::MAX);
        plane.m = MEM_OFFSET as u64;
        plane.bytesused = 0;
        plane.data_offset = 0;
        write(address, plane)?;
    }
    answer.length = u32::try_from(planes.len()).unwrap_or_default();
    answer.memory = memory;
    answer.bytesused = 0;
    answer.flags = match buffer.owner {
        Owner::Client => 0,
        Owner::Device => abi::BUF_FLAG_QUEUED,
        Owner::Done => abi::BUF_FLAG_DONE,
    };
    if buffer.seen_mapped {
        answer.flags |= abi::BUF_FLAG_MAPPED;
    }
    Ok(())
}

pub(super) fn export(device: &Device, export: &mut ExportBuffer) -> Answer {
    let side = Side::from_kind(export.kind).ok_or(EINVAL)?;
    let mut state = device.state();
    let buffer = state.queue(side).buffers.get_mut(export.index as usize).ok_or(EINVAL)?;
    let plane = export.plane as usize;
    let memory = buffer.memory.planes.get(plane).ok_or(EINVAL)?;
    if export.flags != 0 {
        let flags = export.flags;
        device.violations.note("expbuf-flags", format_args!("flags {flags:#x}: NVIDIA's clients all pass 0"));
    }
    export.fd = memory.export(export.flags & libc::O_CLOEXEC.cast_unsigned() != 0)?;
    buffer.exported.push((plane, export.fd));
    Ok(())
}
