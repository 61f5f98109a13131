//! A camera as a JavaScript object.

use std::cell::RefCell;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use camera::{
    Camera, CameraInfo, Control, ControlType, Device, Event, FormatInfo, Options, Output, Rates, Settings,
    SizeInfo, Stats,
};
use encoder::config::whole;
use napi::bindgen_prelude::{Either, Either3, Function, Null, Object};
use napi::{Env, Result};
use napi_derive::napi;

use crate::camera_frame::{NativeCameraFrame, Pool, Shares};
use crate::caught::{caught, caught_result};
use crate::config::NativeColorSpace;
use crate::environment::{self, Closer};
use crate::error::{NativeError, NativeFailure};
use crate::list::promise;
use crate::open_here::OpenHere;
use crate::queue::Queue;

thread_local! {
    /// The cameras of this thread's JavaScript environment.
    static CAMERAS: OpenHere<Camera> = const { OpenHere::new() };
}

/// See `NativeCameraSize` in `ts/native/addon.ts`.
#[napi(object, object_from_js = false)]
pub struct NativeCameraSize {
    pub min_width: u32,
    pub min_height: u32,
    pub max_width: u32,
    pub max_height: u32,
    pub step_width: u32,
    pub step_height: u32,
    pub rates: Vec<f64>,
    pub is_range: bool,
}

/// See `NativeCameraFormat` in `ts/native/addon.ts`.
#[napi(object, object_from_js = false)]
pub struct NativeCameraFormat {
    pub code: String,
    pub name: Option<&'static str>,
    pub description: String,
    pub sizes: Vec<NativeCameraSize>,
}

/// See `NativeCameraInfo` in `ts/native/addon.ts`.
#[napi(object, object_from_js = false)]
pub struct NativeCameraInfo {
    pub device: String,
    pub name: String,
    pub driver: String,
    pub bus: String,
    pub formats: Vec<NativeCameraFormat>,
}

/// See `NativeCameraListing` in `ts/native/addon.ts`.
#[napi(object, object_from_js = false)]
pub struct NativeCameraListing {
    pub cameras: Vec<NativeCameraInfo>,
    pub unusable: Vec<NativeError>,
}

/// No camera's frames have more pixels in a row or a column, as JPEG can write no more.
const SIDES: RangeInclusive<u32> = 1..=65_535;
const BUFFERS: RangeInclusive<u32> = 4..=32;
const KEPT: RangeInclusive<u32> = 1..=8;

/// See `NativeCameraOptions` in `ts/native/addon.ts`.
#[napi(object, object_to_js = false)]
pub struct NativeCameraOptions {
    pub index: Option<f64>,
    pub path: Option<String>,
    pub name: Option<String>,
    pub width: Option<f64>,
    pub height: Option<f64>,
    pub framerate: Option<f64>,
    pub native_format: Option<String>,
    pub format: String,
    pub buffers: f64,
    pub keep: f64,
    pub timeout: f64,
    pub root: Option<String>,
}

/// See `NativeCameraSettings` in `ts/native/addon.ts`.
#[napi(object, object_from_js = false)]
pub struct NativeCameraSettings {
    pub device: String,
    pub name: String,
    pub driver: String,
    pub bus: String,
    pub width: u32,
    pub height: u32,
    pub framerate: f64,
    pub duration: f64,
    pub native_format: &'static str,
    pub format: &'static str,
    pub color_space: NativeColorSpace,
    pub buffers: u32,
    pub dmabuf: bool,
    pub interlaced: bool,
}

/// See `CameraStats` in `ts/camera/camera.ts`.
#[napi(object, object_from_js = false)]
pub struct NativeCameraStats {
    pub captured: f64,
    pub delivered: f64,
    pub dropped: f64,
    pub errors: f64,
    pub repaired: f64,
    pub missed: f64,
    pub converted: f64,
    pub dmabuf: f64,
}

/// See `NativeControl` in `ts/native/addon.ts`.
#[napi(object, object_from_js = false)]
pub struct NativeControl {
    pub name: String,
    pub label: String,
    pub kind: &'static str,
    pub minimum: f64,
    pub maximum: f64,
    pub step: f64,
    pub default_value: f64,
    pub value: Option<f64>,
    pub menu: Vec<NativeMenuItem>,
    pub read_only: bool,
    pub inactive: bool,
}

/// See `NativeControl` in `ts/native/addon.ts`.
#[napi(object, object_from_js = false)]
pub struct NativeMenuItem {
    pub value: u32,
    pub name: String,
}

/// A camera until it is closed, and from then on the counters that it ended with: an object of JavaScript's lives until it is
/// collected, which may be never.
struct Kept {
    camera: RefCell<Option<Arc<Camera>>>,
    settings: Settings,
    last: RefCell<Stats>,
}

impl Kept {
    fn camera(&self) -> camera::Result<Arc<Camera>> {
        self.camera.borrow().clone().ok_or_else(|| camera::closed(&self.settings.device))
    }

    fn release(&self) {
        if let Some(camera) = self.camera.take() {
            self.last.replace(camera.stats());
        }
    }
}

/// See `NativeCamera` in `ts/native/addon.ts`.
#[napi]
pub struct NativeCamera {
    kept: Rc<Kept>,
    pool: Arc<Pool>,
    shares: Arc<Shares>,
}

#[napi(catch_unwind, ts_return_type = "Promise<NativeCameraListing>")]
pub fn list_cameras(env: &Env, root: Option<String>) -> Result<Object<'_>> {
    let root = root.map_or_else(|| PathBuf::from("/"), PathBuf::from);
    promise(env, move || {
        let listing = camera::list(&root);
        NativeCameraListing {
            cameras: listing.cameras.into_iter().map(info).collect(),
            unusable: listing
                .unusable
                .into_iter()
                .map(|unusable| NativeError {
                    device: Some(unusable.device.display().to_string()),
                    ..unusable.reason.into()
                })
                .collect(),
        }
    })
}

/// Opens a camera on a thread of its own; see `NativeAddon.openCamera` in `ts/native/addon.ts`.
#[napi(catch_unwind, ts_return_type = "Promise<NativeCamera | NativeFailure>")]
pub fn open_camera<'env>(
    env: &'env Env,
    options: NativeCameraOptions,
    on_event: Function<'_, Option<NativeError>, ()>,
) -> Result<Object<'env>> {
    environment::register(env, &CLOSER)?;
    let queue = Queue::new(&on_event, |_, event| {
        Ok(match event {
            Event::Ended(error) => Some(NativeError::from(error)),
            _ => None,
        })
    })?;
    let (deferred, promise) = env.create_deferred()?;
    let work = move || {
        let theirs = queue.clone();
        let open = || {
            Options::try_from(options).map_err(rejected).and_then(|options| {
                Camera::open(options, move |event| {
                    let is_last = matches!(event, Event::Ended(_));
                    theirs.send(event);
                    if is_last {
                        theirs.end();
                    }
                })
                .map_err(rejected)
            })
        };
        let opened = caught("camera's opening", open).unwrap_or_else(|error| Err(Box::new(error.into())));
        if opened.is_err() {
            // A thread that hangs in the driver reports nothing more.
            queue.end();
        }
        deferred.resolve(move |_| caught_result("answer", || Ok(taken(opened))));
    };
    v4l2::threads::spawn("v4l2enc open", work)
        .map_err(|error| napi::Error::from_reason(format!("No thread could be started: {error}.")))?;
    Ok(promise)
}

fn rejected(error: impl Into<NativeFailure>) -> Box<NativeFailure> {
    Box::new(error.into())
}

/// On JavaScript's thread: from here on the camera is closed with it.
fn taken(opened: std::result::Result<Camera, Box<NativeFailure>>) -> Either<NativeCamera, NativeFailure> {
    match opened {
        Ok(camera) => {
            let camera = Arc::new(camera);
            CAMERAS.with(|open| open.add(&camera));
            let settings = camera.settings().clone();
            let kept = Kept { settings, camera: RefCell::new(Some(camera)), last: RefCell::default() };
            Either::A(NativeCamera { kept: Rc::new(kept), pool: Arc::default(), shares: Arc::default() })
        }
        Err(rejection) => Either::B(*rejection),
    }
}

/// How many cameras of this thread are not released.
pub fn count() -> u32 {
    CAMERAS.with(OpenHere::count)
}

static CLOSER: Closer = Closer { begin: begin_closing, wait: wait_closed, torn_down: || {} };

fn begin_closing() {
    wait_closed(Instant::now());
}

fn wait_closed(deadline: Instant) {
    for camera in CAMERAS.with(OpenHere::all) {
        camera.close_within(deadline.saturating_duration_since(Instant::now()));
    }
}

/// Node-API would make numbers of 32 bits of all others by leaving out what does not fit in, so these come as they are.
impl TryFrom<NativeCameraOptions> for Options {
    type Error = encoder::Error;

    fn try_from(options: NativeCameraOptions) -> encoder::Result<Self> {
        let side = |name, value: Option<f64>| value.map(|value| whole(name, value, &SIDES)).transpose();
        let device = match (options.path, options.name) {
            (Some(path), _) => Device::Path(path.into()),
            (None, Some(name)) => Device::Name(name),
            (None, None) => {
                Device::Index(whole("camera", options.index.unwrap_or(0.0), &(0..=u32::MAX))? as usize)
            }
        };
        Ok(Self {
            device,
            size: side("width", options.width)?.zip(side("height", options.height)?),
            framerate: options.framerate,
            native: options.native_format,
            output: if options.format == "I420" { Output::I420 } else { Output::Nv12 },
            buffers: whole("buffers", options.buffers, &BUFFERS)?,
            keep: whole("limit", options.keep, &KEPT)? as usize,
            timeout: Duration::from_secs_f64((options.timeout / 1000.0).clamp(0.0, 600.0)),
            root: options.root.map_or_else(|| PathBuf::from("/"), PathBuf::from),
            ..Self::default()
        })
    }
}

fn info(camera: CameraInfo) -> NativeCameraInfo {
    NativeCameraInfo {
        device: camera.device.display().to_string(),
        name: camera.name,
        driver: camera.driver,
        bus: camera.bus,
        formats: camera.formats.into_iter().map(format).collect(),
    }
}

fn format(format: FormatInfo) -> NativeCameraFormat {
    NativeCameraFormat {
        code: format.code.to_string(),
        name: format.native.map(camera::Native::name),
        description: format.description,
        sizes: format.sizes.into_iter().map(size).collect(),
    }
}

fn size(info: SizeInfo) -> NativeCameraSize {
    let ([min_width, max_width, step_width], [min_height, max_height, step_height]) = info.bounds();
    let (rates, is_range) = match info.rates {
        Rates::Listed(rates) => (rates, false),
        Rates::Range { least, most } => (vec![least, most], true),
        _ => (Vec::new(), false),
    };
    NativeCameraSize {
        min_width,
        min_height,
        max_width,
        max_height,
        step_width,
        step_height,
        rates,
        is_range,
    }
}

fn control(control: Control) -> NativeControl {
    NativeControl {
        name: control.name,
        label: control.label,
        kind: match control.kind {
            ControlType::Boolean => "boolean",
            ControlType::Menu => "menu",
            ControlType::IntegerMenu => "integer-menu",
            ControlType::Button => "button",
            ControlType::Bitmask => "bitmask",
            _ => "integer",
        },
        minimum: control.minimum as f64,
        maximum: control.maximum as f64,
        step: control.step as f64,
        default_value: control.default as f64,
        value: control.value.map(|value| value as f64),
        menu: control
            .menu
            .into_iter()
            .map(|item| NativeMenuItem { value: item.index, name: item.name })
            .collect(),
        read_only: control.read_only,
        inactive: control.inactive,
    }
}

#[napi]
impl NativeCamera {
    #[napi(catch_unwind)]
    pub fn settings(&self) -> NativeCameraSettings {
        let settings = &self.kept.settings;
        NativeCameraSettings {
            device: settings.device.display().to_string(),
            name: settings.name.clone(),
            driver: settings.driver.clone(),
            bus: settings.bus.clone(),
            width: settings.width,
            height: settings.height,
            framerate: settings.framerate(),
            duration: settings.duration() as f64,
            native_format: settings.native.name(),
            format: settings.output.format().name(),
            color_space: settings.color.into(),
            buffers: settings.buffers as u32,
            dmabuf: settings.dmabuf,
            interlaced: settings.field != camera::Field::Progressive,
        }
    }

    /// The oldest frame that waits, or why there will be none.
    #[napi(catch_unwind)]
    pub fn take(&self) -> Either3<NativeCameraFrame, Null, NativeError> {
        match self.kept.camera().and_then(|camera| camera.take()) {
            Ok(Some(frame)) => Either3::A(NativeCameraFrame::new(frame, &self.pool, &self.shares)),
            Ok(None) => Either3::B(Null),
            Err(error) => Either3::C(error.into()),
        }
    }

    #[napi(catch_unwind)]
    pub fn stats(&self) -> NativeCameraStats {
        let stats = self.kept.camera().map_or_else(|_| *self.kept.last.borrow(), |camera| camera.stats());
        NativeCameraStats {
            captured: stats.captured as f64,
            delivered: stats.delivered as f64,
            dropped: stats.dropped as f64,
            errors: stats.errors as f64,
            repaired: stats.repaired as f64,
            missed: stats.missed as f64,
            converted: stats.converted as f64,
            dmabuf: stats.dmabuf as f64,
        }
    }

    #[napi(catch_unwind, ts_return_type = "Promise<NativeControl[] | NativeFailure>")]
    pub fn controls<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        let camera = self.kept.camera();
        promise(env, move || match camera.and_then(|camera| camera.controls()) {
            Ok(controls) => Either::A(controls.into_iter().map(control).collect::<Vec<_>>()),
            Err(error) => Either::B(NativeFailure::from(error)),
        })
    }

    #[napi(catch_unwind, ts_return_type = "Promise<number | NativeFailure>")]
    pub fn set_control<'env>(&self, env: &'env Env, name: String, value: f64) -> Result<Object<'env>> {
        let camera = self.kept.camera();
        promise(env, move || match camera.and_then(|camera| camera.set_control(&name, value as i64)) {
            Ok(value) => Either::A(value as f64),
            Err(error) => Either::B(NativeFailure::from(error)),
        })
    }

    #[napi(catch_unwind, ts_return_type = "Promise<void>")]
    pub fn close<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        self.shares.forget();
        let camera = self.kept.camera();
        promise(env, move || camera.map_or_else(drop, |camera| camera.close()))
    }

    /// Lets go of the camera, which is closed.
    #[napi(catch_unwind)]
    pub fn release(&self) {
        self.kept.release();
    }
}
