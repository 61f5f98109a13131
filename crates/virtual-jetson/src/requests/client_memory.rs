//! Structures in the client's memory.

use crate::errno::{Answer, EFAULT};

/// Copies a structure from the client's memory.
pub(super) fn read<T: Copy>(address: u64) -> Answer<T> {
    let pointer = pointer::<T>(address)?;
    // SAFETY: the request's contract is that a structure of this type lies there; it need not be aligned.
    Ok(unsafe { pointer.read_unaligned() })
}

/// Copies a structure to the client's memory.
pub(super) fn write<T: Copy>(address: u64, value: T) -> Answer {
    let pointer = pointer::<T>(address)?;
    // SAFETY: as for `read`; V4L2's requests all take writable memory.
    unsafe { pointer.write_unaligned(value) };
    Ok(())
}

/// No program has anything mapped below this address, so what is smaller is no pointer.
pub(super) const LOWEST_POINTER: u64 = 0x1_0000;

fn pointer<T>(address: u64) -> Answer<*mut T> {
    if address < LOWEST_POINTER {
        return Err(EFAULT);
    }
    usize::try_from(address).map(std::ptr::with_exposed_provenance_mut).map_err(|_| EFAULT)
}
