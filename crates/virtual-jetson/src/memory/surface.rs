//! `NvBufSurface` as its clients read it, by the layout that JetPack 5 and 6 share.

use std::cell::UnsafeCell;

/// `NvBufSurfaceParams`: 384 bytes, written by offset because most of it stays zero.
#[repr(C, align(8))]
struct Parameters(UnsafeCell<[u8; 384]>);

/// `NvBufSurface`.
#[repr(C)]
struct Header {
    gpu_id: u32,
    batch_size: u32,
    /// For clients to write.
    num_filled: UnsafeCell<u32>,
    is_contiguous: u32,
    mem_type: u32,
    padding: u32,
    surface_list: *const Parameters,
    reserved: [u64; 4],
}

const _: () = assert!(size_of::<Header>() == 64);

pub(crate) const MEM_SURFACE_ARRAY: u32 = 4;
pub(crate) const COLOR_YUV420: u32 = 2;
pub(crate) const COLOR_YUV420_ER: u32 = 4;
pub(crate) const COLOR_NV12: u32 = 6;
pub(crate) const COLOR_NV12_ER: u32 = 7;
pub(crate) const COLOR_NV12_10LE: u32 = 29;
pub(crate) const LAYOUT_PITCH: u32 = 0;
pub(crate) const LAYOUT_BLOCK_LINEAR: u32 = 1;

/// `NvBufSurfaceParams.mappedAddr`: an address for each of four planes.
const MAPPED_ADDRESSES: usize = 280;

/// What a surface says of one plane. Widths are in pixels, everything else in bytes and rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PlaneDescription {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) pitch: u32,
    pub(crate) offset: u32,
    pub(crate) size: u32,
    pub(crate) bytes_per_pixel: u32,
}

/// What a surface says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Description {
    pub(crate) color: u32,
    pub(crate) layout: u32,
    pub(crate) planes: Vec<PlaneDescription>,
}

impl Description {
    pub(crate) fn total(&self) -> u32 {
        self.planes.iter().fold(0, |sum, plane| sum.saturating_add(plane.size))
    }
}

/// A surface whose addresses do not change while it lives.
pub(super) struct Surface {
    header: Box<Header>,
    /// The header points at it.
    parameters: Box<Parameters>,
}

// SAFETY: what changes after `new` is what a client writes, or has written by mapping and unmapping the surface: as on a
// board, it must not do that from two threads.
unsafe impl Send for Surface {}
// SAFETY: as above.
unsafe impl Sync for Surface {}

impl Surface {
    /// `filled` is 0 for a surface that a client has just allocated: it says itself when there is a picture in it.
    pub(super) fn new(description: &Description, fd: i32, filled: u32) -> Self {
        let mut bytes = [0; 384];
        let mut put = |offset: usize, value: u32| {
            bytes[offset..offset + 4].copy_from_slice(&value.to_le_bytes());
        };
        let planes = &description.planes;
        let first = planes.first().copied().unwrap_or_default();
        put(0, first.width);
        put(4, first.height);
        put(8, first.pitch);
        put(12, description.color);
        put(16, description.layout);
        put(24, fd.cast_unsigned());
        put(32, description.total());
        // The plane parameters start at 48: a count, then six arrays of four.
        put(48, u32::try_from(planes.len()).unwrap_or_default());
        for (index, plane) in planes.iter().enumerate().take(4) {
            let PlaneDescription { width, height, pitch, offset, size, bytes_per_pixel } = *plane;
            for (array, value) in
                [(4, width), (20, height), (36, pitch), (52, offset), (68, size), (84, bytes_per_pixel)]
            {
                put(48 + array + 4 * index, value);
            }
        }
        let parameters = Box::new(Parameters(UnsafeCell::new(bytes)));
        let header = Box::new(Header {
            gpu_id: 0,
            batch_size: 1,
            num_filled: UnsafeCell::new(filled),
            is_contiguous: 0,
            mem_type: MEM_SURFACE_ARRAY,
            padding: 0,
            surface_list: &raw const *parameters,
            reserved: [0; 4],
        });
        Self { header, parameters }
    }

    pub(super) fn address(&self) -> usize {
        (&raw const *self.header).expose_provenance()
    }

    /// Tells the client where a plane is mapped; 0 for nowhere.
    pub(super) fn set_mapped(&self, plane: usize, address: usize) {
        let bytes = self.parameters.0.get().cast::<u8>();
        let place = bytes.wrapping_add(MAPPED_ADDRESSES + 8 * plane.min(3)).cast::<u64>();
        // SAFETY: one of the four addresses in the 384 bytes, which are aligned for it; see `Sync` about other threads.
        unsafe { place.write(address as u64) };
    }
}
