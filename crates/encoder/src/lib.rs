//! Video encoding with the hardware at hand.
//!
//! [`Encoder`] takes raw frames and gives encoded ones; which device does it is decided when it opens, in the order of
//! [`select`], and reported with reasons ([`Active::rejected`]). Programs that have an event loop of their own, such as
//! Node.js, use [`Session`], on which `Encoder` is built: it never blocks and reports through events.
//!
//! The way of a frame: the caller's thread copies its rows once, straight into a buffer of the device; the session's
//! thread queues that buffer, copies the encoded bytes out once, gives the buffer back to the device at once and
//! stamps the chunk with the frame's own timestamp. One named thread per session owns the device.

mod backend;
mod backend_kind;
mod candidate;
mod capability;
mod codec;
pub mod config;
mod encoder;
mod encoder_info;
mod error;
mod event;
mod input;
mod list;
mod log;
mod output;
mod place;
pub mod select;
mod session;
mod settings;
mod stats;
mod surface;

pub use backend_kind::BackendKind;
pub use bitstream::sei::Metadata;
pub use bitstream::vui::AspectRatio;
pub use candidate::Candidate;
pub use codec::{Codec, Level, Profile};
pub use config::{BitrateMode, Bitstream, CodecChoice, Config, Devices, Hardware, LatencyMode, Tuning};
pub use convert::{Color, Matrix, Range};
pub use encoder::Encoder;
pub use encoder_info::EncoderInfo;
pub use error::{Code, Error, Kind, RejectedEncoder, Result};
pub use event::{Active, Event, Lost};
pub use input::dmabuf::{DmabufFrame, DmabufPlane, DmabufShare};
pub use input::format::RawFormat;
pub use input::frame::{Frame, PlaneLayout};
pub use input::geometry::{Imports, InputGeometry, InputPlane};
pub use input::lease::Keeper;
pub use input::request::{FrameRequest, MAX_REGIONS, Region};
pub use list::{Support, is_supported, list_encoders};
pub use log::{LogLevel, Logger, Record};
pub use output::chunk::{Chunk, ChunkTiming, DecoderConfig};
pub use session::{Lent, LentFrame, LentPlane, Session, TryResult};
pub use settings::{Change, Effect, Setting, SettingName, Source, Warning};
pub use stats::{Latency, Stats};
pub use surface::{MappedPlane, Surface, SurfaceFormat, SurfaceOptions};
pub use v4l2::ioctl::FrameSizes;
pub use v4l2::redirect_stdout_to_stderr;
pub use v4l2::surface::SurfacePlane;
