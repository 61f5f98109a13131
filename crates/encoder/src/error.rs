use std::fmt;
use std::path::{Path, PathBuf};

use v4l2::{Errno, Situation, permission_hint, sentence};

use crate::backend_kind::BackendKind;
use crate::codec::Codec;

/// Shorthand for this crate's results.
pub type Result<T> = std::result::Result<T, Error>;

/// The situation, as programs tell them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Code {
    /// Nothing can do it; `rejected` lists everything that was tried.
    NoEncoder,
    /// The named device does not exist.
    DeviceNotFound,
    /// The device exists, but this user may not use it.
    Permission,
    /// The device is something else.
    NotAnEncoder,
    /// NVIDIA's library is not there.
    LibraryMissing,
    /// The device cannot code this codec, or not at this size.
    CodecUnsupported,
    /// A configuration value is wrong.
    Config,
    /// A frame is wrong.
    Frame,
    /// The device refused a control.
    Control,
    /// A request to the device failed.
    Device,
    /// The device did not answer in time.
    Timeout,
    /// The device went away.
    DeviceLost,
    /// The device, or a part of it, is in use.
    Busy,
    /// The encoder is closed.
    Closed,
}

impl Code {
    /// `ERR_…`, as JavaScript programs know it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NoEncoder => "ERR_NO_ENCODER",
            Self::DeviceNotFound => "ERR_DEVICE_NOT_FOUND",
            Self::Permission => "ERR_PERMISSION",
            Self::NotAnEncoder => "ERR_NOT_AN_ENCODER",
            Self::LibraryMissing => "ERR_LIBRARY_MISSING",
            Self::CodecUnsupported => "ERR_CODEC_UNSUPPORTED",
            Self::Config => "ERR_CONFIG",
            Self::Frame => "ERR_FRAME",
            Self::Control => "ERR_CONTROL",
            Self::Device => "ERR_DEVICE",
            Self::Timeout => "ERR_TIMEOUT",
            Self::DeviceLost => "ERR_DEVICE_LOST",
            Self::Busy => "ERR_BUSY",
            Self::Closed => "ERR_CLOSED",
        }
    }
}

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

/// A failure, with the cure where there is one.
#[derive(Debug, Clone)]
#[non_exhaustive]
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
    /// More than anybody wants to read at first; for the log's finest level.
    pub details: Option<String>,
    /// After a fatal error: timestamps of accepted frames that will never come, in microseconds.
    pub lost: Vec<i64>,
}

impl Error {
    /// A failure of this kind of situation.
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

    /// The answer of an encoder that is closed.
    pub(crate) fn closed() -> Self {
        Self::new(Code::Closed, "The encoder is closed.").with_hint("Make a new one with createEncoder.")
    }

    /// The same error with its cure.
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

/// Something that was tried and not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RejectedEncoder {
    /// The kind of encoder.
    pub backend: BackendKind,
    /// The device, where there was one.
    pub device: Option<PathBuf>,
    /// The codec that it was to encode. What encodes nothing at all is told once, for the first codec.
    pub codec: Option<String>,
    /// The situation.
    pub code: Code,
    /// What was wrong, as a sentence.
    pub message: String,
    /// What would help.
    pub hint: Option<String>,
}

impl RejectedEncoder {
    pub(crate) fn new(
        backend: BackendKind,
        device: Option<&Path>,
        codec: Option<Codec>,
        code: Code,
        message: impl Into<String>,
    ) -> Self {
        let codec = codec.map(|codec| codec.name().to_owned());
        Self { backend, device: device.map(Path::to_owned), codec, code, message: message.into(), hint: None }
    }

    pub(crate) fn from_error(
        backend: BackendKind,
        device: Option<&Path>,
        codec: Option<Codec>,
        error: Error,
    ) -> Self {
        Self { hint: error.hint, ..Self::new(backend, device, codec, error.code, error.message) }
    }

    /// Says the same of the same encoder, for whichever codec.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        let told = |one: &Self| (one.backend, one.device.clone(), one.code, one.message.clone());
        told(self) == told(other)
    }

    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

const LIBRARY_HINT: &str = "On a Jetson install nvidia-l4t-multimedia; in a container use NVIDIA's container runtime \
    with NVIDIA_VISIBLE_DEVICES=all and NVIDIA_DRIVER_CAPABILITIES=all. Elsewhere name the library with the option \
    `library` or V4L2_ENCODER_LIBRARY.";
const BUSY_HINT: &str = "Close the other program or encoder that uses the device, or wait and try again.";
const STUB_HINT: &str = "The node is a stub that only NVIDIA's library answers on. Check that libnvv4l2.so is \
    NVIDIA's and that its plugin libv4l2_nvvideocodec.so is in libv4l/plugins/nv.";

impl From<v4l2::Error> for Error {
    fn from(error: v4l2::Error) -> Self {
        let (code, hint) = situation(error.situation(), error.device());
        Self {
            details: error.details(),
            device: error.device().map(Path::to_owned),
            ioctl: error.ioctl(),
            errno: error.errno(),
            hint,
            ..Self::new(code, sentence(&error.to_string()))
        }
    }
}

fn situation(situation: Situation, device: Option<&Path>) -> (Code, Option<String>) {
    let (code, hint) = match situation {
        Situation::LibraryMissing => (Code::LibraryMissing, Some(LIBRARY_HINT)),
        Situation::TooManyDevices => {
            (Code::Busy, Some("Close another encoder of this process, or use a second process."))
        }
        Situation::NotFound => (Code::DeviceNotFound, None),
        Situation::Permission => return (Code::Permission, Some(permission_hint(device))),
        Situation::Busy => (Code::Busy, Some(BUSY_HINT)),
        Situation::Silent => (Code::NotAnEncoder, Some(STUB_HINT)),
        Situation::Lost => (Code::DeviceLost, None),
        Situation::Failed => (Code::Device, None),
    };
    (code, hint.map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_open_tells_which_command_cures_it() {
        let error = Error::from(v4l2::Error::Open { device: "/dev/nvmap".into(), errno: Errno::EACCES });
        assert_eq!(error.code.name(), "ERR_PERMISSION");
        assert!(error.hint.unwrap().contains("sudo usermod -a -G video $USER"));
        let renamed =
            Error::from(v4l2::Error::Open { device: "/dev/v4l2-nvenc".into(), errno: Errno::EACCES });
        assert!(renamed.hint.unwrap().contains("sudo usermod -a -G video,render $USER"));
        assert!(error.message.starts_with("Opening /dev/nvmap failed with EACCES"), "{}", error.message);
    }

    #[test]
    fn an_unplugged_device_is_lost_not_broken() {
        let error =
            v4l2::Error::Ioctl { ioctl: "VIDIOC_DQBUF", device: "/dev/video0".into(), errno: Errno::ENODEV };
        assert_eq!(Error::from(error).code, Code::DeviceLost);
    }
}
