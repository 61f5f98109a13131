use std::path::Path;

use v4l2::transport::LibraryLookup;

use crate::error::{Code, Error, Result};

/// What keeps NVIDIA's encoder from being opened, as far as it shows without opening it: its library is missing, or its node may
/// not be opened.
pub(crate) fn inspect(device: Option<&Path>, lookup: &LibraryLookup) -> Result<()> {
    v4l2::transport::Library::find(lookup).map_err(|error| missing(device, error.into()))?;
    device.map_or(Ok(()), |device| Ok(v4l2::discovery::check_access(device)?))
}

/// A node of which nothing says that it is NVIDIA's is not one that lacks a library.
pub(super) fn missing(device: Option<&Path>, error: Error) -> Error {
    match device {
        Some(device) if error.code == Code::LibraryMissing && !v4l2::discovery::has_nvidia_name(device) => {
            let message = format!("{} is no V4L2 device.", device.display());
            let hint =
                "Kernel encoders are called /dev/videoN, NVIDIA's /dev/v4l2-nvenc or /dev/nvhost-msenc.";
            Error { details: Some(error.message), ..Error::new(Code::NotAnEncoder, message) }
                .with_hint(hint)
                .on(device)
        }
        _ => error,
    }
}
