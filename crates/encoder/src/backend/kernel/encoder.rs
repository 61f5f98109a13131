//! The running encoder.

use std::cell::Cell;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use v4l2::ioctl::{Dequeue, ImportedPlane};
use v4l2::transport::Interest;
use v4l2::{Buffer, Queue, Transport, Waker};

use crate::backend::contract::{Backend, Output, ROUNDS};
use crate::backend::controls::Controls;
use crate::config::{Parameter, Resolved, Tuning};
use crate::error::{Code, Result};
use crate::input::buffer::InputBuffer;
use crate::input::dmabuf::ImportedFrame;
use crate::input::geometry::InputPlane;
use crate::input::request::FrameRequest;
use crate::settings::{Change, Effect, Warning};

use super::assembly::{self, Assembly};
use super::controls::{self, DriverConfig};
use super::drain::Drain;
use super::framerate;
use super::quirks::{KeyFrame, Resume, Timestamps};
use super::short_gop::{Kept, ShortGop};

/// A frame that takes longer than this after its raw buffer has come back does not come.
const DROPPED_AFTER: Duration = Duration::from_millis(500);

pub(super) struct Kernel {
    pub(super) transport: Arc<dyn Transport>,
    /// What the driver is configured.
    pub(super) sent: DriverConfig,
    pub(super) controls: Controls,
    pub(super) raw: Queue,
    pub(super) coded: Queue,
    pub(super) coded_buffers: Vec<Buffer>,
    /// Bytes of each memory that a frame takes.
    pub(super) used: Vec<u32>,
    pub(super) planes: Vec<InputPlane>,
    /// Raw buffers that the driver has, and the keys of their frames.
    pub(super) submitted: Vec<(u32, Duration)>,
    /// Keys of the frames that have not come out, in the order they were submitted.
    pub(super) expected: VecDeque<Duration>,
    /// When a buffer last went to the driver, or something came of one.
    pub(super) moved: Instant,
    /// Raw buffers that came back otherwise than by being dequeued.
    pub(super) freed: Vec<u32>,
    /// Coded buffers that the driver has.
    pub(super) coded_queued: usize,
    pub(super) assembly: Assembly,
    pub(super) drain: Drain,
    pub(super) short_gop: ShortGop,
    /// The quantizer of the frame that comes next, where it has one of its own.
    pub(super) frame_quantizer: Option<u32>,
    /// The driver said that there is nothing to wait for, and has been given nothing since.
    pub(super) nothing_to_wait_for: Cell<bool>,
    pub(super) warnings: Vec<Warning>,
}

impl Kernel {
    /// Takes back raw buffers that the device has read.
    fn recycle(&mut self, take: &mut dyn FnMut(Output<'_>)) -> Result<()> {
        for index in self.freed.drain(..) {
            take(Output::InputFree { index });
        }
        for _ in 0..ROUNDS * self.raw.len() {
            if self.submitted.is_empty() {
                break;
            }
            let Dequeue::Buffer(buffer) = self.raw.dequeue()? else { break };
            let position = self.submitted.iter().position(|(index, _)| *index == buffer.index);
            let Some((index, key)) = position.map(|position| self.submitted.swap_remove(position)) else {
                continue;
            };
            if buffer.error {
                self.expected.retain(|expected| *expected != key);
                take(Output::Failed { key });
            }
            take(Output::InputFree { index });
        }
        Ok(())
    }

    /// Gives up frames that the driver has read and left out. Two of them would fill a session that lets no more in.
    fn give_up_dropped(&mut self, take: &mut dyn FnMut(Output<'_>)) {
        let idle = self.submitted.is_empty() && !self.assembly.is_waiting() && !self.drain.is_under_way();
        if !self.sent.quirks.drops_frames || !idle || self.moved.elapsed() < DROPPED_AFTER {
            return;
        }
        for key in self.expected.drain(..) {
            take(Output::Failed { key });
        }
    }

    /// Gives a raw buffer to the driver: filled, or with a frame in memory that is not the driver's.
    fn queue(&mut self, index: u32, key: Duration, imported: &[ImportedPlane]) -> Result<()> {
        if imported.is_empty() {
            // Kernel drivers look after the cache of their own memory.
            drop(self.raw.queue_written(index, &self.used, key)?);
        } else {
            self.raw.queue_imported(index, imported.iter().copied(), key)?;
        }
        self.nothing_to_wait_for.set(false);
        self.submitted.push((index, key));
        self.expected.push_back(key);
        self.moved = Instant::now();
        Ok(())
    }

    /// The frame that the driver means by this timestamp, which is then no longer expected.
    pub(super) fn key_of(&mut self, timestamp: Duration) -> Duration {
        self.moved = Instant::now();
        if self.sent.quirks.timestamps == Timestamps::InOrder {
            return self.expected.pop_front().unwrap_or(timestamp);
        }
        if let Some(position) = self.expected.iter().position(|key| *key == timestamp) {
            self.expected.drain(..=position);
        }
        timestamp
    }

    pub(super) fn requeue(&mut self, index: u32) -> Result<()> {
        self.coded.queue_empty(index)?;
        self.coded_queued += 1;
        Ok(())
    }

    /// Begins a new stream on the coded queue: its first frame is a key frame with parameter sets.
    fn begin_again(&mut self) -> Result<()> {
        let both = self.sent.quirks.resume == Resume::BothQueues;
        if both {
            self.raw.stop()?;
            self.freed.extend(self.submitted.drain(..).map(|(index, _)| index));
        }
        self.coded.stop()?;
        self.coded_queued = 0;
        for index in 0..self.coded.len() as u32 {
            self.requeue(index)?;
        }
        if both {
            self.raw.start()?;
        }
        self.coded.start()?;
        self.expected.clear();
        self.assembly.clear();
        self.drain.reset();
        self.nothing_to_wait_for.set(false);
        Ok(())
    }

    /// The memories of a frame that lies as the driver's own would. Their length is always the memory's own: 0 would mean
    /// the same, but the multi-planar API then finds the used bytes too many.
    fn imported_planes(&self, frame: &ImportedFrame) -> Vec<ImportedPlane> {
        let first_of = |memory: usize| self.planes.iter().position(|plane| plane.memory == memory);
        let memories = self.used.iter().enumerate();
        memories
            .filter_map(|(number, used)| {
                let plane = frame.planes.get(first_of(number)?)?;
                let memory = frame.memories.get(plane.memory)?;
                let length = u32::try_from(memory.length()).unwrap_or(u32::MAX);
                Some(ImportedPlane { descriptor: memory.descriptor(), data_offset: 0, used: *used, length })
            })
            .collect()
    }

    /// Requests a key frame, where it can be requested.
    fn ask_for_key_frame(&mut self, key: Duration) {
        if controls::forces_key_frames(&self.controls) {
            if let Err(error) = controls::force_key_frame(&*self.transport) {
                // The frame itself can still be encoded.
                self.warnings.push(Warning {
                    code: error.code.name(),
                    message: error.message,
                    setting: None,
                });
            }
        } else if self.shortens_gop() {
            if self.set_all_key_frames(true) {
                self.short_gop.begin(key, Instant::now());
            } else {
                // The session asks again with the next frame, which then begins a new stream.
                self.short_gop.rejected();
            }
        }
    }

    /// Whether a GOP size of 1 makes a key frame of the next frame, as far as is known.
    fn shortens_gop(&self) -> bool {
        self.sent.quirks.key_frame == KeyFrame::ShortGop && !self.short_gop.is_useless()
    }

    pub(super) fn set_all_key_frames(&mut self, all: bool) -> bool {
        controls::set_all_key_frames(&mut self.controls, &*self.transport, &self.sent, all)
    }

    /// Queues the frames that waited for a key frame before them.
    fn queue_kept(&mut self) -> Result<()> {
        if self.short_gop.gives_up(Instant::now()) {
            self.set_all_key_frames(false);
        }
        let kept = self.short_gop.released();
        kept.into_iter().try_for_each(|Kept { index, key, imported }| self.queue(index, key, &imported))
    }
}

impl Backend for Kernel {
    /// Controls are of the next buffer that the driver looks at, which may be an earlier one.
    fn request(&mut self, _input: u32, request: Option<&FrameRequest>) -> Result<()> {
        let quantizer = request.and_then(|request| request.quantizer);
        if std::mem::replace(&mut self.frame_quantizer, quantizer) == quantizer {
            return Ok(());
        }
        let Some(quantizer) = quantizer.or(self.sent.config.parameters.get(Parameter::Quantizer)) else {
            return Ok(());
        };
        let mut tuning = Tuning::default();
        tuning.parameters.set(Parameter::Quantizer, quantizer);
        let sent = &self.sent;
        let configured = |tuning: &Tuning| DriverConfig { config: sent.config.tuned(tuning), ..*sent };
        let rejected = match self.controls.change(&*self.transport, &tuning, configured) {
            Ok(changed) => changed.changes.into_iter().find_map(|change| match change.effect {
                Effect::NeedsRestart(error) => Some(error.map_or_else(String::new, |error| error.message)),
                _ => None,
            }),
            Err(error) => Some(error.message),
        };
        // The frame itself can still be encoded.
        self.warnings.extend(rejected.map(|why| Warning {
            code: Code::Control.name(),
            message: format!("A frame has not got the quantizer {quantizer}. {why}"),
            setting: None,
        }));
        Ok(())
    }

    fn submit(&mut self, input: &InputBuffer, key: Duration, key_frame: bool) -> Result<()> {
        let imported = input.lease.as_ref().map_or_else(Vec::new, |lease| self.imported_planes(&lease.frame));
        if self.short_gop.is_under_way() {
            self.short_gop.keep(Kept { index: input.index, key, imported });
            return Ok(());
        }
        if key_frame {
            self.ask_for_key_frame(key);
        }
        self.queue(input.index, key, &imported)
    }

    fn poll(&mut self, take: &mut dyn FnMut(Output<'_>)) -> Result<()> {
        for warning in self.warnings.drain(..) {
            take(Output::Warning(warning));
        }
        // Encoded frames first: they are what somebody waits for.
        self.collect(take)?;
        self.queue_kept()?;
        self.recycle(take)?;
        self.give_up_dropped(take);
        Ok(())
    }

    fn wait(&self, waker: &Waker, busy: bool, timeout: Duration) {
        let interest = Interest {
            reading: busy && self.coded_queued > 0 && !self.drain.ended(),
            writing: busy && !self.submitted.is_empty(),
            events: self.drain.expects_event(),
        };
        let interest = if self.nothing_to_wait_for.get() { Interest::default() } else { interest };
        let timeout = if self.assembly.is_waiting() || self.drain.is_under_way() {
            timeout.min(assembly::MAX_WAIT)
        } else {
            timeout
        };
        let readiness = self.transport.wait(waker, interest, timeout);
        if readiness.nothing_to_wait_for {
            self.nothing_to_wait_for.set(true);
        }
    }

    fn signals_readiness(&self) -> bool {
        true
    }

    fn end_stream(&mut self, spare: Option<u32>) -> Result<()> {
        // The end is requested by a command, not by a buffer.
        self.freed.extend(spare);
        let (shortened, kept) = self.short_gop.cancel();
        if shortened {
            self.set_all_key_frames(false);
        }
        kept.into_iter().try_for_each(|Kept { index, key, imported }| self.queue(index, key, &imported))?;
        self.drain.begin(&*self.transport)
    }

    fn resume(&mut self) -> Result<bool> {
        self.begin_again()?;
        Ok(true)
    }

    fn forces_key_frames(&self) -> bool {
        controls::forces_key_frames(&self.controls) || self.shortens_gop()
    }

    fn tune(&mut self, tuning: &Tuning) -> Result<Vec<Change>> {
        if let Some(framerate) = tuning.framerate {
            let config = Resolved { framerate, ..self.sent.config.clone() };
            let wanted = DriverConfig { config, ..self.sent };
            if wanted.assumed_framerate.is_none() {
                framerate::change_framerate(&*self.transport, self.raw.kind(), &wanted)?;
            }
            self.sent = wanted;
        }
        // Where the driver goes by another rate than the true one, its bits per second change with it.
        let sent = &self.sent;
        let configured = |tuning: &Tuning| DriverConfig { config: sent.config.tuned(tuning), ..*sent };
        let changed = self.controls.change(&*self.transport, tuning, configured)?;
        self.warnings.extend(changed.warnings);
        self.sent = changed.dialect;
        Ok(changed.changes)
    }

    /// Both queues are stopped before anything is freed. Dropping the transport closes.
    fn close(self: Box<Self>) -> Result<()> {
        let Self { raw, coded, coded_buffers, .. } = *self;
        let stopped = raw.stop().and(coded.stop());
        drop(coded_buffers);
        let freed = raw.free().and(coded.free());
        Ok(stopped.and(freed)?)
    }
}
