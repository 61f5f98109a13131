//! Waiting inside NVIDIA's library, for those who ask for it.
//!
//! DEVICE_POLL returns when something is ready, and not before: it has no time-out. So it runs on a thread of its own,
//! the one exception to "one thread per device", and the session's thread ends it by SET_POLL_INTERRUPT. What it
//! returns is not looked at (POLLOUT may be there all the time): the session is woken, and dequeues.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use v4l2::control::nvidia::{DEVICE_POLL, SET_POLL_INTERRUPT};
use v4l2::control::{CLASS_CODEC, Value};
use v4l2::{Transport, Waker, ioctl};

/// POLLIN | POLLPRI in the request's first 16 bits; the answer's 16 bits follow.
const WANTED: u32 = 0x0001 | 0x0002;
/// A look may be without a result because the session was faster than the poll; more than this in a row show a device that is
/// always ready.
const MAX_EMPTY_POLLS: u32 = 3;
/// How long an interrupted poll may take to come back.
const LAST_WAIT: Duration = Duration::from_millis(500);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    Rest,
    Poll,
    End,
}

#[derive(Debug)]
struct Orders {
    next: Mutex<Order>,
    given: Condvar,
    /// A poll is under way, or about to be.
    polling: AtomicBool,
    /// DEVICE_POLL was rejected: it is of no use on this device.
    rejected: AtomicBool,
}

impl Orders {
    fn lock(&self) -> MutexGuard<'_, Order> {
        self.next.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn give(&self, order: Order) {
        let mut next = self.lock();
        if *next != Order::End {
            *next = order;
        }
        self.given.notify_one();
    }

    /// Waits for work; `false` when there will be none any more.
    fn take(&self) -> bool {
        let mut next = self.lock();
        while *next == Order::Rest {
            next = self.given.wait(next).unwrap_or_else(PoisonError::into_inner);
        }
        let polls = *next == Order::Poll;
        if polls {
            *next = Order::Rest;
        }
        polls
    }
}

/// A thread that has ended, however, polls no more.
struct Rejects(Arc<Orders>, Waker);

impl Drop for Rejects {
    fn drop(&mut self) {
        self.0.rejected.store(true, Ordering::Relaxed);
        self.0.polling.store(false, Ordering::Release);
        self.1.wake();
    }
}

/// The thread that waits inside the library.
#[derive(Debug)]
pub(super) struct Poller {
    orders: Arc<Orders>,
    thread: JoinHandle<()>,
}

impl Poller {
    /// Starts the thread; it wakes `waker`.
    pub(super) fn start(transport: &Arc<dyn Transport>, waker: Waker) -> io::Result<Self> {
        let orders = Arc::new(Orders {
            next: Mutex::new(Order::Rest),
            given: Condvar::new(),
            polling: AtomicBool::new(false),
            rejected: AtomicBool::new(false),
        });
        let (transport, theirs) = (Arc::clone(transport), Arc::clone(&orders));
        let builder = thread::Builder::new().name("v4l2enc poll".to_owned());
        let thread = v4l2::threads::start(builder, move || {
            // A caller that is polled for looks by itself from then on.
            let _rejects = Rejects(Arc::clone(&theirs), waker.clone());
            v4l2::threads::may_panic("poller");
            while theirs.take() {
                let polled =
                    ioctl::s_ext_ctrl(&*transport, CLASS_CODEC, DEVICE_POLL, &Value::Struct(vec![WANTED]));
                theirs.rejected.fetch_or(polled.is_err(), Ordering::Relaxed);
                theirs.polling.store(false, Ordering::Release);
                waker.wake();
            }
        })?;
        Ok(Self { orders, thread })
    }

    /// Has the session woken when something is ready. `false` where the device does not let itself be polled, or says that it is
    /// ready when it is not, as the looks `empty_polls` show: it must not keep the processor busy.
    pub(super) fn arm(&self, empty_polls: u32) -> bool {
        if self.orders.polling.load(Ordering::Acquire) {
            return true;
        }
        if empty_polls > MAX_EMPTY_POLLS || self.orders.rejected.load(Ordering::Relaxed) {
            return false;
        }
        self.orders.polling.store(true, Ordering::Release);
        self.orders.give(Order::Poll);
        true
    }

    /// Ends the thread. One that does not come back keeps its share of the device, which then stays open.
    pub(super) fn stop(self, transport: &dyn Transport) {
        self.orders.give(Order::End);
        // Where the control is rejected, nobody waits in the library either.
        drop(ioctl::s_ext_ctrl(transport, CLASS_CODEC, SET_POLL_INTERRUPT, &Value::Integer(1)));
        let deadline = Instant::now() + LAST_WAIT;
        while !self.thread.is_finished() && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(1));
        }
        if self.thread.is_finished() {
            // The thread catches nothing that could panic.
            drop(self.thread.join());
        }
    }
}
