use super::*;
use crate::stream_info;

/// Baseline 3.0, 320x240, no VUI, and a slice that is no business of anybody here.
const STREAM: [u8; 18] =
    [0, 0, 0, 1, 0x67, 0x42, 0xc0, 0x1e, 0xda, 0x05, 0x07, 0xe4, 0, 0, 1, 0x65, 0x88, 0x84];

const BT2020: Color = Color { primaries: 9, transfer: 14, matrix: 9 };

fn aspect(width: u16, height: u16) -> Label {
    Label { aspect_ratio: Some(AspectRatio { width, height }), ..Label::default() }
}

fn relabelled(data: &[u8], label: Label) -> Vec<u8> {
    let Relabelled { data, error } = relabel(Codec::H264, data, |_| label);
    assert_eq!(error, None);
    data.unwrap()
}

fn info(data: &[u8]) -> StreamInfo {
    stream_info(Codec::H264, data).unwrap()
}

#[test]
fn an_sps_without_vui_gets_one_that_says_only_what_is_requested() {
    let data = relabelled(&STREAM, aspect(64, 45));
    let after = info(&data);
    assert_eq!(after.aspect_ratio, Some(AspectRatio { width: 64, height: 45 }));
    assert_eq!(StreamInfo { aspect_ratio: None, ..after }, info(&STREAM));
    assert_eq!(data.get(data.len() - 6..), STREAM.get(12..));
}

#[test]
fn each_part_is_replaced_by_itself() {
    let mut data = STREAM.to_vec();
    let color = Label { color: Some((BT2020, true)), ..Label::default() };
    let rate = Label { frame_rate: Some((30_000, 1001)), ..Label::default() };
    let order = Label { no_reorder: true, ..Label::default() };
    for label in [order, rate, color, aspect(12, 11), rate, order] {
        data = relabelled(&data, label);
    }
    let info = info(&data);
    assert_eq!(info.aspect_ratio, Some(AspectRatio { width: 12, height: 11 }));
    assert_eq!((info.color, info.full_range), (Some(BT2020), true));
    assert_eq!((info.frame_rate, info.fixed_frame_rate), (Some((30_000, 1001)), false));
    assert_eq!((info.max_num_reorder, info.max_dec_frame_buffering), (Some(0), info.references));
    assert_eq!(relabel(Codec::H264, &data, |_| Label::default()), Relabelled::default());
    assert_eq!(relabelled(&data, order), data);
}

#[test]
fn zeros_that_would_look_like_a_start_code_are_kept_apart() {
    let data = relabelled(&STREAM, aspect(256, 1));
    assert_eq!(annexb::units(&data).count(), 2);
    let data = relabelled(&data, Label { frame_rate: Some((1, 1)), ..aspect(1, 256) });
    assert_eq!(info(&data).aspect_ratio, Some(AspectRatio { width: 1, height: 256 }));
    assert_eq!(info(&data).frame_rate, Some((1, 1)));
    assert_eq!(annexb::units(&data).count(), 2);
}

#[test]
fn a_rate_that_does_not_fit_is_not_written() {
    let data = relabelled(&STREAM, Label { frame_rate: Some((u32::MAX, 1)), ..aspect(1, 1) });
    assert_eq!(info(&data).frame_rate, None);
}

#[test]
fn a_cut_sps_stays_as_it_is_and_the_others_are_relabelled() {
    let cut = [0, 0, 0, 1, 0x67, 0x42, 0xc0, 0x1e, 0xda];
    let whole = [&cut[..], &STREAM, &cut[..]].concat();
    let Relabelled { data, error } =
        relabel(Codec::H264, &whole, |_| Label { no_reorder: true, ..Label::default() });
    let data = data.unwrap();
    assert_eq!(error, Some(Error::Truncated));
    assert_eq!(data.get(..cut.len()), Some(&cut[..]));
    assert_eq!(data.get(data.len() - cut.len()..), Some(&cut[..]));
    assert_eq!(info(data.get(cut.len()..).unwrap()).max_num_reorder, Some(0));
    assert_eq!(relabel(Codec::H264, &cut, |_| Label::default()).data, None);
}

#[test]
fn every_sps_before_the_first_slice_is_asked_about_by_itself() {
    let twice = [STREAM.get(..12).unwrap(), &STREAM, &STREAM].concat();
    let mut seen = 0;
    let data = relabel(Codec::H264, &twice, |info| {
        seen += 1;
        assert_eq!(info.width, 320);
        if seen == 2 { aspect(4, 3) } else { Label::default() }
    });
    assert_eq!(seen, 2);
    let data = data.data.unwrap();
    assert_eq!(info(&data).aspect_ratio, None);
    assert_eq!(info(data.get(12..).unwrap()).aspect_ratio, Some(AspectRatio { width: 4, height: 3 }));
    assert!(data.ends_with(&STREAM));
}
