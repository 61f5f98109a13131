//! Sessions on a backend that does what the test says, worked step by step on the test's own thread.

mod exact;
mod looking;
mod memory;
mod packaging;

use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::MutexGuard;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use v4l2::Errno;

use super::worker::{Next, Stop, Worker};
use super::*;
use crate::backend::{Backend, Output};
use crate::backend_kind::BackendKind;
use crate::candidate::Candidate;
use crate::codec::Codec;
use crate::input::buffer::tests::buffer;
use crate::input::mode::InputMode;
use crate::input::request::FrameRequest;
use crate::log::Logger;
use crate::settings::{Change, Warning};

/// An access unit that is a key frame: SPS, PPS and an IDR slice.
const KEY_FRAME: &[u8] = &[
    0, 0, 0, 1, 0x67, 0x42, 0xC0, 0x0A, 0xDB, 0x1C, 0x44, 0, 0, 0, 1, 0x68, 0xCE, 0x3C, 0x80, 0, 0, 0, 1,
    0x65, 0x88, 0x84,
];

/// What the probe gives at the next poll, of the frame of that number.
#[derive(Debug, Clone, Copy)]
enum Gives {
    Chunk(usize),
    Failure(usize),
    Buffer(usize),
    /// Of the frame, these bytes.
    Bytes(usize, &'static [u8]),
    /// Without a frame.
    Headers,
    Warning,
    End,
}

#[derive(Debug, Default)]
struct Script {
    gives: Vec<Gives>,
    /// Key and buffer of each frame.
    submitted: Vec<(Duration, u32)>,
    /// Of which of them something was requested.
    requested: Vec<bool>,
    /// How long it takes a frame; a device that encodes inside gives its chunk then.
    codes_inside: Option<Duration>,
    /// What it says to a frame in the caller's memory.
    rejects_memory: Option<Errno>,
    /// It takes no other frame rate.
    rejects_framerate: bool,
    /// The frame rates that were set while it ran, each with the number of frames before it.
    framerates: Vec<(usize, f64)>,
    /// It goes on after a drain.
    resumes: bool,
    /// Closing takes until this says so.
    hangs: Option<Receiver<()>>,
    closed: bool,
}

#[derive(Clone, Default)]
struct Probe(Arc<Mutex<Script>>);

impl Probe {
    fn script(&self) -> MutexGuard<'_, Script> {
        self.0.lock().unwrap()
    }
}

impl Backend for Probe {
    fn request(&mut self, _input: u32, request: Option<&FrameRequest>) -> Result<()> {
        self.script().requested.push(request.is_some());
        Ok(())
    }

    fn submit(&mut self, input: &InputBuffer, key: Duration, _key_frame: bool) -> Result<()> {
        let mut script = self.script();
        if let Some(errno) = script.rejects_memory.filter(|_| input.lease.is_some()) {
            let device = "/dev/video11".into();
            return Err(v4l2::Failure::Ioctl { ioctl: "VIDIOC_QBUF", device, errno }.into());
        }
        script.submitted.push((key, input.index));
        if let Some(time) = script.codes_inside {
            let frame = script.submitted.len() - 1;
            script.gives.extend([Gives::Chunk(frame), Gives::Buffer(frame)]);
            std::thread::sleep(time);
        }
        Ok(())
    }

    fn poll(&mut self, take: &mut dyn FnMut(Output<'_>)) -> Result<()> {
        let mut script = self.script();
        for given in std::mem::take(&mut script.gives) {
            take(match given {
                Gives::Chunk(frame) => {
                    let data = [KEY_FRAME, &[frame as u8 + 1]].concat();
                    Output::Coded { key: script.submitted[frame].0, data: Cow::Owned(data), quantizer: None }
                }
                Gives::Bytes(frame, data) => Output::Coded {
                    key: script.submitted[frame].0,
                    data: Cow::Borrowed(data),
                    quantizer: None,
                },
                Gives::Failure(frame) => Output::Failed { key: script.submitted[frame].0 },
                Gives::Buffer(frame) => Output::InputFree { index: script.submitted[frame].1 },
                Gives::Headers => {
                    // SPS and PPS.
                    Output::Coded {
                        key: script.submitted[0].0,
                        data: Cow::Borrowed(&KEY_FRAME[..19]),
                        quantizer: None,
                    }
                }
                Gives::Warning => {
                    Output::Warning(Warning { code: "ERR_DEVICE", message: String::new(), setting: None })
                }
                Gives::End => Output::Ended(Some(v4l2::Errno::EPIPE)),
            });
        }
        Ok(())
    }

    fn wait(&self, _waker: &Waker, _busy: bool, _timeout: Duration) {}

    fn signals_readiness(&self) -> bool {
        false
    }

    fn end_stream(&mut self, _spare: Option<u32>) -> Result<()> {
        Ok(())
    }

    fn resume(&mut self) -> Result<bool> {
        Ok(self.script().resumes)
    }

    fn forces_key_frames(&self) -> bool {
        true
    }

    fn tune(&mut self, tuning: &Tuning) -> Result<Vec<Change>> {
        let mut script = self.script();
        let frames = script.submitted.len();
        script.framerates.extend(tuning.framerate.map(|framerate| (frames, framerate)));
        let rejects = tuning.framerate.is_some() && script.rejects_framerate;
        if rejects {
            return Err(Error::new(Code::Control, "The device rejected."));
        }
        Ok(tuning.settings().into_iter().map(Change::applied).collect())
    }

    fn close(self: Box<Self>) -> Result<()> {
        let hangs = self.script().hangs.take();
        if let Some(released) = hangs {
            assert!(released.recv().is_err(), "it ends when its other end is dropped");
        }
        self.script().closed = true;
        Ok(())
    }
}

struct Bench {
    session: Session,
    worker: Worker,
    probe: Probe,
    events: Receiver<Event>,
    pixels: Vec<u8>,
}

impl Bench {
    /// An open session whose probe has so many buffers.
    fn new(buffers: u32, change: impl FnOnce(&mut Config)) -> Self {
        let mut config =
            Config { width: 16, height: 16, logger: Logger::silent(), ..Config::new(Codec::H264) };
        change(&mut config);
        let (send, events) = channel();
        let mut state = State::new(&config);
        state.phase = Phase::Open;
        state.opening = 1;
        state.candidate =
            Some(Candidate { backend: BackendKind::Software, device: None, choice: config.codecs[0] });
        state.free = (0..buffers).map(|index| Arc::new(input(config.format, index))).collect();
        let shared = Arc::new(Shared {
            lookup: LibraryLookup::default(),
            logger: config.logger.clone(),
            sink: Arc::new(move |event| drop(send.send(event))),
            waker: Waker::new().unwrap(),
            state: Mutex::new(state),
            importer: Importer::default(),
            crew: v4l2::threads::Crew::here(),
            over: Condvar::new(),
            size: shared::packed((config.width, config.height)).into(),
            config,
        });
        let probe = Probe::default();
        let mut worker = Worker::new(&shared, 0);
        worker.backend = Some(Box::new(probe.clone()));
        Self { session: Session { shared }, worker, probe, events, pixels: vec![7; 16 * 16 * 3 / 2] }
    }

    fn encode(&self, timestamp: i64) -> TryResult {
        self.session.try_encode(&Frame::i420(&self.pixels, timestamp), false).unwrap()
    }

    fn give(&self, given: &[Gives]) {
        self.probe.script().gives.extend(given);
    }

    /// One round of the thread's loop; the failure, if it is one.
    fn step(&mut self) -> Option<Error> {
        match self.worker.step() {
            Err(Stop::Failed(error)) => Some(error),
            _ => None,
        }
    }

    /// How long the thread would sleep after this round.
    fn sleeps(&mut self) -> Duration {
        match self.worker.step() {
            Ok(Next::Wait { timeout, .. }) => timeout,
            _ => panic!("the thread does not wait"),
        }
    }

    fn reported(&self) -> Vec<String> {
        let short = |event| match event {
            Event::Chunk(chunk) => {
                if let [number] = chunk.data.strip_prefix(KEY_FRAME).unwrap_or_default() {
                    assert_eq!(i64::from(*number) - 1, chunk.timestamp, "the frame of the chunk");
                }
                format!("chunk {}", chunk.timestamp)
            }
            Event::Lost(lost) => format!("lost {}", lost.timestamp),
            Event::Room => "room".to_owned(),
            Event::Released(token) => format!("released {token}"),
            Event::Done(id, error) => {
                format!("done {id}{}", error.map_or("", |error| error.code.name()))
            }
            _ => String::new(),
        };
        self.events.try_iter().map(short).filter(|text| !text.is_empty()).collect()
    }

    fn assert_balanced(&self) {
        let stats = self.session.stats();
        assert_eq!(stats.frames_in, stats.chunks_out + stats.frames_lost + stats.in_flight, "{stats:?}");
    }
}

fn input(format: RawFormat, index: u32) -> InputBuffer {
    InputBuffer { index, opening: 1, ..buffer(format, 16, 16, 0) }
}

#[test]
fn a_buffer_that_was_read_before_its_frame_failed_is_used_again() {
    let mut bench = Bench::new(2, |_| {});
    for round in 0..4 {
        assert_eq!(bench.encode(round), TryResult::Accepted, "round {round}");
        bench.step();
        bench.give(&[Gives::Buffer(round as usize)]);
        bench.step();
        bench.give(&[Gives::Failure(round as usize)]);
        bench.step();
        assert_eq!(bench.reported(), [format!("lost {round}")]);
        bench.assert_balanced();
    }
}

#[test]
fn a_buffer_that_comes_after_its_chunk_is_waited_for() {
    let mut bench = Bench::new(1, |_| {});
    assert_eq!(bench.encode(0), TryResult::Accepted);
    bench.step();
    bench.give(&[Gives::Chunk(0)]);
    bench.step();
    assert_eq!(bench.encode(1), TryResult::Full);
    assert!(bench.sleeps() <= Duration::from_millis(10));
    bench.give(&[Gives::Buffer(0)]);
    bench.step();
    assert_eq!(bench.reported(), ["chunk 0", "room"]);
}

#[test]
fn a_device_that_codes_while_it_takes_a_frame_gives_its_chunk_before_it_takes_the_next() {
    let mut bench = Bench::new(2, |_| {});
    bench.probe.script().codes_inside = Some(Duration::from_millis(2));
    for timestamp in 0..2 {
        assert_eq!(bench.encode(timestamp), TryResult::Accepted);
    }
    assert_eq!(bench.encode(2), TryResult::Full);
    assert_eq!(bench.sleeps(), Duration::ZERO);
    assert_eq!(bench.reported(), ["chunk 0", "room"]);
    assert_eq!(bench.encode(2), TryResult::Accepted);
    assert_eq!(bench.sleeps(), Duration::ZERO);
    assert_eq!(bench.reported(), ["chunk 1"]);
}

#[test]
fn the_watchdog_looks_again_when_a_call_can_be_overdue_and_not_before() {
    let bench = Bench::new(1, |config| config.timeout = Duration::from_millis(300));
    let shared = &bench.session.shared;
    assert_eq!(watchdog::check_overdue(shared), Duration::from_millis(300));
    let began = |ago| state::Call {
        since: Instant::now() - Duration::from_millis(ago),
        ..state::Call::begin("waiting")
    };
    shared.lock().call = Some(began(280));
    let pause = watchdog::check_overdue(shared);
    assert!(pause <= Duration::from_millis(75) && pause > Duration::from_millis(10), "{pause:?}");
    assert_eq!(shared.lock().epoch, 0);
    std::thread::sleep(Duration::from_millis(80));
    watchdog::check_overdue(shared);
    assert_eq!(shared.lock().epoch, 1);
}

#[test]
fn a_call_that_is_overdue_at_the_first_sight_may_be_one_of_a_process_that_was_stopped() {
    let bench = Bench::new(1, |config| config.timeout = Duration::from_millis(200));
    let shared = &bench.session.shared;
    let since = Instant::now() - Duration::from_secs(3600);
    shared.lock().call = Some(state::Call { since, ..state::Call::begin("waiting") });
    let pause = watchdog::check_overdue(shared);
    assert!(pause <= Duration::from_millis(50), "{pause:?}");
    assert_eq!(shared.lock().epoch, 0);
    // Stopped once more.
    std::thread::sleep(Duration::from_millis(110));
    watchdog::check_overdue(shared);
    assert_eq!(shared.lock().epoch, 0);
    for _ in 0..5 {
        std::thread::sleep(Duration::from_millis(45));
        watchdog::check_overdue(shared);
    }
    assert_eq!(shared.lock().epoch, 1);
}

/// Steps as the session's thread does, until the device has failed.
fn until_it_fails(bench: &mut Bench, mut meanwhile: impl FnMut(&mut Bench)) -> (Error, Duration) {
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(10) {
        meanwhile(bench);
        if let Some(error) = bench.step() {
            return (error, start.elapsed());
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    panic!("the device is waited for without end");
}

#[test]
fn a_thread_that_overslept_gives_the_device_one_more_interval() {
    let timeout = Duration::from_millis(200);
    let mut bench = Bench::new(8, |config| config.timeout = timeout);
    for timestamp in 0..5 {
        assert_eq!(bench.encode(timestamp), TryResult::Accepted);
    }
    assert!(bench.step().is_none());
    // The process is stopped.
    std::thread::sleep(timeout * 2);
    assert!(bench.step().is_none());
    let (error, took) = until_it_fails(&mut bench, |_| {});
    assert_eq!(error.code, Code::Timeout);
    assert!(took > timeout * 3 / 4, "{took:?}");
}

#[test]
fn what_comes_and_is_of_no_use_does_not_count() {
    let timeout = Duration::from_millis(200);
    let useless: [fn(&mut Bench); 4] = [
        |bench| bench.give(&[Gives::Chunk(0)]),
        |bench| bench.give(&[Gives::Chunk(0), Gives::Failure(0), Gives::Buffer(0)]),
        |bench| bench.give(&[Gives::Headers]),
        |bench| bench.give(&[Gives::Warning]),
    ];
    for give in useless {
        let mut bench = Bench::new(8, |config| config.timeout = timeout);
        assert_eq!(bench.encode(0), TryResult::Accepted);
        bench.step();
        bench.give(&[Gives::Chunk(0)]);
        bench.step();
        assert_eq!(bench.encode(1), TryResult::Accepted);
        let (error, took) = until_it_fails(&mut bench, give);
        assert_eq!(error.code, Code::Timeout);
        assert!(took < timeout * 4, "{took:?}");
        assert_eq!(bench.reported().iter().filter(|reported| *reported == "chunk 0").count(), 1);
        bench.assert_balanced();
    }
}

#[test]
fn a_device_that_fails_on_every_frame_fails() {
    let timeout = Duration::from_millis(200);
    let mut bench = Bench::new(8, |config| config.timeout = timeout);
    let mut frame = 0;
    let (error, took) = until_it_fails(&mut bench, |bench| {
        assert_eq!(bench.encode(frame as i64), TryResult::Accepted);
        bench.step();
        bench.give(&[Gives::Buffer(frame), Gives::Failure(frame)]);
        frame += 1;
    });
    assert_eq!(error.code, Code::Timeout);
    assert!(error.message.contains("failed on every frame"), "{}", error.message);
    assert!(took >= timeout * 3 / 4 && took < timeout * 4, "{took:?}");
    assert_eq!(bench.reported().len(), frame, "each of them is reported");
    bench.assert_balanced();
}

#[test]
fn a_device_that_fails_on_some_frames_and_is_given_no_more_does_not() {
    let timeout = Duration::from_millis(100);
    let mut bench = Bench::new(8, |config| config.timeout = timeout);
    for frame in 0..5 {
        assert_eq!(bench.encode(frame), TryResult::Accepted);
        bench.step();
        bench.give(&[Gives::Buffer(frame as usize), Gives::Failure(frame as usize)]);
    }
    for _ in 0..30 {
        assert!(bench.step().is_none());
        std::thread::sleep(timeout / 10);
    }
}

#[test]
fn frames_behind_a_change_of_the_frame_rate_are_spaced_by_it_unless_the_device_rejected() {
    for (rejects_framerate, apart) in [(false, 10_000), (true, 33_333)] {
        let mut bench = Bench::new(3, |_| {});
        bench.probe.script().rejects_framerate = rejects_framerate;
        let encode = |bench: &Bench| assert_eq!(bench.encode(0), TryResult::Accepted);
        encode(&bench);
        bench.session.tune(1, Tuning { framerate: Some(100.0), ..Tuning::default() }, false);
        encode(&bench);
        bench.step();
        encode(&bench);
        bench.step();
        let keys: Vec<_> = bench.probe.script().submitted.iter().map(|(key, _)| key.as_micros()).collect();
        assert_eq!((keys[1] - keys[0], keys[2] - keys[1]), (10_000, apart));
    }
}

#[test]
fn the_device_goes_by_the_rate_at_which_frames_really_come() {
    let set = |change: fn(&mut Config), rejects_framerate| {
        let mut bench = Bench::new(2, change);
        bench.probe.script().rejects_framerate = rejects_framerate;
        for frame in 0..100_usize {
            assert_eq!(bench.encode(frame as i64 * 66_667), TryResult::Accepted);
            bench.step();
            bench.give(&[Gives::Failure(frame), Gives::Buffer(frame)]);
            bench.step();
        }
        std::mem::take(&mut bench.probe.script().framerates)
    };
    // 30 frames a second are configured.
    assert_eq!(set(|_| {}, false), [(30, 15.0)]);
    assert_eq!(set(|_| {}, true), [(30, 15.0)], "one that rejects it is not asked again");
    assert_eq!(set(|config| config.adapt_framerate = false, false), []);
    assert_eq!(set(|config| config.framerate = 15.0, false), []);
}

#[test]
fn a_device_that_keeps_every_buffer_times_out() {
    let mut bench = Bench::new(1, |config| config.timeout = Duration::from_millis(100));
    assert_eq!(bench.encode(0), TryResult::Accepted);
    bench.step();
    bench.give(&[Gives::Chunk(0)]);
    bench.step();
    assert_eq!(bench.encode(1), TryResult::Full);
    assert_eq!(until_it_fails(&mut bench, |_| {}).0.code, Code::Timeout);
}

#[test]
fn a_second_chunk_of_the_same_frame_is_not_given_out_as_the_next_ones() {
    let mut bench = Bench::new(4, |_| {});
    for timestamp in 0..3 {
        assert_eq!(bench.encode(timestamp), TryResult::Accepted);
    }
    bench.step();
    bench.give(&[Gives::Chunk(0), Gives::Chunk(0), Gives::Chunk(1), Gives::Chunk(2)]);
    bench.step();
    assert_eq!(bench.reported(), ["chunk 0", "chunk 1", "chunk 2"]);
    bench.assert_balanced();
}

#[test]
fn nothing_is_taken_behind_a_close_although_a_flush_before_it_reopens() {
    let mut bench = Bench::new(4, |_| {});
    assert_eq!(bench.encode(0), TryResult::Accepted);
    bench.step();
    bench.session.flush(1);
    assert_eq!(bench.encode(1), TryResult::Accepted);
    bench.session.close(2, false);
    bench.step();
    std::thread::sleep(limit::FIRST_PAUSE);
    bench.step();
    bench.give(&[Gives::End]);
    while bench.session.shared.lock().phase != Phase::Over {
        assert_eq!(bench.encode(9), TryResult::Closed);
        bench.step();
    }
    assert_eq!(bench.reported(), ["lost 0", "done 1", "chunk 1", "done 2"]);
    bench.assert_balanced();
}

#[test]
fn an_end_that_nobody_requested_names_the_request_and_what_it_failed_with() {
    let mut bench = Bench::new(1, |_| {});
    assert_eq!(bench.encode(0), TryResult::Accepted);
    bench.step();
    bench.give(&[Gives::End]);
    let error = bench.step().expect("the stream is over");
    assert_eq!(
        (error.code, error.ioctl, error.errno),
        (Code::Device, Some("VIDIOC_DQBUF"), Some(v4l2::Errno::EPIPE))
    );
    assert!(
        error.message.ends_with("without a request: VIDIOC_DQBUF failed with EPIPE."),
        "{}",
        error.message
    );
}

#[test]
fn who_waits_while_a_flush_ends_the_stream_gets_a_new_one() {
    let mut bench = Bench::new(1, |_| {});
    assert_eq!(bench.encode(0), TryResult::Accepted);
    bench.session.flush(1);
    assert_eq!(bench.encode(1), TryResult::Full);
    bench.step();
    std::thread::sleep(limit::FIRST_PAUSE);
    bench.step();
    bench.give(&[Gives::End]);
    assert_eq!(bench.sleeps(), Duration::ZERO);
    bench.step();
    assert_eq!(bench.reported(), ["lost 0", "done 1", "room"]);
}

#[test]
fn a_short_time_out_leaves_time_to_end_the_stream() {
    let mut bench = Bench::new(1, |config| config.timeout = Duration::from_millis(200));
    assert_eq!(bench.encode(0), TryResult::Accepted);
    bench.session.flush(1);
    bench.step();
    std::thread::sleep(Duration::from_millis(110));
    assert!(bench.step().is_none());
    assert!(bench.session.shared.lock().draining.is_some_and(|draining| draining.end_sent));
}

#[test]
fn a_device_that_comes_back_too_late_is_closed() {
    let Bench { session, worker, probe, .. } = Bench::new(1, |_| {});
    session.shared.lock().epoch += 1;
    worker::run_thread(worker, |_| true);
    assert!(probe.script().closed);
}

#[test]
fn what_waits_for_a_device_that_panics_is_answered() {
    let Bench { session, worker, events, .. } = Bench::new(1, |_| {});
    session.flush(1);
    worker::run_thread(worker, |_| panic!("a test of what happens then"));
    let answer = events.try_iter().find_map(|event| match event {
        Event::Done(1, error) => error,
        _ => None,
    });
    assert_eq!(answer.unwrap().code, Code::Device);
    assert!(session.shared.lock().device_closed);
}

#[test]
fn nobody_waits_for_a_device_that_no_other_could_replace() {
    let Bench { session, mut worker, .. } = Bench::new(1, |_| {});
    worker.backend = None;
    assert!(!worker.open_next(Some(Error::new(Code::Device, "The device failed."))));
    let start = Instant::now();
    session.close_now(Duration::from_secs(5));
    assert!(start.elapsed() < Duration::from_secs(1));
}

#[test]
fn the_buffers_of_a_device_that_failed_for_good_are_let_go_of_and_the_end_is_reported_once() {
    let mut bench = Bench::new(3, |_| {});
    let buffers: Vec<_> = bench.session.shared.lock().free.iter().map(Arc::downgrade).collect();
    assert_eq!(buffers.len(), 3);
    for timestamp in 0..2 {
        assert_eq!(bench.encode(timestamp), TryResult::Accepted);
    }
    bench.step();
    let Bench { session, worker, events, .. } = bench;
    worker::run_thread(worker, |_| panic!("a test of what happens then"));
    assert!(buffers.iter().all(|buffer| buffer.strong_count() == 0));
    session.close(7, true);
    let ends: Vec<_> =
        events.try_iter().filter(|event| matches!(event, Event::Fatal(_) | Event::Over)).collect();
    assert!(matches!(&ends[..], [Event::Fatal(error), Event::Over] if error.lost == [0, 1]), "{ends:?}");
}

#[test]
fn a_thread_that_panics_while_it_looks_for_an_encoder_fails_the_opening() {
    let Bench { session, worker, events, .. } = Bench::new(1, |_| {});
    session.shared.lock().phase = Phase::Opening;
    worker::run_thread(worker, |_| panic!("a test of what happens then"));
    let reported: Vec<_> = events.try_iter().collect();
    assert!(matches!(&reported[..], [.., Event::Failed(_), Event::Over]), "{reported:?}");
}

#[test]
fn a_close_after_a_failure_is_answered_when_the_device_is_closed() {
    let mut bench = Bench::new(1, |_| {});
    let error = Error::new(Code::Device, "The device failed.");
    report::fail(&bench.session.shared, &mut bench.session.shared.lock(), error);
    bench.session.close(3, true);
    assert_eq!(bench.reported(), [""; 0]);
    assert!(matches!(bench.worker.step(), Ok(Next::End)));
    report::device_closed(&bench.session.shared, &mut bench.session.shared.lock());
    assert_eq!(bench.reported(), ["done 3"]);
}

#[test]
fn whoever_keeps_a_lent_frame_keeps_its_memory_and_not_the_session() {
    let Bench { session, worker, probe: _probe, .. } = Bench::new(1, |_| {});
    let (frame, _) = session.lend().unwrap();
    let shared = Arc::downgrade(&session.shared);
    drop((worker, session));
    assert_eq!(shared.strong_count(), 0);
    assert!(!frame.is_over());
    frame.give_back();
}
