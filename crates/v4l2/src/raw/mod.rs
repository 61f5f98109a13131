//! Requests as bytes, for callers who know V4L2's structs themselves.
//!
//! Such a caller writes in a language without addresses. It gives the struct and what the struct points to as [`Argument`]:
//! blocks of bytes, and where in them the address of which other block belongs. The addresses are filled in here, just for the
//! call. What a driver would follow an address or a count to is checked before ([`addresses`]), so that no request reads or
//! writes memory that is not the argument's own.
//!
//! A [`RawDevice`] runs them on a thread of its own, because any request may wait.

mod addresses;
mod argument;
mod device;
mod pointer;

pub use argument::Argument;
pub use device::{Answer, Memory, Plane, RawDevice, TransportKind};
pub use pointer::Pointer;
