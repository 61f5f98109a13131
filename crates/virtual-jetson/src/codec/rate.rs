//! A bit-rate controller for where the library has none that serves: libx265 takes no new rate while it runs, and
//! libx264 knows one range of QPs for pictures of all types.
//!
//! The library codes each picture with the QP that is chosen here. Six QP steps halve the bits, so what a picture cost
//! at its QP says what the next one costs at any. A debt (a key frame) is paid back within a second.

use super::{Input, passthrough::Letter};
use crate::controls::{PictureKind, Setup, Tuning};

/// The QP that the library is opened with, from which offsets count.
pub(super) const BASE_QP: f64 = 28.0;

pub(super) struct RateController {
    /// The logarithm of the bits of an inter and of an intra picture at QP 0.
    costs: [f64; 2],
    /// Bits spent above what was due.
    debt: f64,
    /// Bits per frame that the last picture was coded for.
    target: f64,
    /// Pictures whose cost is known.
    coded: u64,
}

impl RateController {
    pub(super) fn new(setup: &Setup, tuning: &Tuning) -> Self {
        let samples = f64::from(setup.raw.width) * f64::from(setup.raw.height);
        // A first guess: 0.05 bits per sample come to a QP of about 28, and an intra picture takes four times as much.
        let cost = (0.05 * samples).log2() + BASE_QP / 6.0;
        Self { costs: [cost, cost + 2.0], debt: 0.0, target: target(tuning), coded: 0 }
    }

    /// The QP of the next picture.
    pub(super) fn qp(&mut self, setup: &Setup, input: &Input<'_>) -> f64 {
        let by_type = usize::from(input.kind == PictureKind::Inter);
        let target = target(&input.tuning);
        if (target - self.target).abs() > 1.0 {
            self.target = target;
            self.debt = 0.0;
        }
        let external = input.external_rate.filter(|_| setup.external_rate.is_some());
        let (mut least, mut most) = setup.qp_range.map_or((0, 51), |ranges| ranges[by_type]);
        if let (Some(rate), Some(session_most)) = (external, setup.external_rate) {
            if rate.most_qp > 0 {
                (least, most) = (rate.least_qp, rate.most_qp.min(51));
            }
            most = most.min(session_most);
            least = least.min(most);
        }
        let initial = setup.init_qp.filter(|_| self.coded == 0).map(|qps| qps[by_type]);
        let fixed = external.map(|rate| rate.qp).filter(|&qp| qp > 0);
        let fixed = fixed.or_else(|| setup.constant_qp.map(|qps| qps[by_type]));
        let qp = match (fixed, initial, external.map_or(0, |rate| rate.target_bits)) {
            (Some(qp), ..) => f64::from(qp),
            (None, Some(qp), _) => f64::from(qp),
            (None, None, 0) => self.controlled(input),
            (None, None, bits) => 6.0 * (self.costs[1 - by_type] - f64::from(bits).log2()),
        };
        qp.clamp(f64::from(least), f64::from(most))
    }

    fn controlled(&self, input: &Input<'_>) -> f64 {
        let tuning = &input.tuning;
        let share = self.debt / tuning.frames_per_second * 2.0;
        let due = (self.target - share).clamp(self.target * 0.2, self.target * 2.0);
        let inter = 6.0 * (self.costs[0] - due.log2());
        if input.kind == PictureKind::Inter {
            return inter.clamp(4.0, 51.0);
        }
        // An intra picture is as good as the ones before it, unless it would not fit into the buffer at all.
        let steady = 6.0 * (self.costs[0] - self.target.log2());
        let fitting = 6.0 * (self.costs[1] - (f64::from(tuning.vbv_bits) * 0.9).max(1.0).log2());
        steady.max(fitting.min(steady + 6.0)).clamp(4.0, 51.0)
    }

    /// Learns what the picture cost.
    pub(super) fn coded(
        &mut self,
        kind: PictureKind,
        letter: Letter,
        bytes: usize,
        qp: u32,
        tuning: &Tuning,
    ) {
        #[expect(clippy::cast_precision_loss, reason = "chunks are far smaller than 2^52")]
        let bits = (bytes as f64 * 8.0).max(64.0);
        let second = self.target * tuning.frames_per_second;
        self.debt = (self.debt + bits - self.target).clamp(-second, 2.0 * second);
        if matches!(letter, Letter::B) {
            return;
        }
        let known = &mut self.costs[usize::from(kind != PictureKind::Inter)];
        let cost = bits.log2() + f64::from(qp) / 6.0;
        *known += (cost - *known) * if self.coded < 3 { 0.9 } else { 0.4 };
        self.coded += 1;
    }
}

fn target(tuning: &Tuning) -> f64 {
    f64::from(tuning.bitrate) / tuning.frames_per_second
}
