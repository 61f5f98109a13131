//! Surfaces of NVIDIA's memory manager as JavaScript objects.

use std::cell::RefCell;
use std::path::PathBuf;
use std::sync::Arc;

use encoder::{Code, Error, Surface, SurfaceFormat, SurfaceOptions};
use napi::bindgen_prelude::{ArrayBuffer, Either, Null, Object, Uint8Array};
use napi::{Env, Result};
use napi_derive::napi;

use crate::error::{NativeError, NativeFailure};
use crate::external::{arrays_over, detach, forbidden};
use crate::list::promise;

/// See `NativeSurfaceOptions` in `ts/native/addon.ts`.
#[napi(object, object_to_js = false)]
pub struct NativeSurfaceOptions {
    pub width: f64,
    pub height: f64,
    pub format: String,
    pub block_linear: bool,
    pub library: Option<String>,
}

/// See `NativeSurfacePlane` in `ts/native/addon.ts`.
#[napi(object, object_from_js = false)]
pub struct NativeSurfacePlane {
    pub offset: u32,
    pub stride: u32,
}

/// See `NativeSurface` in `ts/native/addon.ts`.
#[napi]
pub struct NativeSurface {
    surface: RefCell<Option<Arc<Surface>>>,
}

/// Allocates a surface; see `NativeAddon.allocateSurface` in `ts/native/addon.ts`.
#[napi(catch_unwind, ts_return_type = "Promise<NativeSurface | NativeFailure>")]
pub fn allocate_surface(env: &Env, options: NativeSurfaceOptions) -> Result<Object<'_>> {
    promise(env, move || match allocate(options) {
        Ok(surface) => Either::A(NativeSurface { surface: RefCell::new(Some(Arc::new(surface))) }),
        Err(error) => Either::B(NativeFailure::from(error)),
    })
}

fn allocate(options: NativeSurfaceOptions) -> encoder::Result<Surface> {
    let NativeSurfaceOptions { width, height, format, block_linear, library } = options;
    let format = SurfaceFormat::from_name(&format).ok_or_else(|| {
        Error::shape(Code::Config, format!("A surface's format must be I420, NV12 or P010, not {format}."))
    })?;
    let library = library.map(PathBuf::from);
    // Node-API would cut off what does not fit into 32 bits.
    let (width, height) = (Surface::side("width", width)?, Surface::side("height", height)?);
    Surface::allocate(&SurfaceOptions { width, height, format, block_linear, library })
}

#[napi]
impl NativeSurface {
    #[napi(catch_unwind)]
    pub fn fd(&self) -> i32 {
        self.with(|surface| Ok(surface.descriptor())).unwrap_or(-1)
    }

    #[napi(catch_unwind)]
    pub fn planes(&self) -> Vec<NativeSurfacePlane> {
        let planes = self.with(|surface| Ok(surface.planes().to_vec())).unwrap_or_default();
        planes
            .into_iter()
            .map(|plane| NativeSurfacePlane { offset: plane.offset, stride: plane.stride })
            .collect()
    }

    /// An array over the memory of each plane, or why not.
    #[allow(unsafe_code, reason = "the memory of an external array is given by its address")]
    #[napi(catch_unwind)]
    pub fn map<'env>(&self, env: &'env Env) -> Result<Either<Vec<ArrayBuffer<'env>>, NativeError>> {
        let planes = match self.with(Surface::map) {
            Ok(planes) => planes,
            Err(error) => return Ok(Either::B(error.into())),
        };
        let Some(surface) = self.surface.borrow().clone() else { return Ok(Either::A(Vec::new())) };
        // SAFETY: the mapping lives as long as the surface, which the arrays hold, or until it is unmapped, before which they
        // are detached.
        let memories = unsafe { arrays_over(env, planes, &surface) }?;
        Ok(memories.map_or_else(
            || {
                drop(surface.unmap());
                Either::B(forbidden("a surface cannot be written from JavaScript").into())
            },
            Either::A,
        ))
    }

    /// Ends the mapping; `memories` are its arrays, which are detached. What the answer says is a warning.
    #[napi(catch_unwind)]
    pub fn unmap(&self, memories: Vec<ArrayBuffer<'_>>) -> Result<Either<NativeError, Null>> {
        detach(memories)?;
        Ok(or_null(self.with(Surface::unmap).err()))
    }

    #[napi(catch_unwind)]
    pub fn map_params(&self) -> Either<Uint8Array, NativeError> {
        match self.with(Surface::map_parameters) {
            Ok(parameters) => Either::A(parameters.into()),
            Err(error) => Either::B(error.into()),
        }
    }

    /// Frees the surface, or says why not. A second time does nothing.
    #[napi(catch_unwind)]
    pub fn close(&self) -> Either<NativeError, Null> {
        let mut surface = self.surface.borrow_mut();
        let rejected = surface.as_deref().and_then(|surface| surface.check_free().err());
        if rejected.is_none() {
            surface.take();
        }
        or_null(rejected)
    }

    fn with<T>(&self, work: impl FnOnce(&Surface) -> encoder::Result<T>) -> encoder::Result<T> {
        match self.surface.borrow().as_deref() {
            Some(surface) => work(surface),
            None => Err(Error::new(Code::Closed, "The surface is closed.")
                .with_hint("Allocate a new one with allocateSurface().")),
        }
    }
}

fn or_null(error: Option<Error>) -> Either<NativeError, Null> {
    error.map_or(Either::B(Null), |error| Either::A(error.into()))
}
