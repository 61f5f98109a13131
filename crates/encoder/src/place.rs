//! A place where an encoder may be.

use std::path::{Path, PathBuf};

use v4l2::PixelFormat;

use crate::backend_kind::BackendKind;
use crate::error::RejectedEncoder;

/// A place where an encoder may be, or why it is none.
#[derive(Debug, Clone)]
pub(crate) enum Place {
    /// An encoder of this kind.
    Encoder {
        kind: BackendKind,
        /// `None` for software.
        device: Option<PathBuf>,
        /// What it says that it encodes, where it was asked.
        lists: Option<Listed>,
    },
    /// A device that was not examined yet, and the function that does: it may hang.
    Unexamined { device: PathBuf, examine: fn(&Path) -> Place },
    /// No encoder.
    Not(RejectedEncoder),
}

/// The coded formats that a device lists.
#[derive(Debug, Clone)]
pub(crate) struct Listed {
    /// What the device calls itself.
    pub(crate) card: String,
    pub(crate) coded: Vec<PixelFormat>,
}

impl Place {
    pub(crate) fn device(&self) -> Option<&Path> {
        match self {
            Self::Encoder { device, .. } => device.as_deref(),
            Self::Unexamined { device, .. } => Some(device),
            Self::Not(rejected) => rejected.device.as_deref(),
        }
    }

    pub(crate) fn unexamined(&self) -> Option<&Path> {
        match self {
            Self::Unexamined { device, .. } => Some(device),
            _ => None,
        }
    }

    /// Examines what was not examined yet. `true` when it is an encoder.
    pub(crate) fn examine(&mut self) -> bool {
        if let Self::Unexamined { device, examine } = self {
            *self = examine(device);
        }
        matches!(self, Self::Encoder { .. })
    }
}
