//! A kernel encoder without a kernel: real queues, real controls, coded units that say what they were made of.
//!
//! It encodes one frame each time that it is polled, or that somebody finds nothing to dequeue, so that time passes for it
//! without a thread and every run is the same.

use std::collections::{HashMap, VecDeque};
use std::time::Instant;

use v4l2::ioctl::EVENT_EOS;
use v4l2::testing::Answer;
use v4l2::{Errno, PixelFormat, QueueType};

use super::driver::{Control, Driver};
use super::formats::Formats;
use super::side::Side;

/// Where a drain stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Draining {
    Not,
    /// The command came while so many frames were waiting.
    Asked {
        waiting: usize,
    },
    /// Everything is out.
    Stopped,
}

#[derive(Debug)]
pub(super) struct Encoder {
    pub(super) driver: Driver,
    pub(super) formats: Formats,
    pub(super) framerate: f64,
    pub(super) values: HashMap<u32, i64>,
    pub(super) raw: Side,
    pub(super) coded: Side,
    pub(super) draining: Draining,
    pub(super) subscribed: bool,
    pub(super) events: VecDeque<u32>,
    /// When the event came before the last frame.
    pub(super) early_since: Option<Instant>,
    pub(super) key_frame_forced: bool,
    /// Frames since the last key frame; `None` before the first one of a stream.
    pub(super) since_key_frame: Option<u64>,
    /// The GOP size that the stream began with.
    pub(super) gop_at_start: i64,
    /// Frames in all.
    pub(super) frames: usize,
    pub(super) sequence: u32,
    /// Raw buffers that are kept as references.
    pub(super) kept: VecDeque<u32>,
    pub(super) stalled: bool,
    pub(super) gone: Option<Errno>,
    /// mtk-vcodec frees its codec when both queues are off.
    pub(super) needs_format: bool,
    /// What it was asked, in order.
    pub(super) log: Vec<String>,
    /// How often it said that there is nothing to wait for.
    pub(super) idle_polls: usize,
    pub(super) polls: usize,
}

impl Encoder {
    pub(super) fn new(driver: Driver) -> Self {
        Self {
            formats: Formats::new(&driver),
            framerate: driver.assumed_framerate,
            values: driver.controls.iter().map(|control| (control.id, control.default)).collect(),
            raw: Side::default(),
            coded: Side::default(),
            draining: Draining::Not,
            subscribed: false,
            events: VecDeque::new(),
            early_since: None,
            key_frame_forced: false,
            since_key_frame: None,
            gop_at_start: 0,
            frames: 0,
            sequence: 0,
            kept: VecDeque::new(),
            stalled: false,
            gone: None,
            needs_format: false,
            log: Vec::new(),
            idle_polls: 0,
            polls: 0,
            driver,
        }
    }

    /// A control's value; 0 where there is none.
    pub(super) fn value(&self, id: u32) -> i64 {
        self.values.get(&id).copied().unwrap_or(0)
    }

    pub(super) fn has(&self, id: u32) -> bool {
        self.values.contains_key(&id)
    }

    /// Nothing is left of a client that closed it.
    pub(super) fn is_clean(&self) -> bool {
        !self.raw.streaming && !self.coded.streaming && !self.raw.is_allocated() && !self.coded.is_allocated()
    }

    /// How often it got a request that begins so.
    pub(super) fn asked(&self, what: &str) -> usize {
        self.log.iter().filter(|asked| asked.starts_with(what)).count()
    }

    pub(super) fn break_down(&mut self, errno: Errno) {
        self.gone = Some(errno);
    }

    pub(super) fn send_event(&mut self) {
        if self.subscribed {
            self.events.push_back(EVENT_EOS);
        }
    }

    pub(super) fn note(&mut self, what: String) -> Answer<()> {
        self.log.push(what);
        self.gone.map_or(Ok(()), Err)
    }

    pub(super) fn is_raw(&self, queue: QueueType) -> Answer<bool> {
        match (self.driver.multi_planar, queue) {
            (true, QueueType::VideoOutputMplane) | (false, QueueType::VideoOutput) => Ok(true),
            (true, QueueType::VideoCaptureMplane) | (false, QueueType::VideoCapture) => Ok(false),
            _ => Err(Errno::EINVAL),
        }
    }

    pub(super) fn side(&mut self, queue: QueueType) -> Answer<&mut Side> {
        Ok(if self.is_raw(queue)? { &mut self.raw } else { &mut self.coded })
    }

    pub(super) fn control(&self, id: u32) -> Answer<Control> {
        self.driver.controls.iter().find(|control| control.id == id).copied().ok_or(Errno::EINVAL)
    }

    pub(super) fn is_known(&self, queue: QueueType, format: PixelFormat) -> Answer<bool> {
        let coded = || self.driver.codecs.iter().any(|codec| codec.fourcc() == format);
        Ok(if self.is_raw(queue)? { self.driver.raw.contains(&format) } else { coded() })
    }
}
