//! What is requested of single frames.

use v4l2::Errno;
use v4l2::control::ids::{H264_I_FRAME_QP, H264_P_FRAME_QP};

use super::bench::Bench;
use super::driver::{Driver, number, orderly};
use super::drivers::common;
use crate::config::Parameter;
use crate::error::Code;
use crate::input::request::FrameRequest;

/// A driver with quantizers.
fn driver() -> Driver {
    let quantizers = [H264_I_FRAME_QP, H264_P_FRAME_QP].map(|id| number(id, 0, 51, 1, 26));
    Driver { controls: [common(), quantizers.to_vec()].concat(), ..orderly() }
}

fn open(driver: Driver) -> Bench {
    Bench::open(driver, |config| config.parameters.set(Parameter::Quantizer, 30))
}

fn of(quantizer: u32) -> Option<FrameRequest> {
    Some(FrameRequest { exact: true, quantizer: Some(quantizer), ..FrameRequest::default() })
}

#[test]
fn a_frames_quantizer_is_set_before_it_and_taken_back_before_the_next() {
    let mut bench = open(driver());
    bench.encode(2);
    bench.session.set_request(of(40)).unwrap();
    bench.encode(3).flush();
    let log = bench.device(|encoder| encoder.log.clone());
    let set = format!("S_CTRL {H264_P_FRAME_QP:#x} ");
    let values: Vec<_> = log.iter().filter_map(|line| line.strip_prefix(&set)).collect();
    assert_eq!(values, ["30", "40", "30"]);
    bench.close();
    bench.assert_complete();
    assert!(bench.warnings.is_empty(), "{:?}", bench.warnings);
}

#[test]
fn a_driver_that_rejects_a_quantizer_while_it_runs_encodes_the_frame_and_warns() {
    let mut bench = open(Driver { rejects_while_running: Some((Errno::EBUSY, &[])), ..driver() });
    bench.encode(1);
    bench.session.set_request(of(40)).unwrap();
    bench.encode(2).flush();
    bench.close();
    bench.assert_complete();
    let warned: Vec<_> = bench.warnings.iter().map(|warning| (warning.code, &warning.message)).collect();
    assert!(
        warned.iter().any(|(code, message)| *code == "ERR_CONTROL" && message.contains("quantizer 40")),
        "{warned:?}"
    );
}

#[test]
fn a_quantizer_of_a_frame_is_rejected_in_another_mode() {
    let bench = Bench::open(driver(), |_| {});
    assert_eq!(bench.session.set_request(of(40)).unwrap_err().code, Code::Config);
    let by_quantizer = open(driver());
    assert_eq!(by_quantizer.session.set_request(of(52)).unwrap_err().code, Code::Frame);
}
