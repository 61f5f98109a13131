//! What is requested of one frame.

use crate::codec::Codec;
use crate::config::{BitrateMode, Parameter, Resolved};
use crate::error::{Code, Error, Result};

/// Regions of a frame at most.
pub const MAX_REGIONS: usize = 8;
/// By how much a region's quantizer may differ.
const MAX_OFFSET: i32 = 51;

/// A part of a frame whose quantizer differs from that of the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region {
    /// Left edge, in pixels.
    pub x: u32,
    /// Upper edge, in pixels.
    pub y: u32,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// -51 (far finer) to 51 (far coarser).
    pub quantizer_offset: i32,
}

/// What is requested of one frame, besides being a key frame.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FrameRequest {
    /// All frames before it are out before the device gets it, so that what is requested is of this frame and no other.
    pub exact: bool,
    /// Its quantizer, of an encoder in quantizer mode.
    pub quantizer: Option<u32>,
    /// At most [`MAX_REGIONS`], of an encoder that was opened for regions.
    pub regions: Vec<Region>,
}

/// What an opened encoder can do for a single frame.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct PerFrame {
    /// The finest quantizer that a frame can have; `None` where a frame cannot have one of its own.
    pub(crate) finest_quantizer: Option<u32>,
    pub(crate) regions: bool,
}

impl FrameRequest {
    /// Whether nothing is requested.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Checks it against the encoder that is open, and the size that frames have.
    ///
    /// # Errors
    /// [`Code::Config`] for a quantizer in another mode, or regions of an encoder that was not opened for them, [`Code::Frame`] for
    /// numbers outside their ranges, [`Code::Control`] where the encoder cannot do it for a single frame.
    pub(crate) fn check(&self, config: &Resolved, can: PerFrame, size: (u32, u32)) -> Result<()> {
        self.quantizer.map_or(Ok(()), |quantizer| check_quantizer(quantizer, config, can))?;
        if self.regions.is_empty() {
            return Ok(());
        }
        if config.parameters.get(Parameter::RegionsOfInterest) != Some(1) {
            let message =
                "The encoder was made without the option `regionsOfInterest`, so frames have no regions.";
            return Err(Error::range(Code::Config, message)
                .with_hint("Make the encoder with `regionsOfInterest: true`."));
        }
        if !can.regions {
            return Err(Error::new(Code::Control, "The encoder has no control for regions of a frame."));
        }
        if self.regions.len() > MAX_REGIONS {
            let message = format!(
                "The frame has {} regions, but at most {MAX_REGIONS} are allowed.",
                self.regions.len()
            );
            return Err(Error::range(Code::Frame, message));
        }
        self.regions.iter().enumerate().try_for_each(|(number, region)| region.check(number, size))
    }
}

fn check_quantizer(quantizer: u32, config: &Resolved, can: PerFrame) -> Result<()> {
    if config.bitrate_mode != BitrateMode::Quantizer {
        let message = format!(
            "A frame has a quantizer of its own only with bitrateMode 'quantizer', but the encoder's is '{}'.",
            config.bitrate_mode.name()
        );
        return Err(
            Error::range(Code::Config, message).with_hint("Make the encoder with bitrateMode: 'quantizer'.")
        );
    }
    let Some(finest) = can.finest_quantizer else {
        let message = "The encoder has no control for the quantizer of a single frame.";
        return Err(Error::new(Code::Control, message)
            .with_hint("`update({ quantizer })` changes that of all frames, where the encoder can."));
    };
    let coarsest = if matches!(config.codec, Codec::H264 | Codec::H265) { 51 } else { 63 };
    if (finest..=coarsest).contains(&quantizer) {
        return Ok(());
    }
    let message = format!(
        "The frame's quantizer is {quantizer}, but must be a whole number from {finest} to {coarsest}."
    );
    Err(Error::range(Code::Frame, message))
}

impl Region {
    fn check(&self, number: usize, (width, height): (u32, u32)) -> Result<()> {
        let fits = |from: u32, length: u32, whole: u32| {
            length > 0 && from.checked_add(length).is_some_and(|end| end <= whole)
        };
        let wrong = if !fits(self.x, self.width, width) || !fits(self.y, self.height, height) {
            let Self { x, y, width: w, height: h, .. } = self;
            format!("is {w}x{h} at ({x}, {y}), which is not inside the frame of {width}x{height}")
        } else if self.quantizer_offset.abs() > MAX_OFFSET {
            let offset = self.quantizer_offset;
            format!("has the quantizerOffset {offset}, but it must be from -{MAX_OFFSET} to {MAX_OFFSET}")
        } else {
            return Ok(());
        };
        Err(Error::range(Code::Frame, format!("Region {number} of the frame {wrong}.")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    const ALL: PerFrame = PerFrame { finest_quantizer: Some(1), regions: true };
    const REGION: Region = Region { x: 0, y: 0, width: 16, height: 16, quantizer_offset: -10 };

    fn resolved(parameters: &[(Parameter, u32)]) -> Resolved {
        let mut config = Config { width: 64, height: 48, ..Config::new(Codec::H264) };
        parameters.iter().for_each(|(parameter, value)| config.parameters.set(*parameter, *value));
        config.resolve(config.codecs[0]).unwrap()
    }

    fn code(request: &FrameRequest, config: &Resolved, can: PerFrame) -> Option<Code> {
        request.check(config, can, (64, 48)).err().map(|error| error.code)
    }

    #[test]
    fn a_quantizer_is_of_quantizer_mode_and_within_its_range() {
        let of = |quantizer| FrameRequest { quantizer: Some(quantizer), ..FrameRequest::default() };
        let by_quantizer = resolved(&[(Parameter::Quantizer, 30)]);
        assert_eq!(code(&of(30), &resolved(&[]), ALL), Some(Code::Config));
        assert_eq!(code(&of(30), &by_quantizer, PerFrame::default()), Some(Code::Control));
        let codes = [0, 1, 51, 52].map(|quantizer| code(&of(quantizer), &by_quantizer, ALL));
        assert_eq!(codes, [Some(Code::Frame), None, None, Some(Code::Frame)]);
    }

    #[test]
    fn regions_are_few_inside_the_frame_and_of_an_encoder_that_was_made_for_them() {
        let with = resolved(&[(Parameter::RegionsOfInterest, 1)]);
        let of = |regions: &[Region]| FrameRequest { regions: regions.to_vec(), ..FrameRequest::default() };
        assert_eq!(code(&of(&[REGION]), &resolved(&[]), ALL), Some(Code::Config));
        assert_eq!(code(&of(&[REGION]), &with, PerFrame::default()), Some(Code::Control));
        assert_eq!(code(&of(&[REGION; 8]), &with, ALL), None);
        assert_eq!(code(&of(&[REGION; 9]), &with, ALL), Some(Code::Frame));
        let edge = Region { x: 48, y: 32, quantizer_offset: 51, ..REGION };
        assert_eq!(code(&of(&[edge]), &with, ALL), None);
        for wrong in [
            Region { x: 49, ..edge },
            Region { y: u32::MAX, ..edge },
            Region { width: 0, ..edge },
            Region { quantizer_offset: -52, ..edge },
        ] {
            assert_eq!(code(&of(&[wrong]), &with, ALL), Some(Code::Frame), "{wrong:?}");
        }
    }
}
