//! Pictures in somebody else's memory.
//!
//! A camera, a decoder or a program of the caller's has the picture in DMABUFs. Where the encoder reads such memory
//! itself, nothing is copied: the device gets the descriptors, and the caller gets the memory back when the device has let
//! go of it. Where it does not, or the planes do not lie as the device needs them, the picture is copied like any other.

use std::fmt::Display;
use std::io::ErrorKind;
use std::os::fd::RawFd;
use std::sync::Arc;

use v4l2::surface::SurfaceLayout;
use v4l2::transport::LibraryLookup;
use v4l2::{Dmabuf, Reading};

use crate::error::{Code, Error, Result};
use crate::input::buffer::{MOST_PLANES, Rows};
use crate::input::format::RawFormat;
use crate::surface::{Behind, Importer, layout_by, no_surface};

/// One plane of a picture in a DMABUF.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DmabufPlane {
    /// An open descriptor, which stays the caller's. Planes may share one.
    pub descriptor: RawFd,
    /// Of the plane's first byte, in bytes.
    pub offset: u32,
    /// From one row to the next, in bytes.
    pub stride: u32,
}

/// A raw picture of the encoder's size in DMABUFs.
#[derive(Debug, Clone, Copy)]
pub struct DmabufFrame<'a> {
    /// One for each plane of the format.
    pub planes: &'a [DmabufPlane],
    /// How the planes are arranged.
    pub format: RawFormat,
    /// When the picture was taken, in microseconds; any value, it comes back on the chunk.
    pub timestamp: i64,
    /// How long it shows, in microseconds; it comes back on the chunk.
    pub duration: Option<i64>,
    /// Comes back in [`Event::Released`] when the memory is the caller's again.
    pub token: u32,
    /// For a surface of NVIDIA's that another process made: the parameters that `NvBufSurfaceGetMapParams` gave there.
    pub map_parameters: Option<&'a [u8]>,
}

/// A share in memory that holds one picture after the other, such as a camera's buffer. It is taken once, so that handing such a
/// picture over asks nothing of the system: see [`Session::try_encode_picture`](crate::Session::try_encode_picture).
#[derive(Debug)]
pub struct DmabufPicture {
    planes: Vec<DmabufPlane>,
    pub(crate) imported: Arc<ImportedPicture>,
}

impl DmabufPicture {
    /// Takes a share in the memory. The descriptors stay the caller's, open as long as this.
    ///
    /// # Errors
    /// [`Code::Frame`] for a descriptor that is none, or planes too few or too many.
    pub fn share(planes: &[DmabufPlane], format: RawFormat) -> Result<Self> {
        let imported = Arc::new(ImportedPicture::share(planes, format)?);
        Ok(Self { planes: planes.to_vec(), imported })
    }

    /// Where the planes are.
    #[must_use]
    pub fn planes(&self) -> &[DmabufPlane] {
        &self.planes
    }

    /// Another share, which nobody else has.
    pub(crate) fn share_again(&self) -> Result<ImportedPicture> {
        ImportedPicture::share(&self.planes, self.imported.format)
    }
}

/// How the device's own buffers are laid out, and what it takes besides them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputGeometry {
    /// The raw format that the device is set to.
    pub format: RawFormat,
    /// In pixels, padding included.
    pub coded_width: u32,
    /// In pixels, padding included.
    pub coded_height: u32,
    /// Offset and stride of each plane in bytes, and the number of the memory it lies in.
    pub planes: Vec<InputPlane>,
    /// Bytes that each memory has at least.
    pub memories: Vec<u32>,
    /// What the device takes as DMABUFs.
    pub imports: Imports,
}

/// Where a plane lies in the device's buffers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InputPlane {
    /// Planes have a memory each, or share one.
    pub memory: usize,
    /// Bytes from the memory's start.
    pub offset: usize,
    /// Bytes from one row to the next.
    pub stride: usize,
}

/// What a device takes as DMABUFs.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Imports {
    /// None.
    Nothing,
    /// Memory that is laid out like its own buffers, in one of these formats.
    SameLayout(Vec<RawFormat>),
    /// Surfaces of NVIDIA's, which know their layout, in one of these formats (none on JetPack 4), and no other DMABUFs.
    Surfaces(Vec<RawFormat>),
}

impl InputGeometry {
    /// Whether the device may take the picture at all, after being set to its format.
    pub(crate) fn may_take(&self, picture: &ImportedPicture) -> bool {
        match &self.imports {
            Imports::Nothing => false,
            Imports::SameLayout(formats) => {
                let unlike = picture.format == self.format && self.unlike(picture).is_some();
                formats.contains(&picture.format) && picture.is_exported() && !unlike
            }
            Imports::Surfaces(formats) => formats.contains(&picture.format),
        }
    }

    /// What keeps the device from taking the picture as it is, as a sentence; `None` when nothing does.
    pub(crate) fn refusal(&self, picture: &ImportedPicture) -> Option<String> {
        if picture.format != self.format {
            let (given, own) = (picture.format.name(), self.format.name());
            return Some(format!("The frame is {given}, and the device is set to {own}."));
        }
        match self.imports {
            Imports::Nothing => Some("The device imports no memory.".to_owned()),
            Imports::SameLayout(_) => self.unlike(picture),
            Imports::Surfaces(_) => None,
        }
    }

    /// Why a picture is copied that the device [may not take](Self::may_take), as a sentence.
    pub(crate) fn misfit(&self, picture: &ImportedPicture) -> String {
        self.refusal(picture).unwrap_or_else(|| match self.imports {
            Imports::Surfaces(_) => format!("The device takes no {} surfaces.", picture.format.name()),
            _ => "The frame is in ordinary memory, not in a driver's, and cannot be imported.".to_owned(),
        })
    }

    fn unlike(&self, picture: &ImportedPicture) -> Option<String> {
        for (number, (own, given)) in self.planes.iter().zip(&picture.planes).enumerate() {
            if (own.offset, own.stride) != (given.offset, given.stride) {
                return Some(format!(
                    "Plane {number} of the frame is at byte {} with rows of {} bytes, and the device needs it at byte {} \
                     with rows of {}.",
                    given.offset, given.stride, own.offset, own.stride
                ));
            }
            let memory = &picture.memories[given.memory];
            if memory.length() < u64::from(self.memories[own.memory]) {
                return Some(format!(
                    "The frame's memory has {} bytes, and the device needs {}.",
                    memory.length(),
                    self.memories[own.memory]
                ));
            }
            let together =
                self.planes.iter().zip(&picture.planes).filter(|(other, _)| other.memory == own.memory);
            if together.into_iter().any(|(_, other)| !picture.memories[other.memory].is_same(memory)) {
                return Some(
                    "The frame's planes are in several memories, and the device needs them in one."
                        .to_owned(),
                );
            }
        }
        None
    }
}

/// A checked picture in DMABUFs, and our share in their memory.
#[derive(Debug)]
pub(crate) struct ImportedPicture {
    pub(crate) format: RawFormat,
    pub(crate) planes: Vec<InputPlane>,
    pub(crate) memories: Vec<Dmabuf>,
    /// The surface of NVIDIA's that the memory is.
    pub(crate) surface: Option<Behind>,
    /// Whether its pixels lie in NVIDIA's blocks, not in rows.
    is_block_linear: bool,
}

impl ImportedPicture {
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
        let mut picture =
            Self { format, planes: Vec::new(), memories: Vec::new(), surface: None, is_block_linear: false };
        for (number, plane) in planes.iter().enumerate() {
            let memory = picture.memory(number, plane.descriptor)?;
            picture.planes.push(InputPlane {
                memory,
                offset: plane.offset as usize,
                stride: plane.stride as usize,
            });
        }
        Ok(picture)
    }

    /// Finds out which surface of NVIDIA's the memory is, if any. `only` has the formats of a device that takes no others.
    ///
    /// # Errors
    /// [`Code::Frame`] for a surface that is not what the encoder needs, or for none where it must be one.
    pub(crate) fn look(
        &mut self,
        map_parameters: Option<&[u8]>,
        only: Option<&[RawFormat]>,
        (importer, lookup): (&Importer, &LibraryLookup),
        (width, height): (u32, u32),
    ) -> Result<()> {
        if only.is_some_and(<[_]>::is_empty) {
            return Err(Error::range(
                Code::Frame,
                "On a Jetson frames in DMABUFs need JetPack 5 or later: the library here cannot tell what is in one.",
            )
            .with_hint("Give the picture as `data`, which is copied once, or write it into a frame of acquireFrame()."));
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
                Some(Behind::of(&self.memories[0]).ok_or_else(|| no_surface(&self.memories[0]))?)
            }
            (None, None) => Behind::of(&self.memories[0]),
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

    fn is_exported(&self) -> bool {
        self.memories.iter().all(Dmabuf::is_exported)
    }

    /// Lets `look` see the rows of each plane of a picture of this size, which was [checked](Self::check).
    ///
    /// # Errors
    /// [`Code::Frame`] when the memory cannot be read, or has no rows.
    pub(crate) fn read<T>(
        &self,
        (width, height): (u32, u32),
        look: impl FnOnce([Rows<'_>; MOST_PLANES]) -> T,
    ) -> Result<T> {
        if self.is_block_linear {
            return Err(Error::range(
                Code::Frame,
                "The frame is a block-linear surface, which only the device itself can read, and it is not to be read there.",
            )
            .with_hint("Give frames in surfaces only, without ordinary ones between them, or surfaces with the layout 'pitch'."));
        }
        let mut readings: [Option<Reading<'_>>; MOST_PLANES] = Default::default();
        for (reading, memory) in readings.iter_mut().zip(&self.memories) {
            if memory.keeps_its_size() {
                *reading = Some(memory.read().map_err(unreadable)?);
            }
        }
        let mut copies: [PlaneCopy; MOST_PLANES] = Default::default();
        for (number, plane) in self.planes.iter().enumerate() {
            if readings[plane.memory].is_none() {
                let size = self.format.plane(number, width, height);
                copies[number] = PlaneCopy::of(&self.memories[plane.memory], plane, size)?;
            }
        }
        let mut rows = [Rows::default(); MOST_PLANES];
        for ((rows, plane), copy) in rows.iter_mut().zip(&self.planes).zip(&copies) {
            *rows = match &readings[plane.memory] {
                Some(reading) => Rows { bytes: &reading.bytes()[plane.offset..], stride: plane.stride },
                None => Rows { bytes: &copy.bytes, stride: copy.stride },
            };
        }
        Ok(look(rows))
    }
}

/// A plane of a picture in memory that may be made smaller at any time, which is not mapped for that reason.
#[derive(Default)]
struct PlaneCopy {
    bytes: Vec<u8>,
    stride: usize,
}

impl PlaneCopy {
    fn of(memory: &Dmabuf, plane: &InputPlane, size: convert::PlaneSize) -> Result<Self> {
        // Where there is little between the rows, reading it too is less work than a call for each row.
        let at_once = plane.stride <= 2 * size.row_bytes;
        let stride = if at_once { plane.stride } else { size.row_bytes };
        let mut bytes = vec![0; size.span(stride)];
        let read = if at_once {
            memory.read_at(plane.offset as u64, &mut bytes)
        } else {
            let starts = (plane.offset..).step_by(plane.stride);
            bytes
                .chunks_exact_mut(stride)
                .zip(starts)
                .try_for_each(|(row, start)| memory.read_at(start as u64, row))
        };
        read.map(|()| Self { bytes, stride }).map_err(|error| match error.kind() {
            ErrorKind::UnexpectedEof => Error::range(
                Code::Frame,
                "The frame's memory was made smaller while it was read: a file that is no DMABUF may be.",
            )
            .with_hint("Give a DMABUF, or a memfd that is sealed against that (F_SEAL_SHRINK)."),
            _ => unreadable(error),
        })
    }
}

fn unreadable(why: impl Display) -> Error {
    Error::range(Code::Frame, format!("The frame's memory cannot be read by the processor: {why}.")).with_hint(
        "Give it in a format and layout that the encoder's device imports (see encoder.input), or give a DMABUF that can be \
         mapped, a file or a memfd.",
    )
}

#[cfg(test)]
mod tests {
    use std::os::fd::{AsRawFd, OwnedFd};

    use super::*;

    fn memory(bytes: u64) -> OwnedFd {
        v4l2::transport::memory_file("import-test", bytes).unwrap()
    }

    fn share(planes: &[DmabufPlane], format: RawFormat) -> Result<ImportedPicture> {
        let picture = ImportedPicture::share(planes, format)?;
        picture.check(64, 48)?;
        Ok(picture)
    }

    fn nv12(file: &OwnedFd, luma: usize, chroma: u32, stride: u32) -> Result<ImportedPicture> {
        let descriptor = file.as_raw_fd();
        let luma = DmabufPlane { descriptor, offset: luma as u32, stride };
        share(&[luma, DmabufPlane { descriptor, offset: chroma, stride }], RawFormat::Nv12)
    }

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
    fn planes_that_are_not_in_the_memory_are_refused_with_both_numbers() {
        let file = memory(4000);
        let error = nv12(&file, 0, 64 * 48, 64).unwrap_err();
        assert_eq!(error.code, Code::Frame);
        assert_eq!(error.message, "Plane 1 of the frame ends at byte 4608, but its DMABUF has 4000 bytes.");
        let error = nv12(&file, 0, 0, 32).unwrap_err();
        assert!(error.message.contains("a stride of 32 bytes"), "{}", error.message);
    }

    #[test]
    fn a_closed_descriptor_is_refused_and_so_are_planes_too_few() {
        let closed = DmabufPlane { descriptor: -1, offset: 0, stride: 64 };
        let message = share(&[closed; 2], RawFormat::Nv12).unwrap_err().message;
        assert!(
            message.starts_with("Descriptor -1 of plane 0 of the frame is no DMABUF: EBADF"),
            "{message}"
        );
        let message = share(&[closed; 2], RawFormat::I420).unwrap_err().message;
        assert_eq!(message, "The frame has 2 planes, but I420 has 3.");
    }

    #[test]
    fn what_lies_as_the_device_has_it_is_taken_and_the_rest_told() {
        let geometry = geometry();
        let refusal =
            |file: &OwnedFd, chroma, stride| geometry.refusal(&nv12(file, 0, chroma, stride).unwrap());
        let file = memory(8192);
        assert_eq!(refusal(&file, 64 * 48, 64), None);
        assert!(refusal(&file, 64 * 50, 64).unwrap().contains("the device needs it at byte 3072"));
        assert!(refusal(&file, 64 * 48, 72).unwrap().contains("rows of 64"));
        let larger = InputGeometry { memories: vec![10_000], ..geometry.clone() };
        let picture = nv12(&file, 0, 64 * 48, 64).unwrap();
        assert!(larger.refusal(&picture).unwrap().contains("has 8192 bytes, and the device needs 10000"));
        assert!(!geometry.may_take(&picture), "a file in memory is no driver's");
        assert!(geometry.misfit(&picture).contains("in ordinary memory"));
    }

    #[test]
    fn planes_in_two_memories_do_not_do_for_a_device_that_wants_one() {
        let (luma, chroma) = (memory(8192), memory(8192));
        let planes = [
            DmabufPlane { descriptor: luma.as_raw_fd(), offset: 0, stride: 64 },
            DmabufPlane { descriptor: chroma.as_raw_fd(), offset: 64 * 48, stride: 64 },
        ];
        let refusal = geometry().refusal(&share(&planes, RawFormat::Nv12).unwrap());
        assert!(refusal.unwrap().contains("in several memories"));
    }

    #[test]
    fn the_rows_can_be_read() {
        let file = std::fs::File::from(memory(64 * 72));
        std::os::unix::fs::FileExt::write_all_at(&file, &[7], 64 * 48 + 3).unwrap();
        let file = OwnedFd::from(file);
        let picture = nv12(&file, 0, 64 * 48, 64).unwrap();
        assert_eq!(picture.read((64, 48), |rows| rows[1].bytes[3]).unwrap(), 7);
    }

    #[test]
    fn only_the_rows_are_read_of_a_file_with_much_between_them() {
        let file = std::fs::File::from(memory(1 << 40));
        std::os::unix::fs::FileExt::write_all_at(&file, &[7], 3 + (5 << 30)).unwrap();
        let file = OwnedFd::from(file);
        let picture = nv12(&file, 0, 0, 1 << 30).unwrap();
        let seen = picture.read((64, 48), |rows| (rows[0].bytes[5 * 64 + 3], rows[0].bytes.len()));
        assert_eq!(seen.unwrap(), (7, 64 * 48));
    }

    /// Touching a mapping of what is gone would end the process.
    #[test]
    fn memory_that_becomes_smaller_meanwhile_costs_the_frame_only() {
        const LENGTH: u64 = 64 * 72;
        let file = std::fs::File::from(memory(LENGTH));
        let picture = {
            let shared = OwnedFd::from(file.try_clone().unwrap());
            nv12(&shared, 0, 64 * 48, 64).unwrap()
        };
        let read =
            || picture.read((64, 48), |rows| rows[1].bytes.iter().map(|byte| u64::from(*byte)).sum::<u64>());
        assert_eq!(read().unwrap(), 0);
        file.set_len(LENGTH - 1).unwrap();
        let error = read().unwrap_err();
        assert_eq!(error.code, Code::Frame);
        assert!(error.message.contains("made smaller"), "{}", error.message);
        let done = std::sync::atomic::AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !done.load(std::sync::atomic::Ordering::Relaxed) {
                    file.set_len(0).unwrap();
                    file.set_len(LENGTH).unwrap();
                }
            });
            let read: Vec<_> = (0..2000).map(|_| read()).collect();
            done.store(true, std::sync::atomic::Ordering::Relaxed);
            assert!(read.iter().flatten().all(|sum| *sum == 0));
            assert!(
                read.iter().filter_map(|read| read.as_ref().err()).all(|error| error.code == Code::Frame)
            );
        });
    }
}
