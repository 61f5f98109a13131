//! `NvBufSurface` by its bytes: the offsets of nvbufsurface.h, the same in JetPack 5 and 6.

use std::ffi::c_void;
use std::os::fd::RawFd;

/// Of `NvBufSurface`: `numFilled`, and `surfaceList`, whose first element has what follows.
const NUM_FILLED: usize = 8;
const SURFACE_LIST: usize = 24;

const WIDTH: usize = 0;
const HEIGHT: usize = 4;
const COLOR: usize = 12;
const LAYOUT: usize = 16;
const DESCRIPTOR: usize = 24;
const LENGTH: usize = 32;
/// `planeParams`, and what its arrays of four are.
const PLANES: usize = 48;
const PLANE_PITCH: usize = PLANES + 36;
const PLANE_OFFSET: usize = PLANES + 52;
const MAPPED: usize = 280;

const MOST_PLANES: u32 = 4;

/// How a surface's pixels lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SurfaceLayout {
    /// In rows.
    Pitch,
    /// In blocks, in an order that is NVIDIA's own.
    BlockLinear,
}

/// A plane of a surface, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SurfacePlane {
    /// From the start of the surface's memory.
    pub offset: u32,
    /// From one row to the next.
    pub stride: u32,
}

/// What NVIDIA's library says of a surface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SurfaceFacts {
    /// The number by which the library knows it.
    pub descriptor: RawFd,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// `NvBufSurfaceColorFormat`.
    pub color: u32,
    /// How its pixels lie.
    pub layout: SurfaceLayout,
    /// Bytes in all.
    pub length: u32,
    /// Its planes.
    pub planes: Vec<SurfacePlane>,
}

/// The first (and only) surface of a batch, as the library returned it.
#[derive(Debug, Clone, Copy)]
pub(super) struct View {
    header: *mut u8,
    list: *mut u8,
}

#[expect(unsafe_code, reason = "reading the library's struct")]
impl View {
    /// # Safety
    /// `surface` is what the library returned, and lives as long as this.
    pub(super) unsafe fn of(surface: *mut c_void) -> Option<Self> {
        let header = surface.cast::<u8>();
        // SAFETY: in a surface of the library's this member is a pointer.
        let list = unsafe { header.wrapping_add(SURFACE_LIST).cast::<*mut u8>().read_unaligned() };
        (!list.is_null()).then_some(Self { header, list })
    }

    fn number(self, offset: usize) -> u32 {
        // SAFETY: every offset of this module is that of a number in the surface's parameters, which live as long as `self`.
        unsafe { self.list.wrapping_add(offset).cast::<u32>().read_unaligned() }
    }

    fn planes(self) -> u32 {
        self.number(PLANES).min(MOST_PLANES)
    }

    pub(super) fn pitch(self, plane: usize) -> Option<u32> {
        (plane < self.planes() as usize).then(|| self.number(PLANE_PITCH + plane * 4))
    }

    pub(super) fn facts(self) -> SurfaceFacts {
        let plane = |plane: u32| SurfacePlane {
            offset: self.number(PLANE_OFFSET + plane as usize * 4),
            stride: self.number(PLANE_PITCH + plane as usize * 4),
        };
        SurfaceFacts {
            descriptor: self.number(DESCRIPTOR).cast_signed(),
            width: self.number(WIDTH),
            height: self.number(HEIGHT),
            color: self.number(COLOR),
            layout: if self.number(LAYOUT) == 0 { SurfaceLayout::Pitch } else { SurfaceLayout::BlockLinear },
            length: self.number(LENGTH),
            planes: (0..self.planes()).map(plane).collect(),
        }
    }

    /// Where each plane is mapped.
    pub(super) fn mapped(self) -> Vec<*mut u8> {
        let address = |plane: u32| {
            let place = self.list.wrapping_add(MAPPED + plane as usize * 8).cast::<*mut u8>();
            // SAFETY: `mappedAddr` has an address for each of four planes.
            unsafe { place.read_unaligned() }
        };
        (0..self.planes()).map(address).collect()
    }

    /// Says that there is a frame in it, as clients do after they have allocated one.
    pub(super) fn fill(self) {
        // SAFETY: `numFilled` is a number that clients write.
        unsafe { self.header.wrapping_add(NUM_FILLED).cast::<u32>().write_unaligned(1) };
    }
}

/// `NvBufSurfaceMapParams`, by which another process knows a surface.
pub(super) const MAP_PARAMETERS: usize = 520;
const MAP_DESCRIPTOR: usize = 8;
const MAP_LAYOUT: usize = 24;

/// The same parameters for a descriptor of this process.
pub(super) fn under(parameters: &[u8; MAP_PARAMETERS], descriptor: RawFd) -> [u8; MAP_PARAMETERS] {
    let mut own = *parameters;
    let number = u64::from(descriptor.cast_unsigned());
    own[MAP_DESCRIPTOR..MAP_DESCRIPTOR + 8].copy_from_slice(&number.to_ne_bytes());
    own
}

/// How the surface of these map parameters lies; `None` for what is none, which is seen by its length.
#[must_use]
pub fn layout_of(parameters: &[u8]) -> Option<SurfaceLayout> {
    let parameters: &[u8; MAP_PARAMETERS] = parameters.try_into().ok()?;
    let layout = &parameters[MAP_LAYOUT..MAP_LAYOUT + 4];
    Some(if layout == [0; 4] { SurfaceLayout::Pitch } else { SurfaceLayout::BlockLinear })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A surface of two planes, as the library lays it out in memory.
    fn surface(list: &mut [u64; 48], header: &mut [u64; 8]) {
        let mut words = [0_u32; 96];
        for (offset, value) in [
            (WIDTH, 322),
            (HEIGHT, 242),
            (COLOR, 6),
            (LAYOUT, 1),
            (DESCRIPTOR, 77),
            (LENGTH, 200_000),
            (PLANES, 2),
            (PLANE_PITCH, 512),
            (PLANE_PITCH + 4, 512),
            (PLANE_OFFSET + 4, 131_072),
        ] {
            words[offset / 4] = value;
        }
        for (word, pair) in list.iter_mut().zip(words.chunks_exact(2)) {
            *word = u64::from(pair[0]) | u64::from(pair[1]) << 32;
        }
        header[SURFACE_LIST / 8] = list.as_ptr().expose_provenance() as u64;
    }

    #[test]
    #[expect(unsafe_code, reason = "reading a struct as the library's")]
    fn a_surface_is_read_by_the_offsets_of_the_header() {
        let (mut list, mut header) = ([0; 48], [0; 8]);
        surface(&mut list, &mut header);
        // SAFETY: a surface as above, which lives as long as the view.
        let view = unsafe { View::of(header.as_mut_ptr().cast()) }.unwrap();
        let facts = view.facts();
        assert_eq!((facts.width, facts.height, facts.color, facts.descriptor), (322, 242, 6, 77));
        assert_eq!((facts.layout, facts.length), (SurfaceLayout::BlockLinear, 200_000));
        assert_eq!(facts.planes[1], SurfacePlane { offset: 131_072, stride: 512 });
        assert_eq!((view.pitch(1), view.pitch(2)), (Some(512), None));
        view.fill();
        assert_eq!(header[NUM_FILLED / 8], 1);
    }

    #[test]
    #[expect(unsafe_code, reason = "reading a struct as the library's")]
    fn a_surface_without_a_list_is_none() {
        // SAFETY: a header without a list.
        assert!(unsafe { View::of([0_u64; 8].as_mut_ptr().cast()) }.is_none());
    }

    #[test]
    fn map_parameters_are_reported_by_their_length_and_get_a_descriptor_of_this_process() {
        let mut parameters = [0; MAP_PARAMETERS];
        assert_eq!(layout_of(&parameters), Some(SurfaceLayout::Pitch));
        parameters[MAP_LAYOUT] = 1;
        assert_eq!(layout_of(&parameters), Some(SurfaceLayout::BlockLinear));
        assert_eq!(layout_of(&parameters[1..]), None);
        assert_eq!(under(&parameters, 513)[MAP_DESCRIPTOR..MAP_DESCRIPTOR + 8], 513_u64.to_ne_bytes());
    }
}
