//! What a variable bit rate may spend.

use std::time::Duration;

use crate::config::{BitrateMode, Resolved};

/// Seconds of the target that a stream may have saved at most, and begins with.
const MOST_SECONDS: f64 = 4.0;
const FIRST_SECONDS: f64 = 0.5;
/// Seconds of the target that must be saved before the peak is used again.
const ENOUGH_SECONDS: f64 = 0.25;
/// A longer pause between two frames saves no more than this.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
/// Finer quantizers than this cost bits and show nothing.
const FINEST_QP: u8 = 22;

/// Lets easy frames cost less than the target, and hard ones up to the peak out of what those have saved.
#[derive(Debug)]
pub(super) struct Allowance {
    variable: bool,
    /// `None` before the first frame.
    seconds: Option<f64>,
    before: Option<Duration>,
    at_peak: bool,
}

impl Allowance {
    pub(super) fn new(mode: BitrateMode) -> Self {
        let variable = mode == BitrateMode::Variable;
        Self { variable, seconds: None, before: None, at_peak: variable }
    }

    /// The finest quantizer that is worth its bits.
    pub(super) fn finest_qp(&self) -> u8 {
        if self.variable { FINEST_QP } else { super::library::FINEST_QP }
    }

    /// Bits per second that the rate control is to be given now.
    pub(super) fn bitrate_bps(&self, config: &Resolved) -> u32 {
        if self.at_peak { config.peak_bps() } else { config.bitrate_bps }
    }

    /// Takes note of a frame of this size at this time.
    pub(super) fn spent(&mut self, time: Duration, bytes: usize, config: &Resolved) {
        if !self.variable {
            return;
        }
        let pause = self.before.map_or(Duration::from_secs_f64(1.0 / config.framerate), |before| {
            time.saturating_sub(before).min(LONGEST_PAUSE)
        });
        self.before = Some(time);
        let cost = bytes as f64 * 8.0 / f64::from(config.bitrate_bps);
        let saved = self.seconds.unwrap_or(FIRST_SECONDS) + pause.as_secs_f64() - cost;
        let saved = saved.clamp(-MOST_SECONDS, MOST_SECONDS);
        self.seconds = Some(saved);
        self.at_peak = saved > if self.at_peak { 0.0 } else { ENOUGH_SECONDS };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::Codec;
    use crate::config::Config;

    fn config(mode: BitrateMode) -> Resolved {
        let config =
            Config { bitrate_bps: Some(800_000), bitrate_mode: Some(mode), ..Config::new(Codec::H264) };
        config.resolve(config.codecs[0]).unwrap()
    }

    /// Frames of this many bytes, ten a second, from this one on.
    fn spend(allowance: &mut Allowance, config: &Resolved, frames: std::ops::Range<u32>, bytes: usize) {
        for frame in frames {
            allowance.spent(Duration::from_millis(100) * frame, bytes, config);
        }
    }

    #[test]
    fn hard_frames_may_cost_more_until_what_was_saved_is_spent() {
        let config = config(BitrateMode::Variable);
        let mut allowance = Allowance::new(config.bitrate_mode);
        assert_eq!(allowance.bitrate_bps(&config), 960_000);
        // 10,000 bytes ten times a second are the target.
        spend(&mut allowance, &config, 0..100, 12_000);
        assert_eq!(allowance.bitrate_bps(&config), 800_000);
        spend(&mut allowance, &config, 100..200, 2_000);
        assert_eq!(allowance.bitrate_bps(&config), 960_000);
        spend(&mut allowance, &config, 200..250, 12_000);
        assert_eq!(allowance.bitrate_bps(&config), 960_000, "four seconds were saved");
        spend(&mut allowance, &config, 250..500, 12_000);
        assert_eq!(allowance.bitrate_bps(&config), 800_000);
    }

    #[test]
    fn a_constant_rate_stays_what_it_is() {
        let config = config(BitrateMode::Constant);
        let mut allowance = Allowance::new(config.bitrate_mode);
        spend(&mut allowance, &config, 0..100, 0);
        assert_eq!(allowance.bitrate_bps(&config), 800_000);
    }
}
