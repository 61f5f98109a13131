//! Looks after threads that may be stuck in a device.

use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant};

use super::shared::{FIRST_CHUNK, Shared};
use super::state::Phase;
use super::{recover, report};
use crate::error::{Code, Error};

/// A call into the library that others wait for is stuck after this.
const STUCK_AFTER: Duration = Duration::from_millis(500);

static QUARANTINED: AtomicU64 = AtomicU64::new(0);

#[derive(Default)]
struct Watch {
    sessions: Mutex<(Vec<Weak<Shared>>, bool)>,
    more: Condvar,
}

/// How many devices of this process never returned from a call.
pub(super) fn hung_devices() -> u64 {
    QUARANTINED.load(Ordering::Relaxed)
}

/// Looks after a session from now on.
pub(super) fn watch(shared: &Arc<Shared>) -> io::Result<()> {
    static WATCH: std::sync::LazyLock<Watch> = std::sync::LazyLock::new(Watch::default);
    let mut guard = WATCH.sessions.lock().unwrap_or_else(PoisonError::into_inner);
    let (sessions, running) = &mut *guard;
    sessions.push(Arc::downgrade(shared));
    WATCH.more.notify_one();
    if !*running {
        thread::Builder::new().name("v4l2enc watch".to_owned()).spawn(|| run(&WATCH))?;
        *running = true;
    }
    Ok(())
}

fn run(watch: &'static Watch) {
    let mut guard = watch.sessions.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        guard.0.retain(|session| session.strong_count() > 0);
        if guard.0.is_empty() {
            guard = watch.more.wait(guard).unwrap_or_else(PoisonError::into_inner);
            continue;
        }
        let known = guard.0.len();
        let sessions: Vec<_> = guard.0.iter().filter_map(Weak::upgrade).collect();
        drop(guard);
        let pause = sessions.iter().map(check_safely).min().unwrap_or_default();
        drop(sessions);
        guard = watch.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        // A session that came meanwhile may be the first to be looked at again.
        if guard.0.len() == known {
            guard = watch.more.wait_timeout(guard, pause).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

/// A mistake of ours about one session must not leave all others alone.
fn check_safely(shared: &Arc<Shared>) -> Duration {
    let looked = panic::catch_unwind(AssertUnwindSafe(|| {
        v4l2::threads::may_panic("watch");
        check_overdue(shared)
    }));
    looked.unwrap_or(FIRST_CHUNK)
}

/// Takes the session away from a thread that is overdue. Returns for how long none of its calls can be.
pub(super) fn check_overdue(shared: &Arc<Shared>) -> Duration {
    let mut state = shared.lock();
    let least = shared.config.timeout.min(FIRST_CHUNK);
    let max_wait = shared.call_timeout(&state);
    let Some(call) = &mut state.call else { return least };
    let left = max_wait.saturating_sub(call.watch(Instant::now(), max_wait));
    if !left.is_zero() {
        // The call after this one may be given less time; and who sleeps long does not notice that the process was stopped.
        return left.min(least).min(max_wait / 4);
    }
    let what = call.what;
    state.epoch += 1;
    state.call = None;
    let error = quarantine(state.device(), what, max_wait);
    if state.phase == Phase::Over {
        report::answer_all(shared, &mut state, Some(&error));
        report::device_closed(shared, &mut state);
        return least;
    }
    let epoch = state.epoch;
    drop(state);
    recover::take_over(shared, epoch, error);
    least
}

/// Gives up a thread that is stuck with its device. Returns the error to report.
pub(crate) fn quarantine(device: Option<&Path>, what: &str, max_wait: Duration) -> Error {
    QUARANTINED.fetch_add(1, Ordering::Relaxed);
    v4l2::transport::give_up_stuck_calls(STUCK_AFTER);
    let name = device.map_or("The encoder".to_owned(), |device| device.display().to_string());
    let error = Error::new(Code::Timeout, format!("{name} did not return from {what} within {max_wait:?}."))
        .with_hint("The driver hangs. Restart the program; if it comes back, reboot the board.");
    Error { device: device.map(Path::to_owned), ..error }
}
