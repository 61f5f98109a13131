//! When the memory of an imported frame is the caller's again.

use std::any::Any;
use std::sync::{Arc, Mutex, PoisonError};

use super::dmabuf::ImportedFrame;

/// What keeps a frame's memory from being used for something else, by being alive.
pub type Keeper = Arc<dyn Any + Send + Sync>;

/// Gives a frame's memory back to the caller.
pub(crate) type GiveBack = Box<dyn FnOnce() + Send>;

/// A frame that the device reads in the caller's memory. Dropping it gives the memory back.
pub(crate) struct Lease {
    pub(crate) frame: Arc<ImportedFrame>,
    /// `None` once the memory was given back.
    give_back: Mutex<Option<GiveBack>>,
}

impl Lease {
    /// Of a frame that was taken.
    pub(crate) fn new(frame: Arc<ImportedFrame>, give_back: GiveBack) -> Self {
        Self { frame, give_back: Mutex::new(Some(give_back)) }
    }

    /// Gives the memory back, the caller that still holds the lease: a thread that is stuck in its device may do so for ever. A
    /// second time does nothing.
    pub(crate) fn end(&self) {
        let give_back = self.give_back.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(give_back) = give_back {
            give_back();
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.end();
    }
}

impl std::fmt::Debug for Lease {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Lease").field("frame", &self.frame).finish_non_exhaustive()
    }
}
