use std::time::Duration;

/// From a frame being taken to its chunk, over the last chunks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Latency {
    /// Of the last chunk.
    pub last: Duration,
    /// Half were faster.
    pub p50: Duration,
    /// 95 % were faster.
    pub p95: Duration,
    /// 99 % were faster.
    pub p99: Duration,
    /// The slowest.
    pub max: Duration,
}

/// Counters of a session.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stats {
    /// Frames taken. Always `chunks_out + frames_lost + in_flight`.
    pub frames_in: u64,
    /// Of these: copied into a buffer of the device's.
    pub frames_copied: u64,
    /// Of these: written by the caller into a buffer of the device's.
    pub frames_lent: u64,
    /// Of these: read by the device in the caller's memory.
    pub frames_imported: u64,
    /// Source frames whose chunk was given out.
    pub chunks_out: u64,
    /// Frames reported lost.
    pub frames_lost: u64,
    /// Frames taken whose chunk has not come.
    pub in_flight: u64,
    /// Encoded bytes.
    pub bytes_out: u64,
    /// Key frames among the chunks.
    pub key_frames: u64,
    /// Frames the device holds back; `None` until known.
    pub pipeline_delay: Option<u32>,
    /// `None` before the first chunk.
    pub latency: Option<Latency>,
    /// Devices of this process that never returned from a call.
    pub hung_devices: u64,
}

/// The latencies of the last chunks, without allocating per frame.
#[derive(Debug)]
pub(crate) struct Latencies {
    recent: Vec<Duration>,
    next: usize,
}

const WINDOW: usize = 512;

impl Latencies {
    pub(crate) fn new() -> Self {
        Self { recent: Vec::with_capacity(WINDOW), next: 0 }
    }

    pub(crate) fn add(&mut self, latency: Duration) {
        if self.recent.len() < WINDOW {
            self.recent.push(latency);
        } else {
            self.recent[self.next] = latency;
        }
        self.next = (self.next + 1) % WINDOW;
    }

    pub(crate) fn summary(&self) -> Option<Latency> {
        let mut sorted = self.recent.clone();
        sorted.sort_unstable();
        let at = |percent: usize| sorted[(sorted.len() * percent / 100).min(sorted.len() - 1)];
        let slowest = *sorted.last()?;
        let last = self.recent[(self.next + self.recent.len() - 1) % self.recent.len()];
        Some(Latency { last, p50: at(50), p95: at(95), p99: at(99), max: slowest })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_the_last_512() {
        let mut latencies = Latencies::new();
        assert_eq!(latencies.summary(), None);
        for millis in 1..=1000 {
            latencies.add(Duration::from_millis(millis));
        }
        let summary = latencies.summary().unwrap();
        assert_eq!(summary.last, Duration::from_millis(1000));
        assert_eq!(summary.max, Duration::from_millis(1000));
        assert_eq!(summary.p50, Duration::from_millis(489 + 256));
    }

    #[test]
    fn one_latency_is_every_percentile() {
        let mut latencies = Latencies::new();
        latencies.add(Duration::from_millis(7));
        let summary = latencies.summary().unwrap();
        assert_eq!((summary.last, summary.p99), (Duration::from_millis(7), Duration::from_millis(7)));
    }
}
