//! NVIDIA's buffer library: cache maintenance of the encoder's own memory, and surfaces, the only memory of others that
//! the encoder reads.
//!
//! The encoder's memory is cached and not coherent: what the processor wrote reaches the device only after
//! `NvBufSurfaceSyncForDevice` (JetPack 4: `NvBufferMemSyncForDevice`). The library must also be loaded *before* the
//! encoder's node is opened: on JetPack 4 the node does not open otherwise, on JetPack 6 the process aborts at exit.
//! The surface *transform* library is never loaded: its constructor starts EGL.
//!
//! A surface is known by the number of its descriptor, in the process that made it. Allocating needs JetPack 5:
//! JetPack 4's buffers are those of another library, whose functions do not say what a buffer is.

mod layout;
mod owned;

use std::ffi::{c_int, c_uint, c_void};
use std::os::fd::RawFd;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use libloading::os::unix::Library as Handle;

use crate::transport::LibraryLookup;
use layout::View;
pub use layout::{SurfaceFacts, SurfaceLayout, SurfacePlane, layout_of};
pub use owned::{Surface, SurfaceSize};

const SURFACE: &str = "libnvbufsurface.so";
const JETPACK4: &str = "libnvbuf_utils.so";

type FromFd = unsafe extern "C" fn(c_int, *mut *mut c_void) -> c_int;
type SyncForDevice = unsafe extern "C" fn(*mut c_void, c_int, c_int) -> c_int;
type Allocate = unsafe extern "C" fn(*mut *mut c_void, u32, *const c_void) -> c_int;
type Destroy = unsafe extern "C" fn(*mut c_void) -> c_int;
type MapPlanes = unsafe extern "C" fn(*mut c_void, c_int, c_int, c_int) -> c_int;
type UnMap = unsafe extern "C" fn(*mut c_void, c_int, c_int) -> c_int;
type Import = unsafe extern "C" fn(*mut *mut c_void, *const c_void) -> c_int;
type GetMapParams = unsafe extern "C" fn(*const c_void, c_int, *mut c_void) -> c_int;
type MemSyncForDevice = unsafe extern "C" fn(c_int, c_uint, *mut *mut c_void) -> c_int;

/// One release's way to write a buffer's cache back.
#[derive(Debug, Clone, Copy)]
enum SyncMethod {
    NvBufSurface { from_fd: FromFd, sync: SyncForDevice },
    JetPack4 { sync: MemSyncForDevice },
}

/// The functions that surfaces need, all of which JetPack 5 has; the last two are of JetPack 6.
#[derive(Debug, Clone, Copy)]
struct Functions {
    allocate: Allocate,
    destroy: Destroy,
    map: MapPlanes,
    unmap: UnMap,
    sync: SyncForDevice,
    import: Option<Import>,
    get_map_params: Option<GetMapParams>,
}

/// NVIDIA's loaded buffer libraries; they live until the process ends.
#[derive(Debug, Clone)]
pub struct SurfaceLibrary {
    methods: Vec<SyncMethod>,
    functions: Option<Functions>,
}

/// Every library that was loaded, by how it was looked for.
static LOADED: Mutex<Vec<(LibraryLookup, SurfaceLibrary)>> = Mutex::new(Vec::new());

fn loaded() -> MutexGuard<'static, Vec<(LibraryLookup, SurfaceLibrary)>> {
    LOADED.lock().unwrap_or_else(PoisonError::into_inner)
}

impl SurfaceLibrary {
    /// Loads the libraries that there are; the first that fits the board's release comes first.
    #[must_use]
    pub fn find(lookup: &LibraryLookup) -> Self {
        let known = |loaded: &[(LibraryLookup, Self)]| {
            loaded.iter().find(|(known, _)| known == lookup).map(|(_, library)| library.clone())
        };
        if let Some(library) = known(&loaded()) {
            return library;
        }
        // Not under the lock: a constructor that hangs must not stop those who ask for a surface.
        let mut library = Self { methods: Vec::new(), functions: None };
        for name in Self::order(lookup) {
            if let Some(handle) = crate::transport::load_any(&Self::places(lookup, name)) {
                library.resolve(name, handle);
            }
        }
        let mut loaded = loaded();
        if known(&loaded).is_none() {
            loaded.push((lookup.clone(), library.clone()));
        }
        library
    }

    /// What the loaded libraries say of the surface behind a descriptor: `None` when it is none of this process. Loads
    /// nothing: where no library is, there are no surfaces.
    #[must_use]
    pub fn facts_of(descriptor: RawFd) -> Option<SurfaceFacts> {
        loaded().iter().find_map(|(_, library)| library.view(descriptor).map(View::facts))
    }

    /// Whether surfaces can be distinguished from other memory, and allocated.
    #[must_use]
    pub fn has_surfaces(&self) -> bool {
        self.functions.is_some()
    }

    /// Whether any library was found.
    #[must_use]
    pub fn is_found(&self) -> bool {
        !self.methods.is_empty()
    }

    fn functions(&self) -> Option<Functions> {
        self.functions
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

    fn resolve(&mut self, name: &str, handle: Handle) {
        if name == JETPACK4 {
            let sync = Self::symbol::<MemSyncForDevice>(&handle, b"NvBufferMemSyncForDevice\0");
            self.methods.extend(sync.map(|sync| SyncMethod::JetPack4 { sync }));
        } else {
            self.methods.extend(Self::surface_method(&handle));
            self.functions = Self::surface_functions(&handle);
        }
        // Never unloaded: the function pointers stay valid for the life of the process.
        std::mem::forget(handle);
    }

    fn surface_method(handle: &Handle) -> Option<SyncMethod> {
        let from_fd = Self::symbol::<FromFd>(handle, b"NvBufSurfaceFromFd\0")?;
        let sync = Self::symbol::<SyncForDevice>(handle, b"NvBufSurfaceSyncForDevice\0")?;
        Some(SyncMethod::NvBufSurface { from_fd, sync })
    }

    fn surface_functions(handle: &Handle) -> Option<Functions> {
        Some(Functions {
            allocate: Self::symbol(handle, b"NvBufSurfaceAllocate\0")?,
            destroy: Self::symbol(handle, b"NvBufSurfaceDestroy\0")?,
            map: Self::symbol(handle, b"NvBufSurfaceMap\0")?,
            unmap: Self::symbol(handle, b"NvBufSurfaceUnMap\0")?,
            sync: Self::symbol(handle, b"NvBufSurfaceSyncForDevice\0")?,
            import: Self::symbol(handle, b"NvBufSurfaceImport\0"),
            get_map_params: Self::symbol(handle, b"NvBufSurfaceGetMapParams\0"),
        })
    }

    #[expect(unsafe_code, reason = "dlsym")]
    fn symbol<T: Copy>(handle: &Handle, name: &[u8]) -> Option<T> {
        // SAFETY: each name is looked up with its signature of nvbuf_utils.h (JetPack 4) or nvbufsurface.h (later ones).
        unsafe { handle.get::<T>(name) }.ok().map(|symbol| *symbol)
    }

    /// How many ways there are to sync.
    pub(crate) fn ways(&self) -> usize {
        self.methods.len()
    }

    /// Writes back what the processor wrote into one plane of an exported buffer, by way number `way`.
    ///
    /// # Errors
    /// A sentence naming the function that failed.
    #[expect(unsafe_code, reason = "calling the library")]
    pub(crate) fn sync_for_device(&self, way: usize, exported: RawFd, plane: u32) -> Result<(), String> {
        let index = c_int::try_from(plane).map_err(|_| "no such plane".to_owned())?;
        match self.methods[way] {
            SyncMethod::NvBufSurface { from_fd, sync } => {
                let surface = surface_of(from_fd, exported).ok_or("NvBufSurfaceFromFd failed")?;
                // SAFETY: the surface was just looked up and lives as long as its buffer.
                let failed = unsafe { sync(surface, 0, index) } != 0;
                if failed { Err("NvBufSurfaceSyncForDevice failed".to_owned()) } else { Ok(()) }
            }
            SyncMethod::JetPack4 { sync } => {
                let mut address = std::ptr::null_mut();
                // SAFETY: `address` is a valid place, the descriptor is open; the library ignores its old value.
                let failed = unsafe { sync(exported, plane, &raw mut address) } != 0;
                if failed { Err("NvBufferMemSyncForDevice failed".to_owned()) } else { Ok(()) }
            }
        }
    }

    /// The pitch of one plane of an exported buffer, in bytes, as its surface has it.
    pub(crate) fn pitch(&self, exported: RawFd, plane: usize) -> Option<u32> {
        self.view(exported)?.pitch(plane)
    }

    #[expect(unsafe_code, reason = "reading the library's struct")]
    fn view(&self, descriptor: RawFd) -> Option<View> {
        let from_fd = self.methods.iter().find_map(|way| match way {
            SyncMethod::NvBufSurface { from_fd, .. } => Some(*from_fd),
            SyncMethod::JetPack4 { .. } => None,
        })?;
        let surface = surface_of(from_fd, descriptor)?;
        // SAFETY: the library just returned it; its owner keeps it while its descriptor is in our hands.
        unsafe { View::of(surface) }
    }
}

#[expect(unsafe_code, reason = "calling the library")]
fn surface_of(from_fd: FromFd, exported: RawFd) -> Option<*mut c_void> {
    let mut surface = std::ptr::null_mut();
    // SAFETY: `surface` is a valid place for the result; a number that is no surface's is an error.
    let failed = unsafe { from_fd(exported, &raw mut surface) } != 0;
    (!failed && !surface.is_null()).then_some(surface)
}
