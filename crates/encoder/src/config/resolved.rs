use std::time::Duration;

use bitstream::vui::AspectRatio;
use convert::Color;

use super::options::{BitrateMode, Bitstream, CodecChoice, Hardware, LatencyMode};
use crate::codec::{Codec, Level, Profile, codec_string};
use crate::input::format::RawFormat;
use crate::settings::Warning;

/// In `variable` mode the peak is this many tenths of the target, which is NVIDIA's own default.
pub(crate) const PEAK_TENTHS: u32 = 12;

/// Which values of a [`Resolved`] configuration are defaults of ours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Defaulted {
    /// The level.
    pub level: bool,
    /// How bits are spent.
    pub bitrate_mode: bool,
}

/// A complete configuration for one codec.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolved {
    /// The codec.
    pub codec: Codec,
    /// What the caller asked for.
    pub asked: CodecChoice,
    /// The profile in use, where the codec has profiles.
    pub profile: Option<Profile>,
    /// The level in use, where the codec has levels: at least one that holds the stream.
    pub level: Option<Level>,
    /// Of H.265: the High tier.
    pub high_tier: bool,
    /// Where it is not what was asked for.
    pub warnings: Vec<Warning>,
    /// What the caller left to us, so that a device may be given something that suits it better.
    pub defaulted: Defaulted,
    /// RFC 6381: what was asked for, then what the parameter sets say.
    pub codec_string: String,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// Frames per second.
    pub framerate: f64,
    /// Bits per second.
    pub bitrate_bps: u32,
    /// How bits are spent.
    pub bitrate_mode: BitrateMode,
    /// In frames; 0 for the first frame and on request only.
    pub key_frame_interval: u32,
    /// What to trade.
    pub latency_mode: LatencyMode,
    /// Device or processor.
    pub hardware: Hardware,
    /// Form of the encoded bytes.
    pub bitstream: Bitstream,
    /// The format of frames that do not name their own.
    pub format: RawFormat,
    /// What luma and chroma mean.
    pub color: Color,
    /// Shape of a pixel.
    pub aspect_ratio: Option<AspectRatio>,
    /// Frames in flight at most, when the caller said so.
    pub queue_depth: Option<u32>,
    /// Whether NVIDIA's library is asked to say when something is ready.
    pub device_poll: bool,
    /// After which silence an operation fails.
    pub timeout: Duration,
}

impl Resolved {
    /// The profile's name; empty for a codec without profiles.
    #[must_use]
    pub fn profile_name(&self) -> &'static str {
        self.profile.map_or("", Profile::name)
    }

    /// The highest rate that frames may be encoded at for a while, in bits per second.
    #[must_use]
    pub fn peak_bps(&self) -> u32 {
        match self.bitrate_mode {
            BitrateMode::Constant => self.bitrate_bps,
            BitrateMode::Variable => self.bitrate_bps / 10 * PEAK_TENTHS,
        }
    }

    /// The profile in use becomes this one.
    pub(crate) fn use_profile(&mut self, profile: Profile) {
        self.profile = Some(profile);
        self.rename();
    }

    /// The level in use becomes this one.
    pub(crate) fn use_level(&mut self, level: Level) {
        self.level = Some(level);
        self.rename();
    }

    pub(super) fn rename(&mut self) {
        self.codec_string = codec_string(self.codec, self.profile, self.level, self.high_tier);
    }

    /// Takes live changes over, and raises the level where they need it.
    pub(crate) fn keep_rates(&mut self, bitrate_bps: u32, framerate: f64) {
        (self.bitrate_bps, self.framerate) = (bitrate_bps, framerate);
        // Beyond every level the one before stays; the change was warned of.
        let before = self.level;
        self.level = self.settle_level().map_or(before, |_| self.level);
        self.rename();
    }

    /// Settles the level once more, for the profile in use. What there was to tell of it before is no longer so.
    pub(crate) fn settle_level_again(&mut self) {
        let before = std::mem::replace(&mut self.level, self.asked.level);
        match self.settle_level() {
            Ok(raised) => {
                self.warnings.retain(|warning| warning.setting != Some("level"));
                self.warnings.extend(raised);
            }
            Err(_) => self.level = before,
        }
        self.rename();
    }

    /// The profile that was asked for, or else is used.
    pub(crate) fn asked_profile(&self) -> &'static str {
        self.asked.profile.map_or_else(|| self.profile_name(), Profile::name)
    }

    /// The level that was asked for, or else is used.
    pub(crate) fn asked_level(&self) -> String {
        self.asked.level.map_or_else(|| self.level_name(), |level| level.to_string())
    }

    /// The level's number; empty for a codec without levels.
    #[must_use]
    pub fn level_name(&self) -> String {
        self.level.map_or_else(String::new, |level| level.to_string())
    }
}
