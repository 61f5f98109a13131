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

/// How this release of NVIDIA's library writes a buffer's cache back.
#[derive(Debug, Clone, Copy)]
enum Sync {
    Surface { from_fd: FromFd, sync: SyncForDevice },
    JetPack4 { sync: MemSyncForDevice },
}

/// NVIDIA's loaded buffer library; it lives until the process ends.
#[derive(Debug, Clone, Copy)]
pub struct SurfaceLibrary {
    sync: Sync,
}

impl SurfaceLibrary {
    /// Loads the library that fits the board's release, or answers `None` where there is none.
    #[must_use]
    pub fn find(lookup: &LibraryLookup) -> Option<Self> {
        static LOADED: Mutex<Vec<(Vec<PathBuf>, Option<SurfaceLibrary>)>> = Mutex::new(Vec::new());
        let names = Self::names(lookup);
        let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, library)) = loaded.iter().find(|(known, _)| *known == names) {
            return *library;
        }
        let library = crate::transport::load_any(&names).and_then(Self::resolve);
        loaded.push((names, library));
        library
    }

    /// Paths first where the main library was given by path, then names for the loader's own search.
    fn names(lookup: &LibraryLookup) -> Vec<PathBuf> {
        let release = std::fs::read_to_string(lookup.root().join("etc/nv_tegra_release")).unwrap_or_default();
        let order = if release.contains("# R32") { [JETPACK4, SURFACE] } else { [SURFACE, JETPACK4] };
        let directories = lookup.directories();
        order
            .iter()
            .flat_map(|name| {
                directories.iter().map(move |directory| directory.join(name)).chain([PathBuf::from(name)])
            })
            .collect()
    }

    #[expect(unsafe_code, reason = "dlsym")]
    fn resolve(handle: Handle) -> Option<Self> {
        // SAFETY: signature of nvbufsurface.h, the same in JetPack 5 and 6.
        let from_fd = unsafe { handle.get::<FromFd>(b"NvBufSurfaceFromFd\0") }.map(|symbol| *symbol);
        // SAFETY: as above.
        let sync =
            unsafe { handle.get::<SyncForDevice>(b"NvBufSurfaceSyncForDevice\0") }.map(|symbol| *symbol);
        // SAFETY: signature of JetPack 4's nvbuf_utils.h.
        let old =
            unsafe { handle.get::<MemSyncForDevice>(b"NvBufferMemSyncForDevice\0") }.map(|symbol| *symbol);
        std::mem::forget(handle);
        let sync = match (from_fd, sync, old) {
            (Ok(from_fd), Ok(sync), _) => Sync::Surface { from_fd, sync },
            (_, _, Ok(sync)) => Sync::JetPack4 { sync },
            _ => return None,
        };
        Some(Self { sync })
    }

    /// Writes back what the processor wrote into one plane of an exported buffer.
    ///
    /// # Errors
    /// A sentence naming the function that failed.
    #[expect(unsafe_code, reason = "calling the library")]
    pub(crate) fn sync_for_device(&self, exported: RawFd, plane: u32) -> Result<(), String> {
        let index = c_int::try_from(plane).map_err(|_| "no such plane".to_owned())?;
        match self.sync {
            Sync::Surface { from_fd, sync } => {
                let mut surface = std::ptr::null_mut();
                // SAFETY: `surface` is a valid place for the result, the descriptor is open.
                if unsafe { from_fd(exported, &raw mut surface) } != 0 || surface.is_null() {
                    return Err("NvBufSurfaceFromFd failed".to_owned());
                }
                // SAFETY: the surface was just looked up and lives as long as its buffer.
                let failed = unsafe { sync(surface, 0, index) } != 0;
                if failed { Err("NvBufSurfaceSyncForDevice failed".to_owned()) } else { Ok(()) }
            }
            Sync::JetPack4 { sync } => {
                let mut address = std::ptr::null_mut();
                // SAFETY: `address` is a valid place, the descriptor is open; the library ignores its old value.
                let failed = unsafe { sync(exported, plane, &raw mut address) } != 0;
                if failed { Err("NvBufferMemSyncForDevice failed".to_owned()) } else { Ok(()) }
            }
        }
    }
}
