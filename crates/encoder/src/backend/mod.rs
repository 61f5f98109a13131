//! What encodes the frames: NVIDIA's library, a driver of the kernel, or the processor. A backend is a folder here and a row in
//! [`KINDS`].

mod bring_up;
mod contract;
mod controls;
mod jetson;
mod kernel;
mod software;
mod units;

use crate::backend_kind::BackendKind;

pub(crate) use contract::{Backend, Kind, Opened, Opening, Output};

/// The kinds of encoder, in the order in which they are tried.
pub(crate) const KINDS: &[Kind] = &[jetson::KIND, kernel::KIND, software::KIND];

/// The row of a kind.
pub(crate) fn kind(name: BackendKind) -> &'static Kind {
    KINDS.iter().find(|kind| kind.name == name).unwrap_or(&KINDS[0])
}
