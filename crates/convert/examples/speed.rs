//! How long conversions of one 1920x1080 picture take, beside a plain copy of as many bytes:
//! `cargo run --release -p v4l2-convert --example speed`.

use std::hint::black_box;
use std::time::Instant;

use convert::{Color, Format, Picture, PictureMut, convert};

const SIZE: (u32, u32) = (1920, 1080);
const ROUNDS: u32 = 200;

/// Milliseconds a round, the best of five tries.
fn best(mut round: impl FnMut()) -> f64 {
    let one = |round: &mut dyn FnMut()| {
        let start = Instant::now();
        (0..ROUNDS).for_each(|_| round());
        start.elapsed().as_secs_f64() * 1000.0 / f64::from(ROUNDS)
    };
    (0..5).map(|_| one(&mut round)).fold(f64::INFINITY, f64::min)
}

#[expect(clippy::print_stdout, reason = "what this program is for")]
fn main() -> convert::Result<()> {
    for from in Format::ALL {
        let source: Vec<u8> = (0..from.bytes(SIZE.0, SIZE.1)).map(|at| (at * 7 % 251) as u8).collect();
        let mut copied = vec![0; source.len()];
        let copy = best(|| black_box(&mut copied).copy_from_slice(black_box(&source)));
        for to in [Format::I420, Format::Nv12] {
            let mut target = vec![0; to.bytes(SIZE.0, SIZE.1)];
            let picture = Picture::tight(from, SIZE.0, SIZE.1, &source);
            convert(&picture, &mut PictureMut::tight(to, SIZE.0, SIZE.1, &mut target), Color::default())?;
            let time = best(|| {
                let mut target = PictureMut::tight(to, SIZE.0, SIZE.1, black_box(&mut target));
                drop(black_box(convert(&picture, &mut target, Color::default())));
            });
            println!("{} into {}: {time:.3} ms; a copy: {copy:.3} ms", from.name(), to.name());
        }
    }
    Ok(())
}
