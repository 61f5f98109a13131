//! The kinds of encoder, by name.

/// The kinds of encoder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum BackendKind {
    /// NVIDIA's encoder behind NVIDIA's libv4l2.
    Jetson,
    /// A kernel memory-to-memory encoder.
    V4l2,
    /// The processor.
    Software,
}

impl BackendKind {
    /// `jetson`, `v4l2`, `software`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Jetson => "jetson",
            Self::V4l2 => "v4l2",
            Self::Software => "software",
        }
    }
}
