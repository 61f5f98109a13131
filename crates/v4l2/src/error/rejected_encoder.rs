use std::path::PathBuf;

use v4l2r::nix::errno::Errno;

use super::Code;

/// An encoder that was not used, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RejectedEncoder {
    /// The kind of encoder, such as `jetson`.
    pub backend: &'static str,
    /// The device, where there was one.
    pub device: Option<PathBuf>,
    /// The codec that it was considered for. A device that encodes nothing at all is listed once, with the first codec.
    pub codec: Option<String>,
    /// The situation.
    pub code: Code,
    /// What was wrong, as a sentence.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// The request that failed, such as `VIDIOC_REQBUFS`.
    pub ioctl: Option<&'static str>,
    /// What the system or driver said.
    pub errno: Option<Errno>,
    /// Codecs to allow as well, with which an encoder would be found.
    pub alternatives: Vec<&'static str>,
}

impl RejectedEncoder {
    /// Whether it says the same about the same encoder, for whichever codec.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        let facts = |one: &Self| (one.backend, one.device.clone(), one.code, one.message.clone());
        facts(self) == facts(other)
    }

    /// The same rejection with a hint.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same rejection for another codec.
    #[must_use]
    pub fn for_codec(mut self, codec: impl Into<String>) -> Self {
        self.codec = Some(codec.into());
        self
    }
}
