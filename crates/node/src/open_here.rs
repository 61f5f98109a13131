//! What a JavaScript environment has open, so that it can be closed with it.

use std::cell::RefCell;
use std::sync::{Arc, Weak};

/// For a thread-local variable: an environment has a thread of its own. What is collected is forgotten.
pub struct OpenHere<T>(RefCell<Vec<Weak<T>>>);

impl<T> OpenHere<T> {
    pub const fn new() -> Self {
        Self(RefCell::new(Vec::new()))
    }

    pub fn add(&self, one: &Arc<T>) {
        let mut all = self.0.borrow_mut();
        all.retain(|other| other.strong_count() > 0);
        all.push(Arc::downgrade(one));
    }

    pub fn count(&self) -> u32 {
        self.0.borrow().iter().filter(|one| one.strong_count() > 0).count() as u32
    }

    pub fn all(&self) -> Vec<Arc<T>> {
        self.0.borrow().iter().filter_map(Weak::upgrade).collect()
    }
}
