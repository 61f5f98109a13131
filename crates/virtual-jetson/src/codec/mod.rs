//! What turns frames into chunks.

mod annexb;
mod bits;
mod contract;
mod gop;
mod h264;
mod h265;
mod libav;
mod passthrough;
mod rate;

use crate::{
    abi,
    controls::{Setup, Tuning},
    settings::CodecKind,
};
pub(crate) use contract::{Codec, Failure};
pub(crate) use gop::Gop;

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
