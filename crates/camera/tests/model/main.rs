//! A camera that is played, so that everything can go wrong that goes wrong with real ones.

#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

mod device;
mod failures;
mod fields;
mod opening;
mod streaming;
