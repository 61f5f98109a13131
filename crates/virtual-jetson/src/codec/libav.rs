//! Real H.264 and H.265 by libx264 and libx265, dressed as NVIDIA's.
//!
//! The libraries write more than the board does (SEI, VUI, parameter sets at every key frame) and name their own
//! profile and level, so each chunk is taken apart and put together again by the client's settings.

use super::{
    Codec, Failure,
    annexb::{push, push_escaped, unescape, units},
    h264, h265,
    passthrough::access_unit_delimiter,
    rate::{BASE_QUALITY, RateController},
};
use crate::{
    abi,
    controls::{PictureKind, Setup, Tuning},
    memory::Picture,
};
use ffmpeg_next::{
    Dictionary, Packet, Rational, codec, ffi,
    format::Pixel,
    frame::{self, side_data},
    picture,
};

pub(super) struct Libav {
    setup: Setup,
    encoder: ffmpeg_next::encoder::Video,
    picture: frame::Video,
    packet: Packet,
    number: i64,
    /// Frames per second that the encoder was opened for.
    opened_rate: f64,
    forced_idr: bool,
    sent_parameter_sets: bool,
    /// Of H.265 alone, and only where there is rate control.
    rate: Option<RateController>,
}

impl Libav {
    pub(super) fn new(setup: &Setup, tuning: &Tuning) -> Result<Self, Failure> {
        // Whatever the libraries have to say would look like NVIDIA's; failures come back as errors.
        ffmpeg_next::log::set_level(ffmpeg_next::log::Level::Quiet);
        let is_h265 = setup.codec == abi::H265;
        let name = if is_h265 { "libx265" } else { "libx264" };
        let library = ffmpeg_next::encoder::find_by_name(name)
            .ok_or_else(|| Failure(format!("libavcodec was built without {name}")))?;
        let mut video = codec::context::Context::new_with_codec(library).encoder().video()?;
        video.set_width(setup.raw.width);
        video.set_height(setup.raw.height);
        let pixel = if !is_h265 && setup.raw.fourcc == abi::NV12M { Pixel::NV12 } else { Pixel::YUV420P };
        video.set_format(pixel);
        let rate = milli(tuning.frames_per_second);
        video.set_frame_rate(Some(Rational(rate, 1000)));
        video.set_time_base(Rational(1000, rate));
        if let Some((low, high)) = setup.qp_range {
            video.set_qmin(i32::try_from(low).unwrap_or(0));
            video.set_qmax(i32::try_from(high).unwrap_or(51));
        }
        let options = if is_h265 { h265_options(setup) } else { h264_options(setup) };
        let controlled = setup.constant_qp.is_none();
        if !is_h265 && controlled {
            set_rate(&mut video, tuning, 1.0);
        }
        let encoder = video.open_as_with(library, options)?;
        let (width, height) = (setup.raw.width, setup.raw.height);
        Ok(Self {
            setup: setup.clone(),
            encoder,
            picture: frame::Video::new(pixel, width, height),
            packet: Packet::empty(),
            number: 0,
            opened_rate: tuning.frames_per_second,
            forced_idr: true,
            sent_parameter_sets: false,
            rate: (is_h265 && controlled).then(|| RateController::new(width, height, tuning)),
        })
    }

    /// Copies the picture out of the device's view of the buffer.
    fn load(&mut self, frame: &Picture) {
        let interleaved = self.setup.raw.planes().len() == 2;
        for (plane, layout) in self.setup.raw.planes().iter().enumerate() {
            frame.read(plane, layout.stride, |bytes, stride| {
                if interleaved && plane == 1 && self.picture.format() == Pixel::YUV420P {
                    split(bytes, stride, layout.rows, layout.row_bytes, &mut self.picture);
                } else {
                    let own = self.picture.stride(plane);
                    let rows = self.picture.data_mut(plane).chunks_mut(own);
                    for (to, from) in rows.zip(bytes.chunks(stride)).take(layout.rows) {
                        to[..layout.row_bytes].copy_from_slice(&from[..layout.row_bytes]);
                    }
                }
            });
        }
    }

    fn tune(&mut self, tuning: &Tuning) {
        if let Some(rate) = &mut self.rate {
            let offset = rate.offset(tuning);
            self.picture.remove_side_data(side_data::Type::REGIONS_OF_INTEREST);
            set_qp_offset(&mut self.picture, &self.setup, offset);
        } else if self.setup.codec == abi::H264 && self.setup.constant_qp.is_none() {
            // libx264 believes in the frame rate it was opened with, so a new one is a new number of bits a frame.
            set_rate(&mut self.encoder, tuning, self.opened_rate / tuning.frames_per_second);
        }
    }

    fn set_kind(&mut self, kind: PictureKind) {
        let forced_idr = kind == PictureKind::Idr;
        if kind != PictureKind::Inter && forced_idr != self.forced_idr {
            set_forced_idr(&mut self.encoder, forced_idr);
            self.forced_idr = forced_idr;
        }
        self.picture.set_kind(if kind == PictureKind::Inter {
            picture::Type::None
        } else {
            picture::Type::I
        });
    }

    /// Puts the units of a chunk together as NVIDIA's encoder would have written them.
    fn dress(&mut self, kind: PictureKind, coded: &[u8], chunk: &mut Vec<u8>) {
        let is_h265 = self.setup.codec == abi::H265;
        if self.setup.aud {
            push(chunk, access_unit_delimiter(is_h265, kind));
        }
        let with_sets = self.setup.parameter_sets_at_idr || !self.sent_parameter_sets;
        for unit in units(coded) {
            match is_h265 {
                true => self.dress_h265(unit, with_sets, chunk),
                false => self.dress_h264(unit, with_sets, chunk),
            }
        }
        self.sent_parameter_sets = true;
    }

    fn dress_h264(&self, unit: &[u8], with_sets: bool, chunk: &mut Vec<u8>) {
        match h264::unit_type(unit) {
            h264::SEI | h264::AUD => {}
            h264::SPS | h264::PPS if !with_sets => {}
            h264::SPS => push_escaped(chunk, &h264::rewrite_sps(&unescape(unit), &self.setup)),
            _ => push(chunk, unit),
        }
    }

    fn dress_h265(&self, unit: &[u8], with_sets: bool, chunk: &mut Vec<u8>) {
        match h265::unit_type(unit) {
            h265::PREFIX_SEI | h265::SUFFIX_SEI | h265::AUD => {}
            h265::VPS | h265::SPS | h265::PPS if !with_sets => {}
            h265::VPS => push_escaped(chunk, &h265::rewrite(unescape(unit), &self.setup)),
            h265::SPS => {
                let whole = h265::rewrite(unescape(unit), &self.setup);
                let cut = if self.setup.vui { None } else { h265::without_vui(&whole) };
                push_escaped(chunk, &cut.unwrap_or(whole));
            }
            _ => push(chunk, unit),
        }
    }
}

impl Codec for Libav {
    fn encode(
        &mut self,
        frame: &Picture,
        kind: PictureKind,
        tuning: &Tuning,
        chunk: &mut Vec<u8>,
    ) -> Result<(), Failure> {
        self.load(frame);
        self.tune(tuning);
        self.set_kind(kind);
        self.picture.set_pts(Some(self.number));
        self.number += 1;
        self.encoder.send_frame(&self.picture)?;
        self.encoder.receive_packet(&mut self.packet)?;
        let packet = std::mem::replace(&mut self.packet, Packet::empty());
        let coded = packet.data().unwrap_or_default();
        if let Some(rate) = &mut self.rate {
            rate.coded(kind, coded.len(), tuning);
        }
        self.dress(kind, coded, chunk);
        Ok(())
    }
}

fn h264_options(setup: &Setup) -> Dictionary<'static> {
    let cabac = u8::from(setup.cabac);
    let high = u8::from(setup.profile_idc >= 100);
    let mut options = common_options(setup);
    let parameters = format!("keyint=infinite:scenecut=0:cabac={cabac}:8x8dct={high}:ref=1:threads=1");
    options.set("x264-params", &parameters);
    options
}

fn h265_options(setup: &Setup) -> Dictionary<'static> {
    let mut options = common_options(setup);
    let mut parameters =
        "log-level=none:info=0:keyint=-1:scenecut=0:open-gop=0:frame-threads=1:rc-lookahead=0:bframes=0:ref=1".to_owned();
    if setup.constant_qp.is_none() {
        // Offsets are part of adaptive quantisation and do nothing without it.
        parameters.push_str(":aq-mode=1:aq-strength=0.4");
        options.set("crf", &BASE_QUALITY.to_string());
    }
    options.set("x265-params", &parameters);
    options
}

fn common_options(setup: &Setup) -> Dictionary<'static> {
    let mut options = Dictionary::new();
    options.set("preset", "ultrafast");
    options.set("tune", "zerolatency");
    options.set("forced-idr", "1");
    if let Some((_, inter)) = setup.constant_qp {
        options.set("qp", &inter.to_string());
    }
    options
}

#[expect(clippy::cast_possible_truncation, reason = "frame rates are small")]
fn milli(rate: f64) -> i32 {
    (rate * 1000.0).round().clamp(1.0, 1e9) as i32
}

/// Sets the rates of libx264, before it is opened or between two frames.
fn set_rate(video: &mut ffmpeg_next::codec::encoder::video::Video, tuning: &Tuning, scale: f64) {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "rates are positive and far below 2^31"
    )]
    let scaled = |bits: u32| (f64::from(bits) * scale) as usize;
    video.set_bit_rate(scaled(tuning.bitrate));
    video.set_max_bit_rate(scaled(tuning.peak));
    let buffer = i32::try_from(tuning.vbv_bits.max(1000)).unwrap_or(i32::MAX);
    // SAFETY: the context is ours and exists; nobody else uses it meanwhile.
    let context = unsafe { video.as_mut_ptr() };
    // SAFETY: libavcodec lets the buffer size be written before opening, and libx264's wrapper reads it again
    // before each frame.
    unsafe { (*context).rc_buffer_size = buffer };
}

fn set_forced_idr(encoder: &mut ffmpeg_next::encoder::Video, on: bool) {
    // SAFETY: the context is ours and open.
    let context = unsafe { encoder.as_mut_ptr() };
    // SAFETY: an open context of libx264 or libx265 has private options.
    let private = unsafe { (*context).priv_data };
    // SAFETY: `private` begins with the class that describes its options; an unknown one would be an error code.
    let result = unsafe { ffi::av_opt_set_int(private, c"forced-idr".as_ptr(), i64::from(on), 0) };
    debug_assert_eq!(result, 0, "both wrappers have this option");
}

/// Gives the whole picture a QP offset, as a region of interest that covers it.
fn set_qp_offset(picture: &mut frame::Video, setup: &Setup, offset: f64) {
    let size = size_of::<ffi::AVRegionOfInterest>();
    let Some(mut side_data) = picture.new_side_data(side_data::Type::REGIONS_OF_INTEREST, size) else {
        return;
    };
    let region = ffi::AVRegionOfInterest {
        self_size: u32::try_from(size).unwrap_or_default(),
        top: 0,
        bottom: i32::try_from(setup.raw.height).unwrap_or(i32::MAX),
        left: 0,
        right: i32::try_from(setup.raw.width).unwrap_or(i32::MAX),
        // In units of the 51 QP steps of eight-bit video.
        qoffset: ffi::AVRational {
            num: milli(offset.abs()) * if offset < 0.0 { -1 } else { 1 },
            den: 51_000,
        },
    };
    // SAFETY: the side data belongs to our picture.
    let side_data = unsafe { side_data.as_mut_ptr() };
    // SAFETY: libavutil filled the structure when it was made.
    let data = unsafe { (*side_data).data };
    // SAFETY: the data is as large as one region, and libavutil aligns what it allocates.
    unsafe { data.cast::<ffi::AVRegionOfInterest>().write_unaligned(region) };
}

/// Takes interleaved chroma apart.
fn split(bytes: &[u8], stride: usize, rows: usize, row_bytes: usize, picture: &mut frame::Video) {
    for plane in [1, 2] {
        let to_stride = picture.stride(plane);
        let to_rows = picture.data_mut(plane).chunks_mut(to_stride);
        for (to, from) in to_rows.zip(bytes.chunks(stride)).take(rows) {
            for (to, from) in to.iter_mut().zip(from[plane - 1..row_bytes].iter().step_by(2)) {
                *to = *from;
            }
        }
    }
}
