use convert::Format;
use v4l2::PixelFormat;

/// What a camera's frames are, of what can be used here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Native {
    /// Raw, all planes one after another in one buffer.
    Packed(Format),
    /// Raw, each plane in a buffer of its own (the multi-planar formats `NM12`, `YM12`, …).
    Split(Format),
    /// A JPEG frame each.
    Jpeg,
}

/// V4L2's codes. `XR24` and `AR24` are B, G, R, X in memory.
const CODES: [(&[u8; 4], Native); 28] = [
    (b"YU12", Native::Packed(Format::I420)),
    (b"YV12", Native::Packed(Format::Yv12)),
    (b"NV12", Native::Packed(Format::Nv12)),
    (b"NV21", Native::Packed(Format::Nv21)),
    (b"YM12", Native::Split(Format::I420)),
    (b"YM21", Native::Split(Format::Yv12)),
    (b"NM12", Native::Split(Format::Nv12)),
    (b"NM21", Native::Split(Format::Nv21)),
    (b"YUYV", Native::Packed(Format::Yuyv)),
    (b"UYVY", Native::Packed(Format::Uyvy)),
    (b"YVYU", Native::Packed(Format::Yvyu)),
    (b"VYUY", Native::Packed(Format::Vyuy)),
    (b"422P", Native::Packed(Format::I422)),
    (b"NV16", Native::Packed(Format::Nv16)),
    (b"NV61", Native::Packed(Format::Nv61)),
    (b"NM16", Native::Split(Format::Nv16)),
    (b"NM61", Native::Split(Format::Nv61)),
    (b"NV24", Native::Packed(Format::Nv24)),
    (b"NV42", Native::Packed(Format::Nv42)),
    (b"GREY", Native::Packed(Format::Grey)),
    (b"RGB3", Native::Packed(Format::Rgb)),
    (b"BGR3", Native::Packed(Format::Bgr)),
    (b"XR24", Native::Packed(Format::Bgra)),
    (b"AR24", Native::Packed(Format::Bgra)),
    (b"XB24", Native::Packed(Format::Rgba)),
    (b"AB24", Native::Packed(Format::Rgba)),
    (b"MJPG", Native::Jpeg),
    (b"JPEG", Native::Jpeg),
];

impl Native {
    /// What a V4L2 code stands for; `None` for what cannot be used here.
    #[must_use]
    pub fn of(code: PixelFormat) -> Option<Self> {
        CODES.iter().find(|(name, _)| PixelFormat::from_fourcc(name) == code).map(|(_, native)| *native)
    }

    /// The raw format; none of JPEG frames.
    #[must_use]
    pub fn format(self) -> Option<Format> {
        match self {
            Self::Packed(format) | Self::Split(format) => Some(format),
            Self::Jpeg => None,
        }
    }

    /// `NV12`, `YUYV`, `MJPEG`, ….
    #[must_use]
    pub fn name(self) -> &'static str {
        self.format().map_or("MJPEG", Format::name)
    }

    /// Whether it has no color, which a camera that has any is not to be taken with unless it is requested.
    pub(crate) fn is_grey(self) -> bool {
        self.format() == Some(Format::Grey)
    }

    /// How much work it is to make `wanted` of it: 0 is none at all.
    pub(crate) fn work(self, wanted: Format) -> u32 {
        match self.format() {
            Some(format) if format == wanted => 0,
            Some(Format::I420 | Format::Yv12 | Format::Nv12 | Format::Nv21) => 1,
            Some(format) if format.is_rgb() => 3,
            Some(_) => 2,
            None => 4,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_known_by_what_they_hold() {
        assert_eq!(Native::of(v4l2::fourcc::NV12), Some(Native::Packed(Format::Nv12)));
        assert_eq!(Native::of(v4l2::fourcc::YUV420M), Some(Native::Split(Format::I420)));
        assert_eq!(Native::of(PixelFormat::from_fourcc(b"MJPG")), Some(Native::Jpeg));
        assert_eq!(Native::of(PixelFormat::from_fourcc(b"GREY")), Some(Native::Packed(Format::Grey)));
        assert_eq!(Native::of(v4l2::fourcc::H264), None);
    }

    #[test]
    fn what_needs_no_conversion_is_the_least_work_and_jpeg_the_most() {
        let work: Vec<_> = [b"NV12", b"YU12", b"YUYV", b"RGB3", b"MJPG"]
            .map(|code| Native::of(PixelFormat::from_fourcc(code)).unwrap().work(Format::Nv12))
            .into();
        assert_eq!(work, [0, 1, 2, 3, 4]);
    }
}
