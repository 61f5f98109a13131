//! Requests of a raw argument, as plain values for a model of a device.
//!
//! The mirror image of [`crate::ioctl`]: there plain values become structs of the driver's ABI, here those structs become
//! plain values again. So a model of a driver is written without any unsafe code, and what it is asked has been through the
//! same structs and numbers as what a kernel is asked.

mod buffers;
mod controls;
mod formats;
mod model;

use std::ffi::c_void;
use std::os::fd::BorrowedFd;
use std::path::{Path, PathBuf};
use std::ptr::NonNull;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use v4l2r::QueueType;
use v4l2r::bindings as abi;
use v4l2r::nix::errno::Errno;

use crate::transport::{Interest, Readiness, Request, Transport, Waker, wait};

pub use model::{Answer, Model, QueuedBuffer};

/// A transport to a model of a device.
#[derive(Debug)]
pub struct Modelled<M> {
    device: PathBuf,
    model: Mutex<M>,
}

impl<M: Model> Modelled<M> {
    /// A device at this path, which need not exist.
    pub fn new(device: impl Into<PathBuf>, model: M) -> Self {
        Self { device: device.into(), model: Mutex::new(model) }
    }

    /// The model itself, to look at or to change.
    pub fn model(&self) -> MutexGuard<'_, M> {
        self.model.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The struct of a request.
///
/// # Safety
/// The argument points to a `T` that nobody else uses meanwhile.
#[expect(unsafe_code, reason = "the argument is a raw struct of the driver's ABI")]
unsafe fn argument<'a, T>(argument: NonNull<c_void>) -> &'a mut T {
    // SAFETY: the caller's promise.
    unsafe { argument.cast().as_mut() }
}

/// A queue by its number; `EINVAL` for one that does not exist.
fn queue(number: u32) -> Answer<QueueType> {
    QueueType::n(number).ok_or(Errno::EINVAL)
}

/// Writes a text into a fixed array, cut off where it is too long.
fn put_text(place: &mut [u8], text: &str) {
    for (place, byte) in place.iter_mut().zip(text.bytes()) {
        *place = byte;
    }
}

/// Requests about what a device is and shall do; `None` for the others.
///
/// # Safety
/// As [`Transport::ioctl`].
#[expect(unsafe_code, reason = "arguments are raw structs of the driver's ABI")]
unsafe fn describe(model: &mut impl Model, name: &str, raw: NonNull<c_void>) -> Option<Answer<()>> {
    Some(match name {
        "VIDIOC_QUERYCAP" => {
            // SAFETY: the struct of this request.
            formats::querycap(model, unsafe { argument(raw) })
        }
        "VIDIOC_ENUM_FMT" => {
            // SAFETY: the struct of this request.
            formats::enum_fmt(model, unsafe { argument(raw) })
        }
        "VIDIOC_ENUM_FRAMESIZES" => {
            // SAFETY: the struct of this request.
            formats::enum_framesizes(model, unsafe { argument(raw) })
        }
        name @ ("VIDIOC_G_FMT" | "VIDIOC_S_FMT" | "VIDIOC_TRY_FMT") => {
            // SAFETY: the struct of these requests.
            formats::format(model, name, unsafe { argument(raw) })
        }
        name @ ("VIDIOC_G_PARM" | "VIDIOC_S_PARM") => {
            // SAFETY: the struct of these requests.
            formats::parm(model, name, unsafe { argument(raw) })
        }
        name @ ("VIDIOC_G_SELECTION" | "VIDIOC_S_SELECTION") => {
            // SAFETY: the struct of these requests.
            formats::selection(model, name, unsafe { argument(raw) })
        }
        "VIDIOC_QUERY_EXT_CTRL" => {
            // SAFETY: the struct of this request.
            controls::query_ext_ctrl(model, unsafe { argument(raw) })
        }
        name @ ("VIDIOC_G_EXT_CTRLS" | "VIDIOC_S_EXT_CTRLS") => {
            // SAFETY: the struct of these requests.
            let controls = unsafe { argument(raw) };
            // SAFETY: its pointer is to as many controls as it says.
            unsafe { controls::ext_ctrls(model, name, controls) }
        }
        _ => return None,
    })
}

/// Requests about buffers, streams and events; `ENOTTY` for those that nobody models.
///
/// # Safety
/// As [`Transport::ioctl`].
#[expect(unsafe_code, reason = "arguments are raw structs of the driver's ABI")]
unsafe fn work(model: &mut impl Model, name: &str, raw: NonNull<c_void>) -> Answer<()> {
    match name {
        "VIDIOC_REQBUFS" => {
            // SAFETY: the struct of this request.
            buffers::reqbufs(model, unsafe { argument(raw) })
        }
        name @ ("VIDIOC_QUERYBUF" | "VIDIOC_QBUF" | "VIDIOC_DQBUF") => {
            // SAFETY: the struct of these requests.
            let buffer = unsafe { argument(raw) };
            // SAFETY: in the multi-planar API its pointer is to as many planes as it says.
            unsafe { buffers::buffer(model, name, buffer) }
        }
        "VIDIOC_EXPBUF" => {
            // SAFETY: the struct of this request.
            buffers::expbuf(model, unsafe { argument(raw) })
        }
        "VIDIOC_STREAMON" => {
            // SAFETY: the number that this request takes.
            model.streamon(queue(*unsafe { argument(raw) })?)
        }
        "VIDIOC_STREAMOFF" => {
            // SAFETY: the number that this request takes.
            model.streamoff(queue(*unsafe { argument(raw) })?)
        }
        "VIDIOC_ENCODER_CMD" => {
            // SAFETY: the struct of this request.
            model.encoder_cmd(unsafe { argument::<abi::v4l2_encoder_cmd>(raw) }.cmd)
        }
        "VIDIOC_SUBSCRIBE_EVENT" => {
            // SAFETY: the struct of this request.
            model.subscribe_event(unsafe { argument::<abi::v4l2_event_subscription>(raw) }.type_)
        }
        "VIDIOC_DQEVENT" => {
            // SAFETY: the struct of this request.
            unsafe { argument::<abi::v4l2_event>(raw) }.type_ = model.dqevent()?;
            Ok(())
        }
        _ => Err(Errno::ENOTTY),
    }
}

#[expect(unsafe_code, reason = "arguments are raw structs of the driver's ABI")]
impl<M: Model> Transport for Modelled<M> {
    fn device(&self) -> &Path {
        &self.device
    }

    unsafe fn ioctl(&self, request: Request, raw: NonNull<c_void>) -> Result<(), Errno> {
        let model = &mut *self.model();
        // SAFETY: the caller's promise.
        if let Some(answer) = unsafe { describe(model, request.name, raw) } {
            return answer;
        }
        // SAFETY: the caller's promise.
        unsafe { work(model, request.name, raw) }
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

    fn wait(&self, waker: &Waker, interest: Interest, timeout: Duration) -> Readiness {
        // As in `poll(2)`, a device of which nothing is wanted is not looked at.
        let reported =
            if interest == Interest::default() { Readiness::default() } else { self.model().poll(interest) };
        let timeout = if reported == Readiness::default() { timeout } else { Duration::ZERO };
        Readiness { woken: wait::poll(waker, None, timeout).woken, ..reported }
    }
}
