use super::options::{BitrateMode, CodecChoice, Config, Devices, Hardware};
use super::parameters::{Parameter, contradiction};
use super::range::{BITRATES_BPS, FRAMERATES, KEY_FRAME_INTERVALS, QUEUE_DEPTHS, SIZES, TIMEOUTS_MS, within};
use crate::codec::{Level, Profile};
use crate::error::{Code, Error, Result};

impl Config {
    /// Checks every value.
    ///
    /// # Errors
    /// [`Code::Config`] for the first one that is wrong.
    pub fn check(&self) -> Result<()> {
        if self.codecs.is_empty() && self.uncoded.is_empty() {
            return Err(Error::shape(Code::Config, "The list of codecs is empty; name at least one."));
        }
        check(self)?;
        // What only some of the codecs cannot hold is reported by the selection.
        let mut held: Vec<_> = self.codecs.iter().map(|choice| self.resolve(*choice).map(drop)).collect();
        if held.iter().all(Result::is_err) { held.pop().unwrap_or(Ok(())) } else { Ok(()) }
    }
}

fn check(config: &Config) -> Result<()> {
    check_size(config)?;
    check_devices(config)?;
    within("framerate", config.framerate, &FRAMERATES)?;
    if let Some(bitrate) = config.bitrate_bps {
        within("bitrate", bitrate, &BITRATES_BPS)?;
    }
    if let Some(interval) = config.key_frame_interval {
        within("keyFrameInterval", interval, &KEY_FRAME_INTERVALS)?;
    }
    check_parameters(config)?;
    check_metadata(config)?;
    if let Some(depth) = config.queue_depth {
        within("queueDepth", depth, &QUEUE_DEPTHS)?;
    }
    let timeout_ms = u32::try_from(config.timeout.as_millis()).unwrap_or(u32::MAX);
    within("timeout", timeout_ms, &TIMEOUTS_MS)?;
    config.codecs.iter().try_for_each(check_choice)
}

/// Checks what belongs to one mode only, and what contradicts something else.
fn check_parameters(config: &Config) -> Result<()> {
    use Parameter::{MaxBitrate, Quantizer};
    let Config { parameters, .. } = config;
    parameters.check()?;
    let mode = config.requested_bitrate_mode().unwrap_or(BitrateMode::Constant);
    for (parameter, its_mode) in [(MaxBitrate, BitrateMode::Variable), (Quantizer, BitrateMode::Quantizer)] {
        if parameters.get(parameter).is_some() && mode != its_mode {
            let hint = format!(
                "`{}` belongs to bitrateMode '{}': set that, or leave it out.",
                parameter.name(),
                its_mode.name()
            );
            return Err(contradiction(parameter.name(), "bitrateMode", &hint));
        }
    }
    if mode == BitrateMode::Quantizer && config.bitrate_bps.is_some() {
        let hint = "With bitrateMode 'quantizer' a frame costs what it costs: leave `bitrate` out.";
        return Err(contradiction("bitrate", "quantizer", hint));
    }
    if let Some((max, bitrate)) = parameters.get(MaxBitrate).zip(config.bitrate_bps)
        && max < bitrate
    {
        let message = format!("The option `maxBitrate` is {max}, which is below `bitrate`, {bitrate}.");
        return Err(
            Error::range(Code::Config, message).with_hint("Raise `maxBitrate`, or lower `bitrate` with it.")
        );
    }
    Ok(())
}

fn check_metadata(config: &Config) -> Result<()> {
    let without_units = config.codecs.iter().find(|choice| choice.codec.of_units().is_none());
    match without_units.filter(|_| config.metadata) {
        None => Ok(()),
        Some(choice) => {
            let message = format!(
                "The option `metadata` is for H.264 and H.265: a {} stream has no place for it.",
                choice.codec
            );
            Err(Error::range(Code::Config, message)
                .with_hint("Leave `metadata` out, or take the other codecs out of the list."))
        }
    }
}

fn check_devices(config: &Config) -> Result<()> {
    match config.devices.named().first() {
        None if config.devices == Devices::Any => Ok(()),
        None => Err(Error::shape(Code::Config, "The option `device` is an empty list.")
            .with_hint("Name at least one device, or leave the option out to use the first that works.")),
        Some(device) if config.hardware == Hardware::Never => {
            let message = format!(
                "The option `device` names {}, but `hardware` is 'never', so no device is used.",
                device.display()
            );
            Err(Error::range(Code::Config, message).with_hint("Leave out one of the two options."))
        }
        Some(_) => Ok(()),
    }
}

fn check_choice(choice: &CodecChoice) -> Result<()> {
    let CodecChoice { codec, profile, level, .. } = *choice;
    if let Some(profile) = profile
        && !Profile::of(codec).contains(&profile)
    {
        let names: Vec<_> = Profile::of(codec).iter().map(|profile| profile.name()).collect();
        let there_is = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
        return Err(Error::range(
            Code::Config,
            format!("{codec} has no profile `{}` here; there is {there_is}.", profile.name()),
        ));
    }
    if let Some(level) = level
        && !Level::of(codec).contains(&level.tenfold())
    {
        return Err(Error::range(Code::Config, format!("{codec} has no level {level}.")));
    }
    Ok(())
}

fn check_size(config: &Config) -> Result<()> {
    for (option, pixels) in [("width", config.width), ("height", config.height)] {
        within(option, pixels, &SIZES)?;
        if pixels % 2 != 0 {
            return Err(Error::range(
                Code::Config,
                format!(
                    "The option `{option}` is {pixels}, but must be even: chroma has half the resolution."
                ),
            )
            .with_hint(format!("Crop the frame to {}, or scale it.", pixels - 1)));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::Codec;

    fn rejected(change: impl FnOnce(&mut Config)) -> String {
        let mut config = Config::new(Codec::H264);
        change(&mut config);
        config.check().unwrap_err().message
    }

    #[test]
    fn the_default_configuration_is_accepted() {
        Config::new(Codec::H264).check().unwrap();
        Config::new(Codec::H265).check().unwrap();
    }

    #[test]
    fn sizes_that_cannot_be_are_rejected_with_what_can() {
        assert_eq!(rejected(|c| c.width = 0), "The option `width` is 0, but must be between 16 and 8192.");
        assert_eq!(
            rejected(|c| c.height = 721),
            "The option `height` is 721, but must be even: chroma has half the resolution."
        );
    }

    #[test]
    fn a_device_and_no_hardware_contradict_each_other() {
        let message = rejected(|config| {
            (config.devices, config.hardware) = (Devices::Only("/dev/video11".into()), Hardware::Never);
        });
        assert_eq!(
            message,
            "The option `device` names /dev/video11, but `hardware` is 'never', so no device is used."
        );
        let message = rejected(|config| config.devices = Devices::First(Vec::new()));
        assert_eq!(message, "The option `device` is an empty list.");
    }

    #[test]
    fn metadata_needs_a_stream_of_units() {
        let with = |codecs: &[Codec]| {
            let codecs = codecs.iter().copied().map(CodecChoice::from).collect();
            Config { codecs, metadata: true, ..Config::new(Codec::H264) }
        };
        with(&[Codec::H265, Codec::H264]).check().unwrap();
        for codec in [Codec::Vp8, Codec::Vp9, Codec::Fwht] {
            let error = with(&[Codec::H264, codec]).check().unwrap_err();
            assert_eq!(error.code, Code::Config);
            assert!(error.message.contains(&codec.to_string()), "{}", error.message);
        }
    }

    #[test]
    fn parameters_belong_to_their_mode_and_must_not_contradict_other_options() {
        let with = |parameter, value, change: fn(&mut Config)| {
            rejected(|config| {
                config.parameters.set(parameter, value);
                change(config);
            })
        };
        assert_eq!(
            with(Parameter::MaxBitrate, 1_000_000, |config| config.bitrate_bps = Some(2_000_000)),
            "The option `maxBitrate` is 1000000, which is below `bitrate`, 2000000."
        );
        let constant: fn(&mut Config) = |config| config.bitrate_mode = Some(BitrateMode::Constant);
        for (parameter, value) in [(Parameter::MaxBitrate, 9_000_000), (Parameter::Quantizer, 30)] {
            assert_eq!(
                with(parameter, value, constant),
                format!("The options `{}` and `bitrateMode` contradict each other.", parameter.name())
            );
        }
        assert_eq!(
            with(Parameter::Quantizer, 30, |config| config.bitrate_bps = Some(2_000_000)),
            "The options `bitrate` and `quantizer` contradict each other."
        );
    }

    #[test]
    fn a_parameter_of_one_mode_implies_it() {
        let mode = |parameter, value| {
            let mut config = Config::new(Codec::H264);
            config.parameters.set(parameter, value);
            config.check().unwrap();
            config.resolve(config.codecs[0]).unwrap().bitrate_mode
        };
        assert_eq!(mode(Parameter::Quantizer, 30), BitrateMode::Quantizer);
        assert_eq!(mode(Parameter::MaxBitrate, 9_000_000), BitrateMode::Variable);
        assert_eq!(mode(Parameter::BufferMs, 100), BitrateMode::Constant);
    }

    #[test]
    fn a_profile_of_another_codec_is_rejected_with_the_right_ones() {
        let message = rejected(|config| {
            config.codecs = vec![CodecChoice { profile: Some(Profile::High), ..Codec::H265.into() }];
        });
        assert_eq!(message, "H265 has no profile `high` here; there is main.");
    }
}
