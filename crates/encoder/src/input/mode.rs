use super::format::RawFormat;

/// What an opened device's buffers are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InputMode {
    /// Its own memory.
    Own,
    /// The caller's, in this format.
    Imported(RawFormat),
}
