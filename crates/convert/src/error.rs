use crate::Format;

/// Why a picture was not converted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A side is zero, odd, or beyond 16384.
    #[error("A picture of {width}x{height} cannot be converted: both sides must be even and between 2 and {max}.", max = crate::format::MAX_SIDE)]
    Size {
        /// In pixels.
        width: u32,
        /// In pixels.
        height: u32,
    },
    /// Source and target differ in size; nothing is scaled here.
    #[error("The picture is {}x{} and the target {}x{}: pictures are not scaled.", from.0, from.1, to.0, to.1)]
    SizesDiffer {
        /// Width and height of the source.
        from: (u32, u32),
        /// Width and height of the target.
        to: (u32, u32),
    },
    /// A plane's rows overlap.
    #[error("Plane {plane} has a stride of {stride} bytes, but its rows have {row_bytes}.")]
    Stride {
        /// Which plane, from 0.
        plane: usize,
        /// What it says, in bytes.
        stride: usize,
        /// What it must be at least.
        row_bytes: usize,
    },
    /// A plane ends before its last row does.
    #[error("Plane {plane} has {length} bytes, but its rows need {needed}.")]
    Short {
        /// Which plane, from 0.
        plane: usize,
        /// Its length in bytes.
        length: usize,
        /// What it must be at least.
        needed: usize,
    },
    /// The source does not go into this format.
    #[error("{} cannot be converted into {}: the targets are I420, YV12, NV12 and NV21.", from.name(), to.name())]
    Unsupported {
        /// The source's format.
        from: Format,
        /// The target's format.
        to: Format,
    },
    /// The compressed picture is damaged, or of a kind that cameras do not send.
    #[error("The JPEG picture cannot be decoded: {what}.")]
    Jpeg {
        /// What is wrong with it.
        what: String,
    },
    /// The conversion library rejected the picture; a mistake in this crate's checks.
    #[error("The conversion library rejected the picture: {what}.")]
    Library {
        /// What it said.
        what: String,
    },
}

/// Shorthand for this crate's results.
pub type Result<T> = std::result::Result<T, Error>;

impl From<yuv::YuvError> for Error {
    fn from(error: yuv::YuvError) -> Self {
        Self::Library { what: error.to_string() }
    }
}
