//! Encodes a moving gradient and writes the elementary stream to a file.
//!
//! `cargo run -p v4l2-encoder --example encode -- h264 out.h264 [device] [library]`

use encoder::{Code, Codec, Config, Devices, Encoder, Error, Frame, LogLevel, Logger};

const FRAMES: i64 = 90;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let codec = arguments.next().and_then(|name| Codec::from_name(&name)).unwrap_or(Codec::H264);
    let path = arguments.next().unwrap_or_else(|| format!("out.{}", codec.name()));
    let config = Config {
        width: 640,
        height: 480,
        devices: arguments.next().map_or(Devices::Any, |device| Devices::Only(device.into())),
        library: arguments.next().map(Into::into),
        logger: Logger::stderr(LogLevel::Info),
        ..Config::new(codec)
    };
    let mut stream = Vec::new();
    let mut encoder = Encoder::open(config).map_err(reported)?;
    for number in 0..FRAMES {
        let pixels = gradient(640, 480, number as usize);
        encoder.encode(&Frame::i420(&pixels, number * 33_333), false)?;
        while let Some(chunk) = encoder.try_next()? {
            stream.extend(chunk.data);
        }
    }
    for chunk in encoder.finish()? {
        stream.extend(chunk.data);
    }
    std::fs::write(&path, stream)?;
    Ok(())
}

fn gradient(width: usize, height: usize, shift: usize) -> Vec<u8> {
    let luma = (0..height).flat_map(|y| (0..width).map(move |x| (x + y + shift * 4) as u8));
    luma.chain(std::iter::repeat_n(128, width * height / 2)).collect()
}

/// An encoder that was not found says what would help.
fn reported(error: Error) -> String {
    match (error.code, &error.hint) {
        (Code::NoEncoder, Some(hint)) => format!("{error} {hint}"),
        _ => error.to_string(),
    }
}
