//! What `cargo build` says, on made-up machines.

#![allow(clippy::unwrap_used, reason = "these are tests")]

#[path = "../build/detect.rs"]
mod detect;

use std::fs;
use std::path::PathBuf;

use detect::{FORCE, Found, Target, detect};

struct Machine(PathBuf);

impl Machine {
    fn new(name: &str) -> Self {
        let root = std::env::temp_dir().join(format!("v4l2-build-{name}-{}", std::process::id()));
        fs::create_dir_all(root.join("dev")).unwrap();
        Self(root)
    }

    fn node(self, name: &str) -> Self {
        fs::write(self.0.join("dev").join(name), "").unwrap();
        self
    }

    fn video(self, node: &str, name: &str) -> Self {
        let directory = self.0.join("sys/class/video4linux").join(node);
        fs::create_dir_all(&directory).unwrap();
        fs::write(directory.join("name"), name).unwrap();
        self.node(node)
    }

    fn found(&self, arch: &str, forced: Option<&str>) -> Found {
        detect(&self.0, &Target { os: "linux".into(), arch: arch.into() }, forced)
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

#[test]
fn a_jetson_is_named() {
    for node in ["v4l2-nvenc", "nvhost-msenc"] {
        let found = Machine::new(node).node(node).found("aarch64", None);
        assert_eq!(found.message(), "Building with V4L2 encoder support for Jetson");
    }
}

#[test]
fn the_same_node_on_another_architecture_is_no_jetson() {
    assert_eq!(Machine::new("x86").node("v4l2-nvenc").found("x86_64", None), Found::Nothing);
}

#[test]
fn another_encoder_is_reported_without_the_word() {
    let machine = Machine::new("pi").video("video11", "bcm2835-codec-encode\n");
    let message = machine.found("aarch64", None).message();
    assert_eq!(message, "Building with V4L2 encoder support");
    assert!(!message.to_lowercase().contains("jetson"));
}

#[test]
fn cameras_decoders_and_jpeg_encoders_are_no_encoders() {
    let machine = Machine::new("laptop")
        .video("video0", "Integrated Camera: Integrated C\n")
        .video("video10", "bcm2835-codec-decode\n")
        .video("video31", "bcm2835-codec-encode_image\n");
    assert_eq!(machine.found("x86_64", None), Found::Nothing);
}

#[test]
fn nothing_is_reported_without_the_word() {
    let message = Machine::new("empty").found("aarch64", None).message();
    assert!(!message.to_lowercase().contains("jetson"));
}

#[test]
fn the_environment_decides_where_it_says_so() {
    assert_eq!(FORCE, "V4L2_ENCODER_FORCE_JETSON");
    let board = Machine::new("forced").node("v4l2-nvenc");
    assert_eq!(board.found("aarch64", Some("0")), Found::Nothing);
    assert_eq!(board.found("x86_64", Some("1")), Found::Jetson);
    assert_eq!(board.found("aarch64", Some("perhaps")), Found::Jetson);
}
