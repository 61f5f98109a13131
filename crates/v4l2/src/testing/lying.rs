use std::ffi::c_void;
use std::os::fd::BorrowedFd;
use std::path::Path;
use std::ptr::NonNull;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use v4l2r::nix::errno::Errno;

use super::fake;
use crate::transport::{Interest, Readiness, Request, Transport, Waker};

/// Where in a request's argument a number stands, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the struct itself.
    At(usize),
    /// Behind the pointer at the first offset: in the planes of a multi-planar buffer, or the value of a control. Nothing where
    /// that is no pointer.
    Behind(usize, usize),
}

/// A number that a driver answers instead of the true one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lie {
    /// The request's name.
    pub request: &'static str,
    /// Where the number stands.
    pub place: Place,
    /// What is answered.
    pub value: u32,
    /// So many answers are true first.
    pub after: usize,
    /// Answered also where the request was rejected.
    pub always: bool,
}

/// A transport that passes requests on and falsifies a number in their answers, for tests of what comes of it.
#[derive(Debug)]
pub struct Lying {
    inner: Arc<dyn Transport>,
    lie: Lie,
    answers: AtomicUsize,
}

impl Lying {
    /// Wraps `inner`.
    #[must_use]
    pub fn new(inner: Arc<dyn Transport>, lie: Lie) -> Self {
        Self { inner, lie, answers: AtomicUsize::new(0) }
    }
}

/// Writes the lie.
///
/// # Safety
/// As [`Transport::ioctl`].
#[expect(unsafe_code, reason = "the argument is a raw struct of the driver's ABI")]
unsafe fn falsify(lie: Lie, request: Request, argument: NonNull<c_void>) {
    let start = argument.cast::<u8>().as_ptr();
    let place = match lie.place {
        Place::At(offset) => {
            assert!(offset + 4 <= fake::argument_size(request), "{lie:?} is outside of the argument");
            start.wrapping_add(offset)
        }
        Place::Behind(pointer, offset) => {
            assert!(pointer + 8 <= fake::argument_size(request), "{lie:?} is outside of the argument");
            // SAFETY: within the argument, as was just seen.
            let target = unsafe { start.wrapping_add(pointer).cast::<*mut u8>().read_unaligned() };
            // A single-planar buffer has an offset or a descriptor there, which is a small number.
            if (target as usize) < 1 << 32 {
                return;
            }
            target.wrapping_add(offset)
        }
    };
    // SAFETY: within the argument, or within what its pointer is to: requests point to whole planes and controls.
    unsafe { place.cast::<u32>().write_unaligned(lie.value) };
}

#[expect(unsafe_code, reason = "Transport::ioctl is unsafe")]
impl Transport for Lying {
    fn device(&self) -> &Path {
        self.inner.device()
    }

    unsafe fn ioctl(&self, request: Request, argument: NonNull<c_void>) -> Result<(), Errno> {
        // SAFETY: the caller's promise is passed on unchanged.
        let answer = unsafe { self.inner.ioctl(request, argument) };
        let answers = request.name == self.lie.request && (answer.is_ok() || self.lie.always);
        if !answers || self.answers.fetch_add(1, Ordering::Relaxed) < self.lie.after {
            return answer;
        }
        // SAFETY: the caller's promise.
        unsafe { falsify(self.lie, request, argument) };
        Ok(())
    }

    fn sync_for_device(&self, exported: BorrowedFd<'_>, plane: u32) -> Result<(), String> {
        self.inner.sync_for_device(exported, plane)
    }

    fn pitch(&self, exported: BorrowedFd<'_>, plane: usize) -> Option<u32> {
        self.inner.pitch(exported, plane)
    }

    fn node(&self) -> Option<BorrowedFd<'_>> {
        self.inner.node()
    }

    fn wait(&self, waker: &Waker, interest: Interest, timeout: Duration) -> Readiness {
        self.inner.wait(waker, interest, timeout)
    }
}
