//! The smallest Matroska file (RFC 9559) that holds one video track; samples in coding order, stamped
//! a millisecond apart, since only the pictures matter here.

use bitstream::Codec;

pub(crate) fn file(codec: Codec, size: (u32, u32), record: &[u8], samples: &[(Vec<u8>, bool)]) -> Vec<u8> {
    let ebml = element(0x1a45_dfa3, &[element(0x4282, b"matroska")].concat());
    let info = element(0x1549_a966, &element(0x002a_d7b1, &1_000_000_u32.to_be_bytes()));
    let tracks = element(0x1654_ae6b, &element(0xae, &track(codec, size, record)));
    let mut cluster = element(0xe7, &[0]);
    for (index, (data, key)) in samples.iter().enumerate() {
        let [high, low] = u16::try_from(index).unwrap().to_be_bytes();
        let head = [0x81, high, low, if *key { 0x80 } else { 0 }];
        cluster.extend(element(0xa3, &[&head, data.as_slice()].concat()));
    }
    let segment = element(0x1853_8067, &[info, tracks, element(0x1f43_b675, &cluster)].concat());
    [ebml, segment].concat()
}

fn track(codec: Codec, (width, height): (u32, u32), record: &[u8]) -> Vec<u8> {
    let name: &[u8] = if codec == Codec::H264 { b"V_MPEG4/ISO/AVC" } else { b"V_MPEGH/ISO/HEVC" };
    let picture = [element(0xb0, &width.to_be_bytes()), element(0xba, &height.to_be_bytes())].concat();
    [
        element(0xd7, &[1]),
        element(0x73c5, &[1]),
        element(0x83, &[1]),
        element(0x86, name),
        element(0x63a2, record),
        element(0xe0, &picture),
    ]
    .concat()
}

fn element(id: u32, payload: &[u8]) -> Vec<u8> {
    let id: Vec<u8> = id.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
    let length = 0x0100_0000_0000_0000 | u64::try_from(payload.len()).unwrap();
    [&id, length.to_be_bytes().as_slice(), payload].concat()
}
