use std::fmt;
use std::path::{Path, PathBuf};

use v4l2::{Errno, Situation, permission_hint, sentence};

/// Shorthand for this crate's results.
pub type Result<T> = std::result::Result<T, Error>;

/// The situation, as programs tell them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Code {
    /// There is no such camera.
    DeviceNotFound,
    /// The device exists, but this user may not use it.
    Permission,
    /// The device is something else.
    NotACamera,
    /// An option is wrong, or not one that this camera can do.
    Config,
    /// A control does not exist, or cannot take that value.
    Control,
    /// A picture is damaged.
    Frame,
    /// The camera gives another format than it was set to.
    FormatChanged,
    /// A request to the device failed.
    Device,
    /// The device did not answer, or gave no picture, in time.
    Timeout,
    /// The device went away.
    DeviceLost,
    /// The device is in use.
    Busy,
    /// The camera is closed.
    Closed,
}

impl Code {
    /// `ERR_…`, as JavaScript programs know it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::DeviceNotFound => "ERR_DEVICE_NOT_FOUND",
            Self::Permission => "ERR_PERMISSION",
            Self::NotACamera => "ERR_NOT_A_CAMERA",
            Self::Config => "ERR_CONFIG",
            Self::Control => "ERR_CONTROL",
            Self::Frame => "ERR_FRAME",
            Self::FormatChanged => "ERR_FORMAT_CHANGED",
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
}

impl Error {
    /// A failure with nothing but its code and its words.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { code, kind: Kind::Other, message, hint: None, device: None, ioctl: None, errno: None }
    }

    pub(crate) fn range(code: Code, message: impl Into<String>) -> Self {
        Self { kind: Kind::Range, ..Self::new(code, message) }
    }

    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub(crate) fn on(mut self, device: impl Into<PathBuf>) -> Self {
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

const BUSY_HINT: &str = "Another program uses the camera: close it, or find it with fuser or lsof.";
const NOT_FOUND_HINT: &str =
    "listCameras() shows which cameras there are. In a container, pass the device through with --device.";

impl From<v4l2::Error> for Error {
    fn from(error: v4l2::Error) -> Self {
        let (code, hint) = situation(error.situation(), error.device());
        Self {
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
        Situation::NotFound => (Code::DeviceNotFound, Some(NOT_FOUND_HINT)),
        Situation::Permission => return (Code::Permission, Some(permission_hint(device))),
        Situation::Busy => (Code::Busy, Some(BUSY_HINT)),
        Situation::Silent => (Code::NotACamera, None),
        Situation::Lost => (Code::DeviceLost, None),
        // NVIDIA's library is not used for cameras.
        Situation::LibraryMissing | Situation::TooManyDevices | Situation::Failed => (Code::Device, None),
    };
    (code, hint.map(str::to_owned))
}

impl From<convert::Error> for Error {
    fn from(error: convert::Error) -> Self {
        match error {
            convert::Error::SizesDiffer { from: (width, height), to } => Self::new(
                Code::FormatChanged,
                format!("The camera sent a picture of {width}x{height} and was set to {}x{}.", to.0, to.1),
            ),
            other => Self::new(Code::Frame, other.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(errno: Errno) -> Error {
        v4l2::Error::Ioctl { ioctl: "VIDIOC_DQBUF", device: "/dev/video0".into(), errno }.into()
    }

    #[test]
    fn a_device_that_went_away_is_told_from_one_that_failed() {
        assert_eq!(of(Errno::ENODEV).code, Code::DeviceLost);
        assert_eq!(of(Errno::EIO).code, Code::Device);
        assert_eq!(of(Errno::ENODEV).device.as_deref(), Some(std::path::Path::new("/dev/video0")));
    }

    #[test]
    fn a_refused_open_names_the_cure() {
        let error: Error = v4l2::Error::Open { device: "/dev/video0".into(), errno: Errno::EACCES }.into();
        assert_eq!(error.code.name(), "ERR_PERMISSION");
        assert!(error.hint.unwrap().contains("usermod"));
        assert!(error.message.starts_with("Opening /dev/video0 failed"), "{}", error.message);
    }

    #[test]
    fn a_picture_of_another_size_is_a_changed_format() {
        let error: Error = convert::Error::SizesDiffer { from: (320, 240), to: (640, 480) }.into();
        assert_eq!(error.code, Code::FormatChanged);
    }
}
