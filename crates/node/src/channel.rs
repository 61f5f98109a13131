//! A way for another program's output into this process.
//!
//! Node.js makes the same pair of sockets for a child's standard output, but hands out only a stream that reads into
//! memory of its own. With the descriptors in hand, what is read goes straight into a frame. A pipe, also one
//! of 1 MiB, costs more processor time per frame on both sides: its pages are written once and leave the cache.
//!
//! A runtime closes and reads descriptors of its own only: Deno knows no others, Bun's sockets do not read them, and Node.js warns
//! when a worker closes one. So what is made here is read and closed here.

use std::io::{ErrorKind, Read};
use std::net::Shutdown;
use std::os::fd::{AsFd, AsRawFd, IntoRawFd};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};

use napi::bindgen_prelude::{Function, Uint8ArraySlice};
use napi::threadsafe_function::ThreadsafeFunctionCallMode::NonBlocking;
use napi::{Env, Error, Result};
use napi_derive::napi;

use crate::environment::{self, Closer};
use crate::open_here::OpenHere;

thread_local! {
    /// The ends that this thread's JavaScript environment reads.
    static READERS: OpenHere<UnixStream> = const { OpenHere::new() };
}

/// What `read` says when there is nothing yet.
const NOTHING_YET: i32 = -1;

/// The number of a descriptor that is closed.
const CLOSED: i32 = -1;

/// Calls what it holds once more when it goes, on whichever way.
struct OnEnd<F: Fn()>(F);

impl<F: Fn()> Drop for OnEnd<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

/// See `NativeChannel` in `ts/native/addon.ts`.
#[napi]
pub struct NativeChannel {
    reader: Option<Arc<UnixStream>>,
    writer: Option<UnixStream>,
    arm: Option<Sender<()>>,
}

/// Two connected sockets, which programs do not inherit unless they are given one.
#[napi(catch_unwind)]
pub fn open_channel(env: Env) -> Result<NativeChannel> {
    let failed = |error| Error::from_reason(format!("A pair of sockets could not be made: {error}."));
    let (reader, writer) = UnixStream::pair().map_err(failed)?;
    reader.set_nonblocking(true).map_err(failed)?;
    let reader = Arc::new(reader);
    environment::register(&env, &CLOSER)?;
    READERS.with(|open| open.add(&reader));
    Ok(NativeChannel { reader: Some(reader), writer: Some(writer), arm: None })
}

/// Ends the waits of this thread's channels, which writers see as the end of their reader. On an exit programs
/// are ended first, which takes reading what they write.
static CLOSER: Closer = Closer { begin: || {}, wait: |_| {}, torn_down: shut_all };

fn shut_all() {
    for reader in READERS.with(OpenHere::all) {
        shut(&reader);
    }
}

/// Whoever waits for it sees the end.
fn shut(reader: &UnixStream) {
    // It fails where the other end is gone already.
    drop(reader.shutdown(Shutdown::Both));
}

#[napi]
impl NativeChannel {
    /// The end for a program.
    #[napi(catch_unwind, getter)]
    pub fn writer(&self) -> i32 {
        self.writer.as_ref().map_or(CLOSED, AsRawFd::as_raw_fd)
    }

    #[napi(catch_unwind)]
    pub fn close_writer(&mut self) {
        self.writer = None;
    }

    /// Reads what is there into the memory.
    #[napi(catch_unwind)]
    #[allow(unsafe_code, reason = "Node-API lends the memory of an array to be written")]
    pub fn read(&self, mut memory: Uint8ArraySlice<'_>) -> Result<i32> {
        let Some(reader) = &self.reader else { return Ok(0) };
        // SAFETY: it is written on JavaScript's thread, within this call.
        let memory = unsafe { memory.as_mut() };
        loop {
            match (&**reader).read(memory) {
                Ok(count) => return Ok(i32::try_from(count).unwrap_or(i32::MAX)),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(NOTHING_YET),
                Err(error) => {
                    return Err(Error::from_reason(format!("The output could not be read: {error}.")));
                }
            }
        }
    }

    /// Starts a thread that waits for something to read whenever it is asked to.
    #[napi(catch_unwind)]
    pub fn watch(&mut self, on_readable: Function<'_, (), ()>) -> Result<()> {
        let Some(reader) = self.reader.clone() else { return Ok(()) };
        let queue = on_readable
            .build_threadsafe_function::<()>()
            .weak::<true>()
            .callee_handled::<false>()
            .build_callback(|_| Ok(()))?;
        let (arm, armed) = channel();
        let on_end = OnEnd(move || {
            queue.call((), NonBlocking);
        });
        // Not of the crew: it is in no driver, and ends with its other end.
        std::thread::Builder::new()
            .name("v4l2enc pipe".into())
            .spawn(move || {
                // Before the end is reported, after which nobody can be asked any more.
                let armed = armed;
                while armed.recv().is_ok() && v4l2::wait_until_readable(reader.as_fd()).is_ok() {
                    v4l2::threads::may_panic("pipe");
                    (on_end.0)();
                }
            })
            .map_err(|error| Error::from_reason(format!("The process can have no more threads: {error}.")))?;
        self.arm = Some(arm);
        Ok(())
    }

    /// Has the watch report once when there is something to read, the end included. Fails where its thread has ended.
    #[napi(catch_unwind)]
    pub fn arm(&self) -> Result<()> {
        self.arm.as_ref().map_or(Ok(()), |arm| arm.send(())).map_err(|_| {
            Error::from_reason("The output cannot be read any more: the thread that waits for it has ended.")
        })
    }

    /// Returns the reading end, which its receiver closes.
    #[napi(catch_unwind)]
    pub fn take_reader(&mut self) -> Result<i32> {
        let reader = self.reader.take().and_then(Arc::into_inner);
        reader
            .map(IntoRawFd::into_raw_fd)
            .ok_or_else(|| Error::from_reason("The reading end of the sockets is in use."))
    }

    #[napi(catch_unwind)]
    pub fn close(&mut self) {
        self.arm = None;
        self.writer = None;
        if let Some(reader) = self.reader.take() {
            shut(&reader);
        }
    }
}

impl Drop for NativeChannel {
    fn drop(&mut self) {
        self.close();
    }
}
