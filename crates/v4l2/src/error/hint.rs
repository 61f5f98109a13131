//! What to do about a failure.

use std::path::Path;

use super::Situation;

const LIBRARY: &str = "On a Jetson install nvidia-l4t-multimedia; in a container use NVIDIA's container runtime \
    with NVIDIA_VISIBLE_DEVICES=all and NVIDIA_DRIVER_CAPABILITIES=all. Elsewhere name the library with the option \
    `library` or V4L2_ENCODER_LIBRARY.";
const TOO_MANY: &str = "Close another encoder of this process, or use a second process.";
const BUSY: &str =
    "Close the other program or encoder that uses the device (fuser -v names it), or wait and try again.";
const STUB: &str = "The node is a stub that only NVIDIA's library answers on. Check that libnvv4l2.so is \
    NVIDIA's and that its plugin libv4l2_nvvideocodec.so is in libv4l/plugins/nv.";

pub(super) fn hint(situation: Situation, device: Option<&Path>) -> Option<String> {
    let hint = match situation {
        Situation::LibraryMissing => LIBRARY,
        Situation::TooManyDevices => TOO_MANY,
        Situation::Permission => return Some(permission_hint(device)),
        Situation::Busy => BUSY,
        Situation::Silent => STUB,
        Situation::NotFound | Situation::Lost | Situation::Failed => return None,
    };
    Some(hint.to_owned())
}

/// The fix for [`Situation::Permission`]. From JetPack 6 on, which renamed the encoder's node, NVIDIA's library opens the
/// engines through `/dev/dri/renderD*`, which belong to the group `render`.
#[must_use]
pub fn permission_hint(device: Option<&Path>) -> String {
    let is_renamed = device.and_then(Path::file_name).is_some_and(|name| name == "v4l2-nvenc");
    let (own, groups) =
        if is_renamed { ("groups that own", "video,render") } else { ("group that owns", "video") };
    format!("Add the user to the {own} the device: sudo usermod -a -G {groups} $USER, then log in again.")
}
