//! What the model answers.

use std::os::fd::OwnedFd;

use v4l2::ioctl::{
    Capability, Colorimetry, ControlDescription, Dequeued, EVENT_EOS, FormatDescription, FrameSizes, Memory,
    QueriedPlane, Rectangle,
};
use v4l2::testing::{Answer, Model, QueuedBuffer};
use v4l2::transport::{Interest, Readiness};
use v4l2::{Errno, Format, PixelFormat, QueueType};

use super::driver::{Control, Crop, End, Eos, Rate, Restart, Unknown};
use super::formats;
use super::model::{Draining, Encoder};
use super::side::{Side, plain};
use crate::codec::Codec;
use v4l2::control::ids::{FORCE_KEY_FRAME, GOP_SIZE, H264_LEVEL, MIN_BUFFERS_FOR_OUTPUT};

fn name(queue: QueueType) -> &'static str {
    match queue {
        QueueType::VideoOutput | QueueType::VideoOutputMplane => "raw",
        _ => "coded",
    }
}

impl Model for Encoder {
    fn querycap(&mut self) -> Answer<Capability> {
        self.note("QUERYCAP".to_owned())?;
        Ok(Capability {
            driver: self.driver.name.to_owned(),
            card: format!("{} (model)", self.driver.name),
            bus_info: "platform:model".to_owned(),
            // STREAMING, and M2M_MPLANE or M2M.
            flags: 0x0400_0000 | if self.driver.multi_planar { 0x4000 } else { 0x8000 },
        })
    }

    fn enum_fmt(&mut self, queue: QueueType, index: u32) -> Answer<FormatDescription> {
        let raw = self.is_raw(queue)?;
        let coded = |codec: &Codec| codec.fourcc();
        let found = if raw {
            self.driver.raw.get(index as usize).copied()
        } else {
            self.driver.codecs.get(index as usize).map(coded)
        };
        let pixel_format = found.ok_or(Errno::EINVAL)?;
        Ok(FormatDescription {
            pixel_format,
            description: pixel_format.to_string(),
            compressed: !raw,
            own_interval: !raw && self.driver.own_interval,
        })
    }

    fn enum_framesizes(&mut self, _format: PixelFormat, index: u32) -> Answer<FrameSizes> {
        let [min_width, max_width, min_height, max_height] = self.driver.sizes;
        match index {
            0 => Ok(FrameSizes::Stepwise {
                width: [min_width, max_width, 2],
                height: [min_height, max_height, 2],
            }),
            _ => Err(Errno::EINVAL),
        }
    }

    fn g_fmt(&mut self, queue: QueueType) -> Answer<(Format, Colorimetry)> {
        let raw = self.is_raw(queue)?;
        Ok((if raw { self.formats.raw.clone() } else { self.formats.coded.clone() }, self.formats.colors))
    }

    fn s_fmt(
        &mut self,
        queue: QueueType,
        format: Format,
        colors: Colorimetry,
    ) -> Answer<(Format, Colorimetry)> {
        self.note(format!("S_FMT {} {}", name(queue), format.pixelformat))?;
        let (given, _) = self.try_fmt(queue, format.clone(), colors)?;
        let busy = self.driver.busy && self.is_raw(queue)?;
        if busy || self.raw.is_allocated() || self.coded.is_allocated() {
            return Err(Errno::EBUSY);
        }
        if self.is_raw(queue)? {
            self.formats.set_raw(&self.driver, given.clone(), (format.width, format.height));
            self.formats.colors = colors;
        } else {
            self.formats.coded = given.clone();
            // Each S_FMT undoes a crop (venus).
            let Format { width, height, .. } = self.formats.raw;
            if self.driver.crop == Crop::Kept {
                self.formats.visible = (width, height);
            }
            self.needs_format = false;
        }
        Ok((given, colors))
    }

    fn try_fmt(
        &mut self,
        queue: QueueType,
        mut format: Format,
        colors: Colorimetry,
    ) -> Answer<(Format, Colorimetry)> {
        let known = self.is_known(queue, format.pixelformat)?;
        if !known && self.driver.unknown == Unknown::Rejected {
            return Err(Errno::EINVAL);
        }
        let raw = self.is_raw(queue)?;
        if !known {
            format.pixelformat = if raw { self.driver.raw[0] } else { self.driver.codecs[0].fourcc() };
        }
        let given =
            if raw { formats::raw(&self.driver, &format) } else { formats::coded(&self.driver, &format) };
        Ok((given, colors))
    }

    fn g_parm(&mut self, _queue: QueueType) -> Answer<(u32, u32)> {
        Err(Errno::ENOTTY)
    }

    fn s_parm(&mut self, queue: QueueType, (numerator, denominator): (u32, u32)) -> Answer<(u32, u32)> {
        self.note(format!("S_PARM {} {numerator}/{denominator}", name(queue)))?;
        let raw = self.is_raw(queue)?;
        if (!raw && !self.driver.own_interval) || numerator == 0 || denominator == 0 {
            return Err(Errno::EINVAL);
        }
        let (reported, answer) = match self.driver.rate {
            Rate::Missing => return Err(Errno::ENOTTY),
            Rate::UpTo(most) | Rate::WholeUpTo(most) if denominator / numerator > most => {
                return Err(Errno::ENOMEM);
            }
            Rate::Whole | Rate::WholeUpTo(_) => {
                (f64::from(denominator / numerator), (1, denominator / numerator))
            }
            _ => (f64::from(denominator) / f64::from(numerator), (numerator, denominator)),
        };
        // What the rate controller goes by, and what it takes no more of once it runs.
        let counts = raw != self.driver.own_interval;
        if counts && !(self.driver.fixed_rate && self.raw.streaming) {
            self.framerate = reported;
        }
        Ok(answer)
    }

    fn g_crop(&mut self, _queue: QueueType) -> Answer<Rectangle> {
        let (width, height) = self.formats.visible;
        Ok(Rectangle::of_size(width, height))
    }

    fn s_crop(&mut self, queue: QueueType, visible: Rectangle) -> Answer<Rectangle> {
        self.note(format!("S_SELECTION {}", name(queue)))?;
        if self.driver.crop != Crop::Kept {
            return Err(Errno::ENOTTY);
        }
        let Format { width, height, .. } = self.formats.raw;
        let made = (visible.width.min(width), visible.height.min(height));
        self.formats.visible = made;
        Ok(Rectangle::of_size(made.0, made.1))
    }

    fn query_ext_ctrl(&mut self, id: u32) -> Answer<ControlDescription> {
        let Control { kind, minimum, maximum, step, default, .. } = self.control(id)?;
        Ok(ControlDescription {
            id,
            kind,
            name: "a control".into(),
            minimum,
            maximum,
            step,
            default,
            flags: 0,
        })
    }

    fn g_ext_ctrl(&mut self, id: u32) -> Answer<i32> {
        if id == MIN_BUFFERS_FOR_OUTPUT {
            return self.driver.least_raw.map(|least| least as i32).ok_or(Errno::EINVAL);
        }
        if id == FORCE_KEY_FRAME {
            return Err(Errno::EACCES);
        }
        self.control(id)?;
        Ok(self.value(id) as i32)
    }

    fn s_ext_ctrl(&mut self, id: u32, value: i32) -> Answer<i32> {
        self.note(format!("S_CTRL {id:#x} {value}"))?;
        let control = self.control(id)?;
        if id == FORCE_KEY_FRAME {
            // A button that is pressed before both queues run is forgotten (venus).
            self.key_frame_forced = self.raw.streaming && self.coded.streaming;
            return Ok(0);
        }
        let running = self.raw.streaming || self.coded.streaming;
        if let Some((errno, _)) =
            self.driver.rejects_while_running.filter(|(_, taken)| running && !taken.contains(&id))
        {
            return Err(errno);
        }
        if control.kind == v4l2::ioctl::ControlKind::Menu
            && !(control.minimum..=control.maximum).contains(&value.into())
        {
            return Err(Errno::ERANGE);
        }
        if control.holes >> value.clamp(0, 63) & 1 == 1 {
            return Err(Errno::EINVAL);
        }
        let clamped = i64::from(value).clamp(control.minimum, control.maximum);
        let step = control.step.max(1) as i64;
        let made = control.minimum + (clamped - control.minimum + step / 2) / step * step;
        self.values.insert(id, made.min(control.maximum));
        Ok(self.value(id) as i32)
    }

    fn reqbufs(&mut self, queue: QueueType, memory: Memory, count: u32) -> Answer<u32> {
        self.note(format!("REQBUFS {} {count}", name(queue)))?;
        let raw = self.is_raw(queue)?;
        if memory != Memory::Mmap {
            return Err(Errno::EINVAL);
        }
        if raw && count > self.driver.memory {
            return Err(Errno::ENOMEM);
        }
        let lengths = self.formats.lengths(raw);
        self.side(queue)?.allocate(count, &lengths)?;
        Ok(count)
    }

    fn querybuf(&mut self, queue: QueueType, index: u32) -> Answer<Vec<QueriedPlane>> {
        self.side(queue)?.query(index)
    }

    fn expbuf(&mut self, queue: QueueType, index: u32, plane: u32) -> Answer<OwnedFd> {
        self.side(queue)?.export(index, plane)
    }

    fn qbuf(&mut self, queue: QueueType, buffer: QueuedBuffer) -> Answer<()> {
        self.gone.map_or(Ok(()), Err)?;
        let raw = self.is_raw(queue)?;
        if raw && buffer.planes.iter().all(|plane| plane.used == 0) {
            return Err(Errno::EINVAL);
        }
        if raw && self.draining != Draining::Not && self.driver.restart == Restart::Both {
            return Err(Errno::EIO);
        }
        if raw && self.draining == Draining::Stopped {
            // Whatever is queued now comes back uncoded (venus), or its coded form stays out of reach (vicodec).
            self.raw.queue(buffer.clone())?;
            self.raw.queued.pop_back();
            self.raw.done.push_back(plain(buffer.index, buffer.timestamp));
            return Ok(());
        }
        self.side(queue)?.queue(buffer)
    }

    fn dqbuf(&mut self, queue: QueueType) -> Answer<Dequeued> {
        self.gone.map_or(Ok(()), Err)?;
        let raw = self.is_raw(queue)?;
        let side = self.side(queue)?;
        if !side.streaming {
            return Err(Errno::EINVAL);
        }
        if let Some(buffer) = side.done.pop_front() {
            return Ok(buffer);
        }
        if !raw
            && self.driver.floods
            && let Some(buffer) = self.coded.queued.pop_front()
        {
            return Ok(plain(buffer.index, std::time::Duration::ZERO));
        }
        if !raw && self.draining == Draining::Stopped && self.driver.end != End::Empty {
            return Err(Errno::EPIPE);
        }
        self.code_one();
        Err(Errno::EAGAIN)
    }

    fn streamon(&mut self, queue: QueueType) -> Answer<()> {
        self.note(format!("STREAMON {}", name(queue)))?;
        if let Some(errno) = self.driver.rejects {
            return Err(errno);
        }
        if self.codec() == Codec::H264
            && self.has(H264_LEVEL)
            && self.value(H264_LEVEL) < self.driver.least_level
        {
            return Err(Errno::ESRCH);
        }
        if self.needs_format {
            return Err(Errno::EIO);
        }
        let wants = self.driver.least_raw.unwrap_or(1) as usize + self.driver.keeps;
        if !self.is_raw(queue)? && self.raw.count() < wants {
            return Err(Errno::ENOBUFS);
        }
        self.gop_at_start = self.value(GOP_SIZE);
        self.side(queue)?.streaming = true;
        Ok(())
    }

    fn streamoff(&mut self, queue: QueueType) -> Answer<()> {
        self.note(format!("STREAMOFF {}", name(queue)))?;
        let raw = self.is_raw(queue)?;
        let ran = self.raw.streaming || self.coded.streaming;
        self.side(queue)?.stop();
        if raw {
            self.kept.clear();
        }
        let both = !self.raw.streaming && !self.coded.streaming;
        if !raw && self.driver.restart != Restart::Both || both {
            self.draining = Draining::Not;
            self.since_key_frame = None;
            self.sequence = 0;
        }
        self.needs_format |= both && ran && self.driver.restart == Restart::CodedOnly;
        Ok(())
    }

    fn encoder_cmd(&mut self, command: u32) -> Answer<()> {
        self.note(format!("ENCODER_CMD {command}"))?;
        let running = self.raw.streaming && self.coded.streaming;
        if command == 0 && self.driver.dies_of_start && self.draining != Draining::Stopped {
            self.break_down(Errno::EIO);
        }
        if command == 1 && running && self.draining == Draining::Not {
            self.draining = Draining::Asked { waiting: self.raw.queued.len() };
        }
        Ok(())
    }

    fn subscribe_event(&mut self, kind: u32) -> Answer<()> {
        if kind != EVENT_EOS || self.driver.eos == Eos::Rejected {
            return Err(Errno::EINVAL);
        }
        self.subscribed = true;
        Ok(())
    }

    fn dqevent(&mut self) -> Answer<u32> {
        self.gone.map_or(Ok(()), Err)?;
        self.events.pop_front().ok_or(Errno::ENOENT)
    }

    fn poll(&mut self, interest: Interest) -> Readiness {
        self.polls += 1;
        let ready = |encoder: &Self| {
            let ended = encoder.draining == Draining::Stopped && encoder.driver.end != End::Empty;
            (interest.reading && (!encoder.coded.done.is_empty() || ended || encoder.driver.floods))
                || (interest.writing && !encoder.raw.done.is_empty())
                || (interest.events && !encoder.events.is_empty())
                || encoder.gone.is_some()
        };
        if !ready(self) {
            self.code_one();
        }
        let idle = |side: &Side| !side.streaming || (side.queued.is_empty() && side.done.is_empty());
        // The kernel reports an error when both queues have nothing to wait for, wanted or not.
        let nothing_to_wait_for = (idle(&self.raw) && idle(&self.coded)) || self.gone.is_some();
        self.idle_polls += usize::from(nothing_to_wait_for);
        Readiness { woken: false, maybe_ready: ready(self) || nothing_to_wait_for, nothing_to_wait_for }
    }
}
