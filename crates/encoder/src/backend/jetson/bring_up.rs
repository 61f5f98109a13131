//! From a node to running streams, in the order that NVIDIA's driver needs.

use std::path::Path;
use std::sync::Arc;

use v4l2::surface::SurfaceLibrary;
use v4l2::transport::LibV4l2;
use v4l2::{Buffer, Format, PixelFormat, PlaneLayout, Queue, Transport, fourcc, ioctl};

use super::controls;
use super::discover::missing;
use super::drain::Drain;
use super::encoder::{CAPTURE, Jetson, OUTPUT};
use super::geometry::{self, Found, PlaneGeometry};
use super::metadata::SessionMetadata;
use super::poller::Poller;
use crate::backend::bring_up::{colorimetry, explained, inputs, sized, traced, undone, unsupported};
use crate::backend::contract::{Opened, Opening};
use crate::backend::controls::{Applied, apply_all};
use crate::codec::Codec;
use crate::config::{Parameter, Resolved};
use crate::error::{Code, Error, Result};
use crate::input::format::{RawFormat, coded_from, multi_planar};
use crate::input::geometry::{Imports, InputGeometry, InputPlane};
use crate::input::mode::InputMode;
use crate::settings::{Setting, SettingName, Source};

/// Enough for three frames held back, one being encoded, one waiting and one being filled.
const RAW_BUFFERS: u32 = 6;
const CODED_BUFFERS: u32 = 6;
/// Key frames of difficult frames need room.
const MIN_CODED_BYTES: u32 = 2 << 20;

/// Rejected sizes, missing permissions and exhausted sessions show only when buffers are requested.
const NOTHING_GIVEN_HINT: &str = "NVIDIA's driver could not make an encoder. Check that the user is in the group video, that the \
    container has /dev/nvmap and the nvhost nodes, that `lsmod` is installed (package kmod), and that no other \
    program uses all encoder sessions.";

pub(super) fn open(device: &Path, opening: &Opening<'_>) -> Result<Opened> {
    let opened = LibV4l2::open(device, opening.lookup).map_err(|error| missing(device, error.into()))?;
    open_on(Arc::new(opened), opening)
}

pub(super) fn open_on(transport: Arc<dyn Transport>, opening: &Opening<'_>) -> Result<Opened> {
    let config = opening.config;
    let transport = traced(transport, opening.logger);
    check_capability(&*transport)?;
    let coded_format = set_coded_format(&*transport, config)?;
    let format = raw_format_of(opening);
    let raw_format = set_raw_format(&*transport, format, config)?;
    let Applied { controls, mut settings, mut warnings } = apply_all(&*transport, config)?;
    let no_b_frames = controls::has_no_b_frames(&controls);
    let framerate = set_framerate(&*transport, config)?;
    warnings.extend(framerate.deviation(config.framerate));
    settings.push(framerate);
    let raw_count = config.requested.queue_depth.unwrap_or(0).max(RAW_BUFFERS);
    let imports = matches!(opening.input, InputMode::Imported(_));
    let requested = if imports {
        Queue::importing(Arc::clone(&transport), OUTPUT, raw_count).map(|queue| (queue, Vec::new()))
    } else {
        Queue::request(Arc::clone(&transport), OUTPUT, raw_count)
    };
    let (mut raw, raw_buffers) = requested.map_err(|error| explained(error, NOTHING_GIVEN_HINT))?;
    let (coded, coded_buffers) = match Queue::request(Arc::clone(&transport), CAPTURE, CODED_BUFFERS) {
        Ok(requested) => requested,
        Err(error) => {
            return Err(undone(explained(error, NOTHING_GIVEN_HINT), raw_buffers, [Some(raw), None]));
        }
    };
    opening.logger.debug(|| format!("coded format {coded_format:?}, raw format {raw_format:?}"));
    let started = start(&raw, &coded, &coded_buffers).map_err(|error| explained(error, NOTHING_GIVEN_HINT));
    let planes = started.and_then(|()| plane_geometry(&raw_format, &raw, &raw_buffers, format, config));
    let planes = match planes {
        Ok(planes) => planes,
        Err(error) => {
            drop(coded_buffers);
            return Err(undone(error, raw_buffers, [Some(raw), Some(coded)]));
        }
    };
    let used: Vec<_> = planes.iter().map(|plane| plane.used).collect();
    let in_memory =
        |(memory, plane): (usize, &PlaneGeometry)| InputPlane { memory, offset: 0, stride: plane.stride };
    let planes: Vec<_> = planes.iter().enumerate().map(in_memory).collect();
    let inputs = inputs(raw_buffers, &raw, format, &planes, opening);
    let geometry = InputGeometry {
        format,
        coded_width: raw_format.width.max(config.width),
        coded_height: raw_format.height.max(config.height),
        planes,
        memories: used.clone(),
        imports: Imports::Surfaces(surface_formats(opening)),
    };
    let poller = if config.requested.device_poll { Some(start_poller(&transport, opening)?) } else { None };
    let metadata = SessionMetadata::new(config, &controls, opening.lookup);
    let per_frame = metadata.per_frame();
    if per_frame != Default::default() {
        raw.bind_metadata();
    }
    settings.extend(config.parameters.get(Parameter::ChunkStatistics).map(statistics));
    let backend = Jetson {
        transport,
        config: config.clone(),
        controls,
        raw,
        coded,
        coded_buffers,
        used,
        drain: Drain::new(),
        metadata,
        poller,
        empty_polls: 0,
        sync_warned: false,
        warnings: Vec::new(),
    };
    Ok(Opened {
        config: config.clone(),
        backend: Box::new(backend),
        inputs,
        delay: None,
        per_frame,
        no_b_frames,
        title: "Jetson".to_owned(),
        settings,
        warnings,
        geometry,
    })
}

/// Nothing has to be set for what a device tells of chunks.
fn statistics(value: u32) -> Setting {
    let parameter = Parameter::ChunkStatistics;
    Setting::requested(SettingName::Parameter(parameter), parameter.shown(value))
}

fn check_capability(transport: &dyn Transport) -> Result<()> {
    let capability = ioctl::querycap(transport)?;
    if capability.is_memory_to_memory() && capability.is_multi_planar() {
        return Ok(());
    }
    let message = format!(
        "{} ({}) is no multi-planar memory-to-memory device.",
        transport.device().display(),
        capability.card
    );
    Err(Error::new(Code::NotAnEncoder, message).on(transport.device()))
}

fn set_coded_format(transport: &dyn Transport, config: &Resolved) -> Result<Format> {
    let sizeimage = MIN_CODED_BYTES.max(config.width * config.height * 3 / 2);
    let wanted = Format {
        plane_fmt: vec![PlaneLayout { sizeimage, bytesperline: 0 }],
        ..sized(coded_fourcc(config.codec), config)
    };
    set_format(transport, CAPTURE, &wanted, config)
}

fn set_raw_format(transport: &dyn Transport, format: RawFormat, config: &Resolved) -> Result<Format> {
    let wanted = Format {
        plane_fmt: vec![PlaneLayout::default(); format.planes()],
        ..sized(multi_planar(format), config)
    };
    let format = set_format(transport, OUTPUT, &wanted, config)?;
    if format.width < config.width || format.height < config.height {
        return Err(unsupported(transport, config, format!("made it {}x{}", format.width, format.height)));
    }
    Ok(format)
}

fn coded_fourcc(codec: Codec) -> PixelFormat {
    match codec {
        Codec::H265 => fourcc::H265_NVIDIA,
        // The table of encoders has no other codec for this one.
        _ => fourcc::H264,
    }
}

/// A format that was rejected or replaced means that the device cannot do it.
fn set_format(
    transport: &dyn Transport,
    queue: v4l2::QueueType,
    wanted: &Format,
    config: &Resolved,
) -> Result<Format> {
    let format = match ioctl::s_fmt_colored(transport, queue, wanted, colorimetry(config.color))
        .map(|(format, _)| format)
    {
        Ok(format) => format,
        Err(error) if error.errno() == Some(v4l2::Errno::EINVAL) => {
            return Err(unsupported(transport, config, format!("rejected {}", wanted.pixelformat)));
        }
        Err(error) => return Err(error.into()),
    };
    if format.pixelformat != wanted.pixelformat {
        let what = format!("replaced {} by {}", wanted.pixelformat, format.pixelformat);
        return Err(unsupported(transport, config, what));
    }
    Ok(format)
}

fn set_framerate(transport: &dyn Transport, config: &Resolved) -> Result<Setting> {
    let asked = controls::time_per_frame(config.framerate);
    ioctl::s_parm(transport, OUTPUT, asked)?;
    let setting = Setting::requested(SettingName::Framerate, config.framerate);
    Ok(match ioctl::g_parm(transport, OUTPUT) {
        Ok((numerator, denominator)) if numerator > 0 && denominator > 0 => {
            setting.known(f64::from(denominator) / f64::from(numerator), Source::Readback)
        }
        _ => setting,
    })
}

fn start(raw: &Queue, coded: &Queue, coded_buffers: &[Buffer]) -> v4l2::Result<()> {
    raw.start()?;
    coded.start()?;
    coded_buffers.iter().try_for_each(|buffer| coded.queue_empty(buffer.index))
}

fn start_poller(transport: &Arc<dyn Transport>, opening: &Opening<'_>) -> Result<Poller> {
    Poller::start(transport, opening.waker.clone()).map_err(|error| {
        Error::new(Code::Device, format!("The thread that polls the device could not start: {error}."))
    })
}

fn plane_geometry(
    driver: &Format,
    raw: &Queue,
    buffers: &[Buffer],
    format: RawFormat,
    config: &Resolved,
) -> Result<Vec<PlaneGeometry>> {
    if buffers.is_empty() {
        return Ok(geometry::of_surfaces(format, config.width, config.height, driver));
    }
    // The driver makes each buffer by itself: what holds for one plane need not hold for that of the next buffer.
    let shortest = |plane: usize| {
        let lengths =
            buffers.iter().map(|buffer| buffer.planes.get(plane).map_or(0, |found| found.bytes().len()));
        lengths.min().unwrap_or(0)
    };
    let found: Vec<_> = raw
        .pitches()
        .into_iter()
        .enumerate()
        .map(|(plane, pitch)| Found { length: shortest(plane), pitch })
        .collect();
    geometry::planes(format, config.width, config.height, driver, &found)
}

/// A surface is of one of these, whatever its own layout is. JetPack 4 has buffers of another kind.
fn surface_formats(opening: &Opening<'_>) -> Vec<RawFormat> {
    let has_surfaces = SurfaceLibrary::find(opening.lookup).has_surfaces();
    if has_surfaces { vec![RawFormat::I420, RawFormat::Nv12] } else { Vec::new() }
}

/// Imported frames have a format of their own.
fn raw_format_of(opening: &Opening<'_>) -> RawFormat {
    match opening.input {
        InputMode::Own => coded_from(opening.config.requested.format),
        InputMode::Imported(format) => format,
    }
}
