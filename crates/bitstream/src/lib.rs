#![doc = include_str!("../README.md")]
//!
//! # How the crate is laid out
//!
//! Everything rests on [`annexb`], the search for start codes. [`key_frame`] and [`inspect`] look at
//! unit headers only and stop at the first slice, so they can run on every chunk. Parameter sets are
//! read by [`h264`] and [`h265`] through one bit [`Reader`] that skips emulation prevention bytes as
//! it goes; nothing is copied. [`stream_info`] puts what both codecs say into one shape,
//! [`codec_string`], [`record`] and [`length_prefixed`] are what containers and WebCodecs want, and
//! [`level`] chooses the level for an encoder that needs one.
//!
//! Codecs whose chunks are whole frames without units need no more than the frame's header: [`vp8`],
//! [`vp9`] and [`fwht`].
//!
//! All input is untrusted: a loop is bounded by the number of bits left, or by a range that was
//! checked before.
#![forbid(unsafe_code)]

mod access_unit;
pub mod annexb;
mod bits;
pub mod codec_string;
mod error;
pub mod fwht;
pub mod h264;
pub mod h265;
mod inspect;
mod kind;
mod length_prefixed;
pub mod level;
mod rbsp;
pub mod record;
mod relabel;
pub mod sei;
mod set_id;
mod start_code;
mod stream_info;
pub mod vp8;
pub mod vp9;
pub mod vui;
mod window;
mod writer;

pub use access_unit::{AccessUnits, access_units};
pub use bits::Reader;
pub use error::Error;
pub use inspect::{Inspection, inspect, key_frame};
pub use kind::Kind;
pub use length_prefixed::{Keep, length_prefixed};
pub use rbsp::{Rbsp, rbsp};
pub use relabel::{Label, Relabelled, relabel};
pub use stream_info::{StreamInfo, stream_info};

/// A video codec whose streams this crate reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Codec {
    /// ITU-T H.264, also called AVC.
    H264,
    /// ITU-T H.265, also called HEVC.
    H265,
}
