//! What comes with a frame, and what is told of a chunk.

use v4l2::Transport;
use v4l2::control::nvidia::{ENABLE_EXTERNAL_RATE_CONTROL, ENABLE_ROI_PARAM};
use v4l2::ioctl::{ChunkMetadata, InputMetadata, RegionOfInterest};
use v4l2::transport::LibraryLookup;

use crate::backend::controls::Controls;
use crate::config::{Parameter, Resolved};
use crate::error::Code;
use crate::input::request::{FrameRequest, PerFrame, Region};
use crate::settings::Warning;

/// The metadata that a session was opened for.
#[derive(Default)]
pub(super) struct SessionMetadata {
    input: Option<InputMetadata>,
    chunk: Option<ChunkMetadata>,
    can: PerFrame,
}

impl SessionMetadata {
    /// By the controls that the device accepted when it was opened.
    pub(super) fn new(config: &Resolved, controls: &Controls, lookup: &LibraryLookup) -> Self {
        let can = PerFrame {
            // 0 means that the frame has none of its own.
            finest_quantizer: controls.was_accepted(ENABLE_EXTERNAL_RATE_CONTROL).then_some(1),
            regions: controls.was_accepted(ENABLE_ROI_PARAM),
        };
        let wants_chunk = config.parameters.get(Parameter::ChunkStatistics).is_some();
        Self {
            input: (can != PerFrame::default()).then(|| InputMetadata::new(lookup)),
            chunk: wants_chunk.then(ChunkMetadata::default),
            can,
        }
    }

    pub(super) fn per_frame(&self) -> PerFrame {
        self.can
    }

    /// Says what comes with the raw buffer that is queued next. With external rate control each frame brings its quantizer, the usual
    /// one where nothing else was requested.
    pub(super) fn announce(
        &mut self,
        transport: &dyn Transport,
        input: u32,
        request: Option<&FrameRequest>,
        config: &Resolved,
    ) -> Option<Warning> {
        let metadata = self.input.as_mut()?;
        let regions = request.map_or(&[][..], |request| &request.regions);
        let requested = request.and_then(|request| request.quantizer);
        let quantizer =
            self.can.finest_quantizer.and(requested.or(config.parameters.get(Parameter::Quantizer)));
        if regions.is_empty() && quantizer.is_none() {
            return None;
        }
        let regions: Vec<_> = regions.iter().map(region).collect();
        // The frame itself can still be encoded.
        let error = metadata.send(transport, input, &regions, quantizer).err()?;
        let message = format!("A frame has not got its quantizer or regions: {error}.");
        Some(Warning { code: Code::Control.name(), message, setting: None })
    }

    /// The average quantizer of the chunk in this coded buffer; `None` where nobody wants it or the device does not tell.
    pub(super) fn quantizer(&mut self, transport: &dyn Transport, coded: u32) -> Option<u16> {
        self.chunk.as_mut()?.average_quantizer(transport, coded).ok()
    }
}

fn region(region: &Region) -> RegionOfInterest {
    let Region { x, y, width, height, quantizer_offset } = *region;
    RegionOfInterest { left: x, top: y, width, height, offset: quantizer_offset }
}
