//! The processor as encoder: OpenH264, built in (BSD licence), H.264 only.

mod allowance;
mod library;
mod openh264;
mod parameters;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::VecDeque;
use std::time::Duration;

use v4l2::Waker;

use super::contract::{Backend, Kind, Opened, Opening, Output};
use crate::backend_kind::BackendKind;
use crate::capability::Limits;
use crate::codec::{Codec, Profile};
use crate::config::{BitrateMode, Parameter, Resolved, Tuning};
use crate::encoder_info::EncoderInfo;
use crate::error::{Code, Result};
use crate::input::buffer::{InputBuffer, Memory};
use crate::input::format::RawFormat;
use crate::input::geometry::{Imports, InputGeometry, InputPlane};
use crate::input::request::{FrameRequest, PerFrame};
use crate::place::Place;
use crate::settings::{Change, Setting, SettingName, Warning};
use allowance::Allowance;
use library::COARSEST_QP;
use openh264::{OpenH264, Planes, Status};

/// One being encoded, one being filled, two waiting.
const INPUTS: u32 = 4;
/// Quantizers for a frame that the library has no room for: each needs a fraction of the bytes of the one before.
const COARSER_QPS: [u8; 3] = [32, 42, COARSEST_QP];
/// For how long a coarse quantizer stays where no key frame comes before.
const COARSE_FOR: Duration = Duration::from_secs(2);

struct Software {
    encoder: OpenH264,
    /// What a not yet started encoder is made from; OpenH264 takes changes only once it has seen a frame.
    config: Resolved,
    started: bool,
    allowance: Allowance,
    /// The quantizer of the frame that comes next, where it has one of its own.
    frame_quantizer: Option<u32>,
    /// Bits per second that the encoder was configured.
    encoder_bps: u32,
    /// The time of the frame that needed a coarser quantizer, while that is still in force.
    coarse_since: Option<Duration>,
    ready: VecDeque<(Duration, Vec<u8>)>,
    free: VecDeque<u32>,
}

/// The processor.
pub(super) const KIND: Kind = Kind {
    name: BackendKind::Software,
    title: "built-in software",
    is_hardware: false,
    // OpenH264 stops at level 5.2: 3840x2160 or 2160x3840.
    codecs: &[(Codec::H264, Limits { max_sides: Some((3840, 2160)), ..Limits::new(16, 3840) })],
    lists_codecs: true,
    claim: |_| None,
    discover: |_, _| vec![Place::Encoder { kind: BackendKind::Software, device: None, lists: None }],
    describe: |kind, _, _| {
        let codecs = kind.codec_names();
        Some(EncoderInfo { codecs, ..EncoderInfo::named(kind.name, None, "OpenH264, built in") })
    },
    inspect: |_, _, _| Ok(()),
    open: |_, opening| open(opening),
};

fn open(opening: &Opening<'_>) -> Result<Opened> {
    let (config, warning) = encodable(opening.config);
    let config = &config;
    let allowance = Allowance::new(config.bitrate_mode);
    let encoder_bps = allowance.bitrate_bps(config);
    let encoder = library::create(config, encoder_bps, allowance.finest_qp())?;
    let inputs: Vec<_> = (0..INPUTS).map(|index| input(index, opening)).collect();
    let geometry = InputGeometry {
        format: RawFormat::I420,
        coded_width: config.width,
        coded_height: config.height,
        planes: inputs[0].planes.clone(),
        memories: inputs[0].planes.iter().map(|plane| plane.stride as u32 * config.height).collect(),
        imports: Imports::Nothing,
    };
    let settings = parameters::settings(config);
    let software = Software {
        encoder,
        config: config.clone(),
        started: false,
        allowance,
        frame_quantizer: None,
        encoder_bps,
        coarse_since: None,
        ready: VecDeque::new(),
        free: VecDeque::new(),
    };
    Ok(Opened {
        config: config.clone(),
        backend: Box::new(software),
        inputs,
        delay: Some(0),
        per_frame: PerFrame {
            finest_quantizer: (config.bitrate_mode == BitrateMode::Quantizer).then_some(0),
            regions: false,
        },
        no_b_frames: true,
        title: "openh264".to_owned(),
        warnings: warning.into_iter().chain(deviations(&settings)).collect(),
        settings,
        geometry,
    })
}

fn deviations(settings: &[Setting]) -> impl Iterator<Item = Warning> + '_ {
    settings.iter().filter_map(|setting| setting.deviation(&setting.requested))
}

/// What OpenH264 makes of a configuration: it has none of the tools that High adds to Main.
fn encodable(config: &Resolved) -> (Resolved, Option<Warning>) {
    let mut config = config.clone();
    if config.profile != Some(Profile::High) {
        return (config, None);
    }
    config.use_profile(Profile::Main);
    let message =
        "The profile high was requested, but main is used: the software encoder has no 8x8 transform.";
    let warning = Warning {
        code: Code::CodecUnsupported.name(),
        message: message.to_owned(),
        setting: Some(SettingName::Profile),
    };
    // Main has fewer bits per second at each level.
    config.settle_level_again();
    (config, Some(warning))
}

fn input(index: u32, opening: &Opening<'_>) -> InputBuffer {
    let Resolved { width, height, color, .. } = *opening.config;
    let (mut memories, mut planes) = (Vec::new(), Vec::new());
    for number in 0..RawFormat::I420.planes() {
        let size = RawFormat::I420.plane(number, width, height);
        memories.push(Memory::Heap(vec![0; size.row_bytes * size.rows].into_boxed_slice()));
        planes.push(InputPlane { memory: number, offset: 0, stride: size.row_bytes });
    }
    InputBuffer {
        index,
        opening: opening.number,
        format: RawFormat::I420,
        color,
        width,
        height,
        memories,
        planes,
        lease: None,
    }
}

/// An input buffer as OpenH264 sees it.
fn planes(input: &InputBuffer) -> Planes<'_> {
    Planes {
        width: input.width,
        height: input.height,
        planes: [input.plane(0), input.plane(1), input.plane(2)],
    }
}

impl Software {
    /// A new encoder, whose first frame is a key frame.
    fn renew(&mut self, finest_qp: u8) -> Result<()> {
        self.encoder_bps = self.allowance.bitrate_bps(&self.config);
        self.encoder = library::create(&self.in_force(), self.encoder_bps, finest_qp)?;
        self.started = false;
        Ok(())
    }

    /// The configuration of the frame that comes next.
    fn in_force(&self) -> Cow<'_, Resolved> {
        let Some(quantizer) = self.frame_quantizer else { return Cow::Borrowed(&self.config) };
        let mut config = self.config.clone();
        config.parameters.set(Parameter::Quantizer, quantizer);
        Cow::Owned(config)
    }

    /// Gives the encoder the quantizer of the frame that comes next.
    fn update_quantizer(&mut self) -> Result<()> {
        let finest_qp = self.allowance.finest_qp();
        if !self.started {
            return self.renew(finest_qp);
        }
        let config = self.in_force().into_owned();
        library::reconfigure(&mut self.encoder, &config, self.encoder_bps, finest_qp)
    }

    fn encode(&mut self, input: &InputBuffer, key: Duration) -> std::result::Result<Vec<u8>, Status> {
        self.started = true;
        self.encoder.encode(&planes(input), key.as_millis() as i64)
    }

    /// Encodes a frame that the library had no room for, more coarsely. Nothing where it finds no room at all: the frame
    /// is lost then, and the stream goes on with the next one.
    fn encode_coarsely(&mut self, input: &InputBuffer, key: Duration, was_new: bool) -> Result<Vec<u8>> {
        // What a running encoder made of easy frames may be finer than what it begins with.
        let first = (!was_new).then(|| self.allowance.finest_qp());
        for finest_qp in first.into_iter().chain(COARSER_QPS) {
            self.renew(finest_qp)?;
            match self.encode(input, key) {
                Ok(coded) => {
                    self.coarse_since = (Some(finest_qp) != first).then_some(key);
                    return Ok(coded);
                }
                Err(status) if library::lacks_room(status) => {}
                Err(status) => return Err(library::failed("failed", status)),
            }
        }
        self.renew(self.allowance.finest_qp())?;
        self.coarse_since = None;
        Ok(Vec::new())
    }

    /// Goes back to fine quantizers when a key frame is due anyway, or soon.
    fn refine(&mut self, key: Duration, key_frame: bool) -> Result<bool> {
        let Some(since) = self.coarse_since else { return Ok(false) };
        if !key_frame && key.saturating_sub(since) < COARSE_FOR {
            return Ok(false);
        }
        self.coarse_since = None;
        self.renew(self.allowance.finest_qp())?;
        Ok(true)
    }

    /// Tells the rate control what it may spend now.
    fn update_rate(&mut self) -> Result<()> {
        let wanted_bps = self.allowance.bitrate_bps(&self.config);
        if wanted_bps != self.encoder_bps && self.started {
            library::set_bitrate(&mut self.encoder, self.encoder_bps, wanted_bps)?;
            self.encoder_bps = wanted_bps;
        }
        Ok(())
    }
}

impl Backend for Software {
    fn request(&mut self, _input: u32, request: Option<&FrameRequest>) -> Result<()> {
        let quantizer = request.and_then(|request| request.quantizer);
        if std::mem::replace(&mut self.frame_quantizer, quantizer) == quantizer {
            return Ok(());
        }
        self.update_quantizer()
    }

    fn submit(&mut self, input: &InputBuffer, key: Duration, key_frame: bool) -> Result<()> {
        // The first frame is a key frame by itself, and before it there is nothing to force.
        if !self.refine(key, key_frame)? && key_frame && self.started {
            self.encoder.force_key_frame();
        }
        let was_new = !self.started;
        let coded = match self.encode(input, key) {
            Ok(coded) => coded,
            Err(status) if library::lacks_room(status) => self.encode_coarsely(input, key, was_new)?,
            Err(status) => return Err(library::failed("failed", status)),
        };
        self.allowance.spent(key, coded.len(), &self.config);
        self.update_rate()?;
        self.ready.push_back((key, coded));
        self.free.push_back(input.index);
        Ok(())
    }

    fn poll(&mut self, take: &mut dyn FnMut(Output<'_>)) -> Result<()> {
        for (key, data) in self.ready.drain(..) {
            take(if data.is_empty() {
                Output::Failed { key }
            } else {
                Output::Coded { key, data: Cow::Owned(data), quantizer: None }
            });
        }
        for index in self.free.drain(..) {
            take(Output::InputFree { index });
        }
        Ok(())
    }

    fn wait(&self, waker: &Waker, _busy: bool, timeout: Duration) {
        waker.wait(timeout);
    }

    fn signals_readiness(&self) -> bool {
        true
    }

    fn end_stream(&mut self, _spare: Option<u32>) -> Result<()> {
        Ok(())
    }

    fn resume(&mut self) -> Result<bool> {
        if self.started {
            self.encoder.force_key_frame();
        }
        Ok(true)
    }

    fn forces_key_frames(&self) -> bool {
        true
    }

    fn tune(&mut self, tuning: &Tuning) -> Result<Vec<Change>> {
        let (tuning, changes) = parameters::changes(tuning)?;
        self.config = self.config.tuned(&tuning);
        if !self.started {
            self.renew(self.allowance.finest_qp())?;
            return Ok(changes);
        }
        if let Some(framerate) = tuning.framerate {
            library::set_framerate(&mut self.encoder, framerate)?;
        }
        if tuning.key_frame_interval.is_some() {
            library::set_intra_period(&mut self.encoder, library::intra_period(&self.config))?;
        }
        if tuning.parameters.get(Parameter::Quantizer).is_some() {
            self.update_quantizer()?;
        }
        self.update_rate()?;
        Ok(changes)
    }

    fn close(self: Box<Self>) -> Result<()> {
        Ok(())
    }
}
