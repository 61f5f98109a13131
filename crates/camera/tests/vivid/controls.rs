use std::process::Command;

use camera::ControlType;

use crate::support::{alone, node, open, options};

/// What `v4l2-ctl` reads.
fn v4l2_ctl(control: &str) -> String {
    let output = Command::new("v4l2-ctl").arg("-d").arg(node()).args(["-C", control]).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[test]
#[ignore = "run by npm run vm"]
fn controls_are_listed_with_their_kinds_and_ranges() {
    let _alone = alone();
    let controls = open(options()).controls().unwrap();
    let find = |name: &str| controls.iter().find(|control| control.name == name).unwrap();
    let brightness = find("brightness");
    assert_eq!(
        (brightness.minimum, brightness.maximum, brightness.step, brightness.default),
        (0, 255, 1, 128)
    );
    assert_eq!(brightness.kind, ControlType::Integer);
    assert_eq!(find("horizontal_flip").kind, ControlType::Boolean);
    assert!(find("gain").inactive);
    let menu = find("menu");
    let entries: Vec<_> = menu.menu.iter().map(|item| (item.index, item.name.as_str())).collect();
    assert_eq!(entries, [(1, "Menu Item 1"), (3, "Menu Item 3"), (4, "Menu Item 4")]);
    assert!(find("read_only_integer_32_bits").read_only);
    assert_eq!(find("button").value, None);
}

#[test]
#[ignore = "run by npm run vm"]
fn what_is_set_is_what_v4l2_ctl_reads() {
    let _alone = alone();
    let camera = open(options());
    assert_eq!(camera.set_control("brightness", 200).unwrap(), 200);
    assert_eq!(v4l2_ctl("brightness"), "brightness: 200");
    assert_eq!(camera.set_control("brightness", 128).unwrap(), 128);
    assert_eq!(camera.set_control("bitmask", 0x8000_0010).unwrap(), 0x8000_0010);
    camera.set_control("button", 1).unwrap();
}

#[test]
#[ignore = "run by npm run vm"]
fn wrong_values_are_answered_with_the_right_ones() {
    let _alone = alone();
    let camera = open(options());
    let rejected = |name, value| camera.set_control(name, value).unwrap_err().message;
    assert_eq!(rejected("brightness", 256), "The control brightness takes 0 to 255, not 256.");
    assert!(rejected("menu", 2).contains("3 (Menu Item 3)"));
    assert!(rejected("read_only_integer_32_bits", 1).contains("can only be read"));
    assert!(rejected("zoom", 1).starts_with("The camera has no control zoom; it has brightness, "));
}
