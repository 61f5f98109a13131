//! Who is told when a picture's memory is the caller's again.

use std::any::Any;
use std::sync::{Arc, Mutex, PoisonError};

use crate::event::Event;
use crate::input::dmabuf::ImportedPicture;

pub(crate) type Sink = Arc<dyn Fn(Event) + Send + Sync>;

/// What keeps a picture's memory from being used for something else, by being alive.
pub type Keeper = Arc<dyn Any + Send + Sync>;

/// How a picture's memory becomes the caller's again.
pub(crate) enum GiveBack {
    /// By an event with this number.
    Told(u32),
    /// By letting go of this.
    Dropped(Keeper),
}

impl GiveBack {
    /// Gives the memory back.
    pub(crate) fn now(self, sink: &Sink) {
        match self {
            Self::Told(token) => sink(Event::Released(token)),
            Self::Dropped(keeper) => drop(keeper),
        }
    }
}

/// A picture that the device reads in the caller's memory. Dropping it gives the memory back.
pub(crate) struct Lease {
    pub(crate) picture: Arc<ImportedPicture>,
    sink: Sink,
    /// `None` once the memory was given back.
    give_back: Mutex<Option<GiveBack>>,
}

impl Lease {
    /// Of a picture that was taken.
    pub(crate) fn new(picture: Arc<ImportedPicture>, give_back: GiveBack, sink: &Sink) -> Self {
        Self { picture, sink: Arc::clone(sink), give_back: Mutex::new(Some(give_back)) }
    }

    /// Gives the memory back, whoever still holds the lease: a thread that is stuck in its device may do so for ever. A
    /// second time does nothing.
    pub(crate) fn end(&self) {
        let give_back = self.give_back.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(give_back) = give_back {
            give_back.now(&self.sink);
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
        formatter.debug_struct("Lease").field("picture", &self.picture).finish_non_exhaustive()
    }
}
