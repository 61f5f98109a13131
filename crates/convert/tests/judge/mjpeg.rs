//! Frames as MJPEG cameras send them, coded by ffmpeg and decoded by both.

use convert::jpeg::{Decoded, Decoder};
use convert::{Color, Error, Format, Matrix, Picture, PictureMut, Range, convert};

use crate::ffmpeg;

const SIZE: (u32, u32) = (128, 192);
/// Damaged frames of each kind. 20000 were tried once.
const ROUNDS: u32 = 100;
const JPEG_COLOR: Color = Color { matrix: Matrix::Bt601, range: Range::Full };

/// A frame with standard Huffman tables, or as a camera sends it, without.
fn frame(subsampling: &str, without_tables: bool, more: &[&str]) -> Vec<u8> {
    let source = format!("testsrc2=s={}x{}:d=0.04:r=25", SIZE.0, SIZE.1);
    let arguments: Vec<&str> = ["-f", "lavfi", "-i", &source, "-frames:v", "1", "-pix_fmt", subsampling]
        .into_iter()
        .chain(["-c:v", "mjpeg", "-huffman", "default", "-q:v", "3"])
        .chain(more.iter().copied())
        .chain(["-f", "mjpeg", "-"])
        .collect();
    let jpeg = ffmpeg::run(&arguments, &[]);
    if without_tables { strip(&jpeg) } else { jpeg }
}

/// Takes the DHT segments out.
fn strip(jpeg: &[u8]) -> Vec<u8> {
    let (mut kept, mut at) = (jpeg[..2].to_vec(), 2);
    while jpeg[at + 1] != 0xDA {
        let end = at + 2 + usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
        if jpeg[at + 1] != 0xC4 {
            kept.extend_from_slice(&jpeg[at..end]);
        }
        at = end;
    }
    kept.extend_from_slice(&jpeg[at..]);
    kept
}

fn theirs(jpeg: &[u8], color: Color) -> Vec<u8> {
    let rgb = ffmpeg::run(
        &["-f", "mjpeg", "-i", "-", "-vf", "scale=flags=accurate_rnd+full_chroma_int+bilinear"]
            .into_iter()
            .chain(["-f", "rawvideo", "-pix_fmt", "rgb24", "-"])
            .collect::<Vec<_>>(),
        jpeg,
    );
    let mut made = vec![0; Format::I420.bytes(SIZE.0, SIZE.1)];
    let source = Picture::tight(Format::Rgb, SIZE.0, SIZE.1, &rgb);
    convert(&source, &mut PictureMut::tight(Format::I420, SIZE.0, SIZE.1, &mut made), color).unwrap();
    made
}

fn decode_as(jpeg: &[u8], format: Format, size: (u32, u32), color: Color) -> Result<Vec<u8>, Error> {
    let mut made = vec![0; format.bytes(size.0, size.1)];
    let mut target = PictureMut::tight(format, size.0, size.1, &mut made);
    Decoder::new().decode(jpeg, &mut target, color)?;
    Ok(made)
}

fn decode(jpeg: &[u8]) -> Result<Vec<u8>, Error> {
    decode_as(jpeg, Format::I420, SIZE, JPEG_COLOR)
}

fn psnr(ours: &[u8], theirs: &[u8]) -> f64 {
    assert_eq!(ours.len(), theirs.len());
    let squares: f64 = ours.iter().zip(theirs).map(|(a, b)| f64::from(a.abs_diff(*b)).powi(2)).sum();
    10.0 * (255.0f64.powi(2) * ours.len() as f64 / squares.max(1e-9)).log10()
}

#[test]
fn every_subsampling_is_the_picture_that_ffmpeg_decodes() {
    for subsampling in ["yuvj420p", "yuvj422p", "yuvj444p", "gray"] {
        for without_tables in [false, true] {
            let jpeg = frame(subsampling, without_tables, &[]);
            let psnr = psnr(&decode(&jpeg).unwrap(), &theirs(&jpeg, JPEG_COLOR));
            // Decoders smooth 4:2:0's chroma differently. Seen: 40.8, and 57.9 dB and more for the others.
            let floor = if subsampling == "yuvj420p" { 38.0 } else { 55.0 };
            assert!(psnr > floor, "{subsampling}, without tables {without_tables}: {psnr:.1} dB");
        }
    }
}

#[test]
fn full_range_becomes_the_color_that_is_requested() {
    let jpeg = frame("yuvj422p", true, &[]);
    for matrix in [Matrix::Bt601, Matrix::Bt709] {
        let color = Color { matrix, range: Range::Limited };
        let ours = decode_as(&jpeg, Format::I420, SIZE, color).unwrap();
        let psnr = psnr(&ours, &theirs(&jpeg, color));
        assert!(psnr > 55.0, "{color:?}: {psnr:.1} dB");
    }
}

#[test]
fn nv12_is_the_same_picture() {
    let jpeg = frame("yuvj422p", true, &[]);
    let mut expected = vec![0; Format::Nv12.bytes(SIZE.0, SIZE.1)];
    let i420 = decode(&jpeg).unwrap();
    let source = Picture::tight(Format::I420, SIZE.0, SIZE.1, &i420);
    let mut target = PictureMut::tight(Format::Nv12, SIZE.0, SIZE.1, &mut expected);
    convert(&source, &mut target, JPEG_COLOR).unwrap();
    assert!(decode_as(&jpeg, Format::Nv12, SIZE, JPEG_COLOR).unwrap() == expected);
}

#[test]
fn restart_markers_change_nothing() {
    let jpeg = frame("yuvj422p", true, &["-slices", "4"]);
    assert!(jpeg.windows(2).any(|bytes| bytes == [0xFF, 0xDD]), "ffmpeg wrote no restart interval");
    assert!(jpeg.windows(2).any(|bytes| bytes == [0xFF, 0xD3]), "ffmpeg wrote no restart marker");
    assert!(decode(&jpeg).unwrap() == decode(&frame("yuvj422p", true, &[])).unwrap());
}

#[test]
fn what_follows_the_end_changes_nothing() {
    let mut jpeg = frame("yuvj420p", true, &[]);
    let expected = decode(&jpeg).unwrap();
    jpeg.extend([0; 4096]);
    assert!(decode(&jpeg).unwrap() == expected, "zeroes behind the end");
    let older = frame("yuvj420p", true, &["-q:v", "20"]);
    jpeg.extend_from_slice(&older[older.len() / 2..]);
    assert!(decode(&jpeg).unwrap() == expected, "the rest of an older frame behind the end");
}

#[test]
fn blocks_beyond_the_edge_are_left_out() {
    let jpeg = frame("yuvj420p", true, &[]);
    let whole = decode(&jpeg).unwrap();
    let cut = decode_as(&jpeg, Format::I420, (SIZE.0 - 2, SIZE.1 - 8), JPEG_COLOR).unwrap();
    let width = SIZE.0 as usize;
    assert_eq!(cut[width - 2..2 * (width - 2)], whole[width..2 * width - 2]);
}

fn scan_of(jpeg: &[u8]) -> usize {
    jpeg.windows(2).position(|bytes| bytes == [0xFF, 0xDA]).unwrap()
}

/// Decodes it and says whether something had to be repaired.
fn repaired(jpeg: &[u8]) -> Result<(Vec<u8>, bool), Error> {
    let mut made = vec![0; Format::I420.bytes(SIZE.0, SIZE.1)];
    let mut target = PictureMut::tight(Format::I420, SIZE.0, SIZE.1, &mut made);
    let decoded = Decoder::new().decode(jpeg, &mut target, JPEG_COLOR)?;
    Ok((made, decoded == Decoded::Repaired))
}

#[test]
fn more_than_a_quarter_may_not_be_missing_whether_or_not_there_is_an_end() {
    let jpeg = frame("yuvj422p", true, &[]);
    let scan = scan_of(&jpeg);
    for tenths in 0..6 {
        let end = scan + (jpeg.len() - scan) * tenths / 10;
        for rest in [&[][..], &[0xFF, 0xD9], &[0; 5000]] {
            let decoded = decode(&[&jpeg[..end], rest].concat()).map(|_| ());
            assert!(matches!(decoded, Err(Error::Jpeg { .. })), "{tenths} tenths of the scan: {decoded:?}");
        }
    }
    for end in 0..scan {
        assert!(decode(&jpeg[..end]).is_err(), "{end} bytes of the header");
    }
}

#[test]
fn what_lacks_its_last_bytes_is_shown_and_counted() {
    for subsampling in ["yuvj420p", "yuvj422p", "yuvj444p", "gray"] {
        let jpeg = frame(subsampling, false, &[]);
        let whole = decode(&jpeg).unwrap();
        let end = jpeg.len() - 2;
        // The end marker holds nothing of the picture.
        assert!(repaired(&jpeg[..end]).unwrap() == (whole.clone(), false), "{subsampling} without its end");
        for cut in [12, 60] {
            for rest in [&[][..], &[0xFF, 0xD9]] {
                let (made, was_repaired) = repaired(&[&jpeg[..end - cut], rest].concat()).unwrap();
                assert!(was_repaired, "{subsampling} without {cut} bytes");
                let psnr = psnr(&made, &whole);
                assert!(psnr > 22.0, "{subsampling} without {cut} bytes: {psnr:.1} dB");
                // Everything above the last row of units is what it was.
                let above = SIZE.0 as usize * (SIZE.1 as usize - 17);
                assert!(made[..above] == whole[..above], "{subsampling} without {cut} bytes");
            }
        }
    }
}

#[test]
fn what_stands_around_and_between_changes_nothing() {
    let jpeg = frame("yuvj422p", false, &[]);
    let expected = (decode(&jpeg).unwrap(), false);
    let empty = [0xFF, 0xD8, 0xFF, 0xD9];
    let table = jpeg.windows(2).position(|bytes| bytes == [0xFF, 0xDB]).unwrap();
    let with = |at: usize, bytes: &[u8]| [&jpeg[..at], bytes, &jpeg[at..]].concat();
    let long = [0xFF, 0xE5, 0xFF, 0xF0, 1, 2, 3];
    for (what, frame) in [
        ("empty pictures in front", [&empty[..], &empty, &jpeg].concat()),
        ("bytes in front", with(0, &[0, 0, 1, 0xFF, 7])),
        ("bytes between segments", with(table, &[1, 2, 3, 4, 5])),
        ("a segment that is longer than it is", with(table, &long)),
        ("a segment that is shorter than it is", with(table, &[0xFF, 0xE5, 0, 3, 1, 2, 3])),
        ("zeroes instead of the end", [&jpeg[..jpeg.len() - 2], &[0; 4096]].concat()),
        ("bytes before the scan", with(scan_of(&jpeg), &[9; 30])),
        ("half of itself in front", [&jpeg[..jpeg.len() / 2], &jpeg].concat()),
        ("a smaller picture in front", [&small()[..], &jpeg].concat()),
        ("the rest of another behind", [&jpeg[..], &jpeg[400..]].concat()),
    ] {
        assert!(repaired(&frame).as_ref() == Ok(&expected), "{what}");
    }
}

/// A picture of another size.
fn small() -> Vec<u8> {
    let source = "testsrc2=s=64x48:d=0.04:r=25";
    let codec = [
        "-frames:v",
        "1",
        "-pix_fmt",
        "yuvj420p",
        "-c:v",
        "mjpeg",
        "-huffman",
        "default",
        "-f",
        "mjpeg",
        "-",
    ];
    ffmpeg::run(&[&["-f", "lavfi", "-i", source][..], &codec].concat(), &[])
}

/// A picture with many restart markers, and where they are.
fn with_restarts() -> (Vec<u8>, Vec<usize>) {
    let jpeg = frame("yuvj422p", false, &["-slices", "12"]);
    let scan = scan_of(&jpeg);
    let is_marker = |bytes: &[u8]| bytes[0] == 0xFF && (0xD0..=0xD7).contains(&bytes[1]);
    let markers: Vec<_> = (scan..jpeg.len() - 1).filter(|at| is_marker(&jpeg[*at..*at + 2])).collect();
    assert_eq!(markers.len(), 11);
    (jpeg, markers)
}

#[test]
fn restart_markers_that_are_lost_or_misnumbered_cost_nothing() {
    let (jpeg, markers) = with_restarts();
    let expected = (decode(&jpeg).unwrap(), false);
    let mut misnumbered = jpeg.clone();
    markers.iter().for_each(|at| misnumbered[at + 1] = 0xD0);
    assert!(repaired(&misnumbered).as_ref() == Ok(&expected), "all are number 0");
    for lost in [&markers[3..4], &markers[3..5], &markers[10..], &markers[..1]] {
        let mut without = jpeg.clone();
        lost.iter().rev().for_each(|at| drop(without.drain(*at..*at + 2)));
        assert!(repaired(&without).as_ref() == Ok(&expected), "{} are lost from {}", lost.len(), lost[0]);
    }
}

#[test]
fn an_interval_that_is_lost_moves_no_other() {
    let (jpeg, markers) = with_restarts();
    let whole = decode(&jpeg).unwrap();
    // Of luma.
    let row = SIZE.0 as usize * 16;
    for (name, lost) in
        [("with its marker", markers[4]..markers[5]), ("in part", markers[4] + 2..markers[5] - 30)]
    {
        let mut without = jpeg.clone();
        without.drain(lost);
        let (made, _) = repaired(&without).unwrap();
        assert!(made[..row * 5] == whole[..row * 5], "an interval {name}: what is above it");
        assert!(made[row * 6..row * 12] == whole[row * 6..row * 12], "an interval {name}: what is below it");
    }
    let mut without = jpeg.clone();
    without.drain(markers[4]..markers[5]);
    assert!(repaired(&without).unwrap().1, "a lost interval is counted");
    let mut broken = jpeg.clone();
    broken[markers[6] + 20..markers[6] + 22].copy_from_slice(&[0xFF, 0x30]);
    let (made, was_repaired) = repaired(&broken).unwrap();
    assert!(was_repaired && made[row * 8..row * 12] == whole[row * 8..row * 12], "a broken interval");
}

#[test]
fn a_huge_size_is_rejected_before_anything_is_allocated() {
    let mut jpeg = frame("yuvj420p", true, &[]);
    let size = jpeg.windows(2).position(|bytes| bytes == [0xFF, 0xC0]).unwrap() + 5;
    jpeg[size..size + 4].fill(0xFF);
    let error = decode(&jpeg).unwrap_err();
    assert_eq!(error, Error::SizesDiffer { from: (65_535, 65_535), to: SIZE });
}

#[test]
fn damage_anywhere_is_an_error_or_a_damaged_picture_but_nothing_worse() {
    let mut decoder = Decoder::new();
    let mut made = vec![0; Format::I420.bytes(SIZE.0, SIZE.1)];
    for (subsampling, slices) in [("yuvj420p", "1"), ("yuvj422p", "12"), ("yuvj444p", "1")] {
        let jpeg = frame(subsampling, false, &["-slices", slices]);
        let mut state = 1u32;
        let mut random = |below: usize| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as usize % below
        };
        let mut rejected = 0;
        for _ in 0..ROUNDS {
            let mut damaged = jpeg.clone();
            for _ in 0..=random(4) {
                let header_only = random(2) == 0;
                let at = random(if header_only { 700 } else { damaged.len() });
                damaged[at] ^= 1 << random(8);
            }
            damaged.truncate(if random(3) == 0 { random(jpeg.len()) } else { jpeg.len() });
            if random(3) == 0 && !damaged.is_empty() {
                let at = random(damaged.len());
                let end = (at + random(40)).min(damaged.len());
                damaged.drain(at..end);
            }
            let mut target = PictureMut::tight(Format::I420, SIZE.0, SIZE.1, &mut made);
            rejected += u32::from(decoder.decode(&damaged, &mut target, JPEG_COLOR).is_err());
        }
        assert!(rejected > ROUNDS / 4, "only {rejected} of {ROUNDS} were rejected");
    }
}
