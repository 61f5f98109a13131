//! Encoded frames that come in several buffers, behind other bytes, or with buffers that are none.

use super::bench::Bench;
use super::direct::{Direct, Gave};
use super::driver::{Driver, SizeImage, orderly};
use super::drivers;

/// A coded buffer of 4 KiB, whatever is requested.
fn small(driver: Driver) -> Driver {
    Driver { sizeimage: SizeImage::Within(4096, 4096), ..driver }
}

#[test]
fn a_frame_in_several_buffers_is_one_chunk() {
    // 2.4 Mbit/s at 30 frames a second are 10,000 bytes a frame, in three buffers.
    let mut bench = Bench::open(small(drivers::bcm2835()), |config| config.bitrate_bps = Some(2_400_000));
    bench.encode(6).flush();
    bench.close();
    bench.assert_complete();
    assert!(bench.chunks.iter().all(|chunk| chunk.data.len() >= 10_000));
}

#[test]
fn a_frame_that_just_fills_its_buffers_is_not_waited_for_for_ever() {
    let mut bench = Bench::open(small(drivers::bcm2835()), |config| {
        // 4096 bytes a frame, but for the steps of the driver's bit rate.
        config.bitrate_bps = Some(1_000_000);
        config.framerate = 1_000_000.0 / 8.0 / 4096.0;
    });
    assert_eq!(bench.device(|encoder| encoder.coded.count()), 4);
    bench.encode(3).flush();
    bench.close();
    bench.assert_complete();
}

#[test]
fn elsewhere_a_frame_that_does_not_fit_is_lost_and_reported() {
    let mut bench = Bench::open(small(orderly()), |config| config.bitrate_bps = Some(2_400_000));
    bench.encode(1).flush();
    bench.close();
    assert_eq!((bench.chunks.len(), bench.lost.as_slice()), (0, [0].as_slice()));
}

#[test]
fn empty_buffers_in_the_middle_of_a_stream_mean_nothing() {
    for driver in [Driver { empty_buffers: true, ..orderly() }, drivers::bcm2835()] {
        assert!(driver.empty_buffers);
        let mut bench = Bench::open(driver, |_| {});
        bench.encode(6).flush();
        bench.close();
        bench.assert_complete();
    }
}

#[test]
fn a_buffer_that_belongs_to_no_frame_is_left_out() {
    let driver = drivers::bcm2835();
    assert!(driver.stray);
    let mut bench = Bench::open(driver, |_| {});
    bench.encode(3).flush();
    bench.close();
    bench.assert_complete();
    assert_eq!(bench.chunks[0].data[..4], [0, 0, 0, 1]);
}

#[test]
fn bytes_before_the_first_start_code_are_left_out() {
    let driver = drivers::allegro();
    assert!(driver.junk > 0);
    let mut bench = Bench::open(driver, |_| {});
    bench.encode(4).flush();
    bench.close();
    bench.assert_complete();
    assert!(bench.chunks.iter().all(|chunk| chunk.data[..4] == [0, 0, 0, 1]));
}

#[test]
fn an_offset_in_the_buffer_is_no_part_of_the_chunk() {
    let driver = drivers::venus();
    assert!(driver.offset > 0);
    let mut bench = Bench::open(driver, |_| {});
    bench.encode(4).flush();
    bench.close();
    bench.assert_complete();
    assert!(bench.chunks.iter().all(|chunk| chunk.data[..4] == [0, 0, 0, 1]));
}

#[test]
fn a_driver_without_timestamps_is_followed_by_order() {
    let driver = drivers::s5p_mfc();
    assert!(!driver.copies_timestamps);
    let mut direct = Direct::open(driver);
    direct.submit(3).unwrap();
    direct.until(3).unwrap();
    let keys: Vec<_> = direct
        .gave
        .iter()
        .map(|gave| if let Gave::Frame(key, Some(_)) = gave { *key } else { panic!("{gave:?}") })
        .collect();
    assert_eq!(keys, [Direct::key(0), Direct::key(1), Direct::key(2)]);
}
