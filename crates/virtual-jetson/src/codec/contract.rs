//! What an encoder of the virtual Jetson does.

use crate::{
    controls::{PictureKind, Tuning},
    memory::Picture,
};

/// An encoder of one session.
pub(crate) trait Codec {
    /// Codes one frame and appends its access unit, in Annex B form, to `chunk`.
    fn encode(
        &mut self,
        frame: &Picture,
        kind: PictureKind,
        tuning: &Tuning,
        chunk: &mut Vec<u8>,
    ) -> Result<(), Failure>;
}

/// Why a frame or a session cannot be coded; only for standard error.
#[derive(Debug)]
pub(crate) struct Failure(pub(super) String);

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<ffmpeg_next::Error> for Failure {
    fn from(error: ffmpeg_next::Error) -> Self {
        Self(format!("libavcodec: {error}"))
    }
}
