//! What encodes the frames: NVIDIA's library, a driver of the kernel, or the processor.

mod bring_up;
mod contract;
mod jetson;
mod kernel;
mod software;

use crate::backend_kind::BackendKind;
use crate::candidate::Candidate;
use crate::config::Resolved;
use crate::error::Result;
use v4l2::transport::LibraryLookup;

pub(crate) use contract::{Backend, Opened, Opening, Output};
pub(crate) use jetson::inspect as look_jetson;

/// Opens a candidate, all the way up.
pub(crate) fn open(candidate: &Candidate, opening: &Opening<'_>) -> Result<Opened> {
    match (candidate.backend, &candidate.device) {
        (BackendKind::Jetson, Some(device)) => jetson::open(device, opening),
        (BackendKind::V4l2, Some(device)) => kernel::open(device, opening),
        _ => software::open(opening),
    }
}

/// What can be told of a candidate without making an encoder.
pub(crate) fn look(candidate: &Candidate, config: &Resolved, lookup: &LibraryLookup) -> Result<()> {
    match (candidate.backend, &candidate.device) {
        (BackendKind::Jetson, device) => jetson::inspect(device.as_deref(), lookup),
        (BackendKind::V4l2, Some(device)) => kernel::look(device, config),
        _ => Ok(()),
    }
}
