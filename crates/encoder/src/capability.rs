//! Which encoders there are, in order of preference, and what they can code.

use crate::backend_kind::BackendKind;
use crate::codec::Codec;

/// The pictures that an encoder can code with one codec, in pixels.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Least width and height.
    pub least: u32,
    /// Most of the width.
    pub widest: u32,
    /// Most of the longer and of the shorter side, where the encoder counts so.
    pub sides: Option<(u32, u32)>,
}

/// A kind of encoder.
#[derive(Debug, Clone, Copy)]
pub struct Preference {
    /// Its name.
    pub backend: BackendKind,
    /// Whether a device does the work.
    pub is_hardware: bool,
    /// What it codes.
    pub codecs: &'static [(Codec, Limits)],
}

const ANY_SIZE: Limits = Limits { least: 16, widest: 8192, sides: None };

/// The kinds of encoder, best first.
pub const PREFERENCE: &[Preference] = &[
    Preference {
        backend: BackendKind::Jetson,
        is_hardware: true,
        codecs: &[
            // Wider than 4096 fails when the encoder is created (seen on Orin with 4896x2048).
            (Codec::H264, Limits { least: 16, widest: 4096, sides: None }),
            // NVIDIA's own sample program refuses smaller pictures.
            (Codec::H265, Limits { least: 144, widest: 8192, sides: None }),
        ],
    },
    Preference {
        backend: BackendKind::V4l2,
        is_hardware: true,
        // What a driver can code it says itself; these are the bounds of all of them. H.264's levels up to 5.2 end at 4096
        // columns, and the smallest H.265 side that a kernel driver takes is allegro-dvt's 64.
        codecs: &[
            (Codec::H264, Limits { least: 16, widest: 4096, sides: None }),
            (Codec::H265, Limits { least: 64, widest: 8192, sides: None }),
            (Codec::Vp8, ANY_SIZE),
            (Codec::Vp9, ANY_SIZE),
            (Codec::Fwht, ANY_SIZE),
        ],
    },
    Preference {
        backend: BackendKind::Software,
        is_hardware: false,
        // OpenH264 stops at level 5.2: 3840x2160 or 2160x3840.
        codecs: &[(Codec::H264, Limits { least: 16, widest: 3840, sides: Some((3840, 2160)) })],
    },
];

impl Preference {
    /// What it can code with this codec; `None` when it cannot.
    #[must_use]
    pub fn limits(&self, codec: Codec) -> Option<Limits> {
        self.codecs.iter().find(|(known, _)| *known == codec).map(|(_, limits)| *limits)
    }
}

impl Limits {
    /// Why a picture of this size cannot be coded, as a sentence; `None` when it can.
    #[must_use]
    pub fn refusal(&self, codec: Codec, width: u32, height: u32) -> Option<String> {
        let says = format!("but the configuration says {width}x{height}.");
        if width < self.least || height < self.least {
            return Some(format!("{codec} pictures must be at least {0}x{0} here, {says}", self.least));
        }
        if width > self.widest {
            return Some(format!("{codec} pictures can be at most {} wide here, {says}", self.widest));
        }
        let (longest, shortest) = self.sides?;
        (width.max(height) > longest || width.min(height) > shortest).then(|| {
            format!(
                "{codec} pictures can be at most {longest}x{shortest} or {shortest}x{longest} here, {says}"
            )
        })
    }
}
