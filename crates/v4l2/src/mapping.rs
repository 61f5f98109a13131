use std::num::NonZeroUsize;
use std::os::fd::BorrowedFd;
use std::ptr::NonNull;

use v4l2r::nix::errno::Errno;
use v4l2r::nix::sys::mman::{MapFlags, ProtFlags, mmap, munmap};

/// Device memory mapped into this process, unmapped when dropped.
///
/// Whoever owns the mapping may touch it: the session hands buffers around by moving them, so that nobody writes
/// into memory which the device is reading, and a copy can never race an unmap.
#[derive(Debug)]
pub struct Mapping {
    address: NonNull<u8>,
    length: usize,
    writable: bool,
}

// SAFETY: the mapping is ordinary memory of this process, bound to no thread.
#[expect(unsafe_code, reason = "a raw address is not Send by itself")]
unsafe impl Send for Mapping {}

// SAFETY: shared access only reads.
#[expect(unsafe_code, reason = "a raw address is not Sync by itself")]
unsafe impl Sync for Mapping {}

impl Mapping {
    /// Maps `length` bytes of the descriptor from `offset`, shared, for reading and writing.
    ///
    /// # Errors
    /// What `mmap` said; `EINVAL` for a length of 0.
    pub fn new(descriptor: BorrowedFd<'_>, offset: u32, length: usize) -> Result<Self, Errno> {
        Self::map(descriptor, offset, length, ProtFlags::PROT_READ | ProtFlags::PROT_WRITE)
    }

    /// Maps the first `length` bytes of the descriptor, shared, for reading. There is no [`Mapping::bytes_mut`] of it.
    ///
    /// # Errors
    /// As [`Mapping::new`].
    pub(crate) fn read_only(descriptor: BorrowedFd<'_>, length: usize) -> Result<Self, Errno> {
        Self::map(descriptor, 0, length, ProtFlags::PROT_READ)
    }

    #[expect(unsafe_code, reason = "mmap")]
    fn map(
        descriptor: BorrowedFd<'_>,
        offset: u32,
        length: usize,
        protection: ProtFlags,
    ) -> Result<Self, Errno> {
        let size = NonZeroUsize::new(length).ok_or(Errno::EINVAL)?;
        // SAFETY: the kernel chooses a free address, so no existing memory is replaced.
        let address =
            unsafe { mmap(None, size, protection, MapFlags::MAP_SHARED, descriptor, i64::from(offset)) }?;
        let writable = protection.contains(ProtFlags::PROT_WRITE);
        Ok(Self { address: address.cast(), length, writable })
    }

    /// The mapped bytes.
    #[must_use]
    #[expect(unsafe_code, reason = "a mapping is a slice")]
    pub fn bytes(&self) -> &[u8] {
        // SAFETY: the range was mapped readable by `new` and lives as long as `self`.
        unsafe { std::slice::from_raw_parts(self.address.as_ptr(), self.length) }
    }

    /// Where the bytes are, for those who hand the memory to another language. It is valid as long as the mapping.
    #[must_use]
    pub fn address(&self) -> *mut u8 {
        self.address.as_ptr()
    }

    /// The mapped bytes, for writing.
    ///
    /// # Panics
    /// On a mapping for reading only, which is never handed out for writing.
    #[must_use]
    #[expect(unsafe_code, reason = "a mapping is a slice")]
    pub fn bytes_mut(&mut self) -> &mut [u8] {
        assert!(self.writable, "a mapping for reading only is written to");
        // SAFETY: the range was mapped writable, and `&mut self` is the only way to it in this process.
        unsafe { std::slice::from_raw_parts_mut(self.address.as_ptr(), self.length) }
    }
}

impl Drop for Mapping {
    #[expect(unsafe_code, reason = "munmap")]
    fn drop(&mut self) {
        // SAFETY: exactly the range that `new` mapped, and nobody can hold a borrow of it any more.
        let unmapped = unsafe { munmap(self.address.cast(), self.length) };
        debug_assert!(unmapped.is_ok(), "munmap of our own mapping failed");
    }
}

#[cfg(test)]
mod tests {
    use std::os::fd::AsFd;

    use super::*;

    #[test]
    fn writes_are_seen_by_another_mapping_of_the_same_descriptor() {
        let file = std::fs::File::from(crate::transport::memory_file("mapping-test", 8192).unwrap());
        let mut writer = Mapping::new(file.as_fd(), 4096, 4096).unwrap();
        let reader = Mapping::new(file.as_fd(), 0, 8192).unwrap();
        writer.bytes_mut()[5] = 77;
        assert_eq!(reader.bytes()[4096 + 5], 77);
    }

    #[test]
    fn an_empty_mapping_is_rejected() {
        let file = std::fs::File::from(crate::transport::memory_file("mapping-test", 1).unwrap());
        assert_eq!(Mapping::new(file.as_fd(), 0, 0).unwrap_err(), Errno::EINVAL);
    }
}
