//! Pictures to encode, and ffmpeg as the judge of what became of them.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

/// A gradient that moves, as tight I420.
pub fn picture(width: u32, height: u32, number: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    for y in 0..height {
        for x in 0..width {
            bytes.push(32 + ((x + 4 * number) * 160 / width.max(1) + y / 4) as u8 % 180);
        }
    }
    for plane in 0..2 {
        for y in 0..height / 2 {
            for x in 0..width / 2 {
                bytes.push((96 + 48 * plane + (x + y + number) / 16 % 32) as u8);
            }
        }
    }
    bytes
}

/// Every frame of a stream as tight I420, by ffmpeg; panics if ffmpeg has anything to complain about.
pub fn decode(format: &str, stream: &[u8], width: u32, height: u32) -> Vec<Vec<u8>> {
    let mut child = Command::new("ffmpeg")
        .args([
            "-v",
            "warning",
            "-f",
            format,
            "-i",
            "-",
            "-f",
            "rawvideo",
            "-pix_fmt",
            "yuv420p",
            "-fps_mode",
            "passthrough",
            "-",
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = stream.to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().ok();
    let complaints = String::from_utf8_lossy(&output.stderr);
    let serious: Vec<_> =
        complaints.lines().filter(|line| !line.contains("Stream #0: not enough frames")).collect();
    assert!(serious.is_empty(), "{complaints}");
    output.stdout.chunks((width * height * 3 / 2) as usize).map(<[u8]>::to_vec).collect()
}

/// PSNR of Y, U and V together.
pub fn psnr(a: &[u8], b: &[u8]) -> f64 {
    assert_eq!(a.len(), b.len());
    let sum: f64 = a.iter().zip(b).map(|(a, b)| (f64::from(*a) - f64::from(*b)).powi(2)).sum();
    10.0 * (255.0 * 255.0 / (sum / a.len() as f64).max(1e-6)).log10()
}

/// The types of the units of a stream.
pub fn unit_types(is_h265: bool, stream: &[u8]) -> Vec<u8> {
    let starts = stream.windows(3).enumerate().filter(|(_, window)| *window == [0, 0, 1]);
    starts
        .filter_map(|(at, _)| stream.get(at + 3))
        .map(|header| if is_h265 { header >> 1 & 0x3F } else { header & 0x1F })
        .collect()
}

/// The kind of each picture of a stream, by ffprobe: `I`, `P` or `B`.
pub fn picture_kinds(format: &str, stream: &[u8], directory: &std::path::Path) -> String {
    let file = directory.join("stream");
    std::fs::write(&file, stream).unwrap();
    let arguments =
        ["-v", "error", "-f", format, "-show_entries", "frame=pict_type", "-of", "default=nk=1:nw=1"];
    let output = Command::new("ffprobe").args(arguments).arg(file).output().unwrap();
    String::from_utf8_lossy(&output.stdout).split_whitespace().collect()
}

/// Every value of a field in the headers of a stream, by ffmpeg's trace of them.
pub fn header_values(format: &str, stream: &[u8], directory: &std::path::Path, field: &str) -> Vec<i64> {
    let file = directory.join("traced");
    std::fs::write(&file, stream).unwrap();
    let output = Command::new("ffmpeg")
        .args(["-hide_banner", "-f", format, "-i"])
        .arg(file)
        .args(["-c", "copy", "-bsf:v", "trace_headers", "-f", "null", "-"])
        .output()
        .unwrap();
    let trace = String::from_utf8_lossy(&output.stderr);
    // Before the stream is copied, its parameter sets are traced for themselves.
    let streamed = trace.split_once("Press [q]").map_or("", |(_, rest)| rest);
    streamed
        .lines()
        .filter_map(|line| {
            let (name, value) = line.split_once(']')?.1.split_once(" = ")?;
            (name.split_whitespace().nth(1) == Some(field)).then(|| value.trim().parse().ok())?
        })
        .collect()
}

/// One field of ffprobe's description of a stream.
pub fn stream_field(format: &str, stream: &[u8], directory: &std::path::Path, field: &str) -> String {
    let file = directory.join("described");
    std::fs::write(&file, stream).unwrap();
    let entries = format!("stream={field}");
    let arguments = ["-v", "error", "-f", format, "-show_entries", &entries, "-of", "default=nk=1:nw=1"];
    let output = Command::new("ffprobe").args(arguments).arg(file).output().unwrap();
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}
