//! The running encoder.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use v4l2::ioctl::{self, Dequeue, Dequeued, ImportedPlane};
use v4l2::surface::SurfaceFacts;
use v4l2::transport::Interest;
use v4l2::{Buffer, Errno, Queue, Transport, Waker};

use crate::backend::contract::{Backend, Output, ROUNDS};
use crate::backend::controls::Controls;
use crate::config::{Resolved, Tuning};
use crate::error::{Code, Error, Result};
use crate::input::buffer::InputBuffer;
use crate::input::request::FrameRequest;
use crate::settings::{Change, Warning};

use super::controls;
use super::drain::Drain;
use super::metadata::SessionMetadata;
use super::poller::Poller;

pub(super) const OUTPUT: v4l2::QueueType = v4l2::QueueType::VideoOutputMplane;
pub(super) const CAPTURE: v4l2::QueueType = v4l2::QueueType::VideoCaptureMplane;

const DEAD_HINT: &str = "The encoder in the device is gone. Make a new one, with another size or level if it fails at once; \
    `dmesg` and standard output may say why (NvVideoEnc: BlockError).";

pub(super) struct Jetson {
    pub(super) transport: Arc<dyn Transport>,
    pub(super) config: Resolved,
    pub(super) controls: Controls,
    pub(super) raw: Queue,
    pub(super) coded: Queue,
    pub(super) coded_buffers: Vec<Buffer>,
    /// Bytes used of each plane of a filled raw buffer.
    pub(super) used: Vec<u32>,
    pub(super) drain: Drain,
    pub(super) metadata: SessionMetadata,
    /// Waits inside the library, where that was requested.
    pub(super) poller: Option<Poller>,
    /// Looks in a row that found nothing.
    pub(super) empty_polls: u32,
    pub(super) sync_warned: bool,
    pub(super) warnings: Vec<Warning>,
}

impl Jetson {
    /// Takes back raw buffers that the device has read.
    fn recycle(&mut self, take: &mut dyn FnMut(Output<'_>)) -> Result<()> {
        for _ in 0..ROUNDS * self.raw.len() {
            let Dequeue::Buffer(buffer) = self.raw.dequeue().map_err(dead)? else { break };
            if self.drain.is_marker(buffer.index) {
                continue;
            }
            take(Output::InputFree { index: buffer.index });
        }
        Ok(())
    }

    /// Delivers coded buffers and gives them back to the device at once.
    fn collect(&mut self, take: &mut dyn FnMut(Output<'_>)) -> Result<()> {
        for _ in 0..ROUNDS * self.coded.len() {
            if self.drain.ended() {
                break;
            }
            match self.coded.dequeue().map_err(dead)? {
                Dequeue::Nothing if self.drain.has_event() => self.end(None, take),
                Dequeue::Nothing if self.finds_end_event()? => self.drain.event(),
                Dequeue::Nothing => return Ok(()),
                Dequeue::Ended => self.end(Some(Errno::EPIPE), take),
                Dequeue::Buffer(buffer) => self.deliver(buffer, take)?,
            }
        }
        Ok(())
    }

    fn deliver(&mut self, buffer: Dequeued, take: &mut dyn FnMut(Output<'_>)) -> Result<()> {
        // A frame that failed is empty as well.
        let ends = buffer.last || (buffer.used == 0 && !buffer.error);
        if buffer.error {
            take(Output::Failed { key: buffer.timestamp });
        } else if buffer.used > 0 {
            let quantizer = self.metadata.quantizer(&*self.transport, buffer.index);
            let data = Cow::Borrowed(self.bytes(&buffer)?);
            take(Output::Coded { key: buffer.timestamp, data, quantizer });
        } else if !self.drain.is_under_way() {
            return Err(self.empty_without_drain());
        }
        if ends && self.drain.is_under_way() {
            self.end(None, take);
            return Ok(());
        }
        self.coded.queue_empty(buffer.index).map_err(dead)
    }

    fn bytes(&self, buffer: &Dequeued) -> Result<&[u8]> {
        let start = buffer.offset as usize;
        let end = start.saturating_add(buffer.used as usize);
        let plane = self.coded_buffers.get(buffer.index as usize).and_then(|known| known.planes.first());
        plane.and_then(|plane| plane.bytes().get(start..end)).ok_or_else(|| {
            Error::new(
                Code::Device,
                format!("The device gave a coded buffer of {end} bytes, more than it has room for."),
            )
            .on(self.transport.device())
        })
    }

    fn empty_without_drain(&self) -> Error {
        Error::new(Code::Device, "The device gave an empty coded buffer in the middle of the stream.")
            .with_hint(DEAD_HINT)
            .on(self.transport.device())
    }

    fn finds_end_event(&self) -> Result<bool> {
        Ok(self.drain.expects_event() && ioctl::dqevent(&*self.transport)? == Some(ioctl::EVENT_EOS))
    }

    fn end(&mut self, by: Option<Errno>, take: &mut dyn FnMut(Output<'_>)) {
        self.drain.end();
        take(Output::Ended(by));
    }

    /// The library looks the surface up by the number of its descriptor, which every plane carries, and takes offsets and
    /// strides from it.
    fn surface_planes(&self, surface: &SurfaceFacts) -> impl Iterator<Item = ImportedPlane> {
        let SurfaceFacts { descriptor, length, .. } = *surface;
        self.used.iter().map(move |used| ImportedPlane { descriptor, data_offset: 0, used: *used, length })
    }

    fn note_sync(&mut self, synced: std::result::Result<(), String>) {
        if let Err(why) = synced
            && !self.sync_warned
        {
            self.sync_warned = true;
            self.warnings.push(Warning {
                code: Code::Device.name(),
                message: format!(
                    "The device's memory could not be synchronised ({why}); frames may be wrong on boards whose \
                     memory is not coherent."
                ),
                setting: None,
            });
        }
    }
}

/// After a fatal error inside NVIDIA's library every request fails with EINVAL.
fn dead(error: v4l2::Failure) -> Error {
    let einval = error.errno() == Some(v4l2::Errno::EINVAL);
    let error = Error::from(error);
    if einval { error.with_hint(DEAD_HINT) } else { error }
}

impl Backend for Jetson {
    fn request(&mut self, input: u32, request: Option<&FrameRequest>) -> Result<()> {
        let warning = self.metadata.announce(&*self.transport, input, request, &self.config);
        self.warnings.extend(warning);
        Ok(())
    }

    fn submit(&mut self, input: &InputBuffer, key: Duration, key_frame: bool) -> Result<()> {
        if key_frame && let Err(error) = controls::force_key_frame(&*self.transport) {
            // The frame itself can still be encoded.
            self.warnings.push(Warning { code: error.code.name(), message: error.message, setting: None });
        }
        if let Some(surface) = input.lease.as_ref().and_then(|lease| lease.frame.surface.as_ref()) {
            let planes = self.surface_planes(&surface.facts);
            return self.raw.queue_imported(input.index, planes, key).map_err(dead);
        }
        let synced = self.raw.queue_written(input.index, &self.used, key).map_err(dead)?;
        self.note_sync(synced);
        Ok(())
    }

    fn poll(&mut self, take: &mut dyn FnMut(Output<'_>)) -> Result<()> {
        for warning in self.warnings.drain(..) {
            take(Output::Warning(warning));
        }
        let mut found = false;
        let mut take = |output: Output<'_>| {
            found = true;
            take(output);
        };
        // Encoded frames first: they are what somebody waits for.
        self.collect(&mut take)?;
        if !self.drain.ended() {
            self.recycle(&mut take)?;
        }
        self.empty_polls = if found { 0 } else { self.empty_polls.saturating_add(1) };
        Ok(())
    }

    fn wait(&self, waker: &Waker, busy: bool, timeout: Duration) {
        match &self.poller {
            Some(poller) if busy && poller.arm(self.empty_polls) => waker.wait(timeout),
            _ => {
                let interest = Interest { reading: busy, ..Interest::default() };
                self.transport.wait(waker, interest, timeout);
            }
        }
    }

    fn signals_readiness(&self) -> bool {
        self.poller.is_some()
    }

    fn end_stream(&mut self, spare: Option<u32>) -> Result<()> {
        self.drain.begin(&*self.transport, &self.raw, spare)
    }

    /// No public source resumes a drained session.
    fn resume(&mut self) -> Result<bool> {
        Ok(false)
    }

    fn forces_key_frames(&self) -> bool {
        true
    }

    fn tune(&mut self, tuning: &Tuning) -> Result<Vec<Change>> {
        let transport = &*self.transport;
        if let Some(framerate) = tuning.framerate {
            ioctl::s_parm(transport, OUTPUT, controls::time_per_frame(framerate))?;
            self.config.framerate = framerate;
        }
        let config = &self.config;
        let changed = self.controls.change(transport, tuning, |tuning| config.tuned(tuning))?;
        self.warnings.extend(changed.warnings);
        self.config = changed.dialect;
        Ok(changed.changes)
    }

    /// The order of NVIDIA's samples: stop both queues, unmap, free, close. Dropping the transport closes.
    fn close(self: Box<Self>) -> Result<()> {
        let Self { transport, raw, coded, coded_buffers, poller, .. } = *self;
        if let Some(poller) = poller {
            poller.stop(&*transport);
        }
        let stopped = raw.stop().and(coded.stop());
        drop(coded_buffers);
        let freed = raw.free().and(coded.free());
        Ok(stopped.and(freed)?)
    }
}
