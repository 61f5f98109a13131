use std::ffi::c_void;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::ptr::NonNull;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use v4l2r::nix::errno::Errno;

use super::fake;
use crate::transport::{Interest, Readiness, Request, Transport, Waker, wait};

type Answer = dyn FnMut(&'static str, &mut [u8]) -> Result<(), Errno> + Send;

/// A device played by a function, for tests whose order of requests is not known beforehand.
///
/// The function is called with the name of each request and its argument's bytes, which it may change. [`Played::POLL`]
/// asks it whether a buffer is ready: `Ok`, `EAGAIN`, or any other errno for `POLLERR`.
pub struct Played {
    device: PathBuf,
    memory: OwnedFd,
    answer: Mutex<Box<Answer>>,
}

impl std::fmt::Debug for Played {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Played").field("device", &self.device).finish_non_exhaustive()
    }
}

impl Played {
    /// What the function is called with when somebody waits for a buffer; its argument is empty.
    pub const POLL: &'static str = "poll";

    /// A device whose buffers are parts of `memory`.
    pub fn new(
        device: impl Into<PathBuf>,
        memory: OwnedFd,
        answer: impl FnMut(&'static str, &mut [u8]) -> Result<(), Errno> + Send + 'static,
    ) -> Self {
        Self { device: device.into(), memory, answer: Mutex::new(Box::new(answer)) }
    }

    fn ask(&self, name: &'static str, argument: &mut [u8]) -> Result<(), Errno> {
        (self.answer.lock().unwrap_or_else(PoisonError::into_inner))(name, argument)
    }
}

#[expect(unsafe_code, reason = "Transport::ioctl is unsafe")]
impl Transport for Played {
    fn device(&self) -> &Path {
        &self.device
    }

    unsafe fn ioctl(&self, request: Request, argument: NonNull<c_void>) -> Result<(), Errno> {
        let size = fake::argument_size(request);
        // SAFETY: the caller vouches that the argument is as large as the request's number says.
        let bytes = unsafe { std::slice::from_raw_parts_mut(argument.cast::<u8>().as_ptr(), size) };
        self.ask(request.name, bytes)
    }

    fn sync_for_device(&self, _exported: BorrowedFd<'_>, _plane: u32) -> Result<(), String> {
        Ok(())
    }

    fn pitch(&self, _exported: BorrowedFd<'_>, _plane: usize) -> Option<u32> {
        None
    }

    fn node(&self) -> Option<BorrowedFd<'_>> {
        Some(self.memory.as_fd())
    }

    fn wait(&self, waker: &Waker, interest: Interest, timeout: Duration) -> Readiness {
        let end = Instant::now() + timeout;
        loop {
            let answer = if interest.reading { self.ask(Self::POLL, &mut []) } else { Err(Errno::EAGAIN) };
            if answer != Err(Errno::EAGAIN) {
                let nothing_to_wait_for = answer.is_err();
                return Readiness { maybe_ready: true, nothing_to_wait_for, ..Readiness::default() };
            }
            let left = end.saturating_duration_since(Instant::now());
            let readiness = wait::poll(waker, None, left.min(Duration::from_millis(1)));
            if readiness.woken || left.is_zero() {
                return readiness;
            }
        }
    }
}
