//! Waiting: never for ever, and never in circles.

use std::time::Duration;

use super::bench::Bench;
use super::direct::Direct;
use super::driver::{Driver, End, Eos, orderly};
use super::drivers;

const MS: Duration = Duration::from_millis(1);

#[test]
fn an_idle_device_is_not_polled() {
    let mut bench = Bench::open(drivers::vicodec(), |_| {});
    bench.encode(3).flush();
    std::thread::sleep(50 * MS);
    let before = bench.device(|encoder| encoder.polls);
    std::thread::sleep(100 * MS);
    // A poll of a device that has nothing to do would return at once, and so would the next one.
    assert!(bench.device(|encoder| encoder.polls) - before <= 2);
    bench.close();
}

#[test]
fn a_drained_device_is_not_polled() {
    // Its coded queue stays readable for ever, and both queues idle are an error for poll.
    for driver in drivers::all() {
        let mut direct = Direct::open(driver);
        direct.submit(2).unwrap();
        direct.end().unwrap();
        direct.until(3).unwrap();
        let before = direct.machine.last(|encoder| encoder.polls);
        for _ in 0..10 {
            direct.poll().unwrap();
            assert!(direct.wait(true, 5 * MS) >= 4 * MS, "{}", direct.machine.path.display());
        }
        assert!(direct.machine.last(|encoder| encoder.polls) - before <= 2);
    }
}

#[test]
fn a_device_that_says_there_is_nothing_to_wait_for_is_asked_once() {
    // Its coded buffers are all on their way, so both of its queues are idle.
    let mut direct = Direct::open(Driver { keeps: 2, ..orderly() });
    direct.submit(1).unwrap();
    direct.until(1).unwrap();
    direct.machine.last(|encoder| encoder.coded.queued.clear());
    let before = direct.machine.last(|encoder| encoder.idle_polls);
    for _ in 0..10 {
        direct.wait(true, 2 * MS);
    }
    assert_eq!(direct.machine.last(|encoder| encoder.idle_polls) - before, 1);
    // What is given to it next is waited for again.
    direct.submit(1).unwrap();
    let before = direct.machine.last(|encoder| encoder.polls);
    direct.wait(true, 2 * MS);
    assert_eq!(direct.machine.last(|encoder| encoder.polls) - before, 1);
}

#[test]
fn a_drain_without_any_sign_of_an_end_ends_by_itself() {
    let driver = Driver { end: End::Empty, eos: Eos::Never, empty_buffers: false, ..drivers::venus() };
    let mut bench = Bench::open(Driver { holds: 1, ..driver }, |_| {});
    bench.encode(3).flush();
    bench.close();
    bench.assert_complete();
}

#[test]
fn every_wait_ends_when_its_time_is_over() {
    let mut direct = Direct::open(drivers::venus());
    for busy in [true, false] {
        let took = direct.wait(busy, 10 * MS);
        assert!(took >= 9 * MS && took < 500 * MS, "{took:?}");
    }
    direct.end().unwrap();
    assert!(direct.wait(false, Duration::from_secs(60)) < Duration::from_secs(5));
}
