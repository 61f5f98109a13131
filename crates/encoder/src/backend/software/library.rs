//! OpenH264 itself: what it is made from, and what it is asked while it runs.

use convert::{Color, Matrix, Range};
use openh264::OpenH264API;
use openh264::encoder::{
    BitRate, Complexity, Encoder, EncoderConfig, FrameRate, IntraFramePeriod, Level, Profile as OpenProfile,
    QpRange, RateControlMode, UsageType, VuiConfig,
};

use crate::codec::{Codec, Profile};
use crate::config::{LatencyMode, Resolved};
use crate::error::{Code, Error, Result};

/// `WELS_LOG_QUIET`.
const QUIET: i32 = 0;
/// Beyond this size one thread is not enough for a camera's rate.
const THREADED_PIXELS: u32 = 1280 * 720;
/// The finest quantizer that OpenH264's rate control allows (`GOM_MIN_QP_MODE`).
pub(super) const FINEST_QP: u8 = 12;
/// The coarsest quantizer of H.264. OpenH264 takes a range from 0, which is the crate's default, for none, and stops at
/// 42: low rates are then missed many times over.
pub(super) const COARSEST_QP: u8 = 51;

const PARAMETERS_HINT: &str = "Try another size, frame rate or bit rate.";
const MEMORY_HINT: &str = "The process is short of memory, or the frame is too detailed for the library's buffers. A lower bit rate or \
    a smaller size helps in both cases.";

/// `CM_RETURN` of openh264's `codec_def.h`.
const MEMORY: i64 = 3;

/// An encoder for this configuration at this rate, whose quantizers are no finer than `finest_qp`.
pub(super) fn create(config: &Resolved, bitrate_bps: u32, finest_qp: u8) -> Result<Encoder> {
    let wanted = encoder_config(config, bitrate_bps).qp(QpRange::new(finest_qp, COARSEST_QP));
    let mut encoder = Encoder::with_api_config(OpenH264API::from_source(), wanted)
        .map_err(|error| failed("could not be opened", &error))?;
    // Or it warns on standard error about frames that it may not skip.
    set_option(&mut encoder, openh264_sys2::ENCODER_OPTION_TRACE_LEVEL, "log level", &mut { QUIET })?;
    Ok(encoder)
}

/// Whether the library gave up on a frame for lack of room. Its buffer holds a frame's raw size, of which it keeps a third free
/// for escaped bytes, and it frees itself when a frame needs more.
pub(super) fn lacks_room(error: &openh264::Error) -> bool {
    error.native_code() == MEMORY
}

/// The library's failure in words; it tells a number.
pub(super) fn failed(what: &str, error: &openh264::Error) -> Error {
    let (why, hint) = match error.native_code() {
        1 => ("it rejected its parameters", PARAMETERS_HINT),
        MEMORY => ("it ran out of memory", MEMORY_HINT),
        4 => ("it is not initialized", PARAMETERS_HINT),
        5 => ("it does not support the frame", PARAMETERS_HINT),
        _ => ("it gave no reason", PARAMETERS_HINT),
    };
    Error::new(Code::Device, format!("The software encoder {what}: {why}.")).with_hint(hint)
}

fn encoder_config(config: &Resolved, bitrate_bps: u32) -> EncoderConfig {
    let realtime = config.requested.latency_mode == LatencyMode::Realtime;
    let threads = if config.width * config.height > THREADED_PIXELS {
        std::thread::available_parallelism().map_or(1, |count| count.get().min(4) as u16)
    } else {
        1
    };
    let mut wanted = EncoderConfig::new()
        .bitrate(BitRate::from_bps(bitrate_bps))
        .max_frame_rate(FrameRate::from_hz(config.framerate as f32))
        .rate_control_mode(RateControlMode::Bitrate)
        // Every accepted frame must come out: skipping is not an option.
        .skip_frames(false)
        .scene_change_detect(false)
        // Its other usages cannot encode every size and rate, and fail at the first frame.
        .usage_type(UsageType::CameraVideoRealTime)
        .complexity(if realtime { Complexity::Low } else { Complexity::Medium })
        .intra_frame_period(IntraFramePeriod::from_num_frames(config.key_frame_interval))
        .profile(profile(config.profile))
        .num_threads(threads)
        .vui(vui(config.color));
    if let Some(level) = level(config) {
        wanted = wanted.level(level);
    }
    wanted
}

fn vui(color: Color) -> VuiConfig {
    let known = match color.matrix {
        Matrix::Bt601 => VuiConfig::bt601(),
        Matrix::Bt2020 => VuiConfig::bt2020(),
        _ => VuiConfig::bt709(),
    };
    known.full_range(color.range == Range::Full)
}

fn profile(profile: Option<Profile>) -> OpenProfile {
    match profile {
        // It has nothing of what High adds to Main.
        Some(Profile::Main | Profile::High) => OpenProfile::Main,
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
    Err(Error::new(Code::Control, format!("The software encoder rejected the {name}."))
        .with_hint(PARAMETERS_HINT))
}

/// Changes the bit rate of an encoder that has encoded a frame.
pub(super) fn set_bitrate(encoder: &mut Encoder, before_bps: u32, bitrate_bps: u32) -> Result<()> {
    // The ceilings stand at the rate before, so they are raised before a higher one and lowered after a lower one.
    let mut steps = [
        (openh264_sys2::ENCODER_OPTION_MAX_BITRATE, openh264_sys2::SPATIAL_LAYER_0),
        (openh264_sys2::ENCODER_OPTION_MAX_BITRATE, openh264_sys2::SPATIAL_LAYER_ALL),
        (openh264_sys2::ENCODER_OPTION_BITRATE, openh264_sys2::SPATIAL_LAYER_ALL),
    ];
    if bitrate_bps <= before_bps {
        steps.reverse();
    }
    let bitrate = i32::try_from(bitrate_bps).unwrap_or(i32::MAX);
    steps.into_iter().try_for_each(|(option, layer)| {
        let mut info = openh264_sys2::SBitrateInfo { iLayer: layer, iBitrate: bitrate };
        set_option(encoder, option, "bit rate", &mut info)
    })
}

/// Changes the frame rate of an encoder that has encoded a frame.
pub(super) fn set_framerate(encoder: &mut Encoder, framerate: f64) -> Result<()> {
    let mut rate = framerate as f32;
    set_option(encoder, openh264_sys2::ENCODER_OPTION_FRAME_RATE, "frame rate", &mut rate)
}
