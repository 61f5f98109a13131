use std::os::fd::{AsFd, BorrowedFd};
use std::sync::Arc;

use convert::jpeg::Decoded;
use convert::{Color, Format, Picture, PictureMut, Plane};

use v4l2::Utc;

use crate::error::of_conversion;
use crate::setup::Place;
use crate::shared::{Captured, Shared};
use crate::weave::weave;
use crate::{Code, Error, Field, Native, Result, Settings};

/// What frames need of their camera.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) shared: Arc<Shared>,
    pub(crate) settings: Settings,
    pub(crate) places: Vec<Place>,
}

/// A frame in a buffer of the driver, on loan. Dropping it gives the buffer back; keeping all that can be on loan
/// makes the camera drop frames.
///
/// It may outlive its camera: the memory stays until it is dropped.
#[derive(Debug)]
pub struct Frame {
    source: Arc<Source>,
    captured: Captured,
}

/// A plane in a DMABUF.
#[derive(Debug, Clone, Copy)]
pub struct DmabufPlane<'a> {
    /// Open as long as the camera. The same buffer always has the same descriptor, so importers may remember it.
    pub descriptor: BorrowedFd<'a>,
    /// Where the plane begins, in bytes.
    pub offset: usize,
    /// From one row to the next, in bytes.
    pub stride: usize,
}

impl Frame {
    pub(crate) fn new(source: Arc<Source>, captured: Captured) -> Self {
        Self { source, captured }
    }

    /// When it was taken, by the driver's clock, in microseconds: the system's monotonic clock with nearly every
    /// driver. From a driver without a clock, the time since the camera was opened.
    #[must_use]
    pub fn timestamp(&self) -> i64 {
        self.captured.timestamp
    }

    /// When it was taken, in UTC: [`Self::timestamp`] with what lay between the monotonic clock and UTC when the frame came.
    /// Where the driver's clock is another one, the middle of the interval before.
    #[must_use]
    pub fn capture_time(&self) -> Option<Utc> {
        self.captured.taken
    }

    /// The driver's count of frames; gaps are frames that it did not give.
    #[must_use]
    pub fn sequence(&self) -> u32 {
        self.captured.sequence
    }

    /// How many bytes [`Self::convert_into`] needs.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let settings = &self.source.settings;
        settings.output.format().bytes(settings.width, settings.height)
    }

    /// What the camera gave, as it lies in the buffer, where fields may lie one after the other; `None` for JPEG.
    #[must_use]
    pub fn picture(&self) -> Option<Picture<'_>> {
        let settings = &self.source.settings;
        let format = settings.native.format()?;
        let mut planes = [Plane::default(); 3];
        for (plane, place) in planes.iter_mut().zip(&self.source.places) {
            let offset = place.offset + if place.memory == 0 { self.captured.offset } else { 0 };
            let bytes = self.captured.memory.planes.get(place.memory)?.bytes().get(offset..)?;
            *plane = Plane { bytes, stride: place.stride };
        }
        Some(Picture { format, width: settings.width, height: settings.height, planes })
    }

    /// Converts it into the camera's output format, rows and planes one after another without gaps.
    ///
    /// # Errors
    /// [`Code::Frame`] for memory of the wrong size or a damaged JPEG, [`Code::FormatChanged`] for a JPEG of another
    /// size.
    pub fn convert_into(&self, memory: &mut [u8]) -> Result<()> {
        let needed = self.bytes();
        if memory.len() < needed {
            return Err(Error::range(
                Code::Frame,
                format!("A frame has {needed} bytes, and the memory for it {}.", memory.len()),
            ));
        }
        let settings = &self.source.settings;
        let (format, width, height) = (settings.output.format(), settings.width, settings.height);
        self.convert(&mut PictureMut::tight(format, width, height, memory))
    }

    /// As [`Self::convert_into`], into any 4:2:0 frame of the camera's size.
    ///
    /// # Errors
    /// As [`Self::convert_into`].
    pub fn convert(&self, target: &mut PictureMut<'_>) -> Result<()> {
        let done = self.try_convert(target, self.source.settings.color);
        let mut state = self.source.shared.state();
        let error = match done {
            Ok(decoded) => {
                state.stats.converted += 1;
                state.stats.repaired += u64::from(decoded == Decoded::Repaired);
                state.faults.clear();
                return Ok(());
            }
            Err(error) => error,
        };
        state.stats.errors += 1;
        state.faults.add(error.to_string());
        // A single one is more likely a damaged header than another size.
        let is_damage =
            matches!(error, convert::Error::SizesDiffer { from, .. } if !state.faults.is_resized(from));
        drop(state);
        let mut error = of_conversion(&error).on(&self.source.settings.device);
        if is_damage {
            error.code = Code::Frame;
        }
        Err(error)
    }

    fn try_convert(&self, target: &mut PictureMut<'_>, color: Color) -> convert::Result<Decoded> {
        if self.source.settings.native == Native::Jpeg {
            let bytes = self.captured.memory.planes.first().map_or(&[][..], |plane| plane.bytes());
            let range = self.captured.offset..self.captured.offset + self.captured.used;
            let jpeg = bytes.get(range).unwrap_or_default();
            return self.source.shared.with_decoder(|decoder| decoder.decode(jpeg, target, color));
        }
        // The driver put it outside of its buffer.
        let outside = || convert::Error::Short { plane: 0, length: 0, needed: self.bytes() };
        let picture = self.picture().ok_or_else(outside)?;
        let field = self.captured.field;
        if !field.is_sequential() {
            return convert::convert(&picture, target, color).map(|()| Decoded::Whole);
        }
        self.source.shared.with_memory(|memory| {
            let woven = weave(&picture, field == Field::TopThenBottom, memory);
            convert::convert(&woven, target, color).map(|()| Decoded::Whole)
        })
    }

    /// The planes as DMABUFs, with the format they are in; `None` where the driver exports none, for JPEG, and where fields have to
    /// be put together.
    /// Their user keeps this frame as long as a device reads them. Counts the frame as passed on.
    #[must_use]
    pub fn dmabuf(&self) -> Option<(Format, Vec<DmabufPlane<'_>>)> {
        let format = self.source.settings.native.format().filter(|_| !self.captured.field.is_sequential())?;
        let plane = |place: &Place| {
            let descriptor = self.captured.memory.exported.get(place.memory)?.as_fd();
            let offset = place.offset + if place.memory == 0 { self.captured.offset } else { 0 };
            Some(DmabufPlane { descriptor, offset, stride: place.stride })
        };
        let planes = self.source.places.iter().map(plane).collect::<Option<Vec<_>>>()?;
        self.source.shared.state().stats.dmabuf += 1;
        Some((format, planes))
    }
}

impl Drop for Frame {
    fn drop(&mut self) {
        self.source.shared.give_back(self.captured.index);
    }
}
