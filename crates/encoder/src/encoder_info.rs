use std::path::{Path, PathBuf};

use v4l2::ioctl::FrameSizes;

use crate::backend_kind::BackendKind;
use crate::codec::Codec;
use crate::error::{Error, RejectedEncoder};

/// An encoder, or something that could be one.
#[derive(Debug, Clone)]
pub struct EncoderInfo {
    /// Its kind.
    pub backend: BackendKind,
    /// Its device; `None` for software.
    pub device: Option<PathBuf>,
    /// What it calls itself, or what it is known as.
    pub name: String,
    /// Its kernel driver, where it has one.
    pub driver: Option<String>,
    /// Where it is attached, such as `platform:bcm2835-codec`, where a kernel driver says so.
    pub bus: Option<String>,
    /// What it encodes, as far as known.
    pub codecs: Vec<String>,
    /// Sizes of frames that a kernel driver says it encodes, by codec.
    pub sizes: Vec<(Codec, FrameSizes)>,
    /// Raw formats that a kernel driver says it takes, by their four characters.
    pub formats: Vec<String>,
    /// Why it cannot be used; `None` when it can, as far as that is known without opening it.
    pub problem: Option<RejectedEncoder>,
}

impl EncoderInfo {
    /// An encoder of which only this is known.
    pub(crate) fn named(backend: BackendKind, device: Option<&Path>, name: &str) -> Self {
        Self {
            backend,
            device: device.map(Path::to_owned),
            name: name.to_owned(),
            driver: None,
            bus: None,
            codecs: Vec::new(),
            sizes: Vec::new(),
            formats: Vec::new(),
            problem: None,
        }
    }

    /// A device that may be one, and cannot be used.
    pub(crate) fn unusable(backend: BackendKind, device: &Path, error: Error) -> Self {
        let problem = Some(RejectedEncoder::from_error(backend.name(), Some(device), None, error));
        Self { problem, ..Self::named(backend, Some(device), &device.display().to_string()) }
    }
}
