//! Where encoders may be.

use std::path::{Path, PathBuf};

use v4l2::discovery::{self, KernelNode, Kind};
use v4l2::{Errno, PixelFormat, sentence};

use crate::backend_kind::BackendKind;
use crate::config::{Config, Devices};
use crate::error::{Code, RejectedEncoder};

/// A place where an encoder may be, or why it is none.
#[derive(Debug, Clone)]
pub(super) enum Place {
    Jetson(PathBuf),
    /// A kernel encoder, with what it codes.
    Kernel(KernelNode, Vec<PixelFormat>),
    Not(RejectedEncoder),
    /// A node of the kernel's that was not looked at yet.
    Unseen(PathBuf),
}

impl Place {
    pub(super) fn unseen(&self) -> Option<&Path> {
        match self {
            Self::Unseen(node) => Some(node),
            _ => None,
        }
    }

    /// Looks at what was not looked at yet. `true` when it is an encoder.
    pub(super) fn look(&mut self) -> bool {
        if let Self::Unseen(node) = self {
            *self = kernel_place(node);
        }
        matches!(self, Self::Kernel(..))
    }
}

/// The places of this machine, in order. Nothing is opened.
pub(super) fn find(config: &Config) -> Vec<Place> {
    let root = config.root.as_deref().unwrap_or(Path::new("/"));
    let named = config.devices.named();
    let mut places: Vec<Place> = named.iter().map(|device| named_place(device)).collect();
    if matches!(config.devices, Devices::Only(_)) {
        return places;
    }
    // A node may be named by another path than the one it is found under.
    let known: Vec<_> = named.iter().map(|device| canonical(device)).collect();
    let is_new = |node: &PathBuf| !known.contains(&canonical(node));
    match discovery::nvidia_node(root) {
        Some(_) if named.iter().any(|device| discovery::has_nvidia_name(device)) => {}
        Some(node) => places.extend(Some(node).filter(is_new).map(Place::Jetson)),
        None if named.is_empty() => places.push(Place::Not(no_nvidia_node(root))),
        None => {}
    }
    places.extend(discovery::kernel_nodes(root).into_iter().filter(is_new).map(Place::Unseen));
    places
}

fn canonical(device: &Path) -> PathBuf {
    device.canonicalize().unwrap_or_else(|_| device.to_owned())
}

fn named_place(device: &Path) -> Place {
    let errno = match device.metadata() {
        Ok(_) if discovery::is_nvidia_node(device) => return Place::Jetson(device.to_owned()),
        Ok(_) => return Place::Unseen(device.to_owned()),
        Err(error) => Errno::from_raw(error.raw_os_error().unwrap_or_default()),
    };
    let kind = if discovery::has_nvidia_name(device) { BackendKind::Jetson } else { BackendKind::V4l2 };
    // What cannot be looked at may well be there.
    Place::Not(if matches!(errno, Errno::ENOENT | Errno::ENOTDIR) {
        let message = format!("There is no {}.", device.display());
        RejectedEncoder::new(kind, Some(device), None, Code::DeviceNotFound, message)
    } else {
        let error = v4l2::Error::Open { device: device.to_owned(), errno };
        RejectedEncoder::from_error(kind, Some(device), None, error.into())
    })
}

fn no_nvidia_node(root: &Path) -> RejectedEncoder {
    let names: Vec<_> =
        discovery::NVIDIA_NODES.iter().map(|node| root.join(node).display().to_string()).collect();
    RejectedEncoder::new(
        BackendKind::Jetson,
        None,
        None,
        Code::DeviceNotFound,
        format!("This machine has no Jetson encoder: there is no {}.", names.join(" and no ")),
    )
    .with_hint(super::board::why_none(root).unwrap_or(
        "On a Jetson in a container, pass the node: --device /dev/v4l2-nvenc. Orin Nano has no hardware encoder.",
    ))
}

fn kernel_place(device: &Path) -> Place {
    let node = match discovery::examine(device) {
        Ok(node) => node,
        Err(error) => {
            return Place::Not(RejectedEncoder::from_error(
                BackendKind::V4l2,
                Some(device),
                None,
                error.into(),
            ));
        }
    };
    let (code, what) = match node.kind.clone() {
        Kind::Encoder(coded) => return Place::Kernel(node, coded),
        Kind::Decoder => (Code::NotAnEncoder, "is a decoder".to_owned()),
        Kind::JpegEncoder => (Code::CodecUnsupported, "codes JPEG only, and no video".to_owned()),
        Kind::Converter => (Code::NotAnEncoder, "scales or converts pictures and codes none".to_owned()),
        Kind::Camera => (Code::NotAnEncoder, "is a camera".to_owned()),
        Kind::Loopback => {
            (Code::NotAnEncoder, "is a v4l2loopback, which claims to be an encoder and is not".to_owned())
        }
        _ => (Code::NotAnEncoder, "is no encoder".to_owned()),
    };
    let message = sentence(&format!("{} ({}) {what}", device.display(), node.card));
    Place::Not(RejectedEncoder::new(BackendKind::V4l2, Some(device), None, code, message))
}
