use std::path::PathBuf;
use std::time::Duration;

use convert::{Color, Format};

use crate::{Code, Error, Result};

/// Which camera.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Device {
    /// The one at this place of the list, counted from 0.
    Index(usize),
    /// The one of this node, such as `/dev/video0`, or of a link to it.
    Path(PathBuf),
    /// The first whose name contains this text; capitals do not matter.
    Name(String),
}

/// What frames are to be converted into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Output {
    /// Three planes.
    I420,
    /// Two planes: what most encoders take.
    #[default]
    Nv12,
}

impl Output {
    /// As the conversion knows it.
    #[must_use]
    pub fn format(self) -> Format {
        match self {
            Self::I420 => Format::I420,
            Self::Nv12 => Format::Nv12,
        }
    }
}

/// How a camera is opened.
#[derive(Debug, Clone)]
pub struct Options {
    /// Which camera; the first one by default.
    pub device: Device,
    /// Frames of exactly this size; by default the size next to 1280x720 that reaches the rate.
    pub size: Option<(u32, u32)>,
    /// Frames a second; 30 by default. What the camera really gives is in [`crate::Settings`].
    pub framerate: Option<f64>,
    /// Take the camera's frames in this format only, by its name: `NV12`, `YUYV`, `MJPEG`, ….
    pub native: Option<String>,
    /// What they are converted into.
    pub output: Output,
    /// What RGB and JPEG frames become; by default BT.709, or BT.601 below 720 rows, both in limited range. Frames
    /// that are YUV keep the camera's colors.
    pub color: Option<Color>,
    /// Buffers of the driver, 4 to 32; it may give more. All but two can be on loan at once.
    pub buffers: u32,
    /// How many frames wait for a consumer before the oldest is dropped, 1 to 8.
    pub keep: usize,
    /// How long the camera may take to open, and between two frames that can be used.
    pub timeout: Duration,
    /// Where `/dev` lies; for tests.
    pub root: PathBuf,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            device: Device::Index(0),
            size: None,
            framerate: None,
            native: None,
            output: Output::default(),
            color: None,
            buffers: 6,
            keep: 2,
            timeout: Duration::from_secs(5),
            root: PathBuf::from("/"),
        }
    }
}

impl Options {
    /// Whether the options make sense by themselves, before any device is touched.
    pub(crate) fn check(&self) -> Result<()> {
        let wrong = |message: String| Err(Error::range(Code::Config, message));
        if let Some((width, height)) = self.size {
            let even = |side: u32| (16..=16_384).contains(&side) && side.is_multiple_of(2);
            if !even(width) || !even(height) {
                return wrong(format!(
                    "Frames of {width}x{height} were requested: both sides must be even and between 16 and 16384."
                ));
            }
        }
        if let Some(rate) = self.framerate
            && !(0.1..=1000.0).contains(&rate)
        {
            return wrong(format!("A framerate of {rate} was requested: it must be between 0.1 and 1000."));
        }
        if !(4..=32).contains(&self.buffers) {
            return wrong(format!("{} buffers were requested: there must be 4 to 32.", self.buffers));
        }
        if !(1..=8).contains(&self.keep) {
            return wrong(format!("{} frames are to be kept: it must be 1 to 8.", self.keep));
        }
        if self.timeout.is_zero() || self.timeout > Duration::from_secs(600) {
            return wrong("The timeout must be more than 0 and at most 600 seconds.".to_owned());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_makes_no_sense_is_rejected_in_a_sentence() {
        let rejected = |options: Options| options.check().unwrap_err();
        let odd = rejected(Options { size: Some((641, 480)), ..Options::default() });
        assert_eq!(odd.code, Code::Config);
        assert!(odd.message.contains("641x480"));
        assert!(
            rejected(Options { framerate: Some(f64::NAN), ..Options::default() }).message.contains("NaN")
        );
        rejected(Options { buffers: 3, ..Options::default() });
        rejected(Options { keep: 0, ..Options::default() });
        rejected(Options { timeout: Duration::ZERO, ..Options::default() });
        assert!(Options::default().check().is_ok());
    }
}
