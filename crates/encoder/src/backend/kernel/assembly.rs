//! From coded buffers to encoded frames.
//!
//! bcm2835-codec gives a frame that is larger than a coded buffer in several, each full but the last, all with the
//! frame's timestamp and without any mark. A frame whose last part happens to fill a buffer looks unfinished, so a
//! part is held back until something else comes, or for a moment.

use std::time::{Duration, Instant};

/// How long a full buffer waits for more of its frame.
pub(super) const MAX_WAIT: Duration = Duration::from_millis(20);

/// No coded frame is larger, whatever its size.
const MOST_BYTES: usize = 64 << 20;

/// The parts of a frame that may be incomplete.
#[derive(Debug)]
struct Parts {
    key: Duration,
    bytes: Vec<u8>,
    since: Instant,
}

/// A frame, complete.
pub(super) struct Assembled {
    pub(super) key: Duration,
    pub(super) bytes: Vec<u8>,
}

/// Puts frames together.
#[derive(Debug, Default)]
pub(super) struct Assembly(Option<Parts>);

impl Assembly {
    /// Whether a frame waits for its rest.
    pub(super) fn is_waiting(&self) -> bool {
        self.0.is_some()
    }

    /// Takes a part. `full`: it fills its buffer, so that more may follow. Returns whether it was kept; what was complete
    /// before it has to be taken first, by [`Assembly::finish_other`].
    pub(super) fn take(&mut self, key: Duration, part: &[u8], full: bool, now: Instant) -> Option<Assembled> {
        let mut parts = self.0.take().unwrap_or(Parts { key, bytes: Vec::new(), since: now });
        parts.bytes.extend_from_slice(part);
        if full {
            self.0 = Some(Parts { since: now, ..parts });
            return None;
        }
        Some(Assembled { key: parts.key, bytes: parts.bytes })
    }

    /// The waiting frame, if a part of another one has come.
    pub(super) fn finish_other(&mut self, key: Duration) -> Option<Assembled> {
        if self.0.as_ref().is_some_and(|parts| parts.key != key) { self.finish() } else { None }
    }

    /// The waiting frame, if it has waited long enough.
    pub(super) fn finish_late(&mut self, now: Instant) -> Option<Assembled> {
        if self.0.as_ref().is_some_and(|parts| now - parts.since >= MAX_WAIT) { self.finish() } else { None }
    }

    /// The waiting frame: no more follows.
    pub(super) fn finish(&mut self) -> Option<Assembled> {
        self.0.take().map(|parts| Assembled { key: parts.key, bytes: parts.bytes })
    }

    /// Whether more came of one frame than any frame has.
    pub(super) fn is_endless(&self) -> bool {
        self.0.as_ref().is_some_and(|parts| parts.bytes.len() > MOST_BYTES)
    }

    /// Forgets what waits.
    pub(super) fn clear(&mut self) {
        self.0 = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn parts_of_one_timestamp_are_one_frame() {
        let (mut assembly, now) = (Assembly::default(), Instant::now());
        assert!(assembly.take(MS, &[1, 2], true, now).is_none());
        assert!(assembly.finish_other(MS).is_none());
        assert!(assembly.take(MS, &[3, 4], true, now).is_none());
        let frame = assembly.take(MS, &[5], false, now).unwrap();
        assert_eq!((frame.key, frame.bytes), (MS, vec![1, 2, 3, 4, 5]));
        assert!(!assembly.is_waiting());
    }

    #[test]
    fn parts_without_end_are_noticed() {
        let (mut assembly, now) = (Assembly::default(), Instant::now());
        let part = vec![0; MOST_BYTES / 4];
        for _ in 0..4 {
            assert!(assembly.take(MS, &part, true, now).is_none());
            assert!(!assembly.is_endless());
        }
        assert!(assembly.take(MS, &part, true, now).is_none());
        assert!(assembly.is_endless());
    }

    #[test]
    fn a_frame_that_just_fills_its_buffers_comes_with_the_next_one_or_a_little_later() {
        let (mut assembly, now) = (Assembly::default(), Instant::now());
        assert!(assembly.take(MS, &[1, 2], true, now).is_none());
        assert_eq!(assembly.finish_other(2 * MS).unwrap().bytes, [1, 2]);
        assert!(assembly.take(2 * MS, &[3, 4], true, now).is_none());
        assert!(assembly.finish_late(now + MAX_WAIT / 2).is_none());
        assert_eq!(assembly.finish_late(now + MAX_WAIT).unwrap().key, 2 * MS);
    }
}
