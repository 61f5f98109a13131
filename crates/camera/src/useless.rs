//! Why a device gives nothing that can be used here, and what can.

use std::path::Path;

use v4l2::PixelFormat;

use crate::{Code, Error};

/// Coded video: V4L2's code, its name, and ffmpeg's.
const CODED: [(&[u8; 4], &str, &str); 8] = [
    (b"H264", "H.264", "h264"),
    (b"AVC1", "H.264", "h264"),
    (b"S264", "H.264", "h264"),
    (b"HEVC", "HEVC", "hevc"),
    (b"VP80", "VP8", "vp8"),
    (b"VP90", "VP9", "vp9"),
    (b"MPG4", "MPEG-4", "mpeg4"),
    (b"MPEG", "MPEG", "mpegts"),
];

const SENSOR_HINT: &str =
    "A sensor's raw data needs an image processor: use libcamera on a Raspberry Pi, or Argus on a Jetson.";

/// The rejection of a device with these formats only.
pub(crate) fn useless(codes: impl Iterator<Item = PixelFormat>, device: &Path) -> Error {
    let codes: Vec<PixelFormat> = codes.collect();
    if let Some((_, name, format)) = codes.iter().find_map(coded) {
        return encoded(name, format, device);
    }
    let names: Vec<String> = codes.iter().take(8).map(ToString::to_string).collect();
    let error = Error::new(
        Code::NotACamera,
        format!("The device gives frames in formats that cannot be used here ({}).", names.join(", ")),
    );
    let hint = if codes.iter().all(is_of_a_sensor) {
        SENSOR_HINT.to_owned()
    } else {
        format!(
            "Let another program convert them, where it can: openPipe(['ffmpeg', '-f', 'v4l2', '-i', '{}', '-pix_fmt', 'yuv420p', \
             '-f', 'yuv4mpegpipe', '-']).",
            device.display()
        )
    };
    error.with_hint(hint).on(device)
}

fn coded(code: &PixelFormat) -> Option<(&'static [u8; 4], &'static str, &'static str)> {
    CODED.into_iter().find(|(name, ..)| PixelFormat::from_fourcc(name) == *code)
}

fn encoded(name: &str, format: &str, device: &Path) -> Error {
    let device = device.display();
    Error::new(Code::NotACamera, format!("The device gives no frames but video that is encoded already ({name})."))
        .with_hint(format!(
            "Its stream needs no encoder: \"ffmpeg -f v4l2 -input_format {format} -i {device} -c copy clip.mkv\" keeps it as it is. \
             To encode it again, decode it first: openPipe(['ffmpeg', '-f', 'v4l2', '-input_format', '{format}', '-i', '{device}', \
             '-pix_fmt', 'yuv420p', '-f', 'yuv4mpegpipe', '-'])."
        ))
        .on(device.to_string())
}

/// Whether it is one of V4L2's Bayer formats, which sensors give before anything is made of them.
fn is_of_a_sensor(code: &PixelFormat) -> bool {
    let name = code.to_string();
    let Some((start, depth)) = name.split_at_checked(2) else { return false };
    let plain =
        ["BG", "GB", "BA", "RG", "GR"].contains(&start) && ["81", "10", "12", "14", "16"].contains(&depth);
    let packed = matches!(name.as_bytes(), [b'p' | b'a' | b'b', b'B' | b'G' | b'g' | b'R', _, _]);
    plain || packed || ["GBRG", "GRBG", "RGGB", "BYR2"].contains(&name.as_str()) || name.starts_with("PC")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rejected(codes: &[&[u8; 4]]) -> (String, String) {
        let codes = codes.iter().map(|code| PixelFormat::from_fourcc(code));
        let error = useless(codes, Path::new("/dev/video3"));
        assert_eq!((error.code, error.device.as_deref()), (Code::NotACamera, Some(Path::new("/dev/video3"))));
        (error.message, error.hint.unwrap())
    }

    #[test]
    fn a_bare_sensor_needs_an_image_processor() {
        for code in [b"BA81", b"RG10", b"pBAA", b"GRBG", b"BYR2"] {
            assert!(rejected(&[code]).1.contains("image processor"), "{code:?}");
        }
    }

    #[test]
    fn video_that_is_encoded_already_needs_no_encoder() {
        for (code, name, format) in [(b"H264", "(H.264)", "h264"), (b"HEVC", "(HEVC)", "hevc")] {
            let (message, hint) = rejected(&[code]);
            assert!(message.contains("encoded already") && message.contains(name), "{message}");
            assert!(hint.contains(&format!("-input_format {format} -i /dev/video3 -c copy")), "{hint}");
            assert!(!hint.contains("image processor"));
        }
    }

    #[test]
    fn anything_else_is_neither() {
        let (message, hint) = rejected(&[b"RGBP", b"Y16 "]);
        assert!(message.contains("RGBP, Y16"), "{message}");
        assert!(hint.contains("openPipe") && !hint.contains("image processor"), "{hint}");
    }
}
