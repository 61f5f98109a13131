//! NVIDIA's encoder, behind NVIDIA's libv4l2.
//!
//! What differs from a kernel encoder, and where it is handled:
//!
//! * the node is a stub; every request goes through the library ([`v4l2::transport::LibV4l2`]);
//! * formats are set coded side first, controls after both, buffers last ([`bring_up`]); rejected sizes, missing
//!   permissions and exhausted sessions show only at REQBUFS or STREAMON, so acceptance means the whole way up;
//! * controls are NVIDIA's own ([`controls`]);
//! * strides and heights are the driver's, with fallbacks where it reports none ([`geometry`]);
//! * a drained session cannot be resumed, and a drain ends in one of four shapes ([`drain`]).

mod bring_up;
mod controls;
mod discover;
mod drain;
mod encoder;
mod geometry;
mod metadata;
mod poller;
#[cfg(test)]
mod tests;

use super::contract::Kind;
use crate::backend_kind::BackendKind;
use crate::capability::Limits;
use crate::codec::Codec;

/// NVIDIA's encoder.
pub(super) const KIND: Kind = Kind {
    name: BackendKind::Jetson,
    title: "Jetson",
    is_hardware: true,
    codecs: &[
        // Wider than 4096 fails when the encoder is created (seen on Orin with 4896x2048).
        (Codec::H264, Limits::new(16, 4096)),
        // NVIDIA's own sample program rejects smaller frames.
        (Codec::H265, Limits::new(144, 8192)),
    ],
    lists_codecs: false,
    claim: discover::claim,
    discover: discover::discover,
    describe: discover::describe,
    inspect: |candidate, _, lookup| discover::inspect(candidate.device_path(), lookup),
    open: |candidate, opening| bring_up::open(candidate.device_path(), opening),
};
