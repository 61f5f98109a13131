//! Encoded data on its way out: chunks, and what the stream says about itself.

pub(crate) mod chunk;
pub(crate) mod stream;
