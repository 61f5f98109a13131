use std::time::Duration;

use camera::{Camera, Code, Field, Options};

use crate::device::{Device, PICTURE, SIZE};

const TOP: u32 = 2;
const BOTTOM: u32 = 3;
const INTERLACED: u32 = 4;
const TOP_THEN_BOTTOM: u32 = 5;
const BOTTOM_THEN_TOP: u32 = 6;
const ALTERNATE: u32 = 7;

/// A frame whose fields lie one after the other, each filled with a number of its own.
fn fields() -> Vec<u8> {
    let luma = (SIZE.0 * SIZE.1) as usize;
    let halves = |bytes: usize| [vec![10; bytes / 2], vec![20; bytes / 2]].concat();
    [halves(luma), halves(luma / 2)].concat()
}

/// The first bytes of the first four rows of luma of the next frame, and of the first two of chroma.
fn rows(device: &Device, camera: &Camera) -> ([u8; 4], [u8; 2]) {
    device.give(&fields(), PICTURE as u32, 0);
    let frame = camera.wait(Duration::from_secs(2)).unwrap();
    let mut memory = vec![0; PICTURE];
    frame.convert_into(&mut memory).unwrap();
    let (width, luma) = (SIZE.0 as usize, (SIZE.0 * SIZE.1) as usize);
    ([0, 1, 2, 3].map(|row| memory[row * width]), [0, 1].map(|row| memory[luma + row * width]))
}

#[test]
fn fields_one_after_the_other_are_put_together() {
    for (fields, field, luma, chroma) in [
        ((|_| TOP_THEN_BOTTOM) as fn(u32) -> u32, Field::TopThenBottom, [10, 20, 10, 20], [10, 20]),
        (|_| BOTTOM_THEN_TOP, Field::BottomThenTop, [20, 10, 20, 10], [20, 10]),
        (|_| INTERLACED, Field::Interlaced, [10; 4], [10; 2]),
    ] {
        let device = Device::new();
        device.state().fields = fields;
        let camera = device.open(Options::default()).unwrap();
        assert_eq!(camera.settings().field, field);
        assert_eq!(rows(&device, &camera), (luma, chroma), "{field:?}");
        // A device that reads the memory itself would see two frames.
        assert_eq!(camera.settings().dmabuf, field == Field::Interlaced);
    }
}

#[test]
fn a_driver_may_say_of_each_frame_which_fields_it_has() {
    let device = Device::new();
    let camera = device.open(Options::default()).unwrap();
    assert_eq!(rows(&device, &camera).0, [10; 4]);
    device.state().buffer_field = TOP_THEN_BOTTOM;
    assert_eq!(rows(&device, &camera).0, [10, 20, 10, 20]);
    device.give(&fields(), PICTURE as u32, 0);
    assert!(camera.wait(Duration::from_secs(2)).unwrap().dmabuf().is_none());
}

#[test]
fn both_fields_are_requested_of_a_camera_that_gives_single_ones() {
    let device = Device::new();
    device.state().fields = |asked| if asked == INTERLACED { INTERLACED } else { ALTERNATE };
    assert_eq!(device.open(Options::default()).unwrap().settings().field, Field::Interlaced);
}

#[test]
fn single_fields_are_rejected_with_their_reason() {
    for fields in [(|_| ALTERNATE) as fn(u32) -> u32, |_| TOP, |_| BOTTOM] {
        let device = Device::new();
        device.state().fields = fields;
        let error = device.open(Options::default()).unwrap_err();
        assert_eq!(error.code, Code::Config);
        assert!(error.message.contains("each field in a buffer of its own"), "{error}");
        assert!(error.hint.unwrap().contains("deinterlace"));
        assert!(!device.state().calls.contains(&"VIDIOC_REQBUFS"));
    }
}
