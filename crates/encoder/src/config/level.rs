//! Levels: which one holds a stream.
//!
//! A level promises decoders that no frame, no second of frames and no second of bits is larger than they can take. One that
//! the caller requested and that does not hold is raised to the lowest that does, on every encoder alike, with a warning.

use bitstream::h265::Tier;
use bitstream::level::{H264Level, H265Level, VP9_LEVELS, Vp9Level};

use super::resolved::Resolved;
use crate::codec::{Codec, Level, Profile, h264_profile};
use crate::error::{Code, Error, Result};
use crate::settings::{SettingName, Warning};

/// What a stream asks of a decoder.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Demand {
    pub(crate) codec: Codec,
    pub(crate) profile: Option<Profile>,
    pub(crate) high_tier: bool,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) framerate: f64,
    /// The highest for a while, in bits per second.
    pub(crate) peak_bps: u32,
    /// Frames that are kept for reference.
    pub(crate) references: u32,
}

impl Demand {
    pub(crate) fn of(config: &Resolved) -> Self {
        Self {
            codec: config.codec,
            profile: config.profile,
            high_tier: config.high_tier,
            width: config.width,
            height: config.height,
            framerate: config.framerate,
            peak_bps: config.peak_bps(),
            references: 1,
        }
    }

    /// The lowest level that holds; `None` beyond all, and for a codec without levels.
    pub(crate) fn lowest(&self) -> Option<Level> {
        Level::all(self.codec).find(|level| self.excess(*level).is_none())
    }

    /// What of the stream is more than the level allows, as the end of a sentence.
    pub(crate) fn excess(&self, level: Level) -> Option<String> {
        let name = level.to_string();
        match self.codec {
            Codec::H264 => self.h264_excess(H264Level::from_name(&name)?),
            Codec::H265 => self.h265_excess(H265Level::from_name(&name)?),
            Codec::Vp9 => self.vp9_excess(VP9_LEVELS.iter().find(|level| level.name == name)?),
            Codec::Vp8 | Codec::Fwht => None,
        }
    }

    fn h264_excess(&self, level: H264Level) -> Option<String> {
        let Self { width, height, framerate, peak_bps, references, .. } = *self;
        let profile = h264_profile(self.profile);
        let holds = |framerate, bitrate| level.holds(width, height, framerate, bitrate, profile);
        let blocks = u64::from(width.div_ceil(16)) * u64::from(height.div_ceil(16));
        if !holds(0.0, 0) {
            return Some(format!("{width}x{height} has {blocks} macroblocks of {}", level.max_frame_size));
        }
        if !holds(framerate, 0) {
            return Some(format!(
                "that are {:.0} macroblocks per second of {}",
                blocks as f64 * framerate,
                level.max_macroblocks_per_second
            ));
        }
        if !holds(framerate, peak_bps.into()) {
            return Some(too_many_bits(peak_bps, level.max_bit_rate_bps(profile)));
        }
        too_many_references(references, level.max_dpb_frames(width, height))
    }

    fn h265_excess(&self, level: H265Level) -> Option<String> {
        let Self { width, height, framerate, peak_bps, references, .. } = *self;
        let tier = if self.high_tier { Tier::High } else { Tier::Main };
        let Some(max_bps) = level.max_bit_rate_bps(tier) else {
            return Some("it has no High tier".to_owned());
        };
        let holds = |framerate, bitrate| level.holds(width, height, framerate, bitrate, tier);
        if !holds(0.0, 0) {
            return Some(format!("{width}x{height} has more than {} samples", level.max_luma_picture));
        }
        if !holds(framerate, 0) {
            return Some(format!("that are more than {} samples per second", level.max_luma_rate));
        }
        if !holds(framerate, peak_bps.into()) {
            return Some(too_many_bits(peak_bps, max_bps));
        }
        too_many_references(references, level.max_dpb_frames(width, height))
    }

    fn vp9_excess(&self, level: &Vp9Level) -> Option<String> {
        let holds = |framerate, bitrate| level.holds(self.width, self.height, framerate, bitrate);
        if !holds(0.0, 0) {
            let samples = level.max_luma_picture_size;
            return Some(format!("{}x{} has more than {samples} samples", self.width, self.height));
        }
        if !holds(self.framerate, 0) {
            return Some(format!("that are more than {} samples per second", level.max_luma_sample_rate));
        }
        let fits = holds(self.framerate, self.peak_bps.into());
        (!fits).then(|| too_many_bits(self.peak_bps, level.max_bitrate))
    }
}

fn too_many_bits(bps: u32, of: u64) -> String {
    format!("{bps} bit/s are more than its {of}")
}

fn too_many_references(references: u32, of: u32) -> Option<String> {
    (references > of).then(|| format!("{references} reference frames are more than its {of}"))
}

impl Resolved {
    /// Raises a level that does not hold, or chooses one. Returns what there is to report of it.
    ///
    /// # Errors
    /// [`Code::Config`] where no level holds.
    pub(super) fn settle_level(&mut self) -> Result<Option<Warning>> {
        let demand = Demand::of(self);
        let Some(highest) = Level::highest(self.codec) else { return Ok(None) };
        let Some(lowest) = demand.lowest() else {
            let why = demand.excess(highest).unwrap_or_default();
            let message = format!(
                "No level of {} holds {} (the highest is {highest}: {why}).",
                self.codec,
                demanded(&demand)
            );
            return Err(Error::range(Code::Config, message)
                .with_hint("Choose a smaller size, frame rate or bit rate."));
        };
        let requested = self.level.replace(lowest);
        let Some(requested) = requested.filter(|requested| *requested != lowest) else { return Ok(None) };
        let Some(why) = demand.excess(requested) else {
            self.level = Some(requested);
            return Ok(None);
        };
        let message = format!(
            "The level {requested} was requested, but {lowest} is used: {requested} does not hold {} ({why}).",
            demanded(&demand)
        );
        Ok(Some(Warning { code: Code::Config.name(), message, setting: Some(SettingName::Level) }))
    }

    /// What there is to report where a live change takes the stream beyond its level.
    pub(crate) fn level_excess(&self) -> Option<Warning> {
        let (demand, level) = (Demand::of(self), self.level?);
        let why = demand.excess(level)?;
        let message = format!(
            "The stream is labelled with level {level}, which does not hold {} ({why}). Decoders may not keep up.",
            demanded(&demand)
        );
        Some(Warning { code: Code::Config.name(), message, setting: Some(SettingName::Level) })
    }
}

fn demanded(demand: &Demand) -> String {
    let Demand { width, height, framerate, peak_bps, .. } = demand;
    format!("{width}x{height} at {framerate} frames per second and {peak_bps} bit/s")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{BitrateMode, CodecChoice, Config};

    fn requested(codec: Codec, level: &str, change: impl FnOnce(&mut Config)) -> Resolved {
        let level = Level::parse(codec, level);
        assert!(level.is_some());
        let mut config = Config { codecs: vec![CodecChoice { level, ..codec.into() }], ..Config::new(codec) };
        change(&mut config);
        config.resolve(config.codecs[0]).unwrap()
    }

    fn used(config: &Resolved) -> (String, bool) {
        (config.level_name(), !config.warnings.is_empty())
    }

    fn full_hd(config: &mut Config) {
        (config.width, config.height) = (1920, 1080);
    }

    #[test]
    fn a_level_that_holds_is_the_one_that_was_requested() {
        assert_eq!(used(&requested(Codec::H264, "3.1", |_| {})), ("3.1".to_owned(), false));
        assert_eq!(used(&requested(Codec::H264, "5.1", |_| {})), ("5.1".to_owned(), false));
        assert_eq!(used(&requested(Codec::H265, "4", full_hd)), ("4".to_owned(), false));
        assert_eq!(used(&requested(Codec::Vp9, "3.1", |_| {})), ("3.1".to_owned(), false));
    }

    #[test]
    fn a_level_is_raised_for_the_size_the_rate_and_the_bits_of_each_codec() {
        type Change = fn(&mut Config);
        let cases: [(Codec, &str, Change, &str, &str); 9] = [
            (Codec::H264, "3.1", full_hd, "4", "1920x1080 has 8160 macroblocks of 3600"),
            (
                Codec::H264,
                "3.1",
                |config| config.framerate = 60.0,
                "3.2",
                "216000 macroblocks per second of 108000",
            ),
            (
                Codec::H264,
                "3.1",
                |config| config.bitrate_bps = Some(14_000_001),
                "3.2",
                "are more than its 14000000",
            ),
            (
                Codec::H264,
                "3.1",
                |config| {
                    (config.bitrate_bps, config.bitrate_mode) =
                        (Some(12_000_000), Some(BitrateMode::Variable));
                },
                "3.2",
                "14400000 bit/s are more than its 14000000",
            ),
            (Codec::H265, "3.1", full_hd, "4", "1920x1080 has more than 983040 samples"),
            (
                Codec::H265,
                "3.1",
                |config| config.framerate = 60.0,
                "4",
                "more than 33177600 samples per second",
            ),
            (
                Codec::H265,
                "3.1",
                |config| config.bitrate_bps = Some(11_000_000),
                "4",
                "are more than its 10000000",
            ),
            (Codec::H265, "3.1", |config| config.codecs[0].high_tier = true, "4", "it has no High tier"),
            (Codec::Vp9, "3", |_| {}, "3.1", "1280x720 has more than 552960 samples"),
        ];
        for (codec, level, change, lowest, why) in cases {
            let config = requested(codec, level, change);
            assert_eq!(config.level_name(), lowest, "{codec} {why}");
            let [warning] = &config.warnings[..] else { panic!("{codec} {why}: {:?}", config.warnings) };
            let begin = format!("The level {level} was requested, but {lowest} is used: ");
            assert!(
                warning.message.starts_with(&begin) && warning.message.contains(why),
                "{}",
                warning.message
            );
            assert_eq!(warning.setting, Some(SettingName::Level));
        }
        assert_eq!(requested(Codec::H264, "3.1", full_hd).codec_string, "avc1.42e028");
    }

    #[test]
    fn the_tier_counts_for_the_bits_and_stands_in_the_codec_string() {
        let high = requested(Codec::H265, "4", |config| {
            full_hd(config);
            config.bitrate_bps = Some(30_000_000);
            config.codecs[0].high_tier = true;
        });
        assert_eq!((used(&high), high.codec_string.as_str()), (("4".to_owned(), false), "hvc1.1.6.H120.B0"));
        let main = requested(Codec::H265, "4", |config| {
            full_hd(config);
            config.bitrate_bps = Some(30_000_000);
        });
        assert_eq!(used(&main), ("5.1".to_owned(), true));
    }

    #[test]
    fn where_no_level_holds_the_configuration_is_rejected() {
        let config = Config { width: 2560, height: 1440, framerate: 240.0, ..Config::new(Codec::H264) };
        let error = config.check().unwrap_err();
        assert_eq!((error.code, error.kind), (Code::Config, crate::error::Kind::Range));
        assert!(error.message.starts_with("No level of H264 holds 2560x1440 at 240"), "{error}");
        // Another codec of the list may hold it.
        let config = Config { codecs: vec![Codec::H264.into(), Codec::H265.into()], ..config };
        config.check().unwrap();
        assert!(config.resolve(config.codecs[0]).is_err());
        assert_eq!(config.resolve(config.codecs[1]).unwrap().level_name(), "6.1");
    }

    #[test]
    fn the_frames_that_are_kept_for_reference_count() {
        // 18,000 macroblocks of decoded frames at level 3.1 are five of 1280x720 (ITU-T H.264 Table A-1).
        let config = requested(Codec::H264, "3.1", |_| {});
        let demand = |references| Demand { references, ..Demand::of(&config) };
        assert_eq!(demand(5).lowest().unwrap().to_string(), "3.1");
        assert_eq!(
            demand(6).excess(config.level.unwrap()).unwrap(),
            "6 reference frames are more than its 5"
        );
    }

    #[test]
    fn a_live_change_beyond_the_level_is_reported() {
        let mut config = requested(Codec::H264, "3.1", |_| {});
        assert_eq!(config.level_excess(), None);
        config.bitrate_bps = 20_000_000;
        let message = config.level_excess().unwrap().message;
        assert!(message.contains("level 3.1") && message.contains("20000000 bit/s"), "{message}");
    }
}
