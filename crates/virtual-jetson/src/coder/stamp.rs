//! When a chunk was finished, written into the chunk: what a client adds to that can then be measured.

use std::io::Write;

/// An H.264 unit of supplemental information: user data, unregistered (ITU-T H.264 D.1.7), of 32 bytes.
const UNIT: [u8; 7] = [0, 0, 0, 1, 6, 5, 32];
/// Marks our own user data among others'.
const IDENTIFIER: [u8; 16] = *b"virtual-jetson-t";
const RBSP_TRAILING_BITS: u8 = 0x80;

/// Appends the monotonic clock in nanoseconds as 16 hexadecimal digits, which need no emulation prevention.
pub(super) fn push(chunk: &mut Vec<u8>) {
    chunk.extend_from_slice(&UNIT);
    chunk.extend_from_slice(&IDENTIFIER);
    // Writing into memory does not fail.
    drop(write!(chunk, "{:016x}", monotonic_ns()));
    chunk.push(RBSP_TRAILING_BITS);
}

/// The clock that other programs of the machine read as `CLOCK_MONOTONIC`; `Instant` does not tell its number.
fn monotonic_ns() -> u64 {
    let mut now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the place for the answer is valid, and this clock exists on every Linux.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &raw mut now) };
    now.tv_sec.unsigned_abs() * 1_000_000_000 + now.tv_nsec.unsigned_abs()
}
