//! A device's input buffer, and the one copy into it.

use std::sync::Arc;

use convert::{Color, Picture, PictureMut, PlaneMut};

use super::dmabuf::ImportedFrame;
use super::format::{MAX_PLANES, RawFormat, Rows};
use super::frame::{Frame, Planes};
use super::geometry::InputPlane as Plane;
use super::lease::Lease;
use crate::error::{Code, Error, Result};

/// Memory of one plane: a device's, or ours for the software encoder.
#[derive(Debug)]
pub(crate) enum Memory {
    Mapped(v4l2::Mapping),
    Heap(Box<[u8]>),
}

impl Memory {
    fn bytes(&self) -> &[u8] {
        match self {
            Self::Mapped(mapping) => mapping.bytes(),
            Self::Heap(bytes) => bytes,
        }
    }

    fn bytes_mut(&mut self) -> &mut [u8] {
        match self {
            Self::Mapped(mapping) => mapping.bytes_mut(),
            Self::Heap(bytes) => bytes,
        }
    }
}

/// A buffer that frames are copied into. It belongs to one opening of one device.
#[derive(Debug)]
pub(crate) struct InputBuffer {
    pub(crate) index: u32,
    /// Which opening of a device it belongs to; the session numbers them.
    pub(crate) opening: u64,
    pub(crate) format: RawFormat,
    /// What RGB becomes in it.
    pub(crate) color: Color,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) memories: Vec<Memory>,
    /// In the order of the format; those that share a memory lie in it in this order.
    pub(crate) planes: Vec<Plane>,
    /// The frame in the caller's memory, in a buffer that has none of its own.
    pub(crate) lease: Option<Arc<Lease>>,
}

impl InputBuffer {
    /// Paints everything black once, so that what surrounds the frame is neither garbage nor green.
    pub(crate) fn blacken(&mut self) {
        let format = self.format;
        for (number, plane) in self.planes_mut().into_iter().enumerate() {
            plane.fill(format.black(number).unwrap_or(0));
        }
    }

    /// The rows of plane `number` and their stride.
    pub(crate) fn plane(&self, number: usize) -> (&[u8], usize) {
        let plane = self.planes[number];
        (&self.memories[plane.memory].bytes()[plane.offset..], plane.stride)
    }

    /// Each plane's bytes, up to the next plane in the same memory; empty for planes that the format has not.
    fn planes_mut(&mut self) -> [&mut [u8]; MAX_PLANES] {
        let mut all: [&mut [u8]; MAX_PLANES] = Default::default();
        for (memory, bytes) in self.memories.iter_mut().enumerate() {
            let mut rest = bytes.bytes_mut();
            let mut start = 0;
            let mut here =
                self.planes.iter().enumerate().filter(|(_, plane)| plane.memory == memory).peekable();
            while let Some((number, plane)) = here.next() {
                let end = here.peek().map_or(start + rest.len(), |(_, next)| next.offset);
                let (_, from_here) = std::mem::take(&mut rest).split_at_mut(plane.offset - start);
                (all[number], rest) = from_here.split_at_mut(end - plane.offset);
                start = end;
            }
        }
        all
    }

    /// Where its memories are, for writing, and how many bytes each has; valid as long as the buffer.
    pub(crate) fn addresses(&mut self) -> Vec<(*mut u8, usize)> {
        self.memories
            .iter_mut()
            .map(Memory::bytes_mut)
            .map(|bytes| (bytes.as_mut_ptr(), bytes.len()))
            .collect()
    }

    /// Whether it has memory that a frame can be copied into.
    pub(crate) fn has_memory(&self) -> bool {
        !self.memories.is_empty()
    }

    /// Copies a checked frame in, converted where the device takes another format.
    pub(crate) fn fill(&mut self, frame: &Frame<'_>, planes: &Planes) {
        self.copy(frame.format, rows(frame, planes));
    }

    /// Copies a frame in the caller's memory in.
    ///
    /// # Errors
    /// As [`ImportedFrame::read`].
    pub(crate) fn fill_from_import(&mut self, frame: &ImportedFrame) -> Result<()> {
        frame.read((self.width, self.height), |rows| self.copy(frame.format, rows))
    }

    /// Copies another buffer of the same frame size in: the frames of a device that failed go to the next one. A buffer
    /// without memory takes the other's frame in the caller's memory as it is.
    ///
    /// # Errors
    /// As [`ImportedFrame::read`], where the other's frame is in the caller's memory; [`Code::Frame`] as well when neither
    /// has memory.
    pub(crate) fn fill_from(&mut self, other: &Self) -> Result<()> {
        if !self.has_memory() {
            self.lease.clone_from(&other.lease);
            let nothing = || Error::new(Code::Frame, "The device is open for frames in DMABUFs only.");
            return self.lease.as_ref().map(drop).ok_or_else(nothing);
        }
        if let Some(lease) = &other.lease {
            return self.fill_from_import(&lease.frame);
        }
        self.copy(
            other.format,
            std::array::from_fn(|number| {
                if number >= other.planes.len() {
                    return Rows::default();
                }
                let (bytes, stride) = other.plane(number);
                Rows { bytes, stride }
            }),
        );
        Ok(())
    }

    fn copy(&mut self, format: RawFormat, planes: [Rows<'_>; MAX_PLANES]) {
        let (width, height, color, own) = (self.width, self.height, self.color, self.format);
        let strides: [usize; MAX_PLANES] =
            std::array::from_fn(|number| self.planes.get(number).map_or(0, |plane| plane.stride));
        let mut strides = strides.into_iter();
        let target = self.planes_mut().map(|bytes| PlaneMut { bytes, stride: strides.next().unwrap_or(0) });
        let source = Picture { format, width, height, planes };
        let mut target = PictureMut { format: own, width, height, planes: target };
        let converted = convert::convert(&source, &mut target, color);
        debug_assert!(converted.is_ok(), "a checked frame did not fit: {converted:?}");
    }
}

fn rows<'a>(frame: &Frame<'a>, planes: &Planes) -> [Rows<'a>; MAX_PLANES] {
    std::array::from_fn(|number| {
        let plane = planes[number];
        if number >= frame.format.planes() {
            return Rows::default();
        }
        Rows { bytes: &frame.data[plane.offset as usize..], stride: plane.stride as usize }
    })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::input::frame;

    pub(crate) fn buffer(format: RawFormat, width: u32, height: u32, extra: usize) -> InputBuffer {
        let (mut memories, mut planes) = (Vec::new(), Vec::new());
        for number in 0..format.planes() {
            let size = format.plane(number, width, height);
            let stride = size.row_bytes + extra;
            memories.push(Memory::Heap(vec![0; stride * (size.rows + 1)].into_boxed_slice()));
            planes.push(Plane { memory: number, offset: 0, stride });
        }
        let mut buffer = of(format, (width, height), memories, planes);
        buffer.blacken();
        buffer
    }

    fn of(
        format: RawFormat,
        (width, height): (u32, u32),
        memories: Vec<Memory>,
        planes: Vec<Plane>,
    ) -> InputBuffer {
        let color = Color::default();
        InputBuffer { index: 0, opening: 0, format, color, width, height, memories, planes, lease: None }
    }

    /// The same with all planes in one memory, each `gap` bytes behind the one before.
    fn in_one_memory(format: RawFormat, width: u32, height: u32, gap: usize) -> InputBuffer {
        let mut planes = Vec::new();
        let mut end = 0;
        for number in 0..format.planes() {
            let size = format.plane(number, width, height);
            planes.push(Plane { memory: 0, offset: end + gap, stride: size.row_bytes });
            end += gap + size.row_bytes * size.rows;
        }
        let memories = vec![Memory::Heap(vec![0; end].into_boxed_slice())];
        of(format, (width, height), memories, planes)
    }

    fn pixels(width: usize, height: usize) -> Vec<u8> {
        (0..width * height * 3 / 2).map(|byte| (byte * 7 % 251) as u8).collect()
    }

    fn filled(from: RawFormat, to: RawFormat, extra: usize) -> InputBuffer {
        let data = pixels(16, 8);
        let planes = frame::check(data.len(), from, None, 16, 8).unwrap();
        let frame = Frame { format: from, ..Frame::i420(&data, 0) };
        let mut buffer = buffer(to, 16, 8, extra);
        buffer.fill(&frame, &planes);
        buffer
    }

    #[test]
    fn rows_land_where_the_device_expects_them_and_padding_stays_black() {
        let buffer = filled(RawFormat::I420, RawFormat::I420, 4);
        let data = pixels(16, 8);
        let (luma, stride) = buffer.plane(0);
        assert_eq!(luma[stride..stride + 16], data[16..32]);
        assert_eq!(luma[16..20], [16; 4]);
        let (chroma, stride) = buffer.plane(2);
        assert_eq!(chroma[3 * stride..3 * stride + 8], data[16 * 8 + 32 + 24..][..8]);
        assert_eq!(chroma[8..12], [128; 4]);
    }

    #[test]
    fn chroma_is_interleaved_and_separated_again_without_loss() {
        let nv12 = filled(RawFormat::I420, RawFormat::Nv12, 8);
        let mut back = buffer(RawFormat::I420, 16, 8, 0);
        back.fill_from(&nv12).unwrap();
        let straight = filled(RawFormat::I420, RawFormat::I420, 0);
        for number in 0..3 {
            let size = RawFormat::I420.plane(number, 16, 8);
            let all = size.row_bytes * size.rows;
            assert_eq!(back.plane(number).0[..all], straight.plane(number).0[..all], "plane {number}");
        }
    }

    #[test]
    fn planes_that_share_a_memory_do_not_touch_each_other() {
        let straight = filled(RawFormat::I420, RawFormat::I420, 0);
        for format in [RawFormat::I420, RawFormat::Nv12] {
            let mut shared = in_one_memory(format, 16, 8, 7);
            shared.fill_from(&straight).unwrap();
            assert_eq!(shared.memories[0].bytes()[..7], [0; 7]);
            let mut back = buffer(RawFormat::I420, 16, 8, 0);
            back.fill_from(&shared).unwrap();
            for number in 0..3 {
                let size = RawFormat::I420.plane(number, 16, 8);
                let all = size.row_bytes * size.rows;
                assert_eq!(back.plane(number).0[..all], straight.plane(number).0[..all], "plane {number}");
            }
        }
    }
}
