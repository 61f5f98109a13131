//! Frames in somebody else's memory.
//!
//! A camera, a decoder or a program of the caller's has the frame in DMABUFs. Where the encoder reads such memory
//! itself, nothing is copied: the device gets the descriptors, and the caller gets the memory back when the device has let
//! go of it. Where it does not, or the planes do not lie as the device needs them, the frame is copied like any other.

use std::os::fd::RawFd;
use std::sync::Arc;

use v4l2::Dmabuf;
use v4l2::surface::SurfaceLayout;
use v4l2::transport::LibraryLookup;

use super::format::RawFormat;
use super::geometry::InputPlane;
use crate::error::{Code, Error, Result};
use crate::surface::{Importer, ResolvedSurface, layout_by, no_surface};

/// One plane of a frame in a DMABUF.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DmabufPlane {
    /// An open descriptor, which stays the caller's. Planes may share one.
    pub descriptor: RawFd,
    /// Of the plane's first byte, in bytes.
    pub offset: u32,
    /// From one row to the next, in bytes.
    pub stride: u32,
}

/// A raw frame of the encoder's size in DMABUFs.
#[derive(Debug, Clone, Copy)]
pub struct DmabufFrame<'a> {
    /// One for each plane of the format.
    pub planes: &'a [DmabufPlane],
    /// How the planes are arranged.
    pub format: RawFormat,
    /// When the frame was taken, in microseconds; any value, it comes back on the chunk.
    pub timestamp: i64,
    /// How long it shows, in microseconds; it comes back on the chunk.
    pub duration: Option<i64>,
    /// Comes back in [`Event::Released`] when the memory is the caller's again.
    pub token: u32,
    /// For a surface of NVIDIA's that another process made: the parameters that `NvBufSurfaceGetMapParams` gave there.
    pub map_parameters: Option<&'a [u8]>,
}

/// A share in memory that holds one frame after the other, such as a camera's buffer. It is taken once, so that handing such a
/// frame over asks nothing of the system: see [`Session::try_encode_shared`](crate::Session::try_encode_shared).
#[derive(Debug)]
pub struct DmabufShare {
    planes: Vec<DmabufPlane>,
    pub(crate) imported: Arc<ImportedFrame>,
}

impl DmabufShare {
    /// Takes a share in the memory. The descriptors stay the caller's, open as long as this.
    ///
    /// # Errors
    /// [`Code::Frame`] for a descriptor that is none, or planes too few or too many.
    pub fn share(planes: &[DmabufPlane], format: RawFormat) -> Result<Self> {
        let imported = Arc::new(ImportedFrame::share(planes, format)?);
        Ok(Self { planes: planes.to_vec(), imported })
    }

    /// Where the planes are.
    #[must_use]
    pub fn planes(&self) -> &[DmabufPlane] {
        &self.planes
    }

    /// Another share, which nobody else has.
    pub(crate) fn share_again(&self) -> Result<ImportedFrame> {
        ImportedFrame::share(&self.planes, self.imported.format)
    }
}

/// A checked frame in DMABUFs, and our share in their memory.
#[derive(Debug)]
pub(crate) struct ImportedFrame {
    pub(crate) format: RawFormat,
    pub(crate) planes: Vec<InputPlane>,
    pub(crate) memories: Vec<Dmabuf>,
    /// The surface of NVIDIA's that the memory is.
    pub(crate) surface: Option<ResolvedSurface>,
    /// Whether its pixels lie in NVIDIA's blocks, not in rows.
    pub(super) is_block_linear: bool,
}

impl ImportedFrame {
    /// Takes a share in the memory.
    ///
    /// # Errors
    /// [`Code::Frame`] for a descriptor that is none, or planes too few or too many.
    pub(crate) fn share(planes: &[DmabufPlane], format: RawFormat) -> Result<Self> {
        if planes.len() != format.planes() {
            return Err(Error::range(
                Code::Frame,
                format!(
                    "The frame has {} planes, but {} has {}.",
                    planes.len(),
                    format.name(),
                    format.planes()
                ),
            ));
        }
        let mut frame =
            Self { format, planes: Vec::new(), memories: Vec::new(), surface: None, is_block_linear: false };
        for (number, plane) in planes.iter().enumerate() {
            let memory = frame.memory(number, plane.descriptor)?;
            frame.planes.push(InputPlane {
                memory,
                offset: plane.offset as usize,
                stride: plane.stride as usize,
            });
        }
        Ok(frame)
    }

    /// Finds out which surface of NVIDIA's the memory is, if any. `only` has the formats of a device that takes no others.
    ///
    /// # Errors
    /// [`Code::Frame`] for a surface that is not what the encoder needs, or for none where it must be one.
    pub(crate) fn resolve_surface(
        &mut self,
        map_parameters: Option<&[u8]>,
        only: Option<&[RawFormat]>,
        (importer, lookup): (&Importer, &LibraryLookup),
        (width, height): (u32, u32),
    ) -> Result<()> {
        if only.is_some_and(<[_]>::is_empty) {
            return Err(Error::range(
                Code::Frame,
                "On a Jetson frames in DMABUFs need JetPack 5 or later: the library here cannot identify what is in one.",
            )
            .with_hint("Give the frame as `data`, which is copied once, or write it into a frame of acquireFrame()."));
        }
        if only.is_some() && self.memories.len() > 1 {
            return Err(Error::range(
                Code::Frame,
                "The frame's planes have different descriptors, but a surface of NVIDIA's has one for all planes.",
            ));
        }
        self.surface = match (map_parameters, only) {
            (Some(parameters), Some(_)) => Some(importer.import(lookup, parameters, &self.memories[0])?),
            (Some(parameters), None) => {
                self.is_block_linear = layout_by(parameters)? == SurfaceLayout::BlockLinear;
                None
            }
            (None, Some(_)) => {
                Some(ResolvedSurface::of(&self.memories[0]).ok_or_else(|| no_surface(&self.memories[0]))?)
            }
            (None, None) => ResolvedSurface::of(&self.memories[0]),
        };
        let Some(surface) = &self.surface else { return Ok(()) };
        surface.check(self.format, width, height)?;
        self.is_block_linear = surface.facts.layout == SurfaceLayout::BlockLinear;
        for (plane, own) in self.planes.iter_mut().zip(&surface.facts.planes) {
            (plane.offset, plane.stride) = (own.offset as usize, own.stride as usize);
        }
        Ok(())
    }

    /// Checks that every plane lies in its memory.
    ///
    /// # Errors
    /// [`Code::Frame`] with what was wrong and what is allowed.
    pub(crate) fn check(&self, width: u32, height: u32) -> Result<()> {
        let format = self.format;
        for (number, &InputPlane { memory, offset, stride }) in self.planes.iter().enumerate() {
            let size = format.plane(number, width, height);
            if stride < size.row_bytes {
                return Err(Error::range(
                    Code::Frame,
                    format!(
                        "Plane {number} of the frame has a stride of {stride} bytes, but a row of {} at {width}x{height} \
                         has {}.",
                        format.name(),
                        size.row_bytes
                    ),
                ));
            }
            let end = (offset + stride * (size.rows - 1) + size.row_bytes) as u64;
            let length = self.memories[memory].length();
            if end > length {
                return Err(Error::range(
                    Code::Frame,
                    format!("Plane {number} of the frame ends at byte {end}, but its DMABUF has {length} bytes."),
                )
                .with_hint("Give the offset and stride that the exporter's format says, and a DMABUF as large as its sizeimage."));
            }
        }
        Ok(())
    }

    /// The number of the memory behind a descriptor; planes often share one.
    fn memory(&mut self, plane: usize, descriptor: RawFd) -> Result<usize> {
        if let Some(known) = self.memories.iter().position(|memory| memory.given() == descriptor) {
            return Ok(known);
        }
        let memory = Dmabuf::share(descriptor).map_err(|errno| {
            Error::range(
                Code::Frame,
                format!("Descriptor {descriptor} of plane {plane} of the frame is no DMABUF: {errno}."),
            )
            .with_hint("Keep the descriptor open until the frame's release() is called.")
        })?;
        self.memories.push(memory);
        Ok(self.memories.len() - 1)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::os::fd::{AsRawFd, OwnedFd};

    use super::*;

    pub(in crate::input) fn memory(bytes: u64) -> OwnedFd {
        v4l2::transport::memory_file("import-test", bytes).unwrap()
    }

    pub(in crate::input) fn share(planes: &[DmabufPlane], format: RawFormat) -> Result<ImportedFrame> {
        let frame = ImportedFrame::share(planes, format)?;
        frame.check(64, 48)?;
        Ok(frame)
    }

    pub(in crate::input) fn nv12(
        file: &OwnedFd,
        luma: usize,
        chroma: u32,
        stride: u32,
    ) -> Result<ImportedFrame> {
        let descriptor = file.as_raw_fd();
        let luma = DmabufPlane { descriptor, offset: luma as u32, stride };
        share(&[luma, DmabufPlane { descriptor, offset: chroma, stride }], RawFormat::Nv12)
    }

    #[test]
    fn planes_that_are_not_in_the_memory_are_rejected_with_both_numbers() {
        let file = memory(4000);
        let error = nv12(&file, 0, 64 * 48, 64).unwrap_err();
        assert_eq!(error.code, Code::Frame);
        assert_eq!(error.message, "Plane 1 of the frame ends at byte 4608, but its DMABUF has 4000 bytes.");
        let error = nv12(&file, 0, 0, 32).unwrap_err();
        assert!(error.message.contains("a stride of 32 bytes"), "{}", error.message);
    }

    #[test]
    fn a_closed_descriptor_is_rejected_and_so_are_planes_too_few() {
        let closed = DmabufPlane { descriptor: -1, offset: 0, stride: 64 };
        let message = share(&[closed; 2], RawFormat::Nv12).unwrap_err().message;
        assert!(
            message.starts_with("Descriptor -1 of plane 0 of the frame is no DMABUF: EBADF"),
            "{message}"
        );
        let message = share(&[closed; 2], RawFormat::I420).unwrap_err().message;
        assert_eq!(message, "The frame has 2 planes, but I420 has 3.");
    }
}
