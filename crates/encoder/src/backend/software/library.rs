//! What OpenH264 is made from, and what it is asked while it runs.

use convert::{Color, Matrix, Range};
use openh264_sys2::{
    CAMERA_VIDEO_REAL_TIME, CONSTANT_ID, ECOMPLEXITY_MODE, EProfileIdc, HIGH_COMPLEXITY, LOW_COMPLEXITY,
    MEDIUM_COMPLEXITY, PRO_BASELINE, PRO_MAIN, RC_BITRATE_MODE, RC_OFF_MODE, SEncParamExt,
    SM_FIXEDSLCNUM_SLICE, SM_SINGLE_SLICE, SM_SIZELIMITED_SLICE, SSpatialLayerConfig,
};

use super::openh264::{MEMORY, OpenH264, Status};
use crate::codec::{Codec, Profile};
use crate::config::{BitrateMode, LatencyMode, Parameter, Resolved};
use crate::error::{Code, Error, Result};

/// `WELS_LOG_QUIET`.
const QUIET: i32 = 0;
/// Beyond this size one thread is not enough for a camera's rate.
const THREADED_PIXELS: u32 = 1280 * 720;
/// The finest quantizer that OpenH264's rate control allows (`GOM_MIN_QP_MODE`).
pub(super) const FINEST_QP: u8 = 12;
/// The coarsest quantizer of H.264. OpenH264 takes a range from 0, which is its default, for none, and stops at
/// 42: low rates are then missed many times over.
pub(super) const COARSEST_QP: u8 = 51;
/// `MAX_MACROBLOCK_SIZE_IN_BYTE` and `NAL_HEADER_ADD_0X30BYTES`: a slice has room for one macroblock at least.
pub(super) const MIN_SLICE_BYTES: u32 = 400 + 20 + 1;
/// `MAX_SLICES_NUM`.
pub(super) const MAX_SLICES: u32 = 35;

const PARAMETERS_HINT: &str = "Try another size, frame rate or bit rate.";
const MEMORY_HINT: &str = "The process is short of memory, or the frame is too detailed for the library's buffers. A lower bit rate or \
    a smaller size helps in both cases.";

/// An encoder for this configuration at this rate, whose quantizers are no finer than `finest_qp`.
pub(super) fn create(config: &Resolved, bitrate_bps: u32, finest_qp: u8) -> Result<OpenH264> {
    let not_opened = |status| failed("could not be opened", status);
    let mut encoder = OpenH264::new().map_err(not_opened)?;
    // Or it warns on standard error about frames that it may not skip.
    set_option(&mut encoder, openh264_sys2::ENCODER_OPTION_TRACE_LEVEL, "log level", &mut { QUIET })?;
    let parameters = parameters(&mut encoder, config, bitrate_bps, finest_qp).map_err(not_opened)?;
    encoder.initialize(&parameters).map_err(not_opened)?;
    Ok(encoder)
}

/// Gives a running encoder the parameters of this configuration; where they need other memory it begins a new stream by itself.
pub(super) fn reconfigure(
    encoder: &mut OpenH264,
    config: &Resolved,
    bitrate_bps: u32,
    finest_qp: u8,
) -> Result<()> {
    let mut parameters = parameters(encoder, config, bitrate_bps, finest_qp)
        .map_err(|status| failed("could not be changed", status))?;
    set_option(encoder, openh264_sys2::ENCODER_OPTION_SVC_ENCODE_PARAM_EXT, "parameters", &mut parameters)
}

/// Whether the library gave up on a frame for lack of room. Its buffer holds a frame's raw size, of which it keeps a third free
/// for escaped bytes, and it frees itself when a frame needs more.
pub(super) fn lacks_room(status: Status) -> bool {
    status == MEMORY
}

/// The library's failure in words; it returns a number.
pub(super) fn failed(what: &str, status: Status) -> Error {
    let (why, hint) = match status {
        Status(1) => ("it rejected its parameters", PARAMETERS_HINT),
        MEMORY => ("it ran out of memory", MEMORY_HINT),
        Status(4) => ("it is not initialized", PARAMETERS_HINT),
        Status(5) => ("it does not support the frame", PARAMETERS_HINT),
        _ => ("it gave no reason", PARAMETERS_HINT),
    };
    Error::new(Code::Device, format!("The software encoder {what}: {why}.")).with_hint(hint)
}

fn parameters(
    encoder: &mut OpenH264,
    config: &Resolved,
    bitrate_bps: u32,
    finest_qp: u8,
) -> std::result::Result<SEncParamExt, Status> {
    let integer = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
    let requested = |parameter| config.parameters.get(parameter);
    let mut wanted = encoder.default_parameters()?;
    let by_quantizer = config.bitrate_mode == BitrateMode::Quantizer;
    // Its other usages cannot encode every size and rate, and fail at the first frame.
    wanted.iUsageType = CAMERA_VIDEO_REAL_TIME;
    (wanted.iPicWidth, wanted.iPicHeight) = (integer(config.width), integer(config.height));
    wanted.iTargetBitrate = integer(bitrate_bps);
    wanted.iRCMode = if by_quantizer { RC_OFF_MODE } else { RC_BITRATE_MODE };
    wanted.fMaxFrameRate = config.framerate as f32;
    wanted.iTemporalLayerNum = integer(temporal_layers(config));
    wanted.iSpatialLayerNum = 1;
    wanted.iComplexityMode = complexity(config);
    wanted.uiIntraPeriod = intra_period(config);
    wanted.eSpsPpsIdStrategy = CONSTANT_ID;
    // Every accepted frame must come out: skipping is not an option.
    wanted.bEnableFrameSkip = false;
    wanted.iMinQp = integer(requested(Parameter::MinQuantizer).unwrap_or(0).max(finest_qp.into()));
    wanted.iMaxQp =
        integer(requested(Parameter::MaxQuantizer).unwrap_or(COARSEST_QP.into()).max(finest_qp.into()));
    wanted.iMultipleThreadIdc = threads(config);
    wanted.iLoopFilterDisableIdc = 0;
    wanted.bEnableSceneChangeDetect = false;
    // It moves the quantizer from macroblock to macroblock.
    wanted.bEnableAdaptiveQuant &= !by_quantizer;
    wanted.iLtrMarkPeriod = 30;
    if let Some(bytes) = requested(Parameter::SliceBytes) {
        wanted.uiMaxNalSize = bytes.max(MIN_SLICE_BYTES);
    }
    layer(&mut wanted.sSpatialLayers[0], config, integer(bitrate_bps));
    Ok(wanted)
}

fn layer(layer: &mut SSpatialLayerConfig, config: &Resolved, bitrate: i32) {
    let requested = |parameter| config.parameters.get(parameter);
    (layer.iVideoWidth, layer.iVideoHeight) = (config.width as i32, config.height as i32);
    layer.fFrameRate = config.framerate as f32;
    (layer.iSpatialBitrate, layer.iMaxSpatialBitrate) = (bitrate, bitrate);
    layer.uiProfileIdc = profile(config.profile);
    if let Some(level) = level(config) {
        layer.uiLevelIdc = level;
    }
    if let Some(quantizer) = requested(Parameter::Quantizer) {
        layer.iDLayerQp = quantizer as i32;
    }
    let slices = &mut layer.sSliceArgument;
    (slices.uiSliceMode, slices.uiSliceNum) = (SM_SINGLE_SLICE, 1);
    if let Some(count) = requested(Parameter::SliceCount).filter(|count| *count > 1) {
        (slices.uiSliceMode, slices.uiSliceNum) = (SM_FIXEDSLCNUM_SLICE, count);
    }
    if let Some(bytes) = requested(Parameter::SliceBytes) {
        (slices.uiSliceMode, slices.uiSliceSizeConstraint) =
            (SM_SIZELIMITED_SLICE, bytes.max(MIN_SLICE_BYTES));
    }
    signal(layer, config.color);
}

/// Says what the colors mean: primaries, transfer and matrix of ITU-T H.264, Annex E.
fn signal(layer: &mut SSpatialLayerConfig, color: Color) {
    let (primaries, transfer, matrix) = match color.matrix {
        Matrix::Bt601 => (6, 6, 6),
        Matrix::Bt2020 => (9, 14, 9),
        _ => (1, 1, 1),
    };
    layer.bVideoSignalTypePresent = true;
    layer.bColorDescriptionPresent = true;
    layer.bFullRange = color.range == Range::Full;
    (layer.uiColorPrimaries, layer.uiTransferCharacteristics, layer.uiColorMatrix) =
        (primaries, transfer, matrix);
}

fn complexity(config: &Resolved) -> ECOMPLEXITY_MODE {
    // `PRESETS`: ultrafast, fast, medium, slow.
    match config.parameters.get(Parameter::Preset) {
        Some(0 | 1) => LOW_COMPLEXITY,
        Some(2) => MEDIUM_COMPLEXITY,
        Some(_) => HIGH_COMPLEXITY,
        None if config.requested.latency_mode == LatencyMode::Realtime => LOW_COMPLEXITY,
        None => MEDIUM_COMPLEXITY,
    }
}

/// Layers of which each further one doubles the frame rate.
fn temporal_layers(config: &Resolved) -> u32 {
    config.parameters.get(Parameter::ScalabilityMode).map_or(1, |mode| mode + 1)
}

/// Frames from one key frame to the next. A key frame begins a group of all temporal layers, so it is a multiple of that.
pub(super) fn intra_period(config: &Resolved) -> u32 {
    config.key_frame_interval.next_multiple_of(1 << (temporal_layers(config) - 1))
}

/// It divides a frame into slices for its threads, so they are its own to choose where the caller has chosen slices.
fn threads(config: &Resolved) -> u16 {
    let sliced = config.parameters.get(Parameter::SliceBytes).is_some();
    if config.width * config.height <= THREADED_PIXELS || sliced {
        return 1;
    }
    std::thread::available_parallelism().map_or(1, |count| count.get().min(4) as u16)
}

fn profile(profile: Option<Profile>) -> EProfileIdc {
    match profile {
        // It has nothing of what High adds to Main.
        Some(Profile::Main | Profile::High) => PRO_MAIN,
        _ => PRO_BASELINE,
    }
}

fn level(config: &Resolved) -> Option<openh264_sys2::ELevelIdc> {
    use openh264_sys2::{
        LEVEL_1_0, LEVEL_1_1, LEVEL_1_2, LEVEL_1_3, LEVEL_2_0, LEVEL_2_1, LEVEL_2_2, LEVEL_3_0, LEVEL_3_1,
        LEVEL_3_2, LEVEL_4_0, LEVEL_4_1, LEVEL_4_2, LEVEL_5_0, LEVEL_5_1, LEVEL_5_2,
    };
    const LEVELS: [openh264_sys2::ELevelIdc; 16] = [
        LEVEL_1_0, LEVEL_1_1, LEVEL_1_2, LEVEL_1_3, LEVEL_2_0, LEVEL_2_1, LEVEL_2_2, LEVEL_3_0, LEVEL_3_1,
        LEVEL_3_2, LEVEL_4_0, LEVEL_4_1, LEVEL_4_2, LEVEL_5_0, LEVEL_5_1, LEVEL_5_2,
    ];
    LEVELS.get(config.level?.position(Codec::H264)).copied()
}

fn set_option<T>(
    encoder: &mut OpenH264,
    option: openh264_sys2::ENCODER_OPTION,
    name: &str,
    value: &mut T,
) -> Result<()> {
    encoder.set(option, value).map_err(|_| {
        Error::new(Code::Control, format!("The software encoder rejected the {name}."))
            .with_hint(PARAMETERS_HINT)
    })
}

/// Changes the bit rate of an encoder that has encoded a frame.
pub(super) fn set_bitrate(encoder: &mut OpenH264, before_bps: u32, bitrate_bps: u32) -> Result<()> {
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
pub(super) fn set_framerate(encoder: &mut OpenH264, framerate: f64) -> Result<()> {
    let mut rate = framerate as f32;
    set_option(encoder, openh264_sys2::ENCODER_OPTION_FRAME_RATE, "frame rate", &mut rate)
}

/// Changes the distance of key frames of an encoder that has encoded a frame.
pub(super) fn set_intra_period(encoder: &mut OpenH264, frames: u32) -> Result<()> {
    let mut frames = i32::try_from(frames).unwrap_or(i32::MAX);
    set_option(encoder, openh264_sys2::ENCODER_OPTION_IDR_INTERVAL, "key-frame interval", &mut frames)
}
