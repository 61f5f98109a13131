//! Controls, as tables: how a backend's table is sent to a device, and how it is reported what came of each.
//!
//! The tables are the backends' own (`jetson/controls.rs`, `kernel/controls.rs`). A row may be changed while the encoder runs where
//! it is [`live`](Control::live); a change sends the rows whose value it alters.

use v4l2::control::Value;
use v4l2::control::ids::{BITRATE, BITRATE_PEAK};
use v4l2::ioctl::{self, ControlDescription};
use v4l2::{Errno, Transport};

use crate::config::{BitrateMode, Parameter, Resolved, Tuning};
use crate::error::{Code, Error, Result};
use crate::settings::{Change, Effect, Setting, SettingName, Source, Warning, deviation};

/// More than any driver's maximum: key frames only on request.
pub(super) const NEVER: i64 = i64::MAX;

/// What a control is to be set to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wanted {
    /// A number, of which the driver's bounds make one of theirs.
    Number(i64),
    /// A struct that begins with these members.
    Struct(Vec<u32>),
}

impl<T: Into<i64>> From<T> for Wanted {
    fn from(number: T) -> Self {
        Self::Number(number.into())
    }
}

/// A row: a control, and what it is set to under the configuration `D`.
pub(super) struct Control<D> {
    pub(super) id: u32,
    pub(super) name: &'static str,
    /// The option that it carries out, if it does.
    pub(super) setting: Option<SettingName>,
    /// `None` when it does not apply.
    pub(super) value: fn(&D) -> Option<Wanted>,
    live: bool,
    required: bool,
    converted: bool,
}

/// A row that is sent when the device is opened.
pub(super) const fn control<D>(
    id: u32,
    name: &'static str,
    setting: Option<SettingName>,
    value: fn(&D) -> Option<Wanted>,
) -> Control<D> {
    Control { id, name, setting, value, live: false, required: false, converted: false }
}

/// The option that is this parameter.
pub(super) const fn parameter(parameter: Parameter) -> Option<SettingName> {
    Some(SettingName::Parameter(parameter))
}

impl<D> Control<D> {
    /// It may be changed while the encoder runs.
    pub(super) const fn live(mut self) -> Self {
        self.live = true;
        self
    }

    /// Its number is not that of the option, so that what a driver answers says nothing in the option's terms.
    pub(super) const fn converted(mut self) -> Self {
        self.converted = true;
        self
    }

    /// A device that rejects it is not used.
    pub(super) const fn required(mut self) -> Self {
        self.required = true;
        self
    }
}

/// What a driver says of a control.
pub(super) enum Found {
    Missing,
    /// It may be there: the driver describes none.
    Undescribed,
    Described(ControlDescription),
}

/// What the values of a table follow from, and how its drivers take controls and answer for them.
pub(super) trait Dialect: Sized + 'static {
    /// The controls, in the order in which they are sent.
    const TABLE: &'static [Control<Self>];

    fn config(&self) -> &Resolved;

    /// Asks the driver about a control.
    fn describe(transport: &dyn Transport, id: u32) -> v4l2::Result<Found>;

    /// The value that makes the same stream, for a driver that has only one of the two; else the value itself.
    fn alike(id: u32, value: i64) -> i64;

    /// What the driver says that a control is set to, where its answer is worth something.
    fn answer(&self, transport: &dyn Transport, control: &Control<Self>, running: bool) -> Option<i64>;

    /// A control's value in the caller's terms.
    fn shown(&self, setting: SettingName, value: i64) -> String;

    /// What to do where the running driver rejects a change with this.
    fn change_hint(&self, errno: Option<Errno>) -> Option<&'static str>;
}

/// The controls that a device has, and what each was set to last.
#[derive(Debug, Default)]
pub(super) struct Controls(Vec<Known>);

#[derive(Debug)]
struct Known {
    id: u32,
    description: Option<ControlDescription>,
    /// `None` where the driver rejected it.
    sent: Option<Wanted>,
    /// The number that was sent, which the driver's bounds may have changed.
    made: Option<i64>,
}

/// What came of a change.
pub(super) struct Changed<D> {
    /// What the device is configured now.
    pub(super) dialect: D,
    pub(super) changes: Vec<Change>,
    pub(super) warnings: Vec<Warning>,
}

/// What came of a table.
#[derive(Default)]
pub(super) struct Applied {
    pub(super) controls: Controls,
    pub(super) settings: Vec<Setting>,
    pub(super) warnings: Vec<Warning>,
}

/// Sends every control that applies.
pub(super) fn apply_all<D: Dialect>(transport: &dyn Transport, dialect: &D) -> Result<Applied> {
    let mut applied = Applied::default();
    for control in D::TABLE {
        if let Some(wanted) = (control.value)(dialect) {
            applied.apply(transport, dialect, control, wanted)?;
        }
    }
    Ok(applied)
}

impl Applied {
    fn apply<D: Dialect>(
        &mut self,
        transport: &dyn Transport,
        dialect: &D,
        control: &Control<D>,
        wanted: Wanted,
    ) -> Result<()> {
        let named = control.setting.filter(|name| is_reported(*name, dialect.config()));
        let requested = named.map(|name| requested(name, dialect.config(), &wanted));
        if !self.controls.find::<D>(transport, control.id)? {
            self.note(requested.map(Setting::unsupported));
            self.warnings.extend(control.setting.and_then(|name| missing(name, dialect.config())));
            return Ok(());
        }
        match self.controls.set::<D>(transport, control.id, &wanted) {
            Ok(made) => {
                let tells = control.setting.filter(|_| !control.converted);
                let answer = tells.and_then(|_| dialect.answer(transport, control, false));
                self.warnings.extend(changed(dialect, control, &wanted, answer.or(made)));
                self.note(requested.map(|setting| match answer {
                    Some(actual) => {
                        let actual = dialect.shown(setting.name, actual);
                        setting.known(actual, Source::Readback)
                    }
                    None => setting,
                }));
            }
            Err(error) if control.required => return Err(rejected(control.name, error)),
            Err(error) if is_fatal(&error) => return Err(error.into()),
            Err(error) => {
                self.note(requested.map(Setting::unsupported));
                let message = rejected(control.name, error).message;
                self.warnings.push(Warning { code: Code::Control.name(), message, setting: named });
            }
        }
        Ok(())
    }

    /// Records a setting. Where several controls carry out the same option, one that the driver has decides.
    fn note(&mut self, setting: Option<Setting>) {
        let Some(setting) = setting else { return };
        match self.settings.iter_mut().find(|known| known.name == setting.name) {
            None => self.settings.push(setting),
            Some(known) if known.source == Source::Unsupported => *known = setting,
            Some(_) => {}
        }
    }
}

impl Controls {
    /// Asks about a control; `false` where the driver lacks it.
    pub(super) fn find<D: Dialect>(&mut self, transport: &dyn Transport, id: u32) -> v4l2::Result<bool> {
        let description = match D::describe(transport, id)? {
            Found::Missing => return Ok(false),
            Found::Undescribed => None,
            Found::Described(description) => Some(description),
        };
        if !self.has(id) {
            self.0.push(Known { id, description, sent: None, made: None });
        }
        Ok(true)
    }

    /// Whether the driver has it.
    pub(super) fn has(&self, id: u32) -> bool {
        self.0.iter().any(|known| known.id == id)
    }

    /// Whether the driver accepted this number.
    pub(super) fn accepted(&self, id: u32, number: i64) -> bool {
        self.0.iter().any(|known| known.id == id && known.made == Some(number))
    }

    /// Whether the driver accepted what was sent last.
    pub(super) fn was_accepted(&self, id: u32) -> bool {
        self.0.iter().any(|known| known.id == id && known.sent.is_some())
    }

    /// Sets a control that the driver has. Returns the number that was sent, which its bounds may have changed.
    pub(super) fn set<D: Dialect>(
        &mut self,
        transport: &dyn Transport,
        id: u32,
        wanted: &Wanted,
    ) -> v4l2::Result<Option<i64>> {
        let known = self.0.iter_mut().find(|known| known.id == id);
        let description = known.as_ref().and_then(|known| known.description.as_ref());
        let made = match wanted {
            Wanted::Struct(members) => {
                send(transport, id, &Value::Struct(members.clone()))?;
                None
            }
            Wanted::Number(number) => {
                let nearest = description.map_or(*number, |description| description.nearest(*number));
                Some(set_or_alike::<D>(transport, id, nearest)?)
            }
        };
        if let Some(known) = known {
            (known.sent, known.made) = (Some(wanted.clone()), made);
        }
        Ok(made)
    }

    /// Sends what a change of the running encoder alters, with the configuration that it leads to. What the driver takes only when
    /// it is opened is left out of both.
    pub(super) fn change<D: Dialect>(
        &mut self,
        transport: &dyn Transport,
        tuning: &Tuning,
        configured: impl Fn(&Tuning) -> D,
    ) -> Result<Changed<D>> {
        let mut tuning = tuning.clone();
        let mut changes = Vec::new();
        for setting in self.fixed::<D>(transport, &configured(&tuning), &tuning)? {
            tuning = tuning.without(setting.name);
            changes.push(Change { setting, effect: Effect::NeedsRestart(None) });
        }
        let mut dialect = configured(&tuning);
        let mut warnings = Vec::new();
        let mut actual = Vec::new();
        for (control, wanted) in self.changes(&dialect, &tuning) {
            match self.set::<D>(transport, control.id, &wanted) {
                Ok(made) => {
                    let answer = control.setting.and_then(|_| dialect.answer(transport, control, true));
                    warnings.extend(changed(&dialect, control, &wanted, answer.or(made)));
                    actual.extend(control.setting.filter(|_| !control.converted).zip(answer));
                }
                Err(error) => {
                    let hint = dialect.change_hint(error.errno()).zip(control.setting);
                    let error = rejected(control.name, error);
                    let Some((hint, name)) = hint else { return Err(error) };
                    let stopped_only = tuning.settings().into_iter().find(|setting| setting.name == name);
                    let Some(setting) = stopped_only else { return Err(error) };
                    tuning = tuning.without(name);
                    dialect = configured(&tuning);
                    let effect = Effect::NeedsRestart(Some(error.with_hint(hint)));
                    changes.push(Change { setting, effect });
                }
            }
        }
        changes.extend(tuning.settings().into_iter().map(|setting| {
            let answered = actual.iter().find(|(name, _)| *name == setting.name);
            Change::applied(match answered {
                Some((name, value)) => {
                    let value = dialect.shown(*name, *value);
                    setting.known(value, Source::Readback)
                }
                None => setting,
            })
        }));
        Ok(Changed { dialect, changes, warnings })
    }

    /// What a change names and the driver takes only when it is opened.
    fn fixed<D: Dialect>(
        &mut self,
        transport: &dyn Transport,
        dialect: &D,
        tuning: &Tuning,
    ) -> Result<Vec<Setting>> {
        let mut fixed = Vec::new();
        // The frame rate has a request of its own.
        for setting in tuning.settings().into_iter().filter(|setting| setting.name != SettingName::Framerate)
        {
            let carries_out =
                |row: &&Control<D>| row.setting == Some(setting.name) && (row.value)(dialect).is_some();
            let (mut is_known, mut is_live) = (false, false);
            for row in D::TABLE.iter().filter(carries_out) {
                // What was not asked for when the device was opened has not been looked for.
                let is_there = self.has(row.id) || self.find::<D>(transport, row.id)?;
                is_known |= is_there;
                is_live |= is_there && row.live;
            }
            if !is_known {
                return Err(without_control(setting.name, dialect.config()));
            }
            if !is_live {
                fixed.push(setting);
            }
        }
        Ok(fixed)
    }

    /// The rows that a change sends, in this order: those of the options that it names, and those that follow from them.
    pub(super) fn changes<D: Dialect>(
        &self,
        dialect: &D,
        tuning: &Tuning,
    ) -> Vec<(&'static Control<D>, Wanted)> {
        let named = tuning.settings();
        let mut changes = Vec::new();
        for control in D::TABLE.iter().filter(|control| control.live) {
            let Some(wanted) = (control.value)(dialect) else { continue };
            let is_named =
                control.setting.is_some_and(|name| named.iter().any(|setting| setting.name == name));
            match self.0.iter().find(|known| known.id == control.id) {
                Some(_) if is_named => changes.push((control, wanted)),
                Some(Known { sent: Some(sent), .. }) if *sent != wanted => changes.push((control, wanted)),
                _ => {}
            }
        }
        // The peak is at no time below the target.
        if changes.iter().any(|(control, wanted)| control.id == BITRATE && self.rises(wanted)) {
            changes.sort_by_key(|(control, _)| control.id != BITRATE_PEAK);
        }
        changes
    }

    fn rises(&self, bitrate: &Wanted) -> bool {
        let before = self.0.iter().find(|known| known.id == BITRATE).and_then(|known| known.sent.as_ref());
        matches!((before, bitrate), (Some(Wanted::Number(before)), Wanted::Number(after)) if after > before)
    }
}

/// Sets a control that is not part of the configuration.
pub(super) fn set_now(transport: &dyn Transport, id: u32, name: &str, value: i32) -> Result<()> {
    send(transport, id, &Value::Integer(value)).map_err(|error| rejected(name, error))
}

/// A control's number; `None` where it cannot be read.
pub(super) fn read(transport: &dyn Transport, id: u32) -> Option<i64> {
    ioctl::g_ext_ctrl(transport, class(id), id).ok().map(i64::from)
}

/// The class is part of the id.
fn class(id: u32) -> u32 {
    id & 0x0fff_0000
}

fn send(transport: &dyn Transport, id: u32, value: &Value) -> v4l2::Result<()> {
    ioctl::s_ext_ctrl(transport, class(id), id, value)
}

/// Sets a control, or what comes to the same where the driver lacks that entry of its menu. Returns what it was set to.
fn set_or_alike<D: Dialect>(transport: &dyn Transport, id: u32, value: i64) -> v4l2::Result<i64> {
    // Every control of the tables is of 32 bits.
    let set = |value: i64| send(transport, id, &Value::Integer(i32::try_from(value).unwrap_or(i32::MAX)));
    let alike = D::alike(id, value);
    match set(value) {
        Err(error) if alike != value && matches!(error.errno(), Some(Errno::EINVAL | Errno::ERANGE)) => {
            set(alike).map(|()| alike)
        }
        done => done.map(|()| value),
    }
}

/// What there is to report of a control that is not set to what was wanted.
fn changed<D: Dialect>(
    dialect: &D,
    control: &Control<D>,
    wanted: &Wanted,
    actual: Option<i64>,
) -> Option<Warning> {
    let (name, Wanted::Number(wanted), actual) = (control.setting?, wanted, actual?) else { return None };
    if control.converted
        || !is_reported(name, dialect.config())
        || *wanted == NEVER
        || actual == D::alike(control.id, *wanted)
    {
        return None;
    }
    deviation(name, &dialect.shown(name, *wanted), &dialect.shown(name, actual))
}

/// A parameter is a setting where it was requested; otherwise the row carries out what we think best.
fn is_reported(name: SettingName, config: &Resolved) -> bool {
    match name {
        SettingName::Parameter(parameter) => config.parameters.get(parameter).is_some(),
        _ => true,
    }
}

fn requested(name: SettingName, config: &Resolved, wanted: &Wanted) -> Setting {
    match (name, wanted) {
        (SettingName::Bitrate, _) => Setting::requested(name, config.bitrate_bps),
        (SettingName::BitrateMode, _) => Setting::requested(name, config.bitrate_mode.name()),
        (SettingName::Profile, _) => Setting::requested(name, config.requested_profile()),
        (SettingName::Level, _) => Setting::requested(name, config.requested_level()),
        (SettingName::KeyFrameInterval, _) => Setting::requested(name, config.key_frame_interval),
        (SettingName::Parameter(parameter), _) => {
            let value = config.parameters.get(parameter);
            Setting::requested(name, value.map_or_else(String::new, |value| parameter.shown(value)))
        }
        (_, Wanted::Number(number)) => Setting::requested(name, number),
        (_, Wanted::Struct(members)) => Setting::requested(name, members.first().map_or(0, |first| *first)),
    }
}

/// What there is to report of a control that the device lacks: of the bit rate always, of others where the caller requested
/// something.
fn missing(name: SettingName, config: &Resolved) -> Option<Warning> {
    let message = match name {
        SettingName::Bitrate => "The driver has no bitrate control; it uses a fixed quality.".to_owned(),
        // What an encoder lacks of the parameters is reported for all backends alike.
        SettingName::KeyFrameInterval | SettingName::Parameter(_) => return None,
        SettingName::BitrateMode if config.requested.requested_bitrate_mode().is_none() => return None,
        SettingName::Profile if config.choice.profile.is_none() => return None,
        SettingName::Level if config.choice.level.is_none() => return None,
        _ => format!("The driver has no control for {name}, so its value may differ from the requested one."),
    };
    Some(Warning { code: Code::Control.name(), message, setting: Some(name) })
}

fn without_control(name: SettingName, config: &Resolved) -> Error {
    match name {
        SettingName::Bitrate if config.bitrate_mode == BitrateMode::Quantizer => Error::new(
            Code::Control,
            "In bitrateMode 'quantizer' there is no bit rate that could be changed.",
        ),
        SettingName::Bitrate => Error::new(Code::Control, "The driver has no bitrate control.")
            .with_hint("No option of this package changes its quality."),
        _ => Error::new(Code::Control, format!("The driver has no control for {name}.")),
    }
}

fn is_fatal(error: &v4l2::Failure) -> bool {
    matches!(error.errno(), Some(Errno::ENODEV | Errno::EIO))
}

fn rejected(name: &str, error: v4l2::Failure) -> Error {
    let message = format!("The driver rejected the control {name}: {error}.");
    Error { code: Code::Control, message, ..Error::from(error) }
}
