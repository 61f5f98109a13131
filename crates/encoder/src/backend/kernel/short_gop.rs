//! A key frame by a GOP size of 1, on drivers that look at the GOP size for every frame and have no button for it.
//!
//! The driver looks when it begins to encode a frame, which nobody can see. So the frames behind the one that is to be
//! the key frame are kept until it has come out; otherwise some of them would be key frames as well.

use std::time::{Duration, Instant};

use v4l2::ioctl::ImportedPlane;

/// A device that holds frames back until others follow must not wait for ours for ever.
const LONGEST: Duration = Duration::from_millis(200);

/// A frame that waits for its turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Kept {
    pub(super) index: u32,
    pub(super) key: Duration,
    /// Where it is, if it is not in the driver's memory.
    pub(super) imported: Vec<ImportedPlane>,
}

#[derive(Debug, Default)]
pub(super) struct ShortGop {
    /// The frame that is to be a key frame, and since when.
    wanted: Option<(Duration, Instant)>,
    kept: Vec<Kept>,
    /// The driver took the size and made no key frame.
    useless: bool,
}

impl ShortGop {
    /// The driver's next frame, of this key, is to be a key frame.
    pub(super) fn begin(&mut self, key: Duration, now: Instant) {
        self.wanted = Some((key, now));
    }

    /// The driver takes no other size while it runs.
    pub(super) fn rejected(&mut self) {
        self.useless = true;
    }

    pub(super) fn is_under_way(&self) -> bool {
        self.wanted.is_some()
    }

    /// Whether this way was tried without a result: its second generation is one that looks, its first is not (iris).
    pub(super) fn is_useless(&self) -> bool {
        self.useless
    }

    pub(super) fn keep(&mut self, kept: Kept) {
        self.kept.push(kept);
    }

    /// A frame came. `true` when the GOP size is to be what it was.
    pub(super) fn came(&mut self, key: Duration, key_frame: bool) -> bool {
        let Some((wanted, _)) = self.wanted else { return false };
        if !key_frame && key < wanted {
            return false;
        }
        self.useless |= !key_frame;
        self.wanted = None;
        true
    }

    /// No key frame has come for too long. `true` when the GOP size is to be what it was.
    pub(super) fn gives_up(&mut self, now: Instant) -> bool {
        let late = self.wanted.is_some_and(|(_, since)| now - since >= LONGEST);
        if late {
            self.wanted = None;
        }
        late
    }

    /// The frames that wait, once they need not.
    pub(super) fn released(&mut self) -> Vec<Kept> {
        if self.is_under_way() { Vec::new() } else { std::mem::take(&mut self.kept) }
    }

    /// Forgets the key frame; what waits is for the caller.
    pub(super) fn cancel(&mut self) -> (bool, Vec<Kept>) {
        (self.wanted.take().is_some(), std::mem::take(&mut self.kept))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn frames_wait_until_the_key_frame_has_come() {
        let mut gop = ShortGop::default();
        gop.begin(2 * MS, Instant::now());
        let kept = Kept { index: 3, key: 3 * MS, imported: Vec::new() };
        gop.keep(kept.clone());
        assert!(!gop.came(MS, false) && gop.released().is_empty());
        assert!(gop.came(2 * MS, true) && !gop.is_useless());
        assert_eq!(gop.released(), [kept]);
    }

    #[test]
    fn a_driver_that_makes_no_key_frame_is_found_out() {
        let mut gop = ShortGop::default();
        gop.begin(2 * MS, Instant::now());
        assert!(gop.came(2 * MS, false) && gop.is_useless());
    }

    #[test]
    fn nothing_waits_for_ever() {
        let (mut gop, now) = (ShortGop::default(), Instant::now());
        gop.begin(MS, now);
        assert!(!gop.gives_up(now) && gop.gives_up(now + LONGEST));
        assert!(!gop.is_under_way());
    }
}
