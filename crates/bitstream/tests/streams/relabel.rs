//! An SPS that was given another label: ffprobe reads it, and every picture decodes as before.

use crate::recipe::Recipe;
use bitstream::vui::{AspectRatio, Color};
use bitstream::{Label, relabel, stream_info};

#[test]
fn ffprobe_reads_the_label_and_the_pictures_are_the_same() {
    const HRD: &str = "nal-hrd=cbr:bitrate=100:vbv-maxrate=100:vbv-bufsize=50:aud=1:overscan=show";
    let recipes = [
        Recipe::h264("64x64", "30", &["-vf", "setsar=5/7", "-x264-params", HRD]),
        Recipe::h264("322x242", "30", &["-profile:v", "baseline"]),
        Recipe::h265("322x242", "30", &["-x265-params", "keyint=2:repeat-headers=1:scaling-list=default"]),
        Recipe::h265("64x64", "30", &["-x265-params", "hrd=1:bitrate=100:vbv-maxrate=100:vbv-bufsize=50"]),
        // They announce B frames, of which two frames have none.
        Recipe::h264("64x64", "30", &["-profile:v", "main", "-x264-params", "bframes=2:b-adapt=0:ref=3"]),
        Recipe::h265("64x64", "30", &["-x265-params", "bframes=2:b-adapt=0:temporal-layers=1"]),
    ];
    let label = Label {
        aspect_ratio: Some(AspectRatio { width: 64, height: 45 }),
        color: Some((Color { primaries: 9, transfer: 14, matrix: 9 }, true)),
        frame_rate: Some((24_000, 1001)),
        no_reorder: true,
    };
    for recipe in recipes {
        let before = recipe.encode();
        let after = relabel(recipe.codec, &before, |_| label).data.unwrap();
        let probe = recipe.probe(&after);
        for (key, value) in [
            ("sample_aspect_ratio", "64:45"),
            ("color_space", "bt2020nc"),
            ("color_range", "pc"),
            ("has_b_frames", "0"),
            ("r_frame_rate", "24000/1001"),
        ] {
            assert_eq!(probe[key], value, "{key} of {:?}", recipe.options);
        }
        assert_eq!(Recipe::pictures(recipe.format(), &after), Recipe::pictures(recipe.format(), &before));
        let is = stream_info(recipe.codec, &after).unwrap();
        assert_eq!((is.frame_rate, is.max_num_reorder), (Some((24_000, 1001)), Some(0)));
        assert_eq!(is.max_dec_frame_buffering, is.references);
        let again = Label { no_reorder: true, ..Label::default() };
        assert_eq!(relabel(recipe.codec, &after, |_| again).data.as_deref(), Some(&after[..]));
    }
}
