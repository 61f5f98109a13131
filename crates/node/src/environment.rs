//! What a JavaScript environment has open, and how it is closed with the environment. Each kind of object registers its closer;
//! a new kind changes nothing here.

use std::cell::{Cell, RefCell};
use std::time::{Duration, Instant};

use napi::{Env, Result};
use napi_derive::napi;

use crate::caught::caught_end;

/// How long an environment that is torn down waits for its devices.
const TEARDOWN: Duration = Duration::from_millis(500);

/// How one kind of object is closed.
pub struct Closer {
    /// Has all of them begin to close, without waiting.
    pub begin: fn(),
    /// Waits for all of them, until the deadline.
    pub wait: fn(Instant),
    /// Comes first when the environment ends, and not on an exit, when JavaScript still runs.
    pub torn_down: fn(),
}

thread_local! {
    /// The closers of this thread's JavaScript environment, which has the thread for itself.
    static CLOSERS: RefCell<Vec<&'static Closer>> = const { RefCell::new(Vec::new()) };
    static HOOKED: Cell<bool> = const { Cell::new(false) };
}

/// Has the objects of this kind closed when the environment ends. A terminated worker runs no JavaScript any more, but its
/// environment's hooks.
pub fn register(env: &Env, closer: &'static Closer) -> Result<()> {
    CLOSERS.with_borrow_mut(|closers| {
        if !closers.iter().any(|known| std::ptr::eq(*known, closer)) {
            closers.push(closer);
        }
    });
    if !HOOKED.replace(true) {
        env.add_env_cleanup_hook((), |()| caught_end("clean-up", tear_down))?;
    }
    Ok(())
}

fn tear_down() {
    for closer in CLOSERS.with_borrow(Clone::clone) {
        (closer.torn_down)();
    }
    close_all(TEARDOWN);
}

/// Closes everything that this thread has open, within the time.
#[napi(catch_unwind)]
pub fn close_all_now(timeout_ms: f64) {
    close_all(Duration::from_secs_f64((timeout_ms / 1000.0).clamp(0.0, 60.0)));
}

/// See `NativeAddon.isBusy` in `ts/native/addon.ts`.
#[napi(catch_unwind)]
pub fn is_busy() -> bool {
    v4l2::threads::Crew::here().is_busy()
}

fn close_all(timeout: Duration) {
    let deadline = Instant::now() + timeout;
    let closers = CLOSERS.with_borrow(Clone::clone);
    for closer in &closers {
        (closer.begin)();
    }
    for closer in &closers {
        (closer.wait)(deadline);
    }
    // What is looked for, asked, or left alone in a device.
    v4l2::threads::Crew::here().wait(deadline);
}
