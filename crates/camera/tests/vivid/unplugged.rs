use std::sync::mpsc;
use std::time::Duration;

use camera::{Camera, Code, Event};

use crate::support::{MAX_WAIT, alone, node, open, options};

const DRIVER: &str = "/sys/bus/platform/drivers/vivid";

fn write(file: &str) {
    std::fs::write(format!("{DRIVER}/{file}"), "vivid.0").unwrap();
}

#[test]
#[ignore = "run by npm run vm"]
fn a_camera_that_goes_away_while_it_streams_is_lost() {
    let _alone = alone();
    let (report, reported) = mpsc::channel();
    let device = node();
    let camera = Camera::open(options(), move |event| {
        if let Event::Ended(error) = event {
            report.send(error).unwrap();
        }
    })
    .unwrap();
    let held = camera.wait(MAX_WAIT).unwrap();
    write("unbind");
    let error = reported.recv_timeout(Duration::from_secs(10)).expect("nothing was reported");
    assert_eq!(error.code, Code::DeviceLost, "{error:?}");
    assert_eq!(error.device.as_deref(), Some(&*device));
    while camera.take().is_ok_and(|frame| frame.is_some()) {}
    assert_eq!(camera.take().unwrap_err().code, Code::DeviceLost);
    // What is on loan stays readable.
    held.convert_into(&mut vec![0; held.bytes()]).unwrap();
    drop((held, camera));
    write("bind");
    drop(open(options()).wait(MAX_WAIT).unwrap());
}
