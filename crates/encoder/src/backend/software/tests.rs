use v4l2::transport::LibraryLookup;

use super::*;
use crate::codec::Codec;
use crate::config::{BitrateMode, CodecChoice, Config};
use crate::log::Logger;
use convert::{Color, Matrix, Range};

fn opened(config: &Config) -> Opened {
    open(&Opening {
        config: &config.resolve(config.codecs[0]).unwrap(),
        lookup: &LibraryLookup::default(),
        logger: &Logger::silent(),
        waker: &Waker::new().unwrap(),
        number: 1,
        input: crate::input::mode::InputMode::Own,
    })
    .unwrap()
}

/// Noise that no frame has in common with the one before.
fn fill_with_noise(input: &mut InputBuffer, seed: &mut u32) {
    for memory in &mut input.memories {
        let Memory::Heap(bytes) = memory else { panic!("memory of its own") };
        for byte in bytes {
            *seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            *byte = 96 + (*seed >> 26) as u8;
        }
    }
}

#[test]
fn the_rate_of_a_running_encoder_goes_up_and_down() {
    let config = Config { width: 320, height: 240, ..Config::new(Codec::H264) };
    let Opened { mut backend, inputs, .. } = opened(&config);
    backend.submit(&inputs[0], Duration::from_secs(1), false).unwrap();
    for bitrate_bps in [700_000, 150_000, 300_000, 5_000_000, 100_000] {
        backend.tune(&Tuning { bitrate_bps: Some(bitrate_bps), ..Tuning::default() }).unwrap();
        backend.submit(&inputs[0], Duration::from_secs(2), false).unwrap();
    }
}

/// The checksum of every frame that ffmpeg decodes.
fn checksums(stream: &[u8]) -> Vec<String> {
    use std::io::Write;
    use std::process::{Command, Stdio};
    let mut child = Command::new("ffmpeg")
        .args([
            "-v",
            "error",
            "-f",
            "h264",
            "-i",
            "pipe:0",
            "-fps_mode",
            "passthrough",
            "-f",
            "framemd5",
            "pipe:1",
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("ffmpeg is needed to judge the stream: {error}"));
    child.stdin.take().unwrap().write_all(stream).unwrap();
    let text = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    let checksum = |line: &str| line.rsplit(',').next().unwrap().trim().to_owned();
    text.lines().filter(|line| !line.starts_with('#')).map(checksum).collect()
}

#[test]
fn parameter_sets_of_our_writing_change_no_frame() {
    let config = Config { width: 320, height: 240, ..Config::new(Codec::H264) };
    let Opened { config, mut backend, mut inputs, .. } = opened(&config);
    let mut before = Vec::new();
    let mut seed = 1;
    for number in 0..5 {
        fill_with_noise(&mut inputs[0], &mut seed);
        backend.submit(&inputs[0], Duration::from_secs(1 + number), number == 3).unwrap();
        backend
            .poll(&mut |output| {
                if let Output::Coded { data, .. } = output {
                    before.extend_from_slice(&data);
                }
            })
            .unwrap();
    }
    let label = crate::output::stream::Label {
        color: Color { matrix: Matrix::Bt2020, range: Range::Full },
        aspect_ratio: Some(bitstream::vui::AspectRatio { width: 64, height: 45 }),
        framerate: config.framerate,
        in_order: true,
    };
    let mut after = Vec::new();
    for unit in bitstream::access_units(bitstream::Codec::H264, &before) {
        let relabelled = crate::output::stream::relabelled(bitstream::Codec::H264, unit, &label);
        after.extend_from_slice(relabelled.data.as_deref().unwrap_or(unit));
    }
    assert_ne!(before, after);
    let frames = checksums(&before);
    assert_eq!(frames.len(), 5);
    assert_eq!(checksums(&after), frames);
}

#[test]
fn a_level_that_holds_in_neither_profile_is_reported_once_as_it_was_requested() {
    // At 5 Mbit/s 640x480 needs level 2.2 in High, and 3 in Main.
    let level = crate::codec::Level::parse(Codec::H264, "1.3");
    let choice = CodecChoice { profile: Some(Profile::High), level, ..Codec::H264.into() };
    let config = Config {
        codecs: vec![choice],
        width: 640,
        height: 480,
        framerate: 15.0,
        bitrate_bps: Some(5_000_000),
        ..Config::new(Codec::H264)
    };
    let opened = opened(&config).config;
    let reported: Vec<_> = opened.warnings.iter().map(|warning| warning.message.as_str()).collect();
    assert_eq!((opened.level_name().as_str(), reported.len()), ("3", 1), "{reported:?}");
    assert!(reported[0].starts_with("The level 1.3 was requested, but 3 is used"), "{}", reported[0]);
}

#[test]
fn a_low_rate_is_kept_for_frames_that_are_hard_to_encode() {
    const FRAMES: u32 = 90;
    let bitrate_bps = 300_000;
    let config = Config {
        width: 320,
        height: 240,
        bitrate_bps: Some(bitrate_bps),
        framerate: 30.0,
        ..Config::new(Codec::H264)
    };
    let Opened { mut backend, mut inputs, .. } = opened(&config);
    let (mut seed, mut bytes) = (1, 0);
    for frame in 0..FRAMES {
        fill_with_noise(&mut inputs[0], &mut seed);
        let key = Duration::from_secs(1) + Duration::from_secs(1) * frame / 30;
        backend.submit(&inputs[0], key, false).unwrap();
        backend
            .poll(&mut |output| {
                if let Output::Coded { data, .. } = output {
                    bytes += data.len();
                }
            })
            .unwrap();
    }
    let coded_bps = bytes * 8 * 30 / FRAMES as usize;
    assert!(coded_bps < 2 * bitrate_bps as usize, "{coded_bps} bits per second");
}

/// Fills the memories of a frame.
fn paint(input: &mut InputBuffer, mut value: impl FnMut(u32, u32) -> u8) {
    let width = input.width;
    for memory in &mut input.memories {
        let Memory::Heap(bytes) = memory else { panic!("memory of its own") };
        for (index, byte) in (0..).zip(bytes.iter_mut()) {
            *byte = value(index % width, index / width);
        }
    }
}

fn black_or_white(white: bool) -> u8 {
    if white { 255 } else { 0 }
}

/// The n-th number of a sequence that looks random.
fn noise(seed: &mut u32) -> u32 {
    *seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
    *seed
}

/// A sample of a frame, by a seed and where it is.
type Sample = fn(&mut u32, u32, u32) -> u8;

/// Frames that cost more bits than any camera's.
const HARD: [(&str, Sample); 4] = [
    ("noise", |seed, _, _| (noise(seed) >> 24) as u8),
    ("black and white noise", |seed, _, _| black_or_white(noise(seed) >> 31 == 1)),
    ("a checkerboard of single pixels", |_, x, y| black_or_white((x + y) % 2 == 1)),
    ("bands", |_, x, y| ((x * 37) ^ (y * 91)) as u8),
];

#[test]
fn the_stream_goes_on_whatever_a_frame_costs() {
    for (width, height) in [(66, 64), (640, 480)] {
        for (name, value) in HARD {
            for grey_first in [false, true] {
                let case = format!("{name} at {width}x{height}, after grey: {grey_first}");
                let config = Config { width, height, ..Config::new(Codec::H264) };
                let Opened { mut backend, mut inputs, .. } = opened(&config);
                let (mut seed, mut sizes) = (1, Vec::new());
                for frame in 0..3 {
                    let grey = grey_first && frame == 0;
                    paint(&mut inputs[0], |x, y| if grey { 128 } else { value(&mut seed, x, y) });
                    let key = Duration::from_secs(1) + Duration::from_millis(33) * frame;
                    backend.submit(&inputs[0], key, frame == 1).expect(&case);
                    backend
                        .poll(&mut |output| match output {
                            Output::Coded { data, .. } => sizes.push(data.len()),
                            Output::Failed { .. } => panic!("lost: {case}"),
                            _ => {}
                        })
                        .unwrap();
                }
                assert_eq!(sizes.len(), 3, "{case}");
            }
        }
    }
}

#[test]
fn quantizers_are_fine_again_after_a_hard_frame() {
    let config =
        Config { width: 640, height: 480, bitrate_bps: Some(20_000_000), ..Config::new(Codec::H264) };
    let (black_and_white, seed) = (HARD[1].1, &mut 1);
    let Opened { mut backend, mut inputs, .. } = opened(&config);
    let mut size_of = |seconds: u64, value: &mut dyn FnMut(u32, u32) -> u8| {
        paint(&mut inputs[0], value);
        backend.submit(&inputs[0], Duration::from_secs(seconds), true).unwrap();
        let mut size = 0;
        backend
            .poll(&mut |output| {
                if let Output::Coded { data, .. } = output {
                    size = data.len();
                }
            })
            .unwrap();
        size
    };
    let mut slope = |x: u32, y: u32| (x * 3 + y * y / 8) as u8;
    let before = size_of(1, &mut slope);
    size_of(2, &mut |x, y| black_and_white(seed, x, y));
    let after = size_of(3, &mut slope);
    assert!(after >= before, "{before} bytes before and {after} after");
}

/// Bytes of two easy seconds, and of two hard ones after them.
fn bytes_of(mode: BitrateMode) -> [usize; 2] {
    let config = Config {
        width: 160,
        height: 128,
        bitrate_bps: Some(500_000),
        bitrate_mode: Some(mode),
        ..Config::new(Codec::H264)
    };
    let Opened { mut backend, mut inputs, .. } = opened(&config);
    let (mut bytes, mut seed) = ([0; 2], 1);
    for frame in 0..120 {
        let hard = frame >= 60;
        paint(&mut inputs[0], |x, y| {
            (64 + (x + y + frame) / 4 + (noise(&mut seed) >> if hard { 27 } else { 30 })) as u8
        });
        let key = Duration::from_secs(1) + Duration::from_secs(1) * frame / 30;
        backend.submit(&inputs[0], key, false).unwrap();
        backend
            .poll(&mut |output| {
                if let Output::Coded { data, .. } = output {
                    bytes[usize::from(hard)] += data.len();
                }
            })
            .unwrap();
    }
    bytes
}

#[test]
fn a_variable_rate_spends_less_on_easy_frames_and_more_on_hard_ones() {
    let [constant, variable] = [BitrateMode::Constant, BitrateMode::Variable].map(bytes_of);
    assert!(variable[0] * 10 < constant[0] * 9, "easy: {variable:?} and {constant:?}");
    assert!(variable[1] * 20 > constant[1] * 21, "hard: {variable:?} and {constant:?}");
    assert!(variable[1] * 10 < constant[1] * 13, "at most the peak: {variable:?} and {constant:?}");
}
