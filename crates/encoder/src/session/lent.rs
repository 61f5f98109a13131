use std::sync::{Arc, Mutex, PoisonError, Weak};

use super::input_path::Inputs;
use super::ledger::{FrameTiming, InputKind};
use super::shared::Shared;
use super::{Session, TryResult};
use crate::error::{Code, Error, Result};
use crate::input::buffer::InputBuffer;
use crate::input::format::RawFormat;

/// A buffer of the device's own, lent to the caller to write a frame into. As long as it is neither given to
/// [`Session::encode_lent`] nor dropped, the device has one buffer less.
pub struct LentFrame {
    /// A caller that holds the frame holds its memory, but not the session.
    shared: Weak<Shared>,
    buffer: Mutex<Option<Arc<InputBuffer>>>,
    format: RawFormat,
    planes: Vec<LentPlane>,
}

/// A plane of a lent buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LentPlane {
    /// The number of the memory that it lies in.
    pub memory: usize,
    /// Bytes from that memory's start.
    pub offset: usize,
    /// Bytes from one row to the next.
    pub stride: usize,
    /// Bytes from the first row's start to the last row's end.
    pub length: usize,
}

/// A lent frame, and where its memories are: address and bytes. They may be written until the frame is given back.
pub type Lent = (LentFrame, Vec<(*mut u8, usize)>);

impl LentFrame {
    /// How its planes are arranged: the device's own format, which may differ from the one that was configured.
    #[must_use]
    pub fn format(&self) -> RawFormat {
        self.format
    }

    /// Its planes.
    #[must_use]
    pub fn planes(&self) -> &[LentPlane] {
        &self.planes
    }

    /// Whether it was given back.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.buffer.lock().unwrap_or_else(PoisonError::into_inner).is_none()
    }

    /// Gives the buffer back without a frame. A second time does nothing.
    pub fn give_back(&self) {
        if let Some(buffer) = self.take()
            && let Some(shared) = self.shared.upgrade()
        {
            shared.give_back(buffer);
        }
    }

    fn take(&self) -> Option<Arc<InputBuffer>> {
        self.buffer.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Drop for LentFrame {
    fn drop(&mut self) {
        self.give_back();
    }
}

impl std::fmt::Debug for LentFrame {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("LentFrame").field("format", &self.format).finish_non_exhaustive()
    }
}

impl Session {
    /// Lends a buffer of the device's own, or says that there is no room. Never waits.
    ///
    /// # Errors
    /// [`TryResult::Full`], after which [`crate::Event::Room`] follows, or [`TryResult::Closed`].
    pub fn lend(&self) -> std::result::Result<Lent, TryResult> {
        let (mut buffer, _) = self.reserve(Inputs::path_of_bytes)?;
        let addresses = Arc::get_mut(&mut buffer).map(InputBuffer::addresses).unwrap_or_default();
        let format = buffer.format;
        let planes = buffer
            .planes
            .iter()
            .enumerate()
            .map(|(number, plane)| {
                let size = format.plane(number, buffer.width, buffer.height);
                LentPlane {
                    memory: plane.memory,
                    offset: plane.offset,
                    stride: plane.stride,
                    length: plane.stride * (size.rows - 1) + size.row_bytes,
                }
            })
            .collect();
        let shared = Arc::downgrade(&self.shared);
        Ok((LentFrame { shared, buffer: Mutex::new(Some(buffer)), format, planes }, addresses))
    }

    /// How many buffers callers have that they have not given back.
    #[must_use]
    pub fn lent(&self) -> u32 {
        self.shared.lock().reserved
    }

    /// Encodes what was written into a lent buffer, which is the device's from now on.
    ///
    /// # Errors
    /// [`Code::Frame`] for one that was given back before.
    pub fn encode_lent(
        &self,
        frame: &LentFrame,
        timestamp: i64,
        duration: Option<i64>,
        key_frame: bool,
    ) -> Result<TryResult> {
        let Some(buffer) = frame.take() else {
            return Err(Error::shape(Code::Frame, "The lent frame was already submitted or closed.")
                .with_hint("Acquire a new one for each frame."));
        };
        let (width, height) = self.shared.size();
        if (buffer.width, buffer.height) != (width, height) {
            let message = format!(
                "The lent frame has {}x{} pixels, but frames have {width}x{height} by now.",
                buffer.width, buffer.height
            );
            self.shared.give_back(buffer);
            return Err(
                Error::shape(Code::Frame, message).with_hint("Acquire frames after the size was changed.")
            );
        }
        Ok(self.accept(FrameTiming { timestamp, duration, key_frame }, buffer, InputKind::Lent))
    }
}
