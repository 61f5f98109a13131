//! NVIDIA's controls, as a table: what is sent, in this order, between the formats and the buffers.
//!
//! Ids and meanings are those of NVIDIA's `v4l2_nv_extensions.h` (L4T r32 to r36). The values are the low-latency set
//! that the known real-time users of this encoder agree on; `quality` takes a better preset and a larger buffer.

use v4l2::control::ids::{
    BITRATE, BITRATE_MODE, BITRATE_PEAK, FRAME_RC_ENABLE, GOP_SIZE, H264_B_FRAME_QP, H264_ENTROPY_MODE,
    H264_I_FRAME_QP, H264_LEVEL, H264_P_FRAME_QP, H264_PROFILE,
};
use v4l2::control::nvidia::{
    ENABLE_EXTERNAL_RATE_CONTROL, ENABLE_ROI_PARAM, FORCE_IDR_FRAME, H265_LEVEL, H265_PROFILE,
    HW_PRESET_TYPE_PARAM, IDR_INTERVAL, INSERT_AUD, INSERT_SPS_PPS_AT_IDR, INSERT_VUI, MAX_PERFORMANCE,
    NUM_BFRAMES, NUM_REFERENCE_FRAMES, POC_TYPE, QP_RANGE, SLICE_INTRAREFRESH_PARAM, SLICE_LENGTH_PARAM,
    VIRTUALBUFFER_SIZE,
};
use v4l2::{Errno, Transport};

use crate::backend::controls::{
    Control, Controls, Dialect, Found, Wanted, control, parameter, read, set_now,
};
use crate::backend::units;
use crate::codec::{Codec, Profile};
use crate::config::{BitrateMode, LatencyMode, Parameter, Resolved};
use crate::error::Result;
use crate::settings::SettingName;

/// The coarsest quantizer of H.264 and H.265.
const COARSEST: u32 = 51;

/// In the order of NVIDIA's 01_video_encode.
const CONTROLS: &[Control<Resolved>] = &[
    control(BITRATE, "BITRATE", Some(SettingName::Bitrate), |config: &Resolved| {
        (config.bitrate_mode != BitrateMode::Quantizer).then(|| config.bitrate_bps.into())
    })
    .live()
    .required(),
    control(H264_PROFILE, "H264_PROFILE", Some(SettingName::Profile), |config| {
        only(config, Codec::H264, h264_profile(config.profile))
    }),
    // MAIN 0.
    control(H265_PROFILE, "H265_PROFILE", Some(SettingName::Profile), |config| only(config, Codec::H265, 0)),
    control(H264_LEVEL, "H264_LEVEL", Some(SettingName::Level), |config| {
        only(config, Codec::H264, config.level.map_or(0, units::h264_level))
    }),
    control(H265_LEVEL, "H265_LEVEL", Some(SettingName::Level), |config| {
        only(config, Codec::H265, h265_level(config))
    }),
    // Without rate control the quantizers are those of I, P and B frames; they are the same controls for both codecs.
    control(FRAME_RC_ENABLE, "FRAME_RC_ENABLE", None, |config| {
        (config.bitrate_mode == BitrateMode::Quantizer).then(|| 0.into())
    }),
    control(H264_I_FRAME_QP, "H264_I_FRAME_QP", parameter(Parameter::Quantizer), |config| {
        asked(config, Parameter::Quantizer)
    }),
    control(H264_P_FRAME_QP, "H264_P_FRAME_QP", None, |config| asked(config, Parameter::Quantizer)),
    control(H264_B_FRAME_QP, "H264_B_FRAME_QP", None, |config| asked(config, Parameter::Quantizer)),
    control(BITRATE_MODE, "BITRATE_MODE", Some(SettingName::BitrateMode), |config| {
        match config.bitrate_mode {
            BitrateMode::Variable => Some(0.into()),
            BitrateMode::Constant => Some(1.into()),
            BitrateMode::Quantizer => None,
        }
    }),
    control(BITRATE_PEAK, "BITRATE_PEAK", parameter(Parameter::MaxBitrate), peak).live(),
    control(QP_RANGE, "QP_RANGE", parameter(Parameter::MinQuantizer), qp_range).converted(),
    control(QP_RANGE, "QP_RANGE", parameter(Parameter::MaxQuantizer), qp_range).converted(),
    control(QP_RANGE, "QP_RANGE", parameter(Parameter::MinKeyQuantizer), qp_range).converted(),
    control(QP_RANGE, "QP_RANGE", parameter(Parameter::MaxKeyQuantizer), qp_range).converted(),
    // 2: output order is decoding order, so decoders need not hold frames back.
    control(POC_TYPE, "POC_TYPE", None, |config| only(config, Codec::H264, 2)),
    control(IDR_INTERVAL, "IDR_INTERVAL", Some(SettingName::KeyFrameInterval), |config| {
        Some(units::interval(config).into())
    }),
    // Intra frames between key frames.
    control(GOP_SIZE, "GOP_SIZE", parameter(Parameter::IntraFrameInterval), |config| {
        asked(config, Parameter::IntraFrameInterval).or_else(|| Some(units::interval(config).into()))
    }),
    control(HW_PRESET_TYPE_PARAM, "HW_PRESET_TYPE", parameter(Parameter::Preset), |config: &Resolved| {
        // From ultra fast, 1, to slow, 4.
        let preset = config.parameters.get(Parameter::Preset).map(|preset| preset as i32 + 1);
        Some(preset.unwrap_or_else(|| by_mode(config, 1, 3)).into())
    })
    .converted(),
    // Bounded by the coarsest quantizer that there is: a quantizer for each frame comes with the frame.
    control(ENABLE_EXTERNAL_RATE_CONTROL, "ENABLE_EXTERNAL_RATE_CONTROL", None, |config| {
        (config.bitrate_mode == BitrateMode::Quantizer).then(|| Wanted::Struct(vec![1, COARSEST]))
    }),
    control(ENABLE_ROI_PARAM, "ENABLE_ROI_PARAM", parameter(Parameter::RegionsOfInterest), |config| {
        asked(config, Parameter::RegionsOfInterest).map(|_| Wanted::Struct(vec![1]))
    })
    .converted(),
    control(VIRTUALBUFFER_SIZE, "VIRTUALBUFFER_SIZE", parameter(Parameter::BufferMs), |config: &Resolved| {
        (config.bitrate_mode != BitrateMode::Quantizer).then(|| virtual_buffer(config))
    })
    .converted()
    .live(),
    control(
        SLICE_LENGTH_PARAM,
        "SLICE_LENGTH_PARAM",
        parameter(Parameter::SliceBytes),
        |config: &Resolved| {
            let bytes = config.parameters.get(Parameter::SliceBytes)?;
            Some(Wanted::Struct(vec![0, bytes * 8]))
        },
    )
    .converted(),
    control(SLICE_LENGTH_PARAM, "SLICE_LENGTH_PARAM", parameter(Parameter::SliceCount), |config| {
        units::macroblocks_of_slice(config).map(|macroblocks| Wanted::Struct(vec![1, macroblocks]))
    })
    .converted(),
    control(
        SLICE_INTRAREFRESH_PARAM,
        "SLICE_INTRAREFRESH_PARAM",
        parameter(Parameter::IntraRefreshPeriod),
        refresh,
    )
    .converted(),
    control(
        SLICE_INTRAREFRESH_PARAM,
        "SLICE_INTRAREFRESH_PARAM",
        parameter(Parameter::IntraRefreshRows),
        refresh,
    )
    .converted(),
    control(
        NUM_REFERENCE_FRAMES,
        "NUM_REFERENCE_FRAMES",
        parameter(Parameter::ReferenceFrames),
        |config: &Resolved| {
            let frames = config.parameters.get(Parameter::ReferenceFrames)?;
            Some(Wanted::Struct(vec![frames]))
        },
    )
    .converted(),
    control(INSERT_SPS_PPS_AT_IDR, "INSERT_SPS_PPS_AT_IDR", None, |_| Some(1.into())),
    // CAVLC in the Baseline profiles, which have nothing else; CABAC above.
    control(H264_ENTROPY_MODE, "H264_ENTROPY_MODE", None, |config| {
        only(config, Codec::H264, entropy(config.profile))
    }),
    control(INSERT_VUI, "INSERT_VUI", None, |_| Some(1.into())),
    control(INSERT_AUD, "INSERT_AUD", parameter(Parameter::AccessUnitDelimiters), |config| {
        asked(config, Parameter::AccessUnitDelimiters)
    }),
    // Left out, Xavier NX does not reach its frame rate.
    control(NUM_BFRAMES, "NUM_BFRAMES", None, |config| only(config, Codec::H264, 0)),
    control(MAX_PERFORMANCE, "MAX_PERFORMANCE", None, |config| Some(by_mode(config, 1, 0).into())),
];

impl Dialect for Resolved {
    const TABLE: &'static [Control<Self>] = CONTROLS;

    fn config(&self) -> &Resolved {
        self
    }

    /// NVIDIA's library describes no control.
    fn describe(_: &dyn Transport, _: u32) -> v4l2::Result<Found> {
        Ok(Found::Undescribed)
    }

    fn alike(_: u32, value: i64) -> i64 {
        value
    }

    /// It answers few. Only numbers mean the same on both sides, and no encoder runs at no rate: that is no answer. Profile and
    /// level come from the parameter sets later.
    fn answer(&self, transport: &dyn Transport, control: &Control<Self>, running: bool) -> Option<i64> {
        let answers = !running && control.setting == Some(SettingName::Bitrate);
        answers.then(|| read(transport, control.id)).flatten().filter(|value| *value > 0)
    }

    fn shown(&self, setting: SettingName, value: i64) -> String {
        match setting {
            SettingName::Parameter(parameter) => parameter.shown(u32::try_from(value).unwrap_or(0)),
            _ => value.to_string(),
        }
    }

    fn change_hint(&self, _: Option<Errno>) -> Option<&'static str> {
        None
    }
}

fn asked(config: &Resolved, parameter: Parameter) -> Option<Wanted> {
    config.parameters.get(parameter).map(Wanted::from)
}

fn refresh(config: &Resolved) -> Option<Wanted> {
    units::refresh_period(config).map(|period| Wanted::Struct(vec![period]))
}

/// Of I, P and B frames; all ones leave a bound as it is.
fn qp_range(config: &Resolved) -> Option<Wanted> {
    use Parameter::{MaxKeyQuantizer, MaxQuantizer, MinKeyQuantizer, MinQuantizer};
    let asked = |parameter| config.parameters.get(parameter);
    let bounds = [MinQuantizer, MaxQuantizer, MinKeyQuantizer, MaxKeyQuantizer].map(asked);
    if bounds == [None; 4] {
        return None;
    }
    let [min, max, min_key, max_key] = bounds;
    let key = [min_key.or(min), max_key.or(max)];
    let range = [key, [min, max], [min, max]].concat();
    Some(Wanted::Struct(range.into_iter().map(|bound| bound.unwrap_or(u32::MAX)).collect()))
}

fn only(config: &Resolved, codec: Codec, value: impl Into<Wanted>) -> Option<Wanted> {
    (config.codec == codec).then_some(value.into())
}

fn by_mode(config: &Resolved, realtime: i32, quality: i32) -> i32 {
    match config.requested.latency_mode {
        LatencyMode::Realtime => realtime,
        LatencyMode::Quality => quality,
    }
}

fn peak(config: &Resolved) -> Option<Wanted> {
    (config.bitrate_mode == BitrateMode::Variable).then(|| config.peak_bps().into())
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

/// NVIDIA's own numbering: twice the level's position for the Main tier, one more for the High tier. The kernel's would mean
/// wrong levels here.
fn h265_level(config: &Resolved) -> i32 {
    config.level.map_or(0, |level| level.position(Codec::H265)) as i32 * 2 + i32::from(config.high_tier)
}

/// Bits that may gather before the decoder: two frames, because one starves key frames; a second in quality mode.
fn virtual_buffer(config: &Resolved) -> Wanted {
    if let Some(bits) = units::buffer_bits(config) {
        return Wanted::Struct(vec![bits]);
    }
    let bits = match config.requested.latency_mode {
        LatencyMode::Realtime => 2.0 * f64::from(config.bitrate_bps) / config.framerate,
        LatencyMode::Quality => f64::from(config.bitrate_bps),
    };
    Wanted::Struct(vec![bits as u32])
}

/// The time between two frames as a fraction of a second, precise for 29.97 as well.
pub(super) fn time_per_frame(framerate: f64) -> (u32, u32) {
    (1000, (framerate * 1000.0).round() as u32)
}

/// Whether the device accepted that there be no B frames.
pub(super) fn has_no_b_frames(controls: &Controls) -> bool {
    controls.accepted(NUM_BFRAMES, 0)
}

/// Makes the next queued frame a key frame.
pub(super) fn force_key_frame(transport: &dyn Transport) -> Result<()> {
    set_now(transport, FORCE_IDR_FRAME, "FORCE_IDR_FRAME", 1)
}

#[cfg(test)]
mod tests {
    use v4l2::testing::{Fake, Reply};

    use super::*;
    use crate::backend::controls::{NEVER, apply_all};
    use crate::config::{Config, Tuning};
    use crate::error::Code;

    fn sent(config: &Config) -> Vec<(&'static str, Wanted)> {
        let resolved = config.resolve(config.codecs[0]).unwrap();
        CONTROLS.iter().filter_map(|control| Some((control.name, (control.value)(&resolved)?))).collect()
    }

    fn value(sent: &[(&'static str, Wanted)], name: &str) -> Option<Wanted> {
        sent.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone())
    }

    #[test]
    fn the_defaults_are_low_latency() {
        let sent = sent(&Config::new(Codec::H264));
        assert_eq!(value(&sent, "BITRATE"), Some(Wanted::Number(2_000_000)));
        assert_eq!(value(&sent, "BITRATE_MODE"), Some(Wanted::Number(1)));
        assert_eq!(value(&sent, "BITRATE_PEAK"), None);
        assert_eq!(value(&sent, "HW_PRESET_TYPE"), Some(Wanted::Number(1)));
        assert_eq!(value(&sent, "VIRTUALBUFFER_SIZE"), Some(Wanted::Struct(vec![133_333])));
        assert_eq!(value(&sent, "IDR_INTERVAL"), Some(Wanted::Number(60)));
        assert_eq!(value(&sent, "H264_LEVEL"), Some(Wanted::Number(9)));
        assert_eq!(value(&sent, "H264_ENTROPY_MODE"), Some(Wanted::Number(0)));
    }

    #[test]
    fn h265_levels_are_numbered_nvidias_way() {
        let sent = sent(&Config { width: 3840, height: 2160, framerate: 60.0, ..Config::new(Codec::H265) });
        assert_eq!(value(&sent, "H265_LEVEL"), Some(Wanted::Number(16)));
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
        assert_eq!(value(&sent, "BITRATE_PEAK"), Some(Wanted::Number(2_400_000)));
        assert_eq!(value(&sent, "IDR_INTERVAL"), Some(Wanted::Number(NEVER)));
    }

    /// What is sent where these parameters are requested in quality mode, by the names of the controls.
    fn sent_for(parameters: &[(Parameter, u32)]) -> Vec<(&'static str, Wanted)> {
        let mut config = Config { latency_mode: LatencyMode::Quality, ..Config::new(Codec::H264) };
        parameters.iter().for_each(|(parameter, value)| config.parameters.set(*parameter, *value));
        sent(&config)
    }

    #[test]
    fn each_parameter_is_a_control_in_its_own_unit() {
        use Parameter as P;
        let keep = u32::MAX;
        let mode = P::ScalabilityMode;
        for (parameters, name, expected) in [
            (&[(P::BufferMs, 500)][..], "VIRTUALBUFFER_SIZE", Wanted::Struct(vec![1_000_000])),
            (&[(P::MaxBitrate, 9_000_000)], "BITRATE_PEAK", 9_000_000.into()),
            (&[(P::MinQuantizer, 20)], "QP_RANGE", Wanted::Struct(vec![20, keep, 20, keep, 20, keep])),
            (
                &[(P::MaxQuantizer, 40), (P::MaxKeyQuantizer, 30)],
                "QP_RANGE",
                Wanted::Struct(vec![keep, 30, keep, 40, keep, 40]),
            ),
            (&[(P::IntraFrameInterval, 15)], "GOP_SIZE", 15.into()),
            (&[(P::IntraRefreshRows, 3)], "SLICE_INTRAREFRESH_PARAM", Wanted::Struct(vec![15])),
            (&[(P::SliceBytes, 1200)], "SLICE_LENGTH_PARAM", Wanted::Struct(vec![0, 9600])),
            (&[(P::SliceCount, 4)], "SLICE_LENGTH_PARAM", Wanted::Struct(vec![1, 960])),
            (&[(P::Preset, 3)], "HW_PRESET_TYPE", 4.into()),
            (&[(P::AccessUnitDelimiters, 1)], "INSERT_AUD", 1.into()),
            (&[(P::ReferenceFrames, 3)], "NUM_REFERENCE_FRAMES", Wanted::Struct(vec![3])),
        ] {
            assert_eq!(value(&sent_for(parameters), name), Some(expected), "{parameters:?}");
        }
        assert_eq!(sent_for(&[(mode, 1)]), sent_for(&[]), "it has no temporal layers");
    }

    #[test]
    fn without_rate_control_there_is_a_quantizer_and_no_rate() {
        let sent = sent_for(&[(Parameter::Quantizer, 30)]);
        assert_eq!(value(&sent, "FRAME_RC_ENABLE"), Some(0.into()));
        for name in ["H264_I_FRAME_QP", "H264_P_FRAME_QP", "H264_B_FRAME_QP"] {
            assert_eq!(value(&sent, name), Some(30.into()));
        }
        for name in ["BITRATE", "BITRATE_MODE", "BITRATE_PEAK", "VIRTUALBUFFER_SIZE"] {
            assert_eq!(value(&sent, name), None, "{name}");
        }
    }

    const SET: &str = "VIDIOC_S_EXT_CTRLS";

    fn variable() -> Resolved {
        let config = Config { bitrate_mode: Some(BitrateMode::Variable), ..Config::new(Codec::H264) };
        config.resolve(config.codecs[0]).unwrap()
    }

    /// The controls of a device that was opened so and gave these answers from its `skip`th control on.
    fn opened(config: &Resolved, skip: usize, answers: &[Reply]) -> Controls {
        let bitrate = [Reply::ok(SET), Reply::error("VIDIOC_G_EXT_CTRLS", Errno::EINVAL)];
        let before = vec![Reply::ok(SET); skip - 1];
        let after = vec![Reply::ok(SET); CONTROLS.len()];
        let script = bitrate.into_iter().chain(before).chain(answers.iter().cloned()).chain(after);
        apply_all(&Fake::new(script), config).unwrap().controls
    }

    fn names(controls: &Controls, wanted: &Resolved, tuning: Tuning) -> Vec<&'static str> {
        controls.changes(wanted, &tuning).iter().map(|(control, _)| control.name).collect()
    }

    fn bitrate(bitrate_bps: u32) -> Tuning {
        Tuning { bitrate_bps: Some(bitrate_bps), ..Tuning::default() }
    }

    #[test]
    fn the_peak_is_at_no_time_below_the_target() {
        let config = variable();
        let controls = opened(&config, 1, &[]);
        let sent = |tuning: Tuning| names(&controls, &config.tuned(&tuning), tuning);
        assert_eq!(sent(bitrate(6_000_000)), ["BITRATE_PEAK", "BITRATE", "VIRTUALBUFFER_SIZE"]);
        assert_eq!(sent(bitrate(1_000_000)), ["BITRATE", "BITRATE_PEAK", "VIRTUALBUFFER_SIZE"]);
    }

    #[test]
    fn a_change_sends_what_it_names_and_what_follows_from_it() {
        let config = variable();
        let controls = opened(&config, 1, &[]);
        let sent = |tuning: Tuning| names(&controls, &config.tuned(&tuning), tuning);
        let framerate = Tuning { framerate: Some(60.0), ..Tuning::default() };
        assert_eq!(sent(framerate), ["VIRTUALBUFFER_SIZE"]);
        assert_eq!(sent(bitrate(config.bitrate_bps)), ["BITRATE"]);
    }

    #[test]
    fn a_change_that_no_control_carries_out_is_rejected() {
        let mut config = Config::new(Codec::H264);
        config.parameters.set(Parameter::Quantizer, 30);
        let config = config.resolve(config.codecs[0]).unwrap();
        let nothing = Fake::new([]);
        let mut controls = opened(&config, 1, &[]);
        let changed = controls.change(&nothing, &bitrate(6_000_000), |tuning| config.tuned(tuning));
        let error = changed.map(|_| ()).unwrap_err();
        assert_eq!(error.code, Code::Control);
        assert!(error.message.contains("'quantizer'"), "{error}");
    }

    #[test]
    fn what_the_device_rejected_when_it_was_opened_is_not_sent_with_a_change() {
        // BITRATE, H264_PROFILE, H264_LEVEL and BITRATE_MODE come before BITRATE_PEAK.
        let controls = opened(&variable(), 4, &[Reply::error(SET, Errno::EINVAL)]);
        let tuning = bitrate(6_000_000);
        assert_eq!(names(&controls, &variable().tuned(&tuning), tuning), ["BITRATE", "VIRTUALBUFFER_SIZE"]);
    }

    #[test]
    fn a_change_that_failed_halfway_is_completed_or_undone_by_the_next_one() {
        let config = variable();
        let mut controls = opened(&config, 1, &[]);
        let up = bitrate(6_000_000);
        let fake = Fake::new([Reply::ok(SET), Reply::error(SET, Errno::EBUSY)]);
        let error = controls.change(&fake, &up, |up| config.tuned(up)).map(|_| ()).unwrap_err();
        assert_eq!((fake.unanswered(), error.errno), (0, Some(Errno::EBUSY)));
        // The peak is higher already.
        assert_eq!(names(&controls, &config.tuned(&up), up), ["BITRATE", "VIRTUALBUFFER_SIZE"]);
        let back = bitrate(config.bitrate_bps);
        assert_eq!(names(&controls, &config.tuned(&back), back), ["BITRATE", "BITRATE_PEAK"]);
    }

    #[test]
    fn broadcast_rates_stay_precise() {
        assert_eq!(time_per_frame(30.0), (1000, 30_000));
        assert_eq!(time_per_frame(30_000.0 / 1001.0), (1000, 29_970));
    }
}
