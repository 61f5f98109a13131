//! Which way frames go into the device: copied into its own buffers, or read where they are.
//!
//! A device's input queue is of one kind, so a change of the way means that the device is emptied and reopened, and that
//! a key frame follows. It happens when the first frame in a DMABUF comes, which usually is the first frame of all, and
//! once more if a frame comes that the device cannot read where it is, by its layout or because the driver rejects its
//! memory. After that everything is copied: a caller who alternates must not pay with a key frame each time. A device that
//! was not opened for it yet is not given up: a frame that does not fit is copied, and the next one may fit.

use crate::input::buffer::InputBuffer;
use crate::input::dmabuf::ImportedFrame;
use crate::input::format::RawFormat;
use crate::input::geometry::{Imports, InputGeometry};
use crate::input::mode::InputMode;

/// How a frame that is offered goes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum InputPath {
    /// It is copied.
    Copy,
    /// The device reads it where it is.
    Import,
    /// The device has to be reopened first.
    Reopen,
}

#[derive(Debug)]
pub(super) struct Inputs {
    pub(super) mode: InputMode,
    /// What the open device takes; `None` before.
    pub(super) geometry: Option<InputGeometry>,
    /// The mode that the device is to be opened in next.
    wanted: Option<InputMode>,
    /// Importing is over: everything is copied from now on.
    over: bool,
    /// Why frames in the caller's memory are copied.
    why_copied: Option<String>,
}

impl Inputs {
    pub(super) fn new() -> Self {
        Self { mode: InputMode::Own, geometry: None, wanted: None, over: false, why_copied: None }
    }

    /// Another encoder takes over: what is known of the one before does not count.
    pub(super) fn forget(&mut self) {
        *self = Self::new();
    }

    /// The device was opened.
    pub(super) fn opened(&mut self, geometry: InputGeometry) {
        self.geometry = Some(geometry);
    }

    /// Whether the device is to be opened in another mode, so that no frame may be taken meanwhile.
    pub(super) fn is_changing(&self) -> bool {
        self.wanted.is_some()
    }

    /// The mode that the device is opened in now.
    pub(super) fn change(&mut self) -> InputMode {
        if let Some(wanted) = self.wanted.take() {
            self.mode = wanted;
        }
        self.mode
    }

    /// The device cannot be opened for importing.
    pub(super) fn reject(&mut self, why: String) {
        self.wanted = None;
        self.mode = InputMode::Own;
        (self.over, self.why_copied) = (true, Some(why));
    }

    /// Why frames in the caller's memory are copied, where they are although the device imports.
    pub(super) fn rejection(&self) -> Option<&str> {
        self.why_copied.as_deref()
    }

    /// The formats of the surfaces that the device takes, where it takes no other memory.
    pub(super) fn surfaces_only(&self) -> Option<&[RawFormat]> {
        match &self.geometry.as_ref()?.imports {
            Imports::Surfaces(formats) => Some(formats),
            Imports::Nothing | Imports::SameLayout(_) => None,
        }
    }

    /// Whether the device reads any memory where it is, as far as it can reach it.
    pub(super) fn imports_any_memory(&self) -> bool {
        self.geometry.as_ref().is_some_and(|geometry| matches!(geometry.imports, Imports::SameLayout(_)))
    }

    /// How a frame of the caller's own bytes goes in.
    pub(super) fn path_of_bytes(&mut self) -> InputPath {
        match self.mode {
            InputMode::Own => InputPath::Copy,
            InputMode::Imported(_) => {
                self.give_up("Frames in ordinary memory were mixed with frames in DMABUFs.".to_owned())
            }
        }
    }

    /// How a frame in the caller's memory goes in.
    pub(super) fn path_of(&mut self, frame: &ImportedFrame) -> InputPath {
        let Some(geometry) = &self.geometry else { return InputPath::Copy };
        match self.mode {
            InputMode::Imported(_) => match frame.rejection(geometry) {
                None => InputPath::Import,
                Some(why) => self.give_up(why),
            },
            InputMode::Own if !self.over && frame.may_go_into(geometry) => {
                self.wanted = Some(InputMode::Imported(frame.format));
                InputPath::Reopen
            }
            InputMode::Own => {
                // The reason is reported once, and costs something for each frame.
                self.why_copied.get_or_insert_with(|| frame.misfit(geometry));
                InputPath::Copy
            }
        }
    }

    /// Whether the device, which is open for importing, takes the frame of a buffer of another opening as it is. If not,
    /// it has to be reopened.
    pub(super) fn takes_over(&mut self, buffer: &InputBuffer) -> bool {
        let way = match &buffer.lease {
            Some(lease) => self.path_of(&lease.frame),
            None => self.path_of_bytes(),
        };
        way == InputPath::Import
    }

    /// The device, which is open for importing, is to be opened for copying, for good.
    pub(super) fn give_up(&mut self, why: String) -> InputPath {
        (self.over, self.why_copied) = (true, Some(why));
        self.wanted = Some(InputMode::Own);
        InputPath::Reopen
    }
}

#[cfg(test)]
mod tests {
    use std::os::fd::{AsRawFd, OwnedFd};

    use super::*;
    use crate::input::dmabuf::DmabufPlane;
    use crate::input::geometry::InputPlane;

    const SURFACES: RawFormat = RawFormat::Nv12;

    fn inputs() -> Inputs {
        let mut inputs = Inputs::new();
        let plane = |offset, stride| InputPlane { memory: 0, offset, stride };
        inputs.opened(InputGeometry {
            format: RawFormat::I420,
            coded_width: 16,
            coded_height: 16,
            planes: vec![plane(0, 16), plane(256, 8), plane(320, 8)],
            memories: vec![384],
            imports: Imports::Surfaces(vec![SURFACES]),
        });
        inputs
    }

    fn imported(memory: &OwnedFd, format: RawFormat) -> ImportedFrame {
        let descriptor = memory.as_raw_fd();
        let plane = |(offset, stride)| DmabufPlane { descriptor, offset, stride };
        let planes = match format {
            RawFormat::I420 => vec![(0, 16), (256, 8), (320, 8)],
            _ => vec![(0, 16), (256, 16)],
        };
        let planes: Vec<_> = planes.into_iter().map(plane).collect();
        ImportedFrame::share(&planes, format).unwrap()
    }

    #[test]
    fn a_frame_that_does_not_fit_is_copied_and_one_that_fits_has_the_device_opened_again() {
        let memory = v4l2::transport::memory_file("inputs-test", 384).unwrap();
        let mut inputs = inputs();
        assert_eq!(inputs.path_of(&imported(&memory, RawFormat::I420)), InputPath::Copy);
        assert!(inputs.rejection().unwrap().contains("not accept I420 surfaces"));
        assert_eq!(inputs.path_of(&imported(&memory, SURFACES)), InputPath::Reopen);
        assert_eq!(inputs.change(), InputMode::Imported(SURFACES));
    }

    #[test]
    fn once_a_device_was_opened_for_importing_and_given_up_all_are_copied() {
        let memory = v4l2::transport::memory_file("inputs-test", 384).unwrap();
        let mut inputs = inputs();
        assert_eq!(inputs.path_of(&imported(&memory, SURFACES)), InputPath::Reopen);
        inputs.change();
        assert_eq!(inputs.path_of_bytes(), InputPath::Reopen);
        assert_eq!(inputs.change(), InputMode::Own);
        assert_eq!(inputs.path_of(&imported(&memory, SURFACES)), InputPath::Copy);
        assert!(inputs.rejection().unwrap().contains("mixed with frames in DMABUFs"));
    }
}
