//! Surfaces that clients allocate, or import from another process.
//!
//! One memory holds all planes. Who knows the number of its descriptor can have it looked up, in the process that made
//! it: the list is by *number*, as on boards, so a duplicate is unknown and a closed number that is used again is taken
//! for the surface. What the encoder sees of a pitch surface is what was in it at the last sync; block-linear memory is
//! not written by the processor, and is seen as it is.

use super::{
    Identity, SyncRules,
    surface::{
        COLOR_NV12, COLOR_NV12_10LE, COLOR_NV12_ER, COLOR_YUV420, COLOR_YUV420_ER, Description,
        LAYOUT_BLOCK_LINEAR, LAYOUT_PITCH, PlaneDescription, Surface,
    },
    tiles,
};
use crate::{
    abi::{NV12M, YUV420M},
    geometry::RawFormat,
    settings::Settings,
    violations::Violations,
};
use std::{
    collections::HashMap,
    os::fd::{AsRawFd as _, FromRawFd as _, OwnedFd, RawFd},
    sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError},
};

/// A mapping of a surface's whole memory.
struct Mapped {
    address: *mut u8,
    length: usize,
}

// SAFETY: a shared mapping bound to no thread; its bytes are only copied, and others may change them.
unsafe impl Send for Mapped {}
// SAFETY: as above.
unsafe impl Sync for Mapped {}

impl Mapped {
    fn new(fd: RawFd, length: usize) -> Option<Self> {
        let protection = libc::PROT_READ | libc::PROT_WRITE;
        // SAFETY: a new shared mapping at an address of the kernel's choice.
        let address =
            unsafe { libc::mmap(std::ptr::null_mut(), length, protection, libc::MAP_SHARED, fd, 0) };
        (address != libc::MAP_FAILED).then_some(Self { address: address.cast(), length })
    }

    fn bytes(&self) -> &[u8] {
        // SAFETY: the mapping is `length` long and lives as long as `self`; what a client writes meanwhile tears the
        // picture, as on a board.
        unsafe { std::slice::from_raw_parts(self.address, self.length) }
    }
}

impl Drop for Mapped {
    fn drop(&mut self) {
        // SAFETY: the mapping was made by `new` and nothing borrowed from it outlives `self`.
        unsafe { libc::munmap(self.address.cast(), self.length) };
    }
}

/// One surface.
pub(crate) struct Allocated {
    fd: RawFd,
    /// Of one that was allocated here; an imported one's descriptor is the client's.
    _file: Option<OwnedFd>,
    identity: Identity,
    memory: Mapped,
    pub(crate) description: Description,
    surface: Surface,
    rules: SyncRules,
    /// What the device sees; empty where that is the memory as it is.
    view: Mutex<Vec<u8>>,
    /// The client's own mapping, and how many planes it asked for and has not given back.
    mapped: Mutex<Option<Mapped>>,
    /// The logs of the devices that have it.
    holders: Mutex<Vec<Arc<Violations>>>,
}

impl Allocated {
    /// The settings of the environment count: a surface belongs to no device.
    pub(crate) fn rules() -> Option<SyncRules> {
        Settings::load("").ok().map(|settings| SyncRules::of(&settings))
    }

    /// A new surface with memory of its own.
    pub(crate) fn allocate(color: u32, layout: u32, width: u32, height: u32) -> Option<Arc<Self>> {
        let settings = Settings::load("").ok()?;
        let description = describe(color, layout, width, height, settings.alignment)?;
        // SAFETY: the name is a valid C string. As NVIDIA's, the descriptor is inherited unless its client takes care.
        let fd = unsafe { libc::memfd_create(c"virtual-jetson-surface".as_ptr(), 0) };
        if fd < 0 {
            return None;
        }
        // SAFETY: the descriptor was just made and nobody else owns it.
        let file = unsafe { OwnedFd::from_raw_fd(fd) };
        // SAFETY: a plain system call on our own descriptor.
        let grown = unsafe { libc::ftruncate(fd, libc::off_t::from(description.total())) };
        if grown != 0 {
            return None;
        }
        Self::register(file.as_raw_fd(), Some(file), description)
    }

    /// A surface that another process has described, behind a descriptor of this one.
    pub(crate) fn import(fd: RawFd, description: Description) -> Option<Arc<Self>> {
        // SAFETY: no pointers are passed.
        let size = unsafe { libc::lseek64(fd, 0, libc::SEEK_END) };
        if size < i64::from(description.total()) || known().by_number.contains_key(&fd) {
            return None;
        }
        Self::register(fd, None, description)
    }

    fn register(fd: RawFd, file: Option<OwnedFd>, description: Description) -> Option<Arc<Self>> {
        let rules = Self::rules()?;
        let length = description.total() as usize;
        // What the processor of another process has synced is not seen here.
        let keeps_view = rules.keeps_shadow && file.is_some();
        let surface = Arc::new(Self {
            fd,
            _file: file,
            identity: Identity::of(fd)?,
            memory: Mapped::new(fd, length)?,
            surface: Surface::new(&description, fd, 0),
            description,
            view: Mutex::new(if keeps_view { vec![0; length] } else { Vec::new() }),
            rules,
            mapped: Mutex::new(None),
            holders: Mutex::default(),
        });
        let mut known = known();
        known.by_number.insert(fd, Arc::clone(&surface));
        known.by_address.insert(surface.address(), Arc::clone(&surface));
        Some(surface)
    }

    pub(crate) fn address(&self) -> usize {
        self.surface.address()
    }

    pub(crate) fn fd(&self) -> RawFd {
        self.fd
    }

    /// Whether the number still is the memory's.
    pub(crate) fn is_stale(&self) -> bool {
        Identity::of(self.fd) != Some(self.identity)
    }

    /// Whether an encoder that is set to this format codes it.
    pub(crate) fn fits(&self, raw: &RawFormat) -> bool {
        let fourcc = match self.description.color {
            COLOR_YUV420 | COLOR_YUV420_ER => YUV420M,
            COLOR_NV12 | COLOR_NV12_ER => NV12M,
            _ => return false,
        };
        let first = self.description.planes[0];
        fourcc == raw.fourcc && (first.width, first.height) == (raw.width, raw.height)
    }

    /// Lets `look` see the rows of a plane as the device does, with their stride.
    pub(crate) fn read<T>(&self, plane: usize, look: impl FnOnce(&[u8], usize) -> T) -> T {
        let PlaneDescription { pitch, offset, size, .. } = self.description.planes[plane];
        let range = offset as usize..(offset + size) as usize;
        let view = lock(&self.view);
        let bytes = if view.is_empty() { &self.memory.bytes()[range] } else { &view[range] };
        match self.description.layout {
            LAYOUT_BLOCK_LINEAR => look(&tiles::rows(bytes, pitch as usize), pitch as usize),
            _ => look(bytes, pitch as usize),
        }
    }

    /// Makes what the processor wrote visible to the device.
    pub(crate) fn sync(&self) -> bool {
        if self.rules.surface_fails {
            return false;
        }
        self.note_if_written();
        self.refresh();
        true
    }

    fn refresh(&self) {
        let mut view = lock(&self.view);
        if !view.is_empty() {
            view.copy_from_slice(self.memory.bytes());
        }
    }

    fn is_written(&self) -> bool {
        let view = lock(&self.view);
        !view.is_empty() && view[..] != *self.memory.bytes()
    }

    fn note_if_written(&self) {
        let holders = lock(&self.holders);
        if !holders.is_empty() && self.is_written() {
            for holder in holders.iter() {
                let fd = self.fd;
                holder
                    .note("surface-in-use", format_args!("surface {fd} was written while the device had it"));
            }
        }
    }

    /// Maps it for the client; a second time changes nothing.
    pub(crate) fn map(&self, plane: Option<usize>) -> bool {
        let count = self.description.planes.len();
        if plane.is_some_and(|plane| plane >= count) {
            return false;
        }
        let mut mapped = lock(&self.mapped);
        if mapped.is_none() {
            *mapped = Mapped::new(self.fd, self.memory.length);
        }
        let Some(mapping) = &*mapped else { return false };
        for (index, description) in self.description.planes.iter().enumerate() {
            if plane.is_none_or(|plane| plane == index) {
                self.surface.set_mapped(index, mapping.address.addr() + description.offset as usize);
            }
        }
        true
    }

    /// Ends the client's mapping, of all planes at once.
    pub(crate) fn unmap(&self) -> bool {
        for plane in 0..self.description.planes.len() {
            self.surface.set_mapped(plane, 0);
        }
        lock(&self.mapped).take().is_some()
    }
}

/// A device has the surface, until this is dropped.
pub(crate) struct Use {
    pub(crate) surface: Arc<Allocated>,
    log: Arc<Violations>,
}

impl Use {
    pub(crate) fn begin(surface: Arc<Allocated>, log: &Arc<Violations>, index: u32) -> Self {
        let fd = surface.fd;
        if surface.is_stale() {
            log.note("stale-descriptor", format_args!("{fd} was closed, but its surface was not destroyed"));
        }
        if surface.description.layout == LAYOUT_BLOCK_LINEAR || surface.rules.coherent {
            if lock(&surface.holders).is_empty() {
                surface.refresh();
            }
        } else if surface.is_written() {
            log.note(
                "missing-sync",
                format_args!("buffer {index}: surface {fd} was queued without a sync for the device"),
            );
        }
        lock(&surface.holders).push(Arc::clone(log));
        Self { surface, log: Arc::clone(log) }
    }
}

impl Drop for Use {
    fn drop(&mut self) {
        self.surface.note_if_written();
        let mut holders = lock(&self.surface.holders);
        if let Some(own) = holders.iter().position(|holder| Arc::ptr_eq(holder, &self.log)) {
            holders.swap_remove(own);
        }
    }
}

/// The surfaces of this process.
#[derive(Default)]
struct Known {
    by_number: HashMap<RawFd, Arc<Allocated>>,
    by_address: HashMap<usize, Arc<Allocated>>,
}

fn known() -> MutexGuard<'static, Known> {
    static KNOWN: LazyLock<Mutex<Known>> = LazyLock::new(Mutex::default);
    lock(&KNOWN)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The surface of that number.
pub(crate) fn by_number(fd: RawFd) -> Option<Arc<Allocated>> {
    known().by_number.get(&fd).cloned()
}

/// The surface at that address.
pub(crate) fn by_address(address: usize) -> Option<Arc<Allocated>> {
    known().by_address.get(&address).cloned()
}

/// Forgets a surface; whether there was one.
pub(crate) fn destroy(address: usize) -> bool {
    let mut known = known();
    let Some(surface) = known.by_address.remove(&address) else { return false };
    known.by_number.remove(&surface.fd);
    drop(known);
    for holder in lock(&surface.holders).iter() {
        let fd = surface.fd;
        holder.note("surface-in-use", format_args!("surface {fd} was destroyed while the device had it"));
    }
    true
}

/// The planes of a picture, each with its rows padded to whole macroblocks, one after another.
fn describe(color: u32, layout: u32, width: u32, height: u32, alignment: u32) -> Option<Description> {
    let sizes = 1..=16384;
    if ![LAYOUT_PITCH, LAYOUT_BLOCK_LINEAR].contains(&layout)
        || !sizes.contains(&width)
        || !sizes.contains(&height)
    {
        return None;
    }
    let half = (width.div_ceil(2), height.div_ceil(2));
    let planes: &[_] = match color {
        COLOR_YUV420 | COLOR_YUV420_ER => &[((width, height), 1), (half, 1), (half, 1)],
        COLOR_NV12 | COLOR_NV12_ER => &[((width, height), 1), (half, 2)],
        COLOR_NV12_10LE => &[((width, height), 2), (half, 4)],
        _ => return None,
    };
    let mut offset = 0;
    let planes = planes.iter().enumerate().map(|(index, &((width, rows), bytes_per_pixel))| {
        let pitch = (width * bytes_per_pixel).next_multiple_of(alignment);
        let padded = height.next_multiple_of(16) / if index == 0 { 1 } else { 2 };
        let size = pitch * padded;
        offset += size;
        PlaneDescription { width, height: rows, pitch, offset: offset - size, size, bytes_per_pixel }
    });
    Some(Description { color, layout, planes: planes.collect() })
}
