//! What turns frames into chunks.

mod annexb;
mod bits;
mod gop;
mod h264;
mod h265;
mod libav;
mod passthrough;
mod rate;

use crate::{
    abi,
    controls::{PictureKind, Setup, Tuning},
    memory::Picture,
    settings::CodecKind,
};
pub(crate) use gop::Gop;

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
pub(crate) struct Failure(String);

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

/// Whether the encoder can make intra pictures that are no IDR.
pub(crate) fn has_plain_intra(kind: CodecKind, setup: &Setup) -> bool {
    kind == CodecKind::Passthrough || setup.codec == abi::H265
}

/// Makes the encoder that the settings and the client ask for.
pub(crate) fn make(kind: CodecKind, setup: &Setup, tuning: &Tuning) -> Result<Box<dyn Codec>, Failure> {
    Ok(match kind {
        CodecKind::Libav => Box::new(libav::Libav::new(setup, tuning)?),
        CodecKind::Passthrough => Box::new(passthrough::Passthrough::new(setup, tuning)),
    })
}
