//! Which encoder is tried when.
//!
//! For each codec in the caller's order: the devices that the caller named, NVIDIA's node, the kernel's `/dev/videoN` by
//! number, software. One device that is named outside a list is an order: nothing else is tried. Nothing here opens NVIDIA's
//! device: existence is all that is looked at, and acceptance is what opening finds out. Whatever is not taken is reported, with
//! a hint where there is one.

pub(crate) mod board;
mod discovery;

use std::path::Path;
use std::time::{Duration, Instant};

use v4l2::PixelFormat;
use v4l2::discovery as devices;

use crate::backend::{KINDS, kind};
use crate::backend_kind::BackendKind;
use crate::candidate::Candidate;
use crate::codec::Codec;
use crate::config::{CodecChoice, Config, Devices, Hardware};
use crate::error::{Code, Error, RejectedEncoder, Result};

use crate::place::{Listed, Place};

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
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn machine(nodes: &[&str]) -> PathBuf {
        use std::sync::atomic::{AtomicU32, Ordering};
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let root = std::env::temp_dir().join(format!("v4l2-select-{}-{number}", std::process::id()));
        std::fs::create_dir_all(root.join("dev")).unwrap();
        for node in nodes {
            std::fs::write(root.join("dev").join(node), "").unwrap();
        }
        root
    }

    fn config(codecs: &[Codec], root: &Path) -> Config {
        let codecs = codecs.iter().map(|codec| (*codec).into()).collect();
        Config { codecs, root: Some(root.to_owned()), ..Config::new(Codec::H264) }
    }

    fn reported(steps: &[Step], root: &Path) -> Vec<String> {
        let short = |path: &Option<PathBuf>| {
            path.as_ref().map_or(String::new(), |path| {
                format!(" {}", path.strip_prefix(root).unwrap_or(path).display())
            })
        };
        steps
            .iter()
            .map(|step| match step {
                Step::Try(candidate) => format!(
                    "try {}{} {}",
                    candidate.backend.name(),
                    short(&candidate.device),
                    candidate.choice.codec.name()
                ),
                Step::Reject(rejection) => {
                    format!("not {}{} {}", rejection.backend, short(&rejection.device), rejection.code.name())
                }
            })
            .collect()
    }

    #[test]
    fn a_laptop_has_software_for_h264_and_a_hint_for_h265() {
        let root = machine(&[]);
        let steps = steps(&config(&[Codec::H265], &root));
        assert_eq!(
            reported(&steps, &root),
            ["not jetson ERR_DEVICE_NOT_FOUND", "not software ERR_CODEC_UNSUPPORTED"]
        );
        let Step::Reject(software) = &steps[1] else { panic!("not ruled out") };
        assert_eq!(software.message, "The built-in software encoder does not encode H265.");
        assert_eq!(software.hint.as_deref(), Some("Allow H264 as well: codec: ['h265', 'h264']."));
    }

    #[test]
    fn a_size_that_no_encoder_can_encode_is_rejected_with_the_limit() {
        let mut config = Config { width: 4098, ..Config::new(Codec::H264) };
        assert_eq!(
            check_size(&config).unwrap_err().message,
            "H264 frames can be at most 4096 wide here, but the configuration has 4098x720."
        );
        config.codecs = vec![Codec::H265.into()];
        (config.width, config.height) = (62, 62);
        assert_eq!(
            check_size(&config).unwrap_err().message,
            "H265 frames must be at least 144x144 here, but the configuration has 62x62."
        );
        config.codecs.push(Codec::H264.into());
        check_size(&config).unwrap();
    }

    #[test]
    fn the_codecs_order_comes_before_the_devices() {
        let root = machine(&["v4l2-nvenc"]);
        let steps = steps(&config(&[Codec::H265, Codec::H264], &root));
        assert_eq!(
            reported(&steps, &root),
            [
                "try jetson dev/v4l2-nvenc h265",
                "not software ERR_CODEC_UNSUPPORTED",
                "try jetson dev/v4l2-nvenc h264",
                "try software h264",
            ]
        );
    }

    #[test]
    fn nvidias_node_comes_first_under_one_of_its_names_and_others_are_reported_by_number() {
        let root = machine(&["video10", "video1", "nvhost-msenc", "v4l2-nvenc"]);
        let reported = reported(&steps(&config(&[Codec::H264], &root)), &root);
        assert_eq!(
            reported,
            [
                "try jetson dev/v4l2-nvenc h264",
                "not v4l2 dev/video1 ERR_NOT_AN_ENCODER",
                "not v4l2 dev/video10 ERR_NOT_AN_ENCODER",
                "try software h264",
            ]
        );
    }

    #[test]
    fn a_named_device_is_the_only_one() {
        let root = machine(&["v4l2-nvenc", "video0", "other"]);
        let only = |name: &str| Config {
            devices: Devices::Only(root.join("dev").join(name)),
            ..config(&[Codec::H265, Codec::H264], &root)
        };
        assert_eq!(
            reported(&steps(&only("other")), &root),
            ["try jetson dev/other h265", "try jetson dev/other h264"]
        );
        assert_eq!(reported(&steps(&only("video7")), &root), ["not v4l2 dev/video7 ERR_DEVICE_NOT_FOUND"]);
    }

    #[test]
    fn a_list_of_devices_comes_before_the_others() {
        let root = machine(&["v4l2-nvenc", "video0", "other"]);
        let devices = ["video7", "other", "video0"].map(|name| root.join("dev").join(name));
        let config = Config { devices: Devices::First(devices.to_vec()), ..config(&[Codec::H264], &root) };
        assert_eq!(
            reported(&steps(&config), &root),
            [
                "not v4l2 dev/video7 ERR_DEVICE_NOT_FOUND",
                "try jetson dev/other h264",
                "try jetson dev/video0 h264",
                "try jetson dev/v4l2-nvenc h264",
                "try software h264",
            ]
        );
    }

    #[test]
    fn where_nothing_encodes_the_board_says_why() {
        let root = machine(&[]);
        std::fs::create_dir_all(root.join("proc/device-tree")).unwrap();
        std::fs::write(root.join("proc/device-tree/compatible"), "turing,rk1\0rockchip,rk3588\0").unwrap();
        let config = Config { hardware: Hardware::Require, ..config(&[Codec::H265], &root) };
        let rejected = |step| match step {
            Step::Reject(rejection) => Some(rejection),
            Step::Try(_) => None,
        };
        let error = no_encoder(&config, steps(&config).into_iter().filter_map(rejected).collect(), &[]);
        assert!(
            error.message.contains("Rockchip's encoder of H.264 and H.265 has no driver"),
            "{}",
            error.message
        );
        assert_eq!(error.code, Code::NoEncoder);
        let never = Config { hardware: Hardware::Never, ..config };
        assert!(!no_encoder(&never, Vec::new(), &[]).message.contains("Rockchip"));
    }

    #[test]
    fn the_only_device_is_rejected_with_its_own_code_and_what_else_there_is() {
        let root = machine(&["v4l2-nvenc"]);
        let device = root.join("dev/video7");
        let config = Config { devices: Devices::Only(device.clone()), ..config(&[Codec::H264], &root) };
        let rejected = match steps(&config).remove(0) {
            Step::Reject(rejection) => rejection,
            Step::Try(_) => panic!("there is no such device"),
        };
        let others = super::others(&config);
        let error = no_encoder(&config, vec![rejected.clone(), rejected], &others);
        assert_eq!(error.code, Code::DeviceNotFound);
        assert_eq!(error.message, format!("There is no {}.", device.display()));
        assert_eq!(
            error.hint.unwrap(),
            format!(
                "Only this device was allowed; there is also {}/dev/v4l2-nvenc and the built-in software encoder. Leave out \
                 the device to use the first encoder that works, or give a list to prefer one.",
                root.display()
            )
        );
        let require = Config { hardware: Hardware::Require, ..config.clone() };
        assert!(super::others(&require).iter().all(|other| other.device.is_some()));
    }

    #[test]
    fn a_device_that_cannot_be_looked_at_is_not_reported_to_be_missing() {
        let root = machine(&["video0"]);
        std::os::unix::fs::symlink("around", root.join("dev/around")).unwrap();
        let cases = [
            (root.join("dev/around"), Code::Device, "ELOOP"),
            (root.join("dev").join("a".repeat(300)), Code::Device, "ENAMETOOLONG"),
            (root.join("dev/video0/deeper"), Code::DeviceNotFound, "There is no "),
        ];
        for (device, code, reported) in cases {
            let config = Config { devices: Devices::Only(device.clone()), ..config(&[Codec::H264], &root) };
            let Step::Reject(rejection) = steps(&config).remove(0) else { panic!("{reported} is tried") };
            assert_eq!((rejection.code, rejection.device.as_deref()), (code, Some(&*device)));
            assert!(rejection.message.contains(reported), "{}", rejection.message);
        }
    }

    #[test]
    fn each_rejection_names_the_codec_that_it_was_tried_for() {
        let root = machine(&["video0"]);
        let config = Config { uncoded: vec!["av1".into()], ..config(&[Codec::H265, Codec::H264], &root) };
        let codecs: Vec<_> = steps(&config)
            .into_iter()
            .filter_map(|step| match step {
                Step::Reject(rejection) => Some((rejection.backend, rejection.codec.unwrap())),
                Step::Try(_) => None,
            })
            .collect();
        let known = |(backend, codec): &(&str, String)| format!("{backend} {codec}");
        let codecs: Vec<_> = codecs.iter().map(known).collect();
        assert_eq!(codecs, ["software av1", "jetson h265", "v4l2 h265", "software h265"]);
    }

    #[test]
    fn hardware_only_and_software_only_mean_it() {
        let root = machine(&["v4l2-nvenc"]);
        let require = Config { hardware: Hardware::Require, ..config(&[Codec::H264], &root) };
        assert_eq!(reported(&steps(&require), &root), ["try jetson dev/v4l2-nvenc h264"]);
        let never = Config { hardware: Hardware::Never, ..config(&[Codec::H264], &root) };
        assert_eq!(reported(&steps(&never), &root), ["try software h264"]);
    }

    #[test]
    fn a_codec_that_nobody_codes_is_reported_and_the_next_one_tried() {
        let root = machine(&[]);
        let config = Config { uncoded: vec!["av1".into()], ..config(&[Codec::H264], &root) };
        let steps = steps(&config);
        assert_eq!(reported(&steps, &root)[0], "not software ERR_CODEC_UNSUPPORTED");
        assert!(matches!(steps.last(), Some(Step::Try(_))));
    }

    #[test]
    fn a_size_that_only_some_encoders_can_code_rules_out_the_others() {
        let root = machine(&["v4l2-nvenc"]);
        let small = Config { width: 64, height: 64, ..config(&[Codec::H265, Codec::H264], &root) };
        assert_eq!(reported(&steps(&small), &root)[0], "not jetson dev/v4l2-nvenc ERR_CODEC_UNSUPPORTED");
    }

    #[test]
    fn what_needs_no_look_is_known_before_the_kernels_nodes_are_opened() {
        let root = machine(&["v4l2-nvenc", "video0", "video1"]);
        let config = config(&[Codec::H264], &root);
        let mut search = Search::new(&config);
        assert_eq!(
            reported(&search.steps(&config), &root),
            ["try jetson dev/v4l2-nvenc h264", "try software h264"]
        );
        assert_eq!(search.next(), Some(&*root.join("dev/video0")));
        assert!(!search.examine(), "a file is not an encoder");
        assert_eq!(search.next(), Some(&*root.join("dev/video1")));
        search.examine();
        assert_eq!((search.next(), search.steps(&config)), (None, steps(&config)));
    }
}
