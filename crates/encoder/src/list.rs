//! Which encoders this machine has.

use std::path::{Path, PathBuf};
use std::time::Duration;

use v4l2::discovery::{self, Kind};
use v4l2::ioctl::FrameSizes;
use v4l2::transport::LibraryLookup;

use crate::backend::{self, Opening};
use crate::backend_kind::BackendKind;
use crate::candidate::Candidate;
use crate::capability::PREFERENCE;
use crate::codec::Codec;
use crate::config::{Config, Resolved};
use crate::error::{Code, Error, RejectedEncoder, Result};
use crate::input::mode::InputMode;
use crate::log::Logger;
use crate::select::{Search, Step};
use crate::session;

/// An encoder, or something that could be one.
#[derive(Debug, Clone)]
pub struct EncoderInfo {
    /// Its kind.
    pub backend: BackendKind,
    /// Its device; `None` for software.
    pub device: Option<PathBuf>,
    /// What it calls itself, or what it is known as.
    pub name: String,
    /// Its kernel driver, where it has one.
    pub driver: Option<String>,
    /// Where it is attached, such as `platform:bcm2835-codec`, where a kernel driver says so.
    pub bus: Option<String>,
    /// What it codes, as far as known.
    pub codecs: Vec<String>,
    /// Sizes of pictures that a kernel driver says it codes, by codec.
    pub sizes: Vec<(Codec, FrameSizes)>,
    /// Raw formats that a kernel driver says it takes, by their four characters.
    pub formats: Vec<String>,
    /// Why it cannot be used; `None` when it can, as far as that is known without opening it.
    pub problem: Option<RejectedEncoder>,
}

/// Lists the encoders below `root`. NVIDIA's device is opened only with `probe`.
#[must_use]
pub fn list_encoders(library: Option<PathBuf>, root: Option<PathBuf>, probe: bool) -> Vec<EncoderInfo> {
    let place = root.clone().unwrap_or_else(|| PathBuf::from("/"));
    let mut all: Vec<_> = discovery::nvidia_node(&place)
        .into_iter()
        .map(|device| jetson(device, library.clone(), root.clone(), probe))
        .collect();
    all.extend(
        discovery::kernel_nodes(&place)
            .into_iter()
            .filter_map(|device| kernel_in_time(device, discovery::PATIENCE, kernel)),
    );
    all.push(EncoderInfo {
        backend: BackendKind::Software,
        device: None,
        name: "OpenH264, built in".to_owned(),
        driver: None,
        bus: None,
        codecs: codecs(BackendKind::Software),
        sizes: Vec::new(),
        formats: Vec::new(),
        problem: None,
    });
    all
}

fn codecs(backend: BackendKind) -> Vec<String> {
    let known = PREFERENCE.iter().find(|preference| preference.backend == backend);
    known
        .into_iter()
        .flat_map(|preference| preference.codecs)
        .map(|(codec, _)| codec.name().to_owned())
        .collect()
}

fn jetson(device: PathBuf, library: Option<PathBuf>, root: Option<PathBuf>, probe: bool) -> EncoderInfo {
    let mut info = EncoderInfo {
        backend: BackendKind::Jetson,
        name: "NVIDIA Jetson encoder".to_owned(),
        driver: None,
        bus: None,
        codecs: codecs(BackendKind::Jetson),
        sizes: Vec::new(),
        formats: Vec::new(),
        problem: None,
        device: Some(device),
    };
    if probe {
        let (working, problem) = probed(&info, library, root);
        info.codecs = working;
        info.problem = problem;
    } else if let (Some(device), Err(error)) = (
        &info.device,
        backend::look_jetson(info.device.as_deref(), &LibraryLookup { explicit: library, root }),
    ) {
        info.problem = Some(RejectedEncoder::from_error(info.backend, Some(device), None, error));
    }
    info
}

/// Opens the device once per codec; the last refusal is told when none works.
fn probed(
    info: &EncoderInfo,
    library: Option<PathBuf>,
    root: Option<PathBuf>,
) -> (Vec<String>, Option<RejectedEncoder>) {
    let mut working = Vec::new();
    let mut problem = None;
    for codec in info.codecs.iter().filter_map(|name| Codec::from_name(name)) {
        let config = Config { library: library.clone(), root: root.clone(), ..Config::new(codec) };
        let candidate =
            Candidate { backend: info.backend, device: info.device.clone(), choice: codec.into() };
        match try_open(&config, &candidate) {
            Ok(_) => working.push(codec.name().to_owned()),
            Err(error) => {
                problem = Some(candidate.rejected(error));
            }
        }
    }
    let problem = problem.filter(|_| working.is_empty());
    (working, problem)
}

/// What a kernel node is; nothing where it is no encoder. One that does not answer, or may not be opened, may be one.
fn kernel_in_time(
    device: PathBuf,
    patience: Duration,
    look: impl FnOnce(&Path) -> Option<EncoderInfo> + Send + 'static,
) -> Option<EncoderInfo> {
    let node = device.clone();
    in_time(Some(&device), patience, move || look(&node))
        .unwrap_or_else(|error| Some(unknown_kernel(&device, error)))
}

/// A node that does not say what it is, and why not.
fn unknown_kernel(device: &Path, error: Error) -> EncoderInfo {
    EncoderInfo {
        backend: BackendKind::V4l2,
        name: device.display().to_string(),
        device: Some(device.to_owned()),
        driver: None,
        bus: None,
        codecs: Vec::new(),
        sizes: Vec::new(),
        formats: Vec::new(),
        problem: Some(RejectedEncoder::from_error(BackendKind::V4l2, Some(device), None, error)),
    }
}

fn in_time<T: Send + 'static>(
    device: Option<&Path>,
    patience: Duration,
    look: impl FnOnce() -> T + Send + 'static,
) -> Result<T> {
    discovery::in_time(patience, look)
        .map_err(|error| Error::new(Code::Device, format!("No thread could be started: {error}.")))?
        .ok_or_else(|| session::quarantine(device, "a probe", patience))
}

fn kernel(device: &Path) -> Option<EncoderInfo> {
    let node = match discovery::examine(device) {
        Ok(node) => node,
        Err(error) => {
            let error = Error::from(error);
            let is_none = matches!(error.code, Code::NotAnEncoder | Code::DeviceNotFound | Code::DeviceLost);
            return (!is_none).then(|| unknown_kernel(device, error));
        }
    };
    let Kind::Encoder(_) = node.kind else { return None };
    let abilities = discovery::encoder_abilities(device).unwrap_or_default();
    let of_ours = |codec: &Codec| abilities.coded.iter().find(|(format, _)| *format == codec.fourcc());
    let known: Vec<_> = Codec::ALL.iter().filter_map(|codec| Some((*codec, of_ours(codec)?))).collect();
    let codecs: Vec<_> = known.iter().map(|(codec, _)| codec.name().to_owned()).collect();
    let problem = codecs.is_empty().then(|| {
        let message = format!("{} codes nothing that this package knows.", device.display());
        RejectedEncoder::new(BackendKind::V4l2, Some(device), None, Code::CodecUnsupported, message)
    });
    let sizes = known.iter().flat_map(|(codec, (_, sizes))| sizes.iter().map(|sizes| (*codec, *sizes)));
    Some(EncoderInfo {
        backend: BackendKind::V4l2,
        device: Some(node.device),
        name: node.card,
        driver: Some(node.driver),
        bus: Some(node.bus),
        sizes: sizes.collect(),
        formats: abilities.raw.iter().map(ToString::to_string).collect(),
        codecs,
        problem,
    })
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
    let mut rejected = Vec::new();
    for step in steps_in_time(config, Search::look) {
        let candidate = match step {
            Step::Reject(rejection) => {
                rejected.push(rejection);
                continue;
            }
            Step::Try(candidate) => candidate,
        };
        let looked = if probe { try_open(config, &candidate) } else { look(config, &candidate) };
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
                search.rule_out(RejectedEncoder::from_error(BackendKind::V4l2, Some(&node), None, error));
            }
        }
    }
    search.steps(config)
}

/// What can be told without making an encoder.
fn look(config: &Config, candidate: &Candidate) -> Result<Resolved> {
    let resolved = config.resolve(candidate.choice)?;
    backend::look(candidate, &resolved, &lookup(config))?;
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
    let opened = backend::open(candidate, &opening)?;
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
        let info = kernel_in_time("/dev/video7".into(), SOON, |_| {
            thread::sleep(Duration::from_secs(1));
            None
        });
        let info = info.unwrap();
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
            search.look()
        });
        std::fs::remove_dir_all(&root).unwrap();
        let codes: Vec<_> = steps
            .iter()
            .filter_map(|step| match step {
                Step::Reject(rejection) if rejection.backend == BackendKind::V4l2 => Some(rejection.code),
                _ => None,
            })
            .collect();
        assert_eq!(codes, [Code::Timeout, Code::NotAnEncoder]);
    }
}
