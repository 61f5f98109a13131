//! Listing and asking. A probe may wait for a device, so it runs on a thread of its own, never on Node's pool.

use std::path::PathBuf;

use encoder::{Codec, EncoderInfo, FrameSizes, LogLevel, Logger, Support};
use napi::bindgen_prelude::{Either, Null, Object};
use napi::{Env, Error, Result};
use napi_derive::napi;

use crate::caught::caught_result;
use crate::config::{NativeConfig, NativeResolvedConfig};
use crate::error::{NativeFailure, NativeRejection, device_or_null, rejections};

/// See `NativeAddon.listEncoders` in `ts/native/addon.ts`.
#[napi(object, object_to_js = false)]
pub struct NativeListOptions {
    pub probe: bool,
    pub library: Option<String>,
    pub root: Option<String>,
}

/// See `NativeEncoderInfo` in `ts/native/addon.ts`.
#[napi(object, object_from_js = false)]
pub struct NativeEncoderInfo {
    pub backend: &'static str,
    pub device: Either<String, Null>,
    pub name: String,
    pub driver: Option<String>,
    pub bus: Option<String>,
    pub codecs: Vec<String>,
    pub sizes: Option<Vec<NativeCodecSizes>>,
    pub formats: Option<Vec<String>>,
    pub available: bool,
    pub code: Option<&'static str>,
    pub message: Option<String>,
    pub hint: Option<String>,
}

/// See `NativeCodecSizes` in `ts/native/addon.ts`.
#[napi(object, object_from_js = false)]
pub struct NativeCodecSizes {
    pub codec: &'static str,
    pub min_width: u32,
    pub min_height: u32,
    pub max_width: u32,
    pub max_height: u32,
}

impl NativeCodecSizes {
    fn new((codec, sizes): (Codec, FrameSizes)) -> Self {
        let ([min_width, max_width], [min_height, max_height]) = match sizes {
            FrameSizes::Discrete { width, height } => ([width; 2], [height; 2]),
            FrameSizes::Stepwise { width: [least, most, _], height: [lowest, highest, _] } => {
                ([least, most], [lowest, highest])
            }
        };
        Self { codec: codec.name(), min_width, min_height, max_width, max_height }
    }
}

/// See `NativeSupport` in `ts/native/addon.ts`.
#[napi(object, object_from_js = false)]
pub struct NativeSupport {
    pub supported: bool,
    pub backend: Option<&'static str>,
    pub device: Either<String, Null>,
    pub config: Option<NativeResolvedConfig>,
    pub rejected: Vec<NativeRejection>,
}

#[napi(catch_unwind, ts_return_type = "Promise<NativeEncoderInfo[]>")]
pub fn list_encoders(env: &Env, options: NativeListOptions) -> Result<Object<'_>> {
    let library = options.library.map(PathBuf::from);
    let root = options.root.map(PathBuf::from);
    promise(env, move || {
        encoder::list_encoders(library, root, options.probe).into_iter().map(info).collect::<Vec<_>>()
    })
}

#[napi(catch_unwind, ts_return_type = "Promise<NativeSupport | NativeFailure>")]
pub fn is_supported(env: &Env, config: NativeConfig, probe: bool) -> Result<Object<'_>> {
    promise(env, move || {
        let asked = config
            .into_config(|_| Logger::new(LogLevel::Silent, |_| {}))
            .and_then(|config| encoder::is_supported(&config, probe));
        match asked {
            Ok(found) => Either::A(support(found)),
            Err(error) => Either::B(NativeFailure::from(error)),
        }
    })
}

/// Runs `work` on a thread of its own; the promise resolves with what it returns.
pub fn promise<T: napi::bindgen_prelude::ToNapiValue + Send + 'static>(
    env: &Env,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<Object<'_>> {
    let (deferred, promise) = env.create_deferred()?;
    v4l2::threads::spawn("v4l2enc ask", move || {
        let result = caught_result("question", || Ok(work()));
        deferred.resolve(move |_| caught_result("answer", || result));
    })
    .map_err(|error| Error::from_reason(format!("No thread could be started: {error}.")))?;
    Ok(promise)
}

fn info(info: EncoderInfo) -> NativeEncoderInfo {
    let problem = info.problem;
    NativeEncoderInfo {
        backend: info.backend.name(),
        device: device_or_null(info.device),
        name: info.name,
        driver: info.driver,
        bus: info.bus,
        sizes: (!info.sizes.is_empty()).then(|| info.sizes.into_iter().map(NativeCodecSizes::new).collect()),
        formats: (!info.formats.is_empty()).then_some(info.formats),
        codecs: info.codecs,
        available: problem.is_none(),
        code: problem.as_ref().map(|problem| problem.code.name()),
        message: problem.as_ref().map(|problem| problem.message.clone()),
        hint: problem.and_then(|problem| problem.hint),
    }
}

fn support(found: Support) -> NativeSupport {
    let (backend, device) = match found.candidate {
        Some(candidate) => (Some(candidate.backend.name()), candidate.device),
        None => (None, None),
    };
    NativeSupport {
        supported: backend.is_some(),
        backend,
        device: device_or_null(device),
        config: found.config.map(Into::into),
        rejected: rejections(found.rejected),
    }
}
