use std::ffi::c_void;
use std::os::fd::{AsRawFd, BorrowedFd, RawFd};
use std::path::{Path, PathBuf};
use std::ptr::NonNull;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use v4l2r::nix::errno::Errno;

use super::library::{VENDOR_NODES, keep_new_descriptors};
use super::{Interest, Library, LibraryLookup, Readiness, Request, Transport, Waker, wait};
use crate::Result;
use crate::surface::SurfaceLibrary;

/// Between two tries to dequeue while frames are in flight. Polling the descriptor is meaningless: on JetPack 6 it is
/// `/dev/null`, always ready.
const TRY_INTERVAL: Duration = Duration::from_micros(500);

/// The library makes the real encoder in these, and opens more of NVIDIA's nodes for it.
/// REQBUFS and STREAMON by their type and number.
const OPENING_REQUESTS: [u64; 2] = [0x5608, 0x5612];

/// A device behind NVIDIA's libv4l2.
#[derive(Debug)]
pub struct LibV4l2 {
    device: PathBuf,
    library: &'static Library,
    descriptor: RawFd,
    surface: SurfaceLibrary,
    /// How many of NVIDIA's ways to sync have failed on this device.
    failed_ways: AtomicUsize,
}

impl LibV4l2 {
    /// Loads NVIDIA's libraries in the order that boards need, then opens the device without blocking.
    ///
    /// # Errors
    /// [`crate::Failure::LibraryMissing`], [`crate::Failure::TooManyDevices`] or [`crate::Failure::Open`].
    pub fn open(device: &Path, lookup: &LibraryLookup) -> Result<Self> {
        let surface = SurfaceLibrary::find(lookup);
        let library = Library::find(lookup)?;
        let descriptor = library.open_device(device)?;
        Ok(Self { device: device.to_owned(), library, descriptor, surface, failed_ways: AtomicUsize::new(0) })
    }
}

impl Drop for LibV4l2 {
    fn drop(&mut self) {
        self.library.close_device(self.descriptor);
    }
}

#[expect(unsafe_code, reason = "Transport::ioctl is unsafe")]
impl Transport for LibV4l2 {
    fn device(&self) -> &Path {
        &self.device
    }

    unsafe fn ioctl(&self, request: Request, argument: NonNull<c_void>) -> std::result::Result<(), Errno> {
        let run = || {
            super::retry_interrupted(|| {
                // SAFETY: the caller vouches for the argument; the descriptor is the library's own and open.
                unsafe { (self.library.ioctl)(self.descriptor, request.number as _, argument.as_ptr()) }
            })
        };
        if OPENING_REQUESTS.contains(&(request.number & 0xFFFF)) {
            keep_new_descriptors(VENDOR_NODES, run)
        } else {
            run()
        }
    }

    /// First NVIDIA's own functions, each until it fails on this device; then write-back through the dma-buf, which
    /// libv4l2 passes to the kernel because the descriptor is not one of its devices.
    fn sync_for_device(&self, exported: BorrowedFd<'_>, plane: u32) -> std::result::Result<(), String> {
        let mut failures = Vec::new();
        for way in self.failed_ways.load(Ordering::Relaxed)..self.surface.ways() {
            match self.surface.sync_for_device(way, exported.as_raw_fd(), plane) {
                Ok(()) => return Ok(()),
                Err(sentence) => failures.push(sentence),
            }
            self.failed_ways.store(way + 1, Ordering::Relaxed);
        }
        super::dma_buf_write_back(exported, |fd, number, flags| {
            // SAFETY: DMA_BUF_IOCTL_SYNC reads eight bytes, which `flags` is.
            unsafe { (self.library.ioctl)(fd, number as _, flags) }
        })
        .map_err(|last| {
            failures.push(last);
            failures.join("; ")
        })
    }

    fn pitch(&self, exported: BorrowedFd<'_>, plane: usize) -> Option<u32> {
        self.surface.pitch(exported.as_raw_fd(), plane)
    }

    fn node(&self) -> Option<BorrowedFd<'_>> {
        None
    }

    fn wait(&self, waker: &Waker, interest: Interest, timeout: Duration) -> Readiness {
        let busy = interest != Interest::default();
        let waited = wait::poll(waker, None, if busy { timeout.min(TRY_INTERVAL) } else { timeout });
        Readiness { maybe_ready: busy, ..waited }
    }
}
