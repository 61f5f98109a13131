//! Frames that are to be alone in the device.

use super::*;

fn exact() -> Option<FrameRequest> {
    Some(FrameRequest { exact: true, ..FrameRequest::default() })
}

#[test]
fn an_exact_frame_goes_in_when_those_before_it_are_out_and_those_behind_it_wait() {
    let mut bench = Bench::new(4, |_| {});
    assert_eq!(bench.encode(0), TryResult::Accepted);
    assert_eq!(bench.encode(1), TryResult::Accepted);
    bench.session.set_request(exact()).unwrap();
    assert_eq!(bench.encode(2), TryResult::Accepted);
    assert_eq!(bench.encode(3), TryResult::Accepted);
    bench.step();
    bench.give(&[Gives::Chunk(0), Gives::Buffer(0), Gives::Buffer(1)]);
    bench.step();
    bench.step();
    assert_eq!(bench.probe.script().submitted.len(), 2, "frame 1 is not out");
    bench.give(&[Gives::Chunk(1)]);
    bench.step();
    bench.step();
    let requested = bench.probe.script().requested.clone();
    assert_eq!(requested, [false, false, true, false]);
    bench.give(&[Gives::Chunk(2), Gives::Chunk(3)]);
    bench.step();
    assert_eq!(bench.reported(), ["chunk 0", "chunk 1", "chunk 2", "chunk 3"]);
    bench.assert_balanced();
}

#[test]
fn for_an_exact_frame_the_stream_is_ended_where_frames_are_held_back() {
    let mut bench = Bench::new(3, |config| config.timeout = Duration::from_millis(400));
    bench.probe.script().resumes = true;
    assert_eq!(bench.encode(0), TryResult::Accepted);
    bench.session.set_request(exact()).unwrap();
    assert_eq!(bench.encode(1), TryResult::Accepted);
    bench.step();
    std::thread::sleep(Duration::from_millis(250));
    bench.step();
    bench.give(&[Gives::Chunk(0), Gives::Buffer(0), Gives::End]);
    bench.step();
    bench.step();
    assert_eq!(bench.probe.script().requested, [false, true]);
    bench.give(&[Gives::Chunk(1)]);
    bench.step();
    assert_eq!(bench.reported(), ["chunk 0", "chunk 1"]);
    bench.assert_balanced();
}

#[test]
fn what_is_requested_of_a_frame_that_was_not_taken_can_be_taken_back() {
    let mut bench = Bench::new(2, |_| {});
    bench.session.set_request(exact()).unwrap();
    bench.session.set_request(None).unwrap();
    assert_eq!(bench.encode(0), TryResult::Accepted);
    bench.step();
    assert_eq!(bench.probe.script().requested, [false]);
}
