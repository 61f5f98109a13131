use std::path::PathBuf;

use convert::Color;
use v4l2::PixelFormat;
use v4l2::ioctl::Field;

use crate::rate::rate;
use crate::{Error, Native, Output};

/// Something happened to a camera. Told on the camera's thread, which waits meanwhile.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Event {
    /// A frame can be taken.
    Frame,
    /// The last event. Frames that wait can still be taken.
    Ended(Error),
}

/// What a camera was set to, and what it made of it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Settings {
    /// Its node.
    pub device: PathBuf,
    /// Its name for people.
    pub name: String,
    /// The driver's name.
    pub driver: String,
    /// Where it is attached.
    pub bus: String,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// The time between two frames as the driver says it, as a fraction of a second.
    pub interval: (u32, u32),
    /// What the camera gives.
    pub native: Native,
    /// V4L2's code of it.
    pub code: PixelFormat,
    /// What it is converted into.
    pub output: Output,
    /// What the frames' numbers mean, converted or not.
    pub color: Color,
    /// Which fields a frame has. Those that come one after the other are put together where frames are converted.
    pub field: Field,
    /// How many buffers the driver gave.
    pub buffers: usize,
    /// Whether frames can be passed on as DMABUFs.
    pub dmabuf: bool,
}

impl Settings {
    /// Frames a second.
    #[must_use]
    pub fn framerate(&self) -> f64 {
        rate(self.interval)
    }

    /// The time between two frames, in microseconds.
    #[must_use]
    pub fn duration(&self) -> i64 {
        i64::from(self.interval.0) * 1_000_000 / i64::from(self.interval.1.max(1))
    }
}
