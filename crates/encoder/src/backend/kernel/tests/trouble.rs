//! Bad days of a device that has begun well.

use std::time::Duration;

use v4l2::Errno;

use super::bench::{Bench, corners, timestamp};
use super::direct::{Direct, Gave};
use super::driver::{Driver, Trouble, orderly};
use super::drivers;
use crate::error::Code;

fn troubled(driver: Driver, at: usize, trouble: Trouble) -> Driver {
    Driver { troubles: vec![(at, trouble)], ..driver }
}

#[test]
fn a_frame_that_the_device_fails_on_is_lost_and_the_stream_goes_on() {
    for driver in drivers::all() {
        let mut bench = Bench::open(troubled(driver, 2, Trouble::Failed), |_| {});
        bench.encode(6).flush();
        bench.close();
        bench.assert_frames(&[0, 1, 3, 4, 5]);
        assert_eq!(bench.lost, [timestamp(2)], "{}", bench.machine.path.display());
    }
}

#[test]
fn a_raw_buffer_that_comes_back_as_failed_takes_no_other_frame_with_it() {
    for driver in [orderly(), drivers::s5p_mfc()] {
        let mut direct = Direct::open(troubled(driver, 1, Trouble::RawFailed));
        direct.submit(4).unwrap();
        direct.until(4).unwrap();
        let frame = |number| Gave::Frame(Direct::key(number), Some(corners(number)));
        direct.gave.retain(|gave| *gave != Gave::Failed(Direct::key(1)));
        assert_eq!(direct.gave, [frame(0), frame(2), frame(3)]);
    }
}

#[test]
fn a_first_frame_that_the_device_fails_on_takes_no_other_with_it() {
    for driver in drivers::all() {
        let mut bench = Bench::open(troubled(driver, 0, Trouble::Failed), |_| {});
        bench.encode(4).flush();
        bench.close();
        bench.assert_frames(&[1, 2, 3]);
        assert_eq!(bench.lost, [0], "{}", bench.machine.path.display());
    }
}

#[test]
fn a_frame_that_rate_control_drops_is_reported_when_the_next_one_comes() {
    let mut bench = Bench::open(troubled(drivers::bcm2835(), 2, Trouble::Dropped), |_| {});
    bench.encode(5).flush();
    bench.close();
    bench.assert_frames(&[0, 1, 3, 4]);
    assert_eq!(bench.lost, [timestamp(2)]);
}

#[test]
fn frames_that_rate_control_drops_in_a_row_do_not_stop_the_stream() {
    let dropped = (3..9).map(|at| (at, Trouble::Dropped)).collect();
    let mut bench = Bench::open(Driver { troubles: dropped, ..drivers::bcm2835() }, |_| {});
    bench.encode(12).flush();
    bench.close();
    bench.assert_frames(&[0, 1, 2, 9, 10, 11]);
    assert_eq!(bench.lost, (3..9).map(timestamp).collect::<Vec<_>>());
}

#[test]
fn a_last_frame_that_is_dropped_is_reported_by_the_end_of_the_drain() {
    let mut bench = Bench::open(troubled(drivers::bcm2835(), 3, Trouble::Dropped), |_| {});
    bench.encode(4).flush();
    bench.close();
    bench.assert_frames(&[0, 1, 2]);
    assert_eq!(bench.lost, [timestamp(3)]);
}

#[test]
fn a_device_that_fails_for_good_accounts_for_every_frame() {
    for (errno, code) in [(Errno::EIO, Code::Device), (Errno::ENODEV, Code::DeviceLost)] {
        let mut bench = Bench::open(troubled(drivers::mtk(), 2, Trouble::Gone(errno)), |_| {});
        bench.encode(2).flush();
        bench.encode_to_the_end();
        let error = bench.fatal.clone().expect("it failed");
        assert_eq!((error.code, error.errno), (code, Some(errno)));
        let stats = bench.session.stats();
        assert_eq!(stats.frames_in, stats.chunks_out + stats.frames_lost, "{stats:?}");
        assert_eq!(error.lost.len() as u64, stats.frames_lost);
        assert!(bench.try_close().is_none());
    }
}

#[test]
fn a_device_that_codes_nothing_more_is_noticed_within_the_time_out() {
    let mut bench = Bench::open(troubled(drivers::bcm2835(), 2, Trouble::Stalls), |config| {
        config.timeout = Duration::from_millis(500);
    });
    bench.encode(2).flush();
    bench.encode_to_the_end();
    assert_eq!(bench.fatal.as_ref().expect("it failed").code, Code::Timeout);
    assert!(bench.try_close().is_none());
}

#[test]
fn a_device_that_ends_no_drain_is_not_waited_for_for_ever() {
    let mut bench = Bench::open(troubled(drivers::venus(), 2, Trouble::Stalls), |config| {
        config.timeout = Duration::from_millis(500);
    });
    bench.encode(3);
    let error = bench.try_flush().expect("the flush fails");
    assert_eq!(error.code, Code::Timeout);
}

#[test]
fn raw_frames_that_are_kept_as_references_stop_nothing() {
    let driver = drivers::s5p_mfc();
    assert_eq!(driver.keeps, 2);
    let mut bench = Bench::open(driver, |_| {});
    // The driver's own need, what it keeps, and what keeps it busy.
    assert_eq!(bench.device(|encoder| encoder.raw.count()), 6);
    bench.encode(20).flush();
    bench.close();
    bench.assert_complete();
}

#[test]
fn a_driver_that_gives_every_buffer_back_empty_does_not_keep_the_thread() {
    let mut direct = Direct::open(Driver { floods: true, ..orderly() });
    direct.submit(1).unwrap();
    direct.poll().unwrap();
    assert_eq!(direct.gave, []);
}

#[test]
fn an_end_that_comes_with_a_failed_frame_is_an_end() {
    let mut direct = Direct::open(troubled(orderly(), 2, Trouble::Failed));
    direct.submit(3).unwrap();
    direct.end().unwrap();
    direct.until(4).unwrap();
    assert_eq!(direct.gave[2..], [Gave::Failed(Direct::key(2)), Gave::Ended]);
}
