//! Which encoder is tried when.
//!
//! For each codec in the caller's order: the devices that the caller named, NVIDIA's node, the kernel's `/dev/videoN` by
//! number, software. One device that is named outside a list is an order: nothing else is tried. Nothing here opens NVIDIA's
//! device: existence is all that is looked at, and acceptance is what opening finds out. Whatever is not taken is reported, with
//! a hint where there is one.

pub(crate) mod board;
mod discovery;
mod failure;

use std::path::Path;
use std::time::{Duration, Instant};

use v4l2::PixelFormat;
use v4l2::discovery as devices;

use crate::backend::{KINDS, kind};
use crate::backend_kind::BackendKind;
use crate::candidate::Candidate;
use crate::codec::Codec;
use crate::config::{CodecChoice, Config, Devices};
use crate::error::{Code, Error, RejectedEncoder, Result};

use crate::place::{Listed, Place};

pub use failure::no_encoder;
pub(crate) use failure::reasons;

/// How long all nodes together may take to say what they are, where that is only a hint.
const SOON: Duration = Duration::from_millis(500);

/// A step of the selection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Try this.
    Try(Candidate),
    /// This was ruled out without opening it as an encoder.
    Reject(RejectedEncoder),
}

/// Everything there is to try, in order, with what can be ruled out beforehand. `config` has been checked.
#[must_use]
pub fn steps(config: &Config) -> Vec<Step> {
    let mut search = Search::new(config);
    while search.next().is_some() {
        search.examine();
    }
    search.steps(config)
}

/// The way to all [`steps`], one node of the kernel's after the other, because any of them may hang.
#[derive(Clone)]
pub(crate) struct Search {
    places: Vec<Place>,
}

impl Search {
    /// Finds out what there is. Nothing is opened.
    pub(crate) fn new(config: &Config) -> Self {
        Self { places: discovery::find(config) }
    }

    /// The node that is to be looked at next.
    pub(crate) fn next(&self) -> Option<&Path> {
        self.places.iter().find_map(Place::unexamined)
    }

    /// Looks at that node. `true` when it is an encoder.
    pub(crate) fn examine(&mut self) -> bool {
        let unseen = self.places.iter_mut().find(|place| place.unexamined().is_some());
        unseen.is_some_and(Place::examine)
    }

    /// That node does not answer.
    pub(crate) fn rule_out(&mut self, rejection: RejectedEncoder) {
        if let Some(unseen) = self.places.iter_mut().find(|place| place.unexamined().is_some()) {
            *unseen = Place::Not(rejection);
        }
    }

    /// What there is to try, as far as it is known.
    pub(crate) fn steps(&self, config: &Config) -> Vec<Step> {
        let mut steps: Vec<_> =
            config.uncoded.iter().map(|codec| Step::Reject(unknown_codec(codec, config))).collect();
        for choice in &config.codecs {
            for step in self.places.iter().filter_map(|place| step_at(place, *choice, config)) {
                push_once(&mut steps, step);
            }
        }
        steps
    }
}

fn unknown_codec(codec: &str, config: &Config) -> RejectedEncoder {
    let message = format!("No encoder of this version encodes {}.", codec.to_uppercase());
    let rejection =
        RejectedEncoder::new(BackendKind::Software.name(), None, None, Code::CodecUnsupported, message);
    with_alternatives(RejectedEncoder { codec: Some(codec.to_owned()), ..rejection }, codec, config)
}

/// What software could encode here, where the caller does not ask for it already.
fn alternatives(config: &Config) -> Vec<Codec> {
    let asked = |codec: &Codec| config.codecs.iter().any(|choice| choice.codec == *codec);
    let software = KINDS.iter().filter(|kind| !kind.is_hardware && config.hardware.allows(kind.is_hardware));
    software.flat_map(|kind| kind.codecs).map(|(codec, _)| *codec).filter(|codec| !asked(codec)).collect()
}

/// Says of a codec that no encoder here encodes which one could be.
fn with_alternatives(rejected: RejectedEncoder, codec: &str, config: &Config) -> RejectedEncoder {
    let alternatives = alternatives(config);
    let Some(first) = alternatives.first() else { return rejected };
    let hint = format!("Allow {first} as well: codec: ['{codec}', '{}'].", first.name());
    let alternatives = alternatives.iter().map(|codec| codec.name()).collect();
    RejectedEncoder { alternatives, ..rejected }.with_hint(hint)
}

/// A node that is no encoder is one for no codec: once is enough.
fn push_once(steps: &mut Vec<Step>, step: Step) {
    let is_known = |known: &Step| match (known, &step) {
        (Step::Reject(known), Step::Reject(rejection)) => known.is_like(rejection),
        (known, step) => known == step,
    };
    if !steps.iter().any(is_known) {
        steps.push(step);
    }
}

fn step_at(place: &Place, choice: CodecChoice, config: &Config) -> Option<Step> {
    Some(match place {
        Place::Unexamined { .. } => return None,
        Place::Encoder { kind, device, lists } => {
            let rejected = misfit(*kind, lists.as_ref(), device.as_deref(), choice, config);
            rejected.map_or_else(
                || Step::Try(Candidate { backend: *kind, device: device.clone(), choice }),
                Step::Reject,
            )
        }
        Place::Not(rejection) => {
            let codec = Some(choice.codec.name().to_owned());
            Step::Reject(RejectedEncoder { codec, ..rejection.clone() })
        }
    })
}

/// Why this encoder need not be tried: it says itself that it does not encode this codec, or the table of kinds says that it cannot,
/// or not at this size.
fn misfit(
    backend: BackendKind,
    lists: Option<&Listed>,
    device: Option<&Path>,
    choice: CodecChoice,
    config: &Config,
) -> Option<RejectedEncoder> {
    let (kind, codec) = (kind(backend), choice.codec);
    let message = match (lists, kind.limits(codec)) {
        (Some(Listed { card, coded }), _) if !coded.contains(&codec.fourcc()) => {
            let coded: Vec<_> = coded.iter().map(|format| coded_name(*format)).collect();
            let device = device.unwrap_or(Path::new("")).display();
            Some(format!("{device} ({card}) encodes {}, not {codec}.", coded.join(" and ")))
        }
        (_, None) => Some(format!("The {} encoder does not encode {codec}.", kind.title)),
        (_, Some(limits)) => limits.rejection(codec, config.width, config.height),
    };
    let code = Code::CodecUnsupported;
    let rejected = RejectedEncoder::new(backend.name(), device, Some(codec.name()), code, message?);
    let is_last = !kind.is_hardware && kind.limits(codec).is_none();
    Some(if is_last { with_alternatives(rejected, codec.name(), config) } else { rejected })
}

/// A coded format by its codec's name, or by its four characters.
fn coded_name(format: PixelFormat) -> String {
    let known = Codec::ALL.into_iter().find(|codec| codec.fourcc() == format);
    known.map_or_else(|| format.to_string(), |codec| codec.title().to_owned())
}

/// Checks that some encoder can encode frames of this size: a size that none can is the caller's mistake.
///
/// # Errors
/// [`Code::Config`] with the limits.
pub(crate) fn check_size(config: &Config) -> Result<()> {
    let rejections: Option<Vec<String>> =
        config.codecs.iter().map(|choice| rejected_everywhere(choice.codec, config)).collect();
    match rejections {
        Some(sentences) if !sentences.is_empty() => Err(Error::range(Code::Config, sentences.join(" "))),
        _ => Ok(()),
    }
}

fn rejected_everywhere(codec: Codec, config: &Config) -> Option<String> {
    let sentences: Option<Vec<String>> = KINDS
        .iter()
        .filter(|kind| config.hardware.allows(kind.is_hardware))
        .filter_map(|kind| kind.limits(codec))
        .map(|limits| limits.rejection(codec, config.width, config.height))
        .collect();
    sentences?.into_iter().next()
}

/// What else could encode this, where the caller allowed one device only. Nothing is opened as an encoder, and a node that does
/// not say at once what it is does not count.
pub(crate) fn others(config: &Config) -> Vec<Candidate> {
    let Devices::Only(named) = &config.devices else { return Vec::new() };
    let any = Config { devices: Devices::Any, timeout: SOON, ..config.clone() };
    let until = Instant::now() + SOON;
    let mut search = Search::new(&any);
    while search.next().is_some() {
        let mut looking = search.clone();
        let left = until.saturating_duration_since(Instant::now());
        let looked = devices::in_time(left, move || {
            looking.examine();
            looking
        });
        match looked {
            Ok(Some(after)) => search = after,
            _ => break,
        }
    }
    let tries = search.steps(&any).into_iter().filter_map(|step| match step {
        Step::Try(candidate) => Some(candidate),
        Step::Reject(_) => None,
    });
    tries.filter(|candidate| candidate.device.as_ref() != Some(named)).collect()
}

#[cfg(test)]
mod tests;
