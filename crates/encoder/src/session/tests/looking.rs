//! Looking for devices.

use super::*;
use crate::select::Search;

/// A root directory with so many nodes that are none.
fn machine(name: &str, nodes: u32) -> PathBuf {
    let root = std::env::temp_dir().join(format!("v4l2-session-{name}-{}", std::process::id()));
    std::fs::create_dir_all(root.join("dev")).unwrap();
    for number in 0..nodes {
        std::fs::write(root.join(format!("dev/video{number}")), "").unwrap();
    }
    root
}

#[test]
fn starting_does_not_look_for_devices_on_the_callers_thread() {
    let root = machine("many", 1500);
    let config = Config { root: Some(root.clone()), logger: Logger::silent(), ..Config::new(Codec::H264) };
    let start = Instant::now();
    let steps = crate::select::steps(&config).len();
    let looking = start.elapsed();
    let start = Instant::now();
    let session = Session::start(config, |_| {}).unwrap();
    let starting = start.elapsed();
    session.close_now(Duration::from_secs(5));
    std::fs::remove_dir_all(&root).unwrap();
    assert!(starting < looking, "{starting:?} to start, {looking:?} to look at {steps} places");
}

#[test]
fn a_node_that_hangs_while_devices_are_looked_for_leaves_the_software_encoder() {
    let root = machine("hanging", 2);
    let Bench { session, mut worker, events, .. } = Bench::new(0, |config| {
        (config.timeout, config.root) = (Duration::from_millis(100), Some(root.clone()));
    });
    let shared = &session.shared;
    let mut state = shared.lock();
    (state.phase, state.candidate) = (Phase::Opening, None);
    drop(state);
    worker.backend = None;
    let (release, hangs) = channel::<()>();
    let thread = std::thread::spawn(move || {
        let mut hang = |search: &mut Search| {
            assert!(hangs.recv().is_err(), "it ends when its other end is dropped");
            search.examine()
        };
        worker.find_devices(&mut hang)
    });
    while shared.lock().epoch == 0 {
        std::thread::sleep(Duration::from_millis(10));
        watchdog::check_overdue(shared);
    }
    let Event::Opened(active) = events.recv_timeout(Duration::from_secs(5)).unwrap() else {
        panic!("no encoder was opened");
    };
    assert_eq!(active.backend, BackendKind::Software);
    let hung = &active.rejected[0];
    assert_eq!(hung.device, Some(root.join("dev/video0")));
    assert!(
        hung.message.contains("looking for devices")
            && hung.message.contains("later devices were not checked"),
        "{hung:?}"
    );
    drop(release);
    assert!(matches!(thread.join().unwrap(), Err(Stop::Abandoned)));
    session.close_now(Duration::from_secs(5));
    std::fs::remove_dir_all(&root).unwrap();
}
