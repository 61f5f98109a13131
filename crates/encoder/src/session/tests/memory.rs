//! Buffers that are lent, and pictures in the caller's memory, when the device under them changes or hangs.

use super::*;

impl Bench {
    /// What is told from now on, up to and with this.
    fn told_until(&mut self, last: &str) -> Vec<String> {
        let mut told = Vec::new();
        for _ in 0..1000 {
            assert!(self.step().is_none());
            told.extend(self.told());
            if told.iter().any(|text| text == last) {
                return told;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        panic!("never came: {last}, but {told:?}");
    }
}

#[test]
fn a_device_is_not_blamed_for_buffers_that_the_caller_holds() {
    let mut bench = Bench::new(1, |config| config.timeout = Duration::from_millis(100));
    let (lent, _) = bench.session.lend().unwrap();
    assert_eq!(bench.encode(0), Taken::Full);
    assert!(bench.step().is_none());
    std::thread::sleep(Duration::from_millis(110));
    assert!(bench.step().is_none());
    drop(lent);
    bench.step();
    assert_eq!(bench.told(), ["room"]);
}

#[test]
fn a_buffer_that_is_lent_while_the_device_is_opened_anew_has_a_place_in_it() {
    let mut bench = Bench::new(1, |_| {});
    let (lent, _) = bench.session.lend().unwrap();
    let mut state = bench.session.shared.lock();
    let opening = state.open_anew();
    state.free =
        (0..2).map(|index| Arc::new(InputBuffer { opening, ..input(RawFormat::I420, index) })).collect();
    drop(state);
    let others: Vec<_> = std::iter::from_fn(|| bench.session.lend().ok()).collect();
    assert_eq!(others.len(), 1);
    assert_eq!(bench.session.encode_lent(&lent, 0, None, false).unwrap(), Taken::Yes);
    bench.step();
    bench.give(&[Gives::Chunk(0), Gives::Buffer(0)]);
    bench.step();
    assert_eq!(bench.told(), ["chunk 0", "room"]);
}

#[test]
fn a_flush_that_gives_nothing_gives_the_buffers_back() {
    let mut bench = Bench::new(1, |_| {});
    bench.probe.script().resumes = true;
    assert_eq!(bench.encode(0), Taken::Yes);
    bench.step();
    bench.give(&[Gives::Buffer(0)]);
    bench.session.flush(1);
    bench.step();
    std::thread::sleep(limit::FIRST_PAUSE);
    bench.step();
    bench.give(&[Gives::End]);
    assert_eq!(bench.told_until("done 1"), ["lost 0", "done 1"]);
    assert_eq!(bench.encode(1), Taken::Yes);
}
