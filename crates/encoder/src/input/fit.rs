//! Whether a device can read a frame where it is.

use v4l2::Dmabuf;

use super::dmabuf::ImportedFrame;
use super::geometry::{Imports, InputGeometry};

impl ImportedFrame {
    /// Whether the device may take the frame at all, after being set to its format.
    pub(crate) fn may_go_into(&self, geometry: &InputGeometry) -> bool {
        match &geometry.imports {
            Imports::Nothing => false,
            Imports::SameLayout(formats) => {
                let unlike = self.format == geometry.format && self.unlike(geometry).is_some();
                formats.contains(&self.format) && self.is_exported() && !unlike
            }
            Imports::Surfaces(formats) => formats.contains(&self.format),
        }
    }

    /// What keeps the device from taking the frame as it is, as a sentence; `None` when nothing does.
    pub(crate) fn rejection(&self, geometry: &InputGeometry) -> Option<String> {
        if self.format != geometry.format {
            let (given, own) = (self.format.name(), geometry.format.name());
            return Some(format!("The frame is {given}, and the device is set to {own}."));
        }
        match geometry.imports {
            Imports::Nothing => Some("The device cannot import memory.".to_owned()),
            Imports::SameLayout(_) => self.unlike(geometry),
            Imports::Surfaces(_) => None,
        }
    }

    /// Why a frame is copied that the device [may not take](Self::may_go_into), as a sentence.
    pub(crate) fn misfit(&self, geometry: &InputGeometry) -> String {
        self.rejection(geometry).unwrap_or_else(|| match geometry.imports {
            Imports::Surfaces(_) => format!("The device does not accept {} surfaces.", self.format.name()),
            _ => "The frame is in ordinary memory, not in a driver's, and cannot be imported.".to_owned(),
        })
    }

    fn unlike(&self, geometry: &InputGeometry) -> Option<String> {
        for (number, (own, given)) in geometry.planes.iter().zip(&self.planes).enumerate() {
            if (own.offset, own.stride) != (given.offset, given.stride) {
                return Some(format!(
                    "Plane {number} of the frame is at byte {} with rows of {} bytes, and the device needs it at byte {} \
                     with rows of {}.",
                    given.offset, given.stride, own.offset, own.stride
                ));
            }
            let memory = &self.memories[given.memory];
            if memory.length() < u64::from(geometry.memories[own.memory]) {
                return Some(format!(
                    "The frame's memory has {} bytes, and the device needs {}.",
                    memory.length(),
                    geometry.memories[own.memory]
                ));
            }
            let together =
                geometry.planes.iter().zip(&self.planes).filter(|(other, _)| other.memory == own.memory);
            if together.into_iter().any(|(_, other)| !self.memories[other.memory].is_same(memory)) {
                return Some(
                    "The frame's planes are in several memories, and the device needs them in one."
                        .to_owned(),
                );
            }
        }
        None
    }

    fn is_exported(&self) -> bool {
        self.memories.iter().all(Dmabuf::is_exported)
    }
}

#[cfg(test)]
mod tests {
    use std::os::fd::{AsRawFd, OwnedFd};

    use super::*;
    use crate::input::dmabuf::DmabufPlane;
    use crate::input::dmabuf::tests::{memory, nv12, share};
    use crate::input::format::RawFormat;
    use crate::input::geometry::InputPlane;

    fn geometry() -> InputGeometry {
        let plane = |offset| InputPlane { memory: 0, offset, stride: 64 };
        InputGeometry {
            format: RawFormat::Nv12,
            coded_width: 64,
            coded_height: 48,
            planes: vec![plane(0), plane(64 * 48)],
            memories: vec![64 * 72],
            imports: Imports::SameLayout(vec![RawFormat::Nv12]),
        }
    }

    #[test]
    fn what_lies_as_the_device_has_it_is_taken_and_the_rest_reported() {
        let geometry = geometry();
        let rejection =
            |file: &OwnedFd, chroma, stride| nv12(file, 0, chroma, stride).unwrap().rejection(&geometry);
        let file = memory(8192);
        assert_eq!(rejection(&file, 64 * 48, 64), None);
        assert!(rejection(&file, 64 * 50, 64).unwrap().contains("the device needs it at byte 3072"));
        assert!(rejection(&file, 64 * 48, 72).unwrap().contains("rows of 64"));
        let larger = InputGeometry { memories: vec![10_000], ..geometry.clone() };
        let frame = nv12(&file, 0, 64 * 48, 64).unwrap();
        assert!(frame.rejection(&larger).unwrap().contains("has 8192 bytes, and the device needs 10000"));
        assert!(!frame.may_go_into(&geometry), "a file in memory is no driver's");
        assert!(frame.misfit(&geometry).contains("in ordinary memory"));
    }

    #[test]
    fn planes_in_two_memories_do_not_do_for_a_device_that_wants_one() {
        let (luma, chroma) = (memory(8192), memory(8192));
        let planes = [
            DmabufPlane { descriptor: luma.as_raw_fd(), offset: 0, stride: 64 },
            DmabufPlane { descriptor: chroma.as_raw_fd(), offset: 64 * 48, stride: 64 },
        ];
        let rejection = share(&planes, RawFormat::Nv12).unwrap().rejection(&geometry());
        assert!(rejection.unwrap().contains("in several memories"));
    }
}
