//! What OpenH264 makes of what is requested.

use super::library::{self, FINEST_QP, MAX_SLICES, MIN_SLICE_BYTES};
use crate::config::{BitrateMode, Parameter, Resolved, Tuning};
use crate::error::{Code, Error, Result};
use crate::settings::{Change, Effect, Setting, SettingName, Source};

/// The settings of an encoder of this configuration; what is requested and not among them it does not have.
pub(super) fn settings(config: &Resolved) -> Vec<Setting> {
    let mut settings = vec![
        Setting::requested(SettingName::Framerate, config.framerate),
        Setting::requested(SettingName::Profile, config.requested_profile()),
        Setting::requested(SettingName::Level, config.requested_level()),
        Setting::requested(SettingName::BitrateMode, config.bitrate_mode.name()),
        in_force(SettingName::KeyFrameInterval, config.key_frame_interval, library::intra_period(config)),
    ];
    if config.bitrate_mode != BitrateMode::Quantizer {
        settings.insert(0, Setting::requested(SettingName::Bitrate, config.bitrate_bps));
    }
    settings.extend(config.parameters.iter().filter_map(|(parameter, value)| setting(parameter, value)));
    settings
}

/// How a value is carried out; `None` where it is not.
fn setting(parameter: Parameter, value: u32) -> Option<Setting> {
    use Parameter as P;
    let name = SettingName::Parameter(parameter);
    let requested = Setting::requested(name, parameter.shown(value));
    match (parameter, value) {
        (P::MaxBitrate | P::Quantizer | P::Preset | P::ScalabilityMode, _)
        // Hints about cameras: what it does anyway. Screens are not for this use of it.
        | (P::ContentHint, 0 | 1)
        // It has no more in this use.
        | (P::ReferenceFrames, 1)
        | (P::SliceCount, ..=MAX_SLICES) => Some(requested),
        (P::MinQuantizer | P::MaxQuantizer, _) => {
            Some(in_force(name, value, value.max(FINEST_QP.into())))
        }
        (P::SliceBytes, _) => Some(in_force(name, value, value.max(MIN_SLICE_BYTES))),
        _ => None,
    }
}

/// A value that the library is known to raise.
fn in_force(name: SettingName, requested: u32, actual: u32) -> Setting {
    let setting = Setting::requested(name, requested);
    if requested == actual { setting } else { setting.known(actual, Source::Readback) }
}

/// What of a change the running encoder takes, and what becomes of each setting.
pub(super) fn changes(tuning: &Tuning) -> Result<(Tuning, Vec<Change>)> {
    let mut taken = tuning.clone();
    let mut changes = Vec::new();
    for wanted in tuning.settings() {
        let effect = match wanted.name {
            SettingName::Parameter(Parameter::MaxBitrate | Parameter::Quantizer) => Effect::Applied,
            SettingName::Parameter(parameter) => {
                let value = tuning.parameters.get(parameter).unwrap_or(0);
                if setting(parameter, value).is_none() {
                    let message = format!("The software encoder has no control for {}.", wanted.name);
                    return Err(Error::new(Code::Control, message));
                }
                taken = taken.without(wanted.name);
                Effect::NeedsRestart(None)
            }
            _ => Effect::Applied,
        };
        changes.push(Change { setting: wanted, effect });
    }
    Ok((taken, changes))
}
