//! Buffers that are lent, and frames in the caller's memory, when the device under them changes or hangs.

use std::os::fd::{AsRawFd, OwnedFd};

use super::*;
use crate::input::dmabuf::{DmabufPlane, DmabufShare};
use crate::input::geometry::{Imports, InputGeometry, InputPlane};
use crate::input::lease::Keeper;
use crate::log::LogLevel;

/// Planes of I420 at 16x16 in one memory: offset, stride.
const PLANES: [(u32, u32); 3] = [(0, 16), (256, 8), (320, 8)];

fn memory() -> OwnedFd {
    v4l2::transport::memory_file("session-test", 384).unwrap()
}

fn planes_in(memory: &OwnedFd) -> [DmabufPlane; 3] {
    let descriptor = memory.as_raw_fd();
    PLANES.map(|(offset, stride)| DmabufPlane { descriptor, offset, stride })
}

/// A frame in a camera's buffer, which is the camera's again when nobody has its keeper any more.
struct Kept {
    share: DmabufShare,
    keeper: Keeper,
}

impl Kept {
    fn new() -> Self {
        let memory = memory();
        let share = DmabufShare::share(&planes_in(&memory), RawFormat::I420).unwrap();
        Self { share, keeper: Arc::new(memory) }
    }

    fn encode(&self, bench: &Bench) -> Result<TryResult> {
        bench.session.try_encode_shared(&self.share, 0, None, self.keeper.clone(), false)
    }

    /// How many others have it.
    fn elsewhere(&self) -> usize {
        Arc::strong_count(&self.keeper) - 1
    }
}

impl Bench {
    /// The device is reopened, for importing, with so many buffers.
    fn reopen_for_importing(&self, buffers: u32) {
        let mut state = self.session.shared.lock();
        let plane =
            |(offset, stride)| InputPlane { memory: 0, offset: offset as usize, stride: stride as usize };
        state.inputs.mode = InputMode::Imported(RawFormat::I420);
        state.inputs.opened(InputGeometry {
            format: RawFormat::I420,
            coded_width: 16,
            coded_height: 16,
            planes: PLANES.map(plane).to_vec(),
            memories: vec![384],
            imports: Imports::SameLayout(vec![RawFormat::I420]),
        });
        let opening = state.next_opening();
        let without_memory = |index| InputBuffer {
            opening,
            memories: Vec::new(),
            planes: Vec::new(),
            ..input(RawFormat::I420, index)
        };
        state.free = (0..buffers).map(|index| Arc::new(without_memory(index))).collect();
    }

    fn encode_dmabuf(&self, memory: &OwnedFd, token: u32) -> TryResult {
        let planes = planes_in(memory);
        let format = RawFormat::I420;
        let frame = DmabufFrame {
            planes: &planes,
            format,
            timestamp: 0,
            duration: None,
            token,
            map_parameters: None,
        };
        self.session.try_encode_dmabuf(&frame, false).unwrap()
    }

    /// The thread never comes back from queueing the first frame, whose buffer it holds, and the session is given up.
    fn lose_the_thread(&self) -> Option<Arc<InputBuffer>> {
        let shared = &self.session.shared;
        let key = self.probe.script().submitted[0].0;
        let held_by_the_thread = shared.lock().ledger.get_mut(key).unwrap().buffer.clone();
        shared.lock().call = Some(state::Call {
            what: "queueing a frame",
            since: Instant::now() - Duration::from_secs(1),
            seen: None,
        });
        while !shared.lock().device_closed {
            watchdog::check_overdue(shared);
            std::thread::sleep(Duration::from_millis(1));
        }
        held_by_the_thread
    }

    /// What is reported from now on, up to and with this.
    fn reported_until(&mut self, last: &str) -> Vec<String> {
        let mut reported = Vec::new();
        for _ in 0..1000 {
            assert!(self.step().is_none());
            reported.extend(self.reported());
            if reported.iter().any(|text| text == last) {
                return reported;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        panic!("never came: {last}, but {reported:?}");
    }
}

#[test]
fn a_frame_in_the_callers_memory_goes_into_a_device_that_was_reopened() {
    let mut bench = Bench::new(0, |_| {});
    bench.reopen_for_importing(2);
    let memory = memory();
    assert_eq!(bench.encode_dmabuf(&memory, 5), TryResult::Accepted);
    bench.reopen_for_importing(2);
    bench.step();
    assert_eq!(bench.reported(), [""; 0], "neither lost nor given back");
    bench.give(&[Gives::Chunk(0), Gives::Buffer(0)]);
    bench.step();
    assert_eq!(bench.reported(), ["chunk 0", "released 5"]);
    assert_eq!(bench.session.stats().frames_imported, 1);
    bench.assert_balanced();
}

#[test]
fn memory_that_comes_back_after_its_chunk_is_not_left_until_the_next_frame() {
    let mut bench = Bench::new(0, |_| {});
    bench.reopen_for_importing(1);
    let memory = memory();
    assert_eq!(bench.encode_dmabuf(&memory, 4), TryResult::Accepted);
    bench.step();
    bench.give(&[Gives::Chunk(0)]);
    assert!(bench.sleeps() <= Duration::from_millis(10));
    bench.give(&[Gives::Buffer(0)]);
    assert!(bench.sleeps() > Duration::from_secs(1));
    assert_eq!(bench.reported(), ["chunk 0", "released 4"]);
}

#[test]
fn a_lent_buffer_is_coded_although_the_device_was_opened_for_importing_meanwhile() {
    let mut bench = Bench::new(1, |_| {});
    let (lent, _) = bench.session.lend().unwrap();
    bench.reopen_for_importing(2);
    assert_eq!(bench.session.encode_lent(&lent, 0, None, false).unwrap(), TryResult::Accepted);
    bench.session.flush(1);
    assert_eq!(bench.reported_until("done 1"), ["chunk 0", "done 1"]);
    bench.assert_balanced();
}

#[test]
fn a_device_is_not_blamed_for_buffers_that_the_caller_holds() {
    let mut bench = Bench::new(1, |config| config.timeout = Duration::from_millis(100));
    let (lent, _) = bench.session.lend().unwrap();
    assert_eq!(bench.encode(0), TryResult::Full);
    assert!(bench.step().is_none());
    std::thread::sleep(Duration::from_millis(110));
    assert!(bench.step().is_none());
    drop(lent);
    bench.step();
    assert_eq!(bench.reported(), ["room"]);
}

#[test]
fn a_buffer_that_is_lent_while_the_device_is_opened_anew_has_a_place_in_it() {
    let mut bench = Bench::new(1, |_| {});
    let (lent, _) = bench.session.lend().unwrap();
    let mut state = bench.session.shared.lock();
    let opening = state.next_opening();
    state.free =
        (0..2).map(|index| Arc::new(InputBuffer { opening, ..input(RawFormat::I420, index) })).collect();
    drop(state);
    let others: Vec<_> = std::iter::from_fn(|| bench.session.lend().ok()).collect();
    assert_eq!(others.len(), 1);
    assert_eq!(bench.session.encode_lent(&lent, 0, None, false).unwrap(), TryResult::Accepted);
    bench.step();
    bench.give(&[Gives::Chunk(0), Gives::Buffer(0)]);
    bench.step();
    assert_eq!(bench.reported(), ["chunk 0", "room"]);
}

#[test]
fn a_flush_that_gives_nothing_gives_the_buffers_back() {
    let mut bench = Bench::new(1, |_| {});
    bench.probe.script().resumes = true;
    assert_eq!(bench.encode(0), TryResult::Accepted);
    bench.step();
    bench.give(&[Gives::Buffer(0)]);
    bench.session.flush(1);
    bench.step();
    std::thread::sleep(limit::FIRST_PAUSE);
    bench.step();
    bench.give(&[Gives::End]);
    assert_eq!(bench.reported_until("done 1"), ["lost 0", "done 1"]);
    assert_eq!(bench.encode(1), TryResult::Accepted);
}

#[test]
fn memory_that_a_device_still_reads_is_not_given_back_before_another_takes_over() {
    let mut bench = Bench::new(0, |_| {});
    bench.reopen_for_importing(1);
    let memory = memory();
    assert_eq!(bench.encode_dmabuf(&memory, 6), TryResult::Accepted);
    bench.step();
    bench.give(&[Gives::Failure(0)]);
    bench.step();
    drop(bench.session.shared.lock().ledger.reclaim());
    assert_eq!(bench.reported(), ["lost 0"]);
    assert!(bench.worker.close_device().is_ok());
    assert!(bench.probe.script().closed);
    assert_eq!(bench.reported(), ["released 6"]);
}

#[test]
fn memory_in_a_device_that_hangs_is_given_back_once() {
    let mut bench = Bench::new(0, |config| config.timeout = Duration::from_millis(50));
    bench.reopen_for_importing(1);
    let memory = memory();
    assert_eq!(bench.encode_dmabuf(&memory, 7), TryResult::Accepted);
    bench.step();
    let (release, hangs) = channel();
    bench.probe.script().hangs = Some(hangs);
    bench.session.close(2, true);
    let Bench { session, mut worker, events, .. } = bench;
    let thread = std::thread::spawn(move || worker.run());
    let mut released = 0;
    let mut count = |event| released += u32::from(matches!(event, Event::Released(7)));
    while !session.shared.lock().device_closed {
        std::thread::sleep(Duration::from_millis(10));
        watchdog::check_overdue(&session.shared);
    }
    events.try_iter().for_each(&mut count);
    drop(release);
    thread.join().unwrap();
    events.try_iter().for_each(&mut count);
    assert_eq!(released, 1);
    drop(session);
}

#[test]
fn memory_whose_thread_never_comes_back_is_given_back() {
    let mut bench = Bench::new(0, |config| config.timeout = Duration::from_millis(50));
    bench.reopen_for_importing(1);
    let memory = memory();
    assert_eq!(bench.encode_dmabuf(&memory, 8), TryResult::Accepted);
    bench.step();
    let held_by_the_thread = bench.lose_the_thread();
    assert_eq!(bench.reported(), ["released 8"]);
    drop(held_by_the_thread);
    assert_eq!(bench.reported(), [""; 0]);
}

#[test]
fn a_kept_frame_is_released_when_the_device_has_read_it() {
    let mut bench = Bench::new(0, |_| {});
    bench.reopen_for_importing(1);
    let kept = Kept::new();
    assert_eq!(kept.encode(&bench).unwrap(), TryResult::Accepted);
    assert_eq!(kept.encode(&bench).unwrap(), TryResult::Full);
    bench.step();
    assert_eq!(kept.elsewhere(), 1);
    bench.give(&[Gives::Chunk(0), Gives::Buffer(0)]);
    bench.step();
    assert_eq!(bench.reported(), ["chunk 0", "room"], "nothing is reported about the memory");
    assert_eq!(kept.elsewhere(), 0);
    assert_eq!(bench.session.stats().frames_imported, 1);
    bench.assert_balanced();
}

#[test]
fn a_kept_frame_is_released_at_once_where_it_was_copied() {
    let bench = Bench::new(1, |_| {});
    let kept = Kept::new();
    assert_eq!(kept.encode(&bench).unwrap(), TryResult::Accepted);
    assert_eq!(kept.elsewhere(), 0);
    assert_eq!(bench.session.stats().frames_copied, 1);
}

#[test]
fn a_kept_frame_in_a_device_that_never_comes_back_is_released() {
    let mut bench = Bench::new(0, |config| config.timeout = Duration::from_millis(50));
    bench.reopen_for_importing(1);
    let kept = Kept::new();
    assert_eq!(kept.encode(&bench).unwrap(), TryResult::Accepted);
    bench.step();
    let held_by_the_thread = bench.lose_the_thread();
    assert_eq!(kept.elsewhere(), 0);
    drop(held_by_the_thread);
}

#[test]
fn a_kept_frame_that_is_no_surface_is_rejected_where_only_surfaces_do() {
    let bench = Bench::new(0, |_| {});
    bench.reopen_for_importing(1);
    bench.session.shared.lock().inputs.geometry.as_mut().unwrap().imports =
        Imports::Surfaces(vec![RawFormat::I420]);
    let kept = Kept::new();
    assert_eq!(kept.encode(&bench).unwrap_err().code, Code::Frame);
    assert_eq!(kept.elsewhere(), 0);
}

#[test]
fn memory_that_the_device_cannot_reach_is_copied_from_then_on() {
    let (write, log) = channel();
    let mut bench = Bench::new(0, |config| {
        config.logger = Logger::new(LogLevel::Warn, move |record| drop(write.send(record.message)));
    });
    bench.reopen_for_importing(3);
    let memories = [memory(), memory(), memory()];
    assert_eq!(bench.encode_dmabuf(&memories[0], 5), TryResult::Accepted);
    bench.step();
    bench.probe.script().rejects_memory = Some(Errno::EFAULT);
    assert_eq!(bench.encode_dmabuf(&memories[1], 6), TryResult::Accepted);
    assert_eq!(bench.encode_dmabuf(&memories[2], 7), TryResult::Accepted);
    bench.session.flush(1);
    assert!(bench.step().is_none());
    assert_eq!(bench.encode_dmabuf(&memories[0], 8), TryResult::Full);
    assert!(!bench.probe.script().closed, "its frame is waited for");
    bench.give(&[Gives::Chunk(0), Gives::Buffer(0)]);
    let mut reported = bench.reported_until("done 1");
    assert!(bench.probe.script().closed);
    reported.retain(|text| text != "room");
    assert_eq!(reported[..2], ["chunk 0", "released 5"]);
    reported[2..].sort();
    assert_eq!(reported[2..], ["chunk 0", "chunk 0", "done 1", "released 6", "released 7"]);
    assert_eq!(bench.encode_dmabuf(&memories[0], 8), TryResult::Accepted);
    assert_eq!(bench.reported(), ["released 8"]);
    bench.assert_balanced();
    let warnings: Vec<_> = log.try_iter().filter(|message| message.contains("are copied")).collect();
    assert!(warnings.len() == 1 && warnings[0].contains("VIDIOC_QBUF"), "{warnings:?}");
}

#[test]
fn a_device_that_breaks_at_a_frame_in_the_callers_memory_has_failed() {
    for (errno, imports) in [
        (Errno::EIO, Imports::SameLayout(vec![RawFormat::I420])),
        (Errno::ENODEV, Imports::SameLayout(vec![RawFormat::I420])),
        (Errno::EINVAL, Imports::Surfaces(vec![RawFormat::I420])),
    ] {
        let mut bench = Bench::new(0, |_| {});
        bench.reopen_for_importing(1);
        bench.probe.script().rejects_memory = Some(errno);
        assert_eq!(bench.encode_dmabuf(&memory(), 5), TryResult::Accepted);
        bench.session.shared.lock().inputs.geometry.as_mut().unwrap().imports = imports;
        assert_eq!(bench.step().unwrap().errno, Some(errno));
    }
}
