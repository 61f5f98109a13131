//! Where V4L2's structs hold addresses, and how much memory a driver expects behind them.
//!
//! Offsets of V4L2's structs come from v4l2r, which has them from the kernel's header; the others are of 64-bit Linux. A request that is
//! not here holds none.

use std::cell::RefCell;
use std::mem::offset_of;

use v4l2r::bindings as abi;

use super::pointer::Pointer;

type Checked = Result<(), String>;

/// Numbers of V4L2's own requests; those of drivers (`BASE_VIDIOC_PRIVATE`) hold nobody knows what.
const PRIVATE: u32 = 192;

const G_FMT: u32 = 4;
const S_FMT: u32 = 5;
const REQBUFS: u32 = 8;
const QUERYBUF: u32 = 9;
const S_FBUF: u32 = 11;
const QBUF: u32 = 15;
const DQBUF: u32 = 17;
/// Of a sub-device; the same numbers are `G_INPUT` and `S_INPUT` of others, which take an integer.
const G_ROUTING: u32 = 38;
const S_ROUTING: u32 = 39;
const G_EDID: u32 = 40;
const S_EDID: u32 = 41;
const TRY_FMT: u32 = 64;
const G_EXT_CTRLS: u32 = 71;
const S_EXT_CTRLS: u32 = 72;
const TRY_EXT_CTRLS: u32 = 73;
const CREATE_BUFS: u32 = 92;
const PREPARE_BUF: u32 = 93;

/// `V4L2_MEMORY_USERPTR`: an address of the caller's.
const USERPTR: u32 = 2;
/// `V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE` and `…_OUTPUT_MPLANE`.
const MULTI_PLANAR: [u32; 2] = [9, 10];
/// `V4L2_BUF_TYPE_VIDEO_OVERLAY` and `…_OUTPUT_OVERLAY`, whose format is a `v4l2_window`.
const OVERLAYS: [u32; 2] = [3, 8];
const MAX_PLANES: u32 = 8;
const MAX_CONTROLS: u32 = 1024;
const MAX_EDID_BLOCKS: u32 = 256;
const PLANE: usize = size_of::<abi::v4l2_plane>();
const CONTROL: usize = size_of::<abi::v4l2_ext_control>();
const EDID_BLOCK: usize = 128;
const INPUT_NUMBER: usize = 4;
/// `MEDIA_IOC_DEVICE_INFO` and `MEDIA_IOC_G_TOPOLOGY`, which say what a node is a part of.
const MEDIA_DEVICE_INFO: u32 = 0xC100_7C00;
const MEDIA_TOPOLOGY: u32 = 0xC048_7C04;
/// Of `media_v2_topology`: where the number of entities, interfaces, pads and links is, where their address is, and how large one is.
const MEDIA_LISTS: [(usize, usize, usize); 4] = [(8, 16, 96), (24, 32, 112), (40, 48, 32), (56, 64, 40)];

/// NVIDIA's controls, by their distance from `V4L2_CID_MPEG_BASE`, that take a struct by its address, with a size of 0
/// (jetson_multimedia_api's `v4l2_nv_extensions.h`, r32 to r36). The decoder's are there because its node is reached the same way.
const NVIDIA_STRUCTS: [u32; 24] = [
    519, 520, 521, 522, 529, 530, 531, 532, 533, 536, 538, 539, 541, 542, 543, 544, 545, 550, 570, 574, 577,
    580, 582, 590,
];
/// Those that take a number. Of any other above the standard ones nobody knows whether the library would follow it.
const NVIDIA_NUMBERS: [u32; 48] = [
    513, 514, 528, 534, 535, 537, 540, 546, 547, 548, 551, 552, 554, 555, 556, 557, 558, 560, 561, 562, 563,
    564, 565, 566, 567, 568, 569, 571, 572, 573, 575, 576, 578, 579, 581, 583, 584, 585, 586, 587, 588, 589,
    591, 592, 593, 594, 595, 598,
];
const NVIDIA_FIRST: u32 = 512;
const NVIDIA_LAST: u32 = 1023;
const MPEG_BASE: u32 = abi::V4L2_CID_CODEC_BASE;
/// Those whose struct holds addresses itself, and where.
const NVIDIA_NESTED: [(u32, &[usize]); 5] = [
    (519, &[0, 8, 16, 24]),
    (520, &[0, 8, 16, 24]),
    (536, &[0, 8, 16, 24]),
    (538, &[0, 8, 16, 24]),
    (541, &[8, 16, 24, 32, 40, 48]),
];
/// Those that are read, and write through an address of theirs.
const NVIDIA_WRITES_THROUGH: [(u32, usize); 2] = [(536, 16), (538, 24)];

struct View<'a> {
    blocks: &'a [Vec<u8>],
    pointers: &'a [Pointer],
    nvidia: bool,
    /// Block and offset of every address that the struct was found to hold.
    places: RefCell<Vec<(usize, usize)>>,
}

impl View<'_> {
    fn u32(&self, block: usize, offset: usize) -> Result<u32, String> {
        let bytes = self.blocks[block].get(offset..offset + 4).ok_or_else(|| too_short(block))?;
        Ok(u32::from_ne_bytes(bytes.try_into().unwrap_or_default()))
    }

    fn target(&self, block: usize, offset: usize) -> Option<usize> {
        let found = self.pointers.iter().find(|pointer| (pointer.block, pointer.offset) == (block, offset));
        found.map(|pointer| pointer.target)
    }

    /// No address of the caller's own making.
    fn is_null(&self, block: usize, offset: usize) -> Checked {
        let bytes = self.blocks[block].get(offset..offset + 8).ok_or_else(|| too_short(block))?;
        if self.target(block, offset).is_none() && bytes.iter().all(|byte| *byte == 0) {
            return Ok(());
        }
        Err(format!("the bytes from {offset} on are an address, which has to be zero here"))
    }

    /// An address of a block of at least so many bytes; the block's number.
    fn points_to(&self, block: usize, offset: usize, bytes: usize) -> Result<usize, String> {
        let target = self.target(block, offset).ok_or_else(|| {
            format!("the bytes from {offset} on are an address, which has to be given as a block")
        })?;
        self.places.borrow_mut().push((block, offset));
        let length = self.blocks[target].len();
        if length >= bytes {
            return Ok(target);
        }
        Err(format!("the block that it points to from byte {offset} needs {bytes} bytes, and has {length}"))
    }

    /// What a driver would not take for an address must not be overwritten by one: it may be a count that was checked.
    fn has_no_other_pointers(&self) -> Checked {
        let places = self.places.borrow();
        for (index, Pointer { block, offset, .. }) in self.pointers.iter().enumerate() {
            let place = (*block, *offset);
            let again = self.pointers[..index].iter().any(|other| (other.block, other.offset) == place);
            if again || !places.contains(&place) {
                return Err(format!("there is no place for an address at byte {offset} of block {block}"));
            }
        }
        Ok(())
    }
}

fn too_short(block: usize) -> String {
    format!("block {block} is too short")
}

/// Says what would make a driver touch memory that is not the argument's.
pub(super) fn check(number: u32, blocks: &[Vec<u8>], pointers: &[Pointer], nvidia: bool) -> Checked {
    let size = (number >> 16 & 0x3FFF) as usize;
    let is_media = [MEDIA_DEVICE_INFO, MEDIA_TOPOLOGY].contains(&number);
    let whole = number;
    let (kind, number) = (number >> 8 & 0xFF, number & 0xFF);
    if !is_media && (kind != u32::from(b'V') || number >= PRIVATE) {
        return Err("it is none of V4L2's own, so nobody knows what its bytes mean".to_owned());
    }
    if blocks.first().map(Vec::len) != Some(size) {
        return Err(format!("its struct has {size} bytes"));
    }
    for Pointer { block, offset, target } in pointers {
        let holds = blocks
            .get(*block)
            .is_some_and(|bytes| offset.checked_add(8).is_some_and(|end| end <= bytes.len()));
        if !holds || target <= block || *target >= blocks.len() {
            return Err(format!("there is no place for an address at byte {offset} of block {block}"));
        }
    }
    let view = View { blocks, pointers, nvidia, places: RefCell::default() };
    match number {
        _ if whole == MEDIA_TOPOLOGY => topology(&view),
        _ if is_media => Ok(()),
        G_FMT | S_FMT | TRY_FMT => format(&view, 0),
        REQBUFS => memory(&view, offset_of!(abi::v4l2_requestbuffers, memory)),
        CREATE_BUFS => memory(&view, offset_of!(abi::v4l2_create_buffers, memory))
            .and_then(|()| format(&view, offset_of!(abi::v4l2_create_buffers, format))),
        QUERYBUF | QBUF | DQBUF | PREPARE_BUF => buffer(&view),
        S_FBUF => view.is_null(0, 8),
        // Routes are not offered. Their address is at the same place before Linux 6.10, in a shorter struct.
        G_ROUTING | S_ROUTING if size > INPUT_NUMBER => view.is_null(0, 8),
        G_EDID | S_EDID => edid(&view),
        G_EXT_CTRLS | S_EXT_CTRLS | TRY_EXT_CTRLS => controls(&view, number == G_EXT_CTRLS),
        _ => Ok(()),
    }?;
    view.has_no_other_pointers()
}

/// `v4l2_format` from `at` on. Clips and bitmaps of overlays are not offered.
fn format(view: &View<'_>, at: usize) -> Checked {
    if OVERLAYS.contains(&view.u32(0, at)?) {
        view.is_null(0, at + 32)?;
        view.is_null(0, at + 48)?;
    }
    Ok(())
}

/// Whose memory buffers are, from `at` on.
fn memory(view: &View<'_>, at: usize) -> Checked {
    if view.u32(0, at)? == USERPTR {
        return Err("memory of the caller's (USERPTR) is not offered: use MMAP or DMABUF".to_owned());
    }
    Ok(())
}

/// `v4l2_buffer`.
fn buffer(view: &View<'_>) -> Checked {
    memory(view, offset_of!(abi::v4l2_buffer, memory))?;
    let kind = view.u32(0, offset_of!(abi::v4l2_buffer, type_))?;
    let length = view.u32(0, offset_of!(abi::v4l2_buffer, length))?;
    if !MULTI_PLANAR.contains(&kind) {
        return Ok(());
    }
    if length > MAX_PLANES {
        return Err(format!("a buffer has at most {MAX_PLANES} planes, not {length}"));
    }
    let planes = offset_of!(abi::v4l2_buffer, m);
    if length == 0 && !view.nvidia {
        return view.is_null(0, planes);
    }
    view.points_to(0, planes, length as usize * PLANE).map(drop)
}

/// `v4l2_edid`.
fn edid(view: &View<'_>) -> Checked {
    let blocks = view.u32(0, offset_of!(abi::v4l2_edid, blocks))?;
    if blocks > MAX_EDID_BLOCKS {
        return Err(format!("an EDID has at most {MAX_EDID_BLOCKS} blocks, not {blocks}"));
    }
    let edid = offset_of!(abi::v4l2_edid, edid);
    if blocks == 0 {
        view.is_null(0, edid)
    } else {
        view.points_to(0, edid, blocks as usize * EDID_BLOCK).map(drop)
    }
}

/// `media_v2_topology`. A list without an address is only counted.
fn topology(view: &View<'_>) -> Checked {
    MEDIA_LISTS.iter().try_for_each(|&(counter, place, size)| match view.target(0, place) {
        None => view.is_null(0, place),
        Some(_) => view.points_to(0, place, view.u32(0, counter)? as usize * size).map(drop),
    })
}

/// `v4l2_ext_controls`.
fn controls(view: &View<'_>, reads: bool) -> Checked {
    let count = view.u32(0, offset_of!(abi::v4l2_ext_controls, count))?;
    let list = offset_of!(abi::v4l2_ext_controls, controls);
    if count > MAX_CONTROLS {
        return Err(format!("there are at most {MAX_CONTROLS} controls in a request, not {count}"));
    }
    if count == 0 {
        return view.is_null(0, list);
    }
    let array = view.points_to(0, list, count as usize * CONTROL)?;
    (0..count as usize).try_for_each(|index| control(view, array, index * CONTROL, reads))
}

fn control(view: &View<'_>, array: usize, at: usize, reads: bool) -> Checked {
    let (id, size) = (view.u32(array, at)?, view.u32(array, at + offset_of!(abi::v4l2_ext_control, size))?);
    let place = at + offset_of!(abi::v4l2_ext_control, __bindgen_anon_1);
    let own = Some(id.wrapping_sub(MPEG_BASE))
        .filter(|own| view.nvidia && (NVIDIA_FIRST..=NVIDIA_LAST).contains(own));
    let is_struct = own.is_some_and(|own| NVIDIA_STRUCTS.contains(&own));
    if own.is_some_and(|own| !is_struct && !NVIDIA_NUMBERS.contains(&own)) {
        return Err(format!("nobody knows whether NVIDIA's control {id:#x} takes a number or an address"));
    }
    if size == 0 && !is_struct {
        return Ok(());
    }
    let target = view.points_to(array, place, size as usize)?;
    own.map_or(Ok(()), |own| nested(view, target, own, reads))
}

/// The addresses inside a struct of NVIDIA's. What lies behind the block is zero.
fn nested(view: &View<'_>, block: usize, own: u32, reads: bool) -> Checked {
    let known = NVIDIA_NESTED.iter().filter(|(known, _)| *known == own).flat_map(|(_, places)| *places);
    for place in known.filter(|place| **place < view.blocks[block].len()) {
        if view.target(block, *place).is_some() {
            // As long as any of its structs may get.
            view.points_to(block, *place, 0)?;
        } else {
            view.is_null(block, *place)?;
        }
    }
    let through = NVIDIA_WRITES_THROUGH.iter().find(|(known, _)| reads && *known == own);
    through.map_or(Ok(()), |(_, place)| view.points_to(block, *place, 0).map(drop))
}

#[cfg(test)]
mod tests;
