//! Key frames, where they are requested and where they are due.

use v4l2::Errno;

use super::bench::Bench;
use super::driver::Driver;
use super::drivers;
use crate::output::stream;
use v4l2::control::ids::BITRATE;

#[test]
fn a_key_frame_is_made_of_the_very_frame_that_is_to_be_one() {
    for driver in drivers::all() {
        let mut bench = Bench::open(driver, |config| config.key_frame_interval = Some(0));
        bench.encode(3).encode_key_frame().encode(3).encode_key_frame().encode(1).flush();
        bench.close();
        bench.assert_complete();
        assert_eq!(bench.key_frames(), [0, 3, 7], "{}", bench.machine.path.display());
    }
}

#[test]
fn the_first_frame_is_no_other_for_being_asked_to_be_a_key_frame() {
    for driver in drivers::all() {
        let mut bench = Bench::open(driver, |config| config.key_frame_interval = Some(0));
        bench.encode_key_frame().encode(2).flush();
        bench.close();
        bench.assert_complete();
        assert_eq!(bench.key_frames(), [0], "{}", bench.machine.path.display());
    }
}

#[test]
fn key_frames_come_at_the_interval_that_was_requested() {
    for driver in drivers::all() {
        let mut bench = Bench::open(driver, |config| config.key_frame_interval = Some(4));
        bench.encode(9).flush();
        bench.close();
        assert_eq!(bench.key_frames(), [0, 4, 8], "{}", bench.machine.path.display());
    }
}

#[test]
fn every_key_frame_carries_its_parameter_sets() {
    for driver in drivers::all() {
        for codec in driver.codecs {
            let mut bench = Bench::open(driver.clone(), |config| {
                config.codecs = vec![(*codec).into()];
                config.key_frame_interval = Some(3);
            });
            bench.encode(7).flush();
            bench.close();
            bench.assert_complete();
            for chunk in bench.chunks.iter().filter(|chunk| chunk.key_frame) {
                assert!(stream::inspect(*codec, &chunk.data).parameter_sets, "{codec} of {}", driver.name);
            }
            assert!(bench.chunks[0].decoder_config.is_some());
        }
    }
}

#[test]
fn the_interval_is_what_it_was_after_a_key_frame_by_a_short_gop() {
    for driver in [drivers::coda(), drivers::iris()] {
        let mut bench = Bench::open(driver, |config| config.key_frame_interval = Some(5));
        bench.encode(2).encode_key_frame().encode(8).flush();
        let gop = bench.device(|encoder| encoder.value(v4l2::control::ids::GOP_SIZE));
        bench.close();
        assert_eq!((gop, bench.key_frames()), (5, vec![0, 2, 7]));
        // Nothing was interrupted for it.
        assert_eq!(bench.device(|encoder| encoder.asked("STREAMON coded")), 1);
    }
}

#[test]
fn a_driver_without_any_way_to_force_one_begins_a_new_stream() {
    for driver in [drivers::vicodec(), drivers::wave5(), drivers::allegro()] {
        let mut bench = Bench::open(driver, |config| config.key_frame_interval = Some(0));
        bench.encode(2).encode_key_frame().encode(1).flush();
        assert_eq!(bench.device(|encoder| encoder.asked("STREAMON coded")), 2);
        bench.close();
        bench.assert_complete();
        assert_eq!(bench.key_frames(), [0, 2]);
    }
}

#[test]
fn a_short_gop_that_makes_no_key_frame_is_given_up_for_a_new_stream() {
    // iris looks at the GOP size of a running stream on its second generation only.
    let driver = Driver { dynamic_gop: false, ..drivers::iris() };
    let mut bench = Bench::open(driver, |config| config.key_frame_interval = Some(0));
    bench.encode(2).encode_key_frame().flush().encode(2).encode_key_frame().encode(1).flush();
    bench.close();
    bench.assert_complete();
    assert_eq!(bench.key_frames(), [0, 3, 5]);
}

#[test]
fn a_driver_that_has_the_button_is_never_drained_for_a_key_frame() {
    let driver = Driver { name: "unheard-of", ..drivers::amphion() };
    let mut bench = Bench::open(driver, |config| config.key_frame_interval = Some(0));
    bench.encode(2).encode_key_frame().encode(1).flush();
    assert_eq!(bench.device(|encoder| encoder.asked("STREAMON coded")), 1);
    bench.close();
    assert_eq!(bench.key_frames(), [0, 2]);
}

#[test]
fn a_driver_that_takes_no_gop_size_while_it_runs_begins_a_new_stream_for_a_key_frame() {
    let rejects = Some((Errno::EINVAL, &[BITRATE][..]));
    let driver = Driver { dynamic_gop: false, rejects_while_running: rejects, ..drivers::iris() };
    let mut bench = Bench::open(driver, |config| config.key_frame_interval = Some(0));
    bench.encode(4).encode_key_frame().encode(4).flush();
    bench.close();
    bench.assert_complete();
    // The frame that was to be one only showed that there is no such way; how many were queued behind it by then is up to the
    // machine.
    let key_frames = bench.key_frames();
    assert!(matches!(key_frames[..], [0, 5..=8]), "{key_frames:?}");
}
