//! Devices for tests: transports that answer from a script, from a function or from a model of a driver, and one that lies.
//! Only in builds with the feature `testing`.

mod fake;
mod lying;
mod modelled;
mod played;

pub use fake::{Call, Fake, Reply};
pub use lying::{Lie, Lying, Place};
pub use modelled::{Answer, Model, Modelled, QueuedBuffer};
pub use played::Played;
