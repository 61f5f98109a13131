//! Memory that devices share, by descriptor.

use std::os::fd::{AsFd, AsRawFd, FromRawFd, OwnedFd, RawFd};

use v4l2r::nix::errno::Errno;
use v4l2r::nix::sys::stat::fstat;
use v4l2r::nix::sys::statfs::fstatfs;

use crate::Mapping;
use crate::transport::{DMA_BUF_SYNC_END, DMA_BUF_SYNC_READ, dma_buf_sync};

/// `DMA_BUF_MAGIC` of `<linux/magic.h>`: the file system of DMABUFs, since Linux 5.3.
const DMA_BUF_MAGIC: i64 = 0x444d_4142;

/// A share in a DMABUF, or in another file that can be mapped. The memory lives at least as long as this.
#[derive(Debug)]
pub struct Dmabuf {
    descriptor: OwnedFd,
    given: RawFd,
    length: u64,
    /// Device and inode: two descriptors of one memory agree in it.
    identity: (u64, u64),
    exported: bool,
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
        let exported = fstatfs(&descriptor)?.filesystem_type().0 == DMA_BUF_MAGIC;
        Ok(Self {
            length: size_of(&descriptor)?,
            identity: (status.st_dev, status.st_ino),
            descriptor,
            given,
            exported,
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

    /// Whether the kernel exported it, so that other drivers can import it. Kernels before 5.3 do not tell.
    #[must_use]
    pub fn is_exported(&self) -> bool {
        self.exported
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
    /// What `mmap` said.
    pub fn read(&self) -> Result<Reading<'_>, Errno> {
        let length = usize::try_from(self.length).map_err(|_| Errno::EFBIG)?;
        let mapping = Mapping::read_only(self.descriptor.as_fd(), length)?;
        dma_buf_sync(self.descriptor.as_fd(), DMA_BUF_SYNC_READ);
        Ok(Reading { memory: self, mapping })
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

/// `fstat` says 0 for DMABUFs of some kernels, `lseek` does not.
fn size_of(descriptor: &OwnedFd) -> Result<u64, Errno> {
    #[expect(unsafe_code, reason = "lseek64 has no safe wrapper that leaves the descriptor alone")]
    // SAFETY: no pointers are passed.
    let end = unsafe { libc::lseek64(descriptor.as_raw_fd(), 0, libc::SEEK_END) };
    u64::try_from(end).map_err(|_| Errno::last())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::memory_file;

    #[test]
    fn a_share_outlives_the_descriptor_it_came_from() {
        let file = memory_file("dmabuf-test", 8192).unwrap();
        let share = Dmabuf::share(file.as_raw_fd()).unwrap();
        let again = Dmabuf::share(file.as_raw_fd()).unwrap();
        drop(file);
        assert_eq!((share.length(), share.is_exported()), (8192, false));
        assert!(share.is_same(&again));
        assert_eq!(share.read().unwrap().bytes()[8191], 0);
    }

    #[test]
    fn what_is_no_memory_is_refused() {
        assert_eq!(Dmabuf::share(-1).unwrap_err(), Errno::EBADF);
        let (reader, _writer) = std::io::pipe().unwrap();
        assert_eq!(Dmabuf::share(reader.as_raw_fd()).unwrap_err(), Errno::ESPIPE);
    }
}
