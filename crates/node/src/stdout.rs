//! Keeping a program's standard output clean.
//!
//! NVIDIA's library prints there at any time, and a stream written there would be garbled. So a program that writes one
//! requests a duplicate of its standard output, and descriptor 1 becomes standard error from then on.

use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::sync::Mutex;
use std::sync::PoisonError;

use napi::{Error, Result};
use napi_derive::napi;

static CLAIMED: Mutex<Option<OwnedFd>> = Mutex::new(None);

/// Duplicates descriptor 1, points 1 at 2, and returns the duplicate; the same one each time.
#[napi(catch_unwind)]
pub fn claim_stdout() -> Result<i32> {
    let mut claimed = CLAIMED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(descriptor) = &*claimed {
        return Ok(descriptor.as_raw_fd());
    }
    let failed =
        |what: String| Error::from_reason(format!("Standard output could not be set apart: {what}."));
    let duplicate =
        std::io::stdout().as_fd().try_clone_to_owned().map_err(|error| failed(error.to_string()))?;
    encoder::redirect_stdout_to_stderr().map_err(|errno| failed(errno.to_string()))?;
    let descriptor = duplicate.as_raw_fd();
    *claimed = Some(duplicate);
    Ok(descriptor)
}
