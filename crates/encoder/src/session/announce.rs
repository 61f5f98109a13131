//! What is said about an encoder when it is opened.

use super::limit::InFlightLimit;
use super::shared::Shared;
use super::state::{Command, Phase, State};
use crate::backend::Opened;
use crate::candidate::Candidate;
use crate::codec::Codec;
use crate::config::{Hardware, LatencyMode, Resolved};
use crate::error::Code;
use crate::event::{Active, Event};
use crate::log::LogLevel;
use crate::output::stream;
use crate::select;
use crate::settings::{Setting, SettingName, Warning};

/// Makes the opened encoder the session's, and reports it.
pub(super) fn announce(
    shared: &Shared,
    state: &mut State,
    candidate: &Candidate,
    config: Resolved,
    opened: &Opened,
) {
    let reopened = state.phase != Phase::Opening
        && state
            .active
            .as_ref()
            .is_some_and(|active| (active.backend, &active.device) == (candidate.backend, &candidate.device));
    let replaced = state.active.is_some() && !reopened;
    if reopened {
        state.limit.restart();
    } else {
        state.limit = limit(&config, opened.delay);
    }
    state.no_output_yet = true;
    state.per_frame = opened.per_frame;
    state.cadence.restart();
    if matches!(state.phase, Phase::Opening | Phase::Drained) {
        state.phase = Phase::Open;
    }
    log_active(shared, state, candidate, &config, &opened.title, reopened);
    let mut settings = opened.settings.clone();
    settings.push(Setting::requested(SettingName::ColorSpace, stream::color_name(config.color)));
    let mut warnings: Vec<_> = config.warnings.iter().chain(&opened.warnings).cloned().collect();
    if !reopened {
        warnings.iter().for_each(|warning| shared.logger.warn(|| warning.message.clone()));
    }
    if let Some(ratio) = config.requested.aspect_ratio {
        let requested = stream::aspect_ratio_name(ratio);
        if config.codec.of_units().is_none() && ratio.width != ratio.height {
            let warning = no_aspect_ratio(config.codec, &requested);
            shared.logger.warn(|| warning.message.clone());
            warnings.push(warning);
        }
        settings.push(Setting::requested(SettingName::SampleAspectRatio, requested));
    }
    let active = Active {
        backend: candidate.backend,
        device: candidate.device.clone(),
        rejected: state.rejected.clone(),
        config,
        settings,
        warnings,
        input: opened.geometry.clone(),
    };
    let other_input = state.active.as_ref().is_some_and(|before| before.input != active.input);
    state.active = Some(active.clone());
    if replaced || (reopened && other_input) {
        shared.emit(state, Event::Active(Box::new(active)));
    } else if !reopened {
        shared.emit(state, Event::Opened(Box::new(active)));
        if state.commands.iter().any(|command| matches!(command, Command::Close(_))) {
            state.phase = Phase::Closing;
        }
    }
}

fn no_aspect_ratio(codec: Codec, requested: &str) -> Warning {
    let message = format!(
        "A {codec} stream cannot say that its pixels are {requested}; a player shows them square unless its file says so."
    );
    Warning { code: Code::Config.name(), message, setting: Some(SettingName::SampleAspectRatio) }
}

fn limit(config: &Resolved, known_delay: Option<u32>) -> InFlightLimit {
    match (config.requested.queue_depth, config.requested.latency_mode) {
        (Some(depth), _) => InFlightLimit::fixed(depth),
        (None, LatencyMode::Quality) => InFlightLimit::all(),
        (None, LatencyMode::Realtime) => InFlightLimit::measured(known_delay),
    }
}

fn log_active(
    shared: &Shared,
    state: &State,
    candidate: &Candidate,
    config: &Resolved,
    title: &str,
    reopened: bool,
) {
    let level = if reopened { LogLevel::Debug } else { LogLevel::Info };
    let codec = config.codec;
    if let Some(device) = &candidate.device {
        let device = device.display();
        let Resolved { width, height, framerate, bitrate_bps, .. } = config;
        shared.logger.write(level, || format!("V4L2 device opened successfully: {device}"));
        shared.logger.write(level, || {
            format!(
                "V4L2 {codec} encoder initialized: {width}x{height} @ {framerate}fps, target_bps={bitrate_bps} \
                 using device {device}"
            )
        });
        shared.logger.write(level, || format!("Using V4L2 HW encoder for {codec} ({title})"));
        return;
    }
    if shared.config.hardware == Hardware::Never || reopened {
        shared.logger.info(|| format!("Using software encoder for {codec} ({title})"));
    } else {
        shared.logger.warn(|| {
            let why = select::reasons(&state.rejected, |rejection| rejection.message.clone());
            format!("Using software encoder for {codec} ({title}), because: {why}")
        });
    }
}
