use std::collections::VecDeque;
use std::os::fd::{AsFd, OwnedFd};
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use v4l2r::nix::errno::Errno;

use super::Argument;
use crate::transport::{Interest, Kernel, LibV4l2, LibraryLookup, Readiness};
use crate::{Mapping, QueueType, Result, Transport, Waker, dmabuf, ioctl, threads};

/// With nothing to wait for, the thread only waits for its waker.
const IDLE: Duration = Duration::from_secs(3600);
/// Enough to call the kernel. NVIDIA's library, which does more, has what threads usually have.
const KERNEL_STACK_BYTES: usize = 256 * 1024;

/// How to reach the device.
#[derive(Debug, Clone)]
pub enum TransportKind {
    /// `ioctl(2)`.
    Kernel,
    /// NVIDIA's library.
    Nvidia(LibraryLookup),
}

/// What became of something that was asked.
#[derive(Debug)]
pub enum Answer {
    /// The request ran: its argument as the driver left it, and what it said.
    Ran(Argument, std::result::Result<(), Errno>),
    /// A wait is over; nothing of it is set where its time was.
    Ready(Readiness),
    /// A plane's memory.
    Mapped(std::result::Result<Memory, Errno>),
    /// The memory was made visible to the device, or why not.
    Synced(std::result::Result<(), String>),
    /// The device is closed, by what was asked or before it.
    Closed,
}

type Done = Box<dyn FnOnce(Answer) + Send>;

/// A plane of one of the device's buffers, as QUERYBUF described it.
#[derive(Debug, Clone, Copy)]
pub struct Plane {
    /// The queue's buffer type.
    pub kind: u32,
    /// The buffer's index.
    pub index: u32,
    /// The plane's number.
    pub plane: u32,
    /// Where it is mapped from.
    pub offset: u32,
    /// Its length in bytes.
    pub length: u32,
}

/// A plane's memory, which outlives its device.
#[derive(Debug)]
pub struct Memory {
    mapping: Mapping,
    /// Where the device's buffers have to be exported. NVIDIA's library knows the memory by this descriptor's number.
    exported: Option<OwnedFd>,
    plane: u32,
}

impl Memory {
    /// The mapped bytes.
    #[must_use]
    pub fn mapping(&self) -> &Mapping {
        &self.mapping
    }
}

enum Task {
    Run { number: u32, argument: Argument },
    Wait { interest: Interest, timeout: Duration },
    Map(Plane),
    Sync(Arc<Memory>),
    Close,
}

/// What the thread and its clients share.
#[derive(Default)]
struct Shared {
    inbox: Mutex<Inbox>,
    closed: Condvar,
}

#[derive(Default)]
struct Inbox {
    tasks: VecDeque<(Task, Done)>,
    /// The thread's. It is gone when the device is closed, however long its clients are kept.
    waker: Option<Arc<Waker>>,
    is_closed: bool,
}

/// Says that the thread has ended, even if it panicked.
struct Ending(Arc<Shared>);

impl Drop for Ending {
    fn drop(&mut self) {
        self.0.end();
    }
}

/// An open device, whose requests run one after the other on a thread of its own. Waits do not hold up requests.
///
/// Dropping it closes the device as well. A request that never returns takes the thread with it, and nobody else.
pub struct RawDevice {
    shared: Arc<Shared>,
}

impl RawDevice {
    /// Opens the device on its thread, which reports to `opened`.
    ///
    /// # Errors
    /// What the system said when the process can have no more threads or descriptors.
    pub fn open(
        path: PathBuf,
        kind: TransportKind,
        opened: impl FnOnce(Result<()>) + Send + 'static,
    ) -> std::io::Result<Self> {
        let waker = Arc::new(Waker::new()?);
        let shared = Arc::new(Shared::default());
        shared.lock().waker = Some(waker.clone());
        let theirs = shared.clone();
        let mut thread = thread::Builder::new().name("v4l2 device".to_owned());
        if matches!(kind, TransportKind::Kernel) {
            thread = thread.stack_size(KERNEL_STACK_BYTES);
        }
        threads::start(thread, move || {
            let ending = Ending(theirs);
            let transport = open(&path, kind);
            match transport {
                Ok(transport) => {
                    opened(Ok(()));
                    ending.0.serve(transport, &waker);
                }
                Err(error) => {
                    ending.0.end();
                    opened(Err(error));
                }
            }
        })?;
        Ok(Self { shared })
    }

    /// Runs the request with this number.
    pub fn run(&self, number: u32, argument: Argument, done: impl FnOnce(Answer) + Send + 'static) {
        self.shared.ask(Task::Run { number, argument }, Box::new(done));
    }

    /// Waits until the device has something of interest, at most so long.
    pub fn wait(&self, interest: Interest, timeout: Duration, done: impl FnOnce(Answer) + Send + 'static) {
        self.shared.ask(Task::Wait { interest, timeout }, Box::new(done));
    }

    /// Maps a plane of one of the device's buffers.
    pub fn map(&self, plane: Plane, done: impl FnOnce(Answer) + Send + 'static) {
        self.shared.ask(Task::Map(plane), Box::new(done));
    }

    /// Makes what was written into the memory visible to the device.
    pub fn sync(&self, memory: Arc<Memory>, done: impl FnOnce(Answer) + Send + 'static) {
        self.shared.ask(Task::Sync(memory), Box::new(done));
    }

    /// Closes the device after the requests before it, and ends all waits. Memory that was mapped stays.
    pub fn close(&self, done: impl FnOnce(Answer) + Send + 'static) {
        self.shared.ask(Task::Close, Box::new(done));
    }

    /// Whether nothing is left of it.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.shared.lock().is_closed
    }

    /// Closes the device and waits for it, at most so long.
    pub fn close_within(&self, max_wait: Duration) {
        self.close(drop);
        let inbox = self.shared.lock();
        let waited = self.shared.closed.wait_timeout_while(inbox, max_wait, |inbox| !inbox.is_closed);
        drop(waited);
    }
}

impl Drop for RawDevice {
    fn drop(&mut self) {
        self.close(drop);
    }
}

fn open(path: &std::path::Path, kind: TransportKind) -> Result<Box<dyn Transport>> {
    Ok(match kind {
        TransportKind::Kernel => Box::new(Kernel::open(path)?),
        TransportKind::Nvidia(lookup) => Box::new(LibV4l2::open(path, &lookup)?),
    })
}

fn map(transport: &dyn Transport, plane: Plane) -> std::result::Result<Memory, Errno> {
    let (length, number) = (plane.length as usize, plane.plane);
    if let Some(node) = transport.node() {
        let mapping = Mapping::new(node, plane.offset, length)?;
        return Ok(Memory { mapping, exported: None, plane: number });
    }
    let kind = QueueType::n(plane.kind).ok_or(Errno::EINVAL)?;
    let exported = ioctl::expbuf(transport, kind, plane.index, number)
        .map_err(|error| error.errno().unwrap_or(Errno::EIO))?;
    if !dmabuf::holds(&exported, u64::from(plane.offset) + u64::from(plane.length)) {
        return Err(Errno::EINVAL);
    }
    let mapping = Mapping::new(exported.as_fd(), plane.offset, length)?;
    Ok(Memory { mapping, exported: Some(exported), plane: number })
}

/// Whoever asked is answered, even if the thread panics.
struct Unanswered(Option<Done>);

impl Unanswered {
    fn take(mut self) -> Done {
        self.0.take().unwrap_or_else(|| Box::new(drop))
    }
}

impl Drop for Unanswered {
    fn drop(&mut self) {
        if let Some(done) = self.0.take() {
            done(Answer::Closed);
        }
    }
}

/// A wait under way.
struct Waiting {
    interest: Interest,
    until: Instant,
    done: Unanswered,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Inbox> {
        self.inbox.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ask(&self, task: Task, done: Done) {
        let mut inbox = self.lock();
        if inbox.is_closed {
            drop(inbox);
            return done(Answer::Closed);
        }
        inbox.tasks.push_back((task, done));
        inbox.waker.iter().for_each(|waker| waker.wake());
    }

    fn serve(&self, transport: Box<dyn Transport>, waker: &Waker) {
        let mut waiting: Vec<Waiting> = Vec::new();
        let closed = loop {
            if let Some(closed) = self.work(&*transport, &mut waiting) {
                break closed;
            }
            wait(&*transport, waker, &mut waiting);
        };
        drop(transport);
        self.end();
        waiting.into_iter().for_each(|one| one.done.take()(Answer::Closed));
        closed(Answer::Closed);
    }

    /// Does what was asked; who is to learn of the end, where that was requested.
    fn work(&self, transport: &dyn Transport, waiting: &mut Vec<Waiting>) -> Option<Done> {
        loop {
            let (task, done) = self.lock().tasks.pop_front()?;
            let done = Unanswered(Some(done));
            threads::may_panic("device");
            let answer = match task {
                Task::Close => return Some(done.take()),
                Task::Wait { interest, timeout } => {
                    waiting.push(Waiting { interest, until: Instant::now() + timeout, done });
                    continue;
                }
                Task::Run { number, mut argument } => {
                    let ran = argument.run(transport, number);
                    Answer::Ran(argument, ran)
                }
                Task::Map(plane) => Answer::Mapped(map(transport, plane)),
                Task::Sync(memory) => Answer::Synced(
                    memory
                        .exported
                        .as_ref()
                        .map_or(Ok(()), |exported| transport.sync_for_device(exported.as_fd(), memory.plane)),
                ),
            };
            done.take()(answer);
        }
    }

    /// Nothing is taken any more, and what was not begun is answered.
    fn end(&self) {
        let mut inbox = self.lock();
        inbox.is_closed = true;
        inbox.waker = None;
        let left = std::mem::take(&mut inbox.tasks);
        drop(inbox);
        self.closed.notify_all();
        left.into_iter().for_each(|(_, done)| done(Answer::Closed));
    }
}

/// Waits for the next task, and for what any of the waits is about.
fn wait(transport: &dyn Transport, waker: &Waker, waiting: &mut Vec<Waiting>) {
    let now = Instant::now();
    let nearest = waiting.iter().map(|one| one.until).min();
    let max_wait = nearest.map_or(IDLE, |until| until.saturating_duration_since(now));
    let interest = waiting.iter().fold(Interest::default(), |all, one| Interest {
        reading: all.reading || one.interest.reading,
        writing: all.writing || one.interest.writing,
        events: all.events || one.interest.events,
    });
    let seen = transport.wait(waker, interest, max_wait);
    let happened = seen.maybe_ready || seen.nothing_to_wait_for;
    let now = Instant::now();
    // Which of the waits it is about, the one answer does not say.
    for index in (0..waiting.len()).rev() {
        let is_over = waiting[index].until <= now;
        let mut ready = Readiness::default();
        if happened {
            ready = transport.wait(waker, waiting[index].interest, Duration::ZERO);
        }
        if is_over || ready.maybe_ready || ready.nothing_to_wait_for {
            waiting.swap_remove(index).done.take()(Answer::Ready(ready));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, channel};

    use super::*;

    /// `/dev/null` opens, is always ready, and rejects every request.
    fn null() -> RawDevice {
        let (report, reported) = channel();
        let device = RawDevice::open("/dev/null".into(), TransportKind::Kernel, move |opened| {
            report.send(opened).unwrap();
        });
        reported.recv().unwrap().unwrap();
        device.unwrap()
    }

    fn answer(ask: impl FnOnce(Box<dyn FnOnce(Answer) + Send>)) -> Receiver<Answer> {
        let (report, reported) = channel();
        ask(Box::new(move |answer| report.send(answer).unwrap()));
        reported
    }

    fn querycap() -> Argument {
        Argument::new(0x8068_5600, &[vec![0; 104]], vec![], false).unwrap()
    }

    #[test]
    fn a_request_is_answered_with_what_the_driver_said() {
        let device = null();
        let reported = answer(|done| device.run(0x8068_5600, querycap(), done));
        assert!(matches!(reported.recv().unwrap(), Answer::Ran(_, Err(Errno::ENOTTY))));
    }

    #[test]
    fn a_wait_ends_when_the_device_is_ready_or_its_time_is_over() {
        let device = null();
        let reading = Interest { reading: true, ..Interest::default() };
        let reported = answer(|done| device.wait(reading, Duration::from_secs(60), done));
        assert!(matches!(reported.recv().unwrap(), Answer::Ready(Readiness { maybe_ready: true, .. })));
        let reported = answer(|done| device.wait(Interest::default(), Duration::from_millis(5), done));
        assert!(matches!(reported.recv().unwrap(), Answer::Ready(Readiness { maybe_ready: false, .. })));
    }

    #[test]
    fn a_wait_does_not_hold_up_requests() {
        let device = null();
        let waiting = answer(|done| device.wait(Interest::default(), Duration::from_secs(60), done));
        let reported = answer(|done| device.run(0x8068_5600, querycap(), done));
        reported.recv_timeout(Duration::from_secs(10)).unwrap();
        device.close(drop);
        assert!(matches!(waiting.recv_timeout(Duration::from_secs(10)).unwrap(), Answer::Closed));
    }

    #[test]
    fn what_is_asked_of_a_closed_device_is_answered() {
        let device = null();
        device.close_within(Duration::from_secs(10));
        let reported = answer(|done| device.run(0x8068_5600, querycap(), done));
        assert!(matches!(reported.recv().unwrap(), Answer::Closed));
    }

    #[test]
    fn a_device_that_cannot_be_opened_says_why_and_takes_nothing() {
        let (report, reported) = channel();
        let device = RawDevice::open("/nonexistent".into(), TransportKind::Kernel, move |opened| {
            report.send(opened).unwrap();
        })
        .unwrap();
        assert_eq!(reported.recv().unwrap().unwrap_err().errno(), Some(Errno::ENOENT));
        let reported = answer(|done| device.close(done));
        assert!(matches!(reported.recv().unwrap(), Answer::Closed));
    }

    #[test]
    fn a_device_without_memory_maps_none() {
        let device = null();
        let plane = Plane { kind: 1, index: 0, plane: 0, offset: 0, length: 4096 };
        let reported = answer(|done| device.map(plane, done));
        assert!(matches!(reported.recv().unwrap(), Answer::Mapped(Err(Errno::ENODEV))));
    }
}
