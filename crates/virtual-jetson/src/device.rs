//! One open device: the lock around its state, who is inside a request, and its end.
//!
//! One lock guards everything that a request or the coder changes; coding itself happens outside it. Two
//! condition variables hang on it: `work` wakes the coder, `news` wakes clients who wait in DQBUF or DEVICE_POLL.

use crate::{
    queue::{Queue, Side},
    settings::Settings,
    state::State,
    stderr::log_stderr,
    stdout_messages,
    violations::Violations,
};
use std::{
    cell::Cell,
    collections::HashMap,
    os::fd::RawFd,
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread::JoinHandle,
};

/// One open device.
pub(crate) struct Device {
    pub(crate) settings: Settings,
    pub(crate) violations: Arc<Violations>,
    pub(crate) nonblocking: bool,
    state: Mutex<State>,
    /// Wakes the coder.
    pub(crate) work: Condvar,
    /// Wakes clients that wait.
    pub(crate) news: Condvar,
    calls: Mutex<HashMap<&'static str, u64>>,
    /// Threads inside a request, and those of them that are in others' way.
    inside: AtomicUsize,
    busy: AtomicUsize,
    /// Its thread, once it was started.
    pub(crate) coder: Mutex<Option<JoinHandle<()>>>,
}

impl Device {
    pub(crate) fn new(settings: Settings, violations: Violations, nonblocking: bool) -> Self {
        stdout_messages::opened(&settings, nonblocking);
        Self {
            settings,
            violations: Arc::new(violations),
            nonblocking,
            state: Mutex::new(State::new()),
            work: Condvar::new(),
            news: Condvar::new(),
            calls: Mutex::default(),
            inside: AtomicUsize::new(0),
            busy: AtomicUsize::new(0),
            coder: Mutex::new(None),
        }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for news. From here to the end of its request the thread is in nobody's way: that DQBUF waits on a
    /// thread of its own is how NVIDIA's samples do it.
    pub(crate) fn wait_for_news<'a>(&self, state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        if !IS_EXEMPT.replace(true) {
            self.busy.fetch_sub(1, Ordering::AcqRel);
        }
        self.news.wait(state).unwrap_or_else(PoisonError::into_inner)
    }

    /// DEVICE_POLL and its interruption are for a thread of their own and in nobody's way from the start.
    pub(crate) fn enter(&self, name: &str, is_poll: bool) -> Inside<'_> {
        self.inside.fetch_add(1, Ordering::AcqRel);
        IS_EXEMPT.set(is_poll);
        if !is_poll && self.busy.fetch_add(1, Ordering::AcqRel) > 0 {
            self.violations
                .note("concurrent", format_args!("{name} while another thread was inside a request"));
        }
        Inside(self)
    }

    /// How often `name` was called, this time included.
    pub(crate) fn count(&self, name: &'static str) -> u64 {
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        let count = calls.entry(name).or_default();
        *count += 1;
        *count
    }

    /// Ends the device: notes what the client left undone, and waits for the coder.
    pub(crate) fn close(&self) {
        if self.inside.load(Ordering::Acquire) > 0 {
            self.violations
                .note("close-during-request", format_args!("v4l2_close while a request was running"));
        }
        let mut state = self.state();
        for (side, queue) in [(Side::Output, &state.output), (Side::Capture, &state.capture)] {
            let side = side.name();
            if queue.streaming {
                self.violations.note("close-streaming", format_args!("closed without STREAMOFF of {side}"));
            }
            if !queue.buffers.is_empty() {
                self.violations.note("close-buffers", format_args!("closed without REQBUFS 0 of {side}"));
            }
            self.check_descriptors(side, queue);
        }
        state.closing = true;
        drop(state);
        self.work.notify_all();
        self.news.notify_all();
        let coder = self.coder.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(Err(_)) = coder.map(JoinHandle::join) {
            log_stderr("virtual-jetson: the coder thread panicked");
        }
    }

    /// Notes descriptors that a child process would inherit.
    pub(crate) fn check_descriptors(&self, side: &str, queue: &Queue) {
        for (index, buffer) in queue.buffers.iter().enumerate() {
            for &(plane, fd) in &buffer.exported {
                if is_inheritable(fd) && is_same(fd, buffer, plane) {
                    let case = format_args!(
                        "{side} buffer {index} plane {plane}: descriptor {fd} has no FD_CLOEXEC"
                    );
                    self.violations.note("inheritable", case);
                }
            }
        }
    }
}

fn is_inheritable(fd: RawFd) -> bool {
    // SAFETY: a plain query; a closed descriptor answers -1.
    let flags = unsafe { libc::fcntl(fd, libc::F_GETFD) };
    flags >= 0 && flags & libc::FD_CLOEXEC == 0
}

fn is_same(fd: RawFd, buffer: &crate::queue::Buffer, plane: usize) -> bool {
    crate::memory::Identity::of(fd) == buffer.memory.planes.get(plane).map(|memory| memory.identity)
}

thread_local! {
    /// Whether the request this thread is inside of does not count: it polls, or has waited.
    static IS_EXEMPT: Cell<bool> = const { Cell::new(false) };
}

/// A thread inside a request, until it is dropped.
pub(crate) struct Inside<'a>(&'a Device);

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        self.0.inside.fetch_sub(1, Ordering::AcqRel);
        if !IS_EXEMPT.replace(false) {
            self.0.busy.fetch_sub(1, Ordering::AcqRel);
        }
    }
}
