//! The frames that are on their way through the coder, and when each of them is due.

use super::stamp;
use crate::{
    abi::{self, Timeval},
    metadata::ChunkMetadata,
    queue::{Done, Frame},
    settings::{EosShape, Settings},
    state::State,
};
use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

/// One frame's result.
pub(super) struct Chunk {
    pub(super) bytes: Vec<u8>,
    pub(super) flags: u32,
    pub(super) metadata: ChunkMetadata,
    /// It comes out as an empty buffer with the ERROR flag.
    pub(super) failed: bool,
    /// It never comes out.
    pub(super) lost: bool,
    timestamp: Timeval,
    ready_at: Instant,
}

impl Chunk {
    pub(super) fn of(frame: &Frame) -> Self {
        Self {
            bytes: Vec::new(),
            metadata: ChunkMetadata::default(),
            flags: if frame.copies_timestamp { abi::BUF_FLAG_TIMESTAMP_COPY } else { 0 },
            failed: false,
            lost: false,
            timestamp: if frame.copies_timestamp { frame.timestamp } else { Timeval::default() },
            ready_at: frame.queued_at,
        }
    }
}

pub(super) struct Pipeline {
    latency: Duration,
    depth: usize,
    delay: usize,
    eos: EosShape,
    stamps_completion: bool,
    chunks: VecDeque<Chunk>,
    /// OUTPUT buffers that have to be given back, and when.
    taken: VecDeque<(usize, Instant)>,
    /// When the last `depth` frames were ready: the next starts when the oldest of them was.
    recent: VecDeque<Instant>,
    spare: Vec<Vec<u8>>,
    pub(super) is_draining: bool,
    /// An empty buffer that is no end comes next, and nothing after it.
    pub(super) stuck_behind_empty: bool,
    stuck: bool,
}

impl Pipeline {
    pub(super) fn new(settings: &Settings) -> Self {
        Self {
            latency: Duration::from_secs_f64(settings.latency_ms / 1000.0),
            depth: settings.pipeline_depth,
            delay: settings.delay,
            eos: settings.eos,
            stamps_completion: settings.stamp_completion,
            chunks: VecDeque::new(),
            taken: VecDeque::new(),
            recent: VecDeque::new(),
            spare: Vec::new(),
            is_draining: false,
            stuck_behind_empty: false,
            stuck: false,
        }
    }

    pub(super) fn clear(&mut self) {
        while let Some(chunk) = self.chunks.pop_front() {
            self.recycle(chunk.bytes);
        }
        self.taken.clear();
        self.recent.clear();
        self.is_draining = false;
        self.stuck_behind_empty = false;
        self.stuck = false;
    }

    /// A buffer for the bytes of the next chunk; used again and again.
    pub(super) fn empty_buffer(&mut self) -> Vec<u8> {
        self.spare.pop().unwrap_or_default()
    }

    fn recycle(&mut self, mut bytes: Vec<u8>) {
        bytes.clear();
        self.spare.push(bytes);
    }

    /// Takes a raw buffer, and settles when it goes back and when what it finishes is due.
    pub(super) fn take(&mut self, index: usize, queued_at: Instant) {
        let slot_free = if self.recent.len() < self.depth { None } else { self.recent.pop_front() };
        let start = slot_free.map_or(queued_at, |free| free.max(queued_at));
        let after_the_one_before = self.recent.back().copied();
        let ready_at = (start + self.latency).max(after_the_one_before.unwrap_or(queued_at));
        self.recent.push_back(ready_at);
        self.taken.push_back((index, ready_at));
    }

    /// Takes a result of the raw buffer that was taken last.
    pub(super) fn push(&mut self, mut chunk: Chunk) {
        chunk.ready_at = self.recent.back().copied().unwrap_or(chunk.ready_at);
        self.chunks.push_back(chunk);
    }

    /// Whether another frame may start.
    pub(super) fn has_room(&self, now: Instant) -> bool {
        !self.stuck && self.taken.iter().filter(|&&(_, ready_at)| ready_at > now).count() < self.depth
    }

    /// When something is due without anybody's doing.
    pub(super) fn next_event(&self, now: Instant) -> Option<Instant> {
        self.taken.iter().map(|&(_, ready_at)| ready_at).find(|&ready_at| ready_at > now)
    }

    /// Gives back raw buffers and hands out chunks, as far as they are due; tells whether it did anything.
    pub(super) fn deliver(&mut self, state: &mut State, now: Instant) -> bool {
        let mut progress = false;
        while let Some(&(index, ready_at)) = self.taken.front()
            && ready_at <= now
        {
            self.taken.pop_front();
            state.output.complete(Done { index, ..Done::default() });
            progress = true;
        }
        let held = if self.is_draining { 0 } else { self.delay };
        while !self.stuck
            && self.chunks.len() > held
            && self.chunks.front().is_some_and(|chunk| chunk.ready_at <= now)
        {
            if !self.deliver_first(state) {
                break;
            }
            progress = true;
        }
        progress
    }

    fn deliver_first(&mut self, state: &mut State) -> bool {
        let is_lost = self.chunks.front().is_some_and(|chunk| chunk.lost);
        let index = if is_lost { None } else { state.capture.take_free() };
        if index.is_none() && !is_lost {
            return false;
        }
        let Some(mut chunk) = self.chunks.pop_front() else { return false };
        if let Some(index) = index {
            if self.stamps_completion && !chunk.bytes.is_empty() {
                stamp::push(&mut chunk.bytes);
            }
            let is_last = self.is_draining
                && self.chunks.iter().all(|chunk| chunk.lost)
                && self.eos == EosShape::LastFlag;
            self.write(state, index, &chunk, is_last);
        }
        self.stuck |= self.stuck_behind_empty && chunk.bytes.is_empty() && !chunk.lost && !chunk.failed;
        self.recycle(chunk.bytes);
        true
    }

    fn write(&mut self, state: &mut State, index: usize, chunk: &Chunk, is_last: bool) {
        let memory = &state.capture.buffers[index].memory.planes[0];
        let fits = chunk.bytes.len() <= memory.length && !chunk.failed;
        let bytes = if fits { chunk.bytes.as_slice() } else { &[] };
        memory.write(bytes);
        let mut flags = chunk.flags;
        if !fits {
            flags |= abi::BUF_FLAG_ERROR;
        }
        if is_last {
            flags |= abi::BUF_FLAG_LAST;
            self.eos = EosShape::Epipe;
        }
        let bytes_used = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        let Chunk { timestamp, metadata, .. } = *chunk;
        state.capture.complete(Done { index, bytes_used, flags, timestamp, sequence: 0, metadata });
    }

    /// Ends the stream in the shape that was asked for; `false` while chunks or a free buffer are missing.
    pub(super) fn finish(&mut self, state: &mut State) -> bool {
        if self.stuck || !self.chunks.is_empty() {
            return false;
        }
        let flags = match self.eos {
            EosShape::Epipe => return true,
            EosShape::EmptyBuffer | EosShape::LastFlag => abi::BUF_FLAG_LAST,
            EosShape::Event => 0,
        };
        let Some(index) = state.capture.take_free() else { return false };
        state.capture.complete(Done { index, flags, ..Done::default() });
        true
    }
}
