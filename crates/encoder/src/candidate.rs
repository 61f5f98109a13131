use std::path::{Path, PathBuf};

use crate::backend_kind::BackendKind;
use crate::config::CodecChoice;
use crate::error::{Error, RejectedEncoder};

/// Something to try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The kind of encoder.
    pub backend: BackendKind,
    /// Its device; `None` for software.
    pub device: Option<PathBuf>,
    /// What it is to encode.
    pub choice: CodecChoice,
}

impl Candidate {
    /// Its device; an empty path for software.
    pub(crate) fn device_path(&self) -> &Path {
        self.device.as_deref().unwrap_or(Path::new(""))
    }

    /// Why it is not used.
    pub(crate) fn rejected(&self, error: Error) -> RejectedEncoder {
        RejectedEncoder::from_error(
            self.backend.name(),
            self.device.as_deref(),
            Some(self.choice.codec.name()),
            error,
        )
    }
}
