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

fn checked(number: u32, blocks: &[&[u8]], pointers: &[Pointer], nvidia: bool) -> Checked {
    let blocks: Vec<_> = blocks.iter().map(|bytes| bytes.to_vec()).collect();
    check(number, &blocks, pointers, nvidia)
}

fn rejection(number: u32, blocks: &[&[u8]], pointers: &[Pointer]) -> String {
    checked(number, blocks, pointers, false).unwrap_err()
}

#[test]
fn a_struct_has_the_size_that_the_number_says() {
    assert_eq!(rejection(0x8068_5600, &[&[0; 103]], &[]), "its struct has 104 bytes");
    assert_eq!(rejection(0x8068_5600, &[], &[]), "its struct has 104 bytes");
}

#[test]
fn requests_that_are_not_v4l2s_are_rejected() {
    for number in [0x4008_6200, 0xC008_56C0] {
        assert!(rejection(number, &[&[0; 8]], &[]).contains("none of V4L2's own"));
    }
}

#[test]
fn the_lists_of_a_media_device_are_as_long_as_it_is_reported() {
    let counted = with(72, &[]);
    checked(MEDIA_TOPOLOGY, &[&counted], &[], false).unwrap();
    checked(MEDIA_DEVICE_INFO, &[&[0; 256]], &[], false).unwrap();
    let asked = with(72, &[(8, 2), (56, 3)]);
    let entities = Pointer { block: 0, offset: 16, target: 1 };
    let links = Pointer { block: 0, offset: 64, target: 2 };
    checked(MEDIA_TOPOLOGY, &[&asked, &[0; 192], &[0; 120]], &[entities, links], false).unwrap();
    let rejected = rejection(MEDIA_TOPOLOGY, &[&asked, &[0; 192], &[0; 119]], &[entities, links]);
    assert!(rejected.contains("needs 120 bytes, and has 119"), "{rejected}");
    let wild = with(72, &[(32, 0xDEAD)]);
    assert!(rejection(MEDIA_TOPOLOGY, &[&wild], &[]).contains("has to be zero"));
    let pointer = [Pointer { block: 0, offset: 8, target: 1 }];
    assert!(rejection(MEDIA_TOPOLOGY, &[&asked, &[0; 192]], &pointer).contains("no place"));
    assert!(rejection(MEDIA_DEVICE_INFO, &[&[0; 256], &[0; 8]], &pointer).contains("no place"));
}

#[test]
fn planes_are_as_many_as_the_buffer_says() {
    let buffer = with(88, &[(4, 9), (60, 1), (72, 2)]);
    let pointers = [Pointer { block: 0, offset: 64, target: 1 }];
    checked(QBUF_NUMBER, &[&buffer, &[0; 128]], &pointers, false).unwrap();
    assert!(
        rejection(QBUF_NUMBER, &[&buffer, &[0; 127]], &pointers).contains("needs 128 bytes, and has 127")
    );
    assert!(rejection(QBUF_NUMBER, &[&buffer], &[]).contains("has to be given as a block"));
    let many = with(88, &[(4, 9), (60, 1), (72, 9)]);
    assert!(rejection(QBUF_NUMBER, &[&many], &[]).contains("at most 8 planes"));
}

#[test]
fn memory_of_the_callers_is_rejected() {
    assert!(rejection(QBUF_NUMBER, &[&with(88, &[(4, 1), (60, 2)])], &[]).contains("USERPTR"));
}

#[test]
fn an_address_among_the_bytes_is_rejected() {
    let planes = with(88, &[(4, 10), (64, 0xDEAD)]);
    assert!(rejection(QBUF_NUMBER, &[&planes], &[]).contains("has to be zero"));
    let clips = with(208, &[(0, 3), (32, 0xDEAD)]);
    assert!(rejection(0xC0D0_5605, &[&clips], &[]).contains("has to be zero"));
    let framebuffer = with(48, &[(8, 0xDEAD)]);
    assert!(rejection(0x4030_560B, &[&framebuffer], &[]).contains("has to be zero"));
}

#[test]
fn a_payload_is_as_long_as_its_control_says() {
    let controls = with(32, &[(4, 1)]);
    let one = with(20, &[(0, 0x0098_0900), (4, 16)]);
    let list = Pointer { block: 0, offset: 24, target: 1 };
    let payload = Pointer { block: 1, offset: 12, target: 2 };
    checked(S_EXT_CTRLS_NUMBER, &[&controls, &one, &[0; 16]], &[list, payload], false).unwrap();
    assert!(
        rejection(S_EXT_CTRLS_NUMBER, &[&controls, &one, &[0; 15]], &[list, payload])
            .contains("needs 16 bytes")
    );
    assert!(
        rejection(S_EXT_CTRLS_NUMBER, &[&controls, &one], &[list]).contains("has to be given as a block")
    );
    assert!(rejection(S_EXT_CTRLS_NUMBER, &[&with(32, &[(4, 2)]), &one], &[list]).contains("needs 40 bytes"));
}

#[test]
fn a_struct_of_nvidias_has_to_be_a_block_although_its_size_is_zero() {
    let controls = with(32, &[(4, 1)]);
    let one = with(20, &[(0, MPEG_BASE + 531), (12, 4096)]);
    let list = Pointer { block: 0, offset: 24, target: 1 };
    let blocks: [&[u8]; 2] = [&controls, &one];
    checked(S_EXT_CTRLS_NUMBER, &blocks, &[list], false).unwrap();
    assert!(checked(S_EXT_CTRLS_NUMBER, &blocks, &[list], true).unwrap_err().contains("given as a block"));
    let metadata = with(20, &[(0, MPEG_BASE + 541)]);
    let payload = Pointer { block: 1, offset: 12, target: 2 };
    let wild = with(72, &[(8, 0xDEAD)]);
    let blocks: [&[u8]; 3] = [&controls, &metadata, &wild];
    assert!(
        checked(S_EXT_CTRLS_NUMBER, &blocks, &[list, payload], true).unwrap_err().contains("has to be zero")
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
        assert!(rejection(QBUF_NUMBER, &[&buffer, &[0; 64]], &[pointer]).contains("no place"), "{pointer:?}");
    }
}

#[test]
fn an_address_must_not_be_written_over_a_count_or_another_address() {
    let list = Pointer { block: 0, offset: 24, target: 1 };
    let controls = with(32, &[(4, 2)]);
    for other in [4, 17, 20, 24] {
        let pointers = [list, Pointer { block: 0, offset: other, target: 2 }];
        let said = rejection(S_EXT_CTRLS_NUMBER, &[&controls, &[0; 40], &[0; 8]], &pointers);
        assert!(said.contains(&format!("no place for an address at byte {other} of block 0")), "{said}");
    }
    let buffer = with(88, &[(4, 9), (72, 1)]);
    let planes = [Pointer { block: 0, offset: 64, target: 1 }, Pointer { block: 0, offset: 68, target: 2 }];
    assert!(rejection(QBUF_NUMBER, &[&buffer, &[0; 64], &[0; 64]], &planes).contains("no place"));
}

#[test]
fn buffers_of_the_callers_memory_cannot_be_requested() {
    assert!(rejection(0xC014_5608, &[&with(20, &[(0, 4), (4, 1), (8, 2)])], &[]).contains("USERPTR"));
    assert!(rejection(0xC100_565C, &[&with(256, &[(4, 4), (8, 2)])], &[]).contains("USERPTR"));
}

#[test]
fn a_struct_of_nvidias_that_ends_inside_an_address_is_rejected() {
    let controls = with(32, &[(4, 1)]);
    let list = Pointer { block: 0, offset: 24, target: 1 };
    let payload = Pointer { block: 1, offset: 12, target: 2 };
    for (id, length) in [(541, 15), (536, 7), (519, 7)] {
        let one = with(20, &[(0, MPEG_BASE + id)]);
        let blocks: [&[u8]; 3] = [&controls, &one, &vec![0x41; length]];
        assert!(checked(S_EXT_CTRLS_NUMBER, &blocks, &[list, payload], true).is_err(), "{id}");
    }
}

#[test]
fn what_nvidias_library_writes_through_an_address_has_to_have_one() {
    let controls = with(32, &[(4, 1)]);
    let one = with(20, &[(0, MPEG_BASE + 536)]);
    let list = Pointer { block: 0, offset: 24, target: 1 };
    let payload = Pointer { block: 1, offset: 12, target: 2 };
    let blocks: [&[u8]; 4] = [&controls, &one, &[0; 72], &[0; 512]];
    assert!(checked(0xC020_5647, &blocks[..3], &[list, payload], true).unwrap_err().contains("as a block"));
    let metadata = Pointer { block: 2, offset: 16, target: 3 };
    checked(0xC020_5647, &blocks, &[list, payload, metadata], true).unwrap();
}

#[test]
fn a_control_of_nvidias_that_nobody_knows_is_rejected() {
    let controls = with(32, &[(4, 1)]);
    let one = with(20, &[(0, MPEG_BASE + 525)]);
    let list = Pointer { block: 0, offset: 24, target: 1 };
    let blocks: [&[u8]; 2] = [&controls, &one];
    assert!(checked(S_EXT_CTRLS_NUMBER, &blocks, &[list], true).unwrap_err().contains("nobody knows"));
    checked(S_EXT_CTRLS_NUMBER, &blocks, &[list], false).unwrap();
}

#[test]
fn routes_of_a_sub_device_are_rejected_and_inputs_of_a_device_are_not() {
    let routing = with(64, &[(4, 4), (8, 0xDEAD), (16, 4)]);
    let before_6_10 = with(40, &[(4, 4), (8, 0xDEAD)]);
    for (number, routing) in [
        (0xC040_5626, &routing),
        (0xC040_5627, &routing),
        (0xC028_5626, &before_6_10),
        (0xC028_5627, &before_6_10),
    ] {
        assert!(rejection(number, &[routing], &[]).contains("has to be zero"), "{number:#x}");
        let routes = [Pointer { block: 0, offset: 8, target: 1 }];
        let given = with(routing.len(), &[(4, 4)]);
        assert!(rejection(number, &[&given, &[0; 256]], &routes).contains("has to be zero"), "{number:#x}");
    }
    checked(0x8004_5626, &[&[0; 4]], &[], false).unwrap();
    checked(0xC004_5627, &[&[0; 4]], &[], false).unwrap();
}
