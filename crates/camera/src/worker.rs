//! The thread that owns the device.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use std::time::{Duration, Instant};

use v4l2::ioctl::{self, Dequeue, Dequeued, Field};
use v4l2::transport::{Interest, Kernel};
use v4l2::{Errno, Transport, Waker, Watched, discovery};

use crate::clock::{self, Clock};
use crate::error::of_camera;
use crate::setup::{self, Place, Running};
use crate::shared::{Captured, Shared, closed};
use crate::{Code, Device, Error, Native, Options, Result, Settings, list};

const DAMAGED_HINT: &str = "Data is lost on the way, mostly on USB: use another port or cable and no hub, or a smaller size or frame rate. \
     Or take another format, with the option cameraFormat.";

/// Opens the device, on its thread.
pub(crate) type Connect = Box<dyn FnOnce() -> Result<Arc<dyn Transport>> + Send>;

type Opened = SyncSender<Result<(Settings, Vec<Place>)>>;

/// The longest wait for the device without a look at the clock.
const LOOK: Duration = Duration::from_millis(500);
/// How long to wait before a driver is asked again that says there is nothing to wait for.
const PAUSE: Duration = Duration::from_millis(5);
/// How often each buffer may come in one go.
const ROUNDS: usize = 4;
/// Raw frames in a row that may be cut short before the format counts as changed.
const CUT_SHORT: u32 = 30;

/// The node of the camera that is requested.
pub(crate) fn connect_kernel(options: Options) -> Connect {
    Box::new(move || {
        let node = match &options.device {
            Device::Path(path) => check(path).map(|()| path.clone())?,
            Device::Index(_) | Device::Name(_) => find(&options)?,
        };
        Ok(Arc::new(Kernel::open(&node)?))
    })
}

/// What a node is that cannot be asked shows when it is opened.
fn check(path: &Path) -> Result<()> {
    match discovery::examine(path) {
        Ok(node) if !matches!(node.kind, discovery::Kind::Camera | discovery::Kind::Loopback) => {
            let what = format!("{} ({}) is no camera.", node.device.display(), node.card);
            Err(Error::new(Code::NotACamera, what).on(node.device))
        }
        _ => Ok(()),
    }
}

fn find(options: &Options) -> Result<PathBuf> {
    let (cameras, unusable) = list::nodes(&options.root);
    let found = match &options.device {
        Device::Index(index) => cameras.get(*index),
        Device::Name(name) => {
            let name = name.to_lowercase();
            cameras.iter().find(|camera| camera.card.to_lowercase().contains(&name))
        }
        Device::Path(_) => None,
    };
    if let Some(camera) = found {
        return Ok(camera.device.clone());
    }
    let wanted = match &options.device {
        Device::Index(index) => format!("Camera {index}"),
        Device::Name(name) => format!("Camera \"{name}\""),
        Device::Path(path) => format!("Camera {}", path.display()),
    };
    let names: Vec<String> =
        cameras.iter().map(|camera| format!("{} ({})", camera.card, camera.device.display())).collect();
    let connected = match names.len() {
        0 => "no cameras are connected.".to_owned(),
        _ => format!("connected: {}.", names.join(", ")),
    };
    let error = Error::new(Code::DeviceNotFound, format!("{wanted} not found: {connected}"));
    Err(match unusable.first() {
        Some(unusable) => error.with_hint(format!("{}: {}", unusable.device.display(), unusable.reason)),
        None => error.with_hint("Plug it in, or in a container pass it through with --device."),
    })
}

/// Starts the thread. It says through `opened` whether the camera runs.
pub(crate) fn spawn(
    (shared, waker): (Arc<Shared>, Arc<Waker>),
    options: Options,
    connect: Connect,
    opened: Opened,
) -> Result<()> {
    let body = move || {
        let finish = Finish(shared);
        v4l2::threads::may_panic("camera");
        run((&finish.0, waker), &options, connect, &opened);
    };
    v4l2::threads::spawn("v4l2 camera", body)
        .map_err(|error| Error::new(Code::Device, format!("No thread could be started: {error}.")))
}

/// Says that the thread has ended, even if it panicked.
struct Finish(Arc<Shared>);

impl Drop for Finish {
    fn drop(&mut self) {
        self.0.end(Error::new(Code::Device, "The camera's thread ended unexpectedly."));
        self.0.finish();
    }
}

fn run((shared, waker): (&Shared, Arc<Waker>), options: &Options, connect: Connect, opened: &Opened) {
    let running = match connect().and_then(|transport| setup::run(transport, options)).map_err(of_camera) {
        Ok(running) => running,
        Err(error) => {
            shared.end(error.clone());
            // Who opens may have given up.
            drop(opened.send(Err(error)));
            return;
        }
    };
    let settings = running.settings.clone();
    let mut worker = Worker::new((shared, waker), running, options.timeout);
    if opened.send(Ok((settings, worker.running.places.clone()))).is_ok() {
        let error = worker.serve();
        shared.end(worker.diagnosed(error));
        setup::stop(worker.running);
    } else {
        setup::stop(worker.running);
    }
}

struct Worker<'a> {
    shared: &'a Shared,
    waker: Arc<Waker>,
    running: Running,
    timeout: Duration,
    clock: Clock,
    /// Since the last frame came.
    silence: Watched,
    /// The count that the next frame should have.
    next: Option<u32>,
    /// Frames in a row that were cut short.
    short: u32,
}

impl<'a> Worker<'a> {
    fn new((shared, waker): (&'a Shared, Arc<Waker>), running: Running, timeout: Duration) -> Self {
        let started = Instant::now();
        Self {
            shared,
            waker,
            running,
            timeout,
            clock: Clock::new(started),
            silence: Watched::since(started),
            next: None,
            short: 0,
        }
    }

    /// Runs until the camera is closed or fails, and says why.
    fn serve(&mut self) -> Error {
        loop {
            let work = self.shared.work();
            if work.closing {
                return closed(&self.running.settings.device);
            }
            work.jobs.into_iter().for_each(|job| job(&*self.running.transport));
            if let Err(error) = self.requeue(&self.shared.take_back()).and_then(|()| self.turn()) {
                return error;
            }
        }
    }

    fn requeue(&self, buffers: &[u32]) -> Result<()> {
        buffers.iter().try_for_each(|index| Ok(self.running.queue.queue_empty(*index)?))
    }

    /// One wait and what comes of it.
    fn turn(&mut self) -> Result<()> {
        let left = self.timeout.saturating_sub(self.silence.look(Instant::now(), self.timeout));
        // Whether a JPEG can be used shows only where it is decoded.
        if left.is_zero() || self.shared.state().faults.are_all_for(self.timeout) {
            return Err(self.useless());
        }
        let interest = Interest { reading: true, events: self.running.events, ..Interest::default() };
        let readiness =
            self.running.transport.wait(&self.waker, interest, left.min(LOOK).min(self.timeout / 4));
        if !readiness.maybe_ready {
            return Ok(());
        }
        if self.running.events {
            match ioctl::dqevent(&*self.running.transport) {
                Ok(Some(ioctl::EVENT_SOURCE_CHANGE)) => {
                    return Err(self.changed("The camera's source changed its format"));
                }
                Ok(_) => {}
                // Frames come without; whether the device is gone, the next request shows.
                Err(_) => self.running.events = false,
            }
        }
        let mut came = false;
        // A driver that always has one more must not keep the thread from looking at the clock.
        for _ in 0..ROUNDS * self.running.queue.len() {
            let Dequeue::Buffer(buffer) = self.running.queue.dequeue()? else { break };
            came = true;
            self.buffer(&buffer)?;
            // Buffers come back meanwhile, and a fast driver needs them before it has nothing more to give.
            self.requeue(&self.shared.take_back())?;
        }
        if readiness.nothing_to_wait_for && !came {
            ioctl::querycap(&*self.running.transport)?;
            self.waker.wait(PAUSE);
        }
        Ok(())
    }

    fn buffer(&mut self, buffer: &Dequeued) -> Result<()> {
        let mut state = self.shared.state();
        // The first frame may have any number, and a count that goes back has begun again.
        let missed = self.next.map_or(0, |next| buffer.sequence.wrapping_sub(next));
        state.stats.missed += if missed < u32::MAX / 2 { u64::from(missed) } else { 0 };
        drop(state);
        self.next = Some(buffer.sequence.wrapping_add(1));
        let used = (buffer.used as usize).saturating_sub(buffer.offset as usize);
        if buffer.error || used == 0 || used < self.running.least {
            return self.damaged(buffer, used);
        }
        let now = Instant::now();
        self.silence = Watched::since(now);
        self.short = 0;
        if self.running.settings.native != Native::Jpeg {
            self.shared.state().faults.clear();
        }
        let (timestamp, is_own) = self.clock.time(buffer.timestamp, now);
        let monotonic = (buffer.monotonic && is_own).then_some(buffer.timestamp);
        let captured = Captured {
            index: buffer.index,
            memory: self.running.memory[buffer.index as usize].clone(),
            used,
            offset: buffer.offset as usize,
            timestamp,
            taken: clock::capture_time(monotonic, self.running.settings.duration()),
            sequence: buffer.sequence,
            field: self.field(buffer),
        };
        let room = self.shared.capture(captured, self.running.memory.len());
        self.requeue(room.as_slice())
    }

    /// A driver may say of each frame which fields it has; one that does not says that it has none.
    fn field(&self, buffer: &Dequeued) -> Field {
        if buffer.field.is_sequential() { buffer.field } else { self.running.settings.field }
    }

    /// A frame that the driver says it failed on, or that is too short. Too many short ones in a row, or a driver
    /// that admits another format, mean that it gives something else now.
    fn damaged(&mut self, buffer: &Dequeued, used: usize) -> Result<()> {
        let least = self.running.least;
        let what = match used {
            _ if buffer.error => "The driver says that it is damaged.".to_owned(),
            0 => "It is empty.".to_owned(),
            _ => format!("It has {used} bytes instead of at least {least}."),
        };
        let mut state = self.shared.state();
        state.stats.errors += 1;
        state.faults.add(what);
        drop(state);
        self.requeue(&[buffer.index])?;
        if buffer.error {
            return Ok(());
        }
        // An empty one says nothing about the format.
        self.short += u32::from(used > 0);
        if self.is_unchanged() && self.short < CUT_SHORT {
            return Ok(());
        }
        Err(self.changed(&format!("The camera's frames have {used} bytes instead of at least {least}")))
    }

    /// Whether the driver says that its format is still the one it was set to; one that cannot be asked has not changed it.
    fn is_unchanged(&self) -> bool {
        let settings = &self.running.settings;
        let set = (settings.code, settings.width, settings.height);
        let now = ioctl::g_fmt(&*self.running.transport, self.running.queue.kind());
        now.map_or(true, |now| (now.pixelformat, now.width, now.height) == set)
    }

    fn changed(&self, what: &str) -> Error {
        let settings = &self.running.settings;
        let set =
            format!("it was set to {} of {}x{}", settings.native.name(), settings.width, settings.height);
        Error::new(Code::FormatChanged, format!("{what}; {set}."))
            .with_hint("Open the camera again; it then takes the format that is there now.")
            .on(&settings.device)
    }

    /// Nothing came, or nothing but damage.
    fn useless(&self) -> Error {
        let device = &self.running.settings.device;
        if let Some(faults) = self.shared.state().faults.text() {
            let message = format!("The camera gave no usable frame for {:.0?}: {faults}", self.timeout);
            return Error::new(Code::Timeout, message).with_hint(DAMAGED_HINT).on(device);
        }
        Error::new(Code::Timeout, format!("The camera gave no frame for {:.0?}.", self.timeout))
            .with_hint("Unplug it and plug it in again, or give it more time with the option timeout.")
            .on(device)
    }

    /// A driver may call a camera that was unplugged a failure at first (`EIO`). Whether it is still there, it knows.
    fn diagnosed(&self, error: Error) -> Error {
        let gone = |error: &v4l2::Failure| error.errno() == Some(Errno::ENODEV);
        let lost = error.code == Code::DeviceLost
            || (error.code == Code::Device || error.code == Code::Timeout)
                && ioctl::querycap(&*self.running.transport).is_err_and(|error| gone(&error));
        if !lost {
            return error;
        }
        let name = &self.running.settings.name;
        Error { code: Code::DeviceLost, message: format!("The camera {name} went away."), ..error }
            .with_hint("Plug it in again and open it again.")
            .on(&self.running.settings.device)
    }
}
