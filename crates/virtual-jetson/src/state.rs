//! What a device's lock guards: formats, queues, controls, and how far the stream has come.

use crate::{
    abi,
    controls::Controls,
    geometry::RawFormat,
    metadata::FrameMetadata,
    queue::{Queue, Side},
};
use std::collections::VecDeque;

/// The format of the CAPTURE queue.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CodedFormat {
    pub(crate) fourcc: u32,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) sizeimage: u32,
}

/// How far the end of the stream has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    No,
    /// The client has asked for it; frames before it may still be queued.
    Asked,
    /// All frames have been taken, and chunks may still have to come out.
    Draining,
    /// DQBUF of CAPTURE answers `EPIPE` once it has handed out what is there.
    Reached,
    /// It has done so.
    Reported,
}

/// What the lock guards.
pub(crate) struct State {
    pub(crate) coded: Option<CodedFormat>,
    pub(crate) raw: Option<RawFormat>,
    pub(crate) output: Queue,
    pub(crate) capture: Queue,
    pub(crate) controls: Controls,
    pub(crate) end: End,
    /// The block has failed and nothing works any more.
    pub(crate) dead: bool,
    pub(crate) subscribed: bool,
    /// Sequence numbers of EOS events that wait for DQEVENT.
    pub(crate) events: VecDeque<u32>,
    pub(crate) poll_interrupted: bool,
    pub(crate) last_timestamp: Option<abi::Timeval>,
    /// What control 541 brought last, until a raw buffer is queued.
    pub(crate) metadata: Option<FrameMetadata>,
    /// Changes when a queue stops, so that the coder drops what it began before.
    pub(crate) epoch: u64,
    pub(crate) closing: bool,
}

impl State {
    pub(crate) fn new() -> Self {
        Self {
            coded: None,
            raw: None,
            output: Queue::default(),
            capture: Queue::default(),
            controls: Controls::default(),
            end: End::No,
            dead: false,
            subscribed: false,
            events: VecDeque::new(),
            poll_interrupted: false,
            last_timestamp: None,
            metadata: None,
            epoch: 0,
            closing: false,
        }
    }

    pub(crate) fn queue(&mut self, side: Side) -> &mut Queue {
        match side {
            Side::Output => &mut self.output,
            Side::Capture => &mut self.capture,
        }
    }

    pub(crate) fn is_streaming(&self) -> bool {
        self.output.streaming && self.capture.streaming
    }

    pub(crate) fn has_buffers(&self) -> bool {
        !(self.output.buffers.is_empty() && self.capture.buffers.is_empty())
    }
}
