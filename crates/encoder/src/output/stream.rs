//! What encoded bytes say of themselves, whichever codec they are of.
//!
//! H.264 and H.265 streams consist of NAL units with parameter sets among them; the chunks of VP8, VP9 and FWHT are plain
//! frames whose header has everything.

use bitstream::vui::AspectRatio;
use convert::{Color, Matrix, Range};

use crate::codec::Codec;

/// Frames of at least so many rows are BT.709 to players.
const HD_ROWS: u32 = 720;

/// What a chunk holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Inspection {
    /// A decoder can start here.
    pub(crate) key_frame: bool,
    /// There is a frame, not only headers.
    pub(crate) picture: bool,
    /// Everything that a decoder needs to know beforehand is in it.
    pub(crate) parameter_sets: bool,
    /// There is a sequence parameter set.
    pub(crate) sequence_parameters: bool,
    /// It is an H.264 frame that may refer to later ones.
    pub(crate) b_slice: bool,
}

/// What a key frame says of the stream.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Info {
    /// As RFC 6381 and WebCodecs' registry spell it; `fwht` is in neither.
    pub(crate) codec_string: String,
    /// Visible width in pixels.
    pub(crate) width: u32,
    /// Visible height in pixels.
    pub(crate) height: u32,
    /// The profile, where the stream names one.
    pub(crate) profile: Option<String>,
    /// The level, where the stream names one.
    pub(crate) level: Option<String>,
    /// Frames that decoders have to keep for reference, where the stream has it.
    pub(crate) references: Option<u32>,
    /// Frames per second, where the stream has it.
    pub(crate) framerate: Option<f64>,
    /// What luma and chroma mean, where the stream has it.
    pub(crate) color: Option<Color>,
    /// Shape of a pixel, where the stream has it.
    pub(crate) aspect_ratio: Option<AspectRatio>,
}

/// Looks at a chunk's headers.
pub(crate) fn inspect(codec: Codec, data: &[u8]) -> Inspection {
    if let Some(codec) = codec.of_units() {
        let found = bitstream::inspect(codec, data);
        return Inspection {
            key_frame: found.key_frame,
            picture: found.picture,
            parameter_sets: found.parameter_sets,
            sequence_parameters: found.sps.is_some(),
            b_slice: found.b_slice,
        };
    }
    let key_frame = match codec {
        Codec::Vp8 => bitstream::vp8::header(data).map(|header| header.key_frame),
        Codec::Vp9 => bitstream::vp9::header(data).map(|header| header.key_frame),
        _ => bitstream::fwht::header(data).map(|header| header.key_frame),
    };
    // What cannot be read is a frame all the same, and for the decoder to reject.
    Inspection {
        key_frame: key_frame.unwrap_or(false),
        picture: true,
        parameter_sets: true,
        ..Inspection::default()
    }
}

/// Reads what a chunk with parameter sets, or a key frame, says of the stream. `expected` is the codec string as far as
/// it is known beforehand, for a codec whose frames do not carry the level.
pub(crate) fn info(codec: Codec, data: &[u8], expected: &str) -> Option<Info> {
    if let Some(codec) = codec.of_units() {
        return of_parameter_sets(codec, data);
    }
    let mut color = None;
    let (codec_string, size, profile) = match codec {
        Codec::Vp8 => {
            let header = bitstream::vp8::header(data).ok()?;
            ("vp8".to_owned(), header.size?, Some(header.version.to_string()))
        }
        Codec::Vp9 => {
            let header = bitstream::vp9::header(data).ok()?;
            (expected.to_owned(), header.size?, Some(header.profile.to_string()))
        }
        _ => {
            let header = bitstream::fwht::header(data).ok()?;
            color = color_of_v4l2(header.ycbcr_encoding, header.quantization);
            (codec.name().to_owned(), (header.width, header.height), None)
        }
    };
    Some(Info {
        codec_string,
        width: size.0,
        height: size.1,
        profile,
        level: None,
        references: None,
        framerate: None,
        color,
        aspect_ratio: None,
    })
}

/// `V4L2_YCBCR_ENC_…` and `V4L2_QUANTIZATION_…`
fn color_of_v4l2(encoding: u32, quantization: u32) -> Option<Color> {
    let matrix = match encoding {
        1 => Matrix::Bt601,
        2 => Matrix::Bt709,
        6 => Matrix::Bt2020,
        _ => return None,
    };
    Some(Color { matrix, range: if quantization == 1 { Range::Full } else { Range::Limited } })
}

/// `matrix_coefficients` of ITU-T H.264 and H.265 Annex E.
fn color_of_vui(matrix_coefficients: u8, full_range: bool) -> Option<Color> {
    let matrix = match matrix_coefficients {
        1 => Matrix::Bt709,
        5 | 6 => Matrix::Bt601,
        9 => Matrix::Bt2020,
        _ => return None,
    };
    Some(Color { matrix, range: if full_range { Range::Full } else { Range::Limited } })
}

/// Matrix and range as WebCodecs spells the matrix, for people.
pub(crate) fn color_name(color: Color) -> String {
    let matrix = match color.matrix {
        Matrix::Bt601 => "smpte170m",
        Matrix::Bt2020 => "bt2020-ncl",
        _ => "bt709",
    };
    let range = match color.range {
        Range::Full => "full",
        Range::Limited => "limited",
    };
    format!("{matrix} {range}")
}

/// What parameter sets shall say of the frames.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Label {
    pub(crate) color: Color,
    pub(crate) aspect_ratio: Option<AspectRatio>,
    /// Frames per second, for a stream that has no clock.
    pub(crate) framerate: f64,
    /// The encoder accepted that there be no B frames.
    pub(crate) in_order: bool,
}

/// The parameter sets, or a chunk that begins with them, with what the frames are in them. Nothing is changed where they say
/// so, or where players suppose so, already.
pub(crate) fn relabelled(codec: bitstream::Codec, data: &[u8], wanted: &Label) -> bitstream::Relabelled {
    let has_clock = has_clock(codec, data);
    bitstream::relabel(codec, data, |info| {
        let said = info
            .color
            .and_then(|said| color_of_vui(said.matrix, info.full_range))
            .unwrap_or(Color { range: range(info.full_range), ..assumed_color(info.height) });
        let square = AspectRatio { width: 1, height: 1 };
        let aspect_ratio =
            wanted.aspect_ratio.filter(|wanted| *wanted != info.aspect_ratio.unwrap_or(square));
        let says_in_order =
            info.max_num_reorder == Some(0) && info.max_dec_frame_buffering == info.references;
        bitstream::Label {
            aspect_ratio,
            color: (said != wanted.color).then(|| vui_of_color(wanted.color)),
            frame_rate: if has_clock { None } else { fraction(wanted.framerate) },
            no_reorder: !says_in_order && (info.in_order || wanted.in_order),
        }
    })
}

/// Whether the parameter sets give a frame rate.
pub(crate) fn has_clock(codec: bitstream::Codec, data: &[u8]) -> bool {
    bitstream::stream_info(codec, data).is_ok_and(|info| info.frame_rate.is_some())
}

/// Frames per second as a fraction: of 1001 for the rates of television, else precise to a thousandth.
fn fraction(framerate: f64) -> Option<(u32, u32)> {
    let thousandths = (framerate * 1000.0).round();
    if !(1.0..=f64::from(u32::MAX / 2)).contains(&thousandths) {
        return None;
    }
    let whole = (framerate * 1.001).round();
    if thousandths % 1000.0 != 0.0 && (framerate * 1.001 - whole).abs() < 0.001 {
        return Some((whole as u32 * 1000, 1001));
    }
    let thousandths = thousandths as u32;
    let divisor =
        (1..=1000).rev().find(|divisor| 1000 % divisor == 0 && thousandths.is_multiple_of(*divisor))?;
    Some((thousandths / divisor, 1000 / divisor))
}

/// What players suppose of a stream that says nothing, by its rows.
pub(crate) fn assumed_color(height: u32) -> Color {
    let matrix = if height < HD_ROWS { Matrix::Bt601 } else { Matrix::Bt709 };
    Color { matrix, range: Range::Limited }
}

fn range(full: bool) -> Range {
    if full { Range::Full } else { Range::Limited }
}

/// Primaries, transfer and matrix as ITU-T H.273 numbers them, and whether the range is full.
fn vui_of_color(color: Color) -> (bitstream::vui::Color, bool) {
    let (primaries, transfer, matrix) = match color.matrix {
        Matrix::Bt601 => (6, 6, 6),
        Matrix::Bt2020 => (9, 14, 9),
        _ => (1, 1, 1),
    };
    (bitstream::vui::Color { primaries, transfer, matrix }, color.range == Range::Full)
}

/// As ffmpeg writes it, for people.
pub(crate) fn aspect_ratio_name(AspectRatio { width, height }: AspectRatio) -> String {
    format!("{width}:{height}")
}

fn of_parameter_sets(codec: bitstream::Codec, data: &[u8]) -> Option<Info> {
    let info = bitstream::stream_info(codec, data).ok()?;
    let framerate = info.frame_rate.map(|(numerator, denominator)| {
        (f64::from(numerator) / f64::from(denominator) * 1000.0).round() / 1000.0
    });
    Some(Info {
        codec_string: info.codec_string,
        width: info.width,
        height: info.height,
        profile: Some(info.profile.to_ascii_lowercase().replace(' ', "-")),
        level: Some(info.level),
        references: info.references,
        framerate,
        color: info.color.and_then(|color| color_of_vui(color.matrix, info.full_range)),
        aspect_ratio: info.aspect_ratio,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_of_a_codec_without_units_has_everything_in_it() {
        let key = [0x10, 0, 0, 0x9d, 0x01, 0x2a, 0x80, 0x42, 0xe0, 0x01];
        let found = inspect(Codec::Vp8, &key);
        assert!(found.key_frame && found.picture && found.parameter_sets);
        let info = info(Codec::Vp8, &key, "").unwrap();
        assert_eq!((info.codec_string.as_str(), info.width, info.height), ("vp8", 640, 480));
        assert!(!inspect(Codec::Vp8, &[0x31, 0, 0]).key_frame);
    }

    /// Baseline 3.0, 320x240, without video usability information.
    const SPS: [u8; 12] = [0, 0, 0, 1, 0x67, 0x42, 0xc0, 0x1e, 0xda, 0x05, 0x07, 0xe4];

    fn label(color: Color, aspect_ratio: Option<AspectRatio>) -> Label {
        Label { color, aspect_ratio, framerate: 30.0, in_order: false }
    }

    fn written(data: &[u8], label: &Label) -> Option<Vec<u8>> {
        let written = relabelled(bitstream::Codec::H264, data, label);
        assert_eq!(written.error, None);
        written.data
    }

    #[test]
    fn what_players_suppose_is_not_written() {
        let color = assumed_color(240);
        let square = Some(AspectRatio { width: 1, height: 1 });
        let data = written(&SPS, &label(color, None)).unwrap();
        let said = bitstream::stream_info(bitstream::Codec::H264, &data).unwrap();
        assert_eq!((said.color, said.aspect_ratio, said.full_range), (None, None, false));
        assert_eq!(written(&data, &label(color, square)), None);
    }

    #[test]
    fn a_stream_without_clock_and_order_gets_them() {
        let data = written(&SPS, &label(assumed_color(240), None)).unwrap();
        let said = bitstream::stream_info(bitstream::Codec::H264, &data).unwrap();
        assert_eq!((said.frame_rate, said.fixed_frame_rate), (Some((30, 1)), false));
        assert_eq!((said.max_num_reorder, said.max_dec_frame_buffering), (Some(0), said.references));
        let other = Label { framerate: 60.0, ..label(assumed_color(240), None) };
        assert_eq!(written(&data, &other), None, "a clock that is there stays");
    }

    /// Main 3.0 with picture order of its own: such a stream may be reordered.
    const MAIN: [u8; 12] = [0, 0, 0, 1, 0x67, 0x4d, 0x40, 0x1e, 0xf4, 0x0a, 0x0f, 0xc8];

    #[test]
    fn only_a_stream_that_is_known_not_to_be_reordered_says_so() {
        for (in_order, expected) in [(false, None), (true, Some(0))] {
            let label = Label { in_order, ..label(assumed_color(240), None) };
            let data = written(&MAIN, &label).unwrap();
            let said = bitstream::stream_info(bitstream::Codec::H264, &data).unwrap();
            assert_eq!((said.width, said.profile), (320, "Main"));
            assert_eq!(said.max_num_reorder, expected);
        }
    }

    #[test]
    fn rates_become_the_fractions_that_people_know() {
        for (framerate, expected) in [
            (30.0, Some((30, 1))),
            (29.97, Some((30_000, 1001))),
            (59.94, Some((60_000, 1001))),
            (23.976, Some((24_000, 1001))),
            (30_000.0 / 1001.0, Some((30_000, 1001))),
            (12.5, Some((25, 2))),
            (7.123, Some((7123, 1000))),
            (0.0, None),
            (f64::NAN, None),
            (1e300, None),
        ] {
            assert_eq!(fraction(framerate), expected, "{framerate}");
        }
    }

    #[test]
    fn what_the_device_does_not_say_is_written_once() {
        let wanted = AspectRatio { width: 64, height: 45 };
        for matrix in [Matrix::Bt601, Matrix::Bt709, Matrix::Bt2020] {
            for range in [Range::Limited, Range::Full] {
                let color = Color { matrix, range };
                let data = written(&SPS, &label(color, Some(wanted))).unwrap();
                let said = info(Codec::H264, &data, "").unwrap();
                assert_eq!(said.aspect_ratio, Some(wanted));
                assert_eq!(said.color.unwrap_or(assumed_color(240)), color);
                assert_eq!(written(&data, &label(color, Some(wanted))), None);
                let other = written(&data, &label(assumed_color(240), None));
                let said = info(Codec::H264, other.as_deref().unwrap_or(&data), "").unwrap();
                assert_eq!(said.color.unwrap_or(assumed_color(240)), assumed_color(240));
            }
        }
    }

    #[test]
    fn parameter_sets_alone_are_no_frame() {
        let found = inspect(Codec::H264, &[0, 0, 0, 1, 0x67, 0x42, 0, 0, 0, 1, 0x68, 0xce]);
        assert!(found.parameter_sets && !found.picture);
    }
}
