//! Waking a session thread out of its wait.

use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd};
use std::time::Duration;

use libc::{POLLERR, POLLIN, POLLOUT, POLLPRI, pollfd};

use super::{Interest, Readiness};

/// An eventfd: anyone may ring it, the session thread waits on it together with its device.
#[derive(Debug)]
pub struct Waker {
    descriptor: OwnedFd,
}

impl Waker {
    /// A waker that nobody has rung.
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
        Ok(Self { descriptor: unsafe { OwnedFd::from_raw_fd(descriptor) } })
    }

    /// Another handle on the same bell, for another thread to ring.
    ///
    /// # Errors
    /// What `dup` said (no descriptors left).
    pub fn try_clone(&self) -> std::io::Result<Self> {
        Ok(Self { descriptor: self.descriptor.try_clone()? })
    }

    /// Ends the current wait, or the next one if there is none.
    #[expect(unsafe_code, reason = "write(2) on an eventfd")]
    pub fn wake(&self) {
        let one = 1u64.to_ne_bytes();
        // SAFETY: eight readable bytes, as an eventfd takes them. It can only fail when it is rung already.
        unsafe { libc::write(self.descriptor.as_raw_fd(), one.as_ptr().cast(), one.len()) };
    }

    /// Sleeps until somebody rings or the time is over.
    pub fn wait(&self, timeout: Duration) {
        poll(self, None, timeout);
    }

    #[expect(unsafe_code, reason = "read(2) on an eventfd")]
    fn clear(&self) {
        let mut count = [0u8; 8];
        // SAFETY: eight writable bytes, as an eventfd takes them. It can only fail when it was not rung.
        unsafe { libc::read(self.descriptor.as_raw_fd(), count.as_mut_ptr().cast(), count.len()) };
    }
}

/// Polls the waker and, where polling it means something and something is of interest, the device.
pub(super) fn poll(
    waker: &Waker,
    device: Option<(BorrowedFd<'_>, Interest)>,
    timeout: Duration,
) -> Readiness {
    let mut entries = [
        pollfd { fd: waker.descriptor.as_fd().as_raw_fd(), events: POLLIN, revents: 0 },
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
    let limit = libc::timespec {
        tv_sec: libc::time_t::try_from(timeout.as_secs()).unwrap_or(libc::time_t::MAX),
        tv_nsec: timeout.subsec_nanos().into(),
    };
    #[expect(unsafe_code, reason = "ppoll, for a time-out finer than a millisecond")]
    // SAFETY: both entries and the time-out live on this stack frame; no signal mask is given.
    let ready = unsafe { libc::ppoll(entries.as_mut_ptr(), 2, &raw const limit, std::ptr::null()) };
    let woken = ready > 0 && entries[0].revents != 0;
    if woken {
        waker.clear();
    }
    let told = if ready > 0 { entries[1].revents } else { 0 };
    Readiness { woken, maybe_ready: told != 0, nothing_to_wait_for: told & POLLERR != 0 }
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
