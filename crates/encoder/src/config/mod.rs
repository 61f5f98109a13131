//! What is requested of an encoder. Every value is checked before a device is touched.

mod check;
mod defaults;
pub(crate) mod level;
mod options;
mod parameters;
mod range;
mod resolved;
mod tuning;

pub use options::{
    BitrateMode, Bitstream, CodecChoice, Config, Devices, Hardware, LatencyMode, OnUnsupported,
};
pub use parameters::{Parameter, Parameters};
pub use range::{
    BITRATES_BPS, FRAMERATES, KEY_FRAME_INTERVALS, QUEUE_DEPTHS, SIZES, TIMEOUTS_MS, integer, whole,
};
pub(crate) use resolved::PEAK_TENTHS;
pub use resolved::Resolved;
pub use tuning::Tuning;
