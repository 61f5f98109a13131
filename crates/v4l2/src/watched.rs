use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

/// How often a silence begins again: a machine that swaps without end must not put everything off for ever.
const MOST_AGAIN: u8 = 3;

/// Silence, as somebody sees it who looks again and again.
///
/// A process that was stopped (SIGSTOP, `docker pause`, a debugger, a machine that swaps) finds every deadline past on waking,
/// before it could look whether something has come. So a look that comes much later than was meant begins the silence again, and
/// only what was watched awake is judged.
#[derive(Debug, Clone, Copy)]
pub struct Watched {
    last: Instant,
    silence: Duration,
    again: u8,
}

impl Watched {
    /// The silence begins.
    #[must_use]
    pub fn since(now: Instant) -> Self {
        Self { last: now, silence: Duration::ZERO, again: 0 }
    }

    /// Looks. Returns for how long it has been silent; from `max_wait` on that is too long. Whoever looks does so more often than
    /// every quarter of it.
    pub fn look(&mut self, now: Instant, max_wait: Duration) -> Duration {
        let passed = now.saturating_duration_since(self.last);
        self.last = now;
        let overslept = passed > max_wait / 2;
        if !overslept {
            self.silence += passed;
        } else if self.again < MOST_AGAIN {
            self.again += 1;
            self.silence = Duration::ZERO;
        } else {
            self.silence += max_wait / 2;
        }
        self.silence
    }

    /// As [`Self::look`] by somebody who sees it for the first time, and may have slept until now.
    pub fn discover(&mut self, now: Instant, max_wait: Duration) -> Duration {
        self.silence = now.saturating_duration_since(self.last).min(max_wait * 3 / 4);
        self.last = now;
        self.silence
    }
}

/// As [`Receiver::recv_timeout`], of time in which the process ran.
///
/// # Errors
/// As there.
pub fn receive_within<T>(receiver: &Receiver<T>, max_wait: Duration) -> Result<T, RecvTimeoutError> {
    let mut watched = Watched::since(Instant::now());
    loop {
        match receiver.recv_timeout(max_wait / 8) {
            Err(RecvTimeoutError::Timeout) if watched.look(Instant::now(), max_wait) < max_wait => {}
            received => return received,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAX_WAIT: Duration = Duration::from_secs(2);
    const STEP: Duration = Duration::from_millis(100);

    /// A clock that is made up.
    struct Clock {
        now: Instant,
        watched: Watched,
    }

    impl Clock {
        fn new() -> Self {
            let now = Instant::now();
            Self { now, watched: Watched::since(now) }
        }

        fn look_after(&mut self, pause: Duration) -> bool {
            self.now += pause;
            self.watched.look(self.now, MAX_WAIT) >= MAX_WAIT
        }

        /// Looks again and again until it is too long.
        fn until_judged(&mut self) -> Duration {
            let start = self.now;
            while !self.look_after(STEP) {}
            self.now - start
        }
    }

    #[test]
    fn silence_that_is_watched_is_too_long_when_the_time_is_over() {
        assert_eq!(Clock::new().until_judged(), MAX_WAIT);
    }

    #[test]
    fn a_late_watchdog_gives_one_more_interval() {
        let mut clock = Clock::new();
        for _ in 0..19 {
            assert!(!clock.look_after(STEP));
        }
        assert!(!clock.look_after(Duration::from_secs(3600)), "stopped for an hour");
        assert_eq!(clock.until_judged(), MAX_WAIT);
    }

    #[test]
    fn a_machine_that_always_oversleeps_judges_all_the_same() {
        let mut clock = Clock::new();
        let looks = (1..100).find(|_| clock.look_after(2 * MAX_WAIT)).unwrap();
        assert_eq!(looks, 5);
    }

    #[test]
    fn a_channel_is_listened_to_for_as_long_as_was_said() {
        let (send, receive) = std::sync::mpsc::channel();
        let start = Instant::now();
        assert_eq!(receive_within::<u8>(&receive, STEP), Err(RecvTimeoutError::Timeout));
        assert!(start.elapsed() >= STEP);
        send.send(7).unwrap();
        assert_eq!(receive_within(&receive, STEP), Ok(7));
        drop(send);
        assert_eq!(receive_within(&receive, STEP), Err(RecvTimeoutError::Disconnected));
    }

    #[test]
    fn what_is_seen_for_the_first_time_is_not_judged_yet() {
        for age in [Duration::ZERO, STEP, MAX_WAIT / 2, 10 * MAX_WAIT] {
            let mut clock = Clock::new();
            clock.now += age;
            let silence = clock.watched.discover(clock.now, MAX_WAIT);
            assert_eq!(silence, age.min(MAX_WAIT * 3 / 4));
            assert_eq!(clock.until_judged(), MAX_WAIT - silence);
        }
    }
}
