//! vivid's frame is eight bars of 75% color, recognised in every format that it can give them in.

use camera::{Native, Options, Output};
use convert::{Color, Format, Matrix, Range};

use crate::support::{MAX_WAIT, alone, open, options};

const SIZE: (usize, usize) = (640, 480);

/// White, yellow, cyan, green, magenta, red, blue, black: bars as television has them.
const BARS: [[f64; 3]; 8] = [
    [0.75, 0.75, 0.75],
    [0.75, 0.75, 0.0],
    [0.0, 0.75, 0.75],
    [0.0, 0.75, 0.0],
    [0.75, 0.0, 0.75],
    [0.75, 0.0, 0.0],
    [0.0, 0.0, 0.75],
    [0.0, 0.0, 0.0],
];

/// Y, U and V of a color, as the standards define them.
fn yuv([r, g, b]: [f64; 3], color: Color) -> [f64; 3] {
    let (kr, kb) = if color.matrix == Matrix::Bt601 { (0.299, 0.114) } else { (0.2126, 0.0722) };
    let y = kr * r + (1.0 - kr - kb) * g + kb * b;
    let (u, v) = ((b - y) / (2.0 - 2.0 * kb), (r - y) / (2.0 - 2.0 * kr));
    match color.range {
        Range::Full => [y * 255.0, u * 255.0 + 128.0, v * 255.0 + 128.0],
        Range::Limited => [y * 219.0 + 16.0, u * 224.0 + 128.0, v * 224.0 + 128.0],
    }
}

/// The middle of a bar in the lower half, away from vivid's writing.
fn seen(picture: &[u8], output: Output, bar: usize) -> [f64; 3] {
    let (width, height) = SIZE;
    let (x, y) = (width / 8 * bar + width / 16, height * 5 / 6);
    let luma = picture[y * width + x];
    let chroma = &picture[width * height..];
    let (u, v) = if output.format() == Format::Nv12 {
        let at = y / 2 * width + x / 2 * 2;
        (chroma[at], chroma[at + 1])
    } else {
        let at = y / 2 * (width / 2) + x / 2;
        (chroma[at], chroma[width * height / 4 + at])
    };
    [luma, u, v].map(f64::from)
}

fn expect_bars(native: &str, output: Output) {
    let camera = open(Options { native: Some(native.to_owned()), output, ..options() });
    let settings = camera.settings().clone();
    let frame = camera.wait(MAX_WAIT).unwrap();
    let mut picture = vec![0; frame.bytes()];
    frame.convert_into(&mut picture).unwrap();
    // Without color the bars are steps of grey, and vivid does not say of which range and by which matrix.
    let is_grey = native == "GREY";
    let colors = if is_grey {
        [Range::Full, Range::Limited]
            .into_iter()
            .flat_map(|range| [Matrix::Bt601, Matrix::Bt709].map(|matrix| Color { range, matrix }))
            .collect()
    } else {
        vec![settings.color]
    };
    let seen: Vec<_> = (0..BARS.len()).map(|bar| seen(&picture, output, bar)).collect();
    let are_bars = colors.into_iter().any(|color| {
        seen.iter().zip(BARS).all(|(seen, bar)| {
            let [y, u, v] = yuv(bar, color);
            let expected = if is_grey { [y, 128.0, 128.0] } else { [y, u, v] };
            seen.iter().zip(expected).all(|(seen, expected)| (seen - expected).abs() <= 6.0)
        })
    });
    assert!(are_bars, "{native} into {output:?}: {seen:?} ({:?})", settings.color);
}

#[test]
#[ignore = "run by npm run vm"]
fn color_bars_are_recognised_whatever_the_camera_gives() {
    let _alone = alone();
    let listed = camera::list(std::path::Path::new("/"));
    let mut natives: Vec<_> =
        listed.cameras[0].formats.iter().filter_map(|format| format.native.map(Native::name)).collect();
    natives.sort_unstable();
    natives.dedup();
    assert!(natives.len() >= 6, "{natives:?}");
    for native in natives {
        for output in [Output::I420, Output::Nv12] {
            expect_bars(native, output);
        }
    }
}
