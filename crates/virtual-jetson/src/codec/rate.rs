//! A bit-rate controller for libx265, which takes no new rate while it runs.
//!
//! libx265 codes at a constant quality and each picture gets a QP offset from here. Six QP steps halve the bits,
//! so the offset follows the logarithm of what a picture cost over what it should have, and a debt (a key frame)
//! is paid back over a second.

use crate::controls::{PictureKind, Tuning};

/// The quality that libx265 is opened with, to which the offsets are added.
pub(super) const BASE_QUALITY: f64 = 28.0;

pub(super) struct RateController {
    samples: f64,
    offset: f64,
    /// Bits spent above what was due.
    debt: f64,
    /// Bits per frame that the last picture was coded for.
    target: f64,
}

impl RateController {
    pub(super) fn new(width: u32, height: u32, tuning: &Tuning) -> Self {
        let mut controller = Self {
            samples: f64::from(width) * f64::from(height),
            offset: 0.0,
            debt: 0.0,
            target: target(tuning),
        };
        // A first guess: 0.05 bits per sample come to a quality of about 28.
        controller.offset = -4.0 * (controller.target / controller.samples / 0.05).log2();
        controller
    }

    /// The QP offset of the next picture.
    pub(super) fn offset(&mut self, tuning: &Tuning) -> f64 {
        let target = target(tuning);
        if (target - self.target).abs() > 1.0 {
            self.offset -= 5.0 * (target / self.target).log2();
            self.target = target;
            self.debt = 0.0;
        }
        self.offset = self.offset.clamp(-24.0, 23.0);
        self.offset
    }

    /// Learns what the picture cost.
    pub(super) fn coded(&mut self, kind: PictureKind, bytes: usize, tuning: &Tuning) {
        #[expect(clippy::cast_precision_loss, reason = "chunks are far smaller than 2^52")]
        let bits = bytes as f64 * 8.0;
        let second = self.target * tuning.frames_per_second;
        self.debt = (self.debt + bits - self.target).clamp(-second, second);
        if kind == PictureKind::Inter {
            let due = (self.target - self.debt / tuning.frames_per_second).max(self.target * 0.2);
            self.offset += 1.5 * (bits.max(64.0) / due).log2().clamp(-2.0, 2.0);
        }
    }
}

fn target(tuning: &Tuning) -> f64 {
    f64::from(tuning.bitrate) / tuning.frames_per_second
}
