//! The other program.

use std::io::Write;
use std::process::{Command, Stdio};

use convert::{Color, Format, Matrix, Range};

/// ffmpeg's name of a format.
pub(crate) fn pixel_format(format: Format) -> &'static str {
    match format {
        Format::I420 | Format::Yv12 => "yuv420p",
        Format::Nv12 => "nv12",
        Format::Nv21 => "nv21",
        Format::Yuyv => "yuyv422",
        Format::Uyvy => "uyvy422",
        Format::I422 => "yuv422p",
        Format::Yvyu => "yvyu422",
        Format::Nv24 => "nv24",
        Format::Nv42 => "nv42",
        Format::Grey => "gray",
        Format::Rgb => "rgb24",
        Format::Bgr => "bgr24",
        Format::Rgba => "rgba",
        Format::Bgra => "bgra",
        other => panic!("{other:?} is not known here"),
    }
}

/// The picture in another format, as ffmpeg converts it.
pub(crate) fn convert(bytes: &[u8], from: Format, to: Format, size: (u32, u32), color: Color) -> Vec<u8> {
    let matrix = match color.matrix {
        Matrix::Bt601 => "bt601",
        Matrix::Bt709 => "bt709",
        _ => "bt2020",
    };
    let range = if color.range == Range::Full { "full" } else { "limited" };
    let ranges =
        if from.is_rgb() { String::new() } else { format!("in_range={range}:in_color_matrix={matrix}:") };
    let scale = format!(
        "scale={ranges}out_range={range}:out_color_matrix={matrix}:flags=area+accurate_rnd+full_chroma_inp"
    );
    let size = format!("{}x{}", size.0, size.1);
    run(
        &["-f", "rawvideo", "-pix_fmt", pixel_format(from), "-s", &size, "-i", "-", "-vf", &scale]
            .into_iter()
            .chain(["-f", "rawvideo", "-pix_fmt", pixel_format(to), "-"])
            .collect::<Vec<_>>(),
        bytes,
    )
}

/// What ffmpeg writes when it is given these arguments and this input.
pub(crate) fn run(arguments: &[&str], input: &[u8]) -> Vec<u8> {
    let mut child = Command::new("ffmpeg")
        .args(["-v", "error", "-nostdin"])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("ffmpeg is needed; scripts/setup judge installs it");
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(output.status.success(), "ffmpeg {arguments:?} failed");
    output.stdout
}
