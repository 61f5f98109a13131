use std::collections::VecDeque;
use std::ffi::c_void;
use std::os::fd::BorrowedFd;
use std::path::{Path, PathBuf};
use std::ptr::NonNull;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use v4l2r::nix::errno::Errno;

use crate::transport::{Interest, Readiness, Request, Transport, Waker, wait};

/// A request as the fake device saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The request's name.
    pub name: &'static str,
    /// The argument's bytes as the client filled them.
    pub argument: Vec<u8>,
}

/// One scripted answer.
#[derive(Debug, Clone)]
pub struct Reply {
    name: &'static str,
    errno: Option<Errno>,
    /// (offset, bytes) written into the argument.
    writes: Vec<(usize, Vec<u8>)>,
}

impl Reply {
    /// The request succeeds and leaves its argument as it is.
    #[must_use]
    pub fn ok(name: &'static str) -> Self {
        Self { name, errno: None, writes: Vec::new() }
    }

    /// The request fails.
    #[must_use]
    pub fn error(name: &'static str, errno: Errno) -> Self {
        Self { name, errno: Some(errno), writes: Vec::new() }
    }

    /// The driver writes a 32-bit value at a byte offset of the argument.
    #[must_use]
    pub fn u32(mut self, offset: usize, value: u32) -> Self {
        self.writes.push((offset, value.to_ne_bytes().to_vec()));
        self
    }

    /// The driver writes a text at a byte offset of the argument.
    #[must_use]
    pub fn text(mut self, offset: usize, text: &str) -> Self {
        self.writes.push((offset, text.as_bytes().to_vec()));
        self
    }
}

/// A device that answers from a script and remembers what it was asked.
///
/// A request out of order gets `ENOSYS`: the test then fails on the error or on [`Fake::calls`].
#[derive(Debug)]
pub struct Fake {
    device: PathBuf,
    script: Mutex<VecDeque<Reply>>,
    calls: Mutex<Vec<Call>>,
}

impl Fake {
    /// A device that gives these answers in this order.
    #[must_use]
    pub fn new(script: impl IntoIterator<Item = Reply>) -> Self {
        Self {
            device: PathBuf::from("/dev/fake"),
            script: Mutex::new(script.into_iter().collect()),
            calls: Mutex::default(),
        }
    }

    /// What was asked so far.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        lock(&self.calls).clone()
    }

    /// How many answers of the script are left.
    #[must_use]
    pub fn unanswered(&self) -> usize {
        lock(&self.script).len()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The size of a request's argument stands in bits 16 to 29 of its number.
pub(super) fn argument_size(request: Request) -> usize {
    (request.number >> 16) as usize & 0x3fff
}

#[expect(unsafe_code, reason = "Transport::ioctl is unsafe")]
impl Transport for Fake {
    fn device(&self) -> &Path {
        &self.device
    }

    unsafe fn ioctl(&self, request: Request, argument: NonNull<c_void>) -> Result<(), Errno> {
        // SAFETY: the caller vouches that the argument is as large as the request's number says.
        let bytes =
            unsafe { std::slice::from_raw_parts_mut(argument.cast::<u8>().as_ptr(), argument_size(request)) };
        lock(&self.calls).push(Call { name: request.name, argument: bytes.to_vec() });
        let mut script = lock(&self.script);
        if script.front().is_none_or(|reply| reply.name != request.name) {
            return Err(Errno::ENOSYS);
        }
        let Some(reply) = script.pop_front() else { return Err(Errno::ENOSYS) };
        for (offset, written) in &reply.writes {
            bytes[*offset..offset + written.len()].copy_from_slice(written);
        }
        reply.errno.map_or(Ok(()), Err)
    }

    fn sync_for_device(&self, _exported: BorrowedFd<'_>, _plane: u32) -> Result<(), String> {
        Ok(())
    }

    fn pitch(&self, _exported: BorrowedFd<'_>, _plane: usize) -> Option<u32> {
        None
    }

    fn node(&self) -> Option<BorrowedFd<'_>> {
        None
    }

    fn wait(&self, waker: &Waker, _interest: Interest, timeout: Duration) -> Readiness {
        Readiness { maybe_ready: true, ..wait::poll(waker, None, timeout) }
    }
}
