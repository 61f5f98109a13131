//! What the controls do to the stream, by the stream.

use crate::{
    client::{Chunk, Client, Config, FLAG_KEYFRAME, H264, H265, STREAMON, directory},
    encoding::{session, stream},
    judge::{decode, header_values, picture, picture_kinds, psnr, stream_field, unit_types},
};

const BOTH: [(u32, &str); 2] = [(H264, "h264"), (H265, "hevc")];
/// Main profile, which B frames and CABAC need.
const MAIN: (u32, u32) = (363, 2);

/// Controls that point at words.
type Payloads<'a> = &'a [(u32, &'a [u32])];

/// Offsets of controls with their values.
type Values<'a> = &'a [(u32, u32)];

fn coded(test: &str, config: Config, frames: u32) -> Vec<Chunk> {
    let (chunks, violations) = session(test, config, frames);
    assert_eq!(violations, "");
    chunks
}

fn config(codec: u32, controls: Values<'_>, payloads: Payloads<'_>) -> Config {
    let mut config = Config::new(codec, "{}");
    config.controls.extend(controls);
    config.payloads = payloads.iter().map(|(id, words)| (*id, words.to_vec())).collect();
    config
}

/// The QP in the header of each slice.
fn slice_qps(format: &str, chunks: &[Chunk], test: &str) -> Vec<i64> {
    let (directory, bytes) = (directory(test), stream(chunks));
    let field = if format == "h264" { "pic_init_qp_minus26" } else { "init_qp_minus26" };
    let base = 26 + header_values(format, &bytes, &directory, field)[0];
    let deltas = header_values(format, &bytes, &directory, "slice_qp_delta");
    deltas.into_iter().map(|delta| base + delta).collect()
}

#[test]
fn constant_qps_are_those_of_the_slices() {
    for (codec, format) in BOTH {
        for off in [(215, 0), (206, 2)] {
            let controls = [off, (350, 21), (351, 33), (514, 3)];
            let chunks = coded("constant", config(codec, &controls, &[]), 6);
            assert_eq!(slice_qps(format, &chunks, "constant"), [21, 33, 33, 21, 33, 33]);
        }
    }
    let controls = [(215, 0), (350, 20), (351, 24), (352, 31), (534, 1), MAIN];
    let chunks = coded("constant-b", config(H264, &controls, &[]), 5);
    assert_eq!(slice_qps("h264", &chunks, "constant-b"), [20, 24, 31, 24, 31]);
}

#[test]
fn qp_ranges_hold_for_each_type_of_frame() {
    const LEAVE: u32 = u32::MAX;
    let range = [30, 31, 40, 42, LEAVE, LEAVE];
    let chunks = coded("range", config(H264, &[(207, 20_000_000), (514, 4)], &[(539, &range)]), 8);
    let qps = slice_qps("h264", &chunks, "range");
    assert_eq!(qps, [30, 40, 40, 40, 30, 40, 40, 40], "as good as the range lets it be");
    let chunks = coded("range", config(H264, &[(207, 10_000)], &[(539, &[LEAVE, 25, LEAVE, 27])]), 8);
    let qps = slice_qps("h264", &chunks, "range");
    assert!(qps[0] == 25 && qps[1..].iter().all(|&qp| qp == 27), "as bad: {qps:?}");
    let size = |most: u32| {
        let chunks = coded("range-h265", config(H265, &[(207, 10_000)], &[(539, &[0, most, 0, most])]), 8);
        stream(&chunks).len()
    };
    assert!(size(20) > 2 * size(40));
}

#[test]
fn the_first_frame_has_the_qp_that_was_asked_for() {
    let chunks = coded("init", config(H264, &[], &[(574, &[37, 30, 30])]), 3);
    assert_eq!(slice_qps("h264", &chunks, "init")[0], 37);
    let first = |qp| coded("init-h265", config(H265, &[], &[(574, &[qp, qp, qp])]), 1)[0].data.len();
    assert!(first(20) > 2 * first(45));
}

#[test]
fn slices_are_cut_by_macroblocks_and_by_bits() {
    for settings in ["{}", r#"{"codec":"passthrough"}"#] {
        // 20x15 macroblocks.
        let slices = Config { settings: settings.into(), ..config(H264, &[], &[(529, &[1, 100])]) };
        let chunks = coded("slices", slices, 3);
        assert_eq!(
            header_values("h264", &stream(&chunks), &directory("slices"), "first_mb_in_slice"),
            [0, 100, 200, 0, 100, 200, 0, 100, 200]
        );
        assert_eq!(decode("h264", &stream(&chunks), 320, 240).len(), 3);
    }
    let bits = config(H264, &[(357, 1), MAIN, (563, 0)], &[(529, &[0, 8000])]);
    let chunks = coded("slice-bits", bits, 3);
    let longest = chunks.iter().flat_map(|chunk| unit_lengths(&chunk.data)).max().unwrap();
    assert!((500..=1000).contains(&longest), "{longest} bytes");
    assert_eq!(decode("h264", &stream(&chunks), 320, 240).len(), 3);
    let chunks = coded("slices-h265", config(H265, &[], &[(529, &[1, 100])]), 2);
    assert_eq!(unit_types(true, &chunks[1].data), [1, 1, 1]);
    assert_eq!(decode("hevc", &stream(&chunks), 320, 240).len(), 2);
}

fn unit_lengths(bytes: &[u8]) -> Vec<usize> {
    let starts: Vec<_> =
        bytes.windows(3).enumerate().filter(|(_, w)| *w == [0, 0, 1]).map(|(at, _)| at).collect();
    let ends = starts.iter().skip(1).copied().chain([bytes.len()]);
    starts.iter().zip(ends).map(|(start, end)| end - start - 3).collect()
}

#[test]
fn intra_refresh_heals_a_loss_without_a_key_frame() {
    for (codec, format) in BOTH {
        let after_a_loss = |refresh: u32| {
            let payloads: Payloads<'_> = if refresh > 0 { &[(533, &[10])] } else { &[] };
            let mut chunks = coded("refresh", config(codec, &[(215, 0)], payloads), 40);
            assert!(chunks[1..].iter().all(|chunk| chunk.flags & FLAG_KEYFRAME == 0));
            let whole = decode(format, &stream(&chunks), 320, 240);
            // Later frames refer to another picture where this one is missing.
            let keep = chunks.remove(5);
            chunks.insert(5, Chunk { data: damaged(&keep.data), ..keep });
            let lossy = quietly(format, &stream(&chunks));
            psnr(whole.last().unwrap(), lossy.last().unwrap())
        };
        let (with, without) = (after_a_loss(10), after_a_loss(0));
        // libx265 does not keep motion vectors out of what is not refreshed yet.
        let (enough, apart) = if codec == H264 { (45.0, 5.0) } else { (30.0, 3.0) };
        assert!(with > enough && without < with - apart, "{format}: {with} dB, without {without} dB");
    }
}

/// The same unit with its data overwritten.
fn damaged(bytes: &[u8]) -> Vec<u8> {
    let keep = 20.min(bytes.len());
    bytes.iter().enumerate().map(|(at, &byte)| if at < keep { byte } else { byte ^ 0x55 }).collect()
}

fn quietly(format: &str, stream: &[u8]) -> Vec<Vec<u8>> {
    let file = directory("refresh").join("damaged");
    std::fs::write(&file, stream).unwrap();
    let output = std::process::Command::new("ffmpeg")
        .args(["-v", "quiet", "-ec", "0", "-f", format, "-i"])
        .arg(file)
        .args(["-f", "rawvideo", "-pix_fmt", "yuv420p", "-fps_mode", "passthrough", "-"])
        .output()
        .unwrap();
    output.stdout.chunks(320 * 240 * 3 / 2).map(<[u8]>::to_vec).collect()
}

#[test]
fn references_and_picture_order_are_in_the_parameter_set() {
    for settings in ["{}", r#"{"codec":"passthrough"}"#] {
        for order in [0, 2] {
            for cabac in [0, 1] {
                let controls = [(563, order), (357, cabac), MAIN, (514, 4)];
                let config = Config { settings: settings.into(), ..config(H264, &controls, &[(532, &[3])]) };
                let bytes = stream(&coded("order", config, 9));
                let value = |field| header_values("h264", &bytes, &directory("order"), field);
                assert_eq!(value("pic_order_cnt_type")[0], i64::from(order));
                assert_eq!(value("max_num_ref_frames")[0], 3);
                if order == 0 {
                    assert_eq!(value("pic_order_cnt_lsb"), [0, 2, 4, 6, 0, 2, 4, 6, 0]);
                }
                let decoded = decode("h264", &bytes, 320, 240);
                assert_eq!(decoded.len(), 9);
                if settings == "{}" {
                    assert!(psnr(&decoded[8], &picture(320, 240, 8)) > 30.0);
                }
            }
        }
    }
    let bytes = stream(&coded("order-h265", config(H265, &[], &[(532, &[3])]), 5));
    assert_eq!(
        header_values("hevc", &bytes, &directory("order-h265"), "sps_max_dec_pic_buffering_minus1[0]")[0],
        3
    );
}

#[test]
fn b_frames_come_after_the_frames_they_refer_to() {
    for (codec, format, generation) in [(H264, "h264", 6), (H265, "hevc", 5)] {
        let mut config = config(codec, &[(534, 2), (514, 6), (203, 3), MAIN], &[]);
        config.settings = format!(r#"{{"generation":{generation}}}"#);
        config.sync = if generation == 5 { crate::client::Sync::DmaBuf } else { config.sync };
        let chunks = coded("b-frames", config, 12);
        let times: Vec<_> =
            chunks[..12].iter().map(|chunk| (chunk.timestamp_us - 1_000_000) / 33_333).collect();
        assert!(times.windows(2).any(|pair| pair[0] > pair[1]), "{times:?}");
        let kinds = picture_kinds(format, &stream(&chunks), &directory("b-frames"));
        assert_eq!(kinds.len(), 12);
        assert!(kinds.starts_with("IBB") || kinds.starts_with("IBP"), "{kinds}");
        assert_eq!(&kinds[6..7], "I", "{kinds}");
        let decoded = decode(format, &stream(&chunks), 320, 240);
        for (number, frame) in decoded.iter().enumerate() {
            let quality = psnr(frame, &picture(320, 240, number as u32));
            assert!(quality > 28.0, "{format} frame {number}: {quality} dB");
        }
        assert_eq!(stream_field(format, &stream(&chunks), &directory("b-frames"), "has_b_frames"), "1");
    }
}

#[test]
fn settings_that_contradict_each_other_fail_when_both_queues_stream() {
    let high = (363, 4);
    let cases: &[(u32, Values<'_>, Payloads<'_>)] = &[
        (H264, &[(534, 1), high, (563, 2)], &[]),
        (H264, &[(534, 1), (363, 0)], &[]),
        (H264, &[(534, 1), high], &[(532, &[1])]),
        (H265, &[(534, 1)], &[]),
        (H264, &[(359, 0)], &[(532, &[4])]),
    ];
    for &(codec, controls, payloads) in cases {
        let config = config(codec, controls, payloads);
        let mut client = Client::open("contradictions", config.clone());
        client.set_formats().unwrap();
        config
            .controls
            .iter()
            .for_each(|&(id, value)| client.control(crate::client::BASE + id, value).unwrap());
        config
            .payloads
            .iter()
            .for_each(|(id, words)| client.payload(crate::client::BASE + id, words).unwrap());
        client.request_all().unwrap();
        assert_eq!(client.stream(STREAMON), Err(libc::EINVAL), "{controls:?}");
        assert_eq!(client.finish(), "");
    }
}

#[test]
fn aspect_range_and_reordering_are_in_the_vui() {
    for (codec, format, height, width) in [(H264, "h264", 364, 365), (H265, "hevc", 565, 564)] {
        let controls = [(546, 1), (width, 4), (height, 3), (548, 1)];
        let bytes = stream(&coded("vui-fields", config(codec, &controls, &[]), 2));
        let field = |name| stream_field(format, &bytes, &directory("vui-fields"), name);
        assert_eq!(field("sample_aspect_ratio"), "4:3");
        assert_eq!(field("color_range"), "pc");
        assert_eq!(field("has_b_frames"), "0");
        assert_eq!(field("r_frame_rate"), "30/1");
        let bytes = stream(&coded("vui-none", config(codec, &controls[1..], &[]), 2));
        assert_ne!(stream_field(format, &bytes, &directory("vui-none"), "sample_aspect_ratio"), "4:3");
    }
}

#[test]
fn every_frame_is_an_intra_picture_and_one_a_key_frame() {
    for (codec, format) in BOTH {
        let chunks = coded("all-intra", config(codec, &[(555, 1)], &[]), 5);
        assert_eq!(picture_kinds(format, &stream(&chunks), &directory("all-intra")), "IIIII");
        let keys: Vec<_> = chunks[..5].iter().map(|chunk| chunk.flags & FLAG_KEYFRAME != 0).collect();
        assert_eq!(keys, [true, false, false, false, false]);
        let decoded = decode(format, &stream(&chunks), 320, 240);
        assert!(psnr(&decoded[4], &picture(320, 240, 4)) > 30.0);
    }
}

#[test]
fn frames_are_left_out_for_the_quality_of_the_others() {
    for (level, left) in [(1, 12), (2, 10), (3, 8), (4, 5)] {
        let chunks = coded("tradeoff", config(H264, &[(528, level)], &[]), 15);
        assert_eq!(chunks.len() - 1, left);
        assert_eq!(decode("h264", &stream(&chunks), 320, 240).len(), left);
    }
}
