use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use camera::{Camera, Device, Options};

/// How long a frame may take on an emulated machine.
pub(crate) const MAX_WAIT: Duration = Duration::from_secs(20);

/// One camera, one test at a time.
pub(crate) fn alone() -> MutexGuard<'static, ()> {
    static CAMERA: Mutex<()> = Mutex::new(());
    CAMERA.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) fn node() -> PathBuf {
    let listing = camera::list(Path::new("/"));
    assert_eq!(listing.cameras.len(), 1, "{listing:?}");
    listing.cameras[0].device.clone()
}

pub(crate) fn options() -> Options {
    Options {
        device: Device::Path(node()),
        size: Some((640, 480)),
        framerate: Some(15.0),
        timeout: MAX_WAIT,
        ..Options::default()
    }
}

pub(crate) fn open(options: Options) -> Camera {
    Camera::open(options, |_| {}).unwrap()
}
