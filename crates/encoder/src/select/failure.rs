//! The error for "everything was tried".

use std::path::Path;

use super::board;
use crate::candidate::Candidate;
use crate::config::{Config, Devices, Hardware};
use crate::error::{Code, Error, RejectedEncoder};

/// What was not taken, each sentence once.
pub(crate) fn reasons(rejected: &[RejectedEncoder], reported: impl Fn(&RejectedEncoder) -> String) -> String {
    let mut sentences: Vec<String> = Vec::new();
    for sentence in rejected.iter().map(reported) {
        if !sentences.contains(&sentence) {
            sentences.push(sentence);
        }
    }
    sentences.join(" ")
}

/// The error for "everything was tried". `others` is what could encode instead of the only device that was allowed.
#[must_use]
pub fn no_encoder(config: &Config, rejected: Vec<RejectedEncoder>, others: &[Candidate]) -> Error {
    if let Devices::Only(device) = &config.devices {
        return unusable(device, rejected, others);
    }
    let uncoded = config.uncoded.iter().map(|codec| codec.to_uppercase());
    let codecs: Vec<_> =
        config.codecs.iter().map(|choice| choice.codec.title().to_owned()).chain(uncoded).collect();
    let tried = reasons(&rejected, |rejection| format!("{}: {}", rejection.backend, rejection.message));
    let hint = rejected.iter().rev().find_map(|rejection| rejection.hint.clone());
    let root = config.root.as_deref().unwrap_or(Path::new("/"));
    let why = board::why_none(root).filter(|_| config.hardware != Hardware::Never);
    let message = format!(
        "No encoder was found for {} at {}x{}. {}{tried}",
        codecs.join(" or "),
        config.width,
        config.height,
        why.map(|why| format!("{why} ")).unwrap_or_default(),
    );
    Error { rejected, hint, ..Error::new(Code::NoEncoder, message) }
}

/// The error of the only device that was allowed, and what else there is.
fn unusable(device: &Path, rejected: Vec<RejectedEncoder>, others: &[Candidate]) -> Error {
    // That it does not encode one of several codecs says less than what is wrong with it for another.
    let worst =
        rejected.iter().find(|rejection| rejection.code != Code::CodecUnsupported).or(rejected.first());
    let code = worst.map_or(Code::NoEncoder, |rejection| rejection.code);
    let own = worst.and_then(|rejection| rejection.hint.clone());
    let hint = own.into_iter().chain([what_else(others)]).collect::<Vec<_>>().join(" ");
    let message = reasons(&rejected, |rejection| rejection.message.clone());
    Error { rejected, hint: Some(hint), ..Error::new(code, message) }.on(device)
}

fn what_else(others: &[Candidate]) -> String {
    let mut names: Vec<_> = others
        .iter()
        .map(|candidate| match &candidate.device {
            Some(device) => device.display().to_string(),
            None => "the built-in software encoder".to_owned(),
        })
        .collect();
    names.dedup();
    if names.is_empty() {
        return "Nothing else was found here that could encode this.".to_owned();
    }
    format!(
        "Only this device was allowed; there is also {}. Leave out the device to use the first encoder that works, or give a \
         list to prefer one.",
        names.join(" and ")
    )
}
