//! What was requested and the opened encoder has no control for.

use crate::backend::Opened;
use crate::config::{OnUnsupported, Parameter, Resolved};
use crate::error::{Code, Error, Result};
use crate::settings::{Setting, SettingName, Source, Warning};

/// Adds to the settings and warnings what the encoder lacks of what was requested.
///
/// # Errors
/// [`Code::Control`] where an encoder that lacks something is not to be used.
pub(super) fn settle(opened: &mut Opened, config: &Resolved) -> Result<()> {
    if is_done(&opened.settings, SettingName::Parameter(Parameter::Quantizer)) {
        opened.settings.retain(|known| known.name != SettingName::BitrateMode);
        opened.settings.push(Setting::requested(SettingName::BitrateMode, config.bitrate_mode.name()));
    }
    let (hints, lacking): (Vec<_>, Vec<_>) = asked(config)
        .filter(|setting| !is_done(&opened.settings, setting.name))
        .partition(|setting| setting.name == SettingName::Parameter(Parameter::ContentHint));
    // A hint that is not taken is no deviation.
    opened.settings.extend(hints.into_iter().map(Setting::unsupported));
    if lacking.is_empty() {
        return Ok(());
    }
    if config.requested.on_unsupported == OnUnsupported::Error {
        let names: Vec<_> = lacking.iter().map(|setting| format!("`{}`", setting.name)).collect();
        let message = format!("The encoder {} has no control for {}.", opened.title, names.join(", "));
        return Err(Error::new(Code::Control, message)
            .with_hint("Leave it out, or set `onUnsupported` to 'warn' to use the encoder without it."));
    }
    for setting in lacking {
        opened.warnings.retain(|warning| warning.setting != Some(setting.name));
        opened.warnings.push(Warning {
            code: Code::Control.name(),
            message: format!("The encoder has no control for {}, which is left as it is.", setting.name),
            setting: Some(setting.name),
        });
        opened.settings.retain(|known| known.name != setting.name);
        opened.settings.push(setting.unsupported());
    }
    Ok(())
}

fn asked(config: &Resolved) -> impl Iterator<Item = Setting> + '_ {
    config.parameters.iter().map(|(parameter, value)| {
        Setting::requested(SettingName::Parameter(parameter), parameter.shown(value))
    })
}

fn is_done(settings: &[Setting], name: SettingName) -> bool {
    settings.iter().any(|setting| setting.name == name && setting.source != Source::Unsupported)
}
