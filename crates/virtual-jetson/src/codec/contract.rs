//! What an encoder of the virtual Jetson does.

use crate::{
    controls::{PictureKind, Tuning},
    memory::Picture,
    metadata::{ExternalRate, Region},
};

/// One frame to code.
pub(crate) struct Input<'a> {
    pub(crate) picture: &'a Picture,
    /// Counts the frames of the session, without those that are lost.
    pub(crate) number: u64,
    pub(crate) kind: PictureKind,
    pub(crate) tuning: Tuning,
    pub(crate) regions: &'a [Region],
    pub(crate) external_rate: Option<ExternalRate>,
    /// Empty, for the bytes of an access unit.
    pub(crate) spare: Vec<u8>,
}

/// One access unit, in Annex B form.
pub(crate) struct Coded {
    pub(crate) number: u64,
    pub(crate) bytes: Vec<u8>,
    /// Mean, least and greatest.
    pub(crate) qp: [u32; 3],
}

/// An encoder of one session. Access units come in decoding order, and with B frames later than their frames.
pub(crate) trait Codec {
    /// Codes one frame and appends what is finished.
    fn encode(&mut self, input: Input<'_>, coded: &mut Vec<Coded>) -> Result<(), Failure>;

    /// Appends what was held back.
    fn flush(&mut self, coded: &mut Vec<Coded>) -> Result<(), Failure>;
}

/// Why a frame or a session cannot be coded; only for standard error.
#[derive(Debug)]
pub(crate) struct Failure(pub(super) String);

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<ffmpeg_next::Error> for Failure {
    fn from(error: ffmpeg_next::Error) -> Self {
        Self(format!("libavcodec: {error}"))
    }
}
