//! Encoders of the kernel: memory-to-memory devices with the stateful encoder interface.
//!
//! One code path for all drivers, both planar APIs. What differs by driver is data ([`quirks`]); everything else is
//! tolerance: formats are read back ([`bring_up`]), strides and heights are the driver's ([`geometry`]), every control is
//! optional ([`controls`]), a frame may come in several buffers ([`assembly`]), and a drain may end in four shapes
//! ([`drain`]). After a drain the stream goes on without the command START.
//!
//! The thread waits in `poll(2)` on the device together with the session's waker. It never polls a device that has no
//! buffer of ours, because that returns `POLLERR` at once and for ever.

mod assembly;
mod bring_up;
mod coded;
mod controls;
mod discover;
mod drain;
mod encoder;
mod formats;
mod framerate;
mod geometry;
mod quirks;
mod short_gop;
#[cfg(test)]
mod tests;

use super::contract::Kind;
use crate::backend_kind::BackendKind;
use crate::capability::Limits;
use crate::codec::Codec;

const ANY_SIZE: Limits = Limits::new(16, 8192);

/// A kernel memory-to-memory encoder.
pub(super) const KIND: Kind = Kind {
    name: BackendKind::V4l2,
    title: "kernel",
    is_hardware: true,
    // What a driver can encode it says itself; these are the bounds of all of them. H.264's levels up to 5.2 end at 4096
    // columns, and the smallest H.265 side that a kernel driver takes is allegro-dvt's 64.
    codecs: &[
        (Codec::H264, Limits::new(16, 4096)),
        (Codec::H265, Limits::new(64, 8192)),
        (Codec::Vp8, ANY_SIZE),
        (Codec::Vp9, ANY_SIZE),
        (Codec::Fwht, ANY_SIZE),
    ],
    lists_codecs: true,
    claim: discover::claim,
    discover: discover::discover,
    describe: discover::describe,
    inspect: |candidate, config, _| bring_up::inspect(candidate.device_path(), config),
    open: |candidate, opening| bring_up::open(candidate.device_path(), opening),
};
