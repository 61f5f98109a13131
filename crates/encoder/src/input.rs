//! A device's input buffer, and the one copy into it.

use crate::format::{RawFormat, black};
use crate::frame::{Frame, Planes};

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

/// One plane of an input buffer.
#[derive(Debug)]
pub(crate) struct Plane {
    pub(crate) memory: Memory,
    /// Bytes from one row to the next.
    pub(crate) stride: usize,
}

/// A buffer that frames are copied into. It belongs to one opening of one device.
#[derive(Debug)]
pub(crate) struct InputBuffer {
    pub(crate) index: u32,
    /// Which opening of a device it belongs to; the session numbers them.
    pub(crate) opening: u64,
    pub(crate) format: RawFormat,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) planes: Vec<Plane>,
}

impl InputBuffer {
    /// Paints everything black once, so that what surrounds the picture is neither garbage nor green.
    pub(crate) fn blacken(&mut self) {
        for (number, plane) in self.planes.iter_mut().enumerate() {
            plane.memory.bytes_mut().fill(black(number));
        }
    }

    /// The rows of plane `number` and their stride.
    pub(crate) fn plane(&self, number: usize) -> (&[u8], usize) {
        (self.planes[number].memory.bytes(), self.planes[number].stride)
    }

    /// Copies a checked frame in, row by row where the strides differ, turning I420 into NV12 or back where the
    /// device takes the other one.
    pub(crate) fn fill(&mut self, frame: &Frame<'_>, planes: &Planes) {
        self.copy(frame.format, |number| rows(frame, planes, number));
    }

    /// Copies another buffer of the same picture size in: the frames of a device that failed go to the next one.
    pub(crate) fn fill_from(&mut self, other: &Self) {
        self.copy(other.format, |number| {
            let (bytes, stride) = other.plane(number);
            Rows { bytes, stride }
        });
    }

    fn copy<'a>(&mut self, format: RawFormat, source: impl Fn(usize) -> Rows<'a>) {
        self.copy_plane(0, source(0));
        match (format, self.format) {
            (RawFormat::I420, RawFormat::I420) => {
                self.copy_plane(1, source(1));
                self.copy_plane(2, source(2));
            }
            (RawFormat::Nv12, RawFormat::Nv12) => self.copy_plane(1, source(1)),
            (RawFormat::I420, RawFormat::Nv12) => self.interleave(source(1), source(2)),
            (RawFormat::Nv12, RawFormat::I420) => self.deinterleave(source(1)),
        }
    }

    fn copy_plane(&mut self, number: usize, source: Rows<'_>) {
        let size = self.format.plane(number, self.width, self.height);
        let plane = &mut self.planes[number];
        let target = plane.memory.bytes_mut();
        if source.stride == plane.stride && source.stride == size.row_bytes {
            let all = size.row_bytes * size.rows;
            target[..all].copy_from_slice(&source.bytes[..all]);
            return;
        }
        let rows = target.chunks_mut(plane.stride).zip(source.bytes.chunks(source.stride)).take(size.rows);
        for (to, from) in rows {
            to[..size.row_bytes].copy_from_slice(&from[..size.row_bytes]);
        }
    }

    fn interleave(&mut self, u: Rows<'_>, v: Rows<'_>) {
        let size = self.format.plane(1, self.width, self.height);
        let half = size.row_bytes / 2;
        let plane = &mut self.planes[1];
        let stride = plane.stride;
        let target = plane.memory.bytes_mut();
        for row in 0..size.rows {
            let pairs = target[row * stride..][..size.row_bytes].chunks_exact_mut(2);
            for ((pair, u), v) in pairs.zip(u.row(row, half)).zip(v.row(row, half)) {
                pair[0] = *u;
                pair[1] = *v;
            }
        }
    }

    fn deinterleave(&mut self, uv: Rows<'_>) {
        let size = self.format.plane(1, self.width, self.height);
        let [_, u, v] = &mut self.planes[..] else { return };
        let (u_stride, v_stride) = (u.stride, v.stride);
        let (u, v) = (u.memory.bytes_mut(), v.memory.bytes_mut());
        for row in 0..size.rows {
            let u = &mut u[row * u_stride..][..size.row_bytes];
            let v = &mut v[row * v_stride..][..size.row_bytes];
            let pairs = uv.row(row, size.row_bytes * 2).chunks_exact(2);
            for ((u, v), pair) in u.iter_mut().zip(v).zip(pairs) {
                *u = pair[0];
                *v = pair[1];
            }
        }
    }
}

#[derive(Clone, Copy)]
struct Rows<'a> {
    bytes: &'a [u8],
    stride: usize,
}

impl<'a> Rows<'a> {
    fn row(&self, row: usize, length: usize) -> &'a [u8] {
        &self.bytes[row * self.stride..][..length]
    }
}

fn rows<'a>(frame: &Frame<'a>, planes: &Planes, number: usize) -> Rows<'a> {
    let plane = planes[number];
    Rows { bytes: &frame.data[plane.offset as usize..], stride: plane.stride as usize }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::frame;

    pub(crate) fn buffer(format: RawFormat, width: u32, height: u32, extra: usize) -> InputBuffer {
        let planes = (0..format.planes())
            .map(|number| {
                let size = format.plane(number, width, height);
                let stride = size.row_bytes + extra;
                let bytes = vec![0; stride * (size.rows + 1)].into_boxed_slice();
                Plane { memory: Memory::Heap(bytes), stride }
            })
            .collect();
        let mut buffer = InputBuffer { index: 0, opening: 0, format, width, height, planes };
        buffer.blacken();
        buffer
    }

    fn picture(width: usize, height: usize) -> Vec<u8> {
        (0..width * height * 3 / 2).map(|byte| (byte * 7 % 251) as u8).collect()
    }

    fn filled(from: RawFormat, to: RawFormat, extra: usize) -> InputBuffer {
        let data = picture(16, 8);
        let planes = frame::check(data.len(), from, None, 16, 8).unwrap();
        let frame = Frame { format: from, ..Frame::i420(&data, 0) };
        let mut buffer = buffer(to, 16, 8, extra);
        buffer.fill(&frame, &planes);
        buffer
    }

    #[test]
    fn rows_land_where_the_device_expects_them_and_padding_stays_black() {
        let buffer = filled(RawFormat::I420, RawFormat::I420, 4);
        let data = picture(16, 8);
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
        back.fill_from(&nv12);
        let straight = filled(RawFormat::I420, RawFormat::I420, 0);
        for number in 0..3 {
            let size = RawFormat::I420.plane(number, 16, 8);
            let all = size.row_bytes * size.rows;
            assert_eq!(back.plane(number).0[..all], straight.plane(number).0[..all], "plane {number}");
        }
    }
}
