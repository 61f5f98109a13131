//! Error numbers: what a request fails with, and their names for the settings.

use serde::{Deserialize, Deserializer, de::Error as _};

/// The `errno` a call fails with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Errno(pub(crate) i32);

pub(crate) type Answer<T = ()> = Result<T, Errno>;

const NAMES: &[(&str, i32)] = &[
    ("EACCES", libc::EACCES),
    ("EAGAIN", libc::EAGAIN),
    ("EBADF", libc::EBADF),
    ("EBUSY", libc::EBUSY),
    ("EFAULT", libc::EFAULT),
    ("EINTR", libc::EINTR),
    ("EINVAL", libc::EINVAL),
    ("EIO", libc::EIO),
    ("EMFILE", libc::EMFILE),
    ("ENODEV", libc::ENODEV),
    ("ENOENT", libc::ENOENT),
    ("ENOMEM", libc::ENOMEM),
    ("ENOSPC", libc::ENOSPC),
    ("ENOTTY", libc::ENOTTY),
    ("ENXIO", libc::ENXIO),
    ("EPERM", libc::EPERM),
    ("EPIPE", libc::EPIPE),
    ("ETIMEDOUT", libc::ETIMEDOUT),
];

pub(crate) const EAGAIN: Errno = Errno(libc::EAGAIN);
pub(crate) const EBADF: Errno = Errno(libc::EBADF);
pub(crate) const EBUSY: Errno = Errno(libc::EBUSY);
pub(crate) const EFAULT: Errno = Errno(libc::EFAULT);
pub(crate) const EINVAL: Errno = Errno(libc::EINVAL);
pub(crate) const EIO: Errno = Errno(libc::EIO);
pub(crate) const ENOENT: Errno = Errno(libc::ENOENT);
pub(crate) const ENOMEM: Errno = Errno(libc::ENOMEM);
pub(crate) const ENOTTY: Errno = Errno(libc::ENOTTY);
pub(crate) const EPIPE: Errno = Errno(libc::EPIPE);

impl Errno {
    /// What the last system call of this thread failed with.
    pub(crate) fn last() -> Self {
        Self(std::io::Error::last_os_error().raw_os_error().unwrap_or(libc::EIO))
    }

    /// Sets this thread's `errno`, for a C function that is about to return -1.
    pub(crate) fn set(self) {
        // SAFETY: the C library hands out a valid pointer to the calling thread's errno.
        let location = unsafe { libc::__errno_location() };
        // SAFETY: the pointer is valid and belongs to this thread alone.
        unsafe { location.write(self.0) };
    }
}

impl std::fmt::Display for Errno {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The C library's own wording, without Rust's " (os error N)" behind it.
        let text = std::io::Error::from_raw_os_error(self.0).to_string();
        f.write_str(text.split(" (os error").next().unwrap_or(&text))
    }
}

impl<'de> Deserialize<'de> for Errno {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        let known = NAMES.iter().find(|(known, _)| *known == name);
        known
            .map(|(_, number)| Self(*number))
            .ok_or_else(|| D::Error::custom(format!("unknown errno {name}")))
    }
}
