//! What an encoder is asked for. Every value is checked before a device is touched.

mod check;
mod defaults;
pub(crate) mod level;

use std::path::PathBuf;
use std::time::Duration;

use bitstream::vui::AspectRatio;
use convert::Colour;

use crate::codec::{Codec, Level, Profile};
use crate::error::{Code, Error, Result};
use crate::input::format::RawFormat;
use crate::log::{LogLevel, Logger};
use crate::settings::Warning;

pub use check::{
    BITRATES_BPS, FRAMERATES, KEY_FRAME_INTERVALS, QUEUE_DEPTHS, SIZES, TIMEOUTS_MS, number, whole,
};

/// In `variable` mode the peak is this many tenths of the target, which is NVIDIA's own default.
pub(crate) const PEAK_TENTHS: u32 = 12;

/// A codec with what is asked of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodecChoice {
    /// The codec.
    pub codec: Codec,
    /// The profile; the codec's default when `None`.
    pub profile: Option<Profile>,
    /// The level; the lowest that holds size, rate and bit rate when `None`.
    pub level: Option<Level>,
    /// Of H.265: the High tier, which has more bits per second from level 4 on.
    pub high_tier: bool,
}

impl From<Codec> for CodecChoice {
    fn from(codec: Codec) -> Self {
        Self { codec, profile: None, level: None, high_tier: false }
    }
}

/// Defines an enum whose members have names that configurations use.
macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$member_doc:meta])* $member:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $($(#[$member_doc])* $member),+ }

        impl $name {
            /// The name that configurations use.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$member => $text),+ }
            }

            /// The member of that name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($text => Some(Self::$member),)+ _ => None }
            }
        }
    };
}

named! {
    /// Whether a device or the processor shall encode.
    Hardware {
        /// A device if one works, else software.
        Prefer = "prefer",
        /// A device or nothing.
        Require = "require",
        /// Software.
        Never = "never",
    }
}

named! {
    /// What to trade.
    LatencyMode {
        /// As few frames in flight as the device needs, small rate-control buffer.
        Realtime = "realtime",
        /// As many frames in flight as there are buffers, better presets.
        Quality = "quality",
    }
}

named! {
    /// How the rate controller spends bits.
    BitrateMode {
        /// The same rate all the time.
        Constant = "constant",
        /// More for difficult pictures, up to 1.2 times the rate.
        Variable = "variable",
    }
}

named! {
    /// The form of the coded bytes.
    Bitstream {
        /// Start codes; parameter sets stand before every key frame.
        AnnexB = "annexb",
        /// Length-prefixed units (avcC, hvcC); parameter sets stand in the decoder configuration.
        LengthPrefixed = "avc",
    }
}

/// Which devices may encode.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Devices {
    /// Whatever this machine has.
    #[default]
    Any,
    /// This one: no other device, and not the processor.
    Only(PathBuf),
    /// These in this order, then whatever else this machine has.
    First(Vec<PathBuf>),
}

impl Devices {
    /// The devices that the caller named.
    #[must_use]
    pub fn named(&self) -> &[PathBuf] {
        match self {
            Self::Any => &[],
            Self::Only(device) => std::slice::from_ref(device),
            Self::First(devices) => devices,
        }
    }
}

/// What an encoder is asked for.
#[derive(Debug, Clone)]
pub struct Config {
    /// Codecs in order of preference.
    pub codecs: Vec<CodecChoice>,
    /// Codecs that the caller would take and no encoder of this version codes, by name. They are told as rejected.
    pub uncoded: Vec<String>,
    /// Picture width in pixels, even. Default 1280.
    pub width: u32,
    /// Picture height in pixels, even. Default 720.
    pub height: u32,
    /// Frames per second. Default 30.
    pub framerate: f64,
    /// Bits per second; follows from size and rate when `None` (2 Mbit/s for 1280x720 at 30).
    pub bitrate_bps: Option<u32>,
    /// Constant when `None`, except on devices that are known to be too slow with it.
    pub bitrate_mode: Option<BitrateMode>,
    /// Frames from one key frame to the next; two seconds when `None`, 0 for the first frame and on request only.
    pub key_frame_interval: Option<u32>,
    /// Default realtime.
    pub latency_mode: LatencyMode,
    /// Default prefer.
    pub hardware: Hardware,
    /// Default Annex B.
    pub bitstream: Bitstream,
    /// The format of frames that do not name their own. Default I420.
    pub format: RawFormat,
    /// What luma and chroma mean: RGB frames are converted so, and the stream says so. BT.709 from 720 rows on and BT.601
    /// below, in limited range, when `None`, which is what players suppose.
    pub colour: Option<Colour>,
    /// Shape of a pixel, which the stream tells where its codec can; square when `None`.
    pub aspect_ratio: Option<AspectRatio>,
    /// The devices that may encode. Default any.
    pub devices: Devices,
    /// The library to load instead of looking for `libnvv4l2.so`.
    pub library: Option<PathBuf>,
    /// Where `/dev` and `/etc` are looked up, for tests of detection; `/` when `None`.
    pub root: Option<PathBuf>,
    /// Frames in flight at most; measured when `None`.
    pub queue_depth: Option<u32>,
    /// Let NVIDIA's library say when something is ready, on a thread of its own, instead of looking for
    /// chunks all the time. Default false.
    pub device_poll: bool,
    /// After which silence of the device an operation fails. Default 5 s.
    pub timeout: Duration,
    /// Where messages go. Default: warnings to standard error.
    pub logger: Logger,
}

impl Config {
    /// The default configuration for a codec: 1280x720 at 30 frames a second.
    #[must_use]
    pub fn new(codec: Codec) -> Self {
        Self {
            codecs: vec![codec.into()],
            uncoded: Vec::new(),
            width: 1280,
            height: 720,
            framerate: 30.0,
            bitrate_bps: None,
            bitrate_mode: None,
            key_frame_interval: None,
            latency_mode: LatencyMode::Realtime,
            hardware: Hardware::Prefer,
            bitstream: Bitstream::AnnexB,
            format: RawFormat::I420,
            colour: None,
            aspect_ratio: None,
            devices: Devices::Any,
            library: None,
            root: None,
            queue_depth: None,
            device_poll: false,
            timeout: Duration::from_secs(5),
            logger: Logger::stderr(LogLevel::Warn),
        }
    }

    /// The configuration for one of its codecs, complete.
    ///
    /// # Errors
    /// [`Code::Config`] for the first value that is wrong.
    pub fn resolve(&self, choice: CodecChoice) -> Result<Resolved> {
        self.check()?;
        defaults::resolve(self, choice)
    }

    /// Checks every value.
    ///
    /// # Errors
    /// [`Code::Config`] for the first one that is wrong.
    pub fn check(&self) -> Result<()> {
        if self.codecs.is_empty() && self.uncoded.is_empty() {
            return Err(Error::shape(Code::Config, "The list of codecs is empty; name at least one."));
        }
        check::check(self)?;
        // What only some of the codecs cannot hold is for the selection to tell.
        let mut held: Vec<_> =
            self.codecs.iter().map(|choice| defaults::resolve(self, *choice).map(drop)).collect();
        if held.iter().all(Result::is_err) { held.pop().unwrap_or(Ok(())) } else { Ok(()) }
    }
}

/// Which values of a [`Resolved`] configuration are defaults of ours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LeftOpen {
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
    pub left_open: LeftOpen,
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
    /// Form of the coded bytes.
    pub bitstream: Bitstream,
    /// The format of frames that do not name their own.
    pub format: RawFormat,
    /// What luma and chroma mean.
    pub colour: Colour,
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

    fn rename(&mut self) {
        self.codec_string = defaults::codec_string(self.codec, self.profile, self.level, self.high_tier);
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
