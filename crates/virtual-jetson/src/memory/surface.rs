//! `NvBufSurface`, as far as a client of the encoder reads it: sizes and pitches, never a pointer to pixels.

use super::PlaneShape;

/// `NvBufSurfaceParams`: 384 bytes, written by offset because most of it stays zero.
#[repr(C, align(8))]
struct Parameters([u8; 384]);

/// `NvBufSurface`.
#[repr(C)]
struct Header {
    gpu_id: u32,
    batch_size: u32,
    num_filled: u32,
    is_contiguous: u32,
    mem_type: u32,
    padding: u32,
    surface_list: *const Parameters,
    reserved: [u64; 4],
}

const _: () = assert!(size_of::<Header>() == 64);

const MEM_SURFACE_ARRAY: u32 = 4;
const COLOR_YUV420: u32 = 2;
const COLOR_NV12: u32 = 6;

/// A surface whose addresses do not change while it lives.
pub(super) struct Surface {
    header: Box<Header>,
    /// The header points at it; nothing here reads it again.
    _parameters: Box<Parameters>,
}

// SAFETY: nothing in it changes after `new`; the pointer leads into a box that lives as long.
unsafe impl Send for Surface {}
// SAFETY: as above.
unsafe impl Sync for Surface {}

impl Surface {
    pub(super) fn new(shapes: &[PlaneShape]) -> Self {
        let mut parameters = Box::new(Parameters([0; 384]));
        let mut put = |offset: usize, value: u32| {
            parameters.0[offset..offset + 4].copy_from_slice(&value.to_le_bytes());
        };
        let first = shapes.first().copied().unwrap_or_default();
        put(0, first.width);
        put(4, first.height);
        put(8, first.stride);
        put(12, if shapes.len() == 2 { COLOR_NV12 } else { COLOR_YUV420 });
        let mut offset = 0;
        // The plane parameters start at 48: a count, then five arrays of four.
        put(48, u32::try_from(shapes.len()).unwrap_or_default());
        for (index, shape) in shapes.iter().enumerate().take(4) {
            let length = u32::try_from(shape.length).unwrap_or(u32::MAX);
            let bytes_per_pixel = if shapes.len() == 2 && index == 1 { 2 } else { 1 };
            for (array, value) in [
                (4, shape.width),
                (20, shape.height),
                (36, shape.stride),
                (52, offset),
                (68, length),
                (84, bytes_per_pixel),
            ] {
                put(48 + array + 4 * index, value);
            }
            offset = offset.saturating_add(length);
        }
        put(32, offset);
        let header = Box::new(Header {
            gpu_id: 0,
            batch_size: 1,
            num_filled: 1,
            is_contiguous: 0,
            mem_type: MEM_SURFACE_ARRAY,
            padding: 0,
            surface_list: &raw const *parameters,
            reserved: [0; 4],
        });
        Self { header, _parameters: parameters }
    }

    pub(super) fn address(&self) -> usize {
        (&raw const *self.header).addr()
    }
}
