//! A camera's picture as a JavaScript object, and memory for what is made of it.

use std::sync::{Arc, Mutex, PoisonError};

use camera::Frame;
use napi::bindgen_prelude::{ArrayBuffer, AsyncTask, Either};
use napi::{Env, Result, ScopedTask};
use napi_derive::napi;
use std::os::fd::AsRawFd;

use crate::error::NativeError;
use crate::external::array_over;

/// Memories that may lie unused; more are freed.
const KEPT: usize = 8;

/// Memory for pictures of one size, used again when JavaScript has let go of it.
#[derive(Debug, Default)]
pub struct Pool {
    free: Mutex<Vec<Vec<u8>>>,
}

impl Pool {
    fn free(&self) -> std::sync::MutexGuard<'_, Vec<Vec<u8>>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
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

/// See `NativePicture` in `ts/native.ts`.
#[napi]
pub struct NativePicture {
    frame: Option<Arc<Frame>>,
    pool: Arc<Pool>,
    timestamp: i64,
}

/// See `NativeDmabuf` in `ts/native.ts`.
#[napi(object, object_from_js = false)]
pub struct NativeDmabuf {
    pub format: &'static str,
    pub planes: Vec<NativeDmabufPlane>,
}

/// See `NativeDmabuf` in `ts/native.ts`.
#[napi(object, object_from_js = false)]
pub struct NativeDmabufPlane {
    pub fd: i32,
    pub offset: f64,
    pub stride: f64,
}

impl NativePicture {
    pub fn new(frame: Frame, pool: &Arc<Pool>) -> Self {
        Self { timestamp: frame.timestamp(), frame: Some(Arc::new(frame)), pool: pool.clone() }
    }
}

#[napi]
impl NativePicture {
    #[napi]
    pub fn timestamp(&self) -> f64 {
        self.timestamp as f64
    }

    /// Converts it on a thread of Node's pool and gives the buffer back to the driver.
    #[napi(ts_return_type = "Promise<ArrayBuffer | NativeError>")]
    pub fn convert(&mut self) -> AsyncTask<Convert> {
        AsyncTask::new(Convert { frame: self.frame.take(), pool: self.pool.clone() })
    }

    /// The buffer itself, until `release`.
    #[napi]
    pub fn dmabuf(&self) -> Option<NativeDmabuf> {
        let (format, planes) = self.frame.as_ref()?.dmabuf()?;
        let planes = planes.iter().map(|plane| NativeDmabufPlane {
            fd: plane.descriptor.as_raw_fd(),
            offset: plane.offset as f64,
            stride: plane.stride as f64,
        });
        Some(NativeDmabuf { format: format.name(), planes: planes.collect() })
    }

    /// Gives the buffer back to the driver, and with `memory`, what `convert` returned, that to the pool.
    #[napi]
    pub fn release(&mut self, memory: Option<ArrayBuffer<'_>>) {
        self.frame = None;
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
            return Err(napi::Error::from_reason("The picture was given back already."));
        };
        let mut memory = Memory::new(&self.pool, frame.bytes());
        Ok(frame.convert_into(&mut memory.bytes).map(|()| memory))
    }

    fn resolve(&mut self, env: &'env Env, output: Self::Output) -> Result<Self::JsValue> {
        match output {
            Ok(memory) => array_of(env, memory).map(Either::A),
            Err(error) => Ok(Either::B(error.into())),
        }
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
