//! The model encodes.

use std::os::unix::fs::FileExt;
use std::time::{Duration, Instant};

use v4l2::testing::QueuedBuffer;

use super::coded::{Seen, Stream};
use super::driver::{End, Eos, Trouble};
use super::model::{Draining, Encoder};
use super::side::plain;
use crate::codec::{Codec, Level};
use v4l2::control::ids::{
    BITRATE, FRAME_RC_ENABLE, GOP_SIZE, H264_LEVEL, HEADER_MODE, HEVC_LEVEL, PREPEND_SPSPPS_TO_IDR,
    REPEAT_SEQ_HEADER,
};

/// What a frame takes where nothing controls its rate.
const UNCONTROLLED_BYTES: usize = 200;

/// The flag of a coded buffer.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Mark {
    None,
    Last,
    Failed,
}

impl Mark {
    fn last(last: bool) -> Self {
        if last { Self::Last } else { Self::None }
    }
}

impl Encoder {
    /// Codes the next frame, if there is one and room for it, or comes to the end of a drain.
    pub(super) fn code_one(&mut self) {
        if !self.raw.streaming || !self.coded.streaming || self.stalled {
            return;
        }
        if self.driver.least_rate > self.framerate {
            self.stalled = true;
            return;
        }
        // A frame takes one buffer, or several, or one for its headers too: the model waits for enough of them.
        let room =
            self.coded.queued.len() >= if self.driver.splits || self.driver.separate_headers { 3 } else { 2 };
        let late = self.is_late();
        match self.raw.queued.front() {
            Some(_) if !room || late => {}
            Some(_) if self.draining == Draining::Not && self.raw.queued.len() <= self.driver.holds => {}
            Some(_) => {
                if let Some(buffer) = self.raw.queued.pop_front() {
                    self.code(&buffer);
                }
            }
            None => self.end(),
        }
    }

    /// A drain was requested while frames were waiting.
    fn was_asked(&self) -> bool {
        matches!(self.draining, Draining::Asked { waiting } if waiting > 0)
    }

    /// Whether the last frame takes its time, while the event is out already.
    fn is_late(&mut self) -> bool {
        if self.driver.eos != Eos::Early || !self.was_asked() || self.raw.queued.len() > 1 {
            return false;
        }
        if self.early_since.is_none() {
            self.send_event();
        }
        let since = *self.early_since.get_or_insert_with(Instant::now);
        let late = since.elapsed() < self.driver.last_takes;
        if !late {
            self.early_since = None;
        }
        late
    }

    fn code(&mut self, buffer: &QueuedBuffer) {
        let number = self.frames;
        self.frames += 1;
        let trouble = self.driver.troubles.iter().find(|(at, _)| *at == number).map(|(_, trouble)| *trouble);
        let is_last = self.was_asked() && self.raw.queued.is_empty();
        match trouble {
            Some(Trouble::Gone(errno)) => return self.break_down(errno),
            Some(Trouble::Stalls) => return self.stalled = true,
            Some(Trouble::RawFailed) => {
                self.raw.done.push_back(v4l2::ioctl::Dequeued {
                    error: true,
                    ..plain(buffer.index, buffer.timestamp)
                });
                return;
            }
            Some(Trouble::Dropped) => return self.give_back(buffer.index),
            Some(Trouble::Failed) => self.put(&[], buffer.timestamp, Mark::Failed),
            None => self.encode_frame(buffer, is_last && self.driver.end == End::LastFrame),
        }
        self.give_back(buffer.index);
        if self.driver.empty_buffers {
            self.put(&[], Duration::ZERO, Mark::None);
        }
        if is_last && self.driver.end == End::LastFrame {
            self.stop();
        }
    }

    fn encode_frame(&mut self, buffer: &QueuedBuffer, last: bool) {
        let key_frame = self.is_key_frame();
        let stream = self.stream();
        let frame = stream.frame(self.see(buffer), key_frame, self.frame_bytes());
        let first = self.since_key_frame.is_none();
        if first && self.driver.stray {
            self.put(&[0x7F; 16], Duration::ZERO, Mark::None);
        }
        self.since_key_frame =
            Some(if key_frame { 0 } else { self.since_key_frame.map_or(0, |since| since + 1) });
        let repeats = self.driver.repeats_headers
            || self.value(REPEAT_SEQ_HEADER) == 1
            || self.value(PREPEND_SPSPPS_TO_IDR) == 1;
        let headers = if first || (key_frame && repeats) { stream.headers() } else { Vec::new() };
        let timestamp = if self.driver.copies_timestamps { buffer.timestamp } else { Duration::ZERO };
        let junk = if key_frame { 0 } else { self.driver.junk };
        let frame = [vec![0x7F; junk], frame].concat();
        if self.driver.separate_headers && self.value(HEADER_MODE) == 0 && !headers.is_empty() {
            self.put(&headers, timestamp, Mark::None);
            self.put(&frame, timestamp, Mark::last(last));
        } else {
            self.put(&[headers, frame].concat(), timestamp, Mark::last(last));
        }
    }

    fn is_key_frame(&mut self) -> bool {
        let gop = if self.driver.dynamic_gop { self.value(GOP_SIZE) } else { self.gop_at_start };
        let due = match self.since_key_frame {
            None => true,
            Some(since) => gop > 0 && since + 1 >= gop as u64,
        };
        std::mem::take(&mut self.key_frame_forced) || due
    }

    fn stream(&self) -> Stream {
        let codec = self.codec();
        let (width, height) = self.formats.visible;
        let level = match codec {
            Codec::H264 => {
                let entry = self.value(H264_LEVEL);
                // 1b stands between 1.0 and 1.1 in the menu.
                Level::of(codec)[if entry == 0 { 0 } else { entry as usize - 1 }]
            }
            Codec::H265 => Level::of(codec)[self.value(HEVC_LEVEL) as usize] * 3,
            _ => 0,
        };
        Stream { codec, width, height, level }
    }

    pub(super) fn codec(&self) -> Codec {
        let is_it = |codec: &&Codec| codec.fourcc() == self.formats.coded.pixelformat;
        *self.driver.codecs.iter().find(is_it).expect("S_FMT lets no other format in")
    }

    /// What the rate controller gives a frame, if there is one.
    fn frame_bytes(&self) -> usize {
        let controlled = !self.has(FRAME_RC_ENABLE) || self.value(FRAME_RC_ENABLE) == 1;
        if !controlled || !self.has(BITRATE) {
            return UNCONTROLLED_BYTES;
        }
        (self.value(BITRATE) as f64 / self.framerate / 8.0) as usize
    }

    /// Looks at the corners of the frame where this driver assumes them.
    fn see(&self, buffer: &QueuedBuffer) -> Seen {
        let memories = self.raw.planes(buffer.index).expect("a queued buffer exists");
        let (width, height) = (u64::from(self.formats.visible.0), u64::from(self.formats.visible.1));
        let sizes = [(width, height), (width / 2, height / 2), (width / 2, height / 2)];
        let mut seen = [0; 6];
        for (number, (plane, (wide, high))) in self.formats.samples().into_iter().zip(sizes).enumerate() {
            let last = (high - 1) * plane.stride + (wide - 1) * plane.step;
            for (place, at) in [0, last].into_iter().enumerate() {
                let target = &mut seen[number * 2 + place..][..1];
                memories[plane.memory]
                    .read_exact_at(target, plane.offset + at)
                    .expect("the frame is in its buffer");
            }
        }
        seen
    }

    /// Gives a raw buffer back, or an older one where this is kept as a reference.
    fn give_back(&mut self, index: u32) {
        self.kept.push_back(index);
        while self.kept.len() > self.driver.keeps {
            if let Some(index) = self.kept.pop_front() {
                self.raw.done.push_back(plain(index, Duration::ZERO));
            }
        }
    }

    /// Puts bytes into a coded buffer, or into several.
    fn put(&mut self, bytes: &[u8], timestamp: Duration, mark: Mark) {
        let capacity = self.formats.lengths(false)[0] as usize - self.driver.offset as usize;
        if bytes.len() > capacity && self.driver.splits {
            let (part, rest) = bytes.split_at(capacity);
            self.put(part, timestamp, Mark::None);
            return self.put(rest, timestamp, mark);
        }
        let Some(buffer) = self.coded.queued.pop_front() else { return };
        let mut coded = plain(buffer.index, timestamp);
        coded.sequence = self.sequence;
        self.sequence += 1;
        (coded.last, coded.error) = (mark == Mark::Last, mark == Mark::Failed);
        if bytes.len() > capacity {
            coded.error = true;
        } else if !bytes.is_empty() {
            let memory = &self.coded.planes(buffer.index).expect("a queued buffer exists")[0];
            memory.write_all_at(bytes, self.driver.offset.into()).expect("it fits");
            coded.offset = self.driver.offset;
            coded.used = self.driver.offset + bytes.len() as u32;
        }
        self.coded.done.push_back(coded);
    }

    /// Every frame is coded: the end, if it was requested and there is a buffer for it.
    fn end(&mut self) {
        let Draining::Asked { .. } = self.draining else { return };
        if self.driver.end != End::Pipe {
            if self.coded.queued.is_empty() {
                return;
            }
            let last = self.driver.end != End::Empty;
            // The numbers of a frame that was long ago.
            self.put(&[], Duration::from_micros(1), Mark::last(last));
        }
        self.stop();
    }

    fn stop(&mut self) {
        self.draining = Draining::Stopped;
        while let Some(index) = self.kept.pop_front() {
            self.raw.done.push_back(plain(index, Duration::ZERO));
        }
        if self.driver.eos == Eos::AtEnd {
            self.send_event();
        }
    }
}
