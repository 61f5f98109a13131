//! Where encoders may be.

use std::path::{Path, PathBuf};

use crate::backend::{KINDS, Kind};
use crate::config::{Config, Devices};
use crate::place::Place;

/// The places of this machine, in order. Nothing is opened.
pub(super) fn find(config: &Config) -> Vec<Place> {
    let root = config.root.as_deref().unwrap_or(Path::new("/"));
    let named = config.devices.named();
    let kinds: Vec<&Kind> = KINDS.iter().filter(|kind| config.hardware.allows(kind.is_hardware)).collect();
    let mut places: Vec<Place> =
        named.iter().filter_map(|device| kinds.iter().find_map(|kind| (kind.claim)(device))).collect();
    if matches!(config.devices, Devices::Only(_)) {
        return places;
    }
    // A device may be named by another path than the one it is found under.
    let known: Vec<_> = named.iter().map(|device| canonical(device)).collect();
    let is_new = |place: &Place| place.device().is_none_or(|device| !known.contains(&canonical(device)));
    places.extend(kinds.iter().flat_map(|kind| (kind.discover)(root, named)).filter(is_new));
    places
}

fn canonical(device: &Path) -> PathBuf {
    device.canonicalize().unwrap_or_else(|_| device.to_owned())
}
