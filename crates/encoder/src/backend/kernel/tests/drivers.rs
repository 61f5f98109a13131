//! The drivers that are modelled, one by one. What each of them does is from its source in Linux 6.18, for bcm2835-codec in
//! the Raspberry Pi's kernel.

use v4l2::Errno;
use v4l2::fourcc::{NV12, NV12M, YUV420, YUV420M};

use super::driver::{
    Control, Crop, Driver, End, Eos, Rate, Restart, SizeImage, Unknown, button, menu, menu_without, number,
    orderly, switch,
};
use crate::codec::Codec;
use v4l2::control::ids::{
    AU_DELIMITER, BITRATE, BITRATE_MODE, FORCE_KEY_FRAME, FRAME_RC_ENABLE, FRAME_SKIP_MODE, GOP_SIZE,
    H264_8X8_TRANSFORM, H264_ENTROPY_MODE, H264_I_PERIOD, H264_LEVEL, H264_LOOP_FILTER_MODE, H264_MIN_QP,
    H264_PROFILE, HEADER_MODE, HEVC_LEVEL, HEVC_PROFILE, PREPEND_SPSPPS_TO_IDR, REPEAT_SEQ_HEADER,
};

/// Extended is no more there than Constrained Baseline.
const NO_CONSTRAINED_BASELINE: u64 = 0b01010;
const MOST: i64 = i32::MAX as i64;

/// A rate control that works, and key frames on demand.
pub(super) fn common() -> Vec<Control> {
    vec![
        menu(BITRATE_MODE, 1, 0),
        number(BITRATE, 1, MOST, 1, 1_000_000),
        switch(FRAME_RC_ENABLE, true),
        number(GOP_SIZE, 0, 65_535, 1, 30),
        menu(H264_PROFILE, 4, 4),
        menu(H264_LEVEL, 15, 11),
        menu(HEVC_PROFILE, 0, 0),
        menu(HEVC_LEVEL, 12, 5),
        button(FORCE_KEY_FRAME),
    ]
}

pub(super) fn bcm2835() -> Driver {
    Driver {
        name: "bcm2835-codec",
        codecs: &[Codec::H264],
        stride: 64,
        sizes: [32, 1920, 32, 1920],
        sizeimage: SizeImage::Within(512, 4 << 20),
        splits: true,
        repeats_headers: false,
        stray: true,
        empty_buffers: true,
        end: End::LastEmpty,
        controls: vec![
            menu(BITRATE_MODE, 1, 0),
            number(BITRATE, 25_000, 25_000_000, 25_000, 10_000_000),
            number(GOP_SIZE, 0, MOST, 1, 60),
            number(H264_I_PERIOD, 0, MOST, 1, 60),
            menu(HEADER_MODE, 1, 1),
            switch(REPEAT_SEQ_HEADER, false),
            number(H264_MIN_QP, 0, 51, 1, 20),
            menu(H264_PROFILE, 4, 4),
            menu(H264_LEVEL, 15, 11),
            button(FORCE_KEY_FRAME),
        ],
        least_raw: None,
        least_rate: 9.0,
        ..orderly()
    }
}

pub(super) fn vicodec() -> Driver {
    Driver {
        name: "vicodec",
        multi_planar: false,
        codecs: &[Codec::Fwht],
        rounds: (16, 16),
        sizes: [640, 4096, 360, 2160],
        sizeimage: SizeImage::Computed,
        rate: Rate::Missing,
        controls: vec![number(GOP_SIZE, 1, 16, 1, 10)],
        ..orderly()
    }
}

pub(super) fn venus() -> Driver {
    Driver {
        name: "qcom-venus",
        codecs: &[Codec::H264, Codec::H265, Codec::Vp8],
        raw: &[NV12],
        stride: 128,
        rounds: (128, 32),
        padding: 20_480,
        sizes: [96, 4096, 96, 2160],
        rate: Rate::Whole,
        fixed_rate: true,
        assumed_framerate: 15.0,
        offset: 64,
        end: End::LastEmpty,
        eos: Eos::Never,
        controls: vec![
            menu(BITRATE_MODE, 2, 0),
            number(BITRATE, 32_000, 160_000_000, 100, 1_000_000),
            switch(FRAME_RC_ENABLE, true),
            number(GOP_SIZE, 0, 65_535, 1, 30),
            menu(HEADER_MODE, 1, 1),
            menu(H264_PROFILE, 4, 4),
            menu(H264_LEVEL, 15, 0),
            menu(H264_LOOP_FILTER_MODE, 2, 1),
            switch(H264_8X8_TRANSFORM, true),
            menu(HEVC_PROFILE, 0, 0),
            menu(HEVC_LEVEL, 12, 0),
            switch(AU_DELIMITER, false),
            button(FORCE_KEY_FRAME),
        ],
        least_raw: Some(4),
        least_level: 8,
        ..orderly()
    }
}

pub(super) fn iris() -> Driver {
    Driver {
        name: "iris_driver",
        codecs: &[Codec::H264, Codec::H265],
        raw: &[NV12],
        stride: 128,
        rounds: (128, 32),
        sizes: [128, 8192, 128, 8192],
        sizeimage: SizeImage::Computed,
        controls: vec![
            menu(BITRATE_MODE, 1, 0),
            number(BITRATE, 1, 245_000_000, 1, 20_000_000),
            switch(FRAME_RC_ENABLE, true),
            number(GOP_SIZE, 0, MOST, 1, 59),
            menu(HEADER_MODE, 1, 1),
            switch(PREPEND_SPSPPS_TO_IDR, false),
            menu(FRAME_SKIP_MODE, 2, 1),
            menu(H264_PROFILE, 4, 4),
            menu(H264_LEVEL, 17, 14),
            menu(HEVC_PROFILE, 0, 0),
            menu(HEVC_LEVEL, 12, 7),
        ],
        least_raw: Some(4),
        dynamic_gop: true,
        rejects_while_running: Some((Errno::EINVAL, &[BITRATE, GOP_SIZE])),
        dies_of_start: true,
        rate: Rate::WholeUpTo(480),
        own_interval: true,
        fixed_rate: true,
        repeats_headers: false,
        ..orderly()
    }
}

pub(super) fn mtk() -> Driver {
    Driver {
        name: "mtk-vcodec-enc",
        codecs: &[Codec::H264, Codec::Vp8],
        raw: &[YUV420M, NV12M],
        stride: 16,
        rounds: (16, 32),
        padding: 4096,
        sizes: [160, 3840, 128, 2176],
        sizeimage: SizeImage::Verbatim,
        crop: Crop::ByFormat,
        separate_headers: true,
        repeats_headers: false,
        end: End::LastEmpty,
        eos: Eos::Rejected,
        restart: Restart::CodedOnly,
        controls: vec![
            menu(BITRATE_MODE, 1, 1),
            number(BITRATE, 64, 8_000_000, 1, 4_000_000),
            switch(FRAME_RC_ENABLE, true),
            number(GOP_SIZE, 0, 65_535, 1, 0),
            menu(HEADER_MODE, 1, 0),
            menu_without(H264_PROFILE, 4, 4, NO_CONSTRAINED_BASELINE),
            menu(H264_LEVEL, 13, 11),
            switch(PREPEND_SPSPPS_TO_IDR, false),
            button(FORCE_KEY_FRAME),
        ],
        ..orderly()
    }
}

pub(super) fn s5p_mfc() -> Driver {
    Driver {
        name: "s5p-mfc",
        codecs: &[Codec::H264, Codec::Vp8],
        raw: &[NV12M],
        stride: 16,
        rounds: (2, 2),
        padding: 64,
        sizes: [32, 1920, 32, 1088],
        sizeimage: SizeImage::Verbatim,
        unknown: Unknown::Rejected,
        crop: Crop::ByFormat,
        copies_timestamps: false,
        separate_headers: true,
        repeats_headers: false,
        end: End::Empty,
        restart: Restart::Both,
        controls: vec![
            number(BITRATE, 1, 1 << 30, 1, 1),
            switch(FRAME_RC_ENABLE, false),
            number(GOP_SIZE, 0, 65_535, 1, 12),
            menu(HEADER_MODE, 1, 0),
            menu_without(H264_PROFILE, 4, 0, NO_CONSTRAINED_BASELINE),
            menu(H264_LEVEL, 11, 0),
            menu(H264_ENTROPY_MODE, 1, 0),
            button(FORCE_KEY_FRAME),
        ],
        keeps: 2,
        ..orderly()
    }
}

pub(super) fn coda() -> Driver {
    Driver {
        name: "coda",
        multi_planar: false,
        codecs: &[Codec::H264],
        stride: 16,
        rounds: (16, 16),
        sizes: [48, 1920, 16, 1088],
        end: End::LastFrame,
        controls: vec![
            number(BITRATE, 0, 32_767_000, 1000, 0),
            number(GOP_SIZE, 0, 99, 1, 16),
            menu(HEADER_MODE, 1, 1),
            menu_without(H264_PROFILE, 1, 1, 0b01),
        ],
        dynamic_gop: true,
        ..orderly()
    }
}

pub(super) fn wave5() -> Driver {
    Driver {
        name: "wave5-enc",
        codecs: &[Codec::H265, Codec::H264],
        raw: &[YUV420, NV12, YUV420M, NV12M],
        rounds: (32, 16),
        sizes: [256, 8192, 128, 8192],
        rate: Rate::Whole,
        end: End::LastEmpty,
        repeats_headers: false,
        controls: vec![
            menu(BITRATE_MODE, 1, 1),
            number(BITRATE, 0, 700_000_000, 1, 0),
            switch(FRAME_RC_ENABLE, false),
            number(GOP_SIZE, 0, 2047, 1, 0),
            number(H264_I_PERIOD, 0, 2047, 1, 0),
            switch(PREPEND_SPSPPS_TO_IDR, false),
            switch(AU_DELIMITER, true),
            menu(H264_PROFILE, 4, 0),
            menu(H264_LEVEL, 15, 0),
            menu(HEVC_PROFILE, 0, 0),
            menu(HEVC_LEVEL, 12, 0),
        ],
        ..orderly()
    }
}

pub(super) fn allegro() -> Driver {
    Driver {
        name: "allegro",
        multi_planar: false,
        codecs: &[Codec::H264, Codec::H265],
        raw: &[NV12],
        stride: 32,
        sizes: [128, 3840, 64, 2160],
        sizeimage: SizeImage::Computed,
        crop: Crop::ByFormat,
        junk: 24,
        controls: vec![
            menu(BITRATE_MODE, 1, 1),
            number(BITRATE, 0, 240_000_000, 1, 1_000_000),
            switch(FRAME_RC_ENABLE, false),
            number(GOP_SIZE, 0, 1000, 1, 25),
            menu(H264_PROFILE, 0, 0),
            menu(H264_LEVEL, 15, 15),
            menu(HEVC_PROFILE, 0, 0),
            menu(HEVC_LEVEL, 12, 8),
        ],
        ..orderly()
    }
}

pub(super) fn amphion() -> Driver {
    Driver {
        name: "amphion-vpu",
        codecs: &[Codec::H264],
        raw: &[NV12M, NV12],
        stride: 16,
        rounds: (2, 2),
        sizes: [64, 1920, 48, 1920],
        sizeimage: SizeImage::Within(128 << 10, 8 << 20),
        end: End::Pipe,
        controls: vec![
            menu(BITRATE_MODE, 1, 1),
            number(BITRATE, 16 << 10, 240 << 20, 1024, 2 << 20),
            switch(FRAME_RC_ENABLE, true),
            number(GOP_SIZE, 0, 8000, 1, 30),
            menu(HEADER_MODE, 1, 1),
            menu_without(H264_PROFILE, 4, 4, NO_CONSTRAINED_BASELINE),
            menu(H264_LEVEL, 15, 11),
            button(FORCE_KEY_FRAME),
        ],
        least_raw: Some(2),
        ..orderly()
    }
}

/// All of them.
pub(super) fn all() -> Vec<Driver> {
    vec![bcm2835(), vicodec(), venus(), iris(), mtk(), s5p_mfc(), coda(), wave5(), allegro(), amphion()]
}
