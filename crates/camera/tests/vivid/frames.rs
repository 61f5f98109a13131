use std::os::fd::AsRawFd;
use std::thread::sleep;
use std::time::Duration;

use camera::{Device, Options};
use v4l2::Dmabuf;

use crate::support::{MAX_WAIT, alone, open, options};

#[test]
#[ignore = "run by npm run vm"]
fn the_list_has_the_camera_and_not_the_encoders() {
    let _alone = alone();
    let listing = camera::list(std::path::Path::new("/"));
    assert_eq!(listing.cameras.len(), 1, "{listing:?}");
    let camera = &listing.cameras[0];
    assert_eq!((camera.driver.as_str(), camera.name.as_str()), ("vivid", "vivid"));
    assert!(camera.bus.starts_with("platform:vivid"), "{}", camera.bus);
    let yuyv = camera.formats.iter().find(|format| format.code.to_string() == "YUYV").unwrap();
    assert!(yuyv.sizes.iter().any(|size| size.size.contains(1280, 720)));
}

#[test]
#[ignore = "run by npm run vm"]
fn the_size_and_rate_are_those_that_were_requested() {
    let _alone = alone();
    let camera = open(options());
    let settings = camera.settings();
    assert_eq!((settings.width, settings.height), (640, 480));
    assert!((settings.framerate() - 15.0).abs() < 0.01, "{}", settings.framerate());
    // NV12 needs no conversion, and vivid has it.
    assert_eq!(settings.native.name(), "NV12");
    assert!(settings.dmabuf);
}

#[test]
#[ignore = "run by npm run vm"]
fn times_go_up_by_about_the_interval() {
    let _alone = alone();
    let camera = open(options());
    let mut last = camera.wait(MAX_WAIT).unwrap().timestamp();
    let uptime = std::fs::read_to_string("/proc/uptime").unwrap();
    let uptime: f64 = uptime.split(' ').next().unwrap().parse().unwrap();
    assert!(
        (last as f64 / 1e6 - uptime).abs() < 10.0,
        "not the monotonic clock: {last} µs, up for {uptime} s"
    );
    for _ in 0..15 {
        let now = camera.wait(MAX_WAIT).unwrap().timestamp();
        assert!(now > last, "{now} after {last}");
        assert!(now - last < 2_000_000, "{} µs between two frames", now - last);
        last = now;
    }
}

#[test]
#[ignore = "run by npm run vm"]
fn a_slow_consumer_drops_and_the_camera_goes_on() {
    let _alone = alone();
    let camera = open(Options { keep: 1, ..options() });
    drop(camera.wait(MAX_WAIT).unwrap());
    sleep(Duration::from_secs(2));
    let stats = camera.stats();
    assert!(stats.dropped >= 5, "{stats:?}");
    let newest = camera.wait(MAX_WAIT).unwrap();
    let held: Vec<_> = (0..3).map(|_| camera.wait(MAX_WAIT).unwrap()).collect();
    // All that may be on loan is: the camera goes on and drops.
    let before = camera.stats();
    sleep(Duration::from_secs(1));
    let after = camera.stats();
    assert!(after.captured > before.captured && after.dropped > before.dropped, "{before:?}, then {after:?}");
    assert!(camera.take().unwrap().is_none());
    drop((newest, held));
    drop(camera.wait(MAX_WAIT).unwrap());
}

#[test]
#[ignore = "run by npm run vm"]
fn dmabufs_hold_the_frame() {
    let _alone = alone();
    let camera = open(options());
    let frame = camera.wait(MAX_WAIT).unwrap();
    let picture = frame.picture().unwrap();
    let (format, planes) = frame.dmabuf().unwrap();
    assert_eq!(format, picture.format);
    assert_eq!(planes.len(), 2);
    for (number, plane) in planes.iter().enumerate() {
        let size = format.plane(number, 640, 480);
        let memory = Dmabuf::share(plane.descriptor.as_raw_fd()).unwrap();
        assert!(memory.is_exported());
        let span = size.span(plane.stride);
        let read = memory.read().unwrap();
        assert!(
            read.bytes()[plane.offset..][..span] == picture.planes[number].bytes[..span],
            "plane {number}"
        );
    }
}

#[test]
#[ignore = "run by npm run vm"]
fn what_the_camera_cannot_do_is_answered_with_what_it_can() {
    let _alone = alone();
    let error = camera::Camera::open(Options { size: Some((642, 480)), ..options() }, |_| {}).unwrap_err();
    assert!(error.message.contains("640x480"), "{}", error.message);
    let encoder = Options { device: Device::Path("/dev/video0".into()), ..options() };
    let error = camera::Camera::open(encoder, |_| {}).unwrap_err();
    assert_eq!(error.code.name(), "ERR_NOT_A_CAMERA");
}

#[test]
#[ignore = "run by npm run vm"]
fn a_camera_in_use_is_busy_and_free_again_after_close() {
    let _alone = alone();
    let first = open(options());
    let error = camera::Camera::open(options(), |_| {}).unwrap_err();
    assert_eq!(error.code.name(), "ERR_BUSY");
    first.close();
    drop(open(options()).wait(MAX_WAIT).unwrap());
}
