//! The ends of a drain, and how a stream goes on after one.

use std::time::{Duration, Instant};

use super::bench::{Bench, corners};
use super::direct::{Direct, Gave};
use super::driver::{Driver, End, Eos, Restart, orderly};
use super::drivers;
use super::model::Encoder;

fn frames(numbers: impl IntoIterator<Item = usize>) -> Vec<Gave> {
    numbers.into_iter().map(|number| Gave::Frame(Direct::key(number), Some(corners(number)))).collect()
}

/// Three frames and an end, as they come from a device of which both were asked at once.
fn drained(driver: Driver) -> (Direct, Duration) {
    let mut direct = Direct::open(driver);
    direct.submit(3).unwrap();
    direct.end().unwrap();
    let start = Instant::now();
    direct.until(4).unwrap();
    (direct, start.elapsed())
}

fn three_frames_and_the_end() -> Vec<Gave> {
    [frames(0..3), vec![Gave::Ended]].concat()
}

#[test]
fn a_drain_ends_in_every_way_that_drivers_end_it() {
    for end in [End::LastFrame, End::LastEmpty, End::Pipe, End::Empty] {
        for eos in [Eos::Rejected, Eos::Never, Eos::AtEnd, Eos::Early] {
            let (direct, _) = drained(Driver { end, eos, ..orderly() });
            assert_eq!(direct.gave, three_frames_and_the_end(), "{end:?}, event {eos:?}");
        }
    }
}

#[test]
fn an_end_that_is_marked_is_not_waited_for() {
    for driver in
        [drivers::vicodec(), drivers::venus(), drivers::mtk(), drivers::amphion(), drivers::s5p_mfc()]
    {
        let (name, (direct, took)) = (driver.name, drained(driver));
        assert_eq!(direct.gave, three_frames_and_the_end(), "{name}");
        assert!(took < Duration::from_millis(400), "{name} took {took:?}");
    }
}

#[test]
fn an_empty_buffer_ends_a_drain_before_the_event_comes() {
    // s5p-mfc gives the buffer first and sends the event then.
    let (direct, took) = drained(Driver { eos: Eos::Never, ..drivers::s5p_mfc() });
    assert_eq!(direct.gave, three_frames_and_the_end());
    assert!(took < Duration::from_millis(400), "{took:?}");
}

#[test]
fn an_event_that_comes_long_before_the_last_frame_does_not_lose_it() {
    let last_takes = Duration::from_millis(200);
    for end in [End::LastFrame, End::LastEmpty, End::Pipe, End::Empty] {
        let (direct, took) = drained(Driver { end, eos: Eos::Early, last_takes, ..orderly() });
        assert_eq!(direct.gave, three_frames_and_the_end(), "{end:?}");
        assert!(took >= last_takes);
    }
}

#[test]
fn an_epipe_ends_a_drain_by_itself() {
    let (direct, took) = drained(Driver { eos: Eos::Never, ..drivers::amphion() });
    assert_eq!(direct.gave, three_frames_and_the_end());
    assert!(took < Duration::from_millis(400), "{took:?}");
}

#[test]
fn a_drain_of_nothing_ends_as_well() {
    for driver in drivers::all() {
        let mut direct = Direct::open(driver);
        direct.end().unwrap();
        direct.until(1).unwrap();
        assert_eq!(direct.gave, [Gave::Ended]);
    }
}

#[test]
fn the_event_of_one_drain_does_not_end_the_next_one_early() {
    let driver = Driver { end: End::LastFrame, eos: Eos::AtEnd, empty_buffers: true, ..orderly() };
    let mut direct = Direct::open(driver);
    direct.submit(1).unwrap();
    direct.end().unwrap();
    // Everything is done before we look, so the LAST buffer comes first and its event stays in the queue.
    direct.machine.last(Encoder::code_one);
    direct.until(2).unwrap();
    assert_eq!(direct.machine.last(|encoder| encoder.events.len()), 1);
    assert!(direct.backend.resume().unwrap());
    direct.submit(3).unwrap();
    direct.end().unwrap();
    direct.until(6).unwrap();
    let again = [frames(1..4), vec![Gave::Ended]].concat();
    assert_eq!(direct.gave[2..], again);
}

/// A device that gives its last frames only when it is drained.
fn holding_back(driver: Driver) -> Driver {
    Driver { holds: 1, ..driver }
}

#[test]
fn after_a_drain_a_new_stream_begins_on_the_same_device() {
    for driver in drivers::all() {
        let units = driver.codecs[0].of_units();
        let mut bench = Bench::open(holding_back(driver), |config| config.key_frame_interval = Some(0));
        bench.encode(3).flush().encode(3).flush().encode(2).flush();
        bench.close();
        bench.assert_complete();
        assert_eq!(bench.key_frames(), [0, 3, 6], "{}", bench.machine.path.display());
        assert_eq!(bench.machine.opened().len(), 1, "{} was opened again", bench.machine.path.display());
        if units.is_some() {
            assert!(bench.chunks[3].data.windows(4).any(|window| window == [0, 0, 0, 1]));
        }
    }
}

#[test]
fn a_device_that_both_queues_stop_needs_only_the_coded_one_to_go_on() {
    let mut bench = Bench::open(holding_back(drivers::mtk()), |_| {});
    bench.encode(3).flush().encode(3).flush();
    assert_eq!(bench.device(|encoder| encoder.asked("STREAMON coded")), 3);
    // mtk-vcodec frees its codec when both are off, and answers EIO from then on.
    assert_eq!(bench.device(|encoder| encoder.asked("STREAMOFF raw")), 0);
    bench.close();
    bench.assert_complete();
}

#[test]
fn a_device_that_is_stopped_by_both_queues_only_is_stopped_by_both() {
    let driver = drivers::s5p_mfc();
    assert_eq!(driver.restart, Restart::Both);
    let mut bench = Bench::open(holding_back(driver), |_| {});
    bench.encode(3).flush().encode(3).flush();
    assert_eq!(bench.device(|encoder| encoder.asked("STREAMOFF raw")), 2);
    bench.close();
    bench.assert_complete();
}
