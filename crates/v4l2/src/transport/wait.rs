//! Waking a session thread out of its wait.

use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use libc::{POLLERR, POLLIN, POLLOUT, POLLPRI, pollfd};

/// What a wait is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Interest {
    /// A capture buffer may become ready.
    pub reading: bool,
    /// An output buffer may come back.
    pub writing: bool,
    /// The driver may send an event.
    pub events: bool,
}

/// What a wait learned about the device.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Readiness {
    /// The waker was woken.
    pub woken: bool,
    /// A buffer can be dequeued, as far as the transport knows. One that does not know says `true`.
    pub maybe_ready: bool,
    /// The driver says that there is nothing to wait for (`POLLERR`): both queues are idle, or it failed. It says so at once
    /// and as often as it is asked, so a caller that waits again without giving it a buffer keeps a processor busy.
    pub nothing_to_wait_for: bool,
}

/// Nobody waits, and nobody has called.
const QUIET: u8 = 0;
/// Somebody has called, and nobody has waited since.
const WOKEN: u8 = 1;
/// Somebody is about to sleep, or sleeps.
const WAITING: u8 = 2;

/// Anyone may wake the session's thread by it, which waits for it together with its device. Waking costs a system call only
/// while that thread waits: a thread that works looks at what there is to do anyway before it sleeps. One thread at a time may wait.
#[derive(Debug, Clone)]
pub struct Waker {
    signal: Arc<Signal>,
}

#[derive(Debug)]
struct Signal {
    state: AtomicU8,
    /// An eventfd, which ends the sleep.
    descriptor: OwnedFd,
}

impl Waker {
    /// A waker that nobody has called.
    ///
    /// # Errors
    /// What `eventfd` said (no descriptors left).
    #[expect(unsafe_code, reason = "eventfd has no safe wrapper in std")]
    pub fn new() -> std::io::Result<Self> {
        // SAFETY: no pointers are passed.
        let descriptor = unsafe { libc::eventfd(0, libc::EFD_CLOEXEC | libc::EFD_NONBLOCK) };
        if descriptor < 0 {
            return Err(std::io::Error::last_os_error());
        }
        // SAFETY: the kernel just returned this descriptor to us and nobody else knows it.
        let descriptor = unsafe { OwnedFd::from_raw_fd(descriptor) };
        Ok(Self { signal: Arc::new(Signal { state: AtomicU8::new(QUIET), descriptor }) })
    }

    /// Ends the current wait, or the next one if there is none.
    #[expect(unsafe_code, reason = "write(2) on an eventfd")]
    pub fn wake(&self) {
        if self.signal.state.swap(WOKEN, Ordering::SeqCst) != WAITING {
            return;
        }
        let one = 1u64.to_ne_bytes();
        // SAFETY: eight readable bytes, as an eventfd takes them. It can only fail when it is set already.
        unsafe { libc::write(self.signal.descriptor.as_raw_fd(), one.as_ptr().cast(), one.len()) };
    }

    /// Sleeps until somebody wakes it or the time is over.
    pub fn wait(&self, timeout: Duration) {
        poll(self, None, timeout);
    }

    /// From here on waking ends the sleep. `false` when somebody has called already.
    fn begin_wait(&self) -> bool {
        let begun = self.signal.state.compare_exchange(QUIET, WAITING, Ordering::SeqCst, Ordering::SeqCst);
        begun != Err(WOKEN)
    }

    /// Whether somebody has called, which is forgotten.
    fn end_wait(&self) -> bool {
        self.signal.state.swap(QUIET, Ordering::SeqCst) == WOKEN
    }

    #[expect(unsafe_code, reason = "read(2) on an eventfd")]
    fn clear(&self) {
        let mut count = [0u8; 8];
        // SAFETY: eight writable bytes, as an eventfd takes them. It can only fail when it was not set.
        unsafe { libc::read(self.signal.descriptor.as_raw_fd(), count.as_mut_ptr().cast(), count.len()) };
    }
}

/// Polls the waker and, where polling it means something and something is of interest, the device.
pub(crate) fn poll(
    waker: &Waker,
    device: Option<(BorrowedFd<'_>, Interest)>,
    timeout: Duration,
) -> Readiness {
    let mut entries = [
        pollfd { fd: waker.signal.descriptor.as_raw_fd(), events: POLLIN, revents: 0 },
        pollfd { fd: -1, events: 0, revents: 0 },
    ];
    if let Some((descriptor, interest)) = device
        && interest != Interest::default()
    {
        entries[1].fd = descriptor.as_raw_fd();
        entries[1].events = if interest.reading { POLLIN } else { 0 }
            | if interest.writing { POLLOUT } else { 0 }
            | if interest.events { POLLPRI } else { 0 };
    }
    // One that was woken before looks at the device, but does not sleep.
    let timeout = if waker.begin_wait() { timeout } else { Duration::ZERO };
    let limit = libc::timespec {
        tv_sec: libc::time_t::try_from(timeout.as_secs()).unwrap_or(libc::time_t::MAX),
        tv_nsec: timeout.subsec_nanos().into(),
    };
    #[expect(unsafe_code, reason = "ppoll, for a time-out finer than a millisecond")]
    // SAFETY: both entries and the time-out live on this stack frame; no signal mask is given.
    let ready = unsafe { libc::ppoll(entries.as_mut_ptr(), 2, &raw const limit, std::ptr::null()) };
    if ready > 0 && entries[0].revents != 0 {
        waker.clear();
    }
    let woken = waker.end_wait();
    let reported = if ready > 0 { entries[1].revents } else { 0 };
    Readiness { woken, maybe_ready: reported != 0, nothing_to_wait_for: reported & POLLERR != 0 }
}

/// Lets the calling thread's sleeps end on time: the kernel rounds them up by 50 µs otherwise.
#[expect(unsafe_code, reason = "prctl")]
pub fn sleep_precisely() {
    // SAFETY: PR_SET_TIMERSLACK takes a number of nanoseconds and touches no memory.
    unsafe { libc::prctl(libc::PR_SET_TIMERSLACK, 1_000u64, 0u64, 0u64, 0u64) };
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::fd::AsFd;
    use std::sync::atomic::AtomicU32;
    use std::time::Instant;

    #[test]
    fn a_wait_ends_early_when_the_waker_was_rung_before_it() {
        let waker = Waker::new().unwrap();
        waker.wake();
        waker.wake();
        let start = Instant::now();
        assert_eq!(
            poll(&waker, None, Duration::from_secs(5)),
            Readiness { woken: true, ..Readiness::default() }
        );
        assert!(start.elapsed() < Duration::from_secs(1));
    }

    #[test]
    fn only_a_ring_that_somebody_waits_for_costs_a_system_call() {
        let waker = Waker::new().unwrap();
        waker.wake();
        let mut count = [0u8; 8];
        let unread = v4l2r::nix::unistd::read(waker.signal.descriptor.as_raw_fd(), &mut count);
        assert_eq!(unread, Err(v4l2r::nix::errno::Errno::EAGAIN), "the eventfd was written");
        assert!(poll(&waker, None, Duration::from_secs(5)).woken);
    }

    #[test]
    fn no_ring_is_lost_between_looking_and_sleeping() {
        const SIGNALS: u32 = 20_000;
        const LONG: Duration = Duration::from_secs(10);
        let waker = Waker::new().unwrap();
        let (sent, heard) = (AtomicU32::new(0), AtomicU32::new(0));
        let longest = std::thread::scope(|scope| {
            scope.spawn(|| {
                // No signal is sent before the last one is heard.
                while heard.load(Ordering::SeqCst) < SIGNALS {
                    sent.store(heard.load(Ordering::SeqCst) + 1, Ordering::SeqCst);
                    waker.wake();
                    while heard.load(Ordering::SeqCst) + 1 == sent.load(Ordering::SeqCst) {
                        std::hint::spin_loop();
                    }
                }
            });
            let mut longest = Duration::ZERO;
            while heard.load(Ordering::SeqCst) < SIGNALS {
                let start = Instant::now();
                while sent.load(Ordering::SeqCst) <= heard.load(Ordering::SeqCst) {
                    poll(&waker, None, LONG);
                }
                longest = longest.max(start.elapsed());
                let over = longest >= LONG;
                heard.store(if over { SIGNALS } else { sent.load(Ordering::SeqCst) }, Ordering::SeqCst);
            }
            longest
        });
        assert!(longest < LONG, "a signal was slept through");
    }

    #[test]
    fn a_wait_that_nobody_ends_lasts_its_time_and_says_so() {
        let waker = Waker::new().unwrap();
        let start = Instant::now();
        assert_eq!(poll(&waker, None, Duration::from_millis(20)), Readiness::default());
        assert!(start.elapsed() >= Duration::from_millis(20));
    }

    #[test]
    fn a_device_is_asked_only_for_what_is_of_interest() {
        let waker = Waker::new().unwrap();
        let always_ready = std::fs::OpenOptions::new().read(true).write(true).open("/dev/null").unwrap();
        let ask = |interest| poll(&waker, Some((always_ready.as_fd(), interest)), Duration::from_millis(5));
        assert!(ask(Interest { reading: true, ..Interest::default() }).maybe_ready);
        assert!(!ask(Interest::default()).maybe_ready);
    }
}
