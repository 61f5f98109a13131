use super::range::{BITRATES_BPS, FRAMERATES, within};
use super::resolved::Resolved;
use crate::error::Result;
use crate::settings::{Setting, SettingName};

/// A change of a running encoder. What is `None` stays as it is.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Tuning {
    /// The target rate, in bits per second.
    pub bitrate_bps: Option<u32>,
    /// The frame rate that the rate controller goes by, in frames per second.
    pub framerate: Option<f64>,
}

impl Tuning {
    /// Checks every value.
    ///
    /// # Errors
    /// [`Code::Config`](crate::Code::Config) for the first one that is outside its range.
    pub fn check(&self) -> Result<()> {
        self.bitrate_bps.map_or(Ok(()), |bitrate| within("bitrate", bitrate, &BITRATES_BPS))?;
        self.framerate.map_or(Ok(()), |framerate| within("framerate", framerate, &FRAMERATES))
    }

    /// What is requested, as settings.
    pub(crate) fn settings(&self) -> Vec<Setting> {
        let Self { bitrate_bps, framerate } = *self;
        let bitrate = bitrate_bps.map(|value| Setting::requested(SettingName::Bitrate, value));
        let framerate = framerate.map(|value| Setting::requested(SettingName::Framerate, value));
        bitrate.into_iter().chain(framerate).collect()
    }
}

impl Resolved {
    /// The same configuration with these changes.
    pub(crate) fn tuned(&self, tuning: &Tuning) -> Self {
        Self {
            bitrate_bps: tuning.bitrate_bps.unwrap_or(self.bitrate_bps),
            framerate: tuning.framerate.unwrap_or(self.framerate),
            ..self.clone()
        }
    }
}
