//! What we read in parameter sets written by x264 and x265 is what ffprobe reads.

use crate::recipe::Recipe;
use bitstream::vui::{AspectRatio, Color};
use bitstream::{Codec, Kind, StreamInfo, annexb, h264, h265, stream_info};

/// Encodes, compares with ffprobe, and hands our reading back for what ffprobe does not say.
fn agree(recipe: &Recipe) -> StreamInfo {
    let stream = recipe.encode();
    let info = stream_info(recipe.codec, &stream).unwrap();
    let probe = recipe.probe(&stream);
    let ours = [
        ("width", info.width.to_string()),
        ("height", info.height.to_string()),
        ("profile", probe_profile(info.profile).to_owned()),
        ("level", probe_level(&info)),
        ("r_frame_rate", info.frame_rate.map_or_else(String::new, |(up, down)| format!("{up}/{down}"))),
    ];
    for (key, value) in ours {
        assert_eq!(probe[key], value, "{key} of {} {:?}", recipe.size, recipe.options);
    }
    info
}

/// FFmpeg's short name for the range extensions.
fn probe_profile(name: &str) -> &str {
    if name == "Format Range Extensions" { "Rext" } else { name }
}

fn probe_level(info: &StreamInfo) -> String {
    let number: f64 = info.level.parse().unwrap();
    let unit = if info.codec == Codec::H264 { 10.0 } else { 30.0 };
    (number * unit).round().to_string()
}

/// The fastest preset makes High streams only when it is configured to use what sets High apart.
const HIGH: &[&str] = &["-x264-params", "8x8dct=1"];

#[test]
fn h264_sizes_with_cropping() {
    let small = agree(&Recipe::h264("322x242", "30", &["-profile:v", "baseline"]));
    assert_eq!((small.coded_width, small.coded_height), (336, 256));
    assert_eq!((small.profile, small.codec_string.as_str()), ("Constrained Baseline", "avc1.42c00d"));
    let large = agree(&Recipe::h264("1920x1080", "30000/1001", HIGH));
    assert_eq!((large.coded_width, large.coded_height), (1920, 1088));
    assert_eq!(large.frame_rate, Some((30_000, 1001)));
    assert!(large.codec_string.starts_with("avc1.6400"));
}

#[test]
fn h264_profiles_and_formats() {
    let main = agree(&Recipe::h264("640x480", "25", &["-profile:v", "main", "-bf", "2"]));
    assert_eq!((main.profile, main.max_num_reorder), ("Main", Some(2)));
    let deep = agree(&Recipe::h264("320x240", "25", &["-pix_fmt", "yuv420p10le"]));
    assert_eq!((deep.bit_depth, deep.chroma_format_idc), (10, 1));
    let wide = agree(&Recipe::h264("322x242", "25", &["-pix_fmt", "yuv422p"]));
    assert_eq!((wide.profile, wide.chroma_format_idc), ("High 4:2:2", 2));
    let full = agree(&Recipe::h264("322x242", "25", &["-pix_fmt", "yuv444p", "-level", "4.1"]));
    assert_eq!((full.chroma_format_idc, full.level.as_str()), (3, "4.1"));
}

#[test]
fn h264_fields_are_cropped_in_pairs_of_lines() {
    let info = agree(&Recipe::h264("1920x1080", "25", &["-x264-params", "interlaced=1:tff=1"]));
    assert_eq!((info.coded_height, info.height), (1088, 1080));
}

#[test]
fn h264_usability_information() {
    const PARAMS: &str = "fullrange=on:colorprim=bt709:transfer=iec61966-2-1:colormatrix=smpte170m:\
        nal-hrd=cbr:bitrate=1000:vbv-maxrate=1000:vbv-bufsize=500:force-cfr=1:cqm=jvt";
    let info = agree(&Recipe::h264("640x480", "60000/1001", &["-vf", "setsar=4/3", "-x264-params", PARAMS]));
    assert!(info.full_range && info.fixed_frame_rate);
    assert_eq!(info.color, Some(Color { primaries: 1, transfer: 13, matrix: 6 }));
    assert_eq!(info.aspect_ratio, Some(AspectRatio { width: 4, height: 3 }));
}

#[test]
fn h264_entropy_mode() {
    for (options, cabac) in [(&["-coder", "1"], true), (&["-coder", "0"], false)] {
        let stream = Recipe::h264("64x64", "25", options).encode();
        let pps = annexb::units(&stream).find(|unit| unit.kind(Codec::H264) == Kind::Pps).unwrap();
        let pps = h264::Pps::parse(pps.data()).unwrap();
        assert_eq!((pps.id, pps.sps_id, pps.cabac), (0, 0, cabac));
    }
}

#[test]
fn h265_sizes_with_a_conformance_window() {
    let small = agree(&Recipe::h265("322x242", "30", &[]));
    assert_eq!((small.coded_width % 8, small.coded_height % 8), (0, 0));
    assert!(small.coded_width > 322 && small.coded_height > 242);
    assert_eq!((small.width, small.height), (322, 242));
    let large = agree(&Recipe::h265("1920x1080", "30000/1001", &[]));
    assert_eq!((large.level.as_str(), large.codec_string.as_str()), ("4", "hvc1.1.6.L120.90"));
}

#[test]
fn h265_profiles_and_formats() {
    let deep = agree(&Recipe::h265("640x480", "25", &["-pix_fmt", "yuv420p10le"]));
    assert_eq!((deep.profile, deep.bit_depth), ("Main 10", 10));
    let full = agree(&Recipe::h265("322x242", "25", &["-pix_fmt", "yuv444p"]));
    assert_eq!((full.profile, full.chroma_format_idc), ("Format Range Extensions", 3));
    let tier = agree(&Recipe::h265(
        "1280x720",
        "30",
        &["-x265-params", "level-idc=4.1:high-tier=1:bitrate=30000:vbv-maxrate=40000:vbv-bufsize=40000"],
    ));
    assert_eq!((tier.tier, tier.level.as_str()), (h265::Tier::High, "4.1"));
    assert!(tier.codec_string.contains(".H123."));
}

#[test]
fn h265_usability_information_behind_everything_optional() {
    const PARAMS: &str = "range=full:colorprim=bt709:transfer=iec61966-2-1:colormatrix=smpte170m:\
        hrd=1:bitrate=1000:vbv-maxrate=1000:vbv-bufsize=500:temporal-layers=3:bframes=3:scaling-list=default:\
        overscan=show:chromaloc=2:display-window=0,0,2,2";
    let info = agree(&Recipe::h265("640x480", "60000/1001", &["-vf", "setsar=5/7", "-x265-params", PARAMS]));
    assert!(info.full_range);
    assert_eq!(info.color, Some(Color { primaries: 1, transfer: 13, matrix: 6 }));
    assert_eq!(info.aspect_ratio, Some(AspectRatio { width: 5, height: 7 }));
}

#[test]
fn h265_video_and_picture_parameter_sets() {
    let stream = Recipe::h265("320x240", "25", &["-x265-params", "wpp=1:pools=2"]).encode();
    let find = |kind| annexb::units(&stream).find(|unit| unit.kind(Codec::H265) == kind).unwrap().data();
    let vps = h265::Vps::parse(find(Kind::Vps)).unwrap();
    let sps = h265::Sps::parse(find(Kind::Sps)).unwrap();
    let pps = h265::Pps::parse(find(Kind::Pps)).unwrap();
    assert_eq!(vps.profile_tier_level, sps.profile_tier_level);
    assert_eq!((vps.id, vps.max_sub_layers), (sps.vps_id, sps.max_sub_layers));
    assert_eq!((pps.sps_id, pps.tiles), (sps.id, false));
}
