use std::path::PathBuf;

use super::*;
use crate::config::Hardware;

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
        path.as_ref()
            .map_or(String::new(), |path| format!(" {}", path.strip_prefix(root).unwrap_or(path).display()))
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
