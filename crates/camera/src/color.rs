//! What the numbers of a camera's frames mean. `V4L2_MAP_YCBCR_ENC_DEFAULT` and `V4L2_MAP_QUANTIZATION_DEFAULT` of
//! `<linux/videodev2.h>` say what the defaults stand for.

use convert::{Color, Matrix, Range};
use v4l2::ioctl::Colorimetry;

const COLORSPACE_REC709: u32 = 3;
const COLORSPACE_JPEG: u32 = 7;
const COLORSPACE_BT2020: u32 = 10;
const COLORSPACE_DCI_P3: u32 = 12;
const QUANTIZATION_FULL: u32 = 1;
const QUANTIZATION_LIMITED: u32 = 2;

/// The colors of a camera that gives YUV.
pub(crate) fn of(raw: Colorimetry) -> Color {
    // 1 and 3 are BT.601 and its extended gamut, 2 and 4 BT.709, 6 and 7 BT.2020.
    let matrix = match (raw.ycbcr_encoding, raw.colorspace) {
        (2 | 4, _) | (0, COLORSPACE_REC709 | COLORSPACE_DCI_P3) => Matrix::Bt709,
        (6 | 7, _) | (0, COLORSPACE_BT2020) => Matrix::Bt2020,
        _ => Matrix::Bt601,
    };
    let range = match (raw.quantization, raw.colorspace) {
        (QUANTIZATION_FULL, _) => Range::Full,
        (QUANTIZATION_LIMITED, _) => Range::Limited,
        (_, COLORSPACE_JPEG) => Range::Full,
        _ => Range::Limited,
    };
    Color { matrix, range }
}

/// As [`of`], of a camera that gives luma only. Sensors without color use every value, and their drivers do not say so.
pub(crate) fn of_grey(raw: Colorimetry) -> Color {
    let range = if raw.quantization == QUANTIZATION_LIMITED { Range::Limited } else { Range::Full };
    Color { range, ..of(raw) }
}

/// What RGB and JPEG become where nobody said: what players assume of frames of that height.
pub(crate) fn usual(height: u32) -> Color {
    Color { matrix: if height < 720 { Matrix::Bt601 } else { Matrix::Bt709 }, range: Range::Limited }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn color(colorspace: u32, ycbcr_encoding: u32, quantization: u32) -> Color {
        of(Colorimetry { colorspace, ycbcr_encoding, quantization, transfer_function: 0 })
    }

    #[test]
    fn defaults_follow_the_colorspace() {
        // What uvcvideo says: sRGB, 601, default range.
        assert_eq!(color(8, 1, 0), Color { matrix: Matrix::Bt601, range: Range::Limited });
        assert_eq!(color(COLORSPACE_REC709, 0, 0), Color { matrix: Matrix::Bt709, range: Range::Limited });
        assert_eq!(color(COLORSPACE_JPEG, 0, 0), Color { matrix: Matrix::Bt601, range: Range::Full });
        assert_eq!(color(COLORSPACE_BT2020, 0, 1), Color { matrix: Matrix::Bt2020, range: Range::Full });
    }

    #[test]
    fn grey_is_in_full_range_unless_said_otherwise() {
        let raw = |quantization| Colorimetry { colorspace: 8, quantization, ..Colorimetry::default() };
        assert_eq!(
            [0, 1, 2].map(|said| of_grey(raw(said)).range),
            [Range::Full, Range::Full, Range::Limited]
        );
    }

    #[test]
    fn what_is_said_outright_wins() {
        let said = color(COLORSPACE_JPEG, 2, QUANTIZATION_LIMITED);
        assert_eq!(said, Color { matrix: Matrix::Bt709, range: Range::Limited });
    }
}
