//! Real H.264 and H.265 by libx264 and libx265, dressed as NVIDIA's.
//!
//! The libraries write more than the board does (SEI, VUI, parameter sets at every key frame) and name their own
//! profile and level, so each chunk is taken apart and put together again by the client's settings.

use super::{
    Codec, Coded, Failure, Input,
    annexb::{push, push_escaped, unescape, units},
    h264,
    h264_slices::Slices,
    h265,
    libav_options::{self, Control},
    passthrough::{Letter, access_unit_delimiter},
    rate::{BASE_QP, RateController},
};
use crate::{
    abi,
    controls::{PictureKind, Setup, Tuning},
    memory::Picture,
    metadata::Region,
};
use ffmpeg_next::{
    Packet, Rational, codec, color, ffi,
    format::Pixel,
    frame::{self, side_data},
    packet, picture,
};
use std::collections::VecDeque;

pub(super) struct Libav {
    setup: Setup,
    control: Control,
    encoder: ffmpeg_next::encoder::Video,
    picture: frame::Video,
    packet: Packet,
    /// Frames per second that the encoder was opened for.
    opened_rate: f64,
    forced_idr: bool,
    sent_parameter_sets: bool,
    /// Where the control is ours.
    rate: RateController,
    slices: Slices,
    /// Frames whose access units are still to come.
    waiting: VecDeque<Waiting>,
    /// What a session was opened with that has coded nothing yet needs no other one.
    is_fresh: bool,
}

/// A frame in the encoder.
#[derive(Clone, Copy)]
struct Waiting {
    number: u64,
    kind: PictureKind,
    tuning: Tuning,
    /// The least and the greatest offset of its regions.
    spread: (i32, i32),
    /// The QP that was chosen here, which blocks without coefficients do not show.
    chosen: Option<f64>,
}

impl Libav {
    pub(super) fn new(setup: &Setup, tuning: &Tuning) -> Result<Self, Failure> {
        // Whatever the libraries have to say would look like NVIDIA's; failures come back as errors.
        ffmpeg_next::log::set_level(ffmpeg_next::log::Level::Quiet);
        let (width, height) = (setup.raw.width, setup.raw.height);
        Ok(Self {
            setup: setup.clone(),
            control: Control::of(setup),
            encoder: open(setup, tuning)?,
            picture: frame::Video::new(pixel_format(setup), width, height),
            packet: Packet::empty(),
            opened_rate: tuning.frames_per_second,
            forced_idr: true,
            sent_parameter_sets: false,
            rate: RateController::new(setup, tuning),
            slices: Slices::new(setup.poc_type),
            waiting: VecDeque::new(),
            is_fresh: true,
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

    fn tune(&mut self, input: &Input<'_>, coded: &mut Vec<Coded>) -> Result<Option<f64>, Failure> {
        self.picture.remove_side_data(side_data::Type::REGIONS_OF_INTEREST);
        let mut offset = 0.0;
        let mut chosen = None;
        match self.control {
            Control::Constant(_) => {}
            Control::Library => {
                // libx264 believes in the frame rate it was opened with, so a new one is a new number of bits a frame.
                let scale = self.opened_rate / input.tuning.frames_per_second;
                set_rate(&mut self.encoder, &input.tuning, scale);
            }
            Control::Ours if self.setup.codec == abi::H265 => {
                let qp = self.rate.qp(&self.setup, input);
                chosen = Some(qp);
                offset = qp - BASE_QP;
            }
            Control::Ours => {
                // An intra picture of libx264's takes its QP from those before it, unless it is the first.
                if input.kind != PictureKind::Inter && !self.is_fresh {
                    self.drain(coded)?;
                    self.encoder = open(&self.setup, &input.tuning)?;
                    self.forced_idr = true;
                }
                let qp = self.rate.qp(&self.setup, input).round();
                chosen = Some(qp);
                set_option(&mut self.encoder, c"crf", qp);
            }
        }
        if offset != 0.0 || !input.regions.is_empty() {
            set_offsets(&mut self.picture, &self.setup, input.regions, offset);
        }
        Ok(chosen)
    }

    fn set_kind(&mut self, kind: PictureKind) {
        // Without B frames, each intra picture of libx264's is an IDR, and becomes a plain one afterwards.
        let plain = kind == PictureKind::Intra && (self.setup.codec == abi::H265 || self.setup.b_frames > 0);
        let forced_idr = !plain;
        if kind != PictureKind::Inter && forced_idr != self.forced_idr {
            set_option(&mut self.encoder, c"forced-idr", f64::from(u8::from(forced_idr)));
            self.forced_idr = forced_idr;
        }
        self.picture.set_kind(if kind == PictureKind::Inter {
            picture::Type::None
        } else {
            picture::Type::I
        });
    }

    /// Takes what the encoder has finished; the end of it is no failure.
    fn receive(&mut self, mut spare: Vec<u8>, coded: &mut Vec<Coded>) -> Result<(), Failure> {
        loop {
            match self.encoder.receive_packet(&mut self.packet) {
                Ok(()) => {}
                Err(ffmpeg_next::Error::Eof | ffmpeg_next::Error::Other { errno: libc::EAGAIN }) => {
                    return Ok(());
                }
                Err(error) => return Err(error.into()),
            }
            let packet = std::mem::replace(&mut self.packet, Packet::empty());
            let number = packet.pts().and_then(|pts| u64::try_from(pts).ok()).unwrap_or_default();
            let at = self.waiting.iter().position(|waiting| waiting.number == number);
            let waiting = at
                .and_then(|at| self.waiting.remove(at))
                .ok_or_else(|| Failure(format!("an access unit of frame {number}, which was never given")))?;
            let (counted, letter) = statistics(&packet);
            let chosen = waiting.chosen.filter(|_| !matches!(letter, Letter::B));
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a QP is from 0 to 51"
            )]
            let mean = chosen.map_or(counted, |qp| qp.round() as u32);
            let data = packet.data().unwrap_or_default();
            self.rate.coded(waiting.kind, letter, data.len(), mean, &waiting.tuning);
            let mut bytes = std::mem::take(&mut spare);
            self.dress(waiting, letter, data, &mut bytes)?;
            let edge = |offset: i32| mean.saturating_add_signed(offset).min(51);
            coded.push(Coded { number, bytes, qp: [mean, edge(waiting.spread.0), edge(waiting.spread.1)] });
        }
    }

    fn drain(&mut self, coded: &mut Vec<Coded>) -> Result<(), Failure> {
        self.encoder.send_eof()?;
        self.receive(Vec::new(), coded)
    }

    /// Puts the units of a chunk together as NVIDIA's encoder would have written them.
    fn dress(
        &mut self,
        frame: Waiting,
        letter: Letter,
        coded: &[u8],
        chunk: &mut Vec<u8>,
    ) -> Result<(), Failure> {
        let is_h265 = self.setup.codec == abi::H265;
        if self.setup.aud {
            push(chunk, access_unit_delimiter(is_h265, letter));
        }
        let with_sets =
            self.setup.parameter_sets_at_idr && frame.kind == PictureKind::Idr || !self.sent_parameter_sets;
        self.slices.begin(frame.kind, frame.number);
        for unit in units(coded) {
            match is_h265 {
                true => self.dress_h265(unit, with_sets, chunk),
                false => self
                    .dress_h264(unit, with_sets, &frame.tuning, chunk)
                    .ok_or_else(|| Failure("libx264 wrote a unit that cannot be read".into()))?,
            }
        }
        self.sent_parameter_sets = true;
        Ok(())
    }

    fn dress_h264(
        &mut self,
        unit: &[u8],
        with_sets: bool,
        tuning: &Tuning,
        chunk: &mut Vec<u8>,
    ) -> Option<()> {
        match h264::unit_type(unit) {
            h264::SEI | h264::AUD => {}
            h264::SPS => {
                self.slices.read_sps(&unescape(unit))?;
                if with_sets {
                    push_escaped(chunk, &h264::sps(&self.setup, tuning));
                }
            }
            h264::PPS => {
                self.slices.read_pps(&unescape(unit))?;
                if with_sets {
                    push(chunk, unit);
                }
            }
            _ => push_escaped(chunk, &self.slices.rewrite(&unescape(unit))?),
        }
        Some(())
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
    fn encode(&mut self, mut input: Input<'_>, coded: &mut Vec<Coded>) -> Result<(), Failure> {
        let spare = std::mem::take(&mut input.spare);
        self.load(input.picture);
        let chosen = self.tune(&input, coded)?;
        self.set_kind(input.kind);
        self.picture.set_pts(i64::try_from(input.number).ok());
        let deltas = input.regions.iter().map(|region| region.qp_delta);
        let spread = (deltas.clone().fold(0, i32::min), deltas.fold(0, i32::max));
        let Input { number, kind, tuning, .. } = input;
        self.waiting.push_back(Waiting { number, kind, tuning, spread, chosen });
        self.encoder.send_frame(&self.picture)?;
        self.is_fresh = false;
        self.receive(spare, coded)
    }

    fn flush(&mut self, coded: &mut Vec<Coded>) -> Result<(), Failure> {
        if self.waiting.is_empty() { Ok(()) } else { self.drain(coded) }
    }
}

fn open(setup: &Setup, tuning: &Tuning) -> Result<ffmpeg_next::encoder::Video, Failure> {
    let is_h265 = setup.codec == abi::H265;
    let name = if is_h265 { "libx265" } else { "libx264" };
    let library = ffmpeg_next::encoder::find_by_name(name)
        .ok_or_else(|| Failure(format!("libavcodec was built without {name}")))?;
    let mut video = codec::context::Context::new_with_codec(library).encoder().video()?;
    video.set_width(setup.raw.width);
    video.set_height(setup.raw.height);
    video.set_format(pixel_format(setup));
    let rate = milli(tuning.frames_per_second);
    video.set_frame_rate(Some(Rational(rate, 1000)));
    video.set_time_base(Rational(1000, rate));
    if let Some((width, height)) = setup.aspect_ratio {
        let number = |value: u32| i32::try_from(value).unwrap_or(1);
        video.set_aspect_ratio(Rational(number(width), number(height)));
    }
    if setup.full_range {
        video.set_color_range(color::Range::JPEG);
    }
    if Control::of(setup) == Control::Library {
        set_rate(&mut video, tuning, 1.0);
    }
    let options = if is_h265 { libav_options::h265(setup, tuning) } else { libav_options::h264(setup) };
    Ok(video.open_as_with(library, options)?)
}

fn pixel_format(setup: &Setup) -> Pixel {
    let is_nv12 = setup.codec == abi::H264 && setup.raw.fourcc == abi::NV12M;
    if is_nv12 { Pixel::NV12 } else { Pixel::YUV420P }
}

/// The mean QP of an access unit and the type of its picture.
fn statistics(packet: &Packet) -> (u32, Letter) {
    let found = packet.side_data().find(|data| data.kind() == packet::side_data::Type::QualityStats);
    let Some(data) = found else { return (0, Letter::P) };
    let bytes = data.data();
    let lambda = bytes.first_chunk().map_or(0, |word| u32::from_le_bytes(*word));
    let letter = match bytes.get(4) {
        Some(1) => Letter::I,
        Some(3) => Letter::B,
        _ => Letter::P,
    };
    // libavcodec counts in 118ths of a QP.
    ((lambda + 59) / 118, letter)
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

/// Sets an option of the wrapper that it reads before each frame.
fn set_option(encoder: &mut ffmpeg_next::encoder::Video, name: &std::ffi::CStr, value: f64) {
    // SAFETY: the context is ours and open.
    let context = unsafe { encoder.as_mut_ptr() };
    // SAFETY: an open context of libx264 or libx265 has private options.
    let private = unsafe { (*context).priv_data };
    // SAFETY: `private` begins with the class that describes its options; an unknown one would be an error code.
    let result = unsafe { ffi::av_opt_set_double(private, name.as_ptr(), value, 0) };
    debug_assert_eq!(result, 0, "the wrapper has this option");
}

/// Gives regions their QP offsets, which come on top of one for the whole picture.
fn set_offsets(picture: &mut frame::Video, setup: &Setup, regions: &[Region], base: f64) {
    let number = |value: u32| i32::try_from(value).unwrap_or(i32::MAX);
    let whole = Region { left: 0, top: 0, width: setup.raw.width, height: setup.raw.height, qp_delta: 0 };
    let size = size_of::<ffi::AVRegionOfInterest>();
    let kind = side_data::Type::REGIONS_OF_INTEREST;
    let Some(mut side_data) = picture.new_side_data(kind, size * (regions.len() + 1)) else { return };
    // SAFETY: the side data belongs to our picture.
    let side_data = unsafe { side_data.as_mut_ptr() };
    // SAFETY: libavutil filled the structure when it was made.
    let data = unsafe { (*side_data).data };
    // The first that covers a block counts.
    for (index, region) in regions.iter().chain([&whole]).enumerate() {
        let offset = base + f64::from(region.qp_delta);
        let value = ffi::AVRegionOfInterest {
            self_size: u32::try_from(size).unwrap_or_default(),
            top: region.top,
            bottom: region.top.saturating_add(number(region.height)),
            left: region.left,
            right: region.left.saturating_add(number(region.width)),
            // In units of the 51 QP steps of eight-bit video.
            qoffset: ffi::AVRational {
                num: milli(offset.abs()) * if offset < 0.0 { -1 } else { 1 },
                den: 51_000,
            },
        };
        let place = data.cast::<ffi::AVRegionOfInterest>().wrapping_add(index);
        // SAFETY: the data has room for all regions and the whole, and libavutil aligns what it allocates.
        unsafe { place.write_unaligned(value) };
    }
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
