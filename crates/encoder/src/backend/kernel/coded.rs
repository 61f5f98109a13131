//! What comes out of the coded queue: frames, failures, and the end of a drain.

use std::borrow::Cow;
use std::time::{Duration, Instant};

use v4l2::ioctl::{self, Dequeue, Dequeued};
use v4l2::{Buffer, Errno};

use super::assembly::Assembled;
use super::encoder::Kernel;
use crate::backend::contract::{Output, ROUNDS};
use crate::error::{Code, Error, Result};
use crate::output::stream;

impl Kernel {
    /// Hands over encoded frames and gives their buffers back to the device at once.
    pub(super) fn collect(&mut self, take: &mut dyn FnMut(Output<'_>)) -> Result<()> {
        for _ in 0..ROUNDS * self.coded_buffers.len() {
            if self.drain.ended() {
                break;
            }
            match self.coded.dequeue()? {
                Dequeue::Nothing => return self.look_for_other_ends(take),
                Dequeue::Ended => self.end(Some(Errno::EPIPE), take),
                Dequeue::Buffer(buffer) => self.receive(buffer, take)?,
            }
        }
        Ok(())
    }

    fn receive(&mut self, buffer: Dequeued, take: &mut dyn FnMut(Output<'_>)) -> Result<()> {
        self.coded_queued = self.coded_queued.saturating_sub(1);
        self.drain.moved();
        let bytes = buffer.used.saturating_sub(buffer.offset);
        if buffer.error {
            self.fail(buffer.timestamp, take);
        } else if bytes > 0 {
            self.coded(&buffer, take)?;
        }
        if self.is_end(&buffer, bytes) {
            self.end(None, take);
            return Ok(());
        }
        // An empty buffer in the middle of a stream means nothing (bcm2835-codec).
        self.requeue(buffer.index)
    }

    fn is_end(&self, buffer: &Dequeued, bytes: u32) -> bool {
        let empty_ends = self.sent.quirks.empty_buffer_ends || self.drain.has_event();
        self.drain.is_under_way() && (buffer.last || (bytes == 0 && !buffer.error && empty_ends))
    }

    /// The device failed on a frame.
    fn fail(&mut self, timestamp: Duration, take: &mut dyn FnMut(Output<'_>)) {
        self.assembly.clear();
        let key = self.key_of(timestamp);
        take(Output::Failed { key });
    }

    fn coded(&mut self, buffer: &Dequeued, take: &mut dyn FnMut(Output<'_>)) -> Result<()> {
        if self.sent.quirks.stray_buffers && !self.expected.contains(&buffer.timestamp) {
            return Ok(());
        }
        if let Some(frame) = self.assembly.finish_other(buffer.timestamp) {
            self.deliver(frame.key, Cow::Owned(frame.bytes), take);
        }
        // Disjoint borrows: the bytes are the buffer's, what is done with them is the rest's.
        let buffers = std::mem::take(&mut self.coded_buffers);
        let done = part(&buffers, buffer).map(|part| {
            let full = self.sent.quirks.splits_frames && buffer.used as usize == part.capacity;
            if full || self.assembly.is_waiting() {
                let frame = self.assembly.take(buffer.timestamp, part.bytes, full, Instant::now());
                if let Some(Assembled { key, bytes }) = frame {
                    self.deliver(key, Cow::Owned(bytes), take);
                }
            } else {
                self.deliver(buffer.timestamp, Cow::Borrowed(part.bytes), take);
            }
        });
        self.coded_buffers = buffers;
        if self.assembly.is_endless() {
            let message = "The device gives full buffers of one frame without end.";
            return Err(Error::new(Code::Device, message).on(self.transport.device()));
        }
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
        let data = if self.sent.quirks.junk_before_start_code { from_start_code(data) } else { data };
        let found = stream::inspect(self.sent.config.codec, &data);
        // Headers that come in a buffer of their own belong to no frame yet.
        let key = if found.picture { self.key_of(timestamp) } else { timestamp };
        if found.picture && self.short_gop.came(key, found.key_frame) {
            self.set_all_key_frames(false);
        }
        take(Output::Coded { key, data, quantizer: None });
    }

    /// Nothing is ready: signs of an end that are no buffer.
    fn look_for_other_ends(&mut self, take: &mut dyn FnMut(Output<'_>)) -> Result<()> {
        let now = Instant::now();
        if let Some(frame) = self.assembly.finish_late(now) {
            self.deliver(frame.key, Cow::Owned(frame.bytes), take);
        }
        if self.drain.expects_event() && ioctl::dqevent(&*self.transport)? == Some(ioctl::EVENT_EOS) {
            self.drain.event();
        }
        if self.drain.is_over_by_silence(self.expected.is_empty(), self.submitted.is_empty(), now) {
            self.end(None, take);
        }
        Ok(())
    }

    fn end(&mut self, by: Option<Errno>, take: &mut dyn FnMut(Output<'_>)) {
        if let Some(frame) = self.assembly.finish() {
            self.deliver(frame.key, Cow::Owned(frame.bytes), take);
        }
        self.drain.end();
        take(Output::Ended(by));
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
