//! Exposure, gain and whatever else a driver lets be set.

use v4l2::Transport;
use v4l2::control::Value;
use v4l2::ioctl::{self, ControlDescription, ControlKind};

use crate::{Code, Error, Result};

/// What kind of value a control has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ControlType {
    /// A whole number.
    Integer,
    /// 0 or 1.
    Boolean,
    /// The index of one of its menu's entries.
    Menu,
    /// As [`Self::Menu`], with numbers for entries.
    IntegerMenu,
    /// Something that happens when it is set, to whatever value.
    Button,
    /// A set of bits.
    Bitmask,
}

/// An entry of a menu.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct MenuItem {
    /// The control's value for it.
    pub index: u32,
    /// Its name; of a menu of numbers, the number.
    pub name: String,
}

/// A control.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Control {
    /// V4L2's number of it.
    pub id: u32,
    /// Its name for programs, as `v4l2-ctl` writes it: `exposure_time_absolute`.
    pub name: String,
    /// Its name for people: `Exposure Time, Absolute`.
    pub label: String,
    /// Its kind.
    pub kind: ControlType,
    /// Least value.
    pub minimum: i64,
    /// Greatest value.
    pub maximum: i64,
    /// Values are this far apart.
    pub step: u64,
    /// The driver's own choice.
    pub default: i64,
    /// Its value; none of what can only be set.
    pub value: Option<i64>,
    /// The entries of a menu.
    pub menu: Vec<MenuItem>,
    /// It cannot be set.
    pub read_only: bool,
    /// Setting it has no effect while another control is as it is, such as an exposure while it is automatic.
    pub inactive: bool,
}

pub(crate) fn list(transport: &dyn Transport) -> Result<Vec<Control>> {
    let usable = known(transport)?;
    Ok(usable.into_iter().map(|(description, kind)| control(transport, &description, kind)).collect())
}

/// The controls that have a value of 32 bits, which are all that cameras have for people.
fn known(transport: &dyn Transport) -> Result<Vec<(ControlDescription, ControlType)>> {
    let all = ioctl::all_controls(transport)?;
    let usable = all.into_iter().filter(|control| !control.is_disabled());
    Ok(usable.filter_map(|control| Some((control.clone(), kind(control.kind)?))).collect())
}

fn kind(kind: ControlKind) -> Option<ControlType> {
    match kind {
        ControlKind::Integer => Some(ControlType::Integer),
        ControlKind::Boolean => Some(ControlType::Boolean),
        ControlKind::Menu => Some(ControlType::Menu),
        ControlKind::IntegerMenu => Some(ControlType::IntegerMenu),
        ControlKind::Button => Some(ControlType::Button),
        ControlKind::Bitmask => Some(ControlType::Bitmask),
        _ => None,
    }
}

fn control(transport: &dyn Transport, description: &ControlDescription, kind: ControlType) -> Control {
    // A value that cannot be read now, such as that of a camera which sleeps, does not spoil the list.
    let value = if description.is_write_only() { None } else { read(transport, description, kind).ok() };
    Control {
        id: description.id,
        name: name(&description.name),
        label: description.name.clone(),
        kind,
        minimum: description.minimum,
        maximum: description.maximum,
        step: description.step,
        default: description.default,
        value,
        menu: menu(transport, description, kind),
        read_only: description.is_read_only(),
        inactive: description.is_inactive(),
    }
}

fn menu(transport: &dyn Transport, description: &ControlDescription, kind: ControlType) -> Vec<MenuItem> {
    if !matches!(kind, ControlType::Menu | ControlType::IntegerMenu) {
        return Vec::new();
    }
    // A menu that cannot be read does not spoil the list either.
    let entries = ioctl::querymenu(transport, description).unwrap_or_default().into_iter();
    entries
        .map(|entry| MenuItem {
            index: entry.index,
            name: entry.value.map_or(entry.name, |value| value.to_string()),
        })
        .collect()
}

/// `Exposure Time, Absolute` as `exposure_time_absolute`.
fn name(label: &str) -> String {
    let words = label.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_").to_lowercase()
}

fn class(id: u32) -> u32 {
    id & 0x0fff_0000
}

fn read(transport: &dyn Transport, description: &ControlDescription, kind: ControlType) -> Result<i64> {
    let value = ioctl::g_ext_ctrl(transport, class(description.id), description.id)?;
    // The bits of a set are counted without a sign.
    Ok(if kind == ControlType::Bitmask { i64::from(value.cast_unsigned()) } else { i64::from(value) })
}

pub(crate) fn set(transport: &dyn Transport, wanted: &str, value: i64) -> Result<i64> {
    let known = known(transport)?;
    let Some((description, kind)) = known.iter().find(|(control, _)| name(&control.name) == wanted) else {
        return Err(unknown(wanted, &known));
    };
    check(transport, description, *kind, value)?;
    let raw = Value::Integer((value & 0xffff_ffff) as u32 as i32);
    ioctl::s_ext_ctrl(transport, class(description.id), description.id, &raw)?;
    if description.is_write_only() { Ok(value) } else { read(transport, description, *kind) }
}

fn unknown(wanted: &str, known: &[(ControlDescription, ControlType)]) -> Error {
    let names: Vec<String> = known.iter().map(|(control, _)| name(&control.name)).collect();
    let there =
        if names.is_empty() { "it has none".to_owned() } else { format!("it has {}", names.join(", ")) };
    Error::range(Code::Control, format!("The camera has no control {wanted}; {there}."))
}

fn check(
    transport: &dyn Transport,
    control: &ControlDescription,
    kind: ControlType,
    value: i64,
) -> Result<()> {
    let wrong = |what: String| {
        Err(Error::range(Code::Control, format!("The control {} {what}.", name(&control.name))))
    };
    if control.is_read_only() {
        return wrong("can only be read".to_owned());
    }
    if control.is_grabbed() {
        return wrong("cannot be set while the camera runs, or another program uses it".to_owned());
    }
    let (least, most) = (control.minimum, control.maximum);
    match kind {
        ControlType::Button => Ok(()),
        ControlType::Bitmask if value < 0 || value & !most != 0 => {
            wrong(format!("takes the bits of 0x{most:x}, not 0x{value:x}"))
        }
        ControlType::Bitmask => Ok(()),
        _ if !(least..=most).contains(&value) => wrong(format!("takes {least} to {most}, not {value}")),
        ControlType::Menu | ControlType::IntegerMenu => {
            let menu = menu(transport, control, kind);
            // Where the menu cannot be read, the driver judges the value.
            if menu.is_empty() || menu.iter().any(|item| i64::from(item.index) == value) {
                return Ok(());
            }
            let entries: Vec<String> =
                menu.iter().map(|item| format!("{} ({})", item.index, item.name)).collect();
            wrong(format!("takes {}, not {value}", entries.join(", ")))
        }
        _ if control.nearest(value) != value => {
            wrong(format!("takes {least} to {most} in steps of {}, not {value}", control.step))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use v4l2::Errno;
    use v4l2::control::ids::{BRIGHTNESS, POWER_LINE_FREQUENCY as POWER_LINE};
    use v4l2::testing::{Fake, Reply};

    use super::*;

    const QUERY: &str = "VIDIOC_QUERY_EXT_CTRL";

    /// `v4l2_query_ext_ctrl`: id, type, name at 8, minimum at 40, maximum at 48, step at 56, default at 64, flags at 72.
    fn described(id: u32, kind: u32, name: &str, most: u32, step: u32) -> Reply {
        Reply::ok(QUERY)
            .u32(0, id)
            .u32(4, kind)
            .text(8, name)
            .u32(40, 0)
            .u32(48, most)
            .u32(56, step)
            .u32(64, 0)
            .u32(72, 0)
    }

    fn camera(more: impl IntoIterator<Item = Reply>) -> Fake {
        let list = [
            described(BRIGHTNESS, 1, "Brightness", 255, 5),
            described(POWER_LINE, 3, "Power Line Frequency", 2, 1),
            Reply::error(QUERY, Errno::EINVAL),
        ];
        Fake::new(list.into_iter().chain(more))
    }

    fn rejected(control: &str, value: i64, more: impl IntoIterator<Item = Reply>) -> String {
        let fake = camera(more);
        let error = set(&fake, control, value).unwrap_err();
        assert_eq!(error.code, Code::Control);
        assert!(fake.calls().iter().all(|call| call.name != "VIDIOC_S_EXT_CTRLS"), "the device was asked");
        error.message
    }

    #[test]
    fn names_are_those_of_v4l2_ctl() {
        assert_eq!(name("Exposure Time, Absolute"), "exposure_time_absolute");
        assert_eq!(name("White Balance, Auto & Preset "), "white_balance_auto_preset");
    }

    #[test]
    fn values_are_checked_before_the_device_is_asked() {
        assert_eq!(rejected("brightness", 256, []), "The control brightness takes 0 to 255, not 256.");
        assert_eq!(
            rejected("brightness", 7, []),
            "The control brightness takes 0 to 255 in steps of 5, not 7."
        );
        let entry = |name| Reply::ok("VIDIOC_QUERYMENU").text(8, name);
        let menu = [entry("Disabled"), Reply::error("VIDIOC_QUERYMENU", Errno::EINVAL), entry("60 Hz")];
        assert_eq!(
            rejected("power_line_frequency", 1, menu),
            "The control power_line_frequency takes 0 (Disabled), 2 (60 Hz), not 1."
        );
        assert_eq!(
            rejected("zoom", 1, []),
            "The camera has no control zoom; it has brightness, power_line_frequency."
        );
    }

    #[test]
    fn what_the_driver_took_is_returned() {
        let fake = camera([Reply::ok("VIDIOC_S_EXT_CTRLS"), Reply::ok("VIDIOC_G_EXT_CTRLS")]);
        // The scripted driver cannot reach the value behind the pointer, so it stays 0.
        assert_eq!(set(&fake, "brightness", 100).unwrap(), 0);
        assert_eq!(fake.unanswered(), 0);
    }
}
