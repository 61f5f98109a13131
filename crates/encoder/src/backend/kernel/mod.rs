//! Encoders of the kernel: memory-to-memory devices with the stateful encoder interface.
//!
//! One code path for all drivers, both planar APIs. What differs by driver is data ([`quirks`]); everything else is
//! tolerance: formats are read back ([`bring_up`]), strides and heights are the driver's ([`geometry`]), every control is
//! optional ([`controls`]), a picture may come in several buffers ([`assembly`]), and a drain may end in four shapes
//! ([`drain`]). After a drain the stream goes on without the command START.
//!
//! The thread waits in `poll(2)` on the device together with the session's bell. It never polls a device that has no
//! buffer of ours, because that returns `POLLERR` at once and for ever.

mod assembly;
mod bring_up;
mod controls;
mod drain;
mod geometry;
mod quirks;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use v4l2::ioctl::{self, Dequeue, Dequeued, ImportedPlane};
use v4l2::transport::Interest;
use v4l2::{Buffer, Queue, Transport, Waker};

use super::{Backend, Output};
use crate::config::Resolved;
use crate::error::{Code, Error, Result};
use crate::import::{ImportedPicture, InputPlane};
use crate::input::InputBuffer;
use crate::settings::Warning;
use crate::stream;

pub(super) use bring_up::{look, open};

use assembly::{Assembly, Picture};
use controls::{Known, Told};
use drain::Drain;
use quirks::{KeyFrame, Quirks, Resume, Timestamps};

struct Kernel {
    transport: Arc<dyn Transport>,
    config: Resolved,
    quirks: &'static Quirks,
    controls: Known,
    raw: Queue,
    coded: Queue,
    coded_buffers: Vec<Buffer>,
    /// Bytes of each memory that a picture takes.
    used: Vec<u32>,
    planes: Vec<InputPlane>,
    /// Raw buffers that the driver has, and the keys of their pictures.
    submitted: Vec<(u32, Duration)>,
    /// Keys in the order they were submitted, for a driver that returns none.
    in_order: VecDeque<Duration>,
    /// Raw buffers that came back otherwise than by being dequeued.
    freed: Vec<u32>,
    /// Coded buffers that the driver has.
    coded_queued: usize,
    assembly: Assembly,
    drain: Drain,
    /// Every picture is made a key frame, until one has come.
    all_key_frames: bool,
    /// The driver said that there is nothing to wait for, and has been given nothing since.
    nothing_to_wait_for: Cell<bool>,
    warnings: Vec<Warning>,
}

impl Kernel {
    /// Takes back raw buffers that the device has read.
    fn recycle(&mut self, take: &mut dyn FnMut(Output<'_>)) -> Result<()> {
        for index in self.freed.drain(..) {
            take(Output::InputFree { index });
        }
        while !self.submitted.is_empty() {
            let Dequeue::Buffer(buffer) = self.raw.dequeue()? else { break };
            let position = self.submitted.iter().position(|(index, _)| *index == buffer.index);
            let Some((index, key)) = position.map(|position| self.submitted.swap_remove(position)) else {
                continue;
            };
            if buffer.error {
                take(Output::Failed { key });
            }
            take(Output::InputFree { index });
        }
        Ok(())
    }

    /// Hands over coded pictures and gives their buffers back to the device at once.
    fn collect(&mut self, take: &mut dyn FnMut(Output<'_>)) -> Result<()> {
        while !self.drain.ended() {
            match self.coded.dequeue()? {
                Dequeue::Nothing => return self.look_for_other_ends(take),
                Dequeue::Ended => self.end(take),
                Dequeue::Buffer(buffer) => self.hand_over(buffer, take)?,
            }
        }
        Ok(())
    }

    fn hand_over(&mut self, buffer: Dequeued, take: &mut dyn FnMut(Output<'_>)) -> Result<()> {
        self.coded_queued = self.coded_queued.saturating_sub(1);
        self.drain.moved();
        let bytes = buffer.used.saturating_sub(buffer.offset);
        if buffer.error {
            self.fail(buffer.timestamp, take);
        } else if bytes > 0 {
            self.coded(&buffer, take)?;
        }
        if self.is_end(&buffer, bytes) {
            self.end(take);
            return Ok(());
        }
        // An empty buffer in the middle of a stream means nothing (bcm2835-codec).
        self.requeue(buffer.index)
    }

    fn is_end(&self, buffer: &Dequeued, bytes: u32) -> bool {
        let empty_ends = self.quirks.empty_buffer_ends || self.drain.has_event();
        self.drain.is_under_way() && (buffer.last || (bytes == 0 && !buffer.error && empty_ends))
    }

    /// The device failed on a picture.
    fn fail(&mut self, timestamp: Duration, take: &mut dyn FnMut(Output<'_>)) {
        self.assembly.clear();
        let key = match self.quirks.timestamps {
            Timestamps::Copied => Some(timestamp),
            Timestamps::InOrder => self.in_order.pop_front(),
        };
        if let Some(key) = key {
            take(Output::Failed { key });
        }
    }

    fn coded(&mut self, buffer: &Dequeued, take: &mut dyn FnMut(Output<'_>)) -> Result<()> {
        if let Some(picture) = self.assembly.finish_other(buffer.timestamp) {
            self.deliver(picture.key, Cow::Owned(picture.bytes), take);
        }
        // Disjoint borrows: the bytes are the buffer's, what is done with them is the rest's.
        let buffers = std::mem::take(&mut self.coded_buffers);
        let done = part(&buffers, buffer).map(|part| {
            let full = self.quirks.splits_pictures && buffer.used as usize == part.capacity;
            if full || self.assembly.is_waiting() {
                let picture = self.assembly.take(buffer.timestamp, part.bytes, full, Instant::now());
                if let Some(Picture { key, bytes }) = picture {
                    self.deliver(key, Cow::Owned(bytes), take);
                }
            } else {
                self.deliver(buffer.timestamp, Cow::Borrowed(part.bytes), take);
            }
        });
        self.coded_buffers = buffers;
        done.ok_or_else(|| {
            let end = buffer.used;
            Error::new(
                Code::Device,
                format!("The device gave a coded buffer of {end} bytes, more than it has room for."),
            )
            .on(self.transport.device())
        })
    }

    fn deliver(&mut self, timestamp: Duration, data: Cow<'_, [u8]>, take: &mut dyn FnMut(Output<'_>)) {
        let data = if self.quirks.junk_before_start_code { from_start_code(data) } else { data };
        if self.all_key_frames && stream::inspect(self.config.codec, &data).key_frame {
            self.all_key_frames = false;
            let told = Told { config: &self.config, quirks: self.quirks };
            self.controls.set_all_key_frames(&*self.transport, &told, false);
        }
        let key = match self.quirks.timestamps {
            Timestamps::Copied => timestamp,
            // Headers that come in a buffer of their own belong to no picture yet.
            Timestamps::InOrder if !stream::inspect(self.config.codec, &data).picture => timestamp,
            Timestamps::InOrder => self.in_order.pop_front().unwrap_or(timestamp),
        };
        take(Output::Coded { key, data });
    }

    /// Nothing is ready: signs of an end that are no buffer.
    fn look_for_other_ends(&mut self, take: &mut dyn FnMut(Output<'_>)) -> Result<()> {
        let now = Instant::now();
        if let Some(picture) = self.assembly.finish_late(now) {
            self.deliver(picture.key, Cow::Owned(picture.bytes), take);
        }
        if self.drain.expects_event() && ioctl::dqevent(&*self.transport)? == Some(ioctl::EVENT_EOS) {
            self.drain.event();
        }
        if self.drain.is_over_by_silence(self.submitted.is_empty(), now) {
            self.end(take);
        }
        Ok(())
    }

    fn end(&mut self, take: &mut dyn FnMut(Output<'_>)) {
        if let Some(picture) = self.assembly.finish() {
            self.deliver(picture.key, Cow::Owned(picture.bytes), take);
        }
        self.drain.end();
        take(Output::Ended);
    }

    fn requeue(&mut self, index: u32) -> Result<()> {
        self.coded.queue_empty(index)?;
        self.coded_queued += 1;
        Ok(())
    }

    /// Begins a new stream on the coded queue: its first picture is a key frame with parameter sets.
    fn begin_again(&mut self) -> Result<()> {
        let both = self.quirks.resume == Resume::BothQueues;
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
        self.in_order.clear();
        self.assembly.clear();
        self.drain.reset();
        self.nothing_to_wait_for.set(false);
        Ok(())
    }

    /// The memories of a picture that lies as the driver's own would. Their length is always the memory's own: 0 would mean
    /// the same, but the multi-planar API then finds the used bytes too many.
    fn imported_planes(&self, picture: &ImportedPicture) -> Vec<ImportedPlane> {
        let first_of = |memory: usize| self.planes.iter().position(|plane| plane.memory == memory);
        let memories = self.used.iter().enumerate();
        memories
            .filter_map(|(number, used)| {
                let plane = picture.planes.get(first_of(number)?)?;
                let memory = picture.memories.get(plane.memory)?;
                let length = u32::try_from(memory.length()).unwrap_or(u32::MAX);
                Some(ImportedPlane { descriptor: memory.descriptor(), data_offset: 0, used: *used, length })
            })
            .collect()
    }

    /// Asks for a key frame, where it can be asked for.
    fn ask_for_key_frame(&mut self) {
        let transport = &*self.transport;
        if self.controls.forces_key_frames() {
            if let Err(error) = self.controls.force_key_frame(transport) {
                // The picture itself can still be coded.
                self.warnings.push(Warning {
                    code: error.code.name(),
                    message: error.message,
                    setting: None,
                });
            }
        } else if self.quirks.key_frame == KeyFrame::ShortGop {
            let told = Told { config: &self.config, quirks: self.quirks };
            self.all_key_frames = self.controls.set_all_key_frames(transport, &told, true);
        }
    }
}

/// The bytes of a coded buffer.
struct Part<'a> {
    bytes: &'a [u8],
    capacity: usize,
}

fn part<'a>(buffers: &'a [Buffer], dequeued: &Dequeued) -> Option<Part<'a>> {
    let memory = buffers.get(dequeued.index as usize)?.planes.first()?.bytes();
    let bytes = memory.get(dequeued.offset as usize..dequeued.used as usize)?;
    Some(Part { bytes, capacity: memory.len() })
}

/// The data from its first start code on.
fn from_start_code(data: Cow<'_, [u8]>) -> Cow<'_, [u8]> {
    let start = data.windows(3).position(|three| three == [0, 0, 1]).unwrap_or(0);
    // A start code of four bytes begins with one more zero.
    let start = if start > 0 && data[start - 1] == 0 { start - 1 } else { start };
    match data {
        Cow::Borrowed(bytes) => Cow::Borrowed(&bytes[start..]),
        Cow::Owned(mut bytes) => Cow::Owned(bytes.split_off(start)),
    }
}

impl Backend for Kernel {
    fn submit(&mut self, input: &InputBuffer, key: Duration, key_frame: bool) -> Result<()> {
        if key_frame {
            self.ask_for_key_frame();
        }
        if let Some(lease) = &input.lease {
            self.raw.queue_imported(input.index, self.imported_planes(&lease.picture), key)?;
        } else {
            // Kernel drivers look after the cache of their own memory.
            drop(self.raw.queue_written(input.index, &self.used, key)?);
        }
        self.nothing_to_wait_for.set(false);
        self.submitted.push((input.index, key));
        if self.quirks.timestamps == Timestamps::InOrder {
            self.in_order.push_back(key);
        }
        Ok(())
    }

    fn poll(&mut self, take: &mut dyn FnMut(Output<'_>)) -> Result<()> {
        for warning in self.warnings.drain(..) {
            take(Output::Warning(warning));
        }
        // Coded pictures first: they are what somebody waits for.
        self.collect(take)?;
        self.recycle(take)
    }

    fn wait(&self, waker: &Waker, busy: bool, timeout: Duration) {
        let interest = Interest {
            reading: busy && self.coded_queued > 0 && !self.drain.ended(),
            writing: busy && !self.submitted.is_empty(),
            events: self.drain.expects_event(),
        };
        let interest = if self.nothing_to_wait_for.get() { Interest::default() } else { interest };
        let timeout = if self.assembly.is_waiting() || self.drain.is_under_way() {
            timeout.min(assembly::PATIENCE)
        } else {
            timeout
        };
        let readiness = self.transport.wait(waker, interest, timeout);
        if readiness.nothing_to_wait_for {
            self.nothing_to_wait_for.set(true);
        }
    }

    fn rings(&self) -> bool {
        true
    }

    fn end_stream(&mut self, spare: Option<u32>) -> Result<()> {
        // The end is asked for by a command, not by a buffer.
        self.freed.extend(spare);
        self.drain.begin(&*self.transport)
    }

    fn resume(&mut self) -> Result<bool> {
        self.begin_again()?;
        Ok(true)
    }

    fn forces_key_frames(&self) -> bool {
        self.controls.forces_key_frames() || self.quirks.key_frame == KeyFrame::ShortGop
    }

    fn set_bitrate(&mut self, bitrate_bps: u32) -> Result<()> {
        let wanted = Resolved { bitrate_bps, ..self.config.clone() };
        let quirks = self.quirks;
        let told = |config| Told { config, quirks };
        self.controls.set_bitrate(&*self.transport, &told(&self.config), &told(&wanted))?;
        self.config = wanted;
        Ok(())
    }

    fn set_framerate(&mut self, framerate: f64) -> Result<()> {
        let wanted = Resolved { framerate, ..self.config.clone() };
        bring_up::change_framerate(
            &*self.transport,
            self.raw.kind(),
            &Told { config: &wanted, quirks: self.quirks },
        )?;
        let bitrate_bps = wanted.bitrate_bps;
        self.config = wanted;
        // Where the driver is told another rate than the true one, the bits per frame have changed.
        if self.quirks.least_framerate > 0.0 { self.set_bitrate(bitrate_bps) } else { Ok(()) }
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
