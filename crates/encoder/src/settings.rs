/// How a setting's actual value is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The driver answered.
    Readback,
    /// Read from parameter sets, or measured on the output.
    Bitstream,
    /// Sent, and no source can tell.
    Requested,
}

impl Source {
    /// `readback`, `bitstream`, `requested`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Readback => "readback",
            Self::Bitstream => "bitstream",
            Self::Requested => "requested",
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
    /// What is in force, as far as known.
    pub actual: String,
    /// How it is known.
    pub source: Source,
}

impl Setting {
    pub(crate) fn requested(name: &'static str, value: impl ToString) -> Self {
        let value = value.to_string();
        Self { name, requested: value.clone(), actual: value, source: Source::Requested }
    }

    pub(crate) fn known(mut self, actual: impl ToString, source: Source) -> Self {
        self.actual = actual.to_string();
        self.source = source;
        self
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
