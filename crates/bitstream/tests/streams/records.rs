//! Our decoder configuration records are those that ffmpeg's MP4 muxer writes, byte for byte.

use crate::recipe::Recipe;
use bitstream::{Codec, Error, Kind, annexb, record};

fn same(recipe: &Recipe) {
    let stream = recipe.encode();
    let ours = record::from_annexb(recipe.codec, &stream).unwrap();
    assert_eq!(ours, recipe.muxed_record(&stream), "{} {:?}", recipe.size, recipe.options);
}

#[test]
fn avcc_is_ffmpegs() {
    same(&Recipe::h264("322x242", "30", &["-profile:v", "baseline"]));
    same(&Recipe::h264("640x480", "30", &["-x264-params", "cabac=1"]));
    same(&Recipe::h264("640x480", "30", &["-x264-params", "8x8dct=1"]));
    same(&Recipe::h264("320x240", "30", &["-pix_fmt", "yuv420p10le"]));
    same(&Recipe::h264("320x240", "30", &["-pix_fmt", "yuv444p"]));
}

/// The form with complete arrays: `hvc1`, not ffmpeg's default `hev1`.
#[test]
fn hvcc_is_ffmpegs() {
    same(&Recipe::h265("322x242", "30", &[]));
    same(&Recipe::h265("640x480", "30", &["-pix_fmt", "yuv420p10le", "-x265-params", "slices=2"]));
    same(&Recipe::h265("320x240", "30", &["-x265-params", "temporal-layers=3:bframes=3"]));
    same(&Recipe::h265("320x240", "30", &["-x265-params", "no-wpp=1:pools=none"]));
}

#[test]
fn repeated_sets_are_listed_once_and_missing_ones_rejected() {
    let stream = Recipe::h264("64x64", "30", &["-g", "1"]).encode();
    assert_eq!(
        record::from_annexb(Codec::H264, &[stream.as_slice(), &stream].concat()),
        record::from_annexb(Codec::H264, &stream)
    );
    let sets: Vec<&[u8]> = annexb::units(&stream)
        .filter(|unit| unit.kind(Codec::H264) == Kind::Sps)
        .map(|unit| unit.data())
        .collect();
    assert_eq!(record::avcc(&sets, &[]), Err(Error::Missing("PPS")));
    assert_eq!(record::hvcc(&[&[0x40, 1]], &[], &[]), Err(Error::Missing("SPS")));
    assert_eq!(record::from_annexb(Codec::H265, &stream), None);
}
