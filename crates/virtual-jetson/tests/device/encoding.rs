//! Whole sessions: what goes in comes out.

use crate::{
    client::{Chunk, Client, Config, FLAG_KEYFRAME, FLAG_LAST, H264, H265, NV12M, Sync, directory},
    judge::{decode, picture, picture_kinds, psnr, unit_types},
};

/// Pushes so many frames, drains, and gives the chunks and the violations.
pub fn session(test: &str, config: Config, frames: u32) -> (Vec<Chunk>, String) {
    let (width, height) = (config.width, config.height);
    let mut client = Client::start(test, config);
    for number in 0..frames {
        client.push(&picture(width, height, number), 1_000_000 + u64::from(number) * 33_333);
    }
    client.drain();
    let chunks = client.chunks.clone();
    (chunks, client.finish())
}

pub fn stream(chunks: &[Chunk]) -> Vec<u8> {
    chunks.iter().flat_map(|chunk| chunk.data.clone()).collect()
}

fn check(test: &str, config: Config) {
    let (format, width, height) =
        (if config.codec == H264 { "h264" } else { "hevc" }, config.width, config.height);
    let (chunks, violations) = session(test, config, 10);
    assert_eq!(violations, "");
    assert_eq!(chunks.len(), 11, "ten chunks and the empty buffer");
    assert_eq!((chunks[10].data.len(), chunks[10].flags & FLAG_LAST), (0, FLAG_LAST));
    for (number, chunk) in chunks[..10].iter().enumerate() {
        assert_eq!(chunk.timestamp_us, 1_000_000 + number as i64 * 33_333);
        assert_eq!(chunk.flags & FLAG_KEYFRAME != 0, number == 0);
    }
    let decoded = decode(format, &stream(&chunks), width, height);
    assert_eq!(decoded.len(), 10);
    for (number, frame) in decoded.iter().enumerate() {
        let quality = psnr(frame, &picture(width, height, number as u32));
        assert!(quality > 30.0, "frame {number}: {quality} dB");
    }
}

#[test]
fn h264_pictures_come_out_as_they_went_in() {
    check("h264", Config::new(H264, "{}"));
    check(
        "h264-nv12",
        Config { raw: NV12M, width: 322, height: 242, ..Config::new(H264, r#"{"alignment":64}"#) },
    );
}

#[test]
fn h265_pictures_come_out_as_they_went_in() {
    check("h265", Config::new(H265, "{}"));
    check(
        "h265-nv12",
        Config { raw: NV12M, width: 322, height: 242, ..Config::new(H265, r#"{"alignment":128}"#) },
    );
}

#[test]
fn profiles_and_levels_are_those_asked_for() {
    for (codec, controls, expected) in [
        (H264, vec![(363, 0), (359, 9)], [66, 31]),
        (H264, vec![(363, 2), (359, 11), (357, 1)], [77, 40]),
        (H264, vec![(363, 4), (357, 1)], [100, 51]),
        (H265, vec![(561, 8)], [1, 93]),
        (H265, vec![], [1, 153]),
    ] {
        for settings in ["{}", r#"{"codec":"passthrough"}"#] {
            let mut config = Config::new(codec, settings);
            config.controls.extend(controls.clone());
            let (chunks, violations) = session("profiles", config, 2);
            assert_eq!(violations, "");
            let data = &chunks[0].data;
            let sps = if codec == H264 { 0x67 } else { 0x42 };
            let at =
                data.windows(4).position(|window| window[..3] == [0, 0, 1] && window[3] == sps).unwrap() + 3;
            let payload: Vec<u8> = unescaped(&data[at..]);
            let found =
                if codec == H264 { [payload[1], payload[3]] } else { [payload[3] & 0x1F, payload[14]] };
            assert_eq!(found, expected, "{settings}");
            if codec == H264 || settings == "{}" {
                decode(if codec == H264 { "h264" } else { "hevc" }, &stream(&chunks), 320, 240);
            }
        }
    }
}

fn unescaped(bytes: &[u8]) -> Vec<u8> {
    let mut zeros = 0;
    let keep = |byte: &&u8| {
        let drop = zeros >= 2 && **byte == 3;
        zeros = if **byte == 0 { zeros + 1 } else { 0 };
        !drop
    };
    bytes.iter().take(64).filter(keep).copied().collect()
}

#[test]
fn parameter_sets_and_delimiters_come_only_when_asked_for() {
    for (codec, sets, delimiter, slice) in
        [(H264, vec![7, 8], 9, [5, 1]), (H265, vec![32, 33, 34], 35, [20, 1])]
    {
        for settings in ["{}", r#"{"codec":"passthrough"}"#] {
            let mut config = Config::new(codec, settings);
            config.controls.push((514, 2));
            let (chunks, _) = session("sets", config.clone(), 4);
            let types = |chunk: &Chunk| unit_types(codec == H265, &chunk.data);
            let kind = |types: &[u8]| *types.last().unwrap();
            assert_eq!(types(&chunks[0]).split_last().unwrap().1, sets, "{settings}");
            assert_eq!(types(&chunks[1]), [slice[1]]);
            assert_eq!(types(&chunks[2]).len(), 1, "a later key frame has none");
            assert_eq!(chunks[2].flags & FLAG_KEYFRAME, FLAG_KEYFRAME);
            config.controls.extend([(535, 1), (547, 1)]);
            let (chunks, _) = session("sets", config, 4);
            let later = types(&chunks[2]);
            assert_eq!(later[0], delimiter);
            assert_eq!(later[1..later.len() - 1], sets);
            assert!(kind(&later) == slice[0] || kind(&later) == 19, "{later:?}");
        }
    }
}

#[test]
fn a_forgotten_sync_is_a_green_picture_and_a_violation() {
    let config = Config { sync: Sync::Forgotten, ..Config::new(H264, "{}") };
    let (chunks, violations) = session("forgotten", config, 3);
    assert!(violations.contains("missing-sync"), "{violations}");
    let decoded = decode("h264", &stream(&chunks), 320, 240);
    assert!(decoded[0][..100].iter().all(|&luma| luma < 20), "the device never saw the picture");
    let config = Config { sync: Sync::Forgotten, ..Config::new(H264, r#"{"coherent":true}"#) };
    let (chunks, violations) = session("coherent", config, 3);
    assert_eq!(violations, "");
    assert!(psnr(&decode("h264", &stream(&chunks), 320, 240)[0], &picture(320, 240, 0)) > 30.0);
}

#[test]
fn intra_pictures_between_key_frames_are_no_key_frames() {
    for (codec, format, passthrough) in [(H265, "hevc", false), (H264, "h264", false), (H264, "h264", true)] {
        let settings = if passthrough { r#"{"codec":"passthrough"}"# } else { "{}" };
        let config = Config { controls: vec![(514, 6), (203, 3)], ..Config::new(codec, settings) };
        let (chunks, _) = session("intra", config, 8);
        assert_eq!(picture_kinds(format, &stream(&chunks), &directory("intra")), "IPPIPPIP");
        let keys: Vec<_> = (0..8).filter(|&number| chunks[number].flags & FLAG_KEYFRAME != 0).collect();
        assert_eq!(keys, [0, 6]);
        let is_key =
            |chunk: &Chunk| matches!(unit_types(codec == H265, &chunk.data).last(), Some(5 | 19 | 20));
        assert_eq!((is_key(&chunks[3]), is_key(&chunks[6])), (false, true));
    }
}

#[test]
fn timing_is_in_the_stream_only_when_asked_for() {
    for codec in [H264, H265] {
        for settings in ["{}", r#"{"codec":"passthrough"}"#] {
            let length = |vui| {
                let mut config = Config::new(codec, settings);
                config.controls.push((546, vui));
                let (chunks, _) = session("vui", config, 1);
                let units = &chunks[0].data;
                let sps = if codec == H264 { 0x67 } else { 0x42 };
                let start = units.windows(4).position(|window| window == [0, 0, 1, sps]).unwrap();
                units[start + 3..].windows(3).position(|window| window == [0, 0, 1] || window == [0, 0, 0])
            };
            assert!(length(1) >= length(0).map(|bytes| bytes + 8), "{settings}");
        }
    }
}
