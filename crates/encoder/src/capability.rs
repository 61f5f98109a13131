//! What an encoder can encode.

use crate::codec::Codec;

/// The frames that an encoder can encode with one codec, in pixels.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// The smallest width and height.
    pub(crate) min_side: u32,
    /// The largest width.
    pub(crate) max_width: u32,
    /// The longer and the shorter side at most, where the encoder counts so.
    pub(crate) max_sides: Option<(u32, u32)>,
}

impl Limits {
    /// Widths from the one to the other, and heights from the smallest width on.
    pub(crate) const fn new(min_side: u32, max_width: u32) -> Self {
        Self { min_side, max_width, max_sides: None }
    }

    /// Why a frame of this size cannot be encoded, as a sentence; `None` when it can.
    pub(crate) fn rejection(&self, codec: Codec, width: u32, height: u32) -> Option<String> {
        let is = format!("but the configuration has {width}x{height}.");
        if width < self.min_side || height < self.min_side {
            return Some(format!("{codec} frames must be at least {0}x{0} here, {is}", self.min_side));
        }
        if width > self.max_width {
            return Some(format!("{codec} frames can be at most {} wide here, {is}", self.max_width));
        }
        let (longest, shortest) = self.max_sides?;
        (width.max(height) > longest || width.min(height) > shortest).then(|| {
            format!("{codec} frames can be at most {longest}x{shortest} or {shortest}x{longest} here, {is}")
        })
    }
}
