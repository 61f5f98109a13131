//! What codes the pictures.
//!
//! A backend is one opened encoder. The session's thread owns it and is the only one to call it. Its contract:
//!
//! * coded data is Annex B with parameter sets in band before every key frame it can be made to put them;
//! * each output carries the key that its input was submitted with;
//! * no call waits, except [`Backend::wait`]; the software encoder codes inside `submit`;
//! * no method has a default, because an inherited empty `end_stream` would lose frames and look fine.

mod bring_up;
mod jetson;
mod kernel;
mod software;

use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use convert::{Colour, Matrix, Range};
use v4l2::ioctl::Colorimetry;
use v4l2::transport::{LibraryLookup, Traced};
use v4l2::{Errno, Transport, Waker};

use crate::config::Resolved;
use crate::error::{Code, Error, Result};
use crate::input::buffer::InputBuffer;
use crate::input::dmabuf::InputGeometry;
use crate::log::{LogLevel, Logger};
use crate::select::{BackendName, Candidate};
use crate::session::InputMode;
use crate::settings::{Setting, Warning};

pub use crate::capability::{Limits, PREFERENCE, Preference};

/// How often each buffer of a queue may come in one go: a driver that always has one would keep the thread for ever.
const ROUNDS: usize = 4;

/// What a backend gave.
pub(crate) enum Output<'a> {
    /// A coded picture. Only the first `Coded` with a key counts.
    Coded { key: Duration, data: Cow<'a, [u8]> },
    /// The device failed on the picture of this key; the stream goes on.
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
    /// Gives a filled buffer to the encoder, to come out under `key`; with `key_frame` as a key frame.
    fn submit(&mut self, input: &InputBuffer, key: Duration, key_frame: bool) -> Result<()>;

    /// Hands over everything that is ready.
    fn poll(&mut self, take: &mut dyn FnMut(Output<'_>)) -> Result<()>;

    /// Sleeps until something may be ready, the waker rings or the time is over. `busy` says whether anything is
    /// expected from the device.
    fn wait(&self, waker: &Waker, busy: bool, timeout: Duration);

    /// Whether [`Backend::wait`] ends by itself when something is ready; otherwise the session looks often.
    fn rings(&self) -> bool;

    /// Asks for everything that is held back. `spare` is an input buffer that nobody uses, if there is one.
    fn end_stream(&mut self, spare: Option<u32>) -> Result<()>;

    /// Begins a new stream, whose first picture is a key frame: after [`Output::Ended`], or while the device has no frame.
    /// `false` where that cannot be done and the device has to be opened anew.
    fn resume(&mut self) -> Result<bool>;

    /// Whether [`Backend::submit`] can make a key frame of any picture; where it cannot, a new stream is begun for one.
    fn forces_key_frames(&self) -> bool;

    /// Changes the target rate; `Ok` means that the encoder took it.
    fn set_bitrate(&mut self, bitrate_bps: u32) -> Result<()>;

    /// Changes the frame rate that the rate controller reckons with.
    fn set_framerate(&mut self, framerate: f64) -> Result<()>;

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
    /// What a device that can tell when it is ready shall ring.
    pub(crate) waker: &'a Waker,
    /// The session's number for this opening; its input buffers carry it.
    pub(crate) number: u64,
    /// Whose memory its input buffers shall be. A backend that imports nothing is asked for its own only.
    pub(crate) input: InputMode,
}

/// Opens a candidate, all the way up.
pub(crate) fn open(candidate: &Candidate, opening: &Opening<'_>) -> Result<Opened> {
    match (candidate.backend, &candidate.device) {
        (BackendName::Jetson, Some(device)) => jetson::open(device, opening),
        (BackendName::V4l2, Some(device)) => kernel::open(device, opening),
        _ => software::open(opening),
    }
}

/// What can be told of a candidate without making an encoder.
pub(crate) fn look(candidate: &Candidate, config: &Resolved, lookup: &LibraryLookup) -> Result<()> {
    match (candidate.backend, &candidate.device) {
        (BackendName::Jetson, device) => look_jetson(device.as_deref(), lookup),
        (BackendName::V4l2, Some(device)) => kernel::look(device, config),
        _ => Ok(()),
    }
}

/// What keeps NVIDIA's encoder from being opened, as far as it shows without opening it: its library is missing, or its node may
/// not be opened.
pub(crate) fn look_jetson(device: Option<&Path>, lookup: &LibraryLookup) -> Result<()> {
    v4l2::transport::Library::find(lookup).map_err(|error| jetson_missing(device, error.into()))?;
    device.map_or(Ok(()), |device| Ok(v4l2::discovery::check_access(device)?))
}

/// A node of which nothing says that it is NVIDIA's is not one that lacks a library.
fn jetson_missing(device: Option<&Path>, error: Error) -> Error {
    match device {
        Some(device) if error.code == Code::LibraryMissing && !v4l2::discovery::has_nvidia_name(device) => {
            let message = format!("{} is no V4L2 device.", device.display());
            let hint =
                "Kernel encoders are called /dev/videoN, NVIDIA's /dev/v4l2-nvenc or /dev/nvhost-msenc.";
            Error { details: Some(error.message), ..Error::new(Code::NotAnEncoder, message) }
                .with_hint(hint)
                .on(device)
        }
        _ => error,
    }
}

/// The transport with a debug line for each request, where somebody wants to read it.
fn traced(transport: Arc<dyn Transport>, logger: &Logger) -> Arc<dyn Transport> {
    if !logger.wants(LogLevel::Debug) {
        return transport;
    }
    let logger = logger.clone();
    Arc::new(Traced::new(transport, move |trace| {
        logger.debug(|| {
            let result = trace.result.map_or_else(|errno| format!("{errno:?}"), |()| "ok".to_owned());
            format!("{} {} = {result} in {:?}", trace.device.display(), trace.request.name, trace.took)
        });
    }))
}

/// The numbers of `enum v4l2_colorspace` and its companions that stand for a matrix and a range.
fn colorimetry(colour: Colour) -> Colorimetry {
    let (colorspace, ycbcr_encoding) = match colour.matrix {
        // V4L2_COLORSPACE_SMPTE170M, V4L2_YCBCR_ENC_601
        Matrix::Bt601 => (1, 1),
        // V4L2_COLORSPACE_BT2020, V4L2_YCBCR_ENC_BT2020
        Matrix::Bt2020 => (10, 6),
        // V4L2_COLORSPACE_REC709, V4L2_YCBCR_ENC_709
        _ => (3, 2),
    };
    let quantization = match colour.range {
        Range::Full => 1,
        Range::Limited => 2,
    };
    // V4L2_XFER_FUNC_709, which all three share at 8 bits.
    Colorimetry { colorspace, ycbcr_encoding, quantization, transfer_function: 1 }
}
