//! The standard codec controls, as a table: what is set, in this order, between the formats and the buffers.
//!
//! Every one is optional for a driver. So each is asked about first, set by itself, and read back; what the driver does not
//! have, refuses or changes is reported. Ids are those of `<linux/v4l2-controls.h>`.

use v4l2::control::Value;
use v4l2::ioctl::{self, ControlDescription};
use v4l2::{Errno, Transport};

use super::quirks::Quirks;
use crate::codec::{Codec, Level, Profile};
use crate::config::{BitrateMode, PEAK_TENTHS, Resolved};
use crate::error::{Code, Error, Result};
use crate::settings::{Setting, Source, Warning, deviation};

/// `V4L2_CID_CODEC_BASE`
const BASE: u32 = 0x0099_0900;

pub(super) const MIN_BUFFERS_FOR_CAPTURE: u32 = 0x0098_0927;
pub(super) const MIN_BUFFERS_FOR_OUTPUT: u32 = 0x0098_0928;
const B_FRAMES: u32 = BASE + 202;
pub(super) const GOP_SIZE: u32 = BASE + 203;
pub(super) const BITRATE_MODE: u32 = BASE + 206;
pub(super) const BITRATE: u32 = BASE + 207;
const BITRATE_PEAK: u32 = BASE + 208;
pub(super) const FRAME_RC_ENABLE: u32 = BASE + 215;
pub(super) const HEADER_MODE: u32 = BASE + 216;
pub(super) const REPEAT_SEQ_HEADER: u32 = BASE + 226;
pub(super) const FORCE_KEY_FRAME: u32 = BASE + 229;
pub(super) const AU_DELIMITER: u32 = BASE + 231;
pub(super) const H264_MIN_QP: u32 = BASE + 353;
pub(super) const H264_8X8_TRANSFORM: u32 = BASE + 355;
pub(super) const H264_ENTROPY_MODE: u32 = BASE + 357;
pub(super) const H264_I_PERIOD: u32 = BASE + 358;
pub(super) const H264_LEVEL: u32 = BASE + 359;
pub(super) const H264_LOOP_FILTER_MODE: u32 = BASE + 362;
pub(super) const H264_PROFILE: u32 = BASE + 363;
const VP8_PROFILE: u32 = BASE + 511;
const VP9_PROFILE: u32 = BASE + 512;
pub(super) const HEVC_PROFILE: u32 = BASE + 615;
pub(super) const HEVC_LEVEL: u32 = BASE + 616;
const HEVC_TIER: u32 = BASE + 618;
pub(super) const PREPEND_SPSPPS_TO_IDR: u32 = BASE + 644;
pub(super) const FRAME_SKIP_MODE: u32 = BASE + 646;

const STOPPED_HINT: &str = "The driver takes another bit rate only while it is stopped: close the encoder, and make a new one with the \
    bit rate that is wanted.";

/// What the driver is reported, which is not always what the caller said.
#[derive(Debug, Clone, Copy)]
pub(super) struct DriverConfig<'a> {
    pub(super) config: &'a Resolved,
    pub(super) quirks: &'a Quirks,
    /// Frames per second that a driver believes in which cannot be sent others any more.
    pub(super) assumed_framerate: Option<f64>,
}

impl DriverConfig<'_> {
    /// Frames per second.
    pub(super) fn framerate(&self) -> f64 {
        if let Some(assumed_framerate) = self.assumed_framerate {
            return assumed_framerate;
        }
        let framerate = self.config.framerate.max(self.quirks.min_framerate);
        if self.quirks.whole_framerates { framerate.round().max(1.0) } else { framerate }
    }

    /// How many frames the driver believes in for each that there is.
    pub(super) fn factor(&self) -> f64 {
        self.framerate() / self.config.framerate
    }

    /// Bits per second. A driver that believes in more frames than there are spreads its bits over all of them.
    fn bitrate(&self) -> i64 {
        (f64::from(self.config.bitrate_bps) * self.factor()).round() as i64
    }

    pub(super) fn bitrate_mode(&self) -> BitrateMode {
        self.config.requested.requested_bitrate_mode().unwrap_or(self.quirks.bitrate_mode)
    }

    /// Frames; "never by itself" is more than any driver's most.
    fn interval(&self) -> i64 {
        match self.config.key_frame_interval {
            0 => i64::MAX,
            frames => frames.into(),
        }
    }

    fn only(&self, codec: Codec, value: i64) -> Option<i64> {
        (self.config.codec == codec).then_some(value)
    }

    fn has_tools_of_main(&self) -> bool {
        matches!(self.config.profile, Some(Profile::Main | Profile::High))
    }
}

fn peak(sent: &DriverConfig<'_>) -> Option<i64> {
    (sent.bitrate_mode() == BitrateMode::Variable).then(|| sent.bitrate() / 10 * i64::from(PEAK_TENTHS))
}

struct Control {
    id: u32,
    name: &'static str,
    /// The option it carries out, if it does.
    setting: Option<&'static str>,
    /// `None` when it does not apply.
    value: fn(&DriverConfig<'_>) -> Option<i64>,
}

const fn control(
    id: u32,
    name: &'static str,
    setting: Option<&'static str>,
    value: fn(&DriverConfig<'_>) -> Option<i64>,
) -> Control {
    Control { id, name, setting, value }
}

/// Rate control first: on some drivers it is off, and the others mean nothing until it is on. A profile comes before what
/// only some profiles have.
const CONTROLS: &[Control] = &[
    control(FRAME_RC_ENABLE, "FRAME_RC_ENABLE", None, |_| Some(1)),
    control(BITRATE_MODE, "BITRATE_MODE", Some("bitrateMode"), |sent| {
        Some(i64::from(sent.bitrate_mode() == BitrateMode::Constant))
    }),
    control(BITRATE, "BITRATE", Some("bitrate"), |sent| Some(sent.bitrate())),
    control(BITRATE_PEAK, "BITRATE_PEAK", None, peak),
    control(GOP_SIZE, "GOP_SIZE", Some("keyFrameInterval"), |sent| Some(sent.interval())),
    control(H264_I_PERIOD, "H264_I_PERIOD", None, |sent| sent.only(Codec::H264, sent.interval())),
    control(B_FRAMES, "B_FRAMES", None, |_| Some(0)),
    control(H264_PROFILE, "H264_PROFILE", Some("profile"), |sent| {
        sent.only(Codec::H264, h264_profile(sent.config.profile))
    }),
    control(H264_LEVEL, "H264_LEVEL", Some("level"), |sent| {
        sent.only(Codec::H264, h264_level(sent.config.level?))
    }),
    // CAVLC in the Baseline profiles, which have nothing else; CABAC above. Drivers begin with CAVLC in all of them.
    control(H264_ENTROPY_MODE, "H264_ENTROPY_MODE", None, |sent| {
        sent.only(Codec::H264, sent.has_tools_of_main().into())
    }),
    // On by default on venus, which then refuses every profile but High.
    control(H264_8X8_TRANSFORM, "H264_8X8_TRANSFORM", None, |sent| {
        sent.only(Codec::H264, (sent.config.profile == Some(Profile::High)).into())
    }),
    // 0: on. venus begins with it off.
    control(H264_LOOP_FILTER_MODE, "H264_LOOP_FILTER_MODE", None, |sent| sent.only(Codec::H264, 0)),
    control(H264_MIN_QP, "H264_MIN_QP", None, |sent| sent.only(Codec::H264, sent.quirks.min_qp?)),
    // MAIN 0 in both.
    control(HEVC_PROFILE, "HEVC_PROFILE", Some("profile"), |sent| sent.only(Codec::H265, 0)),
    control(HEVC_TIER, "HEVC_TIER", None, |sent| sent.only(Codec::H265, sent.config.high_tier.into())),
    control(HEVC_LEVEL, "HEVC_LEVEL", Some("level"), |sent| {
        sent.only(Codec::H265, sent.config.level?.position(Codec::H265) as i64)
    }),
    control(VP8_PROFILE, "VP8_PROFILE", Some("profile"), |sent| sent.only(Codec::Vp8, 0)),
    control(VP9_PROFILE, "VP9_PROFILE", Some("profile"), |sent| sent.only(Codec::Vp9, 0)),
    // Parameter sets with the frame, and again with every key frame.
    control(HEADER_MODE, "HEADER_MODE", None, |_| Some(1)),
    control(REPEAT_SEQ_HEADER, "REPEAT_SEQ_HEADER", None, |_| Some(1)),
    control(PREPEND_SPSPPS_TO_IDR, "PREPEND_SPSPPS_TO_IDR", None, |_| Some(1)),
    // On by default on wave5; a chunk begins alike on every driver.
    control(AU_DELIMITER, "AU_DELIMITER", None, |_| Some(0)),
    // Every accepted frame must come out.
    control(FRAME_SKIP_MODE, "FRAME_SKIP_MODE", None, |_| Some(0)),
];

/// `V4L2_MPEG_VIDEO_H264_PROFILE_…`
fn h264_profile(profile: Option<Profile>) -> i64 {
    match profile {
        Some(Profile::Baseline) => 0,
        Some(Profile::Main) => 2,
        Some(Profile::High) => 4,
        _ => 1,
    }
}

/// `V4L2_MPEG_VIDEO_H264_LEVEL_…`, in which 1b stands between 1.0 and 1.1.
fn h264_level(level: Level) -> i64 {
    match level.position(Codec::H264) {
        0 => 0,
        position => position as i64 + 1,
    }
}

/// The controls that a driver was found to have.
#[derive(Debug, Default)]
pub(super) struct Known(Vec<ControlDescription>);

/// What came of setting the controls.
pub(super) struct Applied {
    pub(super) known: Known,
    pub(super) settings: Vec<Setting>,
    pub(super) warnings: Vec<Warning>,
    /// The driver accepted that there be no B frames.
    pub(super) no_b_frames: bool,
}

/// Sets every control that applies.
pub(super) fn apply_all(transport: &dyn Transport, sent: &DriverConfig<'_>) -> Result<Applied> {
    let mut applied =
        Applied { known: Known::default(), settings: Vec::new(), warnings: Vec::new(), no_b_frames: false };
    for control in CONTROLS {
        let Some(wanted) = (control.value)(sent) else { continue };
        apply(transport, sent, control, wanted, &mut applied)?;
    }
    if let Some(force) = usable(ioctl::query_ext_ctrl(transport, FORCE_KEY_FRAME)?) {
        applied.known.0.push(force);
    }
    Ok(applied)
}

/// The control, if it can be set.
fn usable(found: Option<ControlDescription>) -> Option<ControlDescription> {
    found.filter(|control| !control.is_disabled() && !control.is_read_only())
}

fn apply(
    transport: &dyn Transport,
    sent: &DriverConfig<'_>,
    control: &Control,
    wanted: i64,
    applied: &mut Applied,
) -> Result<()> {
    let mut setting = control.setting.map(|name| requested(name, sent.config));
    if let Some(found) = usable(ioctl::query_ext_ctrl(transport, control.id)?) {
        let nearest = found.nearest(wanted);
        match set_or_like(transport, control.id, nearest) {
            Ok(made) => {
                let answered = read(transport, control.id);
                // What was set is what there is to compare where a driver does not answer, but it is not known to be in force.
                let actual = answered.unwrap_or(made);
                applied.no_b_frames |= control.id == B_FRAMES && actual == 0;
                if let Some(asked) = setting.take() {
                    let shown = |value| shown(asked.name, sent, value);
                    let is_never = control.id == GOP_SIZE && wanted == i64::MAX;
                    if actual != made_alike(control.id, wanted) && !is_never {
                        applied.warnings.extend(deviation(asked.name, &shown(wanted), &shown(actual)));
                    }
                    setting = Some(match answered {
                        Some(actual) => {
                            let actual = shown(actual);
                            asked.known(actual, Source::Readback)
                        }
                        None => asked,
                    });
                }
            }
            Err(error) if is_fatal(&error) => return Err(error.into()),
            Err(error) => {
                setting = setting.map(Setting::unsupported);
                applied.warnings.push(Warning {
                    code: Code::Control.name(),
                    message: refused(control.name, error).message,
                    setting: control.setting,
                });
            }
        }
        applied.known.0.push(found);
    } else {
        setting = setting.map(Setting::unsupported);
        applied.warnings.extend(control.setting.and_then(|name| missing(name, sent.config)));
    }
    applied.settings.extend(setting);
    Ok(())
}

fn requested(name: &'static str, config: &Resolved) -> Setting {
    match name {
        "bitrate" => Setting::requested(name, config.bitrate_bps),
        "bitrateMode" => Setting::requested(name, config.bitrate_mode.name()),
        "profile" => Setting::requested(name, config.requested_profile()),
        "level" => Setting::requested(name, config.requested_level()),
        _ => Setting::requested(name, config.key_frame_interval),
    }
}

/// What there is to report of a control that the device lacks: of the bit rate always, of others where the caller asked for
/// something.
fn missing(name: &'static str, config: &Resolved) -> Option<Warning> {
    let message = match name {
        "bitrate" => "The driver has no bitrate control; it uses a fixed quality.".to_owned(),
        "bitrateMode" if config.requested.bitrate_mode.is_some() => no_control(name),
        "profile" if config.choice.profile.is_some() => no_control(name),
        "level" if config.choice.level.is_some() => no_control(name),
        _ => return None,
    };
    Some(Warning { code: Code::Control.name(), message, setting: Some(name) })
}

fn no_control(name: &str) -> String {
    format!("The driver has no control for {name}, so its value may differ from the requested one.")
}

/// A control's value in the caller's terms.
fn shown(name: &str, sent: &DriverConfig<'_>, value: i64) -> String {
    match name {
        "bitrate" => ((value as f64 / sent.factor()).round() as i64).to_string(),
        "bitrateMode" => bitrate_mode_name(value),
        "profile" => profile_name(sent.config.codec, value),
        "level" => level_name(sent.config.codec, value),
        _ => value.to_string(),
    }
}

/// `V4L2_MPEG_VIDEO_BITRATE_MODE_…`
fn bitrate_mode_name(entry: i64) -> String {
    match entry {
        0 => BitrateMode::Variable.name().to_owned(),
        1 => BitrateMode::Constant.name().to_owned(),
        _ => format!("menu entry {entry}"),
    }
}

fn profile_name(codec: Codec, entry: i64) -> String {
    let known = Profile::of(codec)
        .iter()
        .find(|profile| codec != Codec::H264 || h264_profile(Some(**profile)) == entry);
    known.map_or_else(|| format!("menu entry {entry}"), |profile| profile.name().to_owned())
}

fn level_name(codec: Codec, entry: i64) -> String {
    let number = |level: &Level| match codec {
        Codec::H264 => h264_level(*level),
        _ => level.position(codec) as i64,
    };
    let known = Level::all(codec).find(|level| number(level) == entry);
    known.map_or_else(|| format!("menu entry {entry}"), |level| level.to_string())
}

/// The class is part of the id.
fn class(id: u32) -> u32 {
    id & 0x0fff_0000
}

fn set(transport: &dyn Transport, id: u32, value: i64) -> v4l2::Result<()> {
    // Every control here is of 32 bits, and its bounds are the driver's.
    let value = i32::try_from(value).unwrap_or(i32::MAX);
    ioctl::s_ext_ctrl(transport, class(id), id, &Value::Integer(value))
}

/// Sets a control, or what comes to the same where the driver lacks that entry of its menu. Returns what it was set to.
fn set_or_like(transport: &dyn Transport, id: u32, value: i64) -> v4l2::Result<i64> {
    let alike = made_alike(id, value);
    match set(transport, id, value) {
        Err(error) if alike != value && matches!(error.errno(), Some(Errno::EINVAL | Errno::ERANGE)) => {
            set(transport, id, alike).map(|()| alike)
        }
        done => done.map(|()| value),
    }
}

/// The value that makes the same stream. No encoder makes use of what Baseline has and Constrained Baseline has not (lost or
/// unordered slices), and drivers offer one of the two.
fn made_alike(id: u32, value: i64) -> i64 {
    match (id, value) {
        (H264_PROFILE, 0) => 1,
        (H264_PROFILE, 1) => 0,
        _ => value,
    }
}

/// A control's value; `None` where it cannot be read.
pub(super) fn read(transport: &dyn Transport, id: u32) -> Option<i64> {
    ioctl::g_ext_ctrl(transport, class(id), id).ok().map(i64::from)
}

fn is_fatal(error: &v4l2::Failure) -> bool {
    matches!(error.errno(), Some(Errno::ENODEV | Errno::EIO))
}

fn refused(name: &str, error: v4l2::Failure) -> Error {
    let message = format!("The driver rejected the control {name}: {error}.");
    Error { code: Code::Control, message, ..Error::from(error) }
}

impl Known {
    fn get(&self, id: u32) -> Option<&ControlDescription> {
        self.0.iter().find(|control| control.id == id)
    }

    /// Whether a key frame can be had by asking for it.
    pub(super) fn forces_key_frames(&self) -> bool {
        self.get(FORCE_KEY_FRAME).is_some()
    }

    /// Makes a key frame of the next frame that is queued.
    pub(super) fn force_key_frame(&self, transport: &dyn Transport) -> Result<()> {
        set(transport, FORCE_KEY_FRAME, 1).map_err(|error| refused("FORCE_KEY_FRAME", error))
    }

    /// Makes every frame a key frame, or goes back to the interval of the configuration. `false` where that cannot be.
    pub(super) fn set_all_key_frames(
        &self,
        transport: &dyn Transport,
        sent: &DriverConfig<'_>,
        all: bool,
    ) -> bool {
        let wanted = if all { 1 } else { sent.interval() };
        self.get(GOP_SIZE).is_some_and(|gop| set(transport, GOP_SIZE, gop.nearest(wanted)).is_ok())
    }

    /// Changes the bit rate of a running encoder; the peak is at no time below it. Returns what there is to report.
    pub(super) fn set_bitrate(
        &self,
        transport: &dyn Transport,
        before: &DriverConfig<'_>,
        wanted: &DriverConfig<'_>,
    ) -> Result<Option<Warning>> {
        let Some(bitrate) = self.get(BITRATE) else {
            return Err(Error::new(Code::Control, "The driver has no bitrate control.")
                .with_hint("No option of this package changes its quality."));
        };
        let target = (BITRATE, "BITRATE", bitrate.nearest(wanted.bitrate()));
        let peak = self.get(BITRATE_PEAK).zip(peak(wanted));
        let peak = peak.map(|(control, value)| (BITRATE_PEAK, "BITRATE_PEAK", control.nearest(value)));
        let rises = wanted.bitrate() > before.bitrate();
        let order = if rises { [peak, Some(target)] } else { [Some(target), peak] };
        order.into_iter().flatten().try_for_each(|(id, name, value)| {
            set(transport, id, value).map_err(|error| {
                let stopped_only = error.errno() == Some(wanted.quirks.control_while_running);
                let error = refused(name, error);
                if stopped_only { error.with_hint(STOPPED_HINT) } else { error }
            })
        })?;
        let actual = read(transport, BITRATE).unwrap_or(target.2);
        let shown = |value| shown("bitrate", wanted, value);
        Ok(deviation("bitrate", &shown(wanted.bitrate()), &shown(actual)))
    }
}
