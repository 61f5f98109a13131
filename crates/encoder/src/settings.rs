use std::fmt;

use crate::config::Parameter;
use crate::error::{Code, Error};

/// Frame rates that differ by less than this are the same, rounded.
const SAME_RATE: f64 = 0.005;

/// How a setting's actual value is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The driver answered.
    Readback,
    /// Read from parameter sets, or measured on the output.
    Bitstream,
    /// Sent, and nothing has confirmed it.
    Requested,
    /// The device has no control for it, or rejected it, and keeps its default.
    Unsupported,
}

impl Source {
    /// `readback`, `bitstream`, `requested`, `unsupported`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Readback => "readback",
            Self::Bitstream => "bitstream",
            Self::Requested => "requested",
            Self::Unsupported => "unsupported",
        }
    }
}

/// An option whose effect is reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingName {
    /// Bits per second.
    Bitrate,
    /// How bits are spent.
    BitrateMode,
    /// Frames per second.
    Framerate,
    /// Frames from one key frame to the next.
    KeyFrameInterval,
    /// The profile of the codec.
    Profile,
    /// The level of the codec.
    Level,
    /// What luma and chroma mean.
    ColorSpace,
    /// Shape of a pixel.
    SampleAspectRatio,
    /// The width of the frame, in pixels.
    Width,
    /// The height of the frame, in pixels.
    Height,
    /// One of the parameters.
    Parameter(Parameter),
}

impl SettingName {
    /// The name of the option.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Bitrate => "bitrate",
            Self::BitrateMode => "bitrateMode",
            Self::Framerate => "framerate",
            Self::KeyFrameInterval => "keyFrameInterval",
            Self::Profile => "profile",
            Self::Level => "level",
            Self::ColorSpace => "colorSpace",
            Self::SampleAspectRatio => "sampleAspectRatio",
            Self::Width => "width",
            Self::Height => "height",
            Self::Parameter(parameter) => parameter.name(),
        }
    }

    /// Whether its values are numbers; those of others are names, also a level's.
    #[must_use]
    pub fn is_number(self) -> bool {
        match self {
            Self::Bitrate | Self::Framerate | Self::KeyFrameInterval | Self::Width | Self::Height => true,
            Self::Parameter(parameter) => parameter.is_number(),
            _ => false,
        }
    }
}

impl fmt::Display for SettingName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// A setting as it was requested and as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// Which option.
    pub name: SettingName,
    /// What was requested.
    pub requested: String,
    /// What is in force; `None` where nothing has confirmed it.
    pub actual: Option<String>,
    /// How it is known.
    pub source: Source,
}

impl Setting {
    /// Sent, and not known to be in force.
    pub(crate) fn requested(name: SettingName, value: impl ToString) -> Self {
        Self { name, requested: value.to_string(), actual: None, source: Source::Requested }
    }

    /// The device has no control for it, or rejected it.
    pub(crate) fn unsupported(self) -> Self {
        Self { source: Source::Unsupported, ..self }
    }

    pub(crate) fn known(self, actual: impl ToString, source: Source) -> Self {
        Self { actual: Some(actual.to_string()), source, ..self }
    }

    /// What there is to report where what is in force is not what was sent.
    pub(crate) fn deviation(&self, sent: impl ToString) -> Option<Warning> {
        deviation(self.name, &sent.to_string(), self.actual.as_deref()?)
    }
}

/// What became of one setting of a change.
#[derive(Debug, Clone)]
pub struct Change {
    /// As it was asked for, and as it is as far as that is known.
    pub setting: Setting,
    /// How.
    pub effect: Effect,
}

/// How a change was made.
#[derive(Debug, Clone)]
pub enum Effect {
    /// The running device has it.
    Applied,
    /// The device takes it only when it is opened, so it stays as it was; with what the device said, if it said something.
    NeedsRestart(Option<Error>),
    /// The device was opened again with it.
    Restarted,
}

impl Change {
    /// The running device was given it.
    pub(crate) fn applied(setting: Setting) -> Self {
        Self { setting, effect: Effect::Applied }
    }

    /// Whether the device takes it only when it is opened.
    #[must_use]
    pub fn needs_restart(&self) -> bool {
        matches!(self.effect, Effect::NeedsRestart(_))
    }
}

/// What there is to report of a setting that is not as it was sent: the one rule for drivers' answers and for streams.
pub(crate) fn deviation(name: SettingName, sent: &str, actual: &str) -> Option<Warning> {
    let message = match name {
        _ if is_same(name, sent, actual) => return None,
        SettingName::ColorSpace => format!(
            "Frames are encoded as {sent}, and the encoder labels the stream {actual}: players show other colors."
        ),
        _ => format!("The encoder changed {name} from {sent} to {actual}."),
    };
    Some(Warning { code: Code::Control.name(), message, setting: Some(name) })
}

fn is_same(name: SettingName, sent: &str, actual: &str) -> bool {
    match name {
        SettingName::Framerate => match (sent.parse::<f64>(), actual.parse::<f64>()) {
            (Ok(sent), Ok(actual)) => (actual / sent - 1.0).abs() < SAME_RATE,
            _ => false,
        },
        // No encoder makes use of what Baseline has and Constrained Baseline has not.
        SettingName::Profile => {
            sent.strip_prefix("constrained-").unwrap_or(sent)
                == actual.strip_prefix("constrained-").unwrap_or(actual)
        }
        _ => sent == actual,
    }
}

/// Something the device rejected or changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// `ERR_CONTROL` and the like.
    pub code: &'static str,
    /// A full sentence.
    pub message: String,
    /// The setting concerned.
    pub setting: Option<SettingName>,
}

impl Warning {
    /// Whether both say the same but for the numbers in it.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        let words = |warning: &Self| {
            let is_word = |part: &&str| !part.contains(|letter: char| letter.is_ascii_digit());
            warning.message.split_whitespace().filter(is_word).map(str::to_owned).collect::<Vec<_>>()
        };
        (self.code, self.setting) == (other.code, other.setting) && words(self) == words(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_claimed_of_what_was_only_sent() {
        let sent = Setting::requested(SettingName::Bitrate, 500_000);
        assert_eq!((sent.actual.as_deref(), sent.source), (None, Source::Requested));
        assert_eq!(sent.deviation(500_000), None);
        let without = sent.unsupported();
        assert_eq!((without.actual.as_deref(), without.source), (None, Source::Unsupported));
    }

    #[test]
    fn what_is_not_as_it_was_sent_is_reported_for_every_setting() {
        let reported = |name, sent, actual| deviation(name, sent, actual).map(|warning| warning.message);
        for (name, sent, actual) in [
            (SettingName::Bitrate, "2000000", "1000000"),
            (SettingName::Framerate, "30", "25"),
            (SettingName::Profile, "high", "main"),
            (SettingName::Level, "4", "3.1"),
            (SettingName::BitrateMode, "variable", "constant"),
            (SettingName::KeyFrameInterval, "60", "16"),
        ] {
            assert_eq!(reported(name, sent, sent), None);
            assert_eq!(
                reported(name, sent, actual),
                Some(format!("The encoder changed {name} from {sent} to {actual}."))
            );
        }
        let colors = reported(SettingName::ColorSpace, "smpte170m limited", "bt709 limited").unwrap();
        assert!(colors.contains("smpte170m") && colors.contains("bt709"), "{colors}");
        assert_eq!(reported(SettingName::Framerate, "29.97002997", "29.97"), None);
        assert_eq!(reported(SettingName::Profile, "constrained-baseline", "baseline"), None);
    }
}
