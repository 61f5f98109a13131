//! Who is told when a picture's memory is the caller's again.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::event::Event;
use crate::import::ImportedPicture;

pub(crate) type Sink = Arc<dyn Fn(Event) + Send + Sync>;

/// A picture that the device reads in the caller's memory. Dropping it gives the memory back.
pub(crate) struct Lease {
    pub(crate) picture: Arc<ImportedPicture>,
    token: u32,
    /// Who is told; nobody before the picture was taken.
    sink: Option<Sink>,
    over: AtomicBool,
}

impl Lease {
    /// Of a picture that is not taken yet, and stays the caller's as long.
    pub(crate) fn offered(picture: Arc<ImportedPicture>, token: u32) -> Self {
        Self { picture, token, sink: None, over: AtomicBool::new(false) }
    }

    /// The picture was taken: its memory is to be given back.
    pub(crate) fn taken(self, sink: &Sink) -> Self {
        let over = AtomicBool::new(false);
        Self { picture: Arc::clone(&self.picture), token: self.token, sink: Some(Arc::clone(sink)), over }
    }

    /// Gives the memory back, whoever still holds the lease: a thread that is stuck in its device may do so for ever. A
    /// second time does nothing.
    pub(crate) fn end(&self) {
        if let Some(sink) = &self.sink
            && !self.over.swap(true, Ordering::Relaxed)
        {
            sink(Event::Released(self.token));
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
        formatter.debug_struct("Lease").field("picture", &self.picture).field("token", &self.token).finish()
    }
}
