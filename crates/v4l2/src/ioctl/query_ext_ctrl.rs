use v4l2r::bindings::{v4l2_query_ext_ctrl, v4l2_querymenu};
use v4l2r::nix::errno::Errno;

use super::{failed, iowr, run, text};
use crate::transport::Request;
use crate::{Result, Transport};

const QUERYMENU: Request = iowr::<v4l2_querymenu>("VIDIOC_QUERYMENU", 37);
const QUERY_EXT_CTRL: Request = iowr::<v4l2_query_ext_ctrl>("VIDIOC_QUERY_EXT_CTRL", 103);

/// `V4L2_CTRL_FLAG_NEXT_CTRL`
const NEXT: u32 = 0x8000_0000;
/// More controls than any driver has; a driver that never ends its list is cut off here.
const MAX_CONTROLS: usize = 1024;
/// More entries than any menu has.
const MAX_MENU: i64 = 256;

/// What kind of value a control has (`enum v4l2_ctrl_type`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ControlKind {
    /// A whole number.
    Integer,
    /// 0 or 1.
    Boolean,
    /// One of the entries of a menu with names.
    Menu,
    /// Something that happens when it is set.
    Button,
    /// A whole number of 64 bits.
    Integer64,
    /// The title of a group; no control.
    Class,
    /// A text.
    Text,
    /// A set of bits.
    Bitmask,
    /// One of the entries of a menu with numbers.
    IntegerMenu,
    /// Something compound, by its number.
    Other(u32),
}

impl ControlKind {
    fn of(number: u32) -> Self {
        match number {
            1 => Self::Integer,
            2 => Self::Boolean,
            3 => Self::Menu,
            4 => Self::Button,
            5 => Self::Integer64,
            6 => Self::Class,
            7 => Self::Text,
            8 => Self::Bitmask,
            9 => Self::IntegerMenu,
            other => Self::Other(other),
        }
    }
}

/// What a driver says of one of its controls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ControlDescription {
    /// Its id, such as `V4L2_CID_EXPOSURE`.
    pub id: u32,
    /// Its kind.
    pub kind: ControlKind,
    /// Its name for people.
    pub name: String,
    /// Least value.
    pub minimum: i64,
    /// Greatest value.
    pub maximum: i64,
    /// Values are this far apart.
    pub step: u64,
    /// The driver's own choice.
    pub default: i64,
    /// `V4L2_CTRL_FLAG_…`
    pub flags: u32,
}

impl ControlDescription {
    /// `V4L2_CTRL_FLAG_DISABLED`: permanently out of use.
    #[must_use]
    pub fn is_disabled(&self) -> bool {
        self.flags & 0x1 != 0
    }

    /// `V4L2_CTRL_FLAG_GRABBED`: in use, and cannot be changed now.
    #[must_use]
    pub fn is_grabbed(&self) -> bool {
        self.flags & 0x2 != 0
    }

    /// `V4L2_CTRL_FLAG_READ_ONLY`
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        self.flags & 0x4 != 0
    }

    /// `V4L2_CTRL_FLAG_INACTIVE`: without effect while another control is as it is.
    #[must_use]
    pub fn is_inactive(&self) -> bool {
        self.flags & 0x10 != 0
    }

    /// `V4L2_CTRL_FLAG_WRITE_ONLY`, and buttons.
    #[must_use]
    pub fn is_write_only(&self) -> bool {
        self.flags & 0x40 != 0 || self.kind == ControlKind::Button
    }

    /// The value that the driver would make of `wanted`: within the bounds and on a step.
    #[must_use]
    pub fn nearest(&self, wanted: i64) -> i64 {
        let within = wanted.clamp(self.minimum, self.maximum.max(self.minimum));
        let step = i64::try_from(self.step).unwrap_or(1).max(1);
        let steps = (within.saturating_sub(self.minimum).saturating_add(step / 2)) / step;
        // The last step may overshoot the greatest value.
        let up = self.minimum.saturating_add(steps.saturating_mul(step));
        if up > self.maximum { up.saturating_sub(step).max(self.minimum) } else { up }
    }
}

/// An entry of a menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MenuEntry {
    /// What to set the control to.
    pub index: u32,
    /// Its name; of a menu of numbers, empty.
    pub name: String,
    /// Its number, in a menu of numbers.
    pub value: Option<i64>,
}

/// Asks about a control; `None` when the driver has none of that id, or no controls at all.
///
/// # Errors
/// [`crate::Failure::Ioctl`], but not for the `EINVAL` or `ENOTTY` that mean "none".
pub fn query_ext_ctrl(transport: &dyn Transport, id: u32) -> Result<Option<ControlDescription>> {
    let mut raw = v4l2_query_ext_ctrl { id, ..Default::default() };
    #[expect(unsafe_code, reason = "an ioctl")]
    // SAFETY: the request's struct, without pointers.
    let done = unsafe { run(transport, QUERY_EXT_CTRL, &mut raw) };
    match done {
        Ok(()) => Ok(Some(described(&raw))),
        Err(Errno::EINVAL | Errno::ENOTTY) => Ok(None),
        Err(errno) => Err(failed(transport, QUERY_EXT_CTRL, errno)),
    }
}

/// Lists every control of a device. A control that the driver fails on ends the list, as there is no way past it.
///
/// # Errors
/// [`crate::Failure::Ioctl`] where it fails on the first one.
pub fn all_controls(transport: &dyn Transport) -> Result<Vec<ControlDescription>> {
    let mut controls: Vec<ControlDescription> = Vec::new();
    while controls.len() < MAX_CONTROLS {
        let last = controls.last().map_or(0, |control| control.id);
        match query_ext_ctrl(transport, last | NEXT) {
            // A driver that does not move on would be listed for ever.
            Ok(Some(next)) if next.id > last => controls.push(next),
            Err(error) if controls.is_empty() => return Err(error),
            _ => break,
        }
    }
    Ok(controls)
}

/// The entries of a menu control; holes in the menu are left out.
///
/// # Errors
/// [`crate::Failure::Ioctl`], but not for the `EINVAL` that marks a hole.
pub fn querymenu(transport: &dyn Transport, control: &ControlDescription) -> Result<Vec<MenuEntry>> {
    let first = control.minimum.clamp(0, MAX_MENU);
    let mut entries = Vec::new();
    for index in first..=control.maximum.clamp(0, MAX_MENU) {
        // Within 0 and 256.
        let index = index as u32;
        let mut raw = v4l2_querymenu { id: control.id, index, ..Default::default() };
        #[expect(unsafe_code, reason = "an ioctl")]
        // SAFETY: the request's struct, without pointers.
        let done = unsafe { run(transport, QUERYMENU, &mut raw) };
        match done {
            Ok(()) => entries.push(entry(index, control.kind, &raw)),
            Err(Errno::EINVAL) => {}
            Err(errno) => return Err(failed(transport, QUERYMENU, errno)),
        }
    }
    Ok(entries)
}

fn entry(index: u32, kind: ControlKind, raw: &v4l2_querymenu) -> MenuEntry {
    let value = raw.__bindgen_anon_1;
    if kind == ControlKind::IntegerMenu {
        #[expect(unsafe_code, reason = "reading a packed union")]
        // SAFETY: the member that this kind of menu uses; any bits are a number.
        let value = unsafe { value.value };
        return MenuEntry { index, name: String::new(), value: Some(value) };
    }
    #[expect(unsafe_code, reason = "reading a packed union")]
    // SAFETY: the member that this kind of menu uses; any bits are bytes.
    let name = unsafe { value.name };
    MenuEntry { index, name: text(&name), value: None }
}

fn described(raw: &v4l2_query_ext_ctrl) -> ControlDescription {
    let name: Vec<u8> = raw.name.iter().map(|letter| *letter as u8).collect();
    ControlDescription {
        id: raw.id,
        kind: ControlKind::of(raw.type_),
        name: text(&name),
        minimum: raw.minimum,
        maximum: raw.maximum,
        step: raw.step,
        default: raw.default_value,
        flags: raw.flags,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Fake, Reply};

    fn bitrate(step: u64, maximum: i64) -> ControlDescription {
        ControlDescription {
            id: 0x0099_09cf,
            kind: ControlKind::Integer,
            name: "Video Bitrate".into(),
            minimum: 25_000,
            maximum,
            step,
            default: 10_000_000,
            flags: 0,
        }
    }

    #[test]
    fn a_value_lands_where_the_driver_would_put_it() {
        let control = bitrate(25_000, 25_000_000);
        assert_eq!(control.nearest(2_000_000), 2_000_000);
        assert_eq!(control.nearest(2_010_000), 2_000_000);
        assert_eq!(control.nearest(1), 25_000);
        assert_eq!(control.nearest(i64::MAX), 25_000_000);
        assert_eq!(bitrate(1000, 26_500).nearest(26_500), 26_000);
    }

    #[test]
    fn an_unknown_control_is_none_and_other_failures_are_reported() {
        let fake = Fake::new([
            Reply::error("VIDIOC_QUERY_EXT_CTRL", Errno::EINVAL),
            Reply::error("VIDIOC_QUERY_EXT_CTRL", Errno::EIO),
        ]);
        assert_eq!(query_ext_ctrl(&fake, 1).unwrap(), None);
        assert_eq!(query_ext_ctrl(&fake, 1).unwrap_err().errno(), Some(Errno::EIO));
    }

    #[test]
    fn a_list_of_controls_that_does_not_move_on_ends() {
        let same = Reply::ok("VIDIOC_QUERY_EXT_CTRL").u32(0, 5).u32(4, 1);
        let controls = all_controls(&Fake::new(std::iter::repeat_n(same, 10))).unwrap();
        assert_eq!(controls.len(), 1);
    }

    #[test]
    fn a_control_that_the_driver_fails_on_ends_the_list_after_those_before_it() {
        let control = Reply::ok("VIDIOC_QUERY_EXT_CTRL").u32(0, 5).u32(4, 1);
        let failure = || Reply::error("VIDIOC_QUERY_EXT_CTRL", Errno::EIO);
        assert_eq!(all_controls(&Fake::new([control, failure()])).unwrap().len(), 1);
        assert_eq!(all_controls(&Fake::new([failure()])).unwrap_err().errno(), Some(Errno::EIO));
    }

    #[test]
    fn holes_in_a_menu_are_left_out() {
        let menu = ControlDescription { kind: ControlKind::Menu, minimum: 0, maximum: 2, ..bitrate(1, 2) };
        let fake = Fake::new([
            Reply::ok("VIDIOC_QUERYMENU").text(8, "Baseline"),
            Reply::error("VIDIOC_QUERYMENU", Errno::EINVAL),
            Reply::ok("VIDIOC_QUERYMENU").text(8, "Main"),
        ]);
        let names: Vec<_> =
            querymenu(&fake, &menu).unwrap().into_iter().map(|entry| (entry.index, entry.name)).collect();
        assert_eq!(names, [(0, "Baseline".to_owned()), (2, "Main".to_owned())]);
    }
}
