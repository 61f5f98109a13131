//! Controls 536 and 541: what is told of a chunk, and what comes with a frame.

use super::client_memory::{read, write};
use crate::{
    controls::id,
    device::Device,
    errno::{Answer, EINVAL},
    metadata::{
        ExternalRate, FrameMetadata, HAS_RATE, HAS_REFERENCES, HAS_REGIONS, MOST_REGIONS, RATE_AT,
        REGIONS_AT, Region, index_offsets, region_size,
    },
    state::State,
};

/// Control 541: the structure at `address` is for the OUTPUT buffer that is queued next.
pub(super) fn take(device: &Device, state: &mut State, address: u64) -> Answer {
    let generation = device.settings.generation;
    let flags: u32 = read(address)?;
    let is_on = |flag: u32, enable: u32| {
        let enabled = state.controls.has_enabled(enable);
        if flags & flag != 0 && !enabled {
            let enable = enable - crate::controls::BASE;
            let case = format_args!("control 541 with flag {flag}, and control {enable} is not on");
            device.violations.note("metadata", case);
        }
        flags & flag != 0 && enabled
    };
    let mut metadata = FrameMetadata {
        references: is_on(HAS_REFERENCES, id::ENABLE_EXTERNAL_RPS_CONTROL),
        ..FrameMetadata::default()
    };
    for offset in index_offsets(generation) {
        metadata.indices.push(read(address + offset)?);
    }
    if is_on(HAS_REGIONS, id::ENABLE_ROI_PARAM) {
        metadata.regions = regions(device, state, read(address + REGIONS_AT)?)?;
    }
    if is_on(HAS_RATE, id::ENABLE_EXTERNAL_RATE_CONTROL) {
        let [target_bits, qp, least_qp, most_qp]: [u32; 4] = read(read(address + RATE_AT)?)?;
        metadata.external_rate = Some(ExternalRate { target_bits, qp, least_qp, most_qp });
    }
    if state.metadata.replace(metadata).is_some() {
        device
            .violations
            .note("metadata", format_args!("control 541 twice before one VIDIOC_QBUF of OUTPUT"));
    }
    Ok(())
}

fn regions(device: &Device, state: &State, address: u64) -> Answer<Vec<Region>> {
    let count: u32 = read(address)?;
    if count > MOST_REGIONS {
        device.violations.note("metadata", format_args!("{count} regions, and 8 is the most"));
        return Err(EINVAL);
    }
    let raw = state.raw.ok_or(EINVAL)?;
    let mut regions = Vec::new();
    for index in 0..u64::from(count) {
        let words: [u32; 5] = read(address + 4 + index * region_size(device.settings.generation))?;
        let [left, top, width, height, delta] = words;
        let fits = |from: u32, length: u32, whole: u32| {
            length > 0 && from.checked_add(length).is_some_and(|end| end <= whole)
        };
        let qp_delta = delta.cast_signed();
        if !fits(left, width, raw.width) || !fits(top, height, raw.height) || qp_delta.abs() > 51 {
            let (left, top) = (left.cast_signed(), top.cast_signed());
            let case = format_args!(
                "region {index}, {width}x{height} at ({left}, {top}) by {qp_delta}, is not within the picture or 51 QPs"
            );
            device.violations.note("metadata", case);
            continue;
        }
        regions.push(Region { left: left.cast_signed(), top: top.cast_signed(), width, height, qp_delta });
    }
    Ok(regions)
}

/// Offsets in the structure of control 536 and in the one that it points at.
const ENCODER_AT: u64 = 16;
const INDEX_AT: u64 = 32;

/// Control 536: the chunk in the CAPTURE buffer of the index in the structure at `address`.
pub(super) fn give(device: &Device, address: u64) -> Answer {
    let index: u32 = read(address + INDEX_AT)?;
    let to: u64 = read(address + ENCODER_AT)?;
    let state = device.state();
    let Some(chunk) = state.capture.buffers.get(index as usize).and_then(|buffer| buffer.metadata) else {
        let case =
            format_args!("control 536 of CAPTURE buffer {index}, which the client does not have from DQBUF");
        device.violations.note("metadata", case);
        return Err(EINVAL);
    };
    let [mean, least, most] = chunk.qp;
    write(to, [u8::from(chunk.is_key), 1])?;
    write(to + 2, u16::try_from(mean).unwrap_or_default())?;
    write(to + 20, [chunk.bytes.saturating_mul(8), least, most])
}
