//! The frame rate, which rate controllers use.

use v4l2::ioctl;
use v4l2::{QueueType, Transport};

use super::controls::DriverConfig;
use crate::error::{Code, Error, Result};

/// Tells the rate; returns what the driver made of it, where it says something sensible.
pub(super) fn set_framerate(
    transport: &dyn Transport,
    queue: QueueType,
    framerate: f64,
) -> v4l2::Result<Option<f64>> {
    let (numerator, denominator) = ioctl::s_parm(transport, queue, v4l2_fraction(framerate))?;
    Ok((numerator > 0 && denominator > 0).then(|| f64::from(denominator) / f64::from(numerator)))
}

/// Tells a running device another rate.
pub(super) fn change_framerate(
    transport: &dyn Transport,
    queue: QueueType,
    sent: &DriverConfig,
) -> Result<()> {
    set_framerate(transport, queue, sent.framerate()).map(drop).map_err(|error| Error {
        code: Code::Control,
        message: format!("The driver rejected the change of the frame rate: {error}."),
        ..Error::from(error)
    })
}

/// The time between two frames as a fraction of a second, precise for 29.97 as well; whole rates as some drivers want them.
fn v4l2_fraction(framerate: f64) -> (u32, u32) {
    if framerate.fract() == 0.0 { (1, framerate as u32) } else { (1000, (framerate * 1000.0).round() as u32) }
}

pub(super) fn round(rate: f64) -> f64 {
    (rate * 1000.0).round() / 1000.0
}
