//! What an opened encoder promises.
//!
//! A backend is one opened encoder. The session's thread owns it and is the only one to call it. Its contract:
//!
//! * coded data is Annex B with parameter sets in band before every key frame it can be made to put them;
//! * each output carries the key that its input was submitted with;
//! * no call waits, except [`Backend::wait`]; the software encoder encodes inside `submit`;
//! * no method has a default, because an inherited empty `end_stream` would lose frames and look fine.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::time::Duration;

use v4l2::transport::LibraryLookup;
use v4l2::{Errno, Waker};

use crate::backend_kind::BackendKind;
use crate::candidate::Candidate;
use crate::capability::Limits;
use crate::codec::Codec;
use crate::config::{Resolved, Tuning};
use crate::encoder_info::EncoderInfo;
use crate::error::Result;
use crate::input::buffer::InputBuffer;
use crate::input::geometry::InputGeometry;
use crate::input::mode::InputMode;
use crate::input::request::{FrameRequest, PerFrame};
use crate::log::Logger;
use crate::place::Place;
use crate::settings::{Change, Setting, Warning};

/// How often each buffer of a queue may come in one go: a driver that always has one would keep the thread for ever.
pub(super) const ROUNDS: usize = 4;

/// What a backend gave.
pub(crate) enum Output<'a> {
    /// An encoded frame. Only the first `Coded` with a key counts.
    Coded {
        key: Duration,
        data: Cow<'a, [u8]>,
        /// The average of its blocks, where the device tells.
        quantizer: Option<u16>,
    },
    /// The device failed on the frame of this key; the stream goes on.
    Failed { key: Duration },
    /// The input buffer may be written again.
    InputFree { index: u32 },
    /// Something the user should know.
    Warning(Warning),
    /// Everything submitted before the end of stream was given; with what DQBUF failed with, where that says so.
    Ended(Option<Errno>),
}

/// One opened encoder.
pub(crate) trait Backend: Send {
    /// What is requested of the frame that is submitted next, in the raw buffer of this index; with `None` it is coded like any
    /// other. Comes before every frame.
    fn request(&mut self, input: u32, request: Option<&FrameRequest>) -> Result<()>;

    /// Gives a filled buffer to the encoder, to come out under `key`; with `key_frame` as a key frame.
    fn submit(&mut self, input: &InputBuffer, key: Duration, key_frame: bool) -> Result<()>;

    /// Delivers everything that is ready.
    fn poll(&mut self, take: &mut dyn FnMut(Output<'_>)) -> Result<()>;

    /// Sleeps until something may be ready, the waker is woken or the time is over. `busy` says whether anything is
    /// expected from the device.
    fn wait(&self, waker: &Waker, busy: bool, timeout: Duration);

    /// Whether [`Backend::wait`] ends by itself when something is ready; otherwise the session looks often.
    fn signals_readiness(&self) -> bool;

    /// Requests everything that is held back. `spare` is an input buffer that nobody uses, if there is one.
    fn end_stream(&mut self, spare: Option<u32>) -> Result<()>;

    /// Begins a new stream, whose first frame is a key frame: after [`Output::Ended`], or while the device has no frame.
    /// `false` where that cannot be done and the device has to be reopened.
    fn resume(&mut self) -> Result<bool>;

    /// Whether [`Backend::submit`] can make a key frame of any frame; where it cannot, a new stream is begun for one.
    fn forces_key_frames(&self) -> bool;

    /// Changes settings of the running encoder. What the device takes only when it is opened stays as it is, and says so.
    fn tune(&mut self, tuning: &Tuning) -> Result<Vec<Change>>;

    /// Stops and frees everything, in the order that the device needs.
    fn close(self: Box<Self>) -> Result<()>;
}

/// An encoder that was accepted: its buffers are there and its streams run.
pub(crate) struct Opened {
    /// The configuration in force, which may differ from the one that it was opened with.
    pub(crate) config: Resolved,
    pub(crate) backend: Box<dyn Backend>,
    pub(crate) inputs: Vec<InputBuffer>,
    /// Frames it holds back, where that is known beforehand.
    pub(crate) delay: Option<u32>,
    /// What it can do for a single frame.
    pub(crate) per_frame: PerFrame,
    /// It makes no B frames: it cannot, or accepted that there be none.
    pub(crate) no_b_frames: bool,
    /// What the log calls it: `Jetson`, `openh264`, the name of a kernel driver.
    pub(crate) title: String,
    pub(crate) settings: Vec<Setting>,
    pub(crate) warnings: Vec<Warning>,
    /// How its input buffers are laid out.
    pub(crate) geometry: InputGeometry,
}

/// What opening needs to know besides the candidate.
pub(crate) struct Opening<'a> {
    pub(crate) config: &'a Resolved,
    pub(crate) lookup: &'a LibraryLookup,
    pub(crate) logger: &'a Logger,
    /// What a device that signals readiness wakes.
    pub(crate) waker: &'a Waker,
    /// The session's number for this opening; its input buffers carry it.
    pub(crate) number: u64,
    /// Whose memory its input buffers shall be. Of a backend that imports nothing only its own is requested.
    pub(crate) input: InputMode,
}

/// A kind of encoder: the row of a backend.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kind {
    pub(crate) name: BackendKind,
    /// As messages call it: "the … encoder".
    pub(crate) title: &'static str,
    /// Whether a device does the work.
    pub(crate) is_hardware: bool,
    /// What it can encode; a device may say that it can do less.
    pub(crate) codecs: &'static [(Codec, Limits)],
    /// Whether a device says which codecs it encodes. Else that shows only when it is opened.
    pub(crate) lists_codecs: bool,
    /// The place that a device is which the caller named, if it is of this kind.
    pub(crate) claim: fn(&Path) -> Option<Place>,
    /// The places below a root directory, besides these named ones. Nothing is opened.
    pub(crate) discover: fn(&Path, &[PathBuf]) -> Vec<Place>,
    /// What a device of this kind says about itself, or what is known of it; nothing where it is no encoder.
    pub(crate) describe: fn(&Self, Option<&Path>, &LibraryLookup) -> Option<EncoderInfo>,
    /// Fails where it shows without making an encoder that the candidate will not work.
    pub(crate) inspect: fn(&Candidate, &Resolved, &LibraryLookup) -> Result<()>,
    /// Opens a candidate, until its streams run.
    pub(crate) open: fn(&Candidate, &Opening<'_>) -> Result<Opened>,
}

impl Kind {
    /// What it can encode with this codec; `None` when it cannot.
    pub(crate) fn limits(&self, codec: Codec) -> Option<Limits> {
        self.codecs.iter().find(|(known, _)| *known == codec).map(|(_, limits)| *limits)
    }

    /// The names of its codecs.
    pub(crate) fn codec_names(&self) -> Vec<String> {
        self.codecs.iter().map(|(codec, _)| codec.name().to_owned()).collect()
    }
}
