//! A way for another program's output into this process.
//!
//! Node.js makes the same pair of sockets for a child's standard output, but hands out only a stream that reads into
//! memory of its own. With the descriptors in hand, a socket of Node's can read straight into a frame. A pipe, also one
//! of 1 MiB, costs more processor time per frame on both sides: its pages are written once and leave the cache.

use std::os::fd::{IntoRawFd, RawFd};
use std::os::unix::net::UnixStream;

use napi::{Error, Result};
use napi_derive::napi;

#[napi(object)]
pub struct SocketPair {
    pub read: RawFd,
    pub write: RawFd,
}

/// Two connected sockets, which programs do not inherit unless they are given one. The caller closes both.
#[napi]
pub fn socket_pair() -> Result<SocketPair> {
    let (read, write) = UnixStream::pair()
        .map_err(|error| Error::from_reason(format!("A pair of sockets could not be made: {error}.")))?;
    Ok(SocketPair { read: read.into_raw_fd(), write: write.into_raw_fd() })
}
