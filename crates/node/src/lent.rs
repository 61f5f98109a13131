//! Buffers of the device's own as JavaScript's arrays, until they are given back.

use std::sync::Arc;

use encoder::LentFrame;
use napi::bindgen_prelude::{ArrayBuffer, Either3};
use napi::{Env, Result};
use napi_derive::napi;

use crate::error::NativeError;
use crate::external::{arrays_over, detach, forbidden};

/// See `NativeLease` in `ts/native/addon.ts`.
#[napi]
pub struct NativeLease {
    frame: Arc<LentFrame>,
}

/// See `NativeLentPlane` in `ts/native/addon.ts`.
#[napi(object, object_from_js = false)]
pub struct NativeLentPlane {
    pub memory: u32,
    pub offset: f64,
    pub stride: f64,
    pub length: f64,
}

/// See `NativeLentFrame` in `ts/native/addon.ts`.
#[napi(object, object_from_js = false)]
pub struct NativeLentFrame<'env> {
    pub lease: NativeLease,
    pub format: &'static str,
    pub planes: Vec<NativeLentPlane>,
    pub memories: Vec<ArrayBuffer<'env>>,
}

#[napi]
impl NativeLease {
    /// Gives the buffer back without a frame; `memories` are its arrays, which are detached.
    #[napi(catch_unwind)]
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

/// Makes arrays over the memory of a lent buffer.
#[allow(unsafe_code, reason = "the memory of an external array is given by its address")]
pub fn lend<'env>(
    env: &'env Env,
    (frame, addresses): encoder::Lent,
) -> Result<Either3<NativeLentFrame<'env>, u32, NativeError>> {
    let frame = Arc::new(frame);
    // SAFETY: the memory is the buffer's and lives until the frame is given back, before which the arrays are detached; one
    // that is collected undetached holds the frame until then.
    let Some(memories) = (unsafe { arrays_over(env, addresses, &frame) })? else {
        frame.give_back();
        return Ok(Either3::C(forbidden("a buffer of the device's cannot be lent").into()));
    };
    let planes = frame.planes().iter().map(|plane| NativeLentPlane {
        memory: plane.memory as u32,
        offset: plane.offset as f64,
        stride: plane.stride as f64,
        length: plane.length as f64,
    });
    let (planes, format) = (planes.collect(), frame.format().name());
    Ok(Either3::A(NativeLentFrame { lease: NativeLease { frame }, format, planes, memories }))
}
