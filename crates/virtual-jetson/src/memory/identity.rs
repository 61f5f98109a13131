use std::os::fd::RawFd;

/// What a descriptor is, however often it was duplicated.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Identity {
    device: u64,
    pub(super) inode: u64,
}

impl Identity {
    pub(crate) fn of(fd: RawFd) -> Option<Self> {
        let mut stat = std::mem::MaybeUninit::<libc::stat>::uninit();
        // SAFETY: the pointer is to memory of the size of a stat, which the call fills or leaves.
        let result = unsafe { libc::fstat(fd, stat.as_mut_ptr()) };
        if result != 0 {
            return None;
        }
        // SAFETY: fstat succeeded, so it filled the structure.
        let stat = unsafe { stat.assume_init() };
        Some(Self { device: stat.st_dev, inode: stat.st_ino })
    }
}
