//! What goes wrong on purpose.

use crate::{abi, errno::Errno};
use serde::Deserialize;

/// The faults of one device; each is off unless named. Frames are counted from 0.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Faults {
    pub(crate) open_errno: Option<Errno>,
    pub(crate) query_cap_errno: Option<Errno>,
    pub(crate) format_errno: Option<Errno>,
    pub(crate) reqbufs_zero: bool,
    pub(crate) reqbufs_errno: Option<Errno>,
    pub(crate) stream_on_errno: Option<Errno>,
    pub(crate) no_first_chunk: bool,
    #[serde(alias = "noEos")]
    pub(crate) drain_never_ends: bool,
    /// The call that never returns: a `VIDIOC_…` name, `v4l2_open` or `v4l2_close`.
    pub(crate) hang: Option<String>,
    /// How many such calls return before.
    pub(crate) hang_after: u64,
    pub(crate) die_after_frames: Option<u64>,
    pub(crate) lose_frame: Option<u64>,
    pub(crate) error_frame: Option<u64>,
    pub(crate) zero_size_without_eos: Option<u64>,
    pub(crate) sizeimage_too_small: bool,
    pub(crate) timestamps_zero: bool,
}

impl Faults {
    pub(super) fn check(&self) -> Result<(), String> {
        let Some(name) = &self.hang else { return Ok(()) };
        if abi::is_request_name(name) || ["v4l2_open", "v4l2_close"].contains(&name.as_str()) {
            return Ok(());
        }
        Err(format!("faults.hang: {name} is no call of this device"))
    }

    /// Never returns when `call`, made for the `count`-th time (from 1), is the one that shall hang.
    pub(crate) fn hang_if_asked(&self, call: &str, count: u64) {
        if self.hang.as_deref() != Some(call) || count <= self.hang_after {
            return;
        }
        loop {
            std::thread::park();
        }
    }
}
