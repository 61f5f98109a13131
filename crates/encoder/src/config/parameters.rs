//! What may be requested of an encoder besides size, rates and codec, each once: its name and its values. An encoder that has nothing
//! for a parameter rejects it or warns; none is left out silently.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use super::range::{BITRATES_BPS, integer, within};
use crate::error::{Code, Error, Result};

/// The values of a parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Values {
    /// A whole number.
    Number(RangeInclusive<u32>),
    /// One of these; its value is its position.
    Words(&'static [&'static str]),
    /// 0 or 1.
    Flag,
}

/// Defines [`Parameter`] by rows of name and values.
macro_rules! parameters {
    ($($(#[$doc:meta])* $member:ident = $name:literal: $values:expr,)+) => {
        /// Something that may be requested of an encoder. Names are those of the options.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Parameter { $($(#[$doc])* $member),+ }

        impl Parameter {
            /// All of them, in the order in which they are checked and applied.
            pub const ALL: &[Self] = &[$(Self::$member),+];

            /// The name of the option.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$member => $name),+ }
            }

            fn values(self) -> Values {
                match self { $(Self::$member => $values),+ }
            }
        }
    };
}

/// Of H.264 and H.265, 8 bits: ITU-T H.264 (7.4.2.1.1), H.265 (7.4.7.1). VP8, VP9 and AV1 have up to 63 as WebCodecs counts.
const QUANTIZERS: RangeInclusive<u32> = 0..=63;

parameters! {
    /// Bits per second at most, in `variable` mode.
    MaxBitrate = "maxBitrate": Values::Number(BITRATES_BPS),
    /// The decoder's buffer, in milliseconds of the bit rate.
    BufferMs = "bufferMs": Values::Number(1..=60_000),
    /// Of every frame, in `quantizer` mode.
    Quantizer = "quantizer": Values::Number(QUANTIZERS),
    /// The finest quantizer of any frame.
    MinQuantizer = "minQuantizer": Values::Number(QUANTIZERS),
    /// The coarsest quantizer of any frame.
    MaxQuantizer = "maxQuantizer": Values::Number(QUANTIZERS),
    /// The finest quantizer of key frames.
    MinKeyQuantizer = "minKeyQuantizer": Values::Number(QUANTIZERS),
    /// The coarsest quantizer of key frames.
    MaxKeyQuantizer = "maxKeyQuantizer": Values::Number(QUANTIZERS),
    /// Frames from one intra frame to the next, between key frames.
    IntraFrameInterval = "intraFrameInterval": Values::Number(1..=1_000_000),
    /// Frames in which the whole frame is refreshed by intra blocks.
    IntraRefreshPeriod = "intraRefreshPeriod": Values::Number(2..=10_000),
    /// Rows of macroblocks that each frame refreshes.
    IntraRefreshRows = "intraRefreshRows": Values::Number(1..=512),
    /// Slices of a frame.
    SliceCount = "sliceCount": Values::Number(1..=256),
    /// Bytes of a slice at most.
    SliceBytes = "sliceBytes": Values::Number(256..=1_000_000),
    /// How long the encoder may search.
    Preset = "preset": Values::Words(&["ultrafast", "fast", "medium", "slow"]),
    /// What the frames show.
    ContentHint = "contentHint": Values::Words(&["motion", "detail", "text"]),
    /// An access unit delimiter before each frame.
    AccessUnitDelimiters = "accessUnitDelimiters": Values::Flag,
    /// Temporal layers, as WebCodecs names them.
    ScalabilityMode = "scalabilityMode": Values::Words(&["L1T1", "L1T2", "L1T3"]),
    /// Frames that a frame may refer to.
    ReferenceFrames = "referenceFrames": Values::Number(1..=16),
    /// Frames may have regions whose quantizer differs.
    RegionsOfInterest = "regionsOfInterest": Values::Flag,
    /// Chunks tell what the device knows of them.
    ChunkStatistics = "chunkStatistics": Values::Flag,
}

impl Parameter {
    /// The parameter of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|parameter| parameter.name() == name)
    }

    /// A value as the configuration writes it.
    #[must_use]
    pub fn shown(self, value: u32) -> String {
        match self.values() {
            Values::Words(words) => {
                words.get(value as usize).map_or_else(|| value.to_string(), |word| (*word).to_owned())
            }
            Values::Flag => (value != 0).to_string(),
            Values::Number(_) => value.to_string(),
        }
    }

    /// Whether its values are numbers.
    #[must_use]
    pub fn is_number(self) -> bool {
        matches!(self.values(), Values::Number(_))
    }

    /// The value that a number of the configuration means.
    ///
    /// # Errors
    /// [`Code::Config`] for a fraction and what is outside its range.
    pub fn number(self, value: f64) -> Result<u32> {
        match self.values() {
            Values::Number(allowed) => {
                let number = integer(self.name(), value)?;
                within(self.name(), number, &allowed).map(|()| number)
            }
            Values::Flag if value == 0.0 || value == 1.0 => Ok(value as u32),
            _ => Err(self.wrong(&value.to_string())),
        }
    }

    /// The value that a word of the configuration means.
    ///
    /// # Errors
    /// [`Code::Config`] for one that is none of its words.
    pub fn word(self, word: &str) -> Result<u32> {
        let Values::Words(words) = self.values() else { return Err(self.wrong(word)) };
        words
            .iter()
            .position(|known| *known == word)
            .map_or_else(|| Err(self.wrong(word)), |position| Ok(position as u32))
    }

    fn wrong(self, value: &str) -> Error {
        let allowed = match self.values() {
            Values::Number(allowed) => format!("a number from {} to {}", allowed.start(), allowed.end()),
            Values::Words(words) => format!("one of {}", words.join(", ")),
            Values::Flag => "true or false".to_owned(),
        };
        let message = format!("The option `{}` is {value}, but must be {allowed}.", self.name());
        Error::range(Code::Config, message)
    }
}

/// What was requested. What is absent is left to the encoder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parameters(BTreeMap<Parameter, u32>);

impl Parameters {
    /// Requests a value, which has been checked by [`Parameter::number`] or [`Parameter::word`].
    pub fn set(&mut self, parameter: Parameter, value: u32) {
        self.0.insert(parameter, value);
    }

    /// Leaves a parameter to the encoder.
    pub(super) fn unset(&mut self, parameter: Parameter) {
        self.0.remove(&parameter);
    }

    /// What was requested, if it was.
    #[must_use]
    pub fn get(&self, parameter: Parameter) -> Option<u32> {
        self.0.get(&parameter).copied()
    }

    /// Everything that was requested.
    pub fn iter(&self) -> impl Iterator<Item = (Parameter, u32)> + '_ {
        self.0.iter().map(|(parameter, value)| (*parameter, *value))
    }

    /// Whether nothing was requested.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// These, and where `changes` has something else, that.
    #[must_use]
    pub fn changed(&self, changes: &Self) -> Self {
        let mut all = self.0.clone();
        all.extend(&changes.0);
        Self(all)
    }

    /// Checks what contradicts itself, whatever the codec.
    ///
    /// # Errors
    /// [`Code::Config`] that names both and what to change.
    pub(super) fn check(&self) -> Result<()> {
        use Parameter::{
            IntraRefreshPeriod, IntraRefreshRows, MaxKeyQuantizer, MaxQuantizer, MinKeyQuantizer,
            MinQuantizer, SliceBytes, SliceCount,
        };
        self.check_order(MinQuantizer, MaxQuantizer)?;
        self.check_order(MinKeyQuantizer, MaxKeyQuantizer)?;
        self.check_exclusive(SliceCount, SliceBytes)?;
        self.check_exclusive(IntraRefreshPeriod, IntraRefreshRows)
    }

    fn check_order(&self, min: Parameter, max: Parameter) -> Result<()> {
        match (self.get(min), self.get(max)) {
            (Some(low), Some(high)) if low > high => {
                let message =
                    format!("The option `{}` is {low}, which is above `{}`, {high}.", min.name(), max.name());
                Err(Error::range(Code::Config, message).with_hint("Exchange the two values."))
            }
            _ => Ok(()),
        }
    }

    fn check_exclusive(&self, one: Parameter, other: Parameter) -> Result<()> {
        if self.get(one).is_some() && self.get(other).is_some() {
            return Err(contradiction(one.name(), other.name(), "Leave one of the two options out."));
        }
        Ok(())
    }
}

/// Two options that cannot both be.
pub(super) fn contradiction(one: &str, other: &str, hint: &str) -> Error {
    let message = format!("The options `{one}` and `{other}` contradict each other.");
    Error::range(Code::Config, message).with_hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameters(values: &[(Parameter, u32)]) -> Parameters {
        Parameters(values.iter().copied().collect())
    }

    #[test]
    fn every_parameter_is_found_by_its_name() {
        for parameter in Parameter::ALL {
            assert_eq!(Parameter::from_name(parameter.name()), Some(*parameter));
        }
        assert_eq!(Parameter::from_name("bitrate"), None);
    }

    #[test]
    fn numbers_below_above_and_between_whole_ones_are_rejected_with_the_range() {
        assert_eq!(Parameter::Quantizer.number(30.0).unwrap(), 30);
        for wrong in [-1.0, 64.0, 30.5, f64::NAN, f64::INFINITY] {
            assert_eq!(Parameter::Quantizer.number(wrong).unwrap_err().code, Code::Config, "{wrong}");
        }
        let message = Parameter::SliceBytes.number(100.0).unwrap_err().message;
        assert_eq!(message, "The option `sliceBytes` is 100, but must be between 256 and 1000000.");
    }

    #[test]
    fn words_and_flags_have_their_own_values() {
        assert_eq!(Parameter::ScalabilityMode.word("L1T3").unwrap(), 2);
        assert_eq!(Parameter::ScalabilityMode.shown(2), "L1T3");
        let message = Parameter::ContentHint.word("sport").unwrap_err().message;
        assert_eq!(message, "The option `contentHint` is sport, but must be one of motion, detail, text.");
        assert!(Parameter::ContentHint.number(1.0).is_err());
        assert!(Parameter::Quantizer.word("fine").is_err());
        assert_eq!(Parameter::AccessUnitDelimiters.number(1.0).unwrap(), 1);
        assert!(Parameter::AccessUnitDelimiters.number(2.0).is_err());
    }

    #[test]
    fn what_contradicts_itself_is_named() {
        use Parameter::{MaxQuantizer, MinQuantizer, SliceBytes, SliceCount};
        let message = |values: &[_]| parameters(values).check().unwrap_err().message;
        assert_eq!(
            message(&[(MinQuantizer, 40), (MaxQuantizer, 20)]),
            "The option `minQuantizer` is 40, which is above `maxQuantizer`, 20."
        );
        assert_eq!(
            message(&[(SliceCount, 4), (SliceBytes, 1200)]),
            "The options `sliceCount` and `sliceBytes` contradict each other."
        );
    }

    #[test]
    fn a_change_keeps_what_it_does_not_name() {
        let before = parameters(&[(Parameter::Quantizer, 30), (Parameter::BufferMs, 100)]);
        let after = before.changed(&parameters(&[(Parameter::Quantizer, 20)]));
        assert_eq!(after, parameters(&[(Parameter::Quantizer, 20), (Parameter::BufferMs, 100)]));
    }
}
