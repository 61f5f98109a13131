//! Lists the cameras, or writes frames of one as raw NV12 to standard output:
//!
//! ```sh
//! cargo run -p v4l2-camera --example capture
//! cargo run -p v4l2-camera --example capture -- /dev/video0 640x480 60 > frames.nv12
//! ```

use std::error::Error;
use std::io::Write;
use std::path::Path;
use std::time::Duration;

use camera::{Camera, Device, Options};

#[expect(clippy::print_stderr, reason = "what this program is for")]
fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [device, size, count] = &arguments[..] else {
        for camera in camera::list(Path::new("/")).cameras {
            let codes: Vec<String> = camera.formats.iter().map(|format| format.code.to_string()).collect();
            eprintln!(
                "{}: {} ({}): {}",
                camera.device.display(),
                camera.name,
                camera.driver,
                codes.join(" ")
            );
        }
        return Ok(());
    };
    let (width, height) = size.split_once('x').ok_or("the size is WIDTHxHEIGHT")?;
    let size = Some((width.parse()?, height.parse()?));
    let options = Options { device: Device::Path(device.into()), size, ..Options::default() };
    let camera = Camera::open(options, |_| {})?;
    let mut pixels = Vec::new();
    for _ in 0..count.parse::<u32>()? {
        let frame = camera.wait(Duration::from_secs(5))?;
        pixels.resize(frame.bytes(), 0);
        frame.convert_into(&mut pixels)?;
        std::io::stdout().write_all(&pixels)?;
    }
    eprintln!("{:?} {:?}", camera.settings(), camera.stats());
    Ok(())
}
