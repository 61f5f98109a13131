use std::sync::mpsc;
use std::time::{Duration, Instant};

use camera::{Code, Error, Event, Options};
use v4l2::Errno;

use crate::device::{Device, PICTURE, eventually};

const ERROR_FLAG: u32 = 0x40;
const SOURCE_CHANGE: u32 = 5;
const SOON: Duration = Duration::from_secs(2);

/// Opens the camera, takes one frame, lets something happen, and returns how it ended.
fn ended_by(device: &Device, options: Options, happens: impl FnOnce(&Device)) -> Error {
    let (report, reported) = mpsc::channel();
    let camera = device
        .open_with(options, move |event| {
            if let Event::Ended(error) = event {
                report.send(error).unwrap();
            }
        })
        .unwrap();
    device.picture(1);
    drop(camera.wait(SOON).unwrap());
    happens(device);
    let error = reported.recv_timeout(SOON).expect("the camera did not end");
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
fn a_camera_whose_thread_panics_ends_with_an_error() {
    let device = Device::new();
    let error = ended_by(&device, Options::default(), |device| {
        let mut state = device.state();
        state.panics = true;
        // Has the thread ask for it.
        state.events.push_back(0);
    });
    assert_eq!(error.code, Code::Device);
    assert!(error.message.contains("ended unexpectedly"), "{}", error.message);
}

#[test]
fn a_request_that_fails_before_the_driver_knows_is_a_lost_camera_too() {
    let device = Device::new();
    let error = ended_by(&device, Options::default(), |device| {
        let mut state = device.state();
        state.rejects = Some(("VIDIOC_DQBUF", Errno::EIO));
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
fn frames_of_another_size_end_the_stream_when_the_driver_admits_it() {
    let device = Device::new();
    let error = ended_by(&device, Options::default(), |device| {
        device.state().size = (32, 32);
        device.fill(1, 32 * 32 * 3 / 2, 0);
    });
    assert_eq!(error.code, Code::FormatChanged);
}

#[test]
fn damaged_and_cut_frames_are_skipped_and_counted() {
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
fn nothing_but_cut_frames_is_a_changed_format() {
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

/// A camera whose time-out has almost passed by the time that its frames come.
fn impatient() -> Options {
    Options { timeout: Duration::from_millis(150), ..Options::default() }
}

#[test]
fn a_camera_that_gives_nothing_but_damage_ends_in_time_and_says_what_is_wrong() {
    for (used, flags, expected) in
        [(PICTURE as u32, ERROR_FLAG, "The driver says that it is damaged."), (0, 0, "It is empty.")]
    {
        let device = Device::new();
        let error = ended_by(&device, impatient(), |device| {
            for _ in 0..40 {
                device.fill(1, used, flags);
                std::thread::sleep(Duration::from_millis(5));
            }
        });
        assert_eq!(error.code, Code::Timeout);
        assert!(error.message.starts_with("The camera gave no usable frame for 150ms: "), "{error}");
        assert!(
            error.message.ends_with(&format!("frames came, all damaged. The last one: {expected}")),
            "{error}"
        );
        assert!(error.hint.unwrap().contains("cable"));
    }
}

/// Reads frames that cannot be decoded, with `between` after each, until the camera ends.
fn read_damage(device: &Device, options: Options, between: impl Fn(&Device)) -> Error {
    device.state().code = *b"MJPG";
    let camera = device.open(options).unwrap();
    let mut memory = vec![0; PICTURE];
    for _ in 0..1000 {
        device.picture(1);
        match camera.wait(SOON) {
            Ok(frame) => assert_eq!(frame.convert_into(&mut memory).unwrap_err().code, Code::Frame),
            Err(error) => return error,
        }
        between(device);
    }
    panic!("it goes on for ever: {:?}", camera.stats());
}

#[test]
fn jpegs_that_all_cannot_be_decoded_are_no_frames() {
    let wait = |_: &Device| std::thread::sleep(Duration::from_millis(5));
    let error = read_damage(&Device::new(), impatient(), wait);
    assert_eq!(error.code, Code::Timeout);
    assert!(
        error.message.contains("all damaged. The last one: The JPEG picture cannot be decoded: "),
        "{error}"
    );
}

/// A grey frame of the camera's size, without Huffman tables: 32 blocks of six bits.
fn jpeg() -> Vec<u8> {
    let quantization = [&[0xFF, 0xDB, 0, 67, 0][..], &[1; 64]].concat();
    let frame = [0xFF, 0xC0, 0, 11, 8, 0, 32, 0, 64, 1, 1, 0x11, 0];
    let scan = [0xFF, 0xDA, 0, 8, 1, 1, 0x00, 0, 63, 0];
    let blocks = [0b0010_1000, 0b1010_0010, 0b1000_1010].repeat(8);
    [&[0xFF, 0xD8][..], &quantization, &frame, &scan, &blocks, &[0xFF, 0xD9]].concat()
}

#[test]
fn a_jpeg_that_lacks_a_little_is_given_out_and_counted() {
    let device = Device::new();
    device.state().code = *b"MJPG";
    let camera = device.open(Options::default()).unwrap();
    let whole = jpeg();
    // Half of it is lost; two bytes are three blocks of 32.
    for cut in [0, 14, 4] {
        device.give(&whole, (whole.len() - cut) as u32, 0);
        drop(camera.wait(SOON).unwrap().convert_into(&mut [0; PICTURE]));
    }
    let stats = camera.stats();
    assert_eq!((stats.converted, stats.repaired, stats.errors), (2, 1, 1));
}

#[test]
fn a_camera_that_stumbles_goes_on() {
    let device = Device::new();
    let options = Options { timeout: Duration::from_millis(400), ..Options::default() };
    let camera = device.open(options).unwrap();
    for _ in 0..6 {
        for _ in 0..4 {
            std::thread::sleep(Duration::from_millis(20));
            device.fill(1, PICTURE as u32, ERROR_FLAG);
        }
        device.picture(2);
        drop(camera.wait(SOON).unwrap());
    }
    assert_eq!(camera.stats().errors, 24);
}

#[test]
fn a_driver_that_does_not_report_its_format_has_not_changed_it() {
    let device = Device::new();
    let camera = device.open(Options::default()).unwrap();
    device.state().rejects = Some(("VIDIOC_G_FMT", Errno::EIO));
    device.fill(1, 100, 0);
    device.picture(2);
    assert!(camera.wait(SOON).is_ok());
}

#[test]
fn frames_that_waited_when_it_ended_can_still_be_taken() {
    let device = Device::new();
    let (report, reported) = mpsc::channel();
    let camera = device.open_with(Options::default(), move |event| report.send(event).unwrap()).unwrap();
    device.picture(5);
    assert!(matches!(reported.recv_timeout(SOON), Ok(Event::Frame)));
    device.state().broken = Some(Errno::ENODEV);
    assert!(matches!(reported.recv_timeout(SOON), Ok(Event::Ended(_))));
    assert!(camera.take().unwrap().is_some());
    assert_eq!(camera.take().unwrap_err().code, Code::DeviceLost);
}

#[test]
fn who_waits_for_a_frame_is_woken_by_the_end() {
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
