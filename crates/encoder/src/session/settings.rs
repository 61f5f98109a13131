//! What is known of the settings, from the stream and from live changes.

use super::report::{emit_active, warn};
use super::shared::Shared;
use super::state::State;
use crate::codec::Level;
use crate::config::Tuning;
use crate::config::level::Demand;
use crate::error::Code;
use crate::event::Active;
use crate::output::stream::{self, Info};
use crate::settings::{Change, SettingName, Source, Warning, deviation};

/// Replaces what was requested by what the stream says. Returns what there is to report where that is something else.
pub(super) fn learn(shared: &Shared, state: &mut State, info: &Info) -> Vec<Warning> {
    if let Some(active) = &mut state.active {
        active.config.codec_string.clone_from(&info.codec_string);
    }
    let reported = [
        (SettingName::Profile, info.profile.clone()),
        (SettingName::Level, info.level.clone()),
        (SettingName::Framerate, info.framerate.map(|rate| rate.to_string())),
        (SettingName::ColorSpace, info.color.map(stream::color_name)),
        (SettingName::SampleAspectRatio, info.aspect_ratio.map(stream::aspect_ratio_name)),
    ];
    let known: Vec<_> =
        reported.into_iter().filter_map(|(name, actual)| Some((name, None, actual?))).collect();
    let warnings = state.active.as_ref().map_or_else(Vec::new, |active| {
        let reported = known.iter().filter_map(|(name, _, actual)| stream_deviation(active, *name, actual));
        reported.chain(level_too_low(active, info)).collect()
    });
    know(shared, state, &known);
    warnings
}

/// Where the stream says something else than the encoder was configured, and the driver had not said so before.
fn stream_deviation(active: &Active, name: SettingName, actual: &str) -> Option<Warning> {
    let config = &active.config;
    let sent = match name {
        SettingName::Profile => config.profile_name().to_owned(),
        // A level of ours may be another one, as long as it holds.
        SettingName::Level if config.choice.level.is_none() => return None,
        SettingName::Level => config.level_name(),
        SettingName::Framerate => config.framerate.to_string(),
        SettingName::ColorSpace => stream::color_name(config.color),
        _ => return None,
    };
    let said = active.settings.iter().find(|setting| setting.name == name)?.actual.as_deref();
    if sent.is_empty() || said == Some(actual) { None } else { deviation(name, &sent, actual) }
}

fn level_too_low(active: &Active, info: &Info) -> Option<Warning> {
    let config = &active.config;
    let level = Level::parse(config.codec, info.level.as_deref()?)?;
    let demand = Demand { references: info.references.unwrap_or(1), ..Demand::of(config) };
    let why = demand.excess(level)?;
    let message = format!("The encoder labels the stream with level {level}, which does not hold it: {why}.");
    Some(Warning { code: Code::Control.name(), message, setting: Some(SettingName::Level) })
}

/// Records a change that was sent.
pub(super) fn note_tuning(shared: &Shared, state: &mut State, tuning: &Tuning, changes: &[Change]) {
    let Some(active) = &mut state.active else { return };
    active.config = active.config.tuned(tuning);
    for change in changes.iter().filter(|change| !change.needs_restart()) {
        active.settings.retain(|known| known.name != change.setting.name);
        active.settings.push(change.setting.clone());
    }
    let excess = active.config.level_excess();
    emit_active(shared, state);
    if let Some(warning) = excess {
        warn(shared, state, warning);
    }
}

/// Takes note of what the stream shows: (setting, what was asked if that changed, what is).
pub(super) fn know(shared: &Shared, state: &mut State, known: &[(SettingName, Option<String>, String)]) {
    let Some(active) = &mut state.active else { return };
    for (name, requested, actual) in known {
        let Some(setting) = active.settings.iter_mut().find(|setting| setting.name == *name) else {
            continue;
        };
        if let Some(requested) = requested {
            setting.requested.clone_from(requested);
        }
        *setting = setting.clone().known(actual, Source::Bitstream);
    }
    emit_active(shared, state);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend_kind::BackendKind;
    use crate::codec::Codec;
    use crate::config::{CodecChoice, Config};
    use crate::input::format::RawFormat;
    use crate::input::geometry::{Imports, InputGeometry};
    use crate::settings::Setting;

    /// An encoder that was configured to encode 1280x720 as H.264 High, at this level.
    fn reported(level: Option<&str>) -> Active {
        let level = level.and_then(|level| Level::parse(Codec::H264, level));
        let profile = Some(crate::codec::Profile::High);
        let choice = CodecChoice { profile, level, ..Codec::H264.into() };
        let config = Config { codecs: vec![choice], ..Config::new(Codec::H264) };
        let names =
            [SettingName::Profile, SettingName::Level, SettingName::Framerate, SettingName::ColorSpace];
        Active {
            backend: BackendKind::V4l2,
            device: None,
            rejected: Vec::new(),
            config: config.resolve(choice).unwrap(),
            settings: names.map(|name| Setting::requested(name, "")).to_vec(),
            warnings: Vec::new(),
            input: InputGeometry {
                format: RawFormat::I420,
                coded_width: 1280,
                coded_height: 720,
                planes: Vec::new(),
                memories: Vec::new(),
                imports: Imports::Nothing,
            },
        }
    }

    #[test]
    fn a_stream_that_is_not_as_it_was_requested_is_reported() {
        let active = reported(Some("4"));
        for (name, same, other) in [
            (SettingName::Profile, "high", "main"),
            (SettingName::Level, "4", "4.1"),
            (SettingName::Framerate, "30", "60"),
            (SettingName::ColorSpace, "bt709 limited", "smpte170m limited"),
        ] {
            assert_eq!(stream_deviation(&active, name, same), None);
            let warning = stream_deviation(&active, name, other).unwrap();
            assert_eq!(warning.setting, Some(name));
            assert!(warning.message.contains(other), "{}", warning.message);
        }
    }

    #[test]
    fn what_the_driver_had_said_before_is_not_reported_again() {
        let mut active = reported(Some("4"));
        active.settings[1] = active.settings[1].clone().known("4.1", Source::Readback);
        assert_eq!(stream_deviation(&active, SettingName::Level, "4.1"), None);
    }

    #[test]
    fn a_level_of_the_encoders_own_has_to_hold_the_stream() {
        let active = reported(None);
        let info = |level: &str, references| Info {
            codec_string: String::new(),
            width: 1280,
            height: 720,
            profile: None,
            level: Some(level.to_owned()),
            references: Some(references),
            framerate: None,
            color: None,
            aspect_ratio: None,
        };
        assert_eq!(stream_deviation(&active, SettingName::Level, "4"), None);
        assert_eq!(level_too_low(&active, &info("4", 4)), None);
        let why = |level, references| level_too_low(&active, &info(level, references)).unwrap().message;
        assert!(why("3", 1).contains("3600 macroblocks of 1620"), "{}", why("3", 1));
        assert!(why("3.1", 6).contains("6 reference frames are more than its 5"), "{}", why("3.1", 6));
    }
}
