//! Memory that is not JavaScript's own as its arrays.

use std::sync::Arc;

use encoder::{Code, Error};
use napi::bindgen_prelude::ArrayBuffer;
use napi::{Env, Result};

use crate::caught::caught_end;

/// An array over memory that lives as long as `keeps`, which is dropped when the array is detached or collected. Where a
/// runtime forbids memory outside of its heap, it is over a copy.
///
/// # Safety
/// `length` bytes from `address` on stay where they are and are nobody else's, until the array is detached or `keeps` dropped.
#[allow(unsafe_code, reason = "Node-API takes the memory of an external array by its address")]
pub unsafe fn array_over<T: 'static>(
    env: &Env,
    address: *mut u8,
    length: usize,
    keeps: T,
) -> Result<ArrayBuffer<'_>> {
    // SAFETY: the caller's promise.
    unsafe {
        ArrayBuffer::from_external(env, address, length, keeps, |_, keeps| {
            caught_end("finalizer", || drop(keeps));
        })
    }
}

/// An array over each memory. `None` where the runtime makes copies: what is written into them would reach nobody.
///
/// # Safety
/// As [`array_over`], for each address and length.
#[allow(unsafe_code, reason = "Node-API takes the memory of an external array by its address")]
pub unsafe fn arrays_over<'env, T: 'static>(
    env: &'env Env,
    memories: Vec<(*mut u8, usize)>,
    keeps: &Arc<T>,
) -> Result<Option<Vec<ArrayBuffer<'env>>>> {
    let mut arrays = Vec::with_capacity(memories.len());
    for (address, length) in memories {
        // SAFETY: the caller's promise.
        let array = unsafe { array_over(env, address, length, Arc::clone(keeps)) }?;
        if array.as_ptr() != address.cast_const() {
            return Ok(None);
        }
        arrays.push(array);
    }
    Ok(Some(arrays))
}

/// Ends JavaScript's way to the memories.
pub fn detach(arrays: Vec<ArrayBuffer<'_>>) -> Result<()> {
    arrays.into_iter().try_for_each(ArrayBuffer::detach)
}

/// Why there are no arrays; `so` is what cannot be done.
pub fn forbidden(so: &str) -> Error {
    Error::new(Code::Frame, format!("This runtime forbids memory outside of its heap, so {so}."))
        .with_hint("Use encode() with frames of your own: they are copied once.")
}
