//! Values: what each format becomes.

use convert::{Color, Format, Matrix, Picture, PictureMut, Range, convert};

use crate::ffmpeg;

const SIZE: (u32, u32) = (96, 64);

/// Colors that change slowly, so that where exactly a chroma sample sits hardly matters, with all corners of the
/// color cube among them.
fn rgb() -> Vec<u8> {
    let (width, height) = (SIZE.0 as usize, SIZE.1 as usize);
    let wave = |at: usize, period: usize| {
        let phase = at as f64 / period as f64 * std::f64::consts::TAU;
        ((phase.sin() * 0.5 + 0.5) * 255.0).round() as u8
    };
    let pixel = |x: usize, y: usize| {
        if y < height / 2 {
            let bar = x / (width / 8);
            [bar & 1, bar >> 1 & 1, bar >> 2 & 1].map(|bit| bit as u8 * 255)
        } else {
            [wave(x, 96), wave(y, 64), wave(x + y, 80)]
        }
    };
    (0..width * height).flat_map(|at| pixel(at % width, at / width)).collect()
}

/// The picture in a format, made by ffmpeg.
fn picture(format: Format, color: Color) -> Vec<u8> {
    if format == Format::Nv16 {
        // ffmpeg writes none: the same bytes in another order.
        let planes = picture(Format::I422, color);
        let (luma, chroma) = planes.split_at(planes.len() / 2);
        let (u, v) = chroma.split_at(chroma.len() / 2);
        return luma.iter().copied().chain(u.iter().zip(v).flat_map(|(u, v)| [*u, *v])).collect();
    }
    ffmpeg::convert(&rgb(), Format::Rgb, format, SIZE, color)
}

fn ours(bytes: &[u8], from: Format, to: Format, color: Color) -> Vec<u8> {
    let mut made = vec![0; to.bytes(SIZE.0, SIZE.1)];
    let source = Picture::tight(from, SIZE.0, SIZE.1, bytes);
    convert(&source, &mut PictureMut::tight(to, SIZE.0, SIZE.1, &mut made), color).unwrap();
    made
}

struct Difference {
    largest: u8,
    psnr: f64,
}

fn difference(ours: &[u8], theirs: &[u8]) -> Difference {
    assert_eq!(ours.len(), theirs.len());
    let differences = ours.iter().zip(theirs).map(|(a, b)| a.abs_diff(*b));
    let squares: f64 = differences.clone().map(|value| f64::from(value).powi(2)).sum();
    let psnr = 10.0 * (255.0f64.powi(2) * ours.len() as f64 / squares.max(1e-9)).log10();
    Difference { largest: differences.max().unwrap(), psnr }
}

fn colors() -> impl Iterator<Item = Color> {
    [Matrix::Bt601, Matrix::Bt709, Matrix::Bt2020]
        .into_iter()
        .flat_map(|matrix| [Range::Limited, Range::Full].map(|range| Color { matrix, range }))
}

#[test]
fn rgb_becomes_what_ffmpeg_makes_of_it_in_every_matrix_and_range() {
    for from in [Format::Rgb, Format::Bgr, Format::Rgba, Format::Bgra] {
        for color in colors() {
            let bytes = ffmpeg::convert(&rgb(), Format::Rgb, from, SIZE, Color::default());
            for to in [Format::I420, Format::Nv12, Format::Nv21] {
                let theirs = ffmpeg::convert(&bytes, from, to, SIZE, color);
                let difference = difference(&ours(&bytes, from, to, color), &theirs);
                let what = format!("{} into {} with {color:?}", from.name(), to.name());
                assert!(difference.largest <= 1, "{what} differs by {}", difference.largest);
                // Seen: 53.8 to 58.6 dB.
                assert!(difference.psnr > 52.0, "{what} has a PSNR of {:.1}", difference.psnr);
            }
        }
    }
}

#[test]
fn more_chroma_becomes_what_ffmpeg_makes_of_it() {
    let formats = [Format::Yuyv, Format::Uyvy, Format::Yvyu, Format::I422, Format::Nv24, Format::Nv42];
    for from in formats {
        for to in [Format::I420, Format::Nv12, Format::Nv21] {
            let bytes = picture(from, Color::default());
            let theirs = ffmpeg::convert(&bytes, from, to, SIZE, Color::default());
            let difference = difference(&ours(&bytes, from, to, Color::default()), &theirs);
            // Averages may be rounded up or down.
            assert!(difference.largest <= 1, "{} into {}", from.name(), to.name());
            assert!(difference.psnr > 52.0, "{} into {}", from.name(), to.name());
        }
    }
}

#[test]
fn chroma_in_pairs_is_the_same_picture() {
    let [planes, pairs] = [Format::I422, Format::Nv16]
        .map(|from| ours(&picture(from, Color::default()), from, Format::Nv12, Color::default()));
    assert!(planes == pairs);
}

#[test]
fn v_before_u_is_the_same_picture() {
    let luma = (SIZE.0 * SIZE.1) as usize;
    // The places of U and V in each group of bytes, from where on.
    for (known, other, [u, v], group, start) in [
        (Format::Yuyv, Format::Yvyu, [1, 3], 4, 0),
        (Format::Uyvy, Format::Vyuy, [0, 2], 4, 0),
        (Format::Nv16, Format::Nv61, [0, 1], 2, luma),
        (Format::Nv24, Format::Nv42, [0, 1], 2, luma),
    ] {
        let mut bytes = picture(known, Color::default());
        let expected = ours(&bytes, known, Format::Nv12, Color::default());
        bytes[start..].chunks_mut(group).for_each(|group| group.swap(u, v));
        assert!(ours(&bytes, other, Format::Nv12, Color::default()) == expected, "{}", other.name());
    }
}

#[test]
fn grey_keeps_its_values_and_has_no_color() {
    let bytes: Vec<u8> = (0..SIZE.0 * SIZE.1).map(|at| (at % 251) as u8).collect();
    for to in [Format::I420, Format::Nv12] {
        let made = ours(&bytes, Format::Grey, to, Color::default());
        assert!(made[..bytes.len()] == bytes && made[bytes.len()..].iter().all(|byte| *byte == 128));
    }
}

#[test]
fn between_kinds_of_420_every_byte_is_ffmpegs() {
    let kinds = [Format::I420, Format::Nv12, Format::Nv21];
    let pairs = kinds.into_iter().flat_map(|from| kinds.map(|to| (from, to)));
    for (from, to) in pairs.filter(|(from, to)| from != to) {
        let bytes = picture(from, Color::default());
        let theirs = ffmpeg::convert(&bytes, from, to, SIZE, Color::default());
        assert!(ours(&bytes, from, to, Color::default()) == theirs, "{} into {}", from.name(), to.name());
    }
}
