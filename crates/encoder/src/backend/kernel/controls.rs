//! The standard codec controls, as a table: what is set, in this order, between the formats and the buffers.
//!
//! Every one is optional for a driver. So the driver is queried for each first, each is set by itself and read back; what the driver does not
//! have, rejects or changes is reported.

use v4l2::control::ids::{
    AU_DELIMITER, B_FRAMES, BITRATE, BITRATE_MODE, BITRATE_PEAK, CYCLIC_INTRA_REFRESH_MB, FORCE_KEY_FRAME,
    FRAME_RC_ENABLE, FRAME_SKIP_MODE, FWHT_I_FRAME_QP, FWHT_P_FRAME_QP, GOP_SIZE, H264_8X8_TRANSFORM,
    H264_B_FRAME_QP, H264_ENTROPY_MODE, H264_HIERARCHICAL_CODING, H264_HIERARCHICAL_CODING_LAYER,
    H264_HIERARCHICAL_CODING_TYPE, H264_I_FRAME_MAX_QP, H264_I_FRAME_MIN_QP, H264_I_FRAME_QP, H264_I_PERIOD,
    H264_LEVEL, H264_LOOP_FILTER_MODE, H264_MAX_QP, H264_MIN_QP, H264_P_FRAME_QP, H264_PROFILE, HEADER_MODE,
    HEVC_B_FRAME_QP, HEVC_HIER_CODING_LAYER, HEVC_HIER_CODING_TYPE, HEVC_I_FRAME_MAX_QP, HEVC_I_FRAME_MIN_QP,
    HEVC_I_FRAME_QP, HEVC_LEVEL, HEVC_MAX_QP, HEVC_MIN_QP, HEVC_P_FRAME_QP, HEVC_PROFILE, HEVC_TIER,
    INTRA_REFRESH_PERIOD, INTRA_REFRESH_PERIOD_TYPE, MAX_REF_PIC, MULTI_SLICE_MAX_BYTES, MULTI_SLICE_MAX_MB,
    MULTI_SLICE_MODE, PREPEND_SPSPPS_TO_IDR, REPEAT_SEQ_HEADER, VBV_DELAY, VBV_SIZE, VP8_PROFILE,
    VP9_PROFILE, VPX_I_FRAME_QP, VPX_MAX_QP, VPX_MIN_QP, VPX_P_FRAME_QP,
};
use v4l2::{Errno, Transport, ioctl};

use super::quirks::Quirks;
use crate::backend::controls::{
    Applied, Control, Controls, Dialect, Found, Wanted, apply_all, control, parameter, read, set_now,
};
use crate::backend::units;
use crate::codec::{Codec, Level, Profile};
use crate::config::{BitrateMode, PEAK_TENTHS, Parameter, Resolved};
use crate::error::Result;
use crate::settings::SettingName;

const STOPPED_HINT: &str = "The driver takes this control only while it is stopped: call update() with { restart: true }, which opens the \
    device again, or close the encoder and make a new one with the value that is wanted.";

/// What the driver is configured, which is not always what the caller requested.
#[derive(Debug, Clone)]
pub(super) struct DriverConfig {
    pub(super) config: Resolved,
    pub(super) quirks: &'static Quirks,
    /// Frames per second that a driver goes by which accepts no others any more.
    pub(super) assumed_framerate: Option<f64>,
}

impl DriverConfig {
    /// Frames per second.
    pub(super) fn framerate(&self) -> f64 {
        if let Some(assumed_framerate) = self.assumed_framerate {
            return assumed_framerate;
        }
        let framerate = self.config.framerate.max(self.quirks.min_framerate);
        if self.quirks.whole_framerates { framerate.round().max(1.0) } else { framerate }
    }

    /// How many frames the driver assumes for each that there is.
    pub(super) fn factor(&self) -> f64 {
        self.framerate() / self.config.framerate
    }

    /// Bits per second. A driver that assumes more frames than there are spreads its bits over all of them.
    fn bitrate(&self) -> i64 {
        (f64::from(self.config.bitrate_bps) * self.factor()).round() as i64
    }

    pub(super) fn bitrate_mode(&self) -> BitrateMode {
        self.config.requested.requested_bitrate_mode().unwrap_or(self.quirks.bitrate_mode)
    }

    fn only(&self, codec: Codec, value: i64) -> Option<Wanted> {
        (self.config.codec == codec).then_some(value.into())
    }

    fn requested(&self, parameter: Parameter) -> Option<Wanted> {
        self.config.parameters.get(parameter).map(Wanted::from)
    }

    fn requested_of(&self, codec: Codec, parameter: Parameter) -> Option<Wanted> {
        self.requested(parameter).filter(|_| self.config.codec == codec)
    }

    fn requested_of_vpx(&self, parameter: Parameter) -> Option<Wanted> {
        self.requested(parameter).filter(|_| matches!(self.config.codec, Codec::Vp8 | Codec::Vp9))
    }

    /// Temporal layers, where they are requested.
    fn layers(&self) -> Option<u32> {
        self.config.parameters.get(Parameter::ScalabilityMode).map(|mode| mode + 1)
    }

    fn has_tools_of_main(&self) -> bool {
        matches!(self.config.profile, Some(Profile::Main | Profile::High))
    }
}

fn peak(sent: &DriverConfig) -> Option<Wanted> {
    let is_variable = sent.bitrate_mode() == BitrateMode::Variable;
    let requested = sent.config.parameters.get(Parameter::MaxBitrate);
    let requested = requested.map(|peak| (f64::from(peak) * sent.factor()).round() as i64);
    is_variable
        .then(|| requested.unwrap_or(sent.bitrate() / 10 * i64::from(PEAK_TENTHS)).max(sent.bitrate()).into())
}

/// The quantizer of one kind of frame, where there is no rate control.
const fn quantizer(
    id: u32,
    name: &'static str,
    value: fn(&DriverConfig) -> Option<Wanted>,
) -> Control<DriverConfig> {
    control(id, name, parameter(Parameter::Quantizer), value).live()
}

/// A bound of the rate control.
const fn bound(
    id: u32,
    name: &'static str,
    option: Parameter,
    value: fn(&DriverConfig) -> Option<Wanted>,
) -> Control<DriverConfig> {
    control(id, name, parameter(option), value).live()
}

fn refresh_period(sent: &DriverConfig) -> Option<Wanted> {
    units::refresh_period(&sent.config).map(Wanted::from)
}

fn refreshed_macroblocks(sent: &DriverConfig) -> Option<Wanted> {
    units::refreshed_macroblocks(&sent.config).map(Wanted::from)
}

/// Rate control first: on some drivers it is off, and the others mean nothing until it is on. A profile comes before what
/// only some profiles have.
const CONTROLS: &[Control<DriverConfig>] = &[
    control(FRAME_RC_ENABLE, "FRAME_RC_ENABLE", None, |sent| {
        Some(i64::from(sent.bitrate_mode() != BitrateMode::Quantizer).into())
    }),
    control(BITRATE_MODE, "BITRATE_MODE", Some(SettingName::BitrateMode), |sent| match sent.bitrate_mode() {
        BitrateMode::Variable => Some(0.into()),
        BitrateMode::Constant => Some(1.into()),
        BitrateMode::Quantizer => None,
    }),
    control(BITRATE, "BITRATE", Some(SettingName::Bitrate), |sent: &DriverConfig| {
        (sent.bitrate_mode() != BitrateMode::Quantizer).then(|| sent.bitrate().into())
    })
    .live(),
    control(BITRATE_PEAK, "BITRATE_PEAK", parameter(Parameter::MaxBitrate), peak).live(),
    // Drivers have one or the other.
    control(VBV_DELAY, "VBV_DELAY", parameter(Parameter::BufferMs), |sent| {
        sent.requested(Parameter::BufferMs)
    }),
    control(VBV_SIZE, "VBV_SIZE", parameter(Parameter::BufferMs), |sent: &DriverConfig| {
        units::buffer_bits(&sent.config).map(|bits| bits.div_ceil(8 * 1024).into())
    })
    .converted()
    .live(),
    quantizer(H264_I_FRAME_QP, "H264_I_FRAME_QP", |sent| {
        sent.requested_of(Codec::H264, Parameter::Quantizer)
    }),
    quantizer(H264_P_FRAME_QP, "H264_P_FRAME_QP", |sent| {
        sent.requested_of(Codec::H264, Parameter::Quantizer)
    }),
    quantizer(H264_B_FRAME_QP, "H264_B_FRAME_QP", |sent| {
        sent.requested_of(Codec::H264, Parameter::Quantizer)
    }),
    quantizer(HEVC_I_FRAME_QP, "HEVC_I_FRAME_QP", |sent| {
        sent.requested_of(Codec::H265, Parameter::Quantizer)
    }),
    quantizer(HEVC_P_FRAME_QP, "HEVC_P_FRAME_QP", |sent| {
        sent.requested_of(Codec::H265, Parameter::Quantizer)
    }),
    quantizer(HEVC_B_FRAME_QP, "HEVC_B_FRAME_QP", |sent| {
        sent.requested_of(Codec::H265, Parameter::Quantizer)
    }),
    quantizer(VPX_I_FRAME_QP, "VPX_I_FRAME_QP", |sent| sent.requested_of_vpx(Parameter::Quantizer)),
    quantizer(VPX_P_FRAME_QP, "VPX_P_FRAME_QP", |sent| sent.requested_of_vpx(Parameter::Quantizer)),
    quantizer(FWHT_I_FRAME_QP, "FWHT_I_FRAME_QP", |sent| {
        sent.requested_of(Codec::Fwht, Parameter::Quantizer)
    }),
    quantizer(FWHT_P_FRAME_QP, "FWHT_P_FRAME_QP", |sent| {
        sent.requested_of(Codec::Fwht, Parameter::Quantizer)
    }),
    control(GOP_SIZE, "GOP_SIZE", Some(SettingName::KeyFrameInterval), |sent: &DriverConfig| {
        Some(units::interval(&sent.config).into())
    })
    .live(),
    control(H264_I_PERIOD, "H264_I_PERIOD", parameter(Parameter::IntraFrameInterval), |sent| {
        let requested = sent.requested_of(Codec::H264, Parameter::IntraFrameInterval);
        requested.or_else(|| sent.only(Codec::H264, units::interval(&sent.config)))
    }),
    // Output is matched to frames in their order.
    control(B_FRAMES, "B_FRAMES", None, |_| Some(0.into())),
    control(MAX_REF_PIC, "MAX_REF_PIC", parameter(Parameter::ReferenceFrames), |sent| {
        sent.requested(Parameter::ReferenceFrames)
    }),
    // Both, because drivers take the period, or the macroblocks of a frame.
    control(INTRA_REFRESH_PERIOD_TYPE, "INTRA_REFRESH_PERIOD_TYPE", None, |sent: &DriverConfig| {
        units::refresh_period(&sent.config).map(|_| 1.into())
    }),
    control(
        INTRA_REFRESH_PERIOD,
        "INTRA_REFRESH_PERIOD",
        parameter(Parameter::IntraRefreshPeriod),
        refresh_period,
    )
    .live(),
    control(
        INTRA_REFRESH_PERIOD,
        "INTRA_REFRESH_PERIOD",
        parameter(Parameter::IntraRefreshRows),
        refresh_period,
    )
    .converted(),
    control(
        CYCLIC_INTRA_REFRESH_MB,
        "CYCLIC_INTRA_REFRESH_MB",
        parameter(Parameter::IntraRefreshPeriod),
        refreshed_macroblocks,
    )
    .converted(),
    control(
        CYCLIC_INTRA_REFRESH_MB,
        "CYCLIC_INTRA_REFRESH_MB",
        parameter(Parameter::IntraRefreshRows),
        refreshed_macroblocks,
    )
    .converted(),
    // By macroblocks 1, by bytes 2.
    control(MULTI_SLICE_MAX_MB, "MULTI_SLICE_MAX_MB", None, |sent: &DriverConfig| {
        units::macroblocks_of_slice(&sent.config).map(Wanted::from)
    }),
    control(MULTI_SLICE_MAX_BYTES, "MULTI_SLICE_MAX_BYTES", None, |sent: &DriverConfig| {
        sent.requested(Parameter::SliceBytes)
    }),
    control(MULTI_SLICE_MODE, "MULTI_SLICE_MODE", parameter(Parameter::SliceCount), |sent: &DriverConfig| {
        units::macroblocks_of_slice(&sent.config).map(|_| 1.into())
    })
    .converted(),
    control(MULTI_SLICE_MODE, "MULTI_SLICE_MODE", parameter(Parameter::SliceBytes), |sent: &DriverConfig| {
        sent.requested(Parameter::SliceBytes).map(|_| 2.into())
    })
    .converted(),
    control(H264_PROFILE, "H264_PROFILE", Some(SettingName::Profile), |sent| {
        sent.only(Codec::H264, h264_profile(sent.config.profile))
    }),
    control(H264_LEVEL, "H264_LEVEL", Some(SettingName::Level), |sent| {
        sent.only(Codec::H264, units::h264_level(sent.config.level?))
    }),
    // CAVLC in the Baseline profiles, which have nothing else; CABAC above. Drivers begin with CAVLC in all of them.
    control(H264_ENTROPY_MODE, "H264_ENTROPY_MODE", None, |sent| {
        sent.only(Codec::H264, sent.has_tools_of_main().into())
    }),
    // On by default on venus, which then rejects every profile but High.
    control(H264_8X8_TRANSFORM, "H264_8X8_TRANSFORM", None, |sent| {
        sent.only(Codec::H264, (sent.config.profile == Some(Profile::High)).into())
    }),
    // 0: on. venus begins with it off.
    control(H264_LOOP_FILTER_MODE, "H264_LOOP_FILTER_MODE", None, |sent| sent.only(Codec::H264, 0)),
    control(H264_MIN_QP, "H264_MIN_QP", parameter(Parameter::MinQuantizer), |sent: &DriverConfig| {
        let requested = sent.requested_of(Codec::H264, Parameter::MinQuantizer);
        requested.or_else(|| sent.only(Codec::H264, sent.quirks.min_qp?))
    })
    .live(),
    bound(H264_MAX_QP, "H264_MAX_QP", Parameter::MaxQuantizer, |sent| {
        sent.requested_of(Codec::H264, Parameter::MaxQuantizer)
    }),
    bound(H264_I_FRAME_MIN_QP, "H264_I_FRAME_MIN_QP", Parameter::MinKeyQuantizer, |sent| {
        sent.requested_of(Codec::H264, Parameter::MinKeyQuantizer)
    }),
    bound(H264_I_FRAME_MAX_QP, "H264_I_FRAME_MAX_QP", Parameter::MaxKeyQuantizer, |sent| {
        sent.requested_of(Codec::H264, Parameter::MaxKeyQuantizer)
    }),
    bound(HEVC_MIN_QP, "HEVC_MIN_QP", Parameter::MinQuantizer, |sent| {
        sent.requested_of(Codec::H265, Parameter::MinQuantizer)
    }),
    bound(HEVC_MAX_QP, "HEVC_MAX_QP", Parameter::MaxQuantizer, |sent| {
        sent.requested_of(Codec::H265, Parameter::MaxQuantizer)
    }),
    bound(HEVC_I_FRAME_MIN_QP, "HEVC_I_FRAME_MIN_QP", Parameter::MinKeyQuantizer, |sent| {
        sent.requested_of(Codec::H265, Parameter::MinKeyQuantizer)
    }),
    bound(HEVC_I_FRAME_MAX_QP, "HEVC_I_FRAME_MAX_QP", Parameter::MaxKeyQuantizer, |sent| {
        sent.requested_of(Codec::H265, Parameter::MaxKeyQuantizer)
    }),
    bound(VPX_MIN_QP, "VPX_MIN_QP", Parameter::MinQuantizer, |sent| {
        sent.requested_of_vpx(Parameter::MinQuantizer)
    }),
    bound(VPX_MAX_QP, "VPX_MAX_QP", Parameter::MaxQuantizer, |sent| {
        sent.requested_of_vpx(Parameter::MaxQuantizer)
    }),
    // P frames that refer to lower layers only: type 1.
    control(H264_HIERARCHICAL_CODING, "H264_HIERARCHICAL_CODING", None, |sent: &DriverConfig| {
        sent.only(Codec::H264, i64::from(sent.layers()? > 1))
    }),
    control(H264_HIERARCHICAL_CODING_TYPE, "H264_HIERARCHICAL_CODING_TYPE", None, |sent: &DriverConfig| {
        sent.layers().and_then(|_| sent.only(Codec::H264, 1))
    }),
    control(
        H264_HIERARCHICAL_CODING_LAYER,
        "H264_HIERARCHICAL_CODING_LAYER",
        parameter(Parameter::ScalabilityMode),
        |sent: &DriverConfig| sent.only(Codec::H264, sent.layers()?.into()),
    )
    .converted(),
    control(HEVC_HIER_CODING_TYPE, "HEVC_HIER_CODING_TYPE", None, |sent: &DriverConfig| {
        sent.layers().and_then(|_| sent.only(Codec::H265, 1))
    }),
    control(
        HEVC_HIER_CODING_LAYER,
        "HEVC_HIER_CODING_LAYER",
        parameter(Parameter::ScalabilityMode),
        |sent: &DriverConfig| sent.only(Codec::H265, sent.layers()?.into()),
    )
    .converted(),
    // MAIN 0 in both.
    control(HEVC_PROFILE, "HEVC_PROFILE", Some(SettingName::Profile), |sent| sent.only(Codec::H265, 0)),
    control(HEVC_TIER, "HEVC_TIER", None, |sent| sent.only(Codec::H265, sent.config.high_tier.into())),
    control(HEVC_LEVEL, "HEVC_LEVEL", Some(SettingName::Level), |sent| {
        sent.only(Codec::H265, sent.config.level?.position(Codec::H265) as i64)
    }),
    control(VP8_PROFILE, "VP8_PROFILE", Some(SettingName::Profile), |sent| sent.only(Codec::Vp8, 0)),
    control(VP9_PROFILE, "VP9_PROFILE", Some(SettingName::Profile), |sent| sent.only(Codec::Vp9, 0)),
    // Parameter sets with the frame, and again with every key frame.
    control(HEADER_MODE, "HEADER_MODE", None, |_| Some(1.into())),
    control(REPEAT_SEQ_HEADER, "REPEAT_SEQ_HEADER", None, |_| Some(1.into())),
    control(PREPEND_SPSPPS_TO_IDR, "PREPEND_SPSPPS_TO_IDR", None, |_| Some(1.into())),
    // On by default on wave5; a chunk begins alike on every driver.
    control(AU_DELIMITER, "AU_DELIMITER", parameter(Parameter::AccessUnitDelimiters), |sent| {
        sent.requested(Parameter::AccessUnitDelimiters).or_else(|| Some(0.into()))
    }),
    // Every accepted frame must come out.
    control(FRAME_SKIP_MODE, "FRAME_SKIP_MODE", None, |_| Some(0.into())),
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

impl Dialect for DriverConfig {
    const TABLE: &'static [Control<Self>] = CONTROLS;

    fn config(&self) -> &Resolved {
        &self.config
    }

    fn describe(transport: &dyn Transport, id: u32) -> v4l2::Result<Found> {
        let found = ioctl::query_ext_ctrl(transport, id)?;
        let usable = found.filter(|control| !control.is_disabled() && !control.is_read_only());
        Ok(usable.map_or(Found::Missing, Found::Described))
    }

    /// No encoder makes use of what Baseline has and Constrained Baseline has not (lost or unordered slices), and drivers offer
    /// one of the two.
    fn alike(id: u32, value: i64) -> i64 {
        match (id, value) {
            (H264_PROFILE, 0) => 1,
            (H264_PROFILE, 1) => 0,
            _ => value,
        }
    }

    fn answer(&self, transport: &dyn Transport, control: &Control<Self>, _: bool) -> Option<i64> {
        read(transport, control.id)
    }

    fn shown(&self, setting: SettingName, value: i64) -> String {
        match setting {
            SettingName::Bitrate => ((value as f64 / self.factor()).round() as i64).to_string(),
            SettingName::BitrateMode => bitrate_mode_name(value),
            SettingName::Profile => profile_name(self.config.codec, value),
            SettingName::Level => level_name(self.config.codec, value),
            SettingName::Parameter(Parameter::MaxBitrate) => {
                ((value as f64 / self.factor()).round() as i64).to_string()
            }
            SettingName::Parameter(parameter) => parameter.shown(u32::try_from(value).unwrap_or(0)),
            _ => value.to_string(),
        }
    }

    fn change_hint(&self, errno: Option<Errno>) -> Option<&'static str> {
        (errno == Some(self.quirks.control_while_running)).then_some(STOPPED_HINT)
    }
}

/// Sets every control that applies, and asks about the one that forces key frames.
pub(super) fn apply(transport: &dyn Transport, sent: &DriverConfig) -> Result<Applied> {
    let mut applied = apply_all(transport, sent)?;
    applied.controls.find::<DriverConfig>(transport, FORCE_KEY_FRAME)?;
    Ok(applied)
}

/// Whether the driver accepted that there be no B frames, and does not say otherwise.
pub(super) fn has_no_b_frames(controls: &Controls, transport: &dyn Transport) -> bool {
    controls.accepted(B_FRAMES, 0) && read(transport, B_FRAMES).is_none_or(|frames| frames == 0)
}

/// Whether a key frame can be had by requesting it.
pub(super) fn forces_key_frames(controls: &Controls) -> bool {
    controls.has(FORCE_KEY_FRAME)
}

/// Makes a key frame of the next frame that is queued.
pub(super) fn force_key_frame(transport: &dyn Transport) -> Result<()> {
    set_now(transport, FORCE_KEY_FRAME, "FORCE_KEY_FRAME", 1)
}

/// Makes every frame a key frame, or goes back to the interval of the configuration. `false` where that cannot be.
pub(super) fn set_all_key_frames(
    controls: &mut Controls,
    transport: &dyn Transport,
    sent: &DriverConfig,
    all: bool,
) -> bool {
    let wanted = Wanted::Number(if all { 1 } else { units::interval(&sent.config) });
    controls.has(GOP_SIZE) && controls.set::<DriverConfig>(transport, GOP_SIZE, &wanted).is_ok()
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
        Codec::H264 => units::h264_level(*level),
        _ => level.position(codec) as i64,
    };
    let known = Level::all(codec).find(|level| number(level) == entry);
    known.map_or_else(|| format!("menu entry {entry}"), |level| level.to_string())
}
