//! `NvBufSurface` of JetPack 5 and 6: allocating, mapping, and the way into another process.

use super::surface::guarded;
use crate::{
    devices::SURFACES_USED,
    memory::{
        allocated::{self, Allocated},
        surface::{
            COLOR_NV12, COLOR_NV12_ER, COLOR_YUV420, Description, MEM_SURFACE_ARRAY, PlaneDescription,
        },
    },
};
use std::{
    ffi::{c_int, c_void},
    os::fd::RawFd,
    sync::Arc,
};

/// `NvBufSurfaceCreateParams`, the first part of `NvBufSurfaceAllocateParams`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct CreateParameters {
    gpu_id: u32,
    width: u32,
    height: u32,
    size: u32,
    is_contiguous: u32,
    color: u32,
    layout: u32,
    mem_type: u32,
}

/// `NvBufSurfaceMapPlaneParams`.
#[repr(C)]
#[derive(Clone, Copy)]
struct MapPlane {
    width: u32,
    height: u32,
    pitch: u32,
    offset: u32,
    size: u32,
    rest: [u32; 21],
}

/// `NvBufSurfaceMapParams`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct MapParameters {
    num_planes: u32,
    gpu_id: u32,
    fd: u64,
    total: u32,
    mem_type: u32,
    layout: u32,
    scan_format: u32,
    color: u32,
    chroma: u32,
    planes: [MapPlane; 4],
    reserved: [u64; 8],
}

const _: () = {
    assert!(size_of::<CreateParameters>() == 32);
    assert!(size_of::<MapPlane>() == 104);
    assert!(size_of::<MapParameters>() == 520);
};

/// Releases before JetPack 6 do not let surfaces into other processes.
const FIRST_WITH_IMPORT: u32 = 6;

/// Gives out a surface's address.
///
/// # Safety
/// `surface` is null or points to memory for a pointer.
unsafe fn give(surface: *mut *mut c_void, made: &Arc<Allocated>) -> Option<()> {
    if surface.is_null() {
        allocated::destroy(made.address());
        return None;
    }
    let address = std::ptr::with_exposed_provenance_mut(made.address());
    // SAFETY: not null, and writable by the function's contract.
    unsafe { surface.write(address) };
    Some(())
}

/// Makes a surface.
///
/// # Safety
/// `surface` is null or points to memory for a pointer, `parameters` is null or points to what its type says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn NvBufSurfaceCreate(
    surface: *mut *mut c_void,
    batch: u32,
    parameters: *const CreateParameters,
) -> c_int {
    guarded(&SURFACES_USED, || {
        if parameters.is_null() || batch != 1 {
            return None;
        }
        // SAFETY: not null, and as large as its type by the function's contract.
        let CreateParameters { width, height, color, layout, mem_type, .. } =
            unsafe { parameters.read_unaligned() };
        // The default is this kind on a Jetson.
        if ![0, MEM_SURFACE_ARRAY].contains(&mem_type) {
            return None;
        }
        let made = Allocated::allocate(color, layout, width, height)?;
        // SAFETY: this function's own contract.
        unsafe { give(surface, &made) }
    })
}

/// The same; what its parameters have behind those of `NvBufSurfaceCreate` (scan format, tag) changes nothing here.
///
/// # Safety
/// As `NvBufSurfaceCreate`; `parameters` has 80 bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn NvBufSurfaceAllocate(
    surface: *mut *mut c_void,
    batch: u32,
    parameters: *const CreateParameters,
) -> c_int {
    // SAFETY: the larger structure begins with the smaller.
    unsafe { NvBufSurfaceCreate(surface, batch, parameters) }
}

/// Ends a surface and closes its descriptor, unless it was imported.
#[unsafe(no_mangle)]
pub extern "C" fn NvBufSurfaceDestroy(surface: *mut c_void) -> c_int {
    guarded(&SURFACES_USED, || allocated::destroy(surface.addr()).then_some(()))
}

/// The surface at an address, its index in a batch of one and the plane (-1: all) that a call names.
fn named(surface: *mut c_void, index: c_int, plane: c_int) -> Option<(Arc<Allocated>, Option<usize>)> {
    if index > 0 {
        return None;
    }
    let plane = if plane == -1 { None } else { Some(usize::try_from(plane).ok()?) };
    Some((allocated::by_address(surface.addr())?, plane))
}

/// Maps planes and writes their addresses into the surface. Block-linear memory is mapped as it is, which is not rows.
#[unsafe(no_mangle)]
pub extern "C" fn NvBufSurfaceMap(surface: *mut c_void, index: c_int, plane: c_int, access: c_int) -> c_int {
    guarded(&SURFACES_USED, || {
        let (surface, plane) = named(surface, index, plane).filter(|_| (0..=2).contains(&access))?;
        surface.map(plane).then_some(())
    })
}

/// Ends the mapping.
#[unsafe(no_mangle)]
pub extern "C" fn NvBufSurfaceUnMap(surface: *mut c_void, index: c_int, plane: c_int) -> c_int {
    guarded(&SURFACES_USED, || named(surface, index, plane)?.0.unmap().then_some(()))
}

/// What another process needs to import the surface.
///
/// # Safety
/// `parameters` is null or points to memory of its type.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn NvBufSurfaceGetMapParams(
    surface: *const c_void,
    index: c_int,
    parameters: *mut MapParameters,
) -> c_int {
    guarded(&SURFACES_USED, || {
        let (surface, _) = named(surface.cast_mut(), index, -1)?;
        if parameters.is_null() || Allocated::rules()?.generation < FIRST_WITH_IMPORT {
            return None;
        }
        // SAFETY: not null, and as large as its type by the function's contract.
        unsafe { parameters.write_unaligned(map_parameters(&surface)) };
        Some(())
    })
}

fn map_parameters(surface: &Allocated) -> MapParameters {
    let Description { color, layout, planes } = &surface.description;
    let plane = |plane: Option<&PlaneDescription>| {
        let PlaneDescription { width, height, pitch, offset, size, .. } = plane.copied().unwrap_or_default();
        MapPlane { width, height, pitch, offset, size, rest: [0; 21] }
    };
    MapParameters {
        num_planes: u32::try_from(planes.len()).unwrap_or_default(),
        gpu_id: 0,
        fd: u64::from(surface.fd().cast_unsigned()),
        total: surface.description.total(),
        mem_type: MEM_SURFACE_ARRAY,
        layout: *layout,
        scan_format: 0,
        color: *color,
        chroma: 0,
        planes: [0, 1, 2, 3].map(|index| plane(planes.get(index))),
        reserved: [0; 8],
    }
}

/// Makes a surface of another process known in this one, under the descriptor that the parameters name. The descriptor
/// stays the client's.
///
/// # Safety
/// `surface` is null or points to memory for a pointer, `parameters` is null or points to what its type says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn NvBufSurfaceImport(
    surface: *mut *mut c_void,
    parameters: *const MapParameters,
) -> c_int {
    guarded(&SURFACES_USED, || {
        if parameters.is_null() || Allocated::rules()?.generation < FIRST_WITH_IMPORT {
            return None;
        }
        // SAFETY: not null, and as large as its type by the function's contract.
        let parameters = unsafe { parameters.read_unaligned() };
        let made = Allocated::import(RawFd::try_from(parameters.fd).ok()?, imported(&parameters)?)?;
        // SAFETY: this function's own contract.
        unsafe { give(surface, &made) }
    })
}

fn imported(parameters: &MapParameters) -> Option<Description> {
    let count = parameters.num_planes as usize;
    if !(2..=3).contains(&count) || parameters.layout > 1 || parameters.mem_type != MEM_SURFACE_ARRAY {
        return None;
    }
    let interleaved = [COLOR_NV12, COLOR_NV12_ER].contains(&parameters.color);
    let planes: Vec<_> = parameters.planes[..count]
        .iter()
        .enumerate()
        .map(|(index, &MapPlane { width, height, pitch, offset, size, .. })| PlaneDescription {
            width,
            height,
            pitch,
            offset,
            size,
            bytes_per_pixel: if interleaved && index == 1 { 2 } else { 1 },
        })
        .collect();
    let mut end = 0_u64;
    for plane in &planes {
        let rows = u64::from(plane.pitch) * u64::from(plane.height);
        if u64::from(plane.offset) != end || rows > u64::from(plane.size) || plane.pitch < plane.width {
            return None;
        }
        end += u64::from(plane.size);
    }
    // Other formats go through too, for an encoder to refuse.
    (end == u64::from(parameters.total) && parameters.color >= COLOR_YUV420).then_some(Description {
        color: parameters.color,
        layout: parameters.layout,
        planes,
    })
}
