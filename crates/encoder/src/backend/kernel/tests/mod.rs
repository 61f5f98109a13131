//! The backend on models of the drivers that it knows.

mod bench;
mod coded;
mod coding;
mod direct;
mod driver;
mod drivers;
mod ends;
mod every_driver;
mod formats;
mod frame_requests;
mod key_frames;
mod lies;
pub(super) mod machine;
mod model;
mod opening;
mod requests;
mod rows;
mod settings;
mod side;
mod splitting;
mod trouble;
mod waiting;
