use std::time::{Duration, Instant};

use camera::{Code, Options};
use v4l2::Errno;

use crate::device::{Device, SIZE};

#[test]
fn what_the_camera_was_set_to_can_be_read() {
    let device = Device::new();
    let camera = device.open(Options::default()).unwrap();
    let settings = camera.settings();
    assert_eq!((settings.width, settings.height), SIZE);
    assert_eq!(settings.native.name(), "NV12");
    assert_eq!(settings.framerate(), 30.0);
    assert_eq!(settings.duration(), 33_333);
    assert_eq!(settings.name, "A camera");
    assert!(settings.dmabuf);
    assert_eq!(settings.buffers, 6);
    assert_eq!(device.state().queued.len(), 6);
}

#[test]
fn the_format_is_set_before_the_rate_and_buffers_are_queued_before_the_start() {
    let device = Device::new();
    let _camera = device.open(Options::default()).unwrap();
    let calls = device.state().calls.clone();
    let place = |name: &str| calls.iter().position(|call| *call == name).unwrap();
    let order = ["VIDIOC_S_FMT", "VIDIOC_S_PARM", "VIDIOC_REQBUFS", "VIDIOC_QBUF", "VIDIOC_STREAMON"];
    assert!(order.is_sorted_by_key(|name| place(name)), "{calls:?}");
}

#[test]
fn a_size_that_the_driver_changes_is_reported() {
    let device = Device::new();
    device.state().size = (48, 32);
    let error = device.open(Options::default()).unwrap_err();
    assert_eq!(error.code, Code::Config);
    assert_eq!(error.message, "The camera was set to NV12 of 64x32 and gives NV12 of 48x32.");
}

#[test]
fn a_camera_in_use_says_so_and_names_the_request() {
    let device = Device::new();
    device.state().rejects = Some(("VIDIOC_STREAMON", Errno::EBUSY));
    let error = device.open(Options::default()).unwrap_err();
    assert_eq!((error.code, error.ioctl), (Code::Busy, Some("VIDIOC_STREAMON")));
    assert_eq!(*device.state().calls.last().unwrap(), "VIDIOC_REQBUFS", "the buffers were not given back");
}

#[test]
fn a_driver_without_rates_or_dmabufs_or_events_still_works() {
    let device = Device::new();
    device.state().exports = false;
    device.state().rejects = Some(("VIDIOC_S_PARM", Errno::ENOTTY));
    let camera = device.open(Options::default()).unwrap();
    assert_eq!(camera.settings().framerate(), 30.0);
    assert!(!camera.settings().dmabuf);
    device.picture(1);
    assert!(camera.wait(Duration::from_secs(2)).unwrap().dmabuf().is_none());
}

#[test]
fn what_only_asks_for_something_nice_never_keeps_a_camera_from_working() {
    let nice = [
        "VIDIOC_S_PARM",
        "VIDIOC_ENUM_FRAMESIZES",
        "VIDIOC_ENUM_FRAMEINTERVALS",
        "VIDIOC_SUBSCRIBE_EVENT",
        "VIDIOC_EXPBUF",
    ];
    let ways = [Errno::EIO, Errno::EINVAL, Errno::ENOTTY, Errno::ETIMEDOUT, Errno::EPERM, Errno::EBUSY];
    for (request, errno) in nice.into_iter().flat_map(|request| ways.map(|errno| (request, errno))) {
        let device = Device::new();
        device.state().rejects = Some((request, errno));
        let camera = device.open(Options { size: Some(SIZE), ..Options::default() }).unwrap();
        assert_eq!(camera.settings().framerate(), 30.0, "{request}: {errno}");
        device.picture(1);
        assert!(camera.wait(Duration::from_secs(2)).is_ok(), "{request}: {errno}");
    }
}

#[test]
fn a_camera_that_rejects_a_rate_has_the_one_that_it_names() {
    for (named, rate) in [((1, 15), 15.0), ((0, 0), 30.0), ((1, 0), 30.0), ((u32::MAX, 1), 30.0)] {
        let device = Device::new();
        device.state().rejects = Some(("VIDIOC_S_PARM", Errno::EIO));
        device.state().interval = Some(named);
        assert_eq!(device.open(Options::default()).unwrap().settings().framerate(), rate, "{named:?}");
    }
}

#[test]
fn too_few_buffers_are_an_error_because_two_have_to_stay() {
    let device = Device::new();
    device.state().buffers = 2;
    let error = device.open(Options::default()).unwrap_err();
    assert!(error.message.contains("2 buffers, and at least 3"), "{}", error.message);
}

#[test]
fn wrong_options_are_rejected_before_the_device_is_touched() {
    let device = Device::new();
    let error = device.open(Options { size: Some((15, 15)), ..Options::default() }).unwrap_err();
    assert_eq!(error.code, Code::Config);
    assert!(device.state().calls.is_empty());
}

#[test]
fn a_closed_camera_stops_streaming_and_frees_its_buffers() {
    let device = Device::new();
    let camera = device.open(Options::default()).unwrap();
    let start = Instant::now();
    camera.close();
    camera.close();
    assert!(start.elapsed() < Duration::from_secs(1));
    assert!(!device.state().streaming);
    assert_eq!(*device.state().calls.last().unwrap(), "VIDIOC_REQBUFS");
    assert_eq!(camera.take().unwrap_err().code, Code::Closed);
    assert_eq!(camera.controls().unwrap_err().code, Code::Closed);
}
