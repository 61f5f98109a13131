//! Failures as data.

use std::fmt::Debug;
use std::path::{Path, PathBuf};

use napi::bindgen_prelude::{Either, Null};
use napi_derive::napi;
use v4l2::{Error, Kind, RejectedEncoder};

/// See `NativeError` in `ts/native/addon.ts`.
#[napi(object, object_from_js = false)]
pub struct NativeError {
    pub kind: &'static str,
    pub code: &'static str,
    pub message: String,
    pub hint: Option<String>,
    pub device: Option<String>,
    pub ioctl: Option<&'static str>,
    pub errno: Option<String>,
    pub cause: Option<String>,
    pub rejected: Option<Vec<NativeRejection>>,
    pub lost: Option<Vec<f64>>,
    pub timestamp: Option<f64>,
}

/// See `NativeRejection` in `ts/native/addon.ts`.
#[napi(object, object_from_js = false)]
pub struct NativeRejection {
    pub backend: &'static str,
    pub device: Either<String, Null>,
    pub codec: String,
    pub code: &'static str,
    pub message: String,
    pub hint: Option<String>,
    pub ioctl: Option<&'static str>,
    pub errno: Option<String>,
    pub alternatives: Option<Vec<&'static str>>,
}

/// A check that failed; see `NativeFailure` in `ts/native/addon.ts`.
#[napi(object, object_from_js = false)]
pub struct NativeFailure {
    pub error: NativeError,
}

impl From<Error> for NativeFailure {
    fn from(error: Error) -> Self {
        Self { error: error.into() }
    }
}

impl NativeError {
    fn new(code: &'static str, message: String, device: Option<PathBuf>, errno: Option<impl Debug>) -> Self {
        Self {
            kind: "error",
            code,
            message,
            hint: None,
            device: device.map(|device| device.display().to_string()),
            ioctl: None,
            errno: errno.map(|errno| format!("{errno:?}")),
            cause: None,
            rejected: None,
            lost: None,
            timestamp: None,
        }
    }
}

impl From<Error> for NativeError {
    fn from(error: Error) -> Self {
        let list = |timestamps: Vec<i64>| timestamps.into_iter().map(|timestamp| timestamp as f64).collect();
        Self {
            kind: match error.kind {
                Kind::Type => "type",
                Kind::Range => "range",
                Kind::Other => "error",
            },
            hint: error.hint,
            ioctl: error.ioctl,
            rejected: (!error.rejected.is_empty()).then(|| rejections(error.rejected)),
            lost: (!error.lost.is_empty()).then(|| list(error.lost)),
            ..Self::new(error.code.name(), error.message, error.device, error.errno)
        }
    }
}

pub fn rejections(all: Vec<RejectedEncoder>) -> Vec<NativeRejection> {
    all.into_iter()
        .map(|rejection| NativeRejection {
            backend: rejection.backend,
            device: device_or_null(rejection.device),
            codec: rejection.codec.unwrap_or_default(),
            code: rejection.code.name(),
            message: rejection.message,
            hint: rejection.hint,
            ioctl: rejection.ioctl,
            errno: rejection.errno.map(|errno| format!("{errno:?}")),
            alternatives: (!rejection.alternatives.is_empty()).then_some(rejection.alternatives),
        })
        .collect()
}

/// A device's path; software has none, which JavaScript sees as null.
pub fn device_or_null(device: Option<PathBuf>) -> Either<String, Null> {
    device.map_or(Either::B(Null), |device| Either::A(device.display().to_string()))
}

/// See `NativeAddon.permissionHint` in `ts/native/addon.ts`.
#[napi(catch_unwind)]
pub fn permission_hint(device: String) -> String {
    v4l2::permission_hint(Some(Path::new(&device)))
}
