use std::path::{Path, PathBuf};

use v4l2r::nix::errno::Errno;

/// What can go wrong between us and a device, as the system said it.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// The node could not be opened.
    #[error("opening {device} failed with {errno}")]
    Open {
        /// The node.
        device: PathBuf,
        /// What the system said.
        errno: Errno,
    },
    /// NVIDIA's library has a table of 16 devices per process, and it is full.
    #[error("opening {device} failed: NVIDIA's library opens at most {limit} devices in one process")]
    TooManyDevices {
        /// The node.
        device: PathBuf,
        /// How many it opens.
        limit: usize,
    },
    /// A request failed.
    #[error("{ioctl} on {device} failed with {errno}")]
    Ioctl {
        /// The request's name, such as `VIDIOC_REQBUFS`.
        ioctl: &'static str,
        /// The node.
        device: PathBuf,
        /// What the driver said.
        errno: Errno,
    },
    /// A request succeeded with an answer that cannot be used.
    #[error("{ioctl} on {device} answered {what}")]
    Answer {
        /// The request's name.
        ioctl: &'static str,
        /// The node.
        device: PathBuf,
        /// What is wrong with the answer.
        what: String,
    },
    /// A buffer's memory could not be mapped.
    #[error("mapping a buffer of {device} ({length} bytes) failed with {errno}")]
    Map {
        /// The node.
        device: PathBuf,
        /// The length requested, in bytes.
        length: usize,
        /// What the system said.
        errno: Errno,
    },
    /// No library of NVIDIA's was found; `tried` lists every name and place.
    #[error("{}", library_missing(tried))]
    LibraryMissing {
        /// Names and paths in the order they were tried, each with what the loader said.
        tried: Vec<String>,
    },
}

impl Failure {
    /// What would be too much for the message: every place where NVIDIA's library was looked for.
    #[must_use]
    pub fn details(&self) -> Option<String> {
        match self {
            Self::LibraryMissing { tried } if tried.len() > 1 => {
                Some(format!("Places tried: {}.", tried.join(", ")))
            }
            _ => None,
        }
    }

    /// The errno behind the failure, if a system call or driver gave one.
    #[must_use]
    pub fn errno(&self) -> Option<Errno> {
        match self {
            Self::Open { errno, .. } | Self::Ioctl { errno, .. } | Self::Map { errno, .. } => Some(*errno),
            Self::TooManyDevices { .. } => Some(Errno::EBUSY),
            Self::Answer { .. } | Self::LibraryMissing { .. } => None,
        }
    }

    /// The request that failed, if it was one.
    #[must_use]
    pub fn ioctl(&self) -> Option<&'static str> {
        match self {
            Self::Ioctl { ioctl, .. } | Self::Answer { ioctl, .. } => Some(ioctl),
            _ => None,
        }
    }

    /// The device it happened on.
    #[must_use]
    pub fn device(&self) -> Option<&Path> {
        match self {
            Self::Open { device, .. }
            | Self::TooManyDevices { device, .. }
            | Self::Ioctl { device, .. }
            | Self::Answer { device, .. }
            | Self::Map { device, .. } => Some(device),
            Self::LibraryMissing { .. } => None,
        }
    }

    /// What it means for somebody who wants to use the device.
    #[must_use]
    pub fn situation(&self) -> Situation {
        match self {
            Self::LibraryMissing { .. } => Situation::LibraryMissing,
            Self::TooManyDevices { .. } => Situation::TooManyDevices,
            Self::Open { errno, .. } => match errno {
                Errno::ENOENT | Errno::ENXIO | Errno::ENODEV => Situation::NotFound,
                Errno::EACCES | Errno::EPERM => Situation::Permission,
                Errno::EBUSY => Situation::Busy,
                Errno::ENOTTY => Situation::Silent,
                _ => Situation::Failed,
            },
            Self::Ioctl { errno: Errno::ENODEV, .. } => Situation::Lost,
            Self::Ioctl { errno: Errno::EBUSY, .. } => Situation::Busy,
            Self::Ioctl { ioctl: "VIDIOC_QUERYCAP", errno: Errno::ENOTTY, .. } => Situation::Silent,
            Self::Ioctl { .. } | Self::Answer { .. } | Self::Map { .. } => Situation::Failed,
        }
    }
}

/// A library that was named is reported with what the loader said; all the usual places would be too much.
fn library_missing(tried: &[String]) -> String {
    match tried {
        [only] => format!("NVIDIA's library could not be loaded: {only}"),
        _ => "NVIDIA's libnvv4l2.so was not found".to_owned(),
    }
}

/// What a failure means for somebody who wants to use the device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Situation {
    /// NVIDIA's library is not there.
    LibraryMissing,
    /// NVIDIA's library has no room for another device.
    TooManyDevices,
    /// There is no such device.
    NotFound,
    /// This user may not use it.
    Permission,
    /// The device, or a part of it, is in use.
    Busy,
    /// Nothing answers as a V4L2 device does.
    Silent,
    /// It went away.
    Lost,
    /// Anything else.
    Failed,
}

/// Shorthand for the results of requests.
pub type Result<T> = std::result::Result<T, Failure>;
