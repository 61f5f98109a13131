//! A device behind the ioctl layer of `ts/device`: bytes in, bytes out.

use std::sync::Arc;
use std::time::{Duration, Instant};

use encoder::{Code, Error};
use napi::bindgen_prelude::{ArrayBuffer, Either, Function, Uint8Array, Uint8ArraySlice, Uint32Array};
use napi::{Env, Result};
use napi_derive::napi;
use v4l2::raw::{Answer, Argument, Memory, Plane, Pointer, RawDevice, TransportKind};
use v4l2::transport::{Interest, LibraryLookup};
use v4l2::{Errno, discovery};

use crate::environment::{self, Closer};
use crate::error::{NativeError, NativeFailure};
use crate::external::{arrays_over, detach};
use crate::open_here::OpenHere;
use crate::queue::Queue;

thread_local! {
    /// The devices of this thread's JavaScript environment.
    static DEVICES: OpenHere<RawDevice> = const { OpenHere::new() };
}

/// The bits of what is waited for, and of what happened.
const READING: u32 = 1;
const WRITING: u32 = 2;
const EVENTS: u32 = 4;
const READY: u32 = 1;
const NOTHING_QUEUED: u32 = 2;

/// See `NativeDeviceOptions` in `ts/native/device.ts`.
#[napi(object, object_to_js = false)]
pub struct NativeDeviceOptions {
    pub path: String,
    pub transport: String,
    pub library: Option<String>,
}

/// See `NativeAnswer` in `ts/native/device.ts`.
#[derive(Default)]
#[napi(object, object_from_js = false)]
pub struct NativeAnswer {
    pub id: u32,
    pub closed: Option<bool>,
    pub error: Option<NativeError>,
    pub errno: Option<String>,
    pub reason: Option<String>,
    pub blocks: Option<Vec<Uint8Array>>,
    pub ready: Option<u32>,
    pub memory: Option<NativeMemory>,
}

/// See `NativeDevice` in `ts/native/device.ts`.
#[napi]
pub struct NativeDevice {
    device: Arc<RawDevice>,
    transport: &'static str,
    /// Ended with the answer to `close`, which JavaScript requests once, also where the opening failed.
    queue: Arc<Queue<Message, NativeAnswer>>,
}

/// See `NativeMemory` in `ts/native/device.ts`.
#[napi]
pub struct NativeMemory {
    memory: Option<Arc<Memory>>,
}

/// What goes to JavaScript: the answer to what has this id.
enum Message {
    Opened(Option<Error>),
    Answer(u32, Answer),
}

/// Opens a device on a thread of its own; see `NativeAddon.openDevice` in `ts/native/addon.ts`.
#[napi(catch_unwind)]
pub fn open_device(
    env: Env,
    options: NativeDeviceOptions,
    on_answer: Function<'_, NativeAnswer, ()>,
) -> Result<Either<NativeDevice, NativeFailure>> {
    let queue = Queue::new(&on_answer, NativeAnswer::new)?;
    let path = std::path::PathBuf::from(options.path);
    let is_nvidia = match options.transport.as_str() {
        // What is not there, the kernel says best.
        "auto" => path.exists() && discovery::is_nvidia_node(&path),
        named => named == "nvidia",
    };
    let lookup = LibraryLookup { explicit: options.library.map(Into::into), root: None };
    let (kind, transport) =
        if is_nvidia { (TransportKind::Nvidia(lookup), "nvidia") } else { (TransportKind::Kernel, "kernel") };
    let theirs = queue.clone();
    let opened = move |opened: v4l2::Result<()>| theirs.send(Message::Opened(opened.err().map(Error::from)));
    let device = match RawDevice::open(path, kind, opened) {
        Ok(device) => Arc::new(device),
        Err(error) => {
            queue.end();
            return Ok(Either::B(no_thread(&error).into()));
        }
    };
    environment::register(&env, &CLOSER)?;
    DEVICES.with(|open| open.add(&device));
    Ok(Either::A(NativeDevice { device, transport, queue }))
}

fn no_thread(error: &std::io::Error) -> Error {
    Error::new(Code::Device, format!("The process can have no more threads or descriptors: {error}."))
        .with_hint("Close devices that are not needed any more, or raise the limit: ulimit -n, ulimit -u.")
}

/// How many devices of this thread are not released.
pub fn count() -> u32 {
    DEVICES.with(|devices| devices.all().iter().filter(|device| !device.is_closed()).count() as u32)
}

static CLOSER: Closer = Closer { begin: begin_closing, wait: wait_closed, torn_down: || {} };

fn begin_closing() {
    for device in DEVICES.with(OpenHere::all) {
        device.close(drop);
    }
}

fn wait_closed(deadline: Instant) {
    for device in DEVICES.with(OpenHere::all) {
        device.close_within(deadline.saturating_duration_since(Instant::now()));
    }
}

impl NativeAnswer {
    /// Runs on JavaScript's thread.
    fn new(env: &Env, message: Message) -> Result<Self> {
        match message {
            Message::Opened(error) => Ok(Self { error: error.map(Into::into), ..Self::default() }),
            Message::Answer(id, answer) => Ok(Self { id, ..Self::of(env, answer)? }),
        }
    }

    fn of(env: &Env, answer: Answer) -> Result<Self> {
        Ok(match answer {
            Answer::Ran(argument, said) => {
                let blocks = argument.blocks();
                let copy = |block: &Vec<u8>| Uint8ArraySlice::copy_from(env, block)?.into_typed_array(env);
                let blocks = Some(blocks.iter().map(copy).collect::<Result<_>>()?);
                Self { blocks, ..said.map_or_else(Self::rejected, |()| Self::default()) }
            }
            Answer::Mapped(Ok(memory)) => {
                Self { memory: Some(NativeMemory { memory: Some(Arc::new(memory)) }), ..Self::default() }
            }
            Answer::Mapped(Err(errno)) => Self::rejected(errno),
            Answer::Ready(ready) => {
                let happened = if ready.maybe_ready { READY } else { 0 };
                let nothing = if ready.nothing_to_wait_for { NOTHING_QUEUED } else { 0 };
                Self { ready: Some(happened | nothing), ..Self::default() }
            }
            Answer::Synced(Ok(())) => Self::default(),
            Answer::Synced(Err(reason)) => Self { reason: Some(reason), ..Self::default() },
            Answer::Closed => Self { closed: Some(true), ..Self::default() },
        })
    }

    fn rejected(errno: Errno) -> Self {
        // The system's own words, without the number that Rust adds.
        let said = std::io::Error::from(errno).to_string();
        let reason = said.split(" (os error").next().unwrap_or_default().to_owned();
        Self { errno: Some(format!("{errno:?}")), reason: Some(reason), ..Self::default() }
    }
}

#[napi]
impl NativeDevice {
    #[napi(catch_unwind)]
    pub fn transport(&self) -> &'static str {
        self.transport
    }

    /// Runs a request, or says what is wrong with its argument. `pointers` holds block, offset and target of each.
    #[napi(catch_unwind)]
    pub fn ioctl(
        &self,
        id: u32,
        number: u32,
        blocks: Vec<Uint8Array>,
        pointers: Uint32Array,
    ) -> Option<String> {
        let places = pointers.chunks_exact(3).map(|place| Pointer {
            block: place[0] as usize,
            offset: place[1] as usize,
            target: place[2] as usize,
        });
        // Copied before they are looked at: what is shared with another thread may change in between.
        let bytes: Vec<Vec<u8>> = blocks.iter().map(|block| block.to_vec()).collect();
        match Argument::new(number, &bytes, places.collect(), self.transport == "nvidia") {
            Ok(argument) => self.device.run(number, argument, self.answering(id)),
            Err(reason) => return Some(reason),
        }
        None
    }

    #[napi(catch_unwind)]
    pub fn wait(&self, id: u32, interest: u32, timeout_ms: f64) {
        let interest = Interest {
            reading: interest & READING != 0,
            writing: interest & WRITING != 0,
            events: interest & EVENTS != 0,
        };
        let timeout = Duration::try_from_secs_f64(timeout_ms / 1000.0).unwrap_or_default();
        self.device.wait(interest, timeout, self.answering(id));
    }

    #[napi(catch_unwind)]
    pub fn map(&self, id: u32, kind: u32, index: u32, plane: u32, offset: u32, length: u32) {
        self.device.map(Plane { kind, index, plane, offset, length }, self.answering(id));
    }

    #[napi(catch_unwind)]
    pub fn sync(&self, id: u32, memory: &NativeMemory) {
        match &memory.memory {
            Some(memory) => self.device.sync(memory.clone(), self.answering(id)),
            None => self.queue.send(Message::Answer(id, Answer::Closed)),
        }
    }

    #[napi(catch_unwind)]
    pub fn close(&self, id: u32) {
        let queue = self.queue.clone();
        self.device.close(move |answer| {
            queue.send(Message::Answer(id, answer));
            queue.end();
        });
    }
}

impl NativeDevice {
    fn answering(&self, id: u32) -> impl FnOnce(Answer) + Send + 'static {
        let queue = self.queue.clone();
        move |answer| queue.send(Message::Answer(id, answer))
    }
}

#[napi]
impl NativeMemory {
    /// An array over the memory, once; none where the runtime forbids it.
    #[napi(catch_unwind)]
    #[allow(unsafe_code, reason = "the memory of an external array is given by its address")]
    pub fn array<'env>(&self, env: &'env Env) -> Result<Option<ArrayBuffer<'env>>> {
        let Some(memory) = &self.memory else { return Ok(None) };
        let mapping = memory.mapping();
        // SAFETY: the mapping lives until the array is detached or collected. The contract is that it is called once.
        let arrays = unsafe { arrays_over(env, vec![(mapping.address(), mapping.bytes().len())], memory) }?;
        Ok(arrays.and_then(|mut arrays| arrays.pop()))
    }

    /// Ends JavaScript's way to the memory, whose array this is, and the mapping.
    #[napi(catch_unwind)]
    pub fn release(&mut self, array: ArrayBuffer<'_>) -> Result<()> {
        self.memory = None;
        detach(vec![array])
    }
}
