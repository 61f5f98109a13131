//! A camera from its node to running queues.

use std::os::fd::OwnedFd;
use std::sync::Arc;

use convert::{Color, Format};
use v4l2::ioctl::{self, Capability, Field};
use v4l2::{Mapping, Queue, QueueType, Transport};

use crate::choose::{Choice, choose};
use crate::{Code, Error, Native, Options, Result, Settings, color, list, rate};

/// Buffers that stay with the driver whatever the consumer does: one that is being filled, and the next.
pub(crate) const WITH_THE_DRIVER: usize = 2;

/// A plane's place in a buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// Which of the buffer's memories.
    pub(crate) memory: usize,
    /// In bytes.
    pub(crate) offset: usize,
    /// In bytes.
    pub(crate) stride: usize,
}

/// A buffer of the driver.
#[derive(Debug)]
pub(crate) struct Memory {
    pub(crate) planes: Vec<Mapping>,
    /// DMABUFs of the planes; empty where the driver exports none.
    pub(crate) exported: Vec<OwnedFd>,
}

/// A camera that runs.
#[derive(Debug)]
pub(crate) struct Running {
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) queue: Queue,
    pub(crate) memory: Vec<Arc<Memory>>,
    pub(crate) settings: Settings,
    /// Where the planes of raw frames lie.
    pub(crate) places: Vec<Place>,
    /// The least that a whole raw frame has in its first memory, in bytes.
    pub(crate) least: usize,
    /// Whether the driver reports that its format changes.
    pub(crate) events: bool,
}

pub(crate) fn run(transport: Arc<dyn Transport>, options: &Options) -> Result<Running> {
    let capability = ioctl::querycap(&*transport)?;
    let kind = capture_queue(&capability).map_err(|error| error.on(transport.device()))?;
    let formats = list::describe(&*transport, ioctl::enum_fmt(&*transport, kind)?);
    let choice =
        choose(&formats, options, transport.device()).map_err(|error| error.on(transport.device()))?;
    let (format, colorimetry, field) = set_format(&*transport, kind, &choice)?;
    let interval = interval(&*transport, kind, &choice);
    let places = places(choice.native, &format);
    let least = least(choice.native, choice.size, &places);
    let events = ioctl::subscribe_event(&*transport, ioctl::EVENT_SOURCE_CHANGE).is_ok();
    let (queue, buffers) = Queue::request(transport.clone(), kind, options.buffers)?;
    let memory = buffers
        .into_iter()
        .map(|buffer| {
            let exported = queue.export(buffer.index).unwrap_or_default();
            Arc::new(Memory { planes: buffer.planes, exported })
        })
        .collect::<Vec<_>>();
    let (width, height) = choice.size;
    let settings = Settings {
        device: transport.device().to_owned(),
        name: capability.card,
        driver: capability.driver,
        bus: capability.bus_info,
        width,
        height,
        interval,
        native: choice.native,
        code: choice.code,
        output: options.output,
        color: pictures_color(choice.native, colorimetry, options, height),
        buffers: memory.len(),
        field,
        dmabuf: choice.native.format().is_some()
            && !field.is_sequential()
            && memory.iter().all(|memory| !memory.exported.is_empty()),
    };
    let running = Running { transport, queue, memory, settings, places, least, events };
    match start(&running) {
        Ok(()) => Ok(running),
        Err(error) => {
            stop(running);
            Err(error)
        }
    }
}

fn capture_queue(capability: &Capability) -> Result<QueueType> {
    if !capability.is_capture() || capability.is_memory_to_memory() && !capability.is_loopback() {
        return Err(Error::new(
            Code::NotACamera,
            format!("The device {} ({}) is no camera.", capability.card, capability.driver),
        ));
    }
    Ok(capability.capture_queue())
}

fn set_format(
    transport: &dyn Transport,
    kind: QueueType,
    choice: &Choice,
) -> Result<(v4l2::Format, ioctl::Colorimetry, Field)> {
    let wanted = v4l2::Format::from((choice.code, (choice.size.0 as usize, choice.size.1 as usize)));
    let ask = |field| ioctl::s_fmt_of_fields(transport, kind, &wanted, field);
    let apart = |field| matches!(field, Field::Alternate | Field::Single);
    let mut answer = ask(Field::Progressive)?;
    // Both fields in a buffer make a frame; one does not.
    if apart(answer.2) {
        answer = ask(Field::Interlaced)?;
    }
    let (format, colorimetry, field) = answer;
    if apart(field) {
        return Err(Error::new(
            Code::Config,
            "The camera gives interlaced video, each field in a buffer of its own; only whole frames can be read.",
        )
        .with_hint(
            "Choose a progressive standard or timing with v4l2-ctl, or let GStreamer make frames of the fields: \
             openPipe() with gst-launch-1.0 and its elements v4l2src, deinterlace and y4menc.",
        )
        .on(transport.device()));
    }
    // A driver that cannot do it says success and gives something else.
    if (format.pixelformat, (format.width, format.height)) != (choice.code, choice.size) {
        return Err(Error::new(
            Code::Config,
            format!(
                "The camera was set to {} of {}x{} and gives {} of {}x{}.",
                choice.code, choice.size.0, choice.size.1, format.pixelformat, format.width, format.height
            ),
        )
        .with_hint("Ask for the size that it gives.")
        .on(transport.device()));
    }
    Ok((format, colorimetry, field))
}

/// Sets the rate and returns the interval that the driver took, in seconds as a fraction. A driver that takes no rate,
/// whatever it fails with, keeps its own: the one that it names, or else the wanted one as a guess.
fn interval(transport: &dyn Transport, kind: QueueType, choice: &Choice) -> (u32, u32) {
    let answer = ioctl::s_parm(transport, kind, rate::interval(choice.rate))
        .or_else(|_| ioctl::g_parm(transport, kind))
        .ok()
        .filter(|interval| rate::SENSIBLE.contains(&rate::rate(*interval)));
    answer.unwrap_or_else(|| rate::interval(choice.rate))
}

fn places(native: Native, format: &v4l2::Format) -> Vec<Place> {
    let (width, height) = (format.width, format.height);
    let line = |number: usize| format.plane_fmt.get(number).map_or(0, |plane| plane.bytesperline as usize);
    match native {
        Native::Jpeg => Vec::new(),
        Native::Split(raw) => (0..raw.planes())
            .map(|number| {
                let stride = line(number).max(raw.plane(number, width, height).row_bytes);
                Place { memory: number, offset: 0, stride }
            })
            .collect(),
        Native::Packed(raw) => {
            let mut offset = 0;
            let luma = line(0).max(raw.plane(0, width, height).row_bytes);
            (0..raw.planes())
                .map(|number| {
                    let stride = match (raw, number) {
                        (Format::Nv24 | Format::Nv42, 1..) => luma * 2,
                        (_, 1..) if raw.planes() == 3 => luma / 2,
                        _ => luma,
                    };
                    let place = Place { memory: 0, offset, stride };
                    offset += place.stride * raw.plane(number, width, height).rows;
                    place
                })
                .collect()
        }
    }
}

fn least(native: Native, (width, height): (u32, u32), places: &[Place]) -> usize {
    let Some(format) = native.format() else { return 0 };
    let end = |(number, place): (usize, &Place)| {
        place.offset + format.plane(number, width, height).span(place.stride)
    };
    places.iter().enumerate().filter(|(_, place)| place.memory == 0).map(end).max().unwrap_or(0)
}

fn pictures_color(native: Native, colorimetry: ioctl::Colorimetry, options: &Options, height: u32) -> Color {
    let converted = native.format().is_none_or(Format::is_rgb);
    if converted {
        return options.color.unwrap_or(color::usual(height));
    }
    if native.is_grey() { color::of_grey(colorimetry) } else { color::of(colorimetry) }
}

fn start(running: &Running) -> Result<()> {
    let given = running.memory.len();
    if given <= WITH_THE_DRIVER {
        return Err(Error::new(
            Code::Device,
            format!("The driver gives {given} buffers, and at least {} are needed.", WITH_THE_DRIVER + 1),
        )
        .on(&running.settings.device));
    }
    for (number, place) in running.places.iter().enumerate() {
        let format = running.settings.native.format().unwrap_or(Format::I420);
        let size = format.plane(number, running.settings.width, running.settings.height);
        let needed = place.offset + size.span(place.stride);
        let fits = |memory: &Arc<Memory>| {
            memory.planes.get(place.memory).is_some_and(|plane| plane.bytes().len() >= needed)
        };
        if !running.memory.iter().all(fits) {
            return Err(Error::new(
                Code::Device,
                format!("The driver's buffers are smaller than its format says: plane {number} needs {needed} bytes."),
            )
            .on(&running.settings.device));
        }
    }
    for index in 0..given as u32 {
        running.queue.queue_empty(index)?;
    }
    Ok(running.queue.start()?)
}

/// Stops the camera and gives its buffers back. What fails here fails because the device is gone or going; closing
/// it, which follows, frees everything.
pub(crate) fn stop(running: Running) {
    let Running { queue, memory, .. } = running;
    drop(queue.stop());
    drop(memory);
    drop(queue.free());
}

#[cfg(test)]
mod tests {
    use v4l2::PlaneLayout;

    use super::*;

    fn format(code: &[u8; 4], lines: &[u32]) -> v4l2::Format {
        let plane_fmt = lines
            .iter()
            .map(|bytesperline| PlaneLayout { bytesperline: *bytesperline, sizeimage: 0 })
            .collect();
        v4l2::Format { width: 64, height: 32, pixelformat: v4l2::PixelFormat::from_fourcc(code), plane_fmt }
    }

    #[test]
    fn planes_of_one_buffer_follow_each_other_at_the_drivers_stride() {
        let places = places(Native::Packed(Format::I420), &format(b"YU12", &[96]));
        let expected = [(0, 96), (96 * 32, 48), (96 * 32 + 48 * 16, 48)];
        assert_eq!(places.iter().map(|place| (place.offset, place.stride)).collect::<Vec<_>>(), expected);
        // The last row ends before its stride does.
        assert_eq!(least(Native::Packed(Format::I420), (64, 32), &places), 96 * 32 + 48 * 16 + 48 * 15 + 32);
    }

    #[test]
    fn chroma_that_is_not_subsampled_has_twice_the_stride() {
        let stride = |raw, code| {
            let places = places(Native::Packed(raw), &format(code, &[96]));
            places.iter().map(|place| (place.offset, place.stride)).collect::<Vec<_>>()
        };
        assert_eq!(stride(Format::Nv24, b"NV24"), [(0, 96), (96 * 32, 192)]);
        assert_eq!(stride(Format::Nv16, b"NV16"), [(0, 96), (96 * 32, 96)]);
        assert_eq!(stride(Format::I422, b"422P"), [(0, 96), (96 * 32, 48), (96 * 32 + 48 * 32, 48)]);
    }

    #[test]
    fn planes_in_buffers_of_their_own_begin_at_their_start() {
        let places = places(Native::Split(Format::Nv12), &format(b"NM12", &[64, 80]));
        assert_eq!(
            places,
            [Place { memory: 0, offset: 0, stride: 64 }, Place { memory: 1, offset: 0, stride: 80 }]
        );
        assert_eq!(least(Native::Split(Format::Nv12), (64, 32), &places), 64 * 32);
    }

    #[test]
    fn a_driver_that_tells_no_stride_has_none_between_its_rows() {
        assert_eq!(places(Native::Packed(Format::Yuyv), &format(b"YUYV", &[0]))[0].stride, 128);
    }
}
