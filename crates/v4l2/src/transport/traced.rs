use std::ffi::c_void;
use std::os::fd::BorrowedFd;
use std::path::Path;
use std::ptr::NonNull;
use std::sync::Arc;
use std::time::{Duration, Instant};

use v4l2r::nix::errno::Errno;

use super::{Interest, Readiness, Request, Transport, Waker};

/// One finished request, as a trace shows it.
#[derive(Debug)]
pub struct Trace<'a> {
    /// The node.
    pub device: &'a Path,
    /// The request.
    pub request: Request,
    /// What the driver said.
    pub result: Result<(), Errno>,
    /// How long it took.
    pub took: Duration,
}

/// A transport that reports every request it passes on.
pub struct Traced {
    inner: Arc<dyn Transport>,
    report: Box<dyn Fn(&Trace<'_>) + Send + Sync>,
}

impl Traced {
    /// Wraps `inner`; `report` is called after each request, on the thread that made it.
    pub fn new(inner: Arc<dyn Transport>, report: impl Fn(&Trace<'_>) + Send + Sync + 'static) -> Self {
        Self { inner, report: Box::new(report) }
    }
}

impl std::fmt::Debug for Traced {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_tuple("Traced").field(&self.inner).finish()
    }
}

#[expect(unsafe_code, reason = "Transport::ioctl is unsafe")]
impl Transport for Traced {
    fn device(&self) -> &Path {
        self.inner.device()
    }

    unsafe fn ioctl(&self, request: Request, argument: NonNull<c_void>) -> Result<(), Errno> {
        let start = Instant::now();
        // SAFETY: the caller's promise is passed on unchanged.
        let result = unsafe { self.inner.ioctl(request, argument) };
        (self.report)(&Trace { device: self.inner.device(), request, result, took: start.elapsed() });
        result
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
