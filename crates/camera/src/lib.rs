#![doc = include_str!("../README.md")]
//!
//! # How the crate works
//!
//! [`list`] says which cameras there are and what they can do. [`Camera::open`] picks the format that reaches the wanted
//! size and rate with the least work, and starts the camera. From then on one thread owns the device. It keeps the
//! newest frames ready and gives older ones back to the driver, so that a consumer that is too slow loses the oldest
//! frames, with [`Stats::dropped`] counting them, and never stops the camera.
//!
//! A [`Frame`] is a buffer of the driver on loan. It can be converted into the caller's memory, once, on the caller's
//! thread, or passed on as DMABUFs without any copy. Dropping it gives the buffer back. At least
//! two buffers always stay with the driver.

mod camera;
mod choose;
mod clock;
mod color;
mod controls;
mod error;
mod faults;
mod frame;
mod list;
mod native;
mod options;
mod rate;
mod settings;
mod setup;
mod shared;
mod stats;
mod useless;
mod weave;
mod worker;

pub use camera::Camera;
pub use controls::{Control, ControlType, MenuItem};
pub use error::{Code, Error, Kind, Result};
pub use frame::{DmabufPlane, Frame};
pub use list::{CameraInfo, FormatInfo, Listing, SizeInfo, Unusable, list};
pub use native::Native;
pub use options::{Device, Options, Output};
pub use rate::Rates;
pub use settings::{Event, Settings};
pub use shared::closed;
pub use stats::Stats;
pub use v4l2::Utc;
pub use v4l2::ioctl::Field;
