//! NVIDIA's buffer library, as far as cache maintenance needs it.
//!
//! The encoder's memory is cached and not coherent: what the processor wrote reaches the device only after
//! `NvBufSurfaceSyncForDevice` (JetPack 4: `NvBufferMemSyncForDevice`). The library must also be loaded *before* the
//! encoder's node is opened: on JetPack 4 the node does not open otherwise, on JetPack 6 the process aborts at exit.
//! The surface *transform* library is never loaded: its constructor starts EGL.

use std::ffi::{c_int, c_uint, c_void};
use std::os::fd::RawFd;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use libloading::os::unix::Library as Handle;

use crate::transport::LibraryLookup;

const SURFACE: &str = "libnvbufsurface.so";
const JETPACK4: &str = "libnvbuf_utils.so";

type FromFd = unsafe extern "C" fn(c_int, *mut *mut c_void) -> c_int;
type SyncForDevice = unsafe extern "C" fn(*mut c_void, c_int, c_int) -> c_int;
type MemSyncForDevice = unsafe extern "C" fn(c_int, c_uint, *mut *mut c_void) -> c_int;

/// One release's way to write a buffer's cache back.
#[derive(Debug, Clone, Copy)]
enum Way {
    Surface { from_fd: FromFd, sync: SyncForDevice },
    JetPack4 { sync: MemSyncForDevice },
}

/// NVIDIA's loaded buffer libraries; they live until the process ends.
#[derive(Debug, Clone)]
pub struct SurfaceLibrary {
    ways: Vec<Way>,
}

impl SurfaceLibrary {
    /// Loads the libraries that there are; the first that fits the board's release comes first.
    #[must_use]
    pub fn find(lookup: &LibraryLookup) -> Self {
        static LOADED: Mutex<Vec<(LibraryLookup, SurfaceLibrary)>> = Mutex::new(Vec::new());
        let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, library)) = loaded.iter().find(|(known, _)| known == lookup) {
            return library.clone();
        }
        let ways = Self::order(lookup)
            .into_iter()
            .filter_map(|name| Self::resolve(name, crate::transport::load_any(&Self::places(lookup, name))?))
            .collect();
        let library = Self { ways };
        loaded.push((lookup.clone(), library.clone()));
        library
    }

    /// JetPack 5 has both libraries. In a container the release may be hidden, so both are loaded where they exist.
    fn order(lookup: &LibraryLookup) -> [&'static str; 2] {
        let release = std::fs::read_to_string(lookup.root().join("etc/nv_tegra_release")).unwrap_or_default();
        if release.contains("# R32") { [JETPACK4, SURFACE] } else { [SURFACE, JETPACK4] }
    }

    /// Beside a main library that was given by path, then where the loader looks.
    fn places(lookup: &LibraryLookup, name: &str) -> Vec<PathBuf> {
        let beside = lookup.directories().into_iter().map(|directory| directory.join(name));
        beside.chain([PathBuf::from(name)]).collect()
    }

    #[expect(unsafe_code, reason = "dlsym")]
    fn resolve(name: &str, handle: Handle) -> Option<Way> {
        let way = if name == JETPACK4 {
            // SAFETY: signature of JetPack 4's nvbuf_utils.h.
            let sync = unsafe { handle.get::<MemSyncForDevice>(b"NvBufferMemSyncForDevice\0") }.ok()?;
            Way::JetPack4 { sync: *sync }
        } else {
            // SAFETY: signature of nvbufsurface.h, the same in JetPack 5 and 6.
            let from_fd = unsafe { handle.get::<FromFd>(b"NvBufSurfaceFromFd\0") }.ok()?;
            // SAFETY: as above.
            let sync = unsafe { handle.get::<SyncForDevice>(b"NvBufSurfaceSyncForDevice\0") }.ok()?;
            Way::Surface { from_fd: *from_fd, sync: *sync }
        };
        // Never unloaded: the function pointers stay valid for the life of the process.
        std::mem::forget(handle);
        Some(way)
    }

    /// How many ways there are to sync.
    pub(crate) fn ways(&self) -> usize {
        self.ways.len()
    }

    /// Writes back what the processor wrote into one plane of an exported buffer, by way number `way`.
    ///
    /// # Errors
    /// A sentence naming the function that failed.
    #[expect(unsafe_code, reason = "calling the library")]
    pub(crate) fn sync_for_device(&self, way: usize, exported: RawFd, plane: u32) -> Result<(), String> {
        let index = c_int::try_from(plane).map_err(|_| "no such plane".to_owned())?;
        match self.ways[way] {
            Way::Surface { from_fd, sync } => {
                let surface = surface_of(from_fd, exported).ok_or("NvBufSurfaceFromFd failed")?;
                // SAFETY: the surface was just looked up and lives as long as its buffer.
                let failed = unsafe { sync(surface, 0, index) } != 0;
                if failed { Err("NvBufSurfaceSyncForDevice failed".to_owned()) } else { Ok(()) }
            }
            Way::JetPack4 { sync } => {
                let mut address = std::ptr::null_mut();
                // SAFETY: `address` is a valid place, the descriptor is open; the library ignores its old value.
                let failed = unsafe { sync(exported, plane, &raw mut address) } != 0;
                if failed { Err("NvBufferMemSyncForDevice failed".to_owned()) } else { Ok(()) }
            }
        }
    }

    /// The pitch of one plane of an exported buffer, in bytes, as its surface tells it.
    pub(crate) fn pitch(&self, exported: RawFd, plane: usize) -> Option<u32> {
        let from_fd = self.ways.iter().find_map(|way| match way {
            Way::Surface { from_fd, .. } => Some(*from_fd),
            Way::JetPack4 { .. } => None,
        })?;
        read_pitch(surface_of(from_fd, exported)?.cast(), plane)
    }
}

#[expect(unsafe_code, reason = "calling the library")]
fn surface_of(from_fd: FromFd, exported: RawFd) -> Option<*mut c_void> {
    let mut surface = std::ptr::null_mut();
    // SAFETY: `surface` is a valid place for the result, the descriptor is open.
    let failed = unsafe { from_fd(exported, &raw mut surface) } != 0;
    (!failed && !surface.is_null()).then_some(surface)
}

/// Offsets of nvbufsurface.h, the same in JetPack 5 and 6: `NvBufSurface.surfaceList`, and in its first element
/// `planeParams.num_planes` and `planeParams.pitch`.
const SURFACE_LIST: usize = 24;
const NUM_PLANES: usize = 48;
const PITCHES: usize = 48 + 36;

#[expect(unsafe_code, reason = "reading the library's struct")]
fn read_pitch(surface: *const u8, plane: usize) -> Option<u32> {
    // SAFETY: the library returned a surface, in which this member is a pointer.
    let list: *const u8 = unsafe { surface.wrapping_add(SURFACE_LIST).cast::<*const u8>().read_unaligned() };
    if list.is_null() {
        return None;
    }
    // SAFETY: a surface's list has at least one element, in which this member is a number.
    let planes = unsafe { list.wrapping_add(NUM_PLANES).cast::<u32>().read_unaligned() };
    if plane >= (planes as usize).min(4) {
        return None;
    }
    // SAFETY: `planeParams.pitch` has four elements, and the plane is one of them.
    Some(unsafe { list.wrapping_add(PITCHES + plane * 4).cast::<u32>().read_unaligned() })
}
