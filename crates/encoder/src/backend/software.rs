//! The processor as encoder: OpenH264, built in (BSD licence), H.264 only.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::time::Duration;

use convert::{Colour, Matrix, Range};
use openh264::OpenH264API;
use openh264::encoder::{
    BitRate, Complexity, Encoder, EncoderConfig, FrameRate, IntraFramePeriod, Level, Profile as OpenProfile,
    QpRange, RateControlMode, UsageType, VuiConfig,
};
use openh264::formats::YUVSource;
use v4l2::{Waker, sentence};

use super::{Backend, Opened, Opening, Output};
use crate::codec::{Codec, Profile};
use crate::config::{LatencyMode, Resolved};
use crate::error::{Code, Error, Result};
use crate::format::RawFormat;
use crate::import::{Imports, InputGeometry, InputPlane};
use crate::input::{InputBuffer, Memory};
use crate::settings::Setting;

/// `WELS_LOG_QUIET`.
const QUIET: i32 = 0;
/// One being coded, one being filled, two waiting.
const INPUTS: u32 = 4;
/// Beyond this size one thread is not enough for a camera's rate.
const THREADED_PIXELS: u32 = 1280 * 720;
/// From the finest that OpenH264's rate control allows (`GOM_MIN_QP_MODE`) to the coarsest of H.264. It takes a range from 0,
/// which is the crate's default, for none, and stops at 42: low rates are then missed many times over.
const QP: QpRange = QpRange::new(12, 51);

struct Software {
    encoder: Encoder,
    /// What a not yet started encoder is made from; OpenH264 takes changes only once it has seen a picture.
    config: Resolved,
    started: bool,
    ready: VecDeque<(Duration, Vec<u8>)>,
    free: VecDeque<u32>,
}

pub(super) fn open(opening: &Opening<'_>) -> Result<Opened> {
    let config = opening.config;
    let encoder = create(config)?;
    let inputs: Vec<_> = (0..INPUTS).map(|index| input(index, opening)).collect();
    let geometry = InputGeometry {
        format: RawFormat::I420,
        coded_width: config.width,
        coded_height: config.height,
        planes: inputs[0].planes.clone(),
        memories: inputs[0].planes.iter().map(|plane| plane.stride as u32 * config.height).collect(),
        imports: Imports::Nothing,
    };
    let software = Software {
        encoder,
        config: config.clone(),
        started: false,
        ready: VecDeque::new(),
        free: VecDeque::new(),
    };
    Ok(Opened {
        backend: Box::new(software),
        inputs,
        delay: Some(0),
        title: "openh264".to_owned(),
        settings: vec![
            Setting::requested("bitrate", config.bitrate_bps),
            Setting::requested("framerate", config.framerate),
            Setting::requested("profile", config.profile_name()),
            Setting::requested("level", config.level_name()),
            Setting::requested("bitrateMode", config.bitrate_mode.name()),
            Setting::requested("keyFrameInterval", config.key_frame_interval),
        ],
        warnings: Vec::new(),
        geometry,
    })
}

fn create(config: &Resolved) -> Result<Encoder> {
    let mut encoder = Encoder::with_api_config(OpenH264API::from_source(), encoder_config(config))
        .map_err(|error| failed("Opening the software encoder failed", &error))?;
    // Or it warns on standard error about frames that it may not skip.
    set_option(&mut encoder, openh264_sys2::ENCODER_OPTION_TRACE_LEVEL, "log level", &mut { QUIET })?;
    Ok(encoder)
}

fn failed(what: &str, error: &openh264::Error) -> Error {
    Error::new(Code::Device, format!("{what}: {}", sentence(error.to_string().trim())))
}

fn encoder_config(config: &Resolved) -> EncoderConfig {
    let realtime = config.latency_mode == LatencyMode::Realtime;
    let threads = if config.width * config.height > THREADED_PIXELS {
        std::thread::available_parallelism().map_or(1, |count| count.get().min(4) as u16)
    } else {
        1
    };
    let mut wanted = EncoderConfig::new()
        .bitrate(BitRate::from_bps(config.bitrate_bps))
        .max_frame_rate(FrameRate::from_hz(config.framerate as f32))
        .rate_control_mode(RateControlMode::Bitrate)
        .qp(QP)
        // Every accepted frame must come out: skipping is not an option.
        .skip_frames(false)
        .scene_change_detect(false)
        // Its other usages cannot code every size and rate, and fail at the first picture.
        .usage_type(UsageType::CameraVideoRealTime)
        .complexity(if realtime { Complexity::Low } else { Complexity::Medium })
        .intra_frame_period(IntraFramePeriod::from_num_frames(config.key_frame_interval))
        .profile(profile(config.profile))
        .num_threads(threads)
        .vui(vui(config.colour));
    if let Some(level) = level(config) {
        wanted = wanted.level(level);
    }
    wanted
}

fn vui(colour: Colour) -> VuiConfig {
    let known = match colour.matrix {
        Matrix::Bt601 => VuiConfig::bt601(),
        Matrix::Bt2020 => VuiConfig::bt2020(),
        _ => VuiConfig::bt709(),
    };
    known.full_range(colour.range == Range::Full)
}

fn profile(profile: Option<Profile>) -> OpenProfile {
    match profile {
        Some(Profile::Main) => OpenProfile::Main,
        Some(Profile::High) => OpenProfile::High,
        _ => OpenProfile::Baseline,
    }
}

fn level(config: &Resolved) -> Option<Level> {
    const LEVELS: [Level; 16] = [
        Level::Level_1_0,
        Level::Level_1_1,
        Level::Level_1_2,
        Level::Level_1_3,
        Level::Level_2_0,
        Level::Level_2_1,
        Level::Level_2_2,
        Level::Level_3_0,
        Level::Level_3_1,
        Level::Level_3_2,
        Level::Level_4_0,
        Level::Level_4_1,
        Level::Level_4_2,
        Level::Level_5_0,
        Level::Level_5_1,
        Level::Level_5_2,
    ];
    LEVELS.get(config.level?.position(Codec::H264)).copied()
}

fn input(index: u32, opening: &Opening<'_>) -> InputBuffer {
    let Resolved { width, height, colour, .. } = *opening.config;
    let (mut memories, mut planes) = (Vec::new(), Vec::new());
    for number in 0..RawFormat::I420.planes() {
        let size = RawFormat::I420.plane(number, width, height);
        memories.push(Memory::Heap(vec![0; size.row_bytes * size.rows].into_boxed_slice()));
        planes.push(InputPlane { memory: number, offset: 0, stride: size.row_bytes });
    }
    InputBuffer {
        index,
        opening: opening.number,
        format: RawFormat::I420,
        colour,
        width,
        height,
        memories,
        planes,
        lease: None,
    }
}

/// An input buffer as openh264 wants to see it.
struct Picture<'a>(&'a InputBuffer);

impl YUVSource for Picture<'_> {
    fn dimensions(&self) -> (usize, usize) {
        (self.0.width as usize, self.0.height as usize)
    }

    fn strides(&self) -> (usize, usize, usize) {
        (self.0.plane(0).1, self.0.plane(1).1, self.0.plane(2).1)
    }

    fn y(&self) -> &[u8] {
        self.0.plane(0).0
    }

    fn u(&self) -> &[u8] {
        self.0.plane(1).0
    }

    fn v(&self) -> &[u8] {
        self.0.plane(2).0
    }
}

/// Sets an option of the encoder, which openh264's safe interface cannot.
#[expect(unsafe_code, reason = "openh264 offers live changes through its raw interface only")]
fn set_option<T>(
    encoder: &mut Encoder,
    option: openh264_sys2::ENCODER_OPTION,
    name: &str,
    value: &mut T,
) -> Result<()> {
    // SAFETY: the interface is used for this one call, while nothing else borrows the encoder.
    let raw = unsafe { encoder.raw_api() };
    // SAFETY: the caller passes the type that openh264's codec_app_def.h names for the option.
    let status = unsafe { raw.set_option(option, std::ptr::from_mut(value).cast()) };
    if status == 0 {
        return Ok(());
    }
    Err(Error::new(Code::Control, format!("The software encoder refused the {name} (status {status}).")))
}

impl Backend for Software {
    fn submit(&mut self, input: &InputBuffer, key: Duration, key_frame: bool) -> Result<()> {
        // The first picture is a key frame by itself, and before it there is nothing to force.
        if key_frame && self.started {
            self.encoder.force_intra_frame();
        }
        self.started = true;
        let time = openh264::Timestamp::from_millis(key.as_millis() as u64);
        let coded = self
            .encoder
            .encode_at(&Picture(input), time)
            .map_err(|error| failed("The software encoder failed", &error))?;
        self.ready.push_back((key, coded.to_vec()));
        self.free.push_back(input.index);
        Ok(())
    }

    fn poll(&mut self, take: &mut dyn FnMut(Output<'_>)) -> Result<()> {
        for (key, data) in self.ready.drain(..) {
            take(if data.is_empty() {
                Output::Failed { key }
            } else {
                Output::Coded { key, data: Cow::Owned(data) }
            });
        }
        for index in self.free.drain(..) {
            take(Output::InputFree { index });
        }
        Ok(())
    }

    fn wait(&self, waker: &Waker, _busy: bool, timeout: Duration) {
        waker.wait(timeout);
    }

    fn rings(&self) -> bool {
        true
    }

    fn end_stream(&mut self, _spare: Option<u32>) -> Result<()> {
        Ok(())
    }

    fn resume(&mut self) -> Result<bool> {
        if self.started {
            self.encoder.force_intra_frame();
        }
        Ok(true)
    }

    fn forces_key_frames(&self) -> bool {
        true
    }

    fn set_bitrate(&mut self, bitrate_bps: u32) -> Result<()> {
        let rises = bitrate_bps > self.config.bitrate_bps;
        self.config.bitrate_bps = bitrate_bps;
        if !self.started {
            self.encoder = create(&self.config)?;
            return Ok(());
        }
        // The ceilings stand at the rate before, so they are raised before a higher one and lowered after a lower one.
        let mut steps = [
            (openh264_sys2::ENCODER_OPTION_MAX_BITRATE, openh264_sys2::SPATIAL_LAYER_0),
            (openh264_sys2::ENCODER_OPTION_MAX_BITRATE, openh264_sys2::SPATIAL_LAYER_ALL),
            (openh264_sys2::ENCODER_OPTION_BITRATE, openh264_sys2::SPATIAL_LAYER_ALL),
        ];
        if !rises {
            steps.reverse();
        }
        let bitrate = i32::try_from(bitrate_bps).unwrap_or(i32::MAX);
        steps.into_iter().try_for_each(|(option, layer)| {
            let mut info = openh264_sys2::SBitrateInfo { iLayer: layer, iBitrate: bitrate };
            set_option(&mut self.encoder, option, "bit rate", &mut info)
        })
    }

    fn set_framerate(&mut self, framerate: f64) -> Result<()> {
        self.config.framerate = framerate;
        if !self.started {
            self.encoder = create(&self.config)?;
            return Ok(());
        }
        let mut rate = framerate as f32;
        set_option(&mut self.encoder, openh264_sys2::ENCODER_OPTION_FRAME_RATE, "frame rate", &mut rate)
    }

    fn close(self: Box<Self>) -> Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use v4l2::transport::LibraryLookup;

    use super::*;
    use crate::config::Config;
    use crate::log::Logger;

    fn opened(config: &Config) -> Opened {
        open(&Opening {
            config: &config.resolve(config.codecs[0]).unwrap(),
            lookup: &LibraryLookup::default(),
            logger: &Logger::silent(),
            waker: &Waker::new().unwrap(),
            number: 1,
            input: crate::session::InputMode::Own,
        })
        .unwrap()
    }

    /// Noise that no picture has in common with the one before.
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
            backend.set_bitrate(bitrate_bps).unwrap();
            backend.submit(&inputs[0], Duration::from_secs(2), false).unwrap();
        }
    }

    #[test]
    fn a_low_rate_is_kept_for_pictures_that_are_hard_to_code() {
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
}
