use std::sync::Arc;

use convert::Color;

use super::options::{BitrateMode, CodecChoice, Config};
use super::parameters::{Parameter, Parameters};
use crate::codec::{Codec, Level, Profile, codec_string};
use crate::settings::{SettingName, Warning};

/// In `variable` mode the peak is this many tenths of the target, which is NVIDIA's own default.
pub(crate) const PEAK_TENTHS: u32 = 12;

/// The configuration of one encoder: what was requested, and the values that it has only for a codec, by default, or by a
/// live change.
#[derive(Debug, Clone)]
pub struct Resolved {
    /// What the caller requested. Options that nothing changes are read here.
    pub requested: Arc<Config>,
    /// Which of the requested codecs it is for, with the requested profile and level.
    pub choice: CodecChoice,
    /// The codec.
    pub codec: Codec,
    /// The profile in use, where the codec has profiles.
    pub profile: Option<Profile>,
    /// The level in use, where the codec has levels: at least one that holds the stream.
    pub level: Option<Level>,
    /// Of H.265: the High tier.
    pub high_tier: bool,
    /// Where it is not what was requested.
    pub warnings: Vec<Warning>,
    /// RFC 6381: what was requested, then what the parameter sets say.
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
    /// What else is requested, as it is now.
    pub parameters: Parameters,
    /// What luma and chroma mean.
    pub color: Color,
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
            BitrateMode::Constant | BitrateMode::Quantizer => self.bitrate_bps,
            BitrateMode::Variable => {
                let peak = self.parameters.get(Parameter::MaxBitrate);
                peak.unwrap_or(self.bitrate_bps / 10 * PEAK_TENTHS).max(self.bitrate_bps)
            }
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

    /// Settles the level once more, for the profile in use. What there was to report of it before no longer holds.
    pub(crate) fn settle_level_again(&mut self) {
        let before = std::mem::replace(&mut self.level, self.choice.level);
        match self.settle_level() {
            Ok(raised) => {
                self.warnings.retain(|warning| warning.setting != Some(SettingName::Level));
                self.warnings.extend(raised);
            }
            Err(_) => self.level = before,
        }
        self.rename();
    }

    /// The profile that was requested, or else is used.
    pub(crate) fn requested_profile(&self) -> &'static str {
        self.choice.profile.map_or_else(|| self.profile_name(), Profile::name)
    }

    /// The level that was requested, or else is used.
    pub(crate) fn requested_level(&self) -> String {
        self.choice.level.map_or_else(|| self.level_name(), |level| level.to_string())
    }

    /// The level's number; empty for a codec without levels.
    #[must_use]
    pub fn level_name(&self) -> String {
        self.level.map_or_else(String::new, |level| level.to_string())
    }
}
