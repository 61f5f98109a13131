//! Buffers that are lent, and pictures in the caller's memory, when the device under them changes or hangs.

use super::*;

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
