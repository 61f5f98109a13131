use std::sync::mpsc;
use std::time::{Duration, Instant};

use camera::{Code, Error, Event, Options};
use v4l2::Errno;

use crate::device::{Device, PICTURE, eventually};

const ERROR_FLAG: u32 = 0x40;
const SOURCE_CHANGE: u32 = 5;
const SOON: Duration = Duration::from_secs(2);

/// Opens the camera, takes one picture, lets something happen, and returns how it ended.
fn ended_by(device: &Device, options: Options, happens: impl FnOnce(&Device)) -> Error {
    let (tell, told) = mpsc::channel();
    let camera = device
        .open_with(options, move |event| {
            if let Event::Ended(error) = event {
                tell.send(error).unwrap();
            }
        })
        .unwrap();
    device.picture(1);
    drop(camera.wait(SOON).unwrap());
    happens(device);
    let error = told.recv_timeout(SOON).expect("the camera did not end");
    assert_eq!(camera.wait(SOON).unwrap_err().code, error.code);
    assert_eq!(camera.controls().unwrap_err().code, error.code);
    error
}

#[test]
fn a_camera_that_is_unplugged_is_lost() {
    for errno in [Errno::ENODEV, Errno::EIO] {
        let device = Device::new();
        let error = ended_by(&device, Options::default(), |device| device.state().broken = Some(errno));
        // A driver that only fails is still there.
        let expected = if errno == Errno::ENODEV { Code::DeviceLost } else { Code::Device };
        assert_eq!(error.code, expected);
        assert_eq!(error.device.unwrap().to_str(), Some("/dev/video-model"));
    }
}

#[test]
fn a_request_that_fails_before_the_driver_knows_is_a_lost_camera_too() {
    let device = Device::new();
    let error = ended_by(&device, Options::default(), |device| {
        let mut state = device.state();
        state.refuses = Some(("VIDIOC_DQBUF", Errno::EIO));
        state.events.push_back(0);
    });
    assert_eq!(error.code, Code::Device);
    assert_eq!(error.ioctl, Some("VIDIOC_DQBUF"));
}

#[test]
fn another_source_ends_the_stream_with_a_code_of_its_own() {
    let device = Device::new();
    let error =
        ended_by(&device, Options::default(), |device| device.state().events.push_back(SOURCE_CHANGE));
    assert_eq!(error.code.name(), "ERR_FORMAT_CHANGED");
    assert!(error.message.contains("NV12 of 64x32"), "{}", error.message);
    assert!(error.hint.unwrap().contains("Open the camera again"));
}

#[test]
fn pictures_of_another_size_end_the_stream_when_the_driver_admits_it() {
    let device = Device::new();
    let error = ended_by(&device, Options::default(), |device| {
        device.state().size = (32, 32);
        device.fill(1, 32 * 32 * 3 / 2, 0);
    });
    assert_eq!(error.code, Code::FormatChanged);
}

#[test]
fn damaged_and_cut_pictures_are_skipped_and_counted() {
    let device = Device::new();
    let camera = device.open(Options::default()).unwrap();
    device.fill(1, PICTURE as u32, ERROR_FLAG);
    device.fill(2, PICTURE as u32 / 2, 0);
    device.fill(3, 0, 0);
    device.picture(4);
    let frame = camera.wait(SOON).unwrap();
    assert_eq!(frame.picture().unwrap().planes[0].bytes[0], 4);
    let stats = camera.stats();
    assert_eq!((stats.errors, stats.captured), (3, 1));
    drop(frame);
    eventually("every buffer goes back", || device.state().queued.len() == 6);
}

#[test]
fn nothing_but_cut_pictures_is_a_changed_format() {
    let device = Device::new();
    let error = ended_by(&device, Options::default(), |device| {
        for _ in 0..30 {
            eventually("there is a buffer", || !device.state().queued.is_empty());
            device.fill(1, 100, 0);
        }
    });
    assert_eq!(error.code, Code::FormatChanged);
}

#[test]
fn a_camera_that_falls_silent_ends_in_time() {
    let device = Device::new();
    let options = Options { timeout: Duration::from_millis(200), ..Options::default() };
    let start = Instant::now();
    let error = ended_by(&device, options, |_| {});
    assert_eq!(error.code, Code::Timeout);
    assert!(start.elapsed() >= Duration::from_millis(200));
}

#[test]
fn pictures_that_waited_when_it_ended_can_still_be_taken() {
    let device = Device::new();
    let (tell, told) = mpsc::channel();
    let camera = device.open_with(Options::default(), move |event| tell.send(event).unwrap()).unwrap();
    device.picture(5);
    assert!(matches!(told.recv_timeout(SOON), Ok(Event::Frame)));
    device.state().broken = Some(Errno::ENODEV);
    assert!(matches!(told.recv_timeout(SOON), Ok(Event::Ended(_))));
    assert!(camera.take().unwrap().is_some());
    assert_eq!(camera.take().unwrap_err().code, Code::DeviceLost);
}

#[test]
fn who_waits_for_a_picture_is_woken_by_the_end() {
    let device = Device::new();
    let camera = device.open(Options::default()).unwrap();
    let start = Instant::now();
    let error = std::thread::scope(|scope| {
        let waiting = scope.spawn(|| camera.wait(Duration::from_secs(20)).unwrap_err());
        std::thread::sleep(Duration::from_millis(20));
        camera.close();
        waiting.join().unwrap()
    });
    assert_eq!(error.code, Code::Closed);
    assert!(start.elapsed() < SOON);
}
