//! What turns frames into chunks.

mod annexb;
mod bits;
mod contract;
mod gop;
mod h264;
mod h264_slices;
mod h265;
mod libav;
mod libav_options;
mod passthrough;
mod rate;

use crate::{
    controls::{Setup, Tuning},
    settings::CodecKind,
};
pub(crate) use contract::{Codec, Coded, Failure, Input};
pub(crate) use gop::Gop;

/// Makes the encoder that the settings and the client ask for.
pub(crate) fn make(kind: CodecKind, setup: &Setup, tuning: &Tuning) -> Result<Box<dyn Codec>, Failure> {
    Ok(match kind {
        CodecKind::Libav => Box::new(libav::Libav::new(setup, tuning)?),
        CodecKind::Passthrough => Box::new(passthrough::Passthrough::new(setup, tuning)),
    })
}
