//! A camera's frame as a JavaScript object, and memory for what is made of it.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use camera::{Frame, Utc};
use encoder::{DmabufPlane, DmabufShare, Keeper, RawFormat, TryResult};
use napi::bindgen_prelude::{ArrayBuffer, AsyncTask, Either, External};
use napi::{Env, Result, ScopedTask};
use napi_derive::napi;
use std::os::fd::AsRawFd;

use crate::caught::caught_result;
use crate::error::NativeError;
use crate::external::array_over;

/// Memories that may lie unused; more are freed.
const KEPT: usize = 8;

/// Memory for frames of one size, used again when JavaScript has released it.
#[derive(Debug, Default)]
pub struct Pool {
    free: Mutex<Vec<Vec<u8>>>,
}

impl Pool {
    fn free(&self) -> std::sync::MutexGuard<'_, Vec<Vec<u8>>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The encoder's shares in a camera's buffers: taken once of each, whatever frames come in it.
#[derive(Debug, Default)]
pub struct Shares {
    known: Mutex<Vec<Arc<DmabufShare>>>,
}

impl Shares {
    fn known(&self) -> MutexGuard<'_, Vec<Arc<DmabufShare>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The share in the buffer with these planes; none where the encoder has no name for the format, or the system no descriptors.
    fn of(&self, format: &str, planes: &[DmabufPlane]) -> Option<Arc<DmabufShare>> {
        let mut known = self.known();
        if let Some(share) = known.iter().find(|share| share.planes() == planes) {
            return Some(share.clone());
        }
        let share = Arc::new(DmabufShare::share(planes, RawFormat::from_name(format)?).ok()?);
        // A driver may put each frame at another place of its buffer.
        known.retain(|other| !is_same_buffer(other.planes(), planes));
        known.push(share.clone());
        Some(share)
    }

    /// The camera is closed: its memory ends when nobody reads it any more.
    pub fn forget(&self) {
        self.known().clear();
    }
}

fn is_same_buffer(one: &[DmabufPlane], other: &[DmabufPlane]) -> bool {
    one.iter().map(|plane| plane.descriptor).eq(other.iter().map(|plane| plane.descriptor))
}

/// One memory; it goes back to its pool when dropped.
pub struct Memory {
    bytes: Vec<u8>,
    pool: Arc<Pool>,
}

impl Memory {
    fn new(pool: &Arc<Pool>, length: usize) -> Self {
        let mut bytes = pool.free().pop().unwrap_or_default();
        bytes.resize(length, 0);
        Self { bytes, pool: pool.clone() }
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        let mut free = self.pool.free();
        if free.len() < KEPT {
            free.push(std::mem::take(&mut self.bytes));
        }
    }
}

/// A frame that JavaScript holds, until it is released.
#[derive(Default)]
pub struct Held {
    frame: RefCell<Option<Arc<Frame>>>,
    /// The encoder's share in the memory, once it was requested.
    share: RefCell<Option<Arc<DmabufShare>>>,
}

impl Held {
    /// Has an encoder take the frame, which then holds it as well. `None` where it was released, or is not shared.
    pub fn submit(
        &self,
        take: impl FnOnce(&DmabufShare, Keeper) -> encoder::Result<TryResult>,
    ) -> Option<encoder::Result<TryResult>> {
        let frame = self.frame.borrow().clone()?;
        Some(take(self.share.borrow().as_deref()?, frame))
    }

    fn release(&self) {
        self.frame.take();
        self.share.take();
    }
}

/// See `NativeCameraFrame` in `ts/native/camera.ts`.
#[napi]
pub struct NativeCameraFrame {
    held: Rc<Held>,
    pool: Arc<Pool>,
    shares: Arc<Shares>,
    timestamp: i64,
    taken: Option<Utc>,
}

/// See `NativeDmabuf` in `ts/native/camera.ts`.
#[napi(object, object_from_js = false)]
pub struct NativeDmabuf {
    pub format: &'static str,
    pub planes: Vec<NativeDmabufPlane>,
    pub frame: Option<External<Rc<Held>>>,
}

/// See `NativeDmabuf` in `ts/native/camera.ts`.
#[napi(object, object_from_js = false)]
pub struct NativeDmabufPlane {
    pub fd: i32,
    pub offset: f64,
    pub stride: f64,
}

impl NativeCameraFrame {
    pub fn new(frame: Frame, pool: &Arc<Pool>, shares: &Arc<Shares>) -> Self {
        let (timestamp, taken) = (frame.timestamp(), frame.capture_time());
        let held = Held { frame: RefCell::new(Some(Arc::new(frame))), ..Held::default() };
        Self { timestamp, taken, held: Rc::new(held), pool: pool.clone(), shares: shares.clone() }
    }
}

#[napi]
impl NativeCameraFrame {
    #[napi(catch_unwind)]
    pub fn timestamp(&self) -> f64 {
        self.timestamp as f64
    }

    /// NaN where it is not known.
    #[napi(catch_unwind)]
    pub fn capture_time(&self) -> f64 {
        self.taken.map_or(f64::NAN, |taken| taken.micros as f64)
    }

    #[napi(catch_unwind)]
    pub fn capture_time_uncertainty(&self) -> u32 {
        self.taken.map_or(0, |taken| taken.uncertainty_micros)
    }

    /// Converts it on a thread of Node's pool and gives the buffer back to the driver.
    #[napi(catch_unwind, ts_return_type = "Promise<ArrayBuffer | NativeError>")]
    pub fn convert(&self) -> AsyncTask<Convert> {
        AsyncTask::new(Convert { frame: self.held.frame.take(), pool: self.pool.clone() })
    }

    /// The buffer itself, until `release`.
    #[napi(catch_unwind)]
    pub fn dmabuf(&self) -> Option<NativeDmabuf> {
        let frame = self.held.frame.borrow();
        let (format, planes) = frame.as_ref()?.dmabuf()?;
        let shared = |plane: &camera::DmabufPlane<'_>| {
            let (offset, stride) = (plane.offset.try_into().ok()?, plane.stride.try_into().ok()?);
            Some(DmabufPlane { descriptor: plane.descriptor.as_raw_fd(), offset, stride })
        };
        let planes: Vec<_> = planes.iter().map(shared).collect::<Option<_>>()?;
        let share = self.shares.of(format.name(), &planes);
        // Without it the encoder takes a share of its own, or says why it cannot.
        let frame = share.is_some().then(|| External::new(self.held.clone()));
        self.held.share.replace(share);
        let planes = planes.into_iter().map(|plane| NativeDmabufPlane {
            fd: plane.descriptor,
            offset: plane.offset.into(),
            stride: plane.stride.into(),
        });
        Some(NativeDmabuf { format: format.name(), planes: planes.collect(), frame })
    }

    /// Gives the buffer back to the driver, and with `memory`, what `convert` returned, that to the pool.
    #[napi(catch_unwind)]
    pub fn release(&self, memory: Option<ArrayBuffer<'_>>) {
        self.held.release();
        if let Some(memory) = memory {
            // One that was transferred away cannot be detached again, and is not ours any more.
            drop(memory.detach());
        }
    }
}

/// A conversion under way.
pub struct Convert {
    frame: Option<Arc<Frame>>,
    pool: Arc<Pool>,
}

impl<'env> ScopedTask<'env> for Convert {
    type Output = camera::Result<Memory>;
    type JsValue = Either<ArrayBuffer<'env>, NativeError>;

    fn compute(&mut self) -> Result<Self::Output> {
        let Some(frame) = self.frame.take() else {
            return Ok(Err(camera::Error::new(camera::Code::Closed, "The frame was given back already.")));
        };
        caught_result("conversion", || {
            let mut memory = Memory::new(&self.pool, frame.bytes());
            Ok(frame.convert_into(&mut memory.bytes).map(|()| memory))
        })
    }

    fn resolve(&mut self, env: &'env Env, output: Self::Output) -> Result<Self::JsValue> {
        caught_result("conversion's answer", || match output {
            Ok(memory) => array_of(env, memory).map(Either::A),
            Err(error) => Ok(Either::B(error.into())),
        })
    }
}

/// The memory as an array. Where a runtime forbids memory outside of its heap, it makes a copy.
#[allow(unsafe_code, reason = "the memory of an external array is given by its address")]
fn array_of<'env>(env: &'env Env, mut memory: Memory) -> Result<ArrayBuffer<'env>> {
    let (address, length) = (memory.bytes.as_mut_ptr(), memory.bytes.len());
    // SAFETY: the vector's bytes stay where they are when `memory` moves, nobody else has them, and they live until the
    // array is detached or collected, when `memory` is dropped.
    unsafe { array_over(env, address, length, memory) }
}
