use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use camera::{Camera, Event, Frame, Options};
use convert::Format;

use crate::device::{Device, PICTURE, eventually};

const SOON: Duration = Duration::from_secs(2);

fn captured(camera: &Camera, count: u64) {
    eventually("frames are captured", || camera.stats().captured == count);
}

fn first_byte(frame: &Frame) -> u8 {
    let mut memory = vec![0; frame.bytes()];
    frame.convert_into(&mut memory).unwrap();
    assert_eq!(memory.len(), PICTURE);
    memory[0]
}

#[test]
fn frames_come_in_order_with_the_drivers_time() {
    let device = Device::new();
    let camera = device.open(Options::default()).unwrap();
    let mut last = 0;
    for number in 1..=10 {
        assert!(device.picture(number));
        let frame = camera.wait(SOON).unwrap();
        assert_eq!(first_byte(&frame), number);
        assert!(frame.timestamp() > last);
        last = frame.timestamp();
    }
    assert_eq!(last, 10 * 33_333);
    let stats = camera.stats();
    assert_eq!((stats.captured, stats.delivered, stats.converted, stats.dropped), (10, 10, 10, 0));
}

#[test]
fn a_picture_of_the_monotonic_clock_says_when_it_was_taken_in_utc() {
    let device = Device::new();
    let camera = device.open(Options::default()).unwrap();
    let capture_time = || {
        assert!(device.picture(1));
        camera.wait(SOON).unwrap().capture_time().unwrap()
    };
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    device.state().stamp = Some(v4l2::monotonic().saturating_sub(Duration::from_millis(500)));
    let taken = capture_time();
    let age = now.as_micros().abs_diff(taken.micros.into());
    assert!((400_000..600_000).contains(&age), "{age} microseconds ago");
    assert!(taken.uncertainty_micros < 10_000, "{taken:?}");
    // A clock that counts from something else: only the interval is known.
    device.state().stamp = Some(Duration::from_secs(4_000_000_000));
    assert_eq!(capture_time().uncertainty_micros, 33_333 / 2 + 1);
}

#[test]
fn a_slow_consumer_loses_the_oldest_and_never_stops_the_driver() {
    let device = Device::new();
    let camera = device.open(Options { keep: 2, ..Options::default() }).unwrap();
    for number in 1..=50 {
        assert!(device.picture(number), "the driver had no buffer for frame {number}");
        captured(&camera, number.into());
    }
    let stats = camera.stats();
    assert_eq!((stats.dropped, stats.missed), (48, 0));
    assert_eq!(first_byte(&camera.take().unwrap().unwrap()), 49);
    assert_eq!(first_byte(&camera.take().unwrap().unwrap()), 50);
    assert!(camera.take().unwrap().is_none());
}

#[test]
fn two_buffers_stay_with_the_driver_however_many_are_requested() {
    let device = Device::new();
    let camera = device.open(Options { buffers: 6, ..Options::default() }).unwrap();
    let mut held = Vec::new();
    for number in 1..=20 {
        assert!(device.picture(number), "the driver had no buffer for frame {number}");
        captured(&camera, number.into());
        held.extend(camera.take().unwrap());
        eventually("the rest goes back", || device.state().queued.len() == 6 - held.len());
    }
    assert_eq!(held.len(), 4);
    assert_eq!(camera.stats().dropped, 16);
    drop(held);
    eventually("all go back", || device.state().queued.len() == 6);
    device.picture(99);
    assert_eq!(first_byte(&camera.wait(SOON).unwrap()), 99);
}

#[test]
fn a_dmabuf_is_the_buffer_itself_until_it_is_dropped() {
    let device = Device::new();
    let camera = device.open(Options::default()).unwrap();
    device.picture(7);
    let frame = camera.wait(SOON).unwrap();
    let (format, planes) = frame.dmabuf().unwrap();
    assert_eq!(format, Format::Nv12);
    assert_eq!(
        planes.iter().map(|plane| (plane.offset, plane.stride)).collect::<Vec<_>>(),
        [(0, 64), (64 * 32, 64)]
    );
    assert_eq!(device.state().queued.len(), 5);
    drop(frame);
    eventually("it goes back", || device.state().queued.len() == 6);
    let stats = camera.stats();
    assert_eq!((stats.dmabuf, stats.converted), (1, 0));
}

#[test]
fn a_frame_outlives_its_camera() {
    let device = Device::new();
    let camera = device.open(Options::default()).unwrap();
    device.picture(42);
    let frame = camera.wait(SOON).unwrap();
    drop(camera);
    assert_eq!(first_byte(&frame), 42);
}

#[test]
fn frames_that_the_driver_never_gave_are_counted() {
    let device = Device::new();
    let camera = device.open(Options::default()).unwrap();
    device.picture(1);
    captured(&camera, 1);
    device.state().sequence += 3;
    device.picture(2);
    captured(&camera, 2);
    assert_eq!(camera.stats().missed, 3);
}

#[test]
fn listeners_are_notified_of_each_frame() {
    let device = Device::new();
    let reported = Arc::new(AtomicU32::new(0));
    let count = reported.clone();
    let camera = device
        .open_with(Options::default(), move |event| {
            if matches!(event, Event::Frame) {
                count.fetch_add(1, Ordering::Relaxed);
            }
        })
        .unwrap();
    for number in 1..=3 {
        device.picture(number);
        drop(camera.wait(SOON).unwrap());
    }
    eventually("all are counted", || reported.load(Ordering::Relaxed) == 3);
}

#[test]
fn memory_that_is_too_small_is_rejected() {
    let device = Device::new();
    let camera = device.open(Options::default()).unwrap();
    device.picture(1);
    let frame = camera.wait(SOON).unwrap();
    let error = frame.convert_into(&mut [0; 100]).unwrap_err();
    assert_eq!(error.message, format!("A frame has {PICTURE} bytes, and the memory for it 100."));
}
