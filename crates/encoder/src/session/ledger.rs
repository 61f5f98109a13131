//! What became of every frame: at every moment `frames_in = chunks_out + frames_lost + in_flight`.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bitstream::sei::Metadata;

use super::clock::DeviceClock;
use crate::input::buffer::InputBuffer;
use crate::input::request::FrameRequest;
use crate::stats::{Latencies, Stats};

/// An accepted frame on its way.
#[derive(Debug)]
pub(super) struct FrameRecord {
    /// The timestamp that the device sees.
    pub(super) key: Duration,
    pub(super) timestamp: i64,
    pub(super) duration: Option<i64>,
    pub(super) key_frame: bool,
    accepted: Instant,
    /// When the device got it, the last time.
    pub(super) submitted_at: Option<Instant>,
    /// What goes into the stream with it.
    metadata: Option<Box<Metadata>>,
    /// What else is requested of it.
    pub(super) request: Option<Arc<FrameRequest>>,
    /// Where its frame is, as long as it may be needed.
    pub(super) buffer: Option<Arc<InputBuffer>>,
    pub(super) submitted: bool,
    /// The device has read the buffer.
    pub(super) read: bool,
}

/// When a frame is, and what is requested of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FrameTiming {
    /// The caller's own, in microseconds.
    pub(super) timestamp: i64,
    /// The caller's own, in microseconds.
    pub(super) duration: Option<i64>,
    pub(super) key_frame: bool,
}

/// How a frame's frame reached the device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum InputKind {
    /// Into a buffer of the device's, by us.
    Copied,
    /// The same, by the caller.
    Lent,
    /// Where it was.
    Imported,
}

/// A frame that is over, one way or the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FinishedFrame {
    pub(super) timestamp: i64,
    pub(super) duration: Option<i64>,
}

/// What a chunk's key leads to.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Matched {
    /// The frame it is of.
    pub(super) frame: FinishedFrame,
    /// Frames before it that the device dropped.
    pub(super) skipped: Vec<FinishedFrame>,
    /// Submitted frames behind it.
    pub(super) later: u32,
    /// Since it was taken.
    pub(super) latency: Duration,
    /// The caller requested a key frame.
    pub(super) key_frame_asked: bool,
    /// The key was not one of ours, so order decided.
    pub(super) by_order: bool,
    /// What goes into the stream with it.
    pub(super) metadata: Option<Box<Metadata>>,
    /// When the device got it.
    pub(super) submitted_at: Option<Instant>,
}

#[derive(Debug)]
pub(super) struct Ledger {
    records: VecDeque<FrameRecord>,
    /// Buffers that the device has not given back although their frame is over.
    lent: Vec<Arc<InputBuffer>>,
    clock: DeviceClock,
    /// The device has returned a key of ours.
    keys_return: bool,
    latencies: Latencies,
    frames_in: u64,
    frames_copied: u64,
    frames_lent: u64,
    frames_imported: u64,
    chunks_out: u64,
    frames_lost: u64,
    bytes_out: u64,
    key_frames: u64,
}

impl Ledger {
    /// For an encoder at `framerate` frames per second.
    pub(super) fn new(framerate: f64) -> Self {
        Self {
            records: VecDeque::new(),
            lent: Vec::new(),
            clock: DeviceClock::new(framerate),
            keys_return: false,
            latencies: Latencies::new(),
            frames_in: 0,
            frames_copied: 0,
            frames_lent: 0,
            frames_imported: 0,
            chunks_out: 0,
            frames_lost: 0,
            bytes_out: 0,
            key_frames: 0,
        }
    }

    /// Takes a frame and returns its key.
    pub(super) fn accept(
        &mut self,
        stamp: FrameTiming,
        buffer: Arc<InputBuffer>,
        how: InputKind,
    ) -> Duration {
        let FrameTiming { timestamp, duration, key_frame } = stamp;
        let key = self.clock.next(timestamp);
        self.frames_in += 1;
        match how {
            InputKind::Copied => self.frames_copied += 1,
            InputKind::Lent => self.frames_lent += 1,
            InputKind::Imported => self.frames_imported += 1,
        }
        self.records.push_back(FrameRecord {
            key,
            timestamp,
            duration,
            key_frame,
            accepted: Instant::now(),
            submitted_at: None,
            metadata: None,
            request: None,
            buffer: Some(buffer),
            submitted: false,
            read: false,
        });
        key
    }

    /// The frame rate, in frames per second, of the frames that are accepted from now on.
    pub(super) fn set_framerate(&mut self, framerate: f64) {
        self.clock.set_framerate(framerate);
    }

    pub(super) fn get_mut(&mut self, key: Duration) -> Option<&mut FrameRecord> {
        self.records.iter_mut().find(|record| record.key == key)
    }

    /// What goes into the stream with the frame of this key, and what is requested of it.
    pub(super) fn attach(
        &mut self,
        key: Duration,
        metadata: Option<Box<Metadata>>,
        request: Option<Arc<FrameRequest>>,
    ) {
        if let Some(record) = self.records.iter_mut().rev().find(|record| record.key == key) {
            (record.metadata, record.request) = (metadata, request);
        }
    }

    /// Frames the device has.
    pub(super) fn submitted(&self) -> u32 {
        self.records.iter().filter(|record| record.submitted).count() as u32
    }

    /// Frames whose frame still is in a buffer of another opening.
    pub(super) fn elsewhere(&self, opening: u64) -> usize {
        let elsewhere = |record: &&FrameRecord| {
            !record.submitted && record.buffer.as_ref().is_some_and(|buffer| buffer.opening != opening)
        };
        self.records.iter().filter(elsewhere).count()
    }

    /// Since when the device has had its oldest frame.
    pub(super) fn oldest_age(&self) -> Option<Duration> {
        self.records.front().filter(|record| record.submitted).map(|record| record.accepted.elapsed())
    }

    /// Frames taken whose chunk has not come.
    pub(super) fn in_flight(&self) -> u32 {
        self.records.len() as u32
    }

    /// The frame that the device means by this key, and whether order decided, because the device returns timestamps of
    /// its own. `None` for a key of ours that comes a second time.
    fn meant(&mut self, key: Duration) -> Option<(usize, bool)> {
        let exact = self.records.iter().position(|record| record.submitted && record.key == key);
        self.keys_return |= exact.is_some();
        if exact.is_none() && self.keys_return && self.clock.gave(key) {
            return None;
        }
        let position = exact.or_else(|| self.records.iter().position(|record| record.submitted))?;
        Some((position, exact.is_none()))
    }

    /// Ends the frame of this key as coded, and those before it as dropped by the device.
    pub(super) fn coded(&mut self, key: Duration, bytes: usize, key_frame: bool) -> Option<Matched> {
        let (position, by_order) = self.meant(key)?;
        let gone: Vec<_> = self.records.drain(..position).collect();
        let skipped: Vec<_> = gone.into_iter().map(|record| self.depart(record)).collect();
        let mut record = self.records.pop_front()?;
        let (metadata, submitted_at) = (record.metadata.take(), record.submitted_at);
        let latency = record.accepted.elapsed();
        let key_frame_asked = record.key_frame;
        let frame = self.depart(record);
        self.frames_lost += skipped.len() as u64;
        self.chunks_out += 1;
        self.bytes_out += bytes as u64;
        self.key_frames += u64::from(key_frame);
        self.latencies.add(latency);
        let later = self.submitted();
        Some(Matched { frame, skipped, later, latency, key_frame_asked, by_order, metadata, submitted_at })
    }

    /// Ends the frame of this key as lost. Returns its buffer as well if the device has given it back already.
    pub(super) fn lose(&mut self, key: Duration) -> Option<(FinishedFrame, Option<Arc<InputBuffer>>)> {
        let (position, _) = self.meant(key)?;
        let mut record = self.records.remove(position)?;
        let free = if record.read { record.buffer.take() } else { None };
        self.frames_lost += 1;
        Some((self.depart(record), free))
    }

    /// Ends a frame that no device has got, or will, as lost. Its buffer goes with it.
    pub(super) fn withdraw(&mut self, key: Duration) -> Option<FinishedFrame> {
        let position = self.records.iter().position(|record| !record.submitted && record.key == key)?;
        let FrameRecord { timestamp, duration, .. } = self.records.remove(position)?;
        self.frames_lost += 1;
        Some(FinishedFrame { timestamp, duration })
    }

    /// Ends every frame that the device has, or every one at all, as lost.
    pub(super) fn lose_all(&mut self, only_submitted: bool) -> Vec<FinishedFrame> {
        let (lost, kept): (Vec<_>, Vec<_>) =
            self.records.drain(..).partition(|record| record.submitted || !only_submitted);
        self.records = kept.into();
        self.frames_lost += lost.len() as u64;
        lost.into_iter().map(|record| self.depart(record)).collect()
    }

    /// A frame is over; its buffer may still be the device's.
    fn depart(&mut self, record: FrameRecord) -> FinishedFrame {
        self.lent.extend(record.buffer);
        FinishedFrame { timestamp: record.timestamp, duration: record.duration }
    }

    /// The device has read the buffer of this index. Returns the buffer, unless it is `kept` for another device.
    pub(super) fn read(&mut self, index: u32, opening: u64, kept: bool) -> Option<Arc<InputBuffer>> {
        let is_it = |buffer: &InputBuffer| buffer.index == index && buffer.opening == opening;
        if let Some(position) = self.lent.iter().position(|buffer| is_it(buffer)) {
            return Some(self.lent.swap_remove(position));
        }
        let record = self
            .records
            .iter_mut()
            .find(|record| record.submitted && !record.read && record.buffer.as_deref().is_some_and(is_it))?;
        record.read = true;
        if kept { None } else { record.buffer.take() }
    }

    /// The buffers of frames that the device has read, now that no other device will need them.
    pub(super) fn release_read(&mut self) -> Vec<Arc<InputBuffer>> {
        self.records
            .iter_mut()
            .filter(|record| record.read)
            .filter_map(|record| record.buffer.take())
            .collect()
    }

    /// The device gets a buffer without a frame. Returns its index.
    pub(super) fn lend(&mut self, buffer: Arc<InputBuffer>) -> u32 {
        let index = buffer.index;
        self.lent.push(buffer);
        index
    }

    /// Gives up the buffers that the device has without a frame.
    pub(super) fn take_lent(&mut self) -> Vec<Arc<InputBuffer>> {
        std::mem::take(&mut self.lent)
    }

    /// Gives the callers' memory back that a device has without a frame.
    pub(super) fn end_leases(&self) {
        self.lent.iter().filter_map(|buffer| buffer.lease.as_ref()).for_each(|lease| lease.end());
    }

    /// Whether a device has callers' memory of frames that are over.
    pub(super) fn has_leases(&self) -> bool {
        self.lent.iter().any(|buffer| buffer.lease.is_some())
    }

    /// Takes every frame back from a device that failed. Returns the keys to submit again, and the frames whose
    /// frame is gone.
    pub(super) fn reclaim(&mut self) -> (Vec<Duration>, Vec<FinishedFrame>) {
        let (kept, gone): (Vec<_>, Vec<_>) =
            self.records.drain(..).partition(|record| record.buffer.is_some());
        self.frames_lost += gone.len() as u64;
        self.keys_return = false;
        let mut again = Vec::new();
        for mut record in kept {
            if record.submitted {
                again.push(record.key);
            }
            (record.submitted, record.read) = (false, false);
            self.records.push_back(record);
        }
        (again, gone.into_iter().map(|record| self.depart(record)).collect())
    }

    pub(super) fn chunks_out(&self) -> u64 {
        self.chunks_out
    }

    pub(super) fn stats(&self) -> Stats {
        Stats {
            frames_in: self.frames_in,
            frames_copied: self.frames_copied,
            frames_lent: self.frames_lent,
            frames_imported: self.frames_imported,
            chunks_out: self.chunks_out,
            frames_lost: self.frames_lost,
            in_flight: self.records.len() as u64,
            bytes_out: self.bytes_out,
            key_frames: self.key_frames,
            latency: self.latencies.summary(),
            ..Stats::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::buffer::tests::buffer;
    use crate::input::format::RawFormat;

    fn ledger(timestamps: &[i64]) -> (Ledger, Vec<Duration>) {
        let mut ledger = Ledger::new(30.0);
        let keys = timestamps
            .iter()
            .zip(0..)
            .map(|(timestamp, index)| {
                let mut input = buffer(RawFormat::I420, 16, 16, 0);
                input.index = index;
                let stamp = FrameTiming { timestamp: *timestamp, duration: None, key_frame: false };
                let key = ledger.accept(stamp, Arc::new(input), InputKind::Copied);
                ledger.get_mut(key).unwrap().submitted = true;
                key
            })
            .collect();
        (ledger, keys)
    }

    fn balanced(ledger: &Ledger) {
        let stats = ledger.stats();
        assert_eq!(stats.frames_in, stats.chunks_out + stats.frames_lost + stats.in_flight);
    }

    #[test]
    fn a_chunk_gets_its_own_frames_timestamp_and_what_came_before_is_lost() {
        let (mut ledger, keys) = ledger(&[10, 10, -3]);
        let matched = ledger.coded(keys[1], 100, true).unwrap();
        assert_eq!(matched.frame.timestamp, 10);
        assert_eq!(matched.skipped.len(), 1);
        assert_eq!(matched.later, 1);
        assert!(!matched.by_order);
        balanced(&ledger);
    }

    #[test]
    fn without_a_key_of_ours_order_decides() {
        let (mut ledger, _) = ledger(&[10, 20]);
        let matched = ledger.coded(Duration::ZERO, 1, false).unwrap();
        assert_eq!((matched.frame.timestamp, matched.by_order), (10, true));
        balanced(&ledger);
    }

    #[test]
    fn a_buffer_comes_back_also_after_its_chunk() {
        let (mut ledger, keys) = ledger(&[10]);
        assert!(ledger.coded(keys[0], 1, true).is_some());
        assert!(ledger.read(0, 0, true).is_some());
        assert!(ledger.read(0, 0, true).is_none());
    }

    #[test]
    fn a_buffer_that_another_device_may_need_is_kept_until_it_is_released() {
        let (mut ledger, _) = ledger(&[10, 20]);
        assert!(ledger.read(0, 0, true).is_none());
        assert_eq!(ledger.release_read().len(), 1);
        assert!(ledger.read(1, 0, false).is_some());
        assert!(ledger.read(7, 0, false).is_none());
    }

    #[test]
    fn a_frame_that_no_device_has_got_is_withdrawn() {
        let (mut ledger, keys) = ledger(&[10, 20]);
        assert!(ledger.withdraw(keys[0]).is_none(), "the device has it");
        drop(ledger.reclaim());
        assert_eq!(ledger.withdraw(keys[0]).unwrap().timestamp, 10);
        assert!(ledger.withdraw(keys[0]).is_none());
        assert_eq!(ledger.in_flight(), 1);
        balanced(&ledger);
    }

    #[test]
    fn reclaimed_frames_can_be_submitted_again_unless_their_data_is_gone() {
        let (mut ledger, keys) = ledger(&[10, 20, 30]);
        drop(ledger.read(0, 0, false));
        let (again, gone) = ledger.reclaim();
        assert_eq!(again, keys[1..]);
        assert_eq!(gone[0].timestamp, 10);
        assert_eq!(ledger.submitted(), 0);
        balanced(&ledger);
    }
}
