//! Sessions on a device that a test names, without looking for others.

use std::path::PathBuf;
use std::thread;

use super::worker::{Worker, run_thread};
use super::*;
use crate::backend_kind::BackendKind;
use crate::candidate::Candidate;
use crate::select::Step;
use crate::surface::Importer;

impl Session {
    /// As [`Session::start`], on the kernel encoder at `device`.
    pub(crate) fn on(config: Config, device: PathBuf, sink: impl Fn(Event) + Send + Sync + 'static) -> Self {
        let mut state = State::new(&config);
        let candidate =
            Candidate { backend: BackendKind::V4l2, device: Some(device), choice: config.codecs[0] };
        state.steps.push_back(Step::Try(candidate));
        let shared = Arc::new(Shared {
            lookup: LibraryLookup::default(),
            importer: Importer::default(),
            crew: v4l2::threads::Crew::here(),
            logger: config.logger.clone(),
            sink: Arc::new(sink),
            waker: Waker::new().unwrap(),
            state: Mutex::new(state),
            over: Condvar::new(),
            size: shared::packed((config.width, config.height)).into(),
            config,
        });
        watchdog::watch(&shared).unwrap();
        let worker = Worker::new(&shared, 0);
        thread::spawn(|| run_thread(worker, |worker| worker.open_next(None)));
        Self { shared }
    }
}
