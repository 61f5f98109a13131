//! From a node to running streams.
//!
//! The coded format first, then the raw one, both read back; the frame rate; the visible part; controls; buffers; streams. A
//! driver that cannot do what is asked replaces it without a word, so every answer is compared with the question.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use v4l2::control::ids::{MIN_BUFFERS_FOR_CAPTURE, MIN_BUFFERS_FOR_OUTPUT};
use v4l2::ioctl::{self, Capability, Rectangle};
use v4l2::transport::Kernel as KernelTransport;
use v4l2::{Buffer, Errno, Format, Queue, QueueType, Transport};

use super::assembly::Assembly;
use super::controls::{self, DriverConfig};
use super::drain::Drain;
use super::encoder::Kernel;
use super::formats::{check_size, set_coded_format, set_raw_format};
use super::framerate::{round, set_framerate};
use super::geometry::{self, RawGeometry, RawLayout};
use super::quirks;
use crate::backend::bring_up::{explained, inputs, traced, undone, unsupported};
use crate::backend::contract::{Opened, Opening};
use crate::backend::controls::{Controls, read};
use crate::config::{Parameter, Resolved};
use crate::error::{Code, Error, Result};
use crate::input::buffer::InputBuffer;
use crate::input::format::{RawFormat, coded_from};
use crate::input::geometry::{Imports, InputGeometry};
use crate::input::mode::InputMode;
use crate::input::request::PerFrame;
use crate::log::Logger;
use crate::settings::{Setting, SettingName, Source, Warning};

/// Beyond what the driver needs and one more: one waiting and one being filled.
const MORE_RAW_BUFFERS: u32 = 2;
const MIN_CODED_BUFFERS: u32 = 4;
/// More buffers than this no driver needs, whatever it says; it is all that there can be in most queues (`VIDEO_MAX_FRAME`).
const MAX_NEEDED: u32 = 32;
/// How often a level that the driver rejects is replaced by the next one.
const LEVELS_TRIED: usize = 3;

const MEMORY_HINT: &str = "The driver has no memory for its buffers. Close other programs that use video devices; on a Raspberry Pi \
    raise gpu_mem or cma in config.txt.";
const SESSION_HINT: &str = "The driver did not start. Another program may use all its sessions, or it cannot encode this size, \
    level and bit rate together; `dmesg` may say which.";

/// Both queues of a device, of the API that it speaks.
#[derive(Debug, Clone, Copy)]
struct Queues {
    raw: QueueType,
    coded: QueueType,
}

impl Queues {
    fn of(capability: &Capability) -> Self {
        Self { raw: capability.output_queue(), coded: capability.capture_queue() }
    }
}

/// Opens the device; where the driver rejects the level that we chose, with a higher one.
pub(super) fn open(device: &Path, opening: &Opening<'_>) -> Result<Opened> {
    let mut config = opening.config.clone();
    for _ in 0..LEVELS_TRIED {
        let error = match attempt(device, &config, opening) {
            Ok(opened) => return Ok(opened),
            Err(error) => error,
        };
        let next = config.level.and_then(|level| level.next(config.codec));
        if next.is_none() || !may_be_the_level(&error, &config) {
            return Err(error);
        }
        opening.logger.debug(|| format!("{} Trying the next level.", error.message));
        if let Some(next) = next {
            config.use_level(next);
        }
    }
    attempt(device, &config, opening)
}

/// STREAMON fails so on bcm2835-codec when the level does not hold size, rate and bit rate.
fn may_be_the_level(error: &Error, config: &Resolved) -> bool {
    config.choice.level.is_none()
        && error.ioctl == Some("VIDIOC_STREAMON")
        && matches!(error.errno, Some(Errno::ESRCH | Errno::EINVAL))
}

/// Says what can be sent without making an encoder: that the size is one of the driver's.
pub(super) fn inspect(device: &Path, config: &Resolved) -> Result<()> {
    check_size(&connect(device, &Logger::silent())?.0, config)
}

fn node(device: &Path) -> Result<Arc<dyn Transport>> {
    #[cfg(test)]
    if let Some(model) = super::tests::machine::open(device) {
        return Ok(model);
    }
    Ok(Arc::new(KernelTransport::open(device)?))
}

fn connect(device: &Path, logger: &Logger) -> Result<(Arc<dyn Transport>, Capability)> {
    let transport = traced(node(device)?, logger);
    let capability = ioctl::querycap(&*transport)?;
    Ok((transport, capability))
}

fn attempt(device: &Path, config: &Resolved, opening: &Opening<'_>) -> Result<Opened> {
    let (transport, capability) = connect(device, opening.logger)?;
    if !capability.is_memory_to_memory() {
        let message = format!("{} ({}) is no memory-to-memory device.", device.display(), capability.card);
        return Err(Error::new(Code::NotAnEncoder, message).on(device));
    }
    let quirks = quirks::of(&capability.driver);
    let sent = DriverConfig { config: config.clone(), quirks, assumed_framerate: None };
    let mut setup = Setup::formats(transport, Queues::of(&capability), config, opening.input)?;
    let sent = setup.framerate(&sent)?;
    setup.crop(config)?;
    let controls = setup.controls(&sent)?;
    let running = setup.start(&sent, opening)?;
    let geometry = setup.input_geometry();
    let is_fixed = quirks.fixed_framerate || sent.assumed_framerate.is_some();
    let assumed_framerate = is_fixed.then(|| sent.framerate());
    opening.logger.debug(|| format!("{} ({}): {:?}", capability.driver, quirks.source, setup.geometry));
    let backend = Kernel {
        transport: setup.transport,
        sent: DriverConfig { assumed_framerate, ..sent },
        controls,
        raw: running.raw,
        coded: running.coded,
        coded_queued: running.coded_buffers.len(),
        coded_buffers: running.coded_buffers,
        used: setup.geometry.used,
        planes: setup.geometry.planes,
        submitted: Vec::new(),
        expected: Default::default(),
        moved: Instant::now(),
        freed: Vec::new(),
        assembly: Assembly::default(),
        drain: Drain::new(),
        short_gop: Default::default(),
        frame_quantizer: None,
        nothing_to_wait_for: Default::default(),
        warnings: Vec::new(),
    };
    Ok(Opened {
        config: config.clone(),
        backend: Box::new(backend),
        inputs: running.inputs,
        delay: None,
        title: capability.driver,
        per_frame: PerFrame { finest_quantizer: has_quantizer(&setup.settings).then_some(0), regions: false },
        settings: setup.settings,
        warnings: setup.warnings,
        no_b_frames: setup.no_b_frames,
        geometry,
    })
}

/// Whether the driver has a control for the quantizer, which may change with each frame.
fn has_quantizer(settings: &[Setting]) -> bool {
    let name = SettingName::Parameter(Parameter::Quantizer);
    settings.iter().any(|setting| setting.name == name && setting.source != Source::Unsupported)
}

/// What a driver made of the frame rate.
enum Rate {
    Answered(f64),
    Accepted,
    Rejected,
}

/// A device whose formats are set.
struct Setup {
    transport: Arc<dyn Transport>,
    queues: Queues,
    layout: RawLayout,
    raw_format: Format,
    geometry: RawGeometry,
    /// Raw formats that the driver takes.
    importable: Vec<RawFormat>,
    /// Whose memory the raw buffers are.
    input: InputMode,
    settings: Vec<Setting>,
    warnings: Vec<Warning>,
    no_b_frames: bool,
}

/// Everything allocated and started.
struct Running {
    raw: Queue,
    coded: Queue,
    coded_buffers: Vec<Buffer>,
    inputs: Vec<InputBuffer>,
}

impl Setup {
    fn formats(
        transport: Arc<dyn Transport>,
        queues: Queues,
        config: &Resolved,
        input: InputMode,
    ) -> Result<Self> {
        check_size(&transport, config)?;
        set_coded_format(&*transport, queues.coded, config)?;
        let offered = ioctl::enum_fmt(&*transport, queues.raw)?;
        let offered: Vec<_> = offered.iter().map(|format| format.pixel_format).collect();
        let candidates = match input {
            InputMode::Own => geometry::candidates(coded_from(config.requested.format), &offered),
            // What is imported cannot be converted.
            InputMode::Imported(format) => {
                let all = geometry::candidates(format, &offered).into_iter();
                all.filter(|layout| layout.format == format).collect()
            }
        };
        let (layout, raw_format) = set_raw_format(&*transport, queues.raw, &candidates, &offered, config)?;
        // Setting the raw format may have changed the coded one.
        let coded = ioctl::g_fmt(&*transport, queues.coded)?;
        if coded.pixelformat != config.codec.fourcc() {
            return Err(unsupported(&*transport, config, format!("went back to {}", coded.pixelformat)));
        }
        let geometry = geometry::of(layout, &raw_format, config.width, config.height)?;
        Ok(Self {
            transport,
            queues,
            layout,
            raw_format,
            geometry,
            importable: geometry::formats(&offered),
            input,
            settings: Vec::new(),
            warnings: Vec::new(),
            no_b_frames: false,
        })
    }

    /// Sets the frame rate; of the coded queue as well, where that is what the rate controller goes by. Returns what the driver goes by.
    fn framerate(&mut self, sent: &DriverConfig) -> Result<DriverConfig> {
        let sent = self.within_limit(sent);
        let answered = self.set_rate_of(self.queues.raw, &sent)?;
        let coded = sent.config.codec.fourcc();
        let formats = ioctl::enum_fmt(&*self.transport, self.queues.coded)?;
        if formats.iter().any(|format| format.pixel_format == coded && format.own_interval) {
            self.set_rate_of(self.queues.coded, &sent)?;
        }
        let setting = Setting::requested(SettingName::Framerate, sent.config.framerate);
        let setting = match answered {
            Rate::Answered(rate) => setting.known(round(rate / sent.factor()), Source::Readback),
            Rate::Accepted => setting,
            Rate::Rejected => setting.unsupported(),
        };
        self.warnings.extend(setting.deviation(sent.config.framerate));
        self.settings.push(setting);
        Ok(sent)
    }

    /// What a driver with a limit is reported: as few frames per second as it takes.
    fn within_limit(&self, sent: &DriverConfig) -> DriverConfig {
        let mut sent = sent.clone();
        let mut rate = sent.framerate();
        while sent.quirks.framerate_limit && rate >= 2.0 {
            match set_framerate(&*self.transport, self.queues.raw, rate) {
                Err(error) if error.errno() == Some(Errno::ENOMEM) => rate = (rate / 2.0).floor(),
                _ => break,
            }
            sent.assumed_framerate = Some(rate);
        }
        sent
    }

    fn set_rate_of(&mut self, queue: QueueType, sent: &DriverConfig) -> Result<Rate> {
        match set_framerate(&*self.transport, queue, sent.framerate()) {
            Ok(answered) => Ok(answered.map_or(Rate::Accepted, Rate::Answered)),
            Err(error) if error.errno() == Some(Errno::ENODEV) => Err(error.into()),
            // Not every driver has a rate, and none need have one.
            Err(error) if error.errno() == Some(Errno::ENOTTY) => Ok(Rate::Rejected),
            Err(error) => {
                self.warnings.push(Warning {
                    code: Code::Control.name(),
                    message: format!("The driver rejected the frame rate: {error}."),
                    setting: Some(SettingName::Framerate),
                });
                Ok(Rate::Rejected)
            }
        }
    }

    /// Says which part is visible, where the driver has made the frame larger. It is the last of the calls about formats:
    /// on venus each of the others undoes it.
    fn crop(&mut self, config: &Resolved) -> Result<()> {
        let (width, height) = (config.width, config.height);
        if (self.raw_format.width, self.raw_format.height) == (width, height) {
            return Ok(());
        }
        let wanted = Rectangle::of_size(width, height);
        match ioctl::s_crop(&*self.transport, self.queues.raw, wanted) {
            Ok(made) if made == wanted => Ok(()),
            Ok(Rectangle { left: 0, top: 0, width: made_wide, height: made_high }) => {
                let what = format!("shows {made_wide}x{made_high} of it at least");
                Err(unsupported(&*self.transport, config, what))
            }
            Ok(made) => Err(unsupported(&*self.transport, config, format!("cropped it to {made:?}"))),
            Err(error) if error.errno() == Some(Errno::ENODEV) => Err(error.into()),
            // Some need no crop, as they remember the size that was requested. The stream will show it.
            Err(_) => Ok(()),
        }
    }

    fn controls(&mut self, sent: &DriverConfig) -> Result<Controls> {
        let applied = controls::apply(&*self.transport, sent)?;
        self.settings.extend(applied.settings);
        self.warnings.extend(applied.warnings);
        self.no_b_frames = controls::has_no_b_frames(&applied.controls, &*self.transport);
        Ok(applied.controls)
    }

    fn start(&self, sent: &DriverConfig, opening: &Opening<'_>) -> Result<Running> {
        let least = |id| {
            let answer = read(&*self.transport, id).and_then(|least| u32::try_from(least).ok());
            answer.unwrap_or(1).min(MAX_NEEDED)
        };
        let least_raw = least(MIN_BUFFERS_FOR_OUTPUT) + sent.quirks.kept_raw_buffers + 1;
        let raw_count = (least_raw + MORE_RAW_BUFFERS).max(sent.config.requested.queue_depth.unwrap_or(0));
        let coded_count = (least(MIN_BUFFERS_FOR_CAPTURE) + 1).max(MIN_CODED_BUFFERS);
        let (raw, raw_buffers) = match self.input {
            InputMode::Own => request(&self.transport, self.queues.raw, raw_count, least_raw)?,
            InputMode::Imported(_) => {
                (Queue::importing(Arc::clone(&self.transport), self.queues.raw, raw_count)?, Vec::new())
            }
        };
        let coded = request(&self.transport, self.queues.coded, coded_count, MIN_CODED_BUFFERS);
        let (coded, coded_buffers) = match coded {
            Ok(requested) => requested,
            Err(error) => return Err(undone(error, raw_buffers, [Some(raw), None])),
        };
        let checked = self.check_buffers(&raw_buffers, &sent.config);
        let started = checked.and_then(|()| {
            start_streams(&raw, &coded, &coded_buffers).map_err(|error| explained(error, SESSION_HINT))
        });
        if let Err(error) = started {
            drop(coded_buffers);
            return Err(undone(error, raw_buffers, [Some(raw), Some(coded)]));
        }
        let inputs = inputs(raw_buffers, &raw, self.layout.format, &self.geometry.planes, opening);
        Ok(Running { raw, coded, coded_buffers, inputs })
    }

    /// A driver whose buffers are smaller than its format says would have us write past them.
    fn check_buffers(&self, buffers: &[Buffer], config: &Resolved) -> Result<()> {
        let large_enough = |buffer: &Buffer| {
            buffer.planes.len() == self.geometry.used.len()
                && buffer
                    .planes
                    .iter()
                    .zip(&self.geometry.used)
                    .all(|(plane, used)| plane.bytes().len() >= *used as usize)
        };
        if buffers.iter().all(large_enough) {
            return Ok(());
        }
        let what = "allocated buffers that are smaller than a frame of its own format".to_owned();
        Err(unsupported(&*self.transport, config, what))
    }

    fn input_geometry(&self) -> InputGeometry {
        InputGeometry {
            format: self.layout.format,
            coded_width: self.raw_format.width,
            coded_height: self.raw_format.height,
            planes: self.geometry.planes.clone(),
            memories: self.geometry.least.clone(),
            imports: Imports::SameLayout(self.importable.clone()),
        }
    }
}

/// Requests buffers, and fewer where the driver has no memory for so many.
fn request(
    transport: &Arc<dyn Transport>,
    queue: QueueType,
    count: u32,
    least: u32,
) -> Result<(Queue, Vec<Buffer>)> {
    let mut count = count;
    loop {
        match Queue::request(Arc::clone(transport), queue, count) {
            Err(error) if error.errno() == Some(Errno::ENOMEM) && count > least => count -= 1,
            requested => return requested.map_err(|error| explained(error, MEMORY_HINT)),
        }
    }
}

fn start_streams(raw: &Queue, coded: &Queue, coded_buffers: &[Buffer]) -> v4l2::Result<()> {
    coded_buffers.iter().try_for_each(|buffer| coded.queue_empty(buffer.index))?;
    raw.start()?;
    coded.start()
}
