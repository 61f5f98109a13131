//! Where NVIDIA's encoder is, and what shows of it without opening it.

use std::path::{Path, PathBuf};

use v4l2::discovery;
use v4l2::transport::{Library, LibraryLookup};

use crate::backend::bring_up::absent;
use crate::backend::contract::Kind;
use crate::backend_kind::BackendKind;
use crate::encoder_info::EncoderInfo;
use crate::error::{Code, Error, RejectedEncoder, Result};
use crate::place::Place;
use crate::select::board;

fn place(device: PathBuf) -> Place {
    Place::Encoder { kind: BackendKind::Jetson, device: Some(device), lists: None }
}

/// A named device that is there and no kernel device, or is not there and has a name of NVIDIA's.
pub(super) fn claim(device: &Path) -> Option<Place> {
    match device.metadata() {
        Ok(_) => discovery::is_nvidia_node(device).then(|| place(device.to_owned())),
        Err(error) => discovery::has_nvidia_name(device).then(|| absent(BackendKind::Jetson, device, &error)),
    }
}

pub(super) fn discover(root: &Path, named: &[PathBuf]) -> Vec<Place> {
    match discovery::nvidia_node(root) {
        Some(_) if named.iter().any(|device| discovery::has_nvidia_name(device)) => Vec::new(),
        Some(device) => vec![place(device)],
        None if named.is_empty() => vec![Place::Not(no_node(root))],
        None => Vec::new(),
    }
}

fn no_node(root: &Path) -> RejectedEncoder {
    let names: Vec<_> =
        discovery::NVIDIA_NODES.iter().map(|node| root.join(node).display().to_string()).collect();
    RejectedEncoder::new(
        BackendKind::Jetson.name(),
        None,
        None,
        Code::DeviceNotFound,
        format!("This machine has no Jetson encoder: there is no {}.", names.join(" and no ")),
    )
    .with_hint(board::why_none(root).unwrap_or(
        "On a Jetson in a container, pass the node: --device /dev/v4l2-nvenc. Orin Nano has no hardware encoder.",
    ))
}

pub(super) fn describe(kind: &Kind, device: Option<&Path>, lookup: &LibraryLookup) -> Option<EncoderInfo> {
    let device = device?;
    let problem = inspect(device, lookup).err();
    let problem =
        problem.map(|error| RejectedEncoder::from_error(kind.name.name(), Some(device), None, error));
    let info = EncoderInfo::named(kind.name, Some(device), "NVIDIA Jetson encoder");
    Some(EncoderInfo { codecs: kind.codec_names(), problem, ..info })
}

/// What keeps NVIDIA's encoder from being opened, as far as it shows without opening it: its library is missing, or its node may
/// not be opened.
pub(super) fn inspect(device: &Path, lookup: &LibraryLookup) -> Result<()> {
    Library::find(lookup).map_err(|error| missing(device, error.into()))?;
    Ok(discovery::check_access(device)?)
}

/// A node of which nothing says that it is NVIDIA's is not one that lacks a library.
pub(super) fn missing(device: &Path, error: Error) -> Error {
    if error.code != Code::LibraryMissing || discovery::has_nvidia_name(device) {
        return error;
    }
    let message = format!("{} is no V4L2 device.", device.display());
    let hint = "Kernel encoders are called /dev/videoN, NVIDIA's /dev/v4l2-nvenc or /dev/nvhost-msenc.";
    Error { details: Some(error.message), ..Error::new(Code::NotAnEncoder, message) }
        .with_hint(hint)
        .on(device)
}
