//! Which encoders this machine has.

use std::path::{Path, PathBuf};
use std::time::Duration;

use v4l2::discovery;
use v4l2::transport::LibraryLookup;

use crate::backend::{KINDS, Kind, Opening, kind};
use crate::backend_kind::BackendKind;
use crate::candidate::Candidate;
use crate::codec::Codec;
use crate::config::{Config, Resolved};
use crate::encoder_info::EncoderInfo;
use crate::error::{Code, Error, RejectedEncoder, Result};
use crate::input::mode::InputMode;
use crate::log::Logger;
use crate::place::Place;
use crate::select::{self, Search, Step};
use crate::session;

/// Lists the encoders below `root`. A device that does not say what it encodes is opened only with `probe`.
#[must_use]
pub fn list_encoders(library: Option<PathBuf>, root: Option<PathBuf>, probe: bool) -> Vec<EncoderInfo> {
    let start = root.clone().unwrap_or_else(|| PathBuf::from("/"));
    let lookup = LibraryLookup { explicit: library, root };
    let mut all = Vec::new();
    for kind in KINDS {
        for place in (kind.discover)(&start, &[]) {
            let described = match place {
                Place::Not(_) => continue,
                place => described(kind, place.device(), &lookup, discovery::MAX_WAIT),
            };
            all.extend(described.map(|info| match info.device {
                Some(_) if probe && !kind.lists_codecs => probed(info, &lookup),
                _ => info,
            }));
        }
    }
    all
}

/// What an encoder of this kind is; nothing where it is none. One that does not answer, or may not be opened, may be one.
fn described(
    kind: &'static Kind,
    device: Option<&Path>,
    lookup: &LibraryLookup,
    timeout: Duration,
) -> Option<EncoderInfo> {
    let (own, theirs) = (device.map(Path::to_owned), lookup.clone());
    let describe = move || (kind.describe)(kind, own.as_deref(), &theirs);
    in_time(device, timeout, describe)
        .unwrap_or_else(|error| device.map(|device| EncoderInfo::unusable(kind.name, device, error)))
}

/// Opens the device once per codec; the last rejection is reported when none works.
fn probed(info: EncoderInfo, lookup: &LibraryLookup) -> EncoderInfo {
    let (mut working, mut problem) = (Vec::new(), None);
    for codec in info.codecs.iter().filter_map(|name| Codec::from_name(name)) {
        let config =
            Config { library: lookup.explicit.clone(), root: lookup.root.clone(), ..Config::new(codec) };
        let candidate =
            Candidate { backend: info.backend, device: info.device.clone(), choice: codec.into() };
        match try_open(&config, &candidate) {
            Ok(_) => working.push(codec.name().to_owned()),
            Err(error) => problem = Some(candidate.rejected(error)),
        }
    }
    let problem = problem.filter(|_| working.is_empty());
    EncoderInfo { codecs: working, problem, ..info }
}

fn in_time<T: Send + 'static>(
    device: Option<&Path>,
    max_wait: Duration,
    look: impl FnOnce() -> T + Send + 'static,
) -> Result<T> {
    discovery::in_time(max_wait, look)
        .map_err(|error| Error::new(Code::Device, format!("No thread could be started: {error}.")))?
        .ok_or_else(|| session::quarantine(device, "a probe", max_wait))
}

/// Whether a configuration can be encoded, and by what.
#[derive(Debug, Clone)]
pub struct Support {
    /// The first encoder that would be tried, or with probing, that works; `None` when there is none.
    pub candidate: Option<Candidate>,
    /// The configuration it would get.
    pub config: Option<Resolved>,
    /// What was ruled out before it.
    pub rejected: Vec<RejectedEncoder>,
}

/// Finds the encoder that would be used; with `probe` by opening it and closing it again.
///
/// # Errors
/// [`Code::Config`] for a wrong configuration.
pub fn is_supported(config: &Config, probe: bool) -> Result<Support> {
    config.check()?;
    select::check_size(config)?;
    let mut rejected = Vec::new();
    for step in steps_in_time(config, Search::examine) {
        let candidate = match step {
            Step::Reject(rejection) => {
                rejected.push(rejection);
                continue;
            }
            Step::Try(candidate) => candidate,
        };
        let looked = if probe { try_open(config, &candidate) } else { inspect(config, &candidate) };
        match looked {
            Ok(resolved) => {
                return Ok(Support { candidate: Some(candidate), config: Some(resolved), rejected });
            }
            Err(error) => {
                rejected.push(candidate.rejected(error));
            }
        }
    }
    Ok(Support { candidate: None, config: None, rejected })
}

/// Everything there is to try. A node that does not answer is ruled out.
fn steps_in_time(config: &Config, look: fn(&mut Search) -> bool) -> Vec<Step> {
    let mut search = Search::new(config);
    while let Some(node) = search.next().map(Path::to_owned) {
        let mut looking = search.clone();
        let looked = in_time(Some(&node), config.timeout, move || {
            look(&mut looking);
            looking
        });
        match looked {
            Ok(after) => search = after,
            Err(error) => {
                search.rule_out(RejectedEncoder::from_error(
                    BackendKind::V4l2.name(),
                    Some(&node),
                    None,
                    error,
                ));
            }
        }
    }
    search.steps(config)
}

/// What can be found out without making an encoder.
fn inspect(config: &Config, candidate: &Candidate) -> Result<Resolved> {
    let resolved = config.resolve(candidate.choice)?;
    (kind(candidate.backend).inspect)(candidate, &resolved, &lookup(config))?;
    Ok(resolved)
}

fn lookup(config: &Config) -> LibraryLookup {
    LibraryLookup { explicit: config.library.clone(), root: config.root.clone() }
}

/// Opens the candidate and closes it again, on a thread of its own: a device may never return from either.
fn try_open(config: &Config, candidate: &Candidate) -> Result<Resolved> {
    let (theirs, tried) = (config.clone(), candidate.clone());
    in_time(candidate.device.as_deref(), config.timeout, move || open_and_close(&theirs, &tried))?
}

fn open_and_close(config: &Config, candidate: &Candidate) -> Result<Resolved> {
    let resolved = config.resolve(candidate.choice)?;
    let logger = Logger::silent();
    let waker = v4l2::Waker::new()
        .map_err(|error| Error::new(Code::Device, format!("No descriptor is left: {error}.")))?;
    let lookup = lookup(config);
    let opening = Opening {
        config: &resolved,
        lookup: &lookup,
        logger: &logger,
        waker: &waker,
        number: 0,
        input: InputMode::Own,
    };
    let opened = (kind(candidate.backend).open)(candidate, &opening)?;
    drop(opened.inputs);
    opened.backend.close()?;
    Ok(resolved)
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;
    use crate::config::Hardware;

    const SOON: Duration = Duration::from_millis(10);

    #[test]
    fn a_node_that_hangs_is_listed_with_the_reason() {
        let hangs = |_: &Kind, _: Option<&Path>, _: &LibraryLookup| {
            thread::sleep(Duration::from_secs(1));
            None
        };
        let kind = Box::leak(Box::new(Kind { describe: hangs, ..*kind(BackendKind::V4l2) }));
        let device = Some(Path::new("/dev/video7"));
        let info = described(kind, device, &LibraryLookup::default(), SOON).unwrap();
        assert_eq!(info.device.as_deref(), Some(Path::new("/dev/video7")));
        let problem = info.problem.unwrap();
        assert_eq!(problem.code, Code::Timeout);
        assert!(problem.message.contains("/dev/video7 did not return from a probe within 10ms"));
    }

    #[test]
    fn a_jetsons_encoder_is_listed_once_and_without_its_library_as_not_available() {
        let root = std::env::temp_dir().join(format!("encoder-list-jetson-{}", std::process::id()));
        std::fs::create_dir_all(root.join("dev")).unwrap();
        for name in ["v4l2-nvenc", "nvhost-msenc"] {
            std::fs::write(root.join("dev").join(name), "").unwrap();
        }
        let listed = list_encoders(None, Some(root.clone()), false);
        let config =
            Config { root: Some(root.clone()), hardware: Hardware::Require, ..Config::new(Codec::H265) };
        let asked = is_supported(&config, false).unwrap();
        std::fs::remove_dir_all(&root).unwrap();
        let jetsons: Vec<_> = listed.iter().filter(|info| info.backend == BackendKind::Jetson).collect();
        assert_eq!(jetsons.len(), 1);
        let problem = jetsons[0].problem.as_ref().unwrap();
        assert_eq!(jetsons[0].device, Some(root.join("dev/v4l2-nvenc")));
        assert_eq!((problem.code, asked.candidate), (Code::LibraryMissing, None));
        assert_eq!(problem.message, "NVIDIA's libnvv4l2.so was not found.");
        assert!(problem.hint.is_some());
        let codes: Vec<_> = asked.rejected.iter().map(|rejection| rejection.code).collect();
        assert_eq!(codes, [Code::LibraryMissing]);
    }

    #[test]
    fn a_node_that_cannot_be_opened_is_listed_with_the_reason_that_the_selection_has() {
        let root = std::env::temp_dir().join(format!("encoder-list-closed-{}", std::process::id()));
        // As `docker run -v` makes it of a node that the host does not have; the other one is no V4L2 device.
        std::fs::create_dir_all(root.join("dev/video11")).unwrap();
        std::fs::write(root.join("dev/video0"), "").unwrap();
        let listed = list_encoders(None, Some(root.clone()), false);
        let config =
            Config { root: Some(root.clone()), hardware: Hardware::Require, ..Config::new(Codec::H264) };
        let asked = is_supported(&config, false).unwrap();
        std::fs::remove_dir_all(&root).unwrap();
        let kernel: Vec<_> = listed.iter().filter(|info| info.backend == BackendKind::V4l2).collect();
        assert_eq!(kernel.len(), 1);
        let problem = kernel[0].problem.as_ref().unwrap();
        assert_eq!((kernel[0].device.clone(), problem.code), (Some(root.join("dev/video11")), Code::Device));
        assert!(
            asked.rejected.iter().any(|one| one.device == problem.device && one.message == problem.message)
        );
    }

    #[test]
    fn nodes_that_hang_are_ruled_out_and_those_behind_them_looked_at() {
        let root = std::env::temp_dir().join(format!("encoder-list-{}", std::process::id()));
        std::fs::create_dir_all(root.join("dev")).unwrap();
        for name in ["video0", "video1"] {
            std::fs::write(root.join("dev").join(name), "").unwrap();
        }
        let config = Config {
            root: Some(root.clone()),
            timeout: SOON,
            hardware: Hardware::Require,
            ..Config::new(Codec::H264)
        };
        let steps = steps_in_time(&config, |search| {
            if search.next().is_some_and(|node| node.ends_with("video0")) {
                thread::sleep(Duration::from_secs(1));
            }
            search.examine()
        });
        std::fs::remove_dir_all(&root).unwrap();
        let codes: Vec<_> = steps
            .iter()
            .filter_map(|step| match step {
                Step::Reject(rejection) if rejection.backend == BackendKind::V4l2.name() => {
                    Some(rejection.code)
                }
                _ => None,
            })
            .collect();
        assert_eq!(codes, [Code::Timeout, Code::NotAnEncoder]);
    }
}
