//! Devices that cannot do what is requested, and say so or not.

use v4l2::Errno;

use super::bench::Bench;
use super::driver::{Driver, SizeImage, Trouble, orderly};
use super::drivers;
use super::machine::Machine;
use crate::codec::{Codec, Level};
use crate::config::{CodecChoice, Config};
use crate::error::Error;
use crate::settings::SettingName;
use v4l2::control::ids::H264_LEVEL;

/// The error of a driver that opens nothing, which has to leave the device as it was.
fn rejected(driver: Driver, change: impl FnOnce(&mut Config)) -> Error {
    match Bench::try_open(driver, change) {
        Ok(_) => panic!("it was opened"),
        Err(error) => error,
    }
}

#[test]
fn a_coded_format_that_the_driver_replaces_without_a_word_is_noticed() {
    let error = rejected(drivers::vicodec(), |config| config.codecs = vec![Codec::H264.into()]);
    assert!(error.message.contains("does not encode H264 at 642x362: it replaced H264 by FWHT."), "{error}");
}

#[test]
fn a_coded_format_that_the_driver_rejects_is_reported() {
    let error = rejected(drivers::s5p_mfc(), |config| config.codecs = vec![Codec::H265.into()]);
    assert!(error.message.contains("does not encode H265 at 642x362: it rejected HEVC."), "{error}");
}

#[test]
fn raw_formats_that_are_none_of_ours_are_reported() {
    const TILED: &[v4l2::PixelFormat] = &[v4l2::PixelFormat::from_fourcc(b"TM12")];
    let driver = Driver { raw: TILED, ..orderly() };
    let error = rejected(driver, |_| {});
    assert!(error.message.contains("it accepts neither I420 nor NV12, but TM12."), "{error}");
}

#[test]
fn a_size_beyond_the_drivers_bounds_is_reported_with_them() {
    let error = rejected(drivers::s5p_mfc(), |config| (config.width, config.height) = (2560, 1440));
    assert!(error.message.contains("it encodes sizes from 32x32 to 1920x1088."), "{error}");
}

#[test]
fn room_for_coded_frames_is_requested_where_the_driver_takes_it_as_it_is() {
    for driver in [drivers::mtk(), drivers::s5p_mfc()] {
        assert_eq!(driver.sizeimage, SizeImage::Verbatim);
        let bench = Bench::open(driver, |_| {});
        // The core rejects buffers of no bytes.
        assert_eq!(bench.device(|encoder| encoder.formats.lengths(false)), [512 << 10]);
    }
}

#[test]
fn a_level_that_the_driver_finds_too_low_is_raised() {
    // STREAMON answers ESRCH on bcm2835-codec. 642x362 at 30 frames a second needs level 3, which is entry 8.
    let bench = Bench::open(Driver { least_level: 10, ..drivers::bcm2835() }, |_| {});
    assert_eq!(bench.device(|encoder| encoder.value(H264_LEVEL)), 10);
    let opened = bench.machine.opened();
    assert_eq!(opened.len(), 3);
    assert!(opened[..2].iter().all(|device| device.model().is_clean()));
    assert_eq!(bench.actual(SettingName::Level), "3.2");
}

#[test]
fn a_level_that_the_caller_requested_is_not_raised() {
    let error = rejected(Driver { least_level: 10, ..drivers::bcm2835() }, |config| {
        let level = Level::parse(Codec::H264, "3");
        config.codecs = vec![CodecChoice { level, ..Codec::H264.into() }];
    });
    assert!(error.message.contains("VIDIOC_STREAMON"), "{error}");
}

#[test]
fn a_driver_that_needs_a_level_for_its_size_gets_one() {
    // venus begins with level 1.0.
    assert_eq!(drivers::venus().least_level, 8);
    let bench = Bench::open(drivers::venus(), |_| {});
    assert_eq!(bench.machine.opened().len(), 1);
}

#[test]
fn fewer_buffers_do_where_memory_is_short() {
    for least in 2..4 {
        let mut bench = Bench::open(Driver { memory: least, ..orderly() }, |_| {});
        bench.encode(8).flush();
        bench.close();
        bench.assert_complete();
    }
}

#[test]
fn no_memory_at_all_is_reported_with_a_hint() {
    let error = rejected(Driver { memory: 0, ..drivers::bcm2835() }, |_| {});
    let hint = error.hint.unwrap_or_default();
    assert!(
        error.message.contains("VIDIOC_REQBUFS") && error.message.contains("ENOMEM"),
        "{}",
        error.message
    );
    assert!(hint.contains("gpu_mem") && hint.contains("cma"), "{hint}");
}

#[test]
fn a_driver_without_a_free_session_is_reported_with_a_hint() {
    for (errno, hint) in
        [(Errno::EBUSY, "Close the other program"), (Errno::ENOSPC, "may use all its sessions")]
    {
        let error = rejected(Driver { rejects: Some(errno), ..orderly() }, |_| {});
        assert!(error.hint.unwrap_or_default().contains(hint), "{errno}");
    }
}

#[test]
fn a_raw_format_that_cannot_be_set_for_another_reason_is_reported_with_it() {
    // Nobody is reported that the driver lacks a format which it has.
    let error = rejected(Driver { busy: true, ..orderly() }, |_| {});
    assert_eq!(error.rejected[0].code.name(), "ERR_BUSY");
}

#[test]
fn what_fails_while_opening_leaves_the_device_as_it_was() {
    let rejecting = Driver { rejects: Some(Errno::EINVAL), ..orderly() };
    let short = Driver { memory: 0, ..orderly() };
    for driver in [rejecting, short] {
        let machine = Machine::new(driver);
        let config = super::bench::config(Codec::H264);
        let session = crate::session::Session::on(
            Config { hardware: crate::config::Hardware::Require, ..config },
            machine.path.clone(),
            |_| {},
        );
        session.close_now(std::time::Duration::from_secs(5));
        assert!(machine.opened().iter().all(|device| device.model().is_clean()));
        assert!(!machine.opened().is_empty());
    }
}

#[test]
fn a_device_that_is_gone_while_it_is_opened_is_lost() {
    let mut driver = orderly();
    driver.troubles.push((0, Trouble::Gone(Errno::ENODEV)));
    driver.rejects = Some(Errno::ENODEV);
    let error = rejected(driver, |_| {});
    assert_eq!(error.rejected[0].code.name(), "ERR_DEVICE_LOST");
}
