//! NVIDIA's controls, as a table: what is sent, in this order, between the formats and the buffers.
//!
//! Ids and meanings are those of NVIDIA's `v4l2_nv_extensions.h` (L4T r32 to r36). The values are the low-latency set
//! that the known real-time users of this encoder agree on; `quality` takes a better preset and a larger buffer.

use v4l2::control::{CLASS_CODEC, Value};
use v4l2::{Errno, Transport, ioctl};

use crate::codec::{Codec, Level, Profile};
use crate::config::{BitrateMode, LatencyMode, Resolved};
use crate::error::{Code, Error, Result};
use crate::settings::{Setting, Source, Warning};

/// `V4L2_CID_MPEG_BASE`.
const BASE: u32 = 0x0099_0900;

const BITRATE: u32 = BASE + 207;
const BITRATE_PEAK: u32 = BASE + 208;
const NUM_BFRAMES: u32 = 534;
const VIRTUAL_BUFFER_SIZE: u32 = BASE + 531;
const FORCE_IDR_FRAME: u32 = BASE + 567;
pub(super) const DEVICE_POLL: u32 = BASE + 550;
pub(super) const SET_POLL_INTERRUPT: u32 = BASE + 551;

/// "Never by itself", as users of external key-frame control park it.
const NEVER: i32 = i32::MAX;

struct Control {
    id: u32,
    name: &'static str,
    /// The option it carries out, if it does.
    setting: Option<&'static str>,
    /// `None` when it does not apply.
    value: fn(&Resolved) -> Option<Value>,
}

const fn control(
    offset: u32,
    name: &'static str,
    setting: Option<&'static str>,
    value: fn(&Resolved) -> Option<Value>,
) -> Control {
    Control { id: BASE + offset, name, setting, value }
}

/// In the order of NVIDIA's 01_video_encode.
const CONTROLS: &[Control] = &[
    control(207, "BITRATE", Some("bitrate"), |config| Some(integer(config.bitrate_bps))),
    control(363, "H264_PROFILE", Some("profile"), |config| {
        only(config, Codec::H264, h264_profile(config.profile))
    }),
    // H265_PROFILE: MAIN 0.
    control(513, "H265_PROFILE", Some("profile"), |config| only(config, Codec::H265, 0)),
    control(359, "H264_LEVEL", Some("level"), |config| only(config, Codec::H264, h264_level(config.level))),
    control(561, "H265_LEVEL", Some("level"), |config| only(config, Codec::H265, h265_level(config))),
    control(206, "BITRATE_MODE", Some("bitrateMode"), |config| Some(Value::Integer(bitrate_mode(config)))),
    control(208, "BITRATE_PEAK", None, |config| peak(config).map(integer)),
    // 2: output order is decoding order, so decoders need not hold frames back.
    control(563, "POC_TYPE", None, |config| only(config, Codec::H264, 2)),
    control(514, "IDR_INTERVAL", Some("keyFrameInterval"), |config| Some(interval(config))),
    control(203, "GOP_SIZE", None, |config| Some(interval(config))),
    // Documented as a struct, taken as a number by every known user: 1 ultra fast, 3 medium.
    control(540, "HW_PRESET_TYPE", None, |config| Some(Value::Integer(by_mode(config, 1, 3)))),
    control(531, "VIRTUALBUFFER_SIZE", None, |config| Some(virtual_buffer(config))),
    control(535, "INSERT_SPS_PPS_AT_IDR", None, |_| Some(Value::Integer(1))),
    // CAVLC in the Baseline profiles, which have nothing else; CABAC above.
    control(357, "H264_ENTROPY_MODE", None, |config| only(config, Codec::H264, entropy(config.profile))),
    control(546, "INSERT_VUI", None, |_| Some(Value::Integer(1))),
    // Left out, Xavier NX does not reach its frame rate.
    control(NUM_BFRAMES, "NUM_BFRAMES", None, |config| only(config, Codec::H264, 0)),
    control(554, "MAX_PERFORMANCE", None, |config| Some(Value::Integer(by_mode(config, 1, 0)))),
];

fn integer(number: u32) -> Value {
    Value::Integer(i32::try_from(number).unwrap_or(i32::MAX))
}

fn only(config: &Resolved, codec: Codec, value: i32) -> Option<Value> {
    (config.codec == codec).then_some(Value::Integer(value))
}

fn by_mode(config: &Resolved, realtime: i32, quality: i32) -> i32 {
    match config.requested.latency_mode {
        LatencyMode::Realtime => realtime,
        LatencyMode::Quality => quality,
    }
}

fn bitrate_mode(config: &Resolved) -> i32 {
    match config.bitrate_mode {
        BitrateMode::Variable => 0,
        BitrateMode::Constant | BitrateMode::Quantizer => 1,
    }
}

fn peak(config: &Resolved) -> Option<u32> {
    (config.bitrate_mode == BitrateMode::Variable).then(|| config.peak_bps())
}

fn interval(config: &Resolved) -> Value {
    match config.key_frame_interval {
        0 => Value::Integer(NEVER),
        frames => integer(frames),
    }
}

/// The kernel's `V4L2_MPEG_VIDEO_H264_PROFILE_…`. NVIDIA documents BASELINE, MAIN and HIGH; its Baseline has none of the
/// tools that Constrained Baseline leaves out.
fn h264_profile(profile: Option<Profile>) -> i32 {
    match profile {
        Some(Profile::Main) => 2,
        Some(Profile::High) => 4,
        _ => 0,
    }
}

fn entropy(profile: Option<Profile>) -> i32 {
    i32::from(matches!(profile, Some(Profile::Main | Profile::High)))
}

/// The kernel's `V4L2_MPEG_VIDEO_H264_LEVEL_…`, in which 1b stands between 1.0 and 1.1.
fn h264_level(level: Option<Level>) -> i32 {
    match level.map_or(0, |level| level.position(Codec::H264)) {
        0 => 0,
        position => position as i32 + 1,
    }
}

/// NVIDIA's own numbering: twice the level's position for the Main tier, one more for the High tier. The kernel's would mean
/// wrong levels here.
fn h265_level(config: &Resolved) -> i32 {
    config.level.map_or(0, |level| level.position(Codec::H265)) as i32 * 2 + i32::from(config.high_tier)
}

/// Bits that may gather before the decoder: two frames, because one starves key frames; a second in quality mode.
fn virtual_buffer(config: &Resolved) -> Value {
    let bits = match config.requested.latency_mode {
        LatencyMode::Realtime => 2.0 * f64::from(config.bitrate_bps) / config.framerate,
        LatencyMode::Quality => f64::from(config.bitrate_bps),
    };
    Value::Struct(vec![bits as u32])
}

/// The time between two frames as a fraction of a second, precise for 29.97 as well.
pub(super) fn time_per_frame(framerate: f64) -> (u32, u32) {
    (1000, (framerate * 1000.0).round() as u32)
}

/// Sends every control that applies. What the device refuses becomes a warning, except the bit rate. Says last whether the
/// device accepted that there be no B frames.
pub(super) fn send_all(
    transport: &dyn Transport,
    config: &Resolved,
) -> Result<(Vec<Setting>, Vec<Warning>, bool)> {
    let mut no_b_frames = false;
    let mut settings = Vec::new();
    let mut warnings = Vec::new();
    for control in CONTROLS {
        let Some(value) = (control.value)(config) else { continue };
        match ioctl::s_ext_ctrl(transport, CLASS_CODEC, control.id, &value) {
            Ok(()) => {
                no_b_frames |= control.id == BASE + NUM_BFRAMES;
                let setting =
                    control.setting.map(|name| answered(requested(name, config), transport, control.id));
                warnings.extend(setting.as_ref().and_then(|known| known.deviation(config.bitrate_bps)));
                settings.extend(setting);
            }
            Err(error) if control.id == BITRATE => return Err(refused(control.name, error)),
            Err(error) if fatal(&error) => return Err(error.into()),
            Err(error) => {
                settings.extend(control.setting.map(|name| requested(name, config).unsupported()));
                warnings.push(Warning {
                    code: Code::Control.name(),
                    message: refused(control.name, error).message,
                    setting: control.setting,
                });
            }
        }
    }
    Ok((settings, warnings, no_b_frames))
}

fn fatal(error: &v4l2::Failure) -> bool {
    matches!(error.errno(), Some(Errno::ENODEV | Errno::EIO))
}

fn refused(name: &str, error: v4l2::Failure) -> Error {
    let message = format!("The driver rejected the control {name}: {error}.");
    Error { code: Code::Control, message, ..Error::from(error) }
}

fn requested(name: &'static str, config: &Resolved) -> Setting {
    match name {
        "bitrate" => Setting::requested(name, config.bitrate_bps),
        "profile" => Setting::requested(name, config.requested_profile()),
        "level" => Setting::requested(name, config.requested_level()),
        "bitrateMode" => Setting::requested(name, config.bitrate_mode.name()),
        _ => Setting::requested(name, config.key_frame_interval),
    }
}

/// What the driver answers for a setting. NVIDIA's answers few; profile and level come from the parameter sets later.
fn answered(asked: Setting, transport: &dyn Transport, id: u32) -> Setting {
    // Only numbers mean the same on both sides.
    if asked.name != "bitrate" {
        return asked;
    }
    match ioctl::g_ext_ctrl(transport, CLASS_CODEC, id) {
        // No encoder runs at no rate: that is no answer.
        Ok(value) if value > 0 => asked.known(value, Source::Readback),
        _ => asked,
    }
}

/// Changes bit rate, peak and buffer of a running encoder.
pub(super) fn set_rate(transport: &dyn Transport, before: &Resolved, wanted: &Resolved) -> Result<()> {
    rate_controls(before, wanted).into_iter().try_for_each(|(id, name, value)| {
        ioctl::s_ext_ctrl(transport, CLASS_CODEC, id, &value).map_err(|error| refused(name, error))
    })
}

/// What a change of the rate sends, in this order: the peak may at no time be below the target.
fn rate_controls(before: &Resolved, wanted: &Resolved) -> Vec<(u32, &'static str, Value)> {
    let mut controls = vec![(BITRATE, "BITRATE", integer(wanted.bitrate_bps))];
    if let Some(peak) = peak(wanted) {
        let rises = wanted.bitrate_bps > before.bitrate_bps;
        controls.insert(usize::from(!rises), (BITRATE_PEAK, "BITRATE_PEAK", integer(peak)));
    }
    controls.push((VIRTUAL_BUFFER_SIZE, "VIRTUALBUFFER_SIZE", virtual_buffer(wanted)));
    controls
}

/// Makes the next queued frame a key frame.
pub(super) fn force_key_frame(transport: &dyn Transport) -> Result<()> {
    ioctl::s_ext_ctrl(transport, CLASS_CODEC, FORCE_IDR_FRAME, &Value::Integer(1))
        .map_err(|error| refused("FORCE_IDR_FRAME", error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn sent(config: &Config) -> Vec<(&'static str, Value)> {
        let resolved = config.resolve(config.codecs[0]).unwrap();
        CONTROLS.iter().filter_map(|control| Some((control.name, (control.value)(&resolved)?))).collect()
    }

    fn value(sent: &[(&'static str, Value)], name: &str) -> Option<Value> {
        sent.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone())
    }

    #[test]
    fn the_defaults_are_low_latency() {
        let sent = sent(&Config::new(Codec::H264));
        assert_eq!(value(&sent, "BITRATE"), Some(Value::Integer(2_000_000)));
        assert_eq!(value(&sent, "BITRATE_MODE"), Some(Value::Integer(1)));
        assert_eq!(value(&sent, "BITRATE_PEAK"), None);
        assert_eq!(value(&sent, "HW_PRESET_TYPE"), Some(Value::Integer(1)));
        assert_eq!(value(&sent, "VIRTUALBUFFER_SIZE"), Some(Value::Struct(vec![133_333])));
        assert_eq!(value(&sent, "IDR_INTERVAL"), Some(Value::Integer(60)));
        assert_eq!(value(&sent, "H264_LEVEL"), Some(Value::Integer(9)));
        assert_eq!(value(&sent, "H264_ENTROPY_MODE"), Some(Value::Integer(0)));
    }

    #[test]
    fn h265_levels_are_numbered_nvidias_way() {
        let sent = sent(&Config { width: 3840, height: 2160, framerate: 60.0, ..Config::new(Codec::H265) });
        assert_eq!(value(&sent, "H265_LEVEL"), Some(Value::Integer(16)));
        assert_eq!(value(&sent, "H264_LEVEL"), None);
        assert_eq!(value(&sent, "POC_TYPE"), None);
    }

    #[test]
    fn variable_rate_has_a_peak_and_no_interval_means_never() {
        let config = Config {
            bitrate_mode: Some(BitrateMode::Variable),
            key_frame_interval: Some(0),
            ..Config::new(Codec::H265)
        };
        let sent = sent(&config);
        assert_eq!(value(&sent, "BITRATE_PEAK"), Some(Value::Integer(2_400_000)));
        assert_eq!(value(&sent, "IDR_INTERVAL"), Some(Value::Integer(i32::MAX)));
    }

    #[test]
    fn the_peak_is_at_no_time_below_the_target() {
        let config = Config { bitrate_mode: Some(BitrateMode::Variable), ..Config::new(Codec::H264) };
        let low = config.resolve(config.codecs[0]).unwrap();
        let high = Resolved { bitrate_bps: 3 * low.bitrate_bps, ..low.clone() };
        let names = |before, wanted| {
            rate_controls(before, wanted).iter().map(|control| control.1).collect::<Vec<_>>()
        };
        assert_eq!(names(&low, &high), ["BITRATE_PEAK", "BITRATE", "VIRTUALBUFFER_SIZE"]);
        assert_eq!(names(&high, &low), ["BITRATE", "BITRATE_PEAK", "VIRTUALBUFFER_SIZE"]);
    }

    #[test]
    fn broadcast_rates_stay_precise() {
        assert_eq!(time_per_frame(30.0), (1000, 30_000));
        assert_eq!(time_per_frame(30_000.0 / 1001.0), (1000, 29_970));
    }
}
