//! What the caller left out.

use std::sync::Arc;

use super::options::{BitrateMode, CodecChoice, Config};
use super::parameters::{Parameter, Parameters};
use super::range::within;
use super::resolved::Resolved;
use crate::codec::{Codec, Profile};
use crate::error::Result;
use crate::output::stream;

/// 2 Mbit/s for 1280x720 at 30 frames a second, and in proportion elsewhere.
const BITS_PER_PIXEL: f64 = 2_000_000.0 / (1280.0 * 720.0 * 30.0);
/// Seconds from one key frame to the next.
const KEY_FRAME_SECONDS: f64 = 2.0;
/// Of `quantizer` mode, where none is named.
const QUANTIZER: u32 = 28;

impl Config {
    /// The configuration for one of its codecs, complete. The values must have been [checked](Self::check).
    ///
    /// # Errors
    /// [`Code::Config`](crate::Code::Config) where no level of the codec holds the stream.
    pub fn resolve(&self, choice: CodecChoice) -> Result<Resolved> {
        let config = self;
        let CodecChoice { codec, profile, level, high_tier } = choice;
        let bitrate_bps =
            config.bitrate_bps.unwrap_or_else(|| bitrate(config.width, config.height, config.framerate));
        let profile = profile.or_else(|| Profile::of(codec).first().copied());
        let mut resolved = Resolved {
            requested: Arc::new(config.clone()),
            choice,
            codec,
            profile,
            level,
            codec_string: String::new(),
            high_tier,
            warnings: Vec::new(),
            width: config.width,
            height: config.height,
            framerate: config.framerate,
            bitrate_bps,
            bitrate_mode: config.requested_bitrate_mode().unwrap_or(BitrateMode::Constant),
            key_frame_interval: config
                .key_frame_interval
                .unwrap_or_else(|| (config.framerate * KEY_FRAME_SECONDS).round().max(1.0) as u32),
            parameters: with_defaults(config),
            color: config.color.unwrap_or_else(|| stream::assumed_color(config.height)),
        };
        check_quantizers(&resolved)?;
        resolved.warnings = resolved.settle_level()?.into_iter().collect();
        resolved.rename();
        Ok(resolved)
    }
}

/// In quantizer mode there is a quantizer.
fn with_defaults(config: &Config) -> Parameters {
    let mut parameters = config.parameters.clone();
    let by_quantizer = config.requested_bitrate_mode() == Some(BitrateMode::Quantizer);
    if by_quantizer && parameters.get(Parameter::Quantizer).is_none() {
        parameters.set(Parameter::Quantizer, QUANTIZER);
    }
    // What is not wanted needs no control.
    for parameter in [Parameter::RegionsOfInterest, Parameter::ChunkStatistics] {
        if parameters.get(parameter) == Some(0) {
            parameters.unset(parameter);
        }
    }
    parameters
}

/// H.264 and H.265 stop where other codecs go on.
fn check_quantizers(config: &Resolved) -> Result<()> {
    use Parameter::{MaxKeyQuantizer, MaxQuantizer, MinKeyQuantizer, MinQuantizer, Quantizer};
    if !matches!(config.codec, Codec::H264 | Codec::H265) {
        return Ok(());
    }
    [Quantizer, MinQuantizer, MaxQuantizer, MinKeyQuantizer, MaxKeyQuantizer]
        .into_iter()
        .filter_map(|parameter| Some((parameter, config.parameters.get(parameter)?)))
        .try_for_each(|(parameter, value)| within(parameter.name(), value, &(0..=51)))
}

fn bitrate(width: u32, height: u32, framerate: f64) -> u32 {
    let bits = f64::from(width) * f64::from(height) * framerate * BITS_PER_PIXEL;
    ((bits / 1000.0).round() * 1000.0).clamp(100_000.0, 100_000_000.0) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_codec_is_required() {
        let config = Config::new(Codec::H265);
        let resolved = config.resolve(config.codecs[0]).unwrap();
        assert_eq!(resolved.bitrate_bps, 2_000_000);
        assert_eq!(resolved.key_frame_interval, 60);
        assert_eq!(resolved.codec_string, "hvc1.1.6.L93.B0");
    }

    #[test]
    fn h264_defaults_to_constrained_baseline_at_the_lowest_level_that_holds() {
        let config = Config::new(Codec::H264);
        assert_eq!(config.resolve(config.codecs[0]).unwrap().codec_string, "avc1.42e01f");
        let uhd = Config { width: 3840, height: 2160, ..config };
        assert_eq!(uhd.resolve(uhd.codecs[0]).unwrap().level.unwrap().to_string(), "5.1");
    }

    #[test]
    fn codecs_without_profile_or_level_have_none() {
        let resolved = |codec: Codec| Config::new(codec).resolve(codec.into()).unwrap();
        assert_eq!(resolved(Codec::Vp9).codec_string, "vp09.00.31.08");
        assert_eq!((resolved(Codec::Vp8).codec_string.as_str(), resolved(Codec::Vp8).level), ("vp8", None));
        assert_eq!((resolved(Codec::Fwht).profile, resolved(Codec::Fwht).level), (None, None));
    }

    #[test]
    fn the_bit_rate_follows_size_and_rate() {
        let config = Config { width: 1920, height: 1080, framerate: 60.0, ..Config::new(Codec::H264) };
        assert_eq!(config.resolve(config.codecs[0]).unwrap().bitrate_bps, 9_000_000);
    }
}
