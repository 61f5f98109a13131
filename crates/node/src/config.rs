//! Options as JavaScript gives them, and the configuration in force as it gets them.

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;

use encoder::config::{Devices, OnUnsupported, Parameter, Parameters, Resolved, integer, whole};
use encoder::{
    AspectRatio, BitrateMode, Bitstream, Code, Codec, CodecChoice, Color, Config, Error, Hardware,
    LatencyMode, Level, LogLevel, Logger, Matrix, Profile, Range, RawFormat, Result, Tuning,
};
use napi::bindgen_prelude::Either;
use napi_derive::napi;

/// See `NativeCodecChoice` in `ts/native/addon.ts`.
#[napi(object, object_to_js = false)]
pub struct NativeCodecChoice {
    pub codec: String,
    pub profile: Option<String>,
    pub level: Option<String>,
    pub high_tier: Option<bool>,
}

/// See `NativeConfig` in `ts/native/addon.ts`.
#[napi(object, object_to_js = false)]
pub struct NativeAspectRatio {
    pub width: f64,
    pub height: f64,
}

/// See `NativeColorSpace` in `ts/native/config.ts`.
#[napi(object)]
pub struct NativeColorSpace {
    pub matrix: String,
    pub full_range: Option<bool>,
}

impl NativeColorSpace {
    fn into_color(self) -> Result<Color> {
        let matrix = named("colorSpace.matrix", &self.matrix, Matrix::from_name)?;
        let range = if self.full_range.unwrap_or(false) { Range::Full } else { Range::Limited };
        Ok(Color { matrix, range })
    }
}

impl From<Color> for NativeColorSpace {
    fn from(color: Color) -> Self {
        Self { matrix: color.matrix.name().to_owned(), full_range: Some(color.range.is_full()) }
    }
}

/// See `NativeConfig` in `ts/native/addon.ts`.
#[napi(object, object_to_js = false)]
pub struct NativeConfig {
    pub codecs: Vec<NativeCodecChoice>,
    pub width: f64,
    pub height: f64,
    pub framerate: f64,
    pub adapt_framerate: bool,
    pub bitrate: Option<f64>,
    pub bitrate_mode: Option<String>,
    pub key_frame_interval: Option<f64>,
    pub parameters: HashMap<String, Either<f64, String>>,
    pub on_unsupported: String,
    pub metadata: Option<bool>,
    pub latency_mode: String,
    pub hardware: String,
    pub bitstream: String,
    pub format: String,
    pub color_space: Option<NativeColorSpace>,
    pub sample_aspect_ratio: Option<NativeAspectRatio>,
    pub device: Option<Either<String, Vec<String>>>,
    pub library: Option<String>,
    pub root: Option<String>,
    pub queue_depth: Option<f64>,
    pub device_poll: Option<bool>,
    pub timeout: f64,
    pub log_level: String,
}

/// See `NativeTuning` in `ts/native/addon.ts`.
#[napi(object, object_to_js = false)]
pub struct NativeTuning {
    pub bitrate: Option<f64>,
    pub framerate: Option<f64>,
    pub key_frame_interval: Option<f64>,
    pub width: Option<f64>,
    pub height: Option<f64>,
    pub parameters: HashMap<String, Either<f64, String>>,
}

impl NativeTuning {
    /// The same with whole numbers checked; the session checks ranges.
    pub fn into_tuning(self) -> Result<Tuning> {
        let whole = |name, value: Option<f64>| value.map(|value| integer(name, value)).transpose();
        Ok(Tuning {
            bitrate_bps: whole("bitrate", self.bitrate)?,
            framerate: self.framerate,
            key_frame_interval: whole("keyFrameInterval", self.key_frame_interval)?,
            parameters: parameters(self.parameters)?,
            size: whole("width", self.width)?.zip(whole("height", self.height)?),
        })
    }
}

/// See `NativeResolvedConfig` in `ts/native/addon.ts`.
#[napi(object, object_from_js = false)]
pub struct NativeResolvedConfig {
    pub codec: &'static str,
    pub codec_string: String,
    pub width: u32,
    pub height: u32,
    pub framerate: f64,
    pub bitrate: u32,
    pub bitrate_mode: &'static str,
    pub key_frame_interval: u32,
    pub latency_mode: &'static str,
    pub hardware: &'static str,
    pub bitstream: &'static str,
    pub format: &'static str,
    pub queue_depth: Option<u32>,
    pub timeout: u32,
}

/// Codecs that the package knows and no encoder of this version codes.
const UNCODED: [&str; 1] = ["av1"];

impl NativeConfig {
    /// The same configuration with names and whole numbers checked; the session checks ranges. Messages go to `logger`.
    pub fn into_config(self, logger: impl FnOnce(LogLevel) -> Logger) -> Result<Config> {
        let level = named("log", &self.log_level, LogLevel::from_name)?;
        let optional = |name, value: Option<f64>| value.map(|value| integer(name, value)).transpose();
        let (uncoded, coded): (Vec<_>, Vec<_>) =
            self.codecs.into_iter().partition(|choice| UNCODED.contains(&choice.codec.as_str()));
        Ok(Config {
            codecs: coded.into_iter().map(choice).collect::<Result<_>>()?,
            uncoded: uncoded.into_iter().map(|choice| choice.codec).collect(),
            width: integer("width", self.width)?,
            height: integer("height", self.height)?,
            framerate: self.framerate,
            adapt_framerate: self.adapt_framerate,
            bitrate_bps: optional("bitrate", self.bitrate)?,
            bitrate_mode: self
                .bitrate_mode
                .map(|name| named("bitrateMode", &name, BitrateMode::from_name))
                .transpose()?,
            key_frame_interval: optional("keyFrameInterval", self.key_frame_interval)?,
            parameters: parameters(self.parameters)?,
            on_unsupported: named("onUnsupported", &self.on_unsupported, OnUnsupported::from_name)?,
            metadata: self.metadata.unwrap_or(false),
            latency_mode: named("latencyMode", &self.latency_mode, LatencyMode::from_name)?,
            hardware: named("hardware", &self.hardware, Hardware::from_name)?,
            bitstream: named("bitstream", &self.bitstream, Bitstream::from_name)?,
            format: named("format", &self.format, RawFormat::from_name)?,
            color: self.color_space.map(NativeColorSpace::into_color).transpose()?,
            aspect_ratio: self.sample_aspect_ratio.map(aspect_ratio).transpose()?,
            devices: match self.device {
                Some(Either::A(only)) => Devices::Only(only.into()),
                Some(Either::B(first)) => Devices::First(first.into_iter().map(PathBuf::from).collect()),
                None => Devices::Any,
            },
            library: self.library.map(PathBuf::from),
            root: self.root.map(PathBuf::from),
            queue_depth: optional("queueDepth", self.queue_depth)?,
            device_poll: self.device_poll.unwrap_or(false),
            timeout: Duration::from_millis(integer("timeout", self.timeout)?.into()),
            logger: logger(level),
        })
    }
}

/// The values of parameters, in their ranges.
fn parameters(native: HashMap<String, Either<f64, String>>) -> Result<Parameters> {
    let mut parameters = Parameters::default();
    for (name, value) in native {
        let parameter = named("parameters", &name, Parameter::from_name)?;
        let value = match value {
            Either::A(number) => parameter.number(number)?,
            Either::B(word) => parameter.word(&word)?,
        };
        parameters.set(parameter, value);
    }
    Ok(parameters)
}

/// The two numbers that H.264 and H.265 write in 16 bits each.
fn aspect_ratio(native: NativeAspectRatio) -> Result<AspectRatio> {
    let allowed = 1..=u32::from(u16::MAX);
    let number =
        |name, value| whole(name, value, &allowed).map(|value| u16::try_from(value).unwrap_or(u16::MAX));
    Ok(AspectRatio {
        width: number("sampleAspectRatio.width", native.width)?,
        height: number("sampleAspectRatio.height", native.height)?,
    })
}

fn choice(native: NativeCodecChoice) -> Result<CodecChoice> {
    let codec = named("codec", &native.codec, Codec::from_name)?;
    let by_name = |name: &str| Profile::of(codec).iter().copied().find(|profile| profile.name() == name);
    let profile = native.profile.map(|name| named("profile", &name, by_name)).transpose()?;
    let level =
        native.level.map(|name| named("level", &name, |name| Level::parse(codec, name))).transpose()?;
    Ok(CodecChoice { codec, profile, level, high_tier: native.high_tier.unwrap_or(false) })
}

fn named<T>(option: &str, name: &str, find: impl FnOnce(&str) -> Option<T>) -> Result<T> {
    find(name).ok_or_else(|| {
        Error::range(
            Code::Config,
            format!("The option `{option}` is '{name}', which this encoder does not know."),
        )
    })
}

impl From<Resolved> for NativeResolvedConfig {
    fn from(config: Resolved) -> Self {
        let requested = &config.requested;
        Self {
            codec: config.codec.name(),
            codec_string: config.codec_string,
            width: config.width,
            height: config.height,
            framerate: config.framerate,
            bitrate: config.bitrate_bps,
            bitrate_mode: config.bitrate_mode.name(),
            key_frame_interval: config.key_frame_interval,
            latency_mode: requested.latency_mode.name(),
            hardware: requested.hardware.name(),
            bitstream: requested.bitstream.name(),
            format: requested.format.name(),
            queue_depth: requested.queue_depth,
            timeout: u32::try_from(requested.timeout.as_millis()).unwrap_or(u32::MAX),
        }
    }
}
