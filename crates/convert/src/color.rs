use yuv::{YuvRange, YuvStandardMatrix};

/// Which weights make luma out of red, green and blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Matrix {
    /// ITU-R BT.601: standard definition, JPEG, most webcams.
    Bt601,
    /// ITU-R BT.709: high definition.
    #[default]
    Bt709,
    /// ITU-R BT.2020, non-constant luminance.
    Bt2020,
}

/// Which values luma and chroma take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Range {
    /// 16 to 235, and 16 to 240 for chroma: what video players assume by default.
    #[default]
    Limited,
    /// 0 to 255: JPEG.
    Full,
}

/// How RGB becomes YUV.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Color {
    /// The matrix.
    pub matrix: Matrix,
    /// The range.
    pub range: Range,
}

impl Matrix {
    const ALL: [Self; 3] = [Self::Bt601, Self::Bt709, Self::Bt2020];

    /// As WebCodecs names it: `smpte170m`, `bt709`, `bt2020-ncl`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Bt601 => "smpte170m",
            Self::Bt709 => "bt709",
            Self::Bt2020 => "bt2020-ncl",
        }
    }

    /// The matrix that WebCodecs names so.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|matrix| matrix.name() == name)
    }

    pub(crate) fn weights(self) -> YuvStandardMatrix {
        match self {
            Self::Bt601 => YuvStandardMatrix::Bt601,
            Self::Bt709 => YuvStandardMatrix::Bt709,
            Self::Bt2020 => YuvStandardMatrix::Bt2020,
        }
    }
}

impl Range {
    /// Whether it is the full one.
    #[must_use]
    pub fn is_full(self) -> bool {
        self == Self::Full
    }

    pub(crate) fn levels(self) -> YuvRange {
        match self {
            Self::Limited => YuvRange::Limited,
            Self::Full => YuvRange::Full,
        }
    }
}
