use crate::backend_kind::BackendKind;
use crate::config::Resolved;
use crate::error::{Error, RejectedEncoder};
use crate::input::geometry::InputGeometry;
use crate::output::chunk::Chunk;
use crate::settings::{Change, Setting, Warning};

/// Which encoder runs, and why this one.
#[derive(Debug, Clone)]
pub struct Active {
    /// The kind of encoder.
    pub backend: BackendKind,
    /// Its device; `None` for software.
    pub device: Option<std::path::PathBuf>,
    /// Everything that was tried before it.
    pub rejected: Vec<RejectedEncoder>,
    /// The configuration in force.
    pub config: Resolved,
    /// Each setting as requested and as it is.
    pub settings: Vec<Setting>,
    /// What the device rejected or changed.
    pub warnings: Vec<Warning>,
    /// How the device takes frames.
    pub input: InputGeometry,
}

/// An accepted frame that will not come.
#[derive(Debug, Clone)]
pub struct Lost {
    /// Its own timestamp, in microseconds.
    pub timestamp: i64,
    /// Why.
    pub error: Error,
}

/// What a session reports, in order.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Event {
    /// An encoder runs. The first event, unless `Failed` is.
    Opened(Box<Active>),
    /// No encoder was found; only `Over` follows.
    Failed(Error),
    /// Something of it has changed: more is known of the settings, the device rejected or changed one or takes frames in another
    /// way, or another encoder took over.
    Active(Box<Active>),
    /// There is room again after a frame was not accepted.
    Room,
    /// An encoded frame.
    Chunk(Chunk),
    /// A frame that will not come; the stream goes on.
    Lost(Lost),
    /// The answer to a request, by the number its caller gave. After the answer to a close, only `Over` follows.
    Done(u32, Option<Error>),
    /// The answer to a change that was not rejected, by the number its caller gave: what became of each setting.
    Tuned(u32, Vec<Change>),
    /// The memory of the frame that was given with this token is the caller's again.
    Released(u32),
    /// The device holds back this many frames until more follow.
    Held(u32),
    /// The session is over. Only answers to requests and `Over` can follow.
    Fatal(Error),
    /// The last event, once: the device is closed, or given up with a thread that hangs in it, and nothing of the session needs to
    /// be kept any more.
    Over,
}
