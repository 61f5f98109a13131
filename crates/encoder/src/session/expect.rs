use std::time::Duration;

/// How often to look when a chunk is about to come. The device cannot be waited for, so what is left of this interval is
/// latency.
const NEAR: Duration = Duration::from_micros(150);
/// How often to look otherwise.
const FAR: Duration = Duration::from_micros(500);
/// Chunks that are late by more than this follow another rule than the usual one.
const GRACE: Duration = Duration::from_millis(2);

/// When the next chunk may be expected: looking often pays only then.
#[derive(Debug, Default)]
pub(super) struct Expectation {
    /// From a frame being taken to its chunk, smoothed over some eight chunks.
    usual: Option<Duration>,
}

impl Expectation {
    /// Takes note of a chunk's latency.
    pub(super) fn chunk(&mut self, latency: Duration) {
        self.usual = Some(self.usual.map_or(latency, |usual| (usual * 7 + latency) / 8));
    }

    /// How long to sleep before the next look, where the oldest frame in the device has this age.
    pub(super) fn interval(&self, age: Duration) -> Duration {
        match self.usual {
            Some(usual) if age >= usual * 3 / 4 && age <= usual * 3 / 2 + GRACE => NEAR,
            _ => FAR,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn looks_are_frequent_only_around_the_usual_time() {
        let mut expected = Expectation::default();
        assert_eq!(expected.interval(10 * MS), FAR);
        for _ in 0..8 {
            expected.chunk(10 * MS);
        }
        assert_eq!(expected.interval(5 * MS), FAR);
        assert_eq!(expected.interval(9 * MS), NEAR);
        assert_eq!(expected.interval(15 * MS), NEAR);
        assert_eq!(expected.interval(60 * MS), FAR);
    }
}
