//! Surfaces of our own: allocated here, or imported from another process. They are destroyed when the last share is gone.

use std::ffi::{c_int, c_void};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};
use std::ptr::NonNull;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use v4l2r::nix::errno::Errno;

use super::layout::{MAP_PARAMETERS, View, under};
use super::{Functions, SurfaceFacts, SurfaceLayout, SurfaceLibrary};
use crate::transport::{close_on_exec, dma_buf_write_back_of};

/// `NVBUF_MEM_SURFACE_ARRAY`, the memory that the encoder reads.
const SURFACE_ARRAY: u32 = 4;
/// `NvBufSurfaceTag_VIDEO_ENC`.
const VIDEO_ENC: u32 = 4608;
/// `NVBUF_MAP_READ_WRITE`.
const READ_WRITE: c_int = 2;
const ALL_PLANES: c_int = -1;

/// `NvBufSurfaceAllocateParams`: 80 bytes, of which these count.
const ALLOCATE_PARAMETERS: usize = 80;

/// Descriptors of imported surfaces go up here: the library knows surfaces by number, and keeps entries for low numbers that
/// it has closed, which would be taken for the new one.
const LEAST_IMPORTED: RawFd = 512;

/// What to allocate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SurfaceSize {
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// `NvBufSurfaceColorFormat`.
    pub color: u32,
    /// How its pixels shall lie.
    pub layout: SurfaceLayout,
}

/// A surface that this process has made, and destroys when this is dropped.
#[derive(Debug)]
pub struct Surface {
    functions: Functions,
    surface: NonNull<c_void>,
    facts: SurfaceFacts,
    /// Our own descriptor of an imported one.
    imported: Option<OwnedFd>,
    /// Whether it is mapped. The library's calls on one surface take turns behind it.
    mapped: Mutex<bool>,
}

// SAFETY: the library's surfaces are bound to no thread, and `mapped` serialises our calls.
#[expect(unsafe_code, reason = "a raw pointer is not Send by itself")]
unsafe impl Send for Surface {}

// SAFETY: as above.
#[expect(unsafe_code, reason = "a raw pointer is not Sync by itself")]
unsafe impl Sync for Surface {}

/// Our surfaces by descriptor, so that a caller who has only the descriptor can keep what is behind it. To look for one must not hold
/// the others, not even for a moment: their owners ask whether anybody does.
static OURS: Mutex<Vec<(RawFd, Weak<Surface>)>> = Mutex::new(Vec::new());

fn ours() -> MutexGuard<'static, Vec<(RawFd, Weak<Surface>)>> {
    OURS.lock().unwrap_or_else(PoisonError::into_inner)
}

#[expect(unsafe_code, reason = "calling the library")]
impl Surface {
    /// Allocates a surface for the encoder.
    ///
    /// # Errors
    /// `None` where the library has no surfaces (JetPack 4), else a sentence's rest: which function failed.
    pub fn allocate(library: &SurfaceLibrary, size: SurfaceSize) -> Result<Arc<Self>, Option<String>> {
        let functions = library.functions().ok_or(None)?;
        let layout = match size.layout {
            SurfaceLayout::Pitch => 0,
            SurfaceLayout::BlockLinear => 1,
        };
        let mut parameters = [0_u32; ALLOCATE_PARAMETERS / 4];
        for (offset, value) in [
            (4, size.width),
            (8, size.height),
            (20, size.color),
            (24, layout),
            (28, SURFACE_ARRAY),
            (40, VIDEO_ENC),
        ] {
            parameters[offset / 4] = value;
        }
        let mut surface = std::ptr::null_mut();
        // SAFETY: both point to what the function of nvbufsurface.h takes.
        let failed = unsafe { (functions.allocate)(&raw mut surface, 1, parameters.as_ptr().cast()) } != 0;
        let made = Self::adopt(functions, surface, failed, None)
            .ok_or_else(|| Some("NvBufSurfaceAllocate failed".to_owned()))?;
        close_on_exec(made.facts.descriptor);
        let made = Arc::new(made);
        let mut ours = ours();
        ours.retain(|(_, surface)| surface.strong_count() > 0);
        ours.push((made.facts.descriptor, Arc::downgrade(&made)));
        Ok(made)
    }

    /// Makes a surface of another process known to the library of this one. `descriptor` is one of this process.
    ///
    /// # Errors
    /// A sentence's rest: what failed, or is missing.
    pub fn import(
        library: &SurfaceLibrary,
        parameters: &[u8],
        descriptor: RawFd,
    ) -> Result<Arc<Self>, String> {
        let functions = library.functions().filter(|functions| functions.import.is_some());
        let (functions, import) = functions
            .and_then(|functions| Some((functions, functions.import?)))
            .ok_or("NVIDIA's library here has no NvBufSurfaceImport")?;
        let parameters: &[u8; MAP_PARAMETERS] = parameters
            .try_into()
            .map_err(|_| format!("they have {} bytes, not {MAP_PARAMETERS}", parameters.len()))?;
        // SAFETY: no pointers are passed; the kernel checks the number.
        let own = unsafe { libc::fcntl(descriptor, libc::F_DUPFD_CLOEXEC, LEAST_IMPORTED) };
        if own < 0 {
            return Err(format!("duplicating descriptor {descriptor} failed with {}", Errno::last()));
        }
        // SAFETY: the kernel just returned this descriptor to us and nobody else knows it.
        let own = unsafe { OwnedFd::from_raw_fd(own) };
        let parameters = under(parameters, own.as_raw_fd());
        let mut surface = std::ptr::null_mut();
        // SAFETY: both point to what the function of nvbufsurface.h takes.
        let failed = unsafe { import(&raw mut surface, parameters.as_ptr().cast()) } != 0;
        Self::adopt(functions, surface, failed, Some(own))
            .map(Arc::new)
            .ok_or_else(|| "NvBufSurfaceImport failed".to_owned())
    }

    fn adopt(
        functions: Functions,
        surface: *mut c_void,
        failed: bool,
        imported: Option<OwnedFd>,
    ) -> Option<Self> {
        let surface = NonNull::new(surface).filter(|_| !failed)?;
        // SAFETY: the library just returned it, and it lives until we destroy it.
        let view = unsafe { View::of(surface.as_ptr()) }?;
        view.fill();
        Some(Self { functions, surface, facts: view.facts(), imported, mapped: Mutex::new(false) })
    }

    /// Our share in a surface that we have allocated, by its descriptor.
    #[must_use]
    pub fn share_of(descriptor: RawFd) -> Option<Arc<Self>> {
        ours().iter().filter(|(own, _)| *own == descriptor).find_map(|(_, surface)| surface.upgrade())
    }

    /// What it is.
    #[must_use]
    pub fn facts(&self) -> &SurfaceFacts {
        &self.facts
    }

    /// Maps every plane for the processor, unless it is mapped already: the address of each.
    ///
    /// # Errors
    /// A sentence's rest: which function failed.
    pub fn map(&self) -> Result<Vec<*mut u8>, String> {
        let mut mapped = self.lock();
        if !*mapped {
            // SAFETY: the surface is ours and not destroyed yet.
            let failed =
                unsafe { (self.functions.map)(self.surface.as_ptr(), 0, ALL_PLANES, READ_WRITE) } != 0;
            if failed {
                return Err("NvBufSurfaceMap failed".to_owned());
            }
            *mapped = true;
        }
        // SAFETY: as above.
        let view = unsafe { View::of(self.surface.as_ptr()) };
        let addresses = view.map(View::mapped).unwrap_or_default();
        if addresses.iter().any(|address| address.is_null()) {
            return Err("NvBufSurfaceMap gave no address".to_owned());
        }
        Ok(addresses)
    }

    /// Makes what the processor wrote visible to devices and ends the mapping. Without one it does nothing.
    ///
    /// # Errors
    /// A sentence's rest: what failed. The mapping is over all the same.
    pub fn unmap(&self) -> Result<(), String> {
        let mut mapped = self.lock();
        if !std::mem::take(&mut *mapped) {
            return Ok(());
        }
        let synced = self.sync();
        // SAFETY: the surface is ours, and mapped.
        let failed = unsafe { (self.functions.unmap)(self.surface.as_ptr(), 0, ALL_PLANES) } != 0;
        if failed { Err("NvBufSurfaceUnMap failed".to_owned()) } else { synced }
    }

    /// By the library, or where that fails by the request on the memory's descriptor.
    fn sync(&self) -> Result<(), String> {
        // SAFETY: the surface is ours and not destroyed yet.
        let failed = unsafe { (self.functions.sync)(self.surface.as_ptr(), 0, ALL_PLANES) } != 0;
        if !failed {
            return Ok(());
        }
        // SAFETY: the library keeps the descriptor open as long as the surface.
        let descriptor = unsafe { BorrowedFd::borrow_raw(self.facts.descriptor) };
        dma_buf_write_back_of(descriptor.as_fd())
            .map_err(|last| format!("NvBufSurfaceSyncForDevice failed; {last}"))
    }

    /// What another process needs to import it.
    ///
    /// # Errors
    /// A sentence's rest: what failed, or is missing.
    pub fn map_parameters(&self) -> Result<Vec<u8>, String> {
        let get =
            self.functions.get_map_params.ok_or("NVIDIA's library here has no NvBufSurfaceGetMapParams")?;
        let mut parameters = [0_u64; MAP_PARAMETERS / 8];
        let _turn = self.lock();
        // SAFETY: the surface is ours, and the place is as large and aligned as the structure.
        let failed = unsafe { get(self.surface.as_ptr(), 0, parameters.as_mut_ptr().cast()) } != 0;
        if failed {
            return Err("NvBufSurfaceGetMapParams failed".to_owned());
        }
        Ok(parameters.iter().flat_map(|word| word.to_ne_bytes()).collect())
    }

    fn lock(&self) -> MutexGuard<'_, bool> {
        self.mapped.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Surface {
    #[expect(unsafe_code, reason = "calling the library")]
    fn drop(&mut self) {
        self.unmap().ok();
        // SAFETY: the surface is ours, and nobody has a share in it any more.
        unsafe { (self.functions.destroy)(self.surface.as_ptr()) };
        // The library's entry for the number goes first, so that the number is not taken for it.
        drop(self.imported.take());
    }
}
