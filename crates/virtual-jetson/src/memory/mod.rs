//! The memory of the buffers: what the client maps, and what the device sees of it.
//!
//! Every plane is a memfd of its own. On a Jetson such memory is not coherent: what a program wrote reaches the
//! encoder when it asks for that. Here each raw plane has a *shadow*, a copy taken when the plane is synced for
//! the device, and the shadow is what gets coded. It starts as zeros, which is a saturated green, so that a
//! forgotten sync is a wrong picture and not a lucky one.

pub(crate) mod allocated;
mod identity;
pub(crate) mod surface;
mod sync_rules;
mod tiles;

use crate::errno::{Answer, Errno};
use allocated::Allocated;
pub(crate) use identity::Identity;
use std::{
    collections::HashMap,
    os::fd::{AsRawFd as _, FromRawFd as _, OwnedFd, RawFd},
    sync::{
        Arc, LazyLock, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicBool, Ordering},
    },
};
use surface::{COLOR_NV12, COLOR_YUV420, Description, LAYOUT_PITCH, PlaneDescription, Surface};
pub(crate) use sync_rules::SyncRules;

/// Where a plane starts in its descriptor. A whole page of any kernel, and never 0, so that a client who maps at
/// 0 instead of `mem_offset` writes into nothing.
pub(crate) const MEM_OFFSET: usize = 0x1_0000;

/// One plane: its descriptor, the engine's mapping of it and the device's view.
pub(crate) struct PlaneMemory {
    file: OwnedFd,
    pub(crate) identity: Identity,
    address: *mut u8,
    pub(crate) length: usize,
    shadow: Option<Mutex<Vec<u8>>>,
    /// A sync for the device happened since the client got the buffer.
    synced: AtomicBool,
}

// SAFETY: the address is a shared mapping that lives as long as the value; all access goes through `read`,
// `write` and `sync`, which treat it as memory that others change.
unsafe impl Send for PlaneMemory {}
// SAFETY: as above; the shadow has a lock and the flag is atomic.
unsafe impl Sync for PlaneMemory {}

impl PlaneMemory {
    fn new(length: usize, keeps_shadow: bool) -> Answer<Self> {
        // SAFETY: the name is a valid C string.
        let fd = unsafe { libc::memfd_create(c"virtual-jetson".as_ptr(), libc::MFD_CLOEXEC) };
        if fd < 0 {
            return Err(Errno::last());
        }
        // SAFETY: the descriptor was just made and nobody else owns it.
        let file = unsafe { OwnedFd::from_raw_fd(fd) };
        let size = libc::off_t::try_from(MEM_OFFSET + length.next_multiple_of(4096))
            .map_err(|_| crate::errno::ENOMEM)?;
        // SAFETY: a plain system call on our own descriptor.
        if unsafe { libc::ftruncate(fd, size) } != 0 {
            return Err(Errno::last());
        }
        let protection = libc::PROT_READ | libc::PROT_WRITE;
        let offset = MEM_OFFSET as libc::off_t;
        // SAFETY: a new shared mapping at an address of the kernel's choice.
        let address =
            unsafe { libc::mmap(std::ptr::null_mut(), length, protection, libc::MAP_SHARED, fd, offset) };
        if address == libc::MAP_FAILED {
            return Err(Errno::last());
        }
        let shadow = keeps_shadow.then(|| Mutex::new(vec![0; length]));
        let identity = Identity::of(fd).ok_or(crate::errno::ENOMEM)?;
        Ok(Self { file, identity, address: address.cast(), length, shadow, synced: AtomicBool::new(false) })
    }

    /// A new descriptor of this plane, as EXPBUF gives it.
    pub(crate) fn export(&self, cloexec: bool) -> Answer<RawFd> {
        let command = if cloexec { libc::F_DUPFD_CLOEXEC } else { libc::F_DUPFD };
        // SAFETY: duplicating our own descriptor.
        let fd = unsafe { libc::fcntl(self.file.as_raw_fd(), command, 0) };
        if fd < 0 { Err(Errno::last()) } else { Ok(fd) }
    }

    /// Lets `look` see the plane as the device does.
    pub(crate) fn read<T>(&self, look: impl FnOnce(&[u8]) -> T) -> T {
        if let Some(shadow) = &self.shadow {
            return look(&shadow.lock().unwrap_or_else(PoisonError::into_inner));
        }
        look(self.live())
    }

    fn live(&self) -> &[u8] {
        // SAFETY: the mapping is `length` long and lives as long as `self`. A client that writes while the
        // device owns the buffer gets a torn picture, as on a board; the bytes are only copied, never trusted.
        unsafe { std::slice::from_raw_parts(self.address, self.length) }
    }

    /// Writes coded bytes; the caller has checked that they fit.
    pub(crate) fn write(&self, bytes: &[u8]) {
        let count = bytes.len().min(self.length);
        // SAFETY: both are valid for `count` bytes, and a mapping never overlaps a buffer of the engine.
        unsafe { self.address.copy_from_nonoverlapping(bytes.as_ptr(), count) };
    }

    fn sync(&self) {
        if let Some(shadow) = &self.shadow {
            shadow.lock().unwrap_or_else(PoisonError::into_inner).copy_from_slice(self.live());
        }
        self.synced.store(true, Ordering::Release);
    }

    /// Forgets that the plane was synced, and says whether it was.
    pub(crate) fn take_synced(&self) -> bool {
        self.synced.swap(false, Ordering::AcqRel)
    }
}

impl Drop for PlaneMemory {
    fn drop(&mut self) {
        // SAFETY: the mapping was made by `new` and nothing borrowed from it outlives `self`.
        unsafe { libc::munmap(self.address.cast(), self.length) };
    }
}

/// The planes of one buffer, and the surface that NVIDIA's libraries know it by.
pub(crate) struct BufferMemory {
    pub(crate) planes: Vec<PlaneMemory>,
    pub(crate) rules: SyncRules,
    surface: Surface,
}

/// What one plane is made of: its length, and what its surface says of it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct PlaneShape {
    pub(crate) length: usize,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) stride: u32,
}

impl BufferMemory {
    pub(crate) fn new(shapes: &[PlaneShape], rules: SyncRules) -> Answer<Arc<Self>> {
        let planes: Answer<Vec<_>> =
            shapes.iter().map(|shape| PlaneMemory::new(shape.length, rules.keeps_shadow)).collect();
        let planes = planes?;
        let surface = Surface::new(&description(shapes), 0, 1);
        let buffer = Arc::new(Self { planes, rules, surface });
        let mut registry = registry();
        registry.surfaces.insert(buffer.surface.address(), Arc::downgrade(&buffer));
        for (index, plane) in buffer.planes.iter().enumerate() {
            registry.planes.insert(plane.identity, (Arc::downgrade(&buffer), index));
        }
        drop(registry);
        Ok(buffer)
    }

    /// The address that `NvBufSurfaceFromFd` answers.
    pub(crate) fn surface_address(&self) -> usize {
        self.surface.address()
    }

    /// The first plane that the client has not mapped, from the list of the process's mappings. The engine's own
    /// mapping is there too, so a client's makes two.
    ///
    /// The list is not read at one instant: a mapping can be missed while other threads map and unmap. One that is
    /// there is found within a few readings.
    pub(crate) fn unmapped_plane(&self) -> Option<usize> {
        const READINGS: u32 = 5;
        let mut missing = None;
        for _ in 0..READINGS {
            missing = Some(self.unmapped_plane_once()?);
        }
        missing
    }

    fn unmapped_plane_once(&self) -> Option<usize> {
        let maps = std::fs::read_to_string("/proc/self/maps").unwrap_or_default();
        let is_mapped = |plane: &PlaneMemory| {
            let inode = plane.identity.inode.to_string();
            maps.lines().filter(|line| line.split_whitespace().nth(4) == Some(&inode)).count() > 1
        };
        self.planes.iter().position(|plane| !is_mapped(plane))
    }

    /// Syncs one plane, or with `None` all of them, by the surface library.
    pub(crate) fn sync_by_surface(&self, plane: Option<usize>) -> bool {
        self.sync(plane, self.rules.surface_fails)
    }

    /// Syncs one plane by the request on its descriptor.
    pub(crate) fn sync_by_dma_buf(&self, plane: usize) -> bool {
        self.sync(Some(plane), self.rules.dma_buf_fails)
    }

    fn sync(&self, plane: Option<usize>, fails: bool) -> bool {
        let planes = match plane {
            Some(index) => self.planes.get(index..=index),
            None => self.planes.get(..),
        };
        let Some(planes) = planes else { return false };
        if !fails {
            planes.iter().for_each(PlaneMemory::sync);
        }
        !fails
    }
}

impl Drop for BufferMemory {
    fn drop(&mut self) {
        let mut registry = registry();
        registry.surfaces.remove(&self.surface.address());
        for plane in &self.planes {
            registry.planes.remove(&plane.identity);
        }
    }
}

/// What the surface of a device's own buffer says; its planes have a descriptor each.
fn description(shapes: &[PlaneShape]) -> Description {
    let interleaved = shapes.len() == 2;
    let mut offset = 0_u32;
    let planes = shapes.iter().enumerate().map(|(index, shape)| {
        let size = u32::try_from(shape.length).unwrap_or(u32::MAX);
        let bytes_per_pixel = if interleaved && index == 1 { 2 } else { 1 };
        let PlaneShape { width, height, stride: pitch, .. } = *shape;
        let plane = PlaneDescription { width, height, pitch, offset, size, bytes_per_pixel };
        offset = offset.saturating_add(size);
        plane
    });
    let planes = planes.collect();
    Description { color: if interleaved { COLOR_NV12 } else { COLOR_YUV420 }, layout: LAYOUT_PITCH, planes }
}

/// Where a raw frame is.
#[derive(Clone)]
pub(crate) enum Picture {
    /// In a buffer of the device's own.
    Own(Arc<BufferMemory>),
    /// In a surface of a client's.
    Surface(Arc<Allocated>),
}

impl Picture {
    /// Lets `look` see a plane's rows as the device does, with their stride; `own` is that of the device's own buffers.
    pub(crate) fn read<T>(&self, plane: usize, own: usize, look: impl FnOnce(&[u8], usize) -> T) -> T {
        match self {
            Self::Own(memory) => memory.planes[plane].read(|bytes| look(bytes, own)),
            Self::Surface(surface) => surface.read(plane, look),
        }
    }
}

/// Which descriptor and which surface is which buffer, for functions that are handed nothing else.
#[derive(Default)]
struct Registry {
    planes: HashMap<Identity, (Weak<BufferMemory>, usize)>,
    surfaces: HashMap<usize, Weak<BufferMemory>>,
}

fn registry() -> MutexGuard<'static, Registry> {
    static REGISTRY: LazyLock<Mutex<Registry>> = LazyLock::new(Mutex::default);
    REGISTRY.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The buffer and the plane behind a descriptor that EXPBUF gave, or a duplicate of it.
pub(crate) fn by_descriptor(fd: RawFd) -> Option<(Arc<BufferMemory>, usize)> {
    let identity = Identity::of(fd)?;
    let registry = registry();
    let (buffer, plane) = registry.planes.get(&identity)?;
    Some((buffer.upgrade()?, *plane))
}

/// The buffer behind a surface's address.
pub(crate) fn by_surface(address: usize) -> Option<Arc<BufferMemory>> {
    registry().surfaces.get(&address)?.upgrade()
}
