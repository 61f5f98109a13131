//! The two buffer queues of the device: OUTPUT takes raw frames, CAPTURE gives coded ones.

use crate::{
    abi::{self, Timeval},
    memory::{BufferMemory, Picture, allocated::Use},
    metadata::{ChunkMetadata, ExternalRate, Region},
};
use std::{collections::VecDeque, os::fd::RawFd, sync::Arc, time::Instant};

/// Which queue; the names are V4L2's, seen from the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Output,
    Capture,
}

impl Side {
    pub(crate) fn from_kind(kind: u32) -> Option<Self> {
        match kind {
            abi::OUTPUT_MPLANE => Some(Self::Output),
            abi::CAPTURE_MPLANE => Some(Self::Capture),
            _ => None,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Output => "OUTPUT",
            Self::Capture => "CAPTURE",
        }
    }
}

/// Who has a buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    /// The client: it was never queued, or dequeued since.
    Client,
    /// The device: queued, or being coded.
    Device,
    /// Nobody: done, and waiting for DQBUF.
    Done,
}

/// One buffer of a queue.
pub(crate) struct Buffer {
    /// Without planes where the client brings its own.
    pub(crate) memory: Arc<BufferMemory>,
    /// The client's, from QBUF to DQBUF.
    pub(crate) imported: Option<Use>,
    pub(crate) owner: Owner,
    /// What EXPBUF gave out for it, by plane.
    pub(crate) exported: Vec<(usize, RawFd)>,
    /// The client was seen to have all its planes mapped.
    pub(crate) seen_mapped: bool,
    /// Of the chunk in it, from DQBUF to QBUF.
    pub(crate) metadata: Option<ChunkMetadata>,
}

impl Buffer {
    /// Where its picture is.
    pub(crate) fn picture(&self) -> Picture {
        match &self.imported {
            Some(imported) => Picture::Surface(Arc::clone(&imported.surface)),
            None => Picture::Own(Arc::clone(&self.memory)),
        }
    }
}

/// What the device has been given to do, in order.
pub(crate) enum Entry {
    /// A buffer of this index. On OUTPUT it is a frame.
    Buffer { index: usize, frame: Frame },
    /// The end of the stream, with the OUTPUT buffer that said so; none for ENCODER_CMD STOP.
    End(Option<usize>),
}

/// What comes with a raw frame.
#[derive(Clone)]
pub(crate) struct Frame {
    pub(crate) timestamp: Timeval,
    pub(crate) copies_timestamp: bool,
    pub(crate) queued_at: Instant,
    pub(crate) regions: Vec<Region>,
    pub(crate) external_rate: Option<ExternalRate>,
}

/// A buffer that DQBUF may hand out.
#[derive(Clone, Copy, Default)]
pub(crate) struct Done {
    pub(crate) index: usize,
    pub(crate) bytes_used: u32,
    pub(crate) flags: u32,
    pub(crate) timestamp: Timeval,
    pub(crate) sequence: u32,
    pub(crate) metadata: ChunkMetadata,
}

/// One of the two queues.
#[derive(Default)]
pub(crate) struct Queue {
    pub(crate) buffers: Vec<Buffer>,
    /// Whose memory the buffers are, as V4L2 numbers it.
    pub(crate) memory: u32,
    pub(crate) queued: VecDeque<Entry>,
    pub(crate) done: VecDeque<Done>,
    pub(crate) streaming: bool,
    /// How many buffers this queue has handed out; the `sequence` of the next.
    pub(crate) sequence: u32,
}

impl Queue {
    /// Makes a buffer ready for DQBUF.
    pub(crate) fn complete(&mut self, mut done: Done) {
        let Some(buffer) = self.buffers.get_mut(done.index) else { return };
        buffer.owner = Owner::Done;
        done.sequence = self.sequence;
        self.sequence = self.sequence.wrapping_add(1);
        self.done.push_back(done);
    }

    /// The next queued CAPTURE buffer.
    pub(crate) fn take_free(&mut self) -> Option<usize> {
        match self.queued.pop_front()? {
            Entry::Buffer { index, .. } => Some(index),
            Entry::End(_) => None,
        }
    }

    /// STREAMOFF: everything goes back to the client.
    pub(crate) fn stop(&mut self) {
        self.streaming = false;
        self.queued.clear();
        self.done.clear();
        for buffer in &mut self.buffers {
            buffer.owner = Owner::Client;
            buffer.imported = None;
            buffer.metadata = None;
        }
    }
}
