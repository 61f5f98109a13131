//! Frames that come and cannot be used.

use std::time::{Duration, Instant};

/// So few say nothing about a camera, however far they are apart.
const FEW: u64 = 3;

/// The frames since the last usable one that could not be used.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    run: Option<Run>,
    /// The size of the last frames, where it was another than the camera's, and how many in a row had it.
    other_size: Option<((u32, u32), u64)>,
}

#[derive(Debug)]
struct Run {
    since: Instant,
    until: Instant,
    count: u64,
    last: String,
}

impl Faults {
    /// A frame came and is of no use.
    pub(crate) fn add(&mut self, what: impl Into<String>) {
        let now = Instant::now();
        let (since, count) = self.run.as_ref().map_or((now, 0), |run| (run.since, run.count));
        self.run = Some(Run { since, until: now, count: count + 1, last: what.into() });
    }

    /// A frame of another size came. Whether so many did, one after the other, that it is no damage but the camera's size now.
    pub(crate) fn is_resized(&mut self, size: (u32, u32)) -> bool {
        let before = self.other_size.filter(|(other, _)| *other == size).map_or(0, |(_, count)| count);
        self.other_size = Some((size, before + 1));
        before + 1 >= FEW
    }

    /// A frame came that can be used.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Whether nothing but useless frames came for so long.
    pub(crate) fn are_all_for(&self, timeout: Duration) -> bool {
        self.run.as_ref().is_some_and(|run| run.count >= FEW && run.until - run.since >= timeout)
    }

    /// What came since the last usable frame; none where nothing did.
    pub(crate) fn text(&self) -> Option<String> {
        let Run { count, last, .. } = self.run.as_ref()?;
        let came = if *count == 1 {
            "1 frame came and was damaged".to_owned()
        } else {
            format!("{count} frames came, all damaged")
        };
        Some(format!("{came}. The last one: {last}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_or_a_short_run_say_nothing() {
        let mut faults = Faults::default();
        assert_eq!(faults.text(), None);
        faults.add("It is empty.");
        assert!(!faults.are_all_for(Duration::ZERO));
        assert_eq!(faults.text().unwrap(), "1 frame came and was damaged. The last one: It is empty.");
        faults.add("It is empty.");
        faults.add("It is short.");
        assert!(faults.are_all_for(Duration::ZERO));
        assert!(!faults.are_all_for(Duration::from_secs(60)));
        assert_eq!(faults.text().unwrap(), "3 frames came, all damaged. The last one: It is short.");
        faults.clear();
        assert!(!faults.are_all_for(Duration::ZERO));
    }

    #[test]
    fn one_frame_of_another_size_is_damage_and_three_are_another_size() {
        let mut faults = Faults::default();
        assert!(!faults.is_resized((640, 480)));
        assert!(!faults.is_resized((640, 482)));
        assert!(!faults.is_resized((640, 480)));
        assert!(!faults.is_resized((640, 480)));
        assert!(faults.is_resized((640, 480)));
    }
}
