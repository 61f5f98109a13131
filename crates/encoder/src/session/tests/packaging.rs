//! What becomes of a stream's parameter sets.

use bitstream::stream_info;

use super::*;
use crate::log::LogLevel;

/// A key frame whose SPS ends in the middle.
const CUT: &[u8] =
    &[0, 0, 0, 1, 0x67, 0x42, 0xC0, 0x0A, 0, 0, 0, 1, 0x68, 0xCE, 0x3C, 0x80, 0, 0, 0, 1, 0x65, 0x88, 0x84];
/// The same in Main with a picture order of its own, 320x240: only a device that makes no B frames keeps coding order.
const MAIN: &[u8] = &[
    0, 0, 0, 1, 0x67, 0x4D, 0x40, 0x1E, 0xF4, 0x0A, 0x0F, 0xC8, 0, 0, 0, 1, 0x68, 0xCE, 0x3C, 0x80, 0, 0, 0,
    1, 0x65, 0x88, 0x84,
];
/// `first_mb_in_slice` 0, `slice_type` 1.
const B_FRAME: &[u8] = &[0, 0, 0, 1, 0x01, 0xA0, 0x84];

/// What comes out of these bytes, a frame each, and what is logged.
fn packaged(frames: &[&'static [u8]]) -> (Vec<Vec<u8>>, Vec<String>) {
    let (send, log) = channel();
    let mut bench = Bench::new(4, |config| {
        config.logger = Logger::new(LogLevel::Warn, move |record| drop(send.send(record.message)));
    });
    let config = bench.session.shared.config.clone();
    bench.worker.packager.opened(&config.resolve(config.codecs[0]).unwrap(), true);
    for (number, data) in frames.iter().enumerate() {
        assert_eq!(bench.encode(number as i64), TryResult::Accepted);
        bench.step();
        bench.give(&[Gives::Bytes(number, data), Gives::Buffer(number)]);
        bench.step();
    }
    let chunk = |event| if let Event::Chunk(chunk) = event { Some(chunk.data) } else { None };
    (bench.events.try_iter().filter_map(chunk).collect(), log.try_iter().collect())
}

#[test]
fn parameter_sets_that_cannot_be_read_go_out_as_they_are_with_one_warning() {
    let (chunks, log) = packaged(&[CUT, CUT, CUT]);
    assert_eq!(chunks, [CUT, CUT, CUT]);
    assert_eq!(log.len(), 1, "{log:?}");
    assert!(log[0].contains("cannot be read"), "{log:?}");
}

#[test]
fn a_device_that_makes_b_frames_after_all_is_not_said_to_keep_the_order_any_more() {
    let (chunks, log) = packaged(&[MAIN, B_FRAME, MAIN]);
    let reorder = |data: &[u8]| stream_info(bitstream::Codec::H264, data).unwrap().max_num_reorder;
    assert_eq!(reorder(&chunks[0]), Some(0));
    assert_eq!(chunks[1], B_FRAME);
    assert_eq!(reorder(&chunks[2]), None);
    let warnings: Vec<_> = log.iter().filter(|message| message.contains("B frames")).collect();
    assert_eq!(warnings.len(), 1, "{log:?}");
}
