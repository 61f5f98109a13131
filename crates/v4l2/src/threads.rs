//! Threads that may be inside a driver or a vendor's library.
//!
//! The end of a process runs that library's destructors, which must not race with a call into it. So the end of a process waits,
//! for a while, for the threads that its own thread has started, and those that they have started.

use std::cell::RefCell;
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Instant;

thread_local! {
    static CREW: RefCell<Option<Arc<Crew>>> = const { RefCell::new(None) };
}

/// The threads that descend from one.
#[derive(Debug, Default)]
pub struct Crew {
    running: Mutex<usize>,
    fewer: Condvar,
}

/// One thread of a crew, while it runs.
struct Member(Arc<Crew>);

impl Drop for Member {
    fn drop(&mut self) {
        *self.0.running() -= 1;
        self.0.fewer.notify_all();
    }
}

impl Crew {
    /// That of this thread: the one it was started in, or else its own.
    #[must_use]
    pub fn here() -> Arc<Self> {
        CREW.with(|crew| crew.borrow_mut().get_or_insert_default().clone())
    }

    fn running(&self) -> MutexGuard<'_, usize> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a thread of it runs.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        *self.running() > 0
    }

    /// Waits until no thread of it runs, or the deadline. Whether none runs.
    pub fn wait(&self, deadline: Instant) -> bool {
        let max_wait = deadline.saturating_duration_since(Instant::now());
        let waited = self.fewer.wait_timeout_while(self.running(), max_wait, |running| *running > 0);
        *waited.unwrap_or_else(PoisonError::into_inner).0 == 0
    }

    /// Starts a thread of it. A panic in `body` ends that thread only.
    ///
    /// # Errors
    /// When the process can have no more threads.
    pub fn spawn(self: &Arc<Self>, name: &str, body: impl FnOnce() + Send + 'static) -> io::Result<()> {
        self.start(thread::Builder::new().name(name.replace('\0', "?")), body).map(drop)
    }

    fn start<T: Send + 'static>(
        self: &Arc<Self>,
        builder: thread::Builder,
        body: impl FnOnce() -> T + Send + 'static,
    ) -> io::Result<thread::JoinHandle<T>> {
        *self.running() += 1;
        let member = Member(self.clone());
        builder.spawn(move || {
            CREW.set(Some(member.0.clone()));
            let done = body();
            drop(member);
            done
        })
    }
}

/// Starts a thread of this thread's crew, as `builder` says.
///
/// # Errors
/// When the process can have no more threads.
pub fn start<T: Send + 'static>(
    builder: thread::Builder,
    body: impl FnOnce() -> T + Send + 'static,
) -> io::Result<thread::JoinHandle<T>> {
    Crew::here().start(builder, body)
}

/// Starts a thread of this thread's crew.
///
/// # Errors
/// When the process can have no more threads.
pub fn spawn(name: &str, body: impl FnOnce() + Send + 'static) -> io::Result<()> {
    Crew::here().spawn(name, body)
}

/// For tests of what a panic does: with the feature `panics`, panics where the environment variable `V4L2_ENCODER_PANIC` names this
/// place.
#[cfg(feature = "panics")]
pub fn may_panic(place: &str) {
    static PLACE: std::sync::LazyLock<Option<String>> =
        std::sync::LazyLock::new(|| std::env::var("V4L2_ENCODER_PANIC").ok());
    if PLACE.as_deref() == Some(place) {
        panic!("a test of a panic in {place}");
    }
}

/// For tests of what a panic does; nothing without the feature `panics`.
#[cfg(not(feature = "panics"))]
pub const fn may_panic(_place: &str) {}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;
    use std::time::Duration;

    use super::*;

    fn soon(millis: u64) -> Instant {
        Instant::now() + Duration::from_millis(millis)
    }

    #[test]
    fn a_crew_is_waited_for_with_the_threads_of_its_threads_and_those_that_panic() {
        let crew = Arc::new(Crew::default());
        let (report, reported) = channel::<()>();
        crew.spawn("a\0b", move || {
            spawn("inner", move || assert!(reported.recv().is_err())).unwrap();
            panic!("a test of what happens then");
        })
        .unwrap();
        assert!(!crew.wait(soon(50)));
        assert!(crew.is_busy());
        drop(report);
        assert!(crew.wait(soon(10_000)));
    }
}
