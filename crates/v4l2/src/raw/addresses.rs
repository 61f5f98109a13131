//! Where V4L2's structs hold addresses, and how much memory a driver expects behind them.
//!
//! Offsets are of 64-bit Linux (`<linux/videodev2.h>`). A request that is not here holds none.

use super::argument::Pointer;

type Checked = Result<(), String>;

/// Numbers of V4L2's own requests; those of drivers (`BASE_VIDIOC_PRIVATE`) hold nobody knows what.
const PRIVATE: u32 = 192;

const G_FMT: u32 = 4;
const S_FMT: u32 = 5;
const QUERYBUF: u32 = 9;
const S_FBUF: u32 = 11;
const QBUF: u32 = 15;
const DQBUF: u32 = 17;
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
const PLANE: usize = 64;
const CONTROL: usize = 20;
const EDID_BLOCK: usize = 128;
/// `MEDIA_IOC_DEVICE_INFO` and `MEDIA_IOC_G_TOPOLOGY`, which tell what a node is a part of.
const MEDIA_DEVICE_INFO: u32 = 0xC100_7C00;
const MEDIA_TOPOLOGY: u32 = 0xC048_7C04;
/// Of `media_v2_topology`: where the number of entities, interfaces, pads and links is, where their address is, and how large one is.
const MEDIA_LISTS: [(usize, usize, usize); 4] = [(8, 16, 96), (24, 32, 112), (40, 48, 32), (56, 64, 40)];

/// Controls of NVIDIA's encoder that take a struct by its address, with a size of 0 (jetson_multimedia_api's `v4l2_nv_extensions.h`, r32 to
/// r36), by their distance from `V4L2_CID_MPEG_BASE`.
const NVIDIA_STRUCTS: [u32; 20] =
    [529, 530, 531, 532, 533, 536, 538, 539, 541, 542, 543, 544, 545, 550, 570, 574, 577, 580, 582, 590];
const MPEG_BASE: u32 = 0x0099_0900;
/// Those whose struct holds addresses itself, and where.
const NVIDIA_NESTED: [(u32, &[usize]); 3] =
    [(536, &[0, 8, 16, 24]), (538, &[0, 8, 16, 24]), (541, &[8, 16, 24, 32, 40, 48])];

struct View<'a> {
    blocks: &'a [&'a [u8]],
    pointers: &'a [Pointer],
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
        let length = self.blocks[target].len();
        if length >= bytes {
            return Ok(target);
        }
        Err(format!("the block that it points to from byte {offset} needs {bytes} bytes, and has {length}"))
    }
}

fn too_short(block: usize) -> String {
    format!("block {block} is too short")
}

/// Says what would make a driver touch memory that is not the argument's.
pub(super) fn check(number: u32, blocks: &[&[u8]], pointers: &[Pointer], nvidia: bool) -> Checked {
    let size = (number >> 16 & 0x3FFF) as usize;
    let is_media = [MEDIA_DEVICE_INFO, MEDIA_TOPOLOGY].contains(&number);
    let is_topology = number == MEDIA_TOPOLOGY;
    let (kind, number) = (number >> 8 & 0xFF, number & 0xFF);
    if !is_media && (kind != u32::from(b'V') || number >= PRIVATE) {
        return Err("it is none of V4L2's own, so nobody knows what its bytes mean".to_owned());
    }
    if blocks.first().map(|block| block.len()) != Some(size) {
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
    let view = View { blocks, pointers };
    match number {
        _ if is_topology => topology(&view),
        G_FMT | S_FMT | TRY_FMT => format(&view, 0),
        CREATE_BUFS => format(&view, 16),
        QUERYBUF | QBUF | DQBUF | PREPARE_BUF => buffer(&view),
        S_FBUF => view.is_null(0, 8),
        G_EDID | S_EDID => edid(&view),
        G_EXT_CTRLS | S_EXT_CTRLS | TRY_EXT_CTRLS => controls(&view, nvidia),
        _ if pointers.is_empty() => Ok(()),
        _ => Err("its struct holds no address".to_owned()),
    }
}

/// `v4l2_format` from `at` on. Clips and bitmaps of overlays are not offered.
fn format(view: &View<'_>, at: usize) -> Checked {
    if OVERLAYS.contains(&view.u32(0, at)?) {
        view.is_null(0, at + 32)?;
        view.is_null(0, at + 48)?;
    }
    if view.pointers.is_empty() {
        Ok(())
    } else {
        Err("its struct holds no address that can be given".to_owned())
    }
}

/// `v4l2_buffer`.
fn buffer(view: &View<'_>) -> Checked {
    let (kind, memory, length) = (view.u32(0, 4)?, view.u32(0, 60)?, view.u32(0, 72)?);
    if memory == USERPTR {
        return Err("memory of the caller's (USERPTR) is not offered: use MMAP or DMABUF".to_owned());
    }
    if !MULTI_PLANAR.contains(&kind) {
        return if view.pointers.is_empty() {
            Ok(())
        } else {
            Err("a single-planar buffer holds no address".to_owned())
        };
    }
    if length > MAX_PLANES {
        return Err(format!("a buffer has at most {MAX_PLANES} planes, not {length}"));
    }
    if length == 0 {
        return view.is_null(0, 64);
    }
    view.points_to(0, 64, length as usize * PLANE).map(drop)
}

/// `media_v2_topology`. A list without an address is only counted.
fn topology(view: &View<'_>) -> Checked {
    let is_list =
        |pointer: &Pointer| pointer.block == 0 && MEDIA_LISTS.iter().any(|list| list.1 == pointer.offset);
    if !view.pointers.iter().all(is_list) {
        return Err("its struct holds addresses of lists only".to_owned());
    }
    MEDIA_LISTS.iter().try_for_each(|&(counter, place, size)| match view.target(0, place) {
        None => view.is_null(0, place),
        Some(_) => view.points_to(0, place, view.u32(0, counter)? as usize * size).map(drop),
    })
}

/// `v4l2_edid`.
fn edid(view: &View<'_>) -> Checked {
    let blocks = view.u32(0, 8)?;
    if blocks > MAX_EDID_BLOCKS {
        return Err(format!("an EDID has at most {MAX_EDID_BLOCKS} blocks, not {blocks}"));
    }
    if blocks == 0 {
        view.is_null(0, 32)
    } else {
        view.points_to(0, 32, blocks as usize * EDID_BLOCK).map(drop)
    }
}

/// `v4l2_ext_controls`.
fn controls(view: &View<'_>, nvidia: bool) -> Checked {
    let count = view.u32(0, 4)?;
    if count > MAX_CONTROLS {
        return Err(format!("there are at most {MAX_CONTROLS} controls in a request, not {count}"));
    }
    if count == 0 {
        return view.is_null(0, 24);
    }
    let array = view.points_to(0, 24, count as usize * CONTROL)?;
    (0..count as usize).try_for_each(|index| control(view, array, index * CONTROL, nvidia))
}

fn control(view: &View<'_>, array: usize, at: usize, nvidia: bool) -> Checked {
    let (id, size) = (view.u32(array, at)?, view.u32(array, at + 4)?);
    let place = at + 12;
    let own = nvidia.then(|| id.wrapping_sub(MPEG_BASE)).filter(|own| NVIDIA_STRUCTS.contains(own));
    if size == 0 && own.is_none() {
        let given = view.target(array, place);
        return if given.is_none() {
            Ok(())
        } else {
            Err(format!("control {id:#x} is a number, and is given a block"))
        };
    }
    let target = view.points_to(array, place, size as usize)?;
    let nested =
        NVIDIA_NESTED.iter().filter(|(known, _)| own == Some(*known)).flat_map(|(_, places)| *places);
    for place in nested.filter(|place| **place + 8 <= view.blocks[target].len()) {
        if view.target(target, *place).is_none() {
            view.is_null(target, *place)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const QBUF_NUMBER: u32 = 0xC058_560F;
    const S_EXT_CTRLS_NUMBER: u32 = 0xC020_5648;

    fn with(length: usize, members: &[(usize, u32)]) -> Vec<u8> {
        let mut bytes = vec![0; length];
        for (offset, value) in members {
            bytes[*offset..offset + 4].copy_from_slice(&value.to_ne_bytes());
        }
        bytes
    }

    fn refusal(number: u32, blocks: &[&[u8]], pointers: &[Pointer]) -> String {
        check(number, blocks, pointers, false).unwrap_err()
    }

    #[test]
    fn a_struct_has_the_size_that_the_number_says() {
        assert_eq!(refusal(0x8068_5600, &[&[0; 103]], &[]), "its struct has 104 bytes");
        assert_eq!(refusal(0x8068_5600, &[], &[]), "its struct has 104 bytes");
    }

    #[test]
    fn requests_that_are_not_v4l2s_are_refused() {
        for number in [0x4008_6200, 0xC008_56C0] {
            assert!(refusal(number, &[&[0; 8]], &[]).contains("none of V4L2's own"));
        }
    }

    #[test]
    fn the_lists_of_a_media_device_are_as_long_as_it_is_told() {
        let counted = with(72, &[]);
        check(MEDIA_TOPOLOGY, &[&counted], &[], false).unwrap();
        check(MEDIA_DEVICE_INFO, &[&[0; 256]], &[], false).unwrap();
        let asked = with(72, &[(8, 2), (56, 3)]);
        let entities = Pointer { block: 0, offset: 16, target: 1 };
        let links = Pointer { block: 0, offset: 64, target: 2 };
        check(MEDIA_TOPOLOGY, &[&asked, &[0; 192], &[0; 120]], &[entities, links], false).unwrap();
        let refused = refusal(MEDIA_TOPOLOGY, &[&asked, &[0; 192], &[0; 119]], &[entities, links]);
        assert!(refused.contains("needs 120 bytes, and has 119"), "{refused}");
        let wild = with(72, &[(32, 0xDEAD)]);
        assert!(refusal(MEDIA_TOPOLOGY, &[&wild], &[]).contains("has to be zero"));
        let pointer = [Pointer { block: 0, offset: 8, target: 1 }];
        assert!(refusal(MEDIA_TOPOLOGY, &[&asked, &[0; 192]], &pointer).contains("lists only"));
        assert!(refusal(MEDIA_DEVICE_INFO, &[&[0; 256], &[0; 8]], &pointer).contains("holds no address"));
    }

    #[test]
    fn planes_are_as_many_as_the_buffer_says() {
        let buffer = with(88, &[(4, 9), (60, 1), (72, 2)]);
        let pointers = [Pointer { block: 0, offset: 64, target: 1 }];
        check(QBUF_NUMBER, &[&buffer, &[0; 128]], &pointers, false).unwrap();
        assert!(
            refusal(QBUF_NUMBER, &[&buffer, &[0; 127]], &pointers).contains("needs 128 bytes, and has 127")
        );
        assert!(refusal(QBUF_NUMBER, &[&buffer], &[]).contains("has to be given as a block"));
        let many = with(88, &[(4, 9), (60, 1), (72, 9)]);
        assert!(refusal(QBUF_NUMBER, &[&many], &[]).contains("at most 8 planes"));
    }

    #[test]
    fn memory_of_the_callers_is_refused() {
        assert!(refusal(QBUF_NUMBER, &[&with(88, &[(4, 1), (60, 2)])], &[]).contains("USERPTR"));
    }

    #[test]
    fn an_address_among_the_bytes_is_refused() {
        let planes = with(88, &[(4, 10), (64, 0xDEAD)]);
        assert!(refusal(QBUF_NUMBER, &[&planes], &[]).contains("has to be zero"));
        let clips = with(208, &[(0, 3), (32, 0xDEAD)]);
        assert!(refusal(0xC0D0_5605, &[&clips], &[]).contains("has to be zero"));
        let framebuffer = with(48, &[(8, 0xDEAD)]);
        assert!(refusal(0x4030_560B, &[&framebuffer], &[]).contains("has to be zero"));
    }

    #[test]
    fn a_payload_is_as_long_as_its_control_says() {
        let controls = with(32, &[(4, 1)]);
        let one = with(20, &[(0, 0x0098_0900), (4, 16)]);
        let list = Pointer { block: 0, offset: 24, target: 1 };
        let payload = Pointer { block: 1, offset: 12, target: 2 };
        check(S_EXT_CTRLS_NUMBER, &[&controls, &one, &[0; 16]], &[list, payload], false).unwrap();
        assert!(
            refusal(S_EXT_CTRLS_NUMBER, &[&controls, &one, &[0; 15]], &[list, payload])
                .contains("needs 16 bytes")
        );
        assert!(
            refusal(S_EXT_CTRLS_NUMBER, &[&controls, &one], &[list]).contains("has to be given as a block")
        );
        assert!(
            refusal(S_EXT_CTRLS_NUMBER, &[&with(32, &[(4, 2)]), &one], &[list]).contains("needs 40 bytes")
        );
    }

    #[test]
    fn a_struct_of_nvidias_has_to_be_a_block_although_its_size_is_zero() {
        let controls = with(32, &[(4, 1)]);
        let one = with(20, &[(0, MPEG_BASE + 531), (12, 4096)]);
        let list = Pointer { block: 0, offset: 24, target: 1 };
        let blocks: [&[u8]; 2] = [&controls, &one];
        check(S_EXT_CTRLS_NUMBER, &blocks, &[list], false).unwrap();
        assert!(check(S_EXT_CTRLS_NUMBER, &blocks, &[list], true).unwrap_err().contains("given as a block"));
        let metadata = with(20, &[(0, MPEG_BASE + 541)]);
        let payload = Pointer { block: 1, offset: 12, target: 2 };
        let wild = with(72, &[(8, 0xDEAD)]);
        let blocks: [&[u8]; 3] = [&controls, &metadata, &wild];
        assert!(
            check(S_EXT_CTRLS_NUMBER, &blocks, &[list, payload], true)
                .unwrap_err()
                .contains("has to be zero")
        );
    }

    #[test]
    fn a_pointer_stays_inside_its_block_and_goes_forwards() {
        let buffer = with(88, &[(4, 9)]);
        for pointer in [
            Pointer { block: 0, offset: 81, target: 1 },
            Pointer { block: 0, offset: usize::MAX, target: 1 },
            Pointer { block: 0, offset: 64, target: 0 },
            Pointer { block: 2, offset: 0, target: 3 },
        ] {
            assert!(
                refusal(QBUF_NUMBER, &[&buffer, &[0; 64]], &[pointer]).contains("no place"),
                "{pointer:?}"
            );
        }
    }
}
