//! What goes wrong on purpose.

use crate::{abi, errno::Errno};
use serde::Deserialize;
use std::collections::BTreeMap;

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
    /// Controls that answer success and do nothing. Here and below an id is whole, or counted from the class's base.
    pub(crate) ignore_controls: Vec<u32>,
    /// Controls whose value is silently moved into a range.
    pub(crate) clamp_controls: BTreeMap<u32, (u32, u32)>,
    /// Controls that are refused.
    pub(crate) refuse_controls: BTreeMap<u32, Errno>,
}

impl Faults {
    pub(super) fn check(&self) -> Result<(), String> {
        if let Some((id, (least, most))) = self.clamp_controls.iter().find(|(_, (least, most))| least > most)
        {
            return Err(format!("faults.clampControls: {id}: {least} is above {most}"));
        }
        let Some(name) = &self.hang else { return Ok(()) };
        if abi::is_request_name(name) || ["v4l2_open", "v4l2_close"].contains(&name.as_str()) {
            return Ok(());
        }
        Err(format!("faults.hang: {name} is no call of this device"))
    }

    /// Whether a control is taken and comes to nothing.
    pub(crate) fn ignores(&self, id: u32) -> bool {
        self.ignore_controls.iter().any(|&named| abi::whole_id(named) == id)
    }

    /// The value that a control gets instead of the one that was asked for.
    pub(crate) fn clamped(&self, id: u32, value: u32) -> u32 {
        let range = self.clamp_controls.iter().find(|&(&named, _)| abi::whole_id(named) == id);
        range.map_or(value, |(_, &(least, most))| value.clamp(least, most))
    }

    /// What a control is refused with.
    pub(crate) fn refusal(&self, id: u32) -> Option<Errno> {
        self.refuse_controls.iter().find(|&(&named, _)| abi::whole_id(named) == id).map(|(_, errno)| *errno)
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
