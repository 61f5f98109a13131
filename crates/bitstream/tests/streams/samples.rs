//! Access units and the length-prefixed form, judged by ffmpeg: the packets it finds are ours, and a
//! Matroska file made of our samples and our record decodes to the same pictures.

use crate::matroska;
use crate::recipe::Recipe;
use bitstream::{Codec, Keep, access_units, inspect, key_frame, length_prefixed, record, stream_info};
use std::sync::LazyLock;

/// Streams with several slices, delimiters, repeated headers, B pictures and open groups of pictures.
static STREAMS: LazyLock<Vec<(Recipe, Vec<u8>)>> = LazyLock::new(|| {
    let encoded = |recipe: Recipe| {
        let stream = recipe.encode();
        (recipe, stream)
    };
    recipes().into_iter().map(encoded).collect()
});

fn recipes() -> [Recipe; 4] {
    let mut all = [
        Recipe::h264("322x242", "30", &["-g", "5", "-x264-params", "slices=3:aud=1"]),
        Recipe::h264("640x480", "30", &["-g", "4", "-bf", "2"]),
        Recipe::h265("322x242", "30", &["-x265-params", "keyint=5:slices=2:aud=1:repeat-headers=1"]),
        Recipe::h265("640x480", "30", &["-x265-params", "keyint=4:min-keyint=4:open-gop=1:bframes=2"]),
    ];
    all.iter_mut().for_each(|recipe| recipe.frames = "12");
    all
}

/// The ends of packets one after the other, with their key flags.
fn ends(packets: impl IntoIterator<Item = (usize, bool)>) -> Vec<(usize, bool)> {
    let mut end = 0;
    let add = |(size, key)| {
        end += size;
        (end, key)
    };
    packets.into_iter().map(add).collect()
}

/// FFmpeg's H.265 parser leaves the `zero_byte` of a four-byte start code with the packet before; in
/// ITU-T H.265 B.2.1 it belongs to the unit it precedes, and so it does with us.
#[test]
fn access_units_and_key_frames_are_ffprobes_packets() {
    for (recipe, stream) in STREAMS.iter() {
        let units = access_units(recipe.codec, stream);
        let ours = ends(units.map(|unit| (unit.len(), key_frame(recipe.codec, unit))));
        let theirs = ends(recipe.packets(stream));
        assert_eq!(ours.len(), theirs.len());
        assert_eq!(ours.last(), theirs.last());
        for (ours, theirs) in ours.iter().zip(&theirs) {
            assert!(theirs.0 - ours.0 <= usize::from(recipe.codec == Codec::H265), "{ours:?} {theirs:?}");
            assert_eq!(ours.1, theirs.1);
        }
    }
}

#[test]
fn a_file_of_our_samples_decodes_to_the_same_pictures() {
    for (recipe, stream) in STREAMS.iter() {
        let info = stream_info(recipe.codec, stream).unwrap();
        let mut samples = Vec::new();
        for unit in access_units(recipe.codec, stream) {
            let mut data = Vec::new();
            length_prefixed(recipe.codec, unit, &mut data, Keep::default()).unwrap();
            samples.push((data, inspect(recipe.codec, unit).key_frame));
        }
        let description = record::from_annexb(recipe.codec, stream).unwrap();
        let file = matroska::file(recipe.codec, (info.width, info.height), &description, &samples);
        let expected = Recipe::pictures(recipe.format(), stream);
        assert_eq!(expected.len(), 12);
        assert_eq!(Recipe::pictures("matroska", &file), expected, "{} {:?}", recipe.size, recipe.options);
    }
}

/// A stream refreshed column by column has one IDR picture; its recovery points are no key frames.
#[test]
fn intra_refresh_has_one_key_frame() {
    let mut recipe = Recipe::h264("320x240", "30", &["-g", "4", "-x264-params", "intra-refresh=1"]);
    recipe.frames = "12";
    let stream = recipe.encode();
    let keys: Vec<bool> =
        access_units(Codec::H264, &stream).map(|unit| key_frame(Codec::H264, unit)).collect();
    assert_eq!(keys.len(), 12);
    assert_eq!(keys.iter().position(|key| *key), Some(0));
    assert_eq!(keys.iter().filter(|key| **key).count(), 1);
}
