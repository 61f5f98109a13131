//! What drivers are reported, and what is reported of it.

use v4l2::Errno;

use super::bench::Bench;
use super::driver::{Crop, Driver, Rate, orderly};
use super::drivers;
use crate::codec::{Codec, Profile};
use crate::config::{BitrateMode, CodecChoice};
use crate::error::Code;
use crate::settings::{SettingName, Source};
use v4l2::control::ids::{
    AU_DELIMITER, BITRATE, BITRATE_MODE, FRAME_RC_ENABLE, FRAME_SKIP_MODE, GOP_SIZE, H264_LOOP_FILTER_MODE,
    H264_MIN_QP, H264_PROFILE, HEADER_MODE, PREPEND_SPSPPS_TO_IDR, REPEAT_SEQ_HEADER,
};

/// Bits per second that came out, at the real frame rate.
fn spent(bench: &Bench, framerate: f64) -> f64 {
    let last = &bench.chunks[bench.chunks.len() / 2..];
    let bytes: usize = last.iter().map(|chunk| chunk.data.len()).sum();
    bytes as f64 * 8.0 * framerate / last.len() as f64
}

fn assert_near(value: f64, wanted: f64) {
    assert!((value / wanted - 1.0).abs() < 0.05, "{value} instead of {wanted}");
}

#[test]
fn every_driver_with_rate_control_spends_what_was_requested() {
    for driver in drivers::all().into_iter().filter(|driver| driver.name != "vicodec") {
        for framerate in [5.0, 12.5, 29.97, 30.0] {
            let mut bench = Bench::open(driver.clone(), |config| {
                config.bitrate_bps = Some(2_000_000);
                config.framerate = framerate;
                // The last of them are no key frames and carry nothing but a frame.
                config.key_frame_interval = Some(0);
            });
            bench.encode(4).flush();
            bench.close();
            bench.assert_complete();
            assert_near(spent(&bench, framerate), 2_000_000.0);
            let (asked, actual) =
                (&bench.setting(SettingName::Bitrate).requested, bench.actual(SettingName::Bitrate));
            assert_eq!(asked, "2000000");
            assert_near(actual.parse().unwrap(), 2_000_000.0);
        }
    }
}

#[test]
fn a_rate_that_a_driver_only_knows_in_whole_frames_is_reported_as_the_nearest_one() {
    for driver in [drivers::wave5(), drivers::iris(), drivers::venus()] {
        let bench = Bench::open(driver, |config| config.framerate = 29.97);
        assert_eq!(bench.device(|encoder| encoder.framerate), 30.0);
        assert_eq!(bench.actual(SettingName::Framerate), "29.97");
    }
}

#[test]
fn a_driver_that_hangs_below_nine_frames_a_second_is_sent_ten() {
    let mut bench = Bench::open(drivers::bcm2835(), |config| {
        config.framerate = 2.0;
        config.bitrate_bps = Some(500_000);
    });
    assert_eq!(bench.device(|encoder| encoder.framerate), 10.0);
    assert_eq!(bench.device(|encoder| encoder.value(BITRATE)), 2_500_000);
    assert_eq!((bench.actual(SettingName::Framerate), bench.actual(SettingName::Bitrate)), ("2", "500000"));
    bench.encode(4).flush();
    bench.close();
    bench.assert_complete();
}

#[test]
fn live_changes_keep_the_rate_that_was_requested() {
    let mut bench = Bench::open(drivers::bcm2835(), |config| config.key_frame_interval = Some(0));
    assert!(bench.set_bitrate(3_000_000).is_none());
    assert!(bench.set_framerate(5.0).is_none());
    assert_eq!(bench.device(|encoder| (encoder.framerate, encoder.value(BITRATE))), (10.0, 6_000_000));
    assert!(bench.set_bitrate(1_000_000).is_none());
    assert_eq!(bench.device(|encoder| encoder.value(BITRATE)), 2_000_000);
    assert!(bench.set_framerate(30.0).is_none());
    assert_eq!(bench.device(|encoder| (encoder.framerate, encoder.value(BITRATE))), (30.0, 1_000_000));
    bench.encode(4).flush();
    bench.close();
    bench.assert_complete();
    assert_near(spent(&bench, 30.0), 1_000_000.0);
}

#[test]
fn a_driver_that_is_deaf_to_another_rate_while_it_runs_gets_other_bits_instead() {
    for driver in [drivers::venus(), drivers::iris()] {
        assert!(driver.fixed_rate);
        let mut bench = Bench::open(driver, |config| {
            config.bitrate_bps = Some(2_000_000);
            config.key_frame_interval = Some(0);
        });
        bench.encode(1).flush();
        assert!(bench.set_framerate(15.0).is_none());
        bench.encode(7).flush();
        bench.close();
        assert_near(spent(&bench, 15.0), 2_000_000.0);
    }
}

#[test]
fn the_coded_queue_gets_the_rate_where_it_has_one_of_its_own() {
    let reported = |driver| Bench::open(driver, |_| {}).device(|encoder| encoder.asked("S_PARM coded 1/30"));
    assert_eq!((reported(drivers::iris()), reported(drivers::venus())), (1, 0));
}

#[test]
fn a_rate_that_the_driver_rejects_is_reported() {
    let driver = Driver { rate: Rate::UpTo(60), ..orderly() };
    let mut bench = Bench::open(driver, |config| config.framerate = 120.0);
    assert!(
        bench.warned(SettingName::Framerate)[0]
            .starts_with("The driver rejected the frame rate: VIDIOC_S_PARM")
    );
    bench.encode(2).flush();
    bench.close();
    bench.assert_complete();
}

#[test]
fn a_live_change_that_the_driver_clamps_is_reported() {
    let mut bench = Bench::open(drivers::bcm2835(), |config| config.bitrate_bps = Some(3_200_000));
    assert!(bench.set_bitrate(40_000_000).is_none());
    bench.encode(1).flush();
    assert_eq!(
        bench.warned(SettingName::Bitrate),
        ["The encoder changed bitrate from 40000000 to 25000000."]
    );
    bench.close();
}

#[test]
fn a_rate_that_cannot_be_sent_to_the_driver_is_rejected_and_the_stream_goes_on() {
    let mut bench = Bench::open(drivers::vicodec(), |_| {});
    bench.encode(2);
    assert_eq!(bench.set_framerate(15.0).unwrap().code, Code::Control);
    assert_eq!(bench.set_bitrate(1_000_000).unwrap().code, Code::Control);
    bench.encode(2).flush();
    bench.close();
    bench.assert_complete();
}

#[test]
fn rate_control_is_on_however_the_driver_begins() {
    for driver in [drivers::wave5(), drivers::s5p_mfc(), drivers::allegro()] {
        let bench = Bench::open(driver, |config| config.bitrate_bps = Some(1_000_000));
        let reported = bench.device(|encoder| (encoder.value(FRAME_RC_ENABLE), encoder.value(BITRATE)));
        assert_eq!(reported, (1, 1_000_000));
    }
}

#[test]
fn clamps_and_steps_are_reported() {
    let bench = Bench::open(drivers::bcm2835(), |config| config.bitrate_bps = Some(2_010_000));
    assert_eq!(bench.warned(SettingName::Bitrate), ["The encoder changed bitrate from 2010000 to 2000000."]);
    let setting = bench.setting(SettingName::Bitrate);
    assert_eq!((setting.actual.as_deref(), setting.source), (Some("2000000"), Source::Readback));

    let bench = Bench::open(drivers::bcm2835(), |config| config.bitrate_bps = Some(50_000_000));
    assert_eq!(bench.actual(SettingName::Bitrate), "25000000");

    let bench = Bench::open(drivers::vicodec(), |config| config.key_frame_interval = Some(100));
    assert_eq!(
        bench.warned(SettingName::KeyFrameInterval),
        ["The encoder changed keyFrameInterval from 100 to 16."]
    );
    assert_eq!(
        bench.warned(SettingName::Bitrate),
        ["The driver has no bitrate control; it uses a fixed quality."]
    );
}

#[test]
fn what_a_driver_takes_as_it_is_causes_no_warning() {
    for driver in drivers::all().into_iter().filter(|driver| driver.name != "vicodec") {
        // A multiple of every driver's step.
        let bench = Bench::open(driver, |config| config.bitrate_bps = Some(3_200_000));
        assert_eq!(bench.warnings, [], "{}", bench.machine.path.display());
    }
}

#[test]
fn a_profile_that_is_the_same_to_a_decoder_is_taken_instead() {
    // These have Baseline and no Constrained Baseline, coda the other way round; none of them encodes what makes the difference.
    for (driver, entry) in
        [(drivers::mtk(), 0), (drivers::s5p_mfc(), 0), (drivers::amphion(), 0), (drivers::coda(), 1)]
    {
        let bench = Bench::open(driver, |_| {});
        assert_eq!(bench.device(|encoder| encoder.value(H264_PROFILE)), entry);
        assert_eq!(bench.setting(SettingName::Profile).source, Source::Readback);
    }
}

#[test]
fn a_profile_that_was_requested_is_not_rejected_for_its_name() {
    let profile = Some(Profile::Baseline);
    let bench = Bench::open(drivers::coda(), |config| {
        config.codecs = vec![CodecChoice { profile, ..Codec::H264.into() }];
    });
    assert_eq!(bench.warned(SettingName::Profile).len(), 0);
    assert_eq!(bench.actual(SettingName::Profile), "constrained-baseline");
}

#[test]
fn the_rate_mode_that_is_left_open_is_the_one_that_suits_the_driver() {
    let mode = |driver, asked| {
        let bench = Bench::open(driver, |config| config.bitrate_mode = asked);
        (
            bench.device(|encoder| encoder.value(BITRATE_MODE)),
            bench.actual(SettingName::BitrateMode).to_owned(),
        )
    };
    // Constant rate makes bcm2835-codec slow.
    assert_eq!(mode(drivers::bcm2835(), None), (0, "variable".to_owned()));
    assert_eq!(mode(drivers::bcm2835(), Some(BitrateMode::Constant)), (1, "constant".to_owned()));
    assert_eq!(mode(drivers::venus(), None), (1, "constant".to_owned()));
}

#[test]
fn surprising_defaults_do_not_stay() {
    let value = |driver, id| Bench::open(driver, |_| {}).device(|encoder| encoder.value(id));
    assert_eq!(value(drivers::bcm2835(), H264_MIN_QP), 10);
    assert_eq!(value(drivers::bcm2835(), REPEAT_SEQ_HEADER), 1);
    assert_eq!(value(drivers::venus(), H264_LOOP_FILTER_MODE), 0);
    assert_eq!(value(drivers::iris(), FRAME_SKIP_MODE), 0);
    assert_eq!(value(drivers::iris(), PREPEND_SPSPPS_TO_IDR), 1);
    assert_eq!(value(drivers::mtk(), HEADER_MODE), 1);
    assert_eq!(value(drivers::mtk(), GOP_SIZE), 60);
    assert_eq!(value(drivers::wave5(), AU_DELIMITER), 0);
    assert_eq!(value(drivers::wave5(), PREPEND_SPSPPS_TO_IDR), 1);
}

#[test]
fn headers_that_come_apart_although_they_were_asked_to_be_joined_go_with_their_frame() {
    let mut driver = drivers::s5p_mfc();
    driver.controls.retain(|control| control.id != HEADER_MODE);
    let mut bench = Bench::open(driver, |_| {});
    bench.encode(3).flush();
    bench.close();
    bench.assert_complete();
    assert_eq!(bench.key_frames(), [0]);
}

#[test]
fn a_frame_that_cannot_be_cropped_is_reported_as_larger() {
    let driver = Driver { crop: Crop::Missing, rounds: (16, 16), ..orderly() };
    let mut bench = Bench::open(driver, |_| {});
    bench.encode(2).flush();
    assert_eq!(
        bench.warned(SettingName::Width),
        ["The device encodes 656x368 instead of 642x362; the frame is in the upper left corner."]
    );
    bench.close();
}

#[test]
fn the_stream_has_the_size_that_was_requested_on_every_driver() {
    for driver in drivers::all() {
        let mut bench = Bench::open(driver, |_| {});
        bench.encode(1).flush();
        let reported = bench.chunks[0].decoder_config.clone().unwrap();
        assert_eq!(
            (reported.coded_width, reported.coded_height),
            (642, 362),
            "{}",
            bench.machine.path.display()
        );
        bench.close();
    }
}

#[test]
fn the_parameter_sets_say_rate_and_order_whatever_the_driver_writes_of_them() {
    for driver in drivers::all() {
        for codec in [Codec::H264, Codec::H265].into_iter().filter(|codec| driver.codecs.contains(codec)) {
            let mut bench = Bench::open(driver.clone(), |config| {
                config.codecs = vec![codec.into()];
                config.framerate = 29.97;
            });
            bench.encode(2).flush();
            let said = bitstream::stream_info(codec.of_units().unwrap(), &bench.chunks[0].data).unwrap();
            assert_eq!(
                (said.frame_rate, said.fixed_frame_rate),
                (Some((30_000, 1001)), false),
                "{}",
                driver.name
            );
            assert_eq!((said.max_num_reorder, said.max_dec_frame_buffering), (Some(0), said.references));
            // What we wrote ourselves is no proof of what the driver does.
            let framerate =
                bench.settings.iter().find(|setting| setting.name == SettingName::Framerate).cloned();
            assert_ne!(framerate.map(|setting| setting.source), Some(Source::Bitstream), "{}", driver.name);
            bench.close();
        }
    }
}

#[test]
fn nothing_is_claimed_of_what_cannot_be_sent_to_a_driver() {
    let settings = [
        (BITRATE, SettingName::Bitrate),
        (GOP_SIZE, SettingName::KeyFrameInterval),
        (BITRATE_MODE, SettingName::BitrateMode),
        (H264_PROFILE, SettingName::Profile),
    ];
    for (id, name) in settings {
        let mut driver = orderly();
        driver.controls.retain(|control| control.id != id);
        let bench = Bench::open(driver, |config| {
            config.bitrate_mode = Some(BitrateMode::Variable);
            config.codecs = vec![CodecChoice { profile: Some(Profile::Main), ..Codec::H264.into() }];
        });
        let setting = bench.setting(name);
        assert_eq!((setting.actual.as_deref(), setting.source), (None, Source::Unsupported), "{name}");
        // Nobody requested an interval.
        assert_eq!(bench.warned(name).len(), usize::from(name != SettingName::KeyFrameInterval), "{name}");
    }
    for driver in drivers::all() {
        let bench = Bench::open(driver, |_| {});
        for setting in &bench.settings {
            let is_known = matches!(setting.source, Source::Readback | Source::Bitstream);
            assert_eq!(setting.actual.is_some(), is_known, "{setting:?} on {}", bench.machine.path.display());
        }
    }
}

#[test]
fn a_driver_that_rejects_many_frames_per_second_is_sent_a_fraction_of_frames_and_bits() {
    let driver = Driver { rate: Rate::WholeUpTo(60), ..drivers::iris() };
    let mut bench =
        Bench::open(driver, |config| (config.framerate, config.bitrate_bps) = (200.0, Some(4_000_000)));
    assert!(
        bench.warnings.iter().all(|warning| warning.setting != Some(SettingName::Framerate)),
        "{:?}",
        bench.warnings
    );
    assert_eq!(bench.device(|encoder| (encoder.framerate, encoder.value(BITRATE))), (50.0, 1_000_000));
    assert!(bench.set_bitrate(8_000_000).is_none());
    assert_eq!(bench.device(|encoder| encoder.value(BITRATE)), 2_000_000);
    bench.encode(3).flush();
    bench.close();
}

#[test]
fn a_bit_rate_that_is_taken_only_by_a_stopped_driver_is_rejected_with_the_fix() {
    for (driver, errno) in [(drivers::iris(), Errno::EINVAL), (orderly(), Errno::EBUSY)] {
        let mut bench = Bench::open(Driver { rejects_while_running: Some((errno, &[])), ..driver }, |_| {});
        bench.encode(2);
        let error = bench.set_bitrate(500_000).expect("it is rejected");
        assert_eq!((error.code, error.errno), (Code::Control, Some(errno)));
        assert!(error.hint.as_deref().unwrap().contains("make a new one"), "{error:?}");
        bench.encode(2).flush();
        bench.close();
        bench.assert_complete();
    }
}
