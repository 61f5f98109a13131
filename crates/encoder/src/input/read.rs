//! Reading a frame in DMABUFs with the processor.

use std::fmt::Display;
use std::io::ErrorKind;

use v4l2::{Dmabuf, Reading};

use super::dmabuf::ImportedFrame;
use super::format::{MAX_PLANES, Rows};
use super::geometry::InputPlane;
use crate::error::{Code, Error, Result};

impl ImportedFrame {
    /// Lets `look` see the rows of each plane of a frame of this size, which was [checked](Self::check).
    ///
    /// # Errors
    /// [`Code::Frame`] when the memory cannot be read, or has no rows.
    pub(crate) fn read<T>(
        &self,
        (width, height): (u32, u32),
        look: impl FnOnce([Rows<'_>; MAX_PLANES]) -> T,
    ) -> Result<T> {
        if self.is_block_linear {
            return Err(Error::range(
                Code::Frame,
                "The frame is a block-linear surface, which only the device itself can read, and it is not to be read there.",
            )
            .with_hint("Give frames in surfaces only, without ordinary ones between them, or surfaces with the layout 'pitch'."));
        }
        let mut readings: [Option<Reading<'_>>; MAX_PLANES] = Default::default();
        for (reading, memory) in readings.iter_mut().zip(&self.memories) {
            if memory.keeps_its_size() {
                *reading = Some(memory.read().map_err(unreadable)?);
            }
        }
        let mut copies: [PlaneCopy; MAX_PLANES] = Default::default();
        for (number, plane) in self.planes.iter().enumerate() {
            if readings[plane.memory].is_none() {
                let size = self.format.plane(number, width, height);
                copies[number] = PlaneCopy::of(&self.memories[plane.memory], plane, size)?;
            }
        }
        let mut rows = [Rows::default(); MAX_PLANES];
        for ((rows, plane), copy) in rows.iter_mut().zip(&self.planes).zip(&copies) {
            *rows = match &readings[plane.memory] {
                Some(reading) => Rows { bytes: &reading.bytes()[plane.offset..], stride: plane.stride },
                None => Rows { bytes: &copy.bytes, stride: copy.stride },
            };
        }
        Ok(look(rows))
    }
}

/// A plane of a frame in memory that may be made smaller at any time, which is not mapped for that reason.
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
    use std::os::fd::OwnedFd;

    use super::*;
    use crate::input::dmabuf::tests::{memory, nv12};

    #[test]
    fn the_rows_can_be_read() {
        let file = std::fs::File::from(memory(64 * 72));
        std::os::unix::fs::FileExt::write_all_at(&file, &[7], 64 * 48 + 3).unwrap();
        let file = OwnedFd::from(file);
        let frame = nv12(&file, 0, 64 * 48, 64).unwrap();
        assert_eq!(frame.read((64, 48), |rows| rows[1].bytes[3]).unwrap(), 7);
    }

    #[test]
    fn only_the_rows_are_read_of_a_file_with_much_between_them() {
        let file = std::fs::File::from(memory(1 << 40));
        std::os::unix::fs::FileExt::write_all_at(&file, &[7], 3 + (5 << 30)).unwrap();
        let file = OwnedFd::from(file);
        let frame = nv12(&file, 0, 0, 1 << 30).unwrap();
        let seen = frame.read((64, 48), |rows| (rows[0].bytes[5 * 64 + 3], rows[0].bytes.len()));
        assert_eq!(seen.unwrap(), (7, 64 * 48));
    }

    /// Touching a mapping of what is gone would end the process.
    #[test]
    fn memory_that_becomes_smaller_meanwhile_costs_the_frame_only() {
        const LENGTH: u64 = 64 * 72;
        let file = std::fs::File::from(memory(LENGTH));
        let frame = {
            let shared = OwnedFd::from(file.try_clone().unwrap());
            nv12(&shared, 0, 64 * 48, 64).unwrap()
        };
        let read =
            || frame.read((64, 48), |rows| rows[1].bytes.iter().map(|byte| u64::from(*byte)).sum::<u64>());
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
