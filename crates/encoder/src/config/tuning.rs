use super::options::Config;
use super::parameters::{Parameters, contradiction};
use super::range::{BITRATES_BPS, FRAMERATES, KEY_FRAME_INTERVALS, within};
use super::resolved::Resolved;
use crate::error::Result;
use crate::settings::{Setting, SettingName};

/// A change of a running encoder. What is `None` stays as it is.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tuning {
    /// The target rate, in bits per second.
    pub bitrate_bps: Option<u32>,
    /// The frame rate that the rate controller goes by, in frames per second.
    pub framerate: Option<f64>,
    /// In frames; 0 for on request only.
    pub key_frame_interval: Option<u32>,
    /// What else is requested.
    pub parameters: Parameters,
    /// Width and height of the frames from now on, in pixels.
    pub size: Option<(u32, u32)>,
}

impl Tuning {
    /// What is requested, as settings.
    pub(crate) fn settings(&self) -> Vec<Setting> {
        let Self { bitrate_bps, framerate, key_frame_interval, parameters, size: _ } = self;
        let bitrate = bitrate_bps.map(|value| Setting::requested(SettingName::Bitrate, value));
        let framerate = framerate.map(|value| Setting::requested(SettingName::Framerate, value));
        let interval =
            key_frame_interval.map(|value| Setting::requested(SettingName::KeyFrameInterval, value));
        let parameters = parameters.iter().map(|(parameter, value)| {
            Setting::requested(SettingName::Parameter(parameter), parameter.shown(value))
        });
        bitrate.into_iter().chain(framerate).chain(interval).chain(parameters).collect()
    }

    /// The configuration with these changes, as if it had been requested so.
    ///
    /// # Errors
    /// [`Code::Config`](crate::Code::Config) for a value outside its range, and for what contradicts the rest.
    pub(crate) fn applied_to(&self, config: &Config) -> Result<Config> {
        let (width, height) = self.size.unwrap_or((config.width, config.height));
        let changed = Config {
            bitrate_bps: self.bitrate_bps.or(config.bitrate_bps),
            framerate: self.framerate.unwrap_or(config.framerate),
            key_frame_interval: self.key_frame_interval.or(config.key_frame_interval),
            parameters: config.parameters.changed(&self.parameters),
            width,
            height,
            ..config.clone()
        };
        if changed.requested_bitrate_mode() != config.requested_bitrate_mode() {
            let hint =
                "The mode stays what it is while the encoder runs: make a new encoder for another one.";
            return Err(contradiction("bitrateMode", "quantizer` or `maxBitrate", hint));
        }
        changed.check()?;
        Ok(changed)
    }

    /// Checks these changes together with what they change.
    ///
    /// # Errors
    /// As [`Tuning::applied_to`].
    pub(crate) fn check(&self, config: &Config) -> Result<()> {
        // Rates alone contradict nothing where nothing else was requested; a program may change them with every frame.
        if self.size.is_some() || !self.parameters.is_empty() || !config.parameters.is_empty() {
            return self.applied_to(config).map(drop);
        }
        self.bitrate_bps.map_or(Ok(()), |bitrate| within("bitrate", bitrate, &BITRATES_BPS))?;
        self.framerate.map_or(Ok(()), |framerate| within("framerate", framerate, &FRAMERATES))?;
        let interval = self.key_frame_interval;
        interval.map_or(Ok(()), |frames| within("keyFrameInterval", frames, &KEY_FRAME_INTERVALS))
    }

    /// These changes, and those of `later` over them.
    pub(crate) fn followed_by(&self, later: &Self) -> Self {
        Self {
            bitrate_bps: later.bitrate_bps.or(self.bitrate_bps),
            framerate: later.framerate.or(self.framerate),
            key_frame_interval: later.key_frame_interval.or(self.key_frame_interval),
            parameters: self.parameters.changed(&later.parameters),
            size: later.size.or(self.size),
        }
    }

    /// These changes without those of one setting.
    pub(crate) fn without(mut self, name: SettingName) -> Self {
        match name {
            SettingName::Bitrate => self.bitrate_bps = None,
            SettingName::Framerate => self.framerate = None,
            SettingName::KeyFrameInterval => self.key_frame_interval = None,
            SettingName::Parameter(parameter) => self.parameters.unset(parameter),
            _ => {}
        }
        self
    }
}

impl Resolved {
    /// The same configuration with these changes; its size is that of its device.
    pub(crate) fn tuned(&self, tuning: &Tuning) -> Self {
        Self {
            bitrate_bps: tuning.bitrate_bps.unwrap_or(self.bitrate_bps),
            framerate: tuning.framerate.unwrap_or(self.framerate),
            key_frame_interval: tuning.key_frame_interval.unwrap_or(self.key_frame_interval),
            parameters: self.parameters.changed(&tuning.parameters),
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::Codec;
    use crate::config::{BitrateMode, Parameter};

    fn asking(parameter: Parameter, value: u32) -> Tuning {
        let mut tuning = Tuning::default();
        tuning.parameters.set(parameter, value);
        tuning
    }

    #[test]
    fn a_later_change_goes_over_an_earlier_one_and_keeps_the_rest() {
        let first =
            Tuning { bitrate_bps: Some(1), framerate: Some(15.0), ..asking(Parameter::Quantizer, 20) };
        let later = Tuning { bitrate_bps: Some(2), ..asking(Parameter::BufferMs, 100) };
        let both = first.followed_by(&later);
        assert_eq!((both.bitrate_bps, both.framerate), (Some(2), Some(15.0)));
        assert_eq!(both.parameters.iter().count(), 2);
    }

    #[test]
    fn a_change_is_checked_together_with_what_it_changes() {
        let config = Config {
            bitrate_bps: Some(2_000_000),
            bitrate_mode: Some(BitrateMode::Variable),
            ..Config::new(Codec::H264)
        };
        let message = |tuning: Tuning| tuning.applied_to(&config).unwrap_err().message;
        assert_eq!(
            message(asking(Parameter::MaxBitrate, 1_000_000)),
            "The option `maxBitrate` is 1000000, which is below `bitrate`, 2000000."
        );
        assert_eq!(
            message(Tuning { size: Some((1281, 720)), ..Tuning::default() }),
            "The option `width` is 1281, but must be even: chroma has half the resolution."
        );
        assert_eq!(
            message(Tuning { framerate: Some(0.5), ..Tuning::default() }),
            "The option `framerate` is 0.5, but must be between 1 and 240."
        );
    }
}
