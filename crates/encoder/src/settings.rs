use crate::error::Code;

/// Frame rates that differ by less than this are the same, rounded.
const SAME_RATE: f64 = 0.005;

/// How a setting's actual value is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The driver answered.
    Readback,
    /// Read from parameter sets, or measured on the output.
    Bitstream,
    /// Sent, and no source can tell.
    Requested,
    /// The device has no control for it, or rejected it, and does as it likes.
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

/// A setting as it was asked for and as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// The option's name, as the configuration has it, or the control's.
    pub name: &'static str,
    /// What was asked for.
    pub requested: String,
    /// What is in force; `None` where nothing can tell.
    pub actual: Option<String>,
    /// How it is known.
    pub source: Source,
}

impl Setting {
    /// Sent, and not known to be in force.
    pub(crate) fn requested(name: &'static str, value: impl ToString) -> Self {
        Self { name, requested: value.to_string(), actual: None, source: Source::Requested }
    }

    /// The device cannot be told.
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

/// What there is to report of a setting that is not as it was sent: the one rule for drivers' answers and for streams.
pub(crate) fn deviation(name: &'static str, sent: &str, actual: &str) -> Option<Warning> {
    let message = match name {
        _ if is_same(name, sent, actual) => return None,
        "colorSpace" => format!(
            "Frames are encoded as {sent}, and the encoder labels the stream {actual}: players show other colors."
        ),
        _ => format!("The encoder changed {name} from {sent} to {actual}."),
    };
    Some(Warning { code: Code::Control.name(), message, setting: Some(name) })
}

fn is_same(name: &str, sent: &str, actual: &str) -> bool {
    match name {
        "framerate" => match (sent.parse::<f64>(), actual.parse::<f64>()) {
            (Ok(sent), Ok(actual)) => (actual / sent - 1.0).abs() < SAME_RATE,
            _ => false,
        },
        // No encoder makes use of what Baseline has and Constrained Baseline has not.
        "profile" => {
            sent.strip_prefix("constrained-").unwrap_or(sent)
                == actual.strip_prefix("constrained-").unwrap_or(actual)
        }
        _ => sent == actual,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_claimed_of_what_was_only_sent() {
        let sent = Setting::requested("bitrate", 500_000);
        assert_eq!((sent.actual.as_deref(), sent.source), (None, Source::Requested));
        assert_eq!(sent.deviation(500_000), None);
        let without = sent.unsupported();
        assert_eq!((without.actual.as_deref(), without.source), (None, Source::Unsupported));
    }

    #[test]
    fn what_is_not_as_it_was_sent_is_reported_for_every_setting() {
        let reported = |name, sent, actual| deviation(name, sent, actual).map(|warning| warning.message);
        for (name, sent, actual) in [
            ("bitrate", "2000000", "1000000"),
            ("framerate", "30", "25"),
            ("profile", "high", "main"),
            ("level", "4", "3.1"),
            ("bitrateMode", "variable", "constant"),
            ("keyFrameInterval", "60", "16"),
        ] {
            assert_eq!(reported(name, sent, sent), None);
            assert_eq!(
                reported(name, sent, actual),
                Some(format!("The encoder changed {name} from {sent} to {actual}."))
            );
        }
        let colors = reported("colorSpace", "smpte170m limited", "bt709 limited").unwrap();
        assert!(colors.contains("smpte170m") && colors.contains("bt709"), "{colors}");
        assert_eq!(reported("framerate", "29.97002997", "29.97"), None);
        assert_eq!(reported("profile", "constrained-baseline", "baseline"), None);
    }
}

/// Something the device refused or changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// `ERR_CONTROL` and the like.
    pub code: &'static str,
    /// A full sentence.
    pub message: String,
    /// The setting concerned.
    pub setting: Option<&'static str>,
}
