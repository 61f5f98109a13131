//! Memory that devices share, by descriptor.

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::fs::FileExt;

use v4l2r::nix::errno::Errno;
use v4l2r::nix::sys::stat::{SFlag, fstat};
use v4l2r::nix::sys::statfs::fstatfs;

use crate::Mapping;
use crate::transport::{DMA_BUF_SYNC_END, DMA_BUF_SYNC_READ, dma_buf_sync};

/// `DMA_BUF_MAGIC` of `<linux/magic.h>`: the file system of DMABUFs, since Linux 5.3.
const DMA_BUF_MAGIC: i64 = 0x444d_4142;
/// `ANON_INODE_FS_MAGIC`: where DMABUFs were before.
const ANON_INODE_MAGIC: i64 = 0x0904_1934;

/// What a descriptor is, as far as it matters for reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// The kernel exported it. It keeps its size.
    Exported,
    /// A file in memory that is sealed against being made smaller.
    Sealed,
    /// A file that anyone who has it open may make smaller. Touching a mapping of what is gone ends the process by SIGBUS, while
    /// `pread(2)` only finds the end.
    File,
    /// Anything else.
    Other,
}

/// A share in a DMABUF, or in another file that can be mapped. The memory lives at least as long as this.
#[derive(Debug)]
pub struct Dmabuf {
    descriptor: OwnedFd,
    given: RawFd,
    kind: Kind,
    length: u64,
    /// Device and inode: two descriptors of one memory agree in it.
    identity: (u64, u64),
}

impl Dmabuf {
    /// Takes a share in the memory behind a descriptor, which stays the caller's.
    ///
    /// # Errors
    /// `EBADF` for a number that is no open descriptor, `ESPIPE` for what has no size, such as a pipe.
    pub fn share(given: RawFd) -> Result<Self, Errno> {
        #[expect(unsafe_code, reason = "fcntl on a number that may be no descriptor")]
        // SAFETY: no pointers are passed; the kernel checks the number.
        let descriptor = unsafe { libc::fcntl(given, libc::F_DUPFD_CLOEXEC, 0) };
        if descriptor < 0 {
            return Err(Errno::last());
        }
        #[expect(unsafe_code, reason = "taking ownership of a fresh descriptor")]
        // SAFETY: the kernel just returned this descriptor to us and nobody else knows it.
        let descriptor = unsafe { OwnedFd::from_raw_fd(descriptor) };
        let status = fstat(descriptor.as_raw_fd())?;
        Ok(Self {
            // Before the size: what is sealed keeps it from here on.
            kind: kind_of(&descriptor, SFlag::from_bits_truncate(status.st_mode))?,
            length: size_of(&descriptor)?,
            identity: (status.st_dev, status.st_ino),
            descriptor,
            given,
        })
    }

    /// The number that the caller gave. NVIDIA's library knows surfaces by it.
    #[must_use]
    pub fn given(&self) -> RawFd {
        self.given
    }

    /// Our own descriptor of the memory.
    #[must_use]
    pub fn descriptor(&self) -> RawFd {
        self.descriptor.as_raw_fd()
    }

    /// Bytes.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Whether the kernel exported it, so that other drivers can import it.
    #[must_use]
    pub fn is_exported(&self) -> bool {
        self.kind == Kind::Exported
    }

    /// Whether it keeps its size, so that it can be [read](Self::read) where it is. What does not is read by [`Self::read_at`].
    #[must_use]
    pub fn keeps_its_size(&self) -> bool {
        matches!(self.kind, Kind::Exported | Kind::Sealed)
    }

    /// Which memory it is, as long as somebody holds it.
    #[must_use]
    pub fn identity(&self) -> (u64, u64) {
        self.identity
    }

    /// Whether both are the same memory.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.identity == other.identity
    }

    /// The memory as devices have left it, until the returned value is dropped.
    ///
    /// # Errors
    /// What `mmap` said; `EPERM` for memory that does not [keep its size](Self::keeps_its_size).
    pub fn read(&self) -> Result<Reading<'_>, Errno> {
        if !self.keeps_its_size() {
            return Err(Errno::EPERM);
        }
        let length = usize::try_from(self.length).map_err(|_| Errno::EFBIG)?;
        let mapping = Mapping::read_only(self.descriptor.as_fd(), length)?;
        dma_buf_sync(self.descriptor.as_fd(), DMA_BUF_SYNC_READ);
        Ok(Reading { memory: self, mapping })
    }

    /// Copies bytes from `offset` on, as many as there is place for.
    ///
    /// # Errors
    /// What `pread` said; [`io::ErrorKind::UnexpectedEof`] where the file has become smaller, and
    /// [`io::ErrorKind::Unsupported`] for what is no file.
    pub fn read_at(&self, offset: u64, place: &mut [u8]) -> io::Result<()> {
        if self.kind == Kind::Other {
            return Err(io::ErrorKind::Unsupported.into());
        }
        let file = File::from(self.descriptor.try_clone()?);
        file.read_exact_at(place, offset)
    }
}

/// A DMABUF that the processor is reading.
#[derive(Debug)]
pub struct Reading<'a> {
    memory: &'a Dmabuf,
    mapping: Mapping,
}

impl Reading<'_> {
    /// All its bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.mapping.bytes()
    }
}

impl Drop for Reading<'_> {
    fn drop(&mut self) {
        dma_buf_sync(self.memory.descriptor.as_fd(), DMA_BUF_SYNC_READ | DMA_BUF_SYNC_END);
    }
}

fn kind_of(descriptor: &OwnedFd, mode: SFlag) -> Result<Kind, Errno> {
    let file_system = fstatfs(descriptor)?.filesystem_type().0;
    if file_system == DMA_BUF_MAGIC || (file_system == ANON_INODE_MAGIC && is_called_dmabuf(descriptor)) {
        return Ok(Kind::Exported);
    }
    if mode & SFlag::S_IFMT != SFlag::S_IFREG {
        return Ok(Kind::Other);
    }
    #[expect(unsafe_code, reason = "fcntl without a safe wrapper")]
    // SAFETY: no pointers are passed.
    let seals = unsafe { libc::fcntl(descriptor.as_raw_fd(), libc::F_GET_SEALS) };
    // -1: a file that cannot be sealed.
    Ok(if seals >= 0 && seals & libc::F_SEAL_SHRINK != 0 { Kind::Sealed } else { Kind::File })
}

/// Files of that file system have names that only the kernel gives.
fn is_called_dmabuf(descriptor: &OwnedFd) -> bool {
    let link = std::fs::read_link(format!("/proc/self/fd/{}", descriptor.as_raw_fd()));
    link.is_ok_and(|name| name.as_os_str() == "anon_inode:dmabuf")
}

/// Whether what a driver exported has that many bytes, as far as that can be known: a mapping beyond its end could not be touched.
pub(crate) fn holds(exported: &OwnedFd, bytes: u64) -> bool {
    size_of(exported).map_or(true, |size| size >= bytes)
}

/// `fstat` says 0 for DMABUFs of some kernels, `lseek` does not.
fn size_of(descriptor: &impl AsFd) -> Result<u64, Errno> {
    #[expect(unsafe_code, reason = "lseek64 has no safe wrapper that leaves the descriptor alone")]
    // SAFETY: no pointers are passed.
    let end = unsafe { libc::lseek64(descriptor.as_fd().as_raw_fd(), 0, libc::SEEK_END) };
    u64::try_from(end).map_err(|_| Errno::last())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::memory_file;

    fn sealed(length: u64) -> OwnedFd {
        #[expect(unsafe_code, reason = "memfd_create has no safe wrapper in std")]
        // SAFETY: the name is NUL-terminated and outlives the call.
        let descriptor = unsafe { libc::memfd_create(c"sealed".as_ptr(), libc::MFD_ALLOW_SEALING) };
        #[expect(unsafe_code, reason = "taking ownership of a fresh descriptor")]
        // SAFETY: the kernel just returned this descriptor to us and nobody else knows it.
        let file = unsafe { File::from_raw_fd(descriptor) };
        file.set_len(length).unwrap();
        #[expect(unsafe_code, reason = "fcntl without a safe wrapper")]
        // SAFETY: no pointers are passed.
        let done = unsafe { libc::fcntl(file.as_raw_fd(), libc::F_ADD_SEALS, libc::F_SEAL_SHRINK) };
        assert_eq!(done, 0);
        file.into()
    }

    #[test]
    fn a_share_outlives_the_descriptor_it_came_from() {
        let file = sealed(8192);
        let share = Dmabuf::share(file.as_raw_fd()).unwrap();
        let again = Dmabuf::share(file.as_raw_fd()).unwrap();
        drop(file);
        assert_eq!((share.length(), share.is_exported()), (8192, false));
        assert!(share.is_same(&again));
        assert_eq!(share.read().unwrap().bytes()[8191], 0);
    }

    #[test]
    fn what_is_no_memory_is_rejected() {
        assert_eq!(Dmabuf::share(-1).unwrap_err(), Errno::EBADF);
        let (reader, _writer) = std::io::pipe().unwrap();
        assert_eq!(Dmabuf::share(reader.as_raw_fd()).unwrap_err(), Errno::ESPIPE);
    }

    #[test]
    fn what_may_become_smaller_is_never_mapped() {
        let file = File::from(memory_file("dmabuf-test", 8192).unwrap());
        let share = Dmabuf::share(file.as_raw_fd()).unwrap();
        assert!(!share.keeps_its_size());
        assert_eq!(share.read().unwrap_err(), Errno::EPERM);
        let mut place = [1; 100];
        share.read_at(8092, &mut place).unwrap();
        assert_eq!(place, [0; 100]);
        file.set_len(8191).unwrap();
        assert_eq!(share.read_at(8092, &mut place).unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
    }
}
