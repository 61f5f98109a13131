//! What can be wrong with a stream, a parameter set or a codec string.

/// Why bytes or a codec string could not be understood, or a record could not be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The unit ended before the syntax did.
    #[error("the unit ends in the middle of its syntax")]
    Truncated,
    /// A unit of another kind was handed to a parser.
    #[error("expected {expected}, but the unit is of type {found}")]
    WrongUnit {
        /// What the parser reads, for example `an H.264 SPS`.
        expected: &'static str,
        /// `nal_unit_type` of the unit that came.
        found: u8,
    },
    /// A syntax element has a value that the specification does not allow.
    #[error("{field} is {value}, which is outside its range")]
    OutOfRange {
        /// Name of the syntax element as the specification spells it.
        field: &'static str,
        /// The value read.
        value: u64,
    },
    /// The cropping rectangle leaves no picture.
    #[error("the cropping rectangle leaves nothing of a {width}x{height} picture")]
    EmptyPicture {
        /// Coded width in luma samples.
        width: u32,
        /// Coded height in luma samples.
        height: u32,
    },
    /// A parameter set that is needed is not in the data.
    #[error("the data holds no {0}")]
    Missing(&'static str),
    /// More parameter sets than the record has room for.
    #[error("{count} {kind} units do not fit into the record, which holds {limit}")]
    TooManySets {
        /// `SPS`, `PPS` or `VPS`.
        kind: &'static str,
        /// How many were given.
        count: usize,
        /// How many the record can count.
        limit: usize,
    },
    /// A unit is longer than its length field can say.
    #[error("a unit of {length} bytes is longer than its length field can say")]
    UnitTooLong {
        /// Length of the unit in bytes.
        length: usize,
    },
    /// A codec string that is not of a form we know.
    #[error("codec string \"{text}\": {reason}")]
    CodecString {
        /// The string as given.
        text: String,
        /// What is wrong with it, and what was expected.
        reason: &'static str,
    },
}

/// Fails unless `value` is at most `max`; for syntax elements that bound a loop or a size.
pub(crate) fn at_most(field: &'static str, value: u32, max: u32) -> Result<u32, Error> {
    if value <= max { Ok(value) } else { Err(Error::OutOfRange { field, value: value.into() }) }
}
