use std::path::{Path, PathBuf};
use std::time::Duration;

use v4l2::discovery::{self, KernelNode, Kind};
use v4l2::ioctl::{self, FormatDescription, FrameSizes};
use v4l2::transport::Kernel;
use v4l2::{PixelFormat, Transport};

use crate::error::of_camera;
use crate::useless::useless;
use crate::{Code, Error, Native, Rates, Result};

/// The cameras of a machine, and what looked like one and cannot be used.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Listing {
    /// By the number of their nodes; their place here is their index.
    pub cameras: Vec<CameraInfo>,
    /// Nodes that could not be looked at, or that give nothing which can be used here.
    pub unusable: Vec<Unusable>,
}

/// A camera.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CameraInfo {
    /// Its node, such as `/dev/video0`.
    pub device: PathBuf,
    /// Its name for people.
    pub name: String,
    /// The driver's name, such as `uvcvideo`.
    pub driver: String,
    /// Where it is attached, such as `usb-0000:00:14.0-1`.
    pub bus: String,
    /// What it gives, in the driver's order.
    pub formats: Vec<FormatInfo>,
}

/// A format of a camera.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct FormatInfo {
    /// V4L2's code, such as `YUYV` or `MJPG`.
    pub code: PixelFormat,
    /// The driver's words for it.
    pub description: String,
    /// What it is here; `None` when it cannot be used.
    pub native: Option<Native>,
    /// Its sizes; empty where the driver does not list them.
    pub sizes: Vec<SizeInfo>,
}

/// A size of a format, or a range of sizes.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct SizeInfo {
    /// In pixels.
    pub size: FrameSizes,
    /// Frames a second at this size; of a range of sizes, at the largest.
    pub rates: Rates,
}

impl SizeInfo {
    /// Least, most and step of width and height; one size has steps of 0.
    #[must_use]
    pub fn bounds(&self) -> ([u32; 3], [u32; 3]) {
        match self.size {
            FrameSizes::Discrete { width, height } => ([width, width, 0], [height, height, 0]),
            FrameSizes::Stepwise { width, height } => (width, height),
        }
    }
}

/// A node that is no camera for us.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Unusable {
    /// Its node.
    pub device: PathBuf,
    /// Why not.
    pub reason: Error,
}

/// Looks at every `/dev/videoN` below `root`. Encoders, decoders, scalers and nodes for metadata are left out.
#[must_use]
pub fn list(root: &Path) -> Listing {
    let (cameras, unusable) = each_camera(root, Found::describe);
    Listing { cameras, unusable }
}

/// The same cameras without what they give: the many calls for sizes and rates are not made.
pub(crate) fn nodes(root: &Path) -> (Vec<KernelNode>, Vec<Unusable>) {
    each_camera(root, |found| Ok(found.node))
}

fn each_camera<T: Send + 'static>(root: &Path, take: fn(Found) -> Result<T>) -> (Vec<T>, Vec<Unusable>) {
    let (mut cameras, mut unusable) = (Vec::new(), Vec::new());
    for device in discovery::kernel_nodes(root) {
        let node = device.clone();
        let found = in_time(&device, discovery::MAX_WAIT, move || {
            look(&node).and_then(|found| found.map(take).transpose())
        });
        match found {
            Ok(Some(camera)) => cameras.push(camera),
            Ok(None) => {}
            Err(reason) => unusable.push(Unusable { device, reason: of_camera(reason) }),
        }
    }
    (cameras, unusable)
}

/// What a look at a device finds; one that hangs must not keep the others from being found.
fn in_time<T: Send + 'static>(
    device: &Path,
    max_wait: Duration,
    look: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    let found = discovery::in_time(max_wait, look)
        .map_err(|error| Error::new(Code::Device, format!("No thread could be started: {error}.")))?;
    found.unwrap_or_else(|| {
        let message = format!("{} did not say what it is within {max_wait:?}.", device.display());
        let hint = "The driver hangs. Unplug the camera and plug it in again, or reboot.";
        Err(Error::new(Code::Timeout, message).with_hint(hint).on(device))
    })
}

/// A camera that gives something which can be used here.
struct Found {
    node: KernelNode,
    transport: Kernel,
    formats: Vec<FormatDescription>,
}

impl Found {
    fn describe(self) -> Result<CameraInfo> {
        let formats = describe(&self.transport, self.formats);
        let KernelNode { device, driver, card: name, bus, .. } = self.node;
        Ok(CameraInfo { device, name, driver, bus, formats })
    }
}

fn look(device: &Path) -> Result<Option<Found>> {
    let node = discovery::examine(device)?;
    if !matches!(node.kind, Kind::Camera | Kind::Loopback) {
        return Ok(None);
    }
    let transport = Kernel::open(device)?;
    let formats = ioctl::enum_fmt(&transport, ioctl::querycap(&transport)?.capture_queue())?;
    if formats.is_empty() {
        // A loopback that nobody writes into.
        return Ok(None);
    }
    if formats.iter().all(|format| Native::of(format.pixel_format).is_none()) {
        return Err(useless(formats.iter().map(|format| format.pixel_format), device));
    }
    Ok(Some(Found { node, transport, formats }))
}

/// Formats of a capture queue, with sizes and rates of those that can be used.
pub(crate) fn describe(transport: &dyn Transport, formats: Vec<FormatDescription>) -> Vec<FormatInfo> {
    let described = |format: FormatDescription| {
        let native = Native::of(format.pixel_format);
        let sizes = native.map_or_else(Vec::new, |_| sizes(transport, format.pixel_format));
        FormatInfo { code: format.pixel_format, description: format.description, native, sizes }
    };
    formats.into_iter().map(described).collect()
}

/// A driver that fails to list its sizes or rates, in whatever way, is one that does not list them.
fn sizes(transport: &dyn Transport, code: PixelFormat) -> Vec<SizeInfo> {
    let with_rates = |size: FrameSizes| {
        let mut info = SizeInfo { size, rates: Rates::Listed(Vec::new()) };
        let ([_, width, _], [_, height, _]) = info.bounds();
        let intervals = ioctl::enum_frameintervals(transport, code, (width, height));
        info.rates = Rates::of(&intervals.unwrap_or_default());
        info
    };
    ioctl::enum_framesizes(transport, code).unwrap_or_default().into_iter().map(with_rates).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_that_answer_nothing_are_reported_with_their_reason() {
        let root = std::env::temp_dir().join(format!("camera-list-{}", std::process::id()));
        std::fs::create_dir_all(root.join("dev")).unwrap();
        std::fs::write(root.join("dev/video7"), "").unwrap();
        let listing = list(&root);
        std::fs::remove_dir_all(&root).unwrap();
        assert!(listing.cameras.is_empty());
        assert_eq!(listing.unusable.len(), 1);
        assert_eq!(listing.unusable[0].reason.code, Code::NotACamera);
        assert_eq!(listing.unusable[0].device, root.join("dev/video7"));
    }

    #[test]
    fn a_device_that_hangs_is_reported_and_left_alone() {
        let hangs = || {
            std::thread::sleep(Duration::from_secs(1));
            Ok(())
        };
        let error = in_time(Path::new("/dev/video7"), Duration::from_millis(10), hangs).unwrap_err();
        assert_eq!(error.code, Code::Timeout);
        assert_eq!(error.message, "/dev/video7 did not say what it is within 10ms.");
    }
}
