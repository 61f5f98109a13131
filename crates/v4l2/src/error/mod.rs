//! Errors: a [`Failure`] is what the system or a driver said; an [`Error`] is what a program is given, with a code and a hint.

mod code;
mod failure;
mod hint;
mod rejected_encoder;

use std::fmt;
use std::path::{Path, PathBuf};

use v4l2r::nix::errno::Errno;

pub use code::Code;
pub use failure::{Failure, Result, Situation};
pub use hint::permission_hint;
pub use rejected_encoder::RejectedEncoder;

/// Which kind of mistake an error is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An argument has the wrong type or shape.
    Type,
    /// An argument is outside its range.
    Range,
    /// Anything that is not the caller's mistake.
    Other,
}

/// An error of a device, an encoder or a camera, with a hint where something can be done about it.
#[derive(Debug, Clone)]
pub struct Error {
    /// The situation.
    pub code: Code,
    /// Whose mistake.
    pub kind: Kind,
    /// One full sentence or more: what was wrong and what is allowed.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// The device concerned.
    pub device: Option<PathBuf>,
    /// The request that failed, such as `VIDIOC_REQBUFS`.
    pub ioctl: Option<&'static str>,
    /// What the system or driver said.
    pub errno: Option<Errno>,
    /// For [`Code::NoEncoder`]: what was tried.
    pub rejected: Vec<RejectedEncoder>,
    /// What is too long for the message; logged at the finest level.
    pub details: Option<String>,
    /// After a fatal error of an encoder: timestamps of accepted frames that will never come, in microseconds.
    pub lost: Vec<i64>,
}

impl Error {
    /// An error with nothing but its code and its message.
    #[must_use]
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            kind: Kind::Other,
            message: message.into(),
            hint: None,
            device: None,
            ioctl: None,
            errno: None,
            rejected: Vec::new(),
            details: None,
            lost: Vec::new(),
        }
    }

    /// An argument outside its range.
    #[must_use]
    pub fn range(code: Code, message: impl Into<String>) -> Self {
        Self { kind: Kind::Range, ..Self::new(code, message) }
    }

    /// An argument of the wrong shape.
    #[must_use]
    pub fn shape(code: Code, message: impl Into<String>) -> Self {
        Self { kind: Kind::Type, ..Self::new(code, message) }
    }

    /// The same error with a hint.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same error with the device it is about.
    #[must_use]
    pub fn on(mut self, device: impl Into<PathBuf>) -> Self {
        self.device = Some(device.into());
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        let situation = failure.situation();
        Self {
            details: failure.details(),
            device: failure.device().map(Path::to_owned),
            ioctl: failure.ioctl(),
            errno: failure.errno(),
            hint: hint::hint(situation, failure.device()),
            ..Self::new(code(situation), sentence(&failure.to_string()))
        }
    }
}

/// Here, because errors hold what was rejected.
impl RejectedEncoder {
    /// A rejection without a failed request behind it.
    pub fn new(
        backend: &'static str,
        device: Option<&Path>,
        codec: Option<&str>,
        code: Code,
        message: impl Into<String>,
    ) -> Self {
        Self::from_error(backend, device, codec, Error::new(code, message))
    }

    /// A rejection because of an error.
    #[must_use]
    pub fn from_error(
        backend: &'static str,
        device: Option<&Path>,
        codec: Option<&str>,
        error: Error,
    ) -> Self {
        Self {
            backend,
            device: device.map(Path::to_owned),
            codec: codec.map(str::to_owned),
            code: error.code,
            message: error.message,
            hint: error.hint,
            ioctl: error.ioctl,
            errno: error.errno,
            alternatives: Vec::new(),
        }
    }
}

fn code(situation: Situation) -> Code {
    match situation {
        Situation::LibraryMissing => Code::LibraryMissing,
        Situation::TooManyDevices | Situation::Busy => Code::Busy,
        Situation::NotFound => Code::DeviceNotFound,
        Situation::Permission => Code::Permission,
        Situation::Silent => Code::NotAnEncoder,
        Situation::Lost => Code::DeviceLost,
        Situation::Failed => Code::Device,
    }
}

/// Starts with a capital and ends with a full stop; names of requests and sentences stay as they are.
#[must_use]
pub fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let capital = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    let end = if text.ends_with('.') { "" } else { "." };
    format!("{capital}{}{end}", letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opening(device: &str) -> Error {
        Failure::Open { device: device.into(), errno: Errno::EACCES }.into()
    }

    #[test]
    fn a_missing_permission_comes_with_the_command_that_grants_it() {
        let error = opening("/dev/nvmap");
        assert_eq!(error.code.name(), "ERR_PERMISSION");
        assert!(error.hint.unwrap().contains("sudo usermod -a -G video $USER"));
        let renamed = opening("/dev/v4l2-nvenc");
        assert!(renamed.hint.unwrap().contains("sudo usermod -a -G video,render $USER"));
        assert!(error.message.starts_with("Opening /dev/nvmap failed with EACCES"), "{}", error.message);
    }

    #[test]
    fn an_unplugged_device_is_lost_and_not_broken() {
        let of = |errno| {
            Error::from(Failure::Ioctl { ioctl: "VIDIOC_DQBUF", device: "/dev/video0".into(), errno })
        };
        assert_eq!(of(Errno::ENODEV).code, Code::DeviceLost);
        assert_eq!(of(Errno::EIO).code, Code::Device);
        assert_eq!(of(Errno::EIO).device.as_deref(), Some(Path::new("/dev/video0")));
    }
}
