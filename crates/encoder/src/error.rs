pub use v4l2::{Code, Error, Kind, RejectedEncoder};

/// Shorthand for this crate's results.
pub type Result<T> = std::result::Result<T, Error>;

/// The answer of an encoder that is closed.
pub(crate) fn closed() -> Error {
    Error::new(Code::Closed, "The encoder is closed.").with_hint("Make a new one with createEncoder.")
}
