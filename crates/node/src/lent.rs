//! Buffers of the device's own as JavaScript's arrays, until they are given back.

use std::sync::Arc;

use encoder::{Code, Error, LentFrame};
use napi::bindgen_prelude::{ArrayBuffer, Either3};
use napi::{Env, Result};
use napi_derive::napi;

use crate::error::NativeError;

/// See `NativeLease` in `ts/native.ts`.
#[napi]
pub struct NativeLease {
    frame: Arc<LentFrame>,
}

/// See `NativeLentPlane` in `ts/native.ts`.
#[napi(object, object_from_js = false)]
pub struct NativeLentPlane {
    pub memory: u32,
    pub offset: f64,
    pub stride: f64,
    pub length: f64,
}

/// See `NativeLentFrame` in `ts/native.ts`.
#[napi(object, object_from_js = false)]
pub struct NativeLentFrame<'env> {
    pub lease: NativeLease,
    pub format: &'static str,
    pub planes: Vec<NativeLentPlane>,
    pub memories: Vec<ArrayBuffer<'env>>,
}

#[napi]
impl NativeLease {
    /// Gives the buffer back without a picture; `memories` are its arrays, which are detached.
    #[napi]
    pub fn give_back(&self, memories: Vec<ArrayBuffer<'_>>) -> Result<()> {
        detach(memories)?;
        self.frame.give_back();
        Ok(())
    }
}

impl NativeLease {
    pub fn frame(&self) -> &LentFrame {
        &self.frame
    }
}

/// Ends JavaScript's way to the memory.
pub fn detach(memories: Vec<ArrayBuffer<'_>>) -> Result<()> {
    memories.into_iter().try_for_each(ArrayBuffer::detach)
}

/// Makes arrays over the memory of a lent buffer.
pub fn lend<'env>(
    env: &'env Env,
    (frame, addresses): encoder::Lent,
) -> Result<Either3<NativeLentFrame<'env>, u32, NativeError>> {
    let frame = Arc::new(frame);
    let mut memories = Vec::with_capacity(addresses.len());
    for (address, length) in addresses {
        let memory = array_over(env, address, length, Arc::clone(&frame))?;
        // A runtime that forbids memory outside of its heap makes a copy, which would reach nobody.
        if memory.as_ptr() != address.cast_const() {
            frame.give_back();
            return Ok(Either3::C(forbidden().into()));
        }
        memories.push(memory);
    }
    let planes = frame.planes().iter().map(|plane| NativeLentPlane {
        memory: plane.memory as u32,
        offset: plane.offset as f64,
        stride: plane.stride as f64,
        length: plane.length as f64,
    });
    let (planes, format) = (planes.collect(), frame.format().name());
    Ok(Either3::A(NativeLentFrame { lease: NativeLease { frame }, format, planes, memories }))
}

#[allow(unsafe_code, reason = "Node-API takes the memory of an external array by its address")]
fn array_over<'env>(
    env: &'env Env,
    address: *mut u8,
    length: usize,
    keeps: Arc<LentFrame>,
) -> Result<ArrayBuffer<'env>> {
    // SAFETY: the memory is the buffer's and lives until the frame is given back, before which the array is detached; an
    // array that is collected undetached holds the frame until then.
    unsafe { ArrayBuffer::from_external(env, address, length, keeps, |_, keeps| drop(keeps)) }
}

fn forbidden() -> Error {
    Error::new(
        Code::Frame,
        "This runtime forbids memory outside of its heap, so a buffer of the device's cannot be lent.",
    )
    .with_hint("Use encode() with frames of your own: they are copied once.")
}
