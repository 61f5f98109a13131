use std::path::PathBuf;
use std::time::Duration;

use bitstream::vui::AspectRatio;
use convert::Color;

use super::parameters::{Parameter, Parameters};
use crate::codec::{Codec, Level, Profile};
use crate::input::format::RawFormat;
use crate::log::{LogLevel, Logger};

/// A codec with what is requested of it.
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

impl Hardware {
    /// Whether an encoder that is hardware, or is not, may be used.
    #[must_use]
    pub fn allows(self, is_hardware: bool) -> bool {
        match self {
            Self::Prefer => true,
            Self::Require => is_hardware,
            Self::Never => !is_hardware,
        }
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
        /// More for difficult frames, up to a peak.
        Variable = "variable",
        /// The same quantizer for every frame, whatever it costs.
        Quantizer = "quantizer",
    }
}

named! {
    /// What becomes of an encoder that has no control for what was requested.
    OnUnsupported {
        /// It is not used.
        Error = "error",
        /// It is used, with a warning.
        Warn = "warn",
    }
}

named! {
    /// The form of the encoded bytes.
    Bitstream {
        /// Start codes; parameter sets stand before every key frame.
        AnnexB = "annexb",
        /// Length-prefixed units (avcC, hvcC); parameter sets stand in the decoder configuration.
        LengthPrefixed = "length-prefixed",
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

/// What is requested of an encoder.
#[derive(Debug, Clone)]
pub struct Config {
    /// Codecs in order of preference.
    pub codecs: Vec<CodecChoice>,
    /// Codecs that the caller would take and no encoder of this version encodes, by name. They are reported as rejected.
    pub uncoded: Vec<String>,
    /// Frame width in pixels, even. Default 1280.
    pub width: u32,
    /// Frame height in pixels, even. Default 720.
    pub height: u32,
    /// Frames per second. Default 30.
    pub framerate: f64,
    /// Whether the rate control goes by the rate at which frames come, measured by their timestamps. Default true.
    pub adapt_framerate: bool,
    /// Bits per second; follows from size and rate when `None` (2 Mbit/s for 1280x720 at 30).
    pub bitrate_bps: Option<u32>,
    /// Constant when `None`, except on devices that are known to be too slow with it.
    pub bitrate_mode: Option<BitrateMode>,
    /// Frames from one key frame to the next; two seconds when `None`, 0 for the first frame and on request only.
    pub key_frame_interval: Option<u32>,
    /// What else is requested. Default nothing.
    pub parameters: Parameters,
    /// What becomes of an encoder that lacks one of these. Default error.
    pub on_unsupported: OnUnsupported,
    /// Whether capture times, frame ids and user data go into the stream with their frames; of H.264 and H.265. Default false.
    pub metadata: bool,
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
    pub color: Option<Color>,
    /// Shape of a pixel, which the stream carries where its codec can; square when `None`.
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
    /// How bits are spent, where the caller said so: by the mode, or by what only one mode has.
    #[must_use]
    pub fn requested_bitrate_mode(&self) -> Option<BitrateMode> {
        let implied = if self.parameters.get(Parameter::Quantizer).is_some() {
            Some(BitrateMode::Quantizer)
        } else if self.parameters.get(Parameter::MaxBitrate).is_some() {
            Some(BitrateMode::Variable)
        } else {
            None
        };
        self.bitrate_mode.or(implied)
    }

    /// The default configuration for a codec: 1280x720 at 30 frames a second.
    #[must_use]
    pub fn new(codec: Codec) -> Self {
        Self {
            codecs: vec![codec.into()],
            uncoded: Vec::new(),
            width: 1280,
            height: 720,
            framerate: 30.0,
            adapt_framerate: true,
            bitrate_bps: None,
            bitrate_mode: None,
            key_frame_interval: None,
            parameters: Parameters::default(),
            on_unsupported: OnUnsupported::Error,
            metadata: false,
            latency_mode: LatencyMode::Realtime,
            hardware: Hardware::Prefer,
            bitstream: Bitstream::AnnexB,
            format: RawFormat::I420,
            color: None,
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
}
