//! Talking to V4L2 devices.
//!
//! A V4L2 device is reached in one of two ways. Kernel drivers answer `ioctl(2)` on their node. NVIDIA's Jetson
//! encoder does not: its node is a stub, and only NVIDIA's build of libv4l2 answers, through a plugin in user space.
//! So every request goes through a [`Transport`], of which there are these:
//!
//! * [`transport::Kernel`]: `open`, `ioctl`, `poll` of the C library;
//! * [`transport::LibV4l2`]: the same requests through NVIDIA's library, found at run time and never unloaded;
//! * for tests, those of `testing` (a feature): with scripted answers, with answers of a function, and with a model of a driver.
//!
//! Above it there is one file per request in [`ioctl`] (plain values in, plain values out, one `unsafe` expression
//! each), [`Queue`] and its mapped buffers, [`control`] values with the payload rules of NVIDIA's driver, and
//! [`discovery`], which finds out what a device really is.
//!
//! Who knows the structs without Rust, sends them as bytes: [`raw`].
//!
//! Structs, constants and pixel formats are [`v4l2r`]'s.

pub mod control;
pub mod discovery;
mod dmabuf;
mod error;
pub mod ioctl;
mod mapping;
mod queue;
pub mod raw;
mod readable;
mod stdout;
pub mod surface;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod threads;
pub mod transport;
mod utc;
mod watched;

pub use dmabuf::{Dmabuf, Reading};
pub use error::{Code, Error, Failure, Kind, RejectedEncoder, Result, Situation, permission_hint, sentence};
pub use mapping::Mapping;
pub use queue::{Buffer, Queue};
pub use readable::wait_until_readable;
pub use stdout::redirect_stdout_to_stderr;
pub use transport::{Transport, Waker};
pub use utc::{Utc, monotonic, utc_of};
pub use watched::{Watched, receive_within};

pub use v4l2r::nix::errno::Errno;
pub use v4l2r::{Format, PixelFormat, PlaneLayout, QueueType};

/// Coded and raw formats by their four-character codes.
pub mod fourcc {
    use crate::PixelFormat;

    /// H.264 byte stream.
    pub const H264: PixelFormat = PixelFormat::from_fourcc(b"H264");
    /// H.265 byte stream as NVIDIA's library calls it; it rejects the kernel's `HEVC`.
    pub const H265_NVIDIA: PixelFormat = PixelFormat::from_fourcc(b"H265");
    /// H.265 byte stream as the kernel calls it.
    pub const HEVC: PixelFormat = PixelFormat::from_fourcc(b"HEVC");
    /// VP8 frames.
    pub const VP8: PixelFormat = PixelFormat::from_fourcc(b"VP80");
    /// VP9 frames.
    pub const VP9: PixelFormat = PixelFormat::from_fourcc(b"VP90");
    /// Fast Walsh Hadamard Transform, the codec of the kernel's virtual driver vicodec.
    pub const FWHT: PixelFormat = PixelFormat::from_fourcc(b"FWHT");
    /// I420, its planes one after another in one buffer.
    pub const YUV420: PixelFormat = PixelFormat::from_fourcc(b"YU12");
    /// NV12, its planes one after another in one buffer.
    pub const NV12: PixelFormat = PixelFormat::from_fourcc(b"NV12");
    /// I420 in three planes.
    pub const YUV420M: PixelFormat = PixelFormat::from_fourcc(b"YM12");
    /// NV12 in two planes.
    pub const NV12M: PixelFormat = PixelFormat::from_fourcc(b"NM12");
}
