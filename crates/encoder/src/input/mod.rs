//! Frames on their way in: what callers submit, how a device's buffers are laid out, and the one copy between them.

pub(crate) mod buffer;
pub(crate) mod dmabuf;
mod fit;
pub(crate) mod format;
pub(crate) mod frame;
pub(crate) mod geometry;
pub(crate) mod lease;
pub(crate) mod mode;
mod read;
pub(crate) mod request;
