//! What `cargo build` says about the machine it runs on. It only informs: the same binary decides again at run time.

use std::fs;
use std::path::Path;

/// `1` or `0`: what the detection shall find.
pub(crate) const FORCE: &str = "V4L2_ENCODER_FORCE_JETSON";

/// NVIDIA's encoder nodes: JetPack 6 and 7, then JetPack 4 and 5.
const JETSON_NODES: [&str; 2] = ["dev/v4l2-nvenc", "dev/nvhost-msenc"];

/// What the kernel's encoders call themselves in `/sys/class/video4linux/videoN/name`.
const ENCODER_NAMES: [&str; 7] =
    ["encode", "-enc", "video enc", "vpu enc", "Video Encoder", "stateful-encoder", "Iris Encoder"];

/// What is built for.
pub(crate) struct Target {
    /// `linux`, …
    pub(crate) os: String,
    /// `aarch64`, …
    pub(crate) arch: String,
}

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found {
    /// A Jetson's encoder node.
    Jetson,
    /// Another hardware encoder.
    V4l2,
    /// None.
    Nothing,
}

impl Found {
    /// The line that `cargo build` prints. Only the first names a Jetson, so that `grep -i jetson` is right.
    pub(crate) fn message(self) -> &'static str {
        match self {
            Self::Jetson => "Building with V4L2 encoder support for Jetson",
            Self::V4l2 => "Building with V4L2 encoder support",
            Self::Nothing => {
                "No hardware encoder was found on this machine; one is looked for again at run time"
            }
        }
    }
}

/// Looks below `root`, unless `forced` says what to find.
pub(crate) fn detect(root: &Path, target: &Target, forced: Option<&str>) -> Found {
    let arm_linux = target.os == "linux" && target.arch == "aarch64";
    let jetson = match forced {
        Some("1") => true,
        Some("0") => false,
        _ => arm_linux && JETSON_NODES.iter().any(|node| root.join(node).exists()),
    };
    if jetson {
        Found::Jetson
    } else if target.os == "linux" && has_kernel_encoder(root) {
        Found::V4l2
    } else {
        Found::Nothing
    }
}

/// An encoding `/dev/videoN`, by its name in sysfs: asking the device would need permissions that a build need not have.
fn has_kernel_encoder(root: &Path) -> bool {
    let Ok(entries) = fs::read_dir(root.join("sys/class/video4linux")) else { return false };
    entries.flatten().any(|entry| {
        let name = fs::read_to_string(entry.path().join("name")).unwrap_or_default();
        let still = name.contains("image") || name.to_ascii_lowercase().contains("jpeg");
        let node = root.join("dev").join(entry.file_name());
        node.exists() && !still && ENCODER_NAMES.iter().any(|known| name.contains(known))
    })
}
