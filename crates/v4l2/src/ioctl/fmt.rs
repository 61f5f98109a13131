use v4l2r::bindings::v4l2_format;
use v4l2r::{Format, FormatConversionError, QueueType};

use super::buffer::is_multi_planar;
use super::{Field, failed, iowr, run, unusable};
use crate::transport::Request;
use crate::{Result, Transport};

const G_FMT: Request = iowr::<v4l2_format>("VIDIOC_G_FMT", 4);
const S_FMT: Request = iowr::<v4l2_format>("VIDIOC_S_FMT", 5);
const TRY_FMT: Request = iowr::<v4l2_format>("VIDIOC_TRY_FMT", 64);

/// What the numbers of a frame mean as colors, in V4L2's own numbers (`enum v4l2_colorspace` and its companions);
/// 0 means "the default".
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Colorimetry {
    /// `V4L2_COLORSPACE_…`
    pub colorspace: u32,
    /// `V4L2_YCBCR_ENC_…`
    pub ycbcr_encoding: u32,
    /// `V4L2_QUANTIZATION_…`
    pub quantization: u32,
    /// `V4L2_XFER_FUNC_…`
    pub transfer_function: u32,
}

/// Sets a queue's format and returns what the driver made of it, which may be another.
///
/// # Errors
/// [`crate::Failure::Ioctl`], or [`crate::Failure::Answer`] for a format that makes no sense.
pub fn s_fmt(transport: &dyn Transport, queue: QueueType, format: &Format) -> Result<Format> {
    s_fmt_colored(transport, queue, format, Colorimetry::default()).map(|(format, _)| format)
}

/// As [`s_fmt`], with what the colors mean, which the driver may change as well.
///
/// # Errors
/// As [`s_fmt`].
pub fn s_fmt_colored(
    transport: &dyn Transport,
    queue: QueueType,
    format: &Format,
    colorimetry: Colorimetry,
) -> Result<(Format, Colorimetry)> {
    let raw = composed(transport, S_FMT, queue, format, colorimetry)?;
    exchange(transport, S_FMT, queue, raw).map(|(format, colorimetry, _)| (format, colorimetry))
}

/// As [`s_fmt_colored`], for a capture queue with these fields, which the driver may change as well.
///
/// # Errors
/// As [`s_fmt`].
pub fn s_fmt_of_fields(
    transport: &dyn Transport,
    queue: QueueType,
    format: &Format,
    field: Field,
) -> Result<(Format, Colorimetry, Field)> {
    let mut raw = composed(transport, S_FMT, queue, format, Colorimetry::default())?;
    set_field(queue, &mut raw, field.number());
    exchange(transport, S_FMT, queue, raw)
}

/// Asks what [`s_fmt`] would make of a format, and changes nothing.
///
/// # Errors
/// As [`s_fmt`].
pub fn try_fmt(transport: &dyn Transport, queue: QueueType, format: &Format) -> Result<Format> {
    let raw = composed(transport, TRY_FMT, queue, format, Colorimetry::default())?;
    exchange(transport, TRY_FMT, queue, raw).map(|(format, ..)| format)
}

/// Reads a queue's format.
///
/// # Errors
/// As [`s_fmt`].
pub fn g_fmt(transport: &dyn Transport, queue: QueueType) -> Result<Format> {
    g_fmt_colored(transport, queue).map(|(format, _)| format)
}

/// Reads a queue's format and what its colors mean.
///
/// # Errors
/// As [`s_fmt`].
pub fn g_fmt_colored(transport: &dyn Transport, queue: QueueType) -> Result<(Format, Colorimetry)> {
    let raw = v4l2_format { type_: queue as u32, ..Default::default() };
    exchange(transport, G_FMT, queue, raw).map(|(format, colorimetry, _)| (format, colorimetry))
}

fn composed(
    transport: &dyn Transport,
    request: Request,
    queue: QueueType,
    format: &Format,
    colorimetry: Colorimetry,
) -> Result<v4l2_format> {
    raw_format(queue, format, colorimetry)
        .map_err(|error| unusable(transport, request, format!("nothing, because {error}")))
}

/// The struct of a format.
pub(crate) fn raw_format(
    queue: QueueType,
    format: &Format,
    colorimetry: Colorimetry,
) -> std::result::Result<v4l2_format, FormatConversionError> {
    let mut raw = v4l2_format::try_from((queue, format))?;
    let none = v4l2r::bindings::v4l2_field_V4L2_FIELD_NONE;
    if is_multi_planar(queue) {
        #[expect(unsafe_code, reason = "writing into a union")]
        // SAFETY: the member of this kind of queue, which the conversion filled; numbers only.
        let pix = unsafe { &mut raw.fmt.pix_mp };
        pix.field = none;
        pix.colorspace = colorimetry.colorspace;
        pix.__bindgen_anon_1.ycbcr_enc = narrow(colorimetry.ycbcr_encoding);
        pix.quantization = narrow(colorimetry.quantization);
        pix.xfer_func = narrow(colorimetry.transfer_function);
    } else {
        #[expect(unsafe_code, reason = "writing into a union")]
        // SAFETY: the member of this kind of queue, which the conversion filled; numbers only.
        let pix = unsafe { &mut raw.fmt.pix };
        pix.field = none;
        pix.colorspace = colorimetry.colorspace;
        pix.__bindgen_anon_1.ycbcr_enc = colorimetry.ycbcr_encoding;
        pix.quantization = colorimetry.quantization;
        pix.xfer_func = colorimetry.transfer_function;
        // Without it the kernel ignores the extended members (`V4L2_PIX_FMT_PRIV_MAGIC` of videodev2.h).
        pix.priv_ = v4l2r::bindings::V4L2_PIX_FMT_PRIV_MAGIC;
    }
    Ok(raw)
}

fn set_field(queue: QueueType, raw: &mut v4l2_format, field: u32) {
    if is_multi_planar(queue) {
        #[expect(unsafe_code, reason = "writing into a union")]
        // SAFETY: the member of this kind of queue; numbers only.
        let pix = unsafe { &mut raw.fmt.pix_mp };
        pix.field = field;
    } else {
        #[expect(unsafe_code, reason = "writing into a union")]
        // SAFETY: the member of this kind of queue; numbers only.
        let pix = unsafe { &mut raw.fmt.pix };
        pix.field = field;
    }
}

fn field(queue: QueueType, raw: &v4l2_format) -> u32 {
    if is_multi_planar(queue) {
        #[expect(unsafe_code, reason = "reading a union")]
        // SAFETY: the member of this kind of queue; numbers only.
        return unsafe { raw.fmt.pix_mp }.field;
    }
    #[expect(unsafe_code, reason = "reading a union")]
    // SAFETY: the member of this kind of queue; numbers only.
    let pix = unsafe { raw.fmt.pix };
    pix.field
}

fn narrow(number: u32) -> u8 {
    u8::try_from(number).unwrap_or(0)
}

/// What the colors of a format mean.
pub(crate) fn colorimetry(queue: QueueType, raw: &v4l2_format) -> Colorimetry {
    if is_multi_planar(queue) {
        #[expect(unsafe_code, reason = "reading a union")]
        // SAFETY: the member of this kind of queue; numbers only.
        let pix = unsafe { &raw.fmt.pix_mp };
        #[expect(unsafe_code, reason = "reading a union")]
        // SAFETY: both members are the same byte.
        let encoding = unsafe { pix.__bindgen_anon_1.ycbcr_enc };
        return Colorimetry {
            colorspace: pix.colorspace,
            ycbcr_encoding: encoding.into(),
            quantization: pix.quantization.into(),
            transfer_function: pix.xfer_func.into(),
        };
    }
    #[expect(unsafe_code, reason = "reading a union")]
    // SAFETY: the member of this kind of queue; numbers only.
    let pix = unsafe { &raw.fmt.pix };
    #[expect(unsafe_code, reason = "reading a union")]
    // SAFETY: both members are the same number.
    let encoding = unsafe { pix.__bindgen_anon_1.ycbcr_enc };
    Colorimetry {
        colorspace: pix.colorspace,
        ycbcr_encoding: encoding,
        quantization: pix.quantization,
        transfer_function: pix.xfer_func,
    }
}

fn exchange(
    transport: &dyn Transport,
    request: Request,
    queue: QueueType,
    mut raw: v4l2_format,
) -> Result<(Format, Colorimetry, Field)> {
    #[expect(unsafe_code, reason = "an ioctl")]
    // SAFETY: the request's struct; a video format holds no pointers.
    unsafe { run(transport, request, &mut raw) }.map_err(|errno| failed(transport, request, errno))?;
    let colorimetry = colorimetry(queue, &raw);
    let field = Field::of(field(queue, &raw));
    let format = Format::try_from(raw)
        .map_err(|error| unusable(transport, request, format!("a format that makes no sense: {error}")))?;
    Ok((format, colorimetry, field))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fourcc;
    use crate::testing::{Fake, Reply};

    #[test]
    fn what_the_driver_changed_is_returned() {
        // pix_mp starts at byte 8: width, height, fourcc; plane 0 at 28: sizeimage, bytesperline; num_planes at 188.
        let fake =
            Fake::new([Reply::ok("VIDIOC_S_FMT").u32(8, 320).u32(12, 256).u32(28, 98_304).u32(32, 384)]);
        let wanted = Format::from((fourcc::YUV420M, (320, 242)));
        let format = s_fmt(&fake, QueueType::VideoOutputMplane, &wanted).unwrap();
        assert_eq!((format.width, format.height), (320, 256));
        assert_eq!(&fake.calls()[0].argument[16..20], b"YM12");
    }

    #[test]
    fn fields_are_requested_and_read_in_both_apis() {
        let wanted = Format::from((fourcc::NV12, (640, 480)));
        // `field` at byte 12 of pix and of pix_mp, all from byte 8 on.
        for queue in [QueueType::VideoCapture, QueueType::VideoCaptureMplane] {
            let fake = Fake::new([Reply::ok("VIDIOC_S_FMT").u32(20, 6)]);
            let answered = s_fmt_of_fields(&fake, queue, &wanted, Field::Interlaced).unwrap().2;
            assert_eq!(answered, Field::BottomThenTop);
            assert_eq!(fake.calls()[0].argument[20..24], 4u32.to_ne_bytes());
        }
    }

    #[test]
    fn colors_travel_in_both_apis() {
        let colors = Colorimetry { colorspace: 3, ycbcr_encoding: 2, quantization: 2, transfer_function: 1 };
        let wanted = Format::from((fourcc::NV12, (640, 480)));
        for queue in [QueueType::VideoOutput, QueueType::VideoOutputMplane] {
            let fake = Fake::new([Reply::ok("VIDIOC_S_FMT")]);
            assert_eq!(s_fmt_colored(&fake, queue, &wanted, colors).unwrap().1, colors);
        }
        // pix: colorspace at 24, priv at 28 (its magic makes the kernel read the rest), all from byte 8 on.
        let fake = Fake::new([Reply::ok("VIDIOC_S_FMT")]);
        s_fmt_colored(&fake, QueueType::VideoOutput, &wanted, colors).unwrap();
        let sent = &fake.calls()[0].argument;
        assert_eq!(sent[32..36], 3u32.to_ne_bytes());
        assert_eq!(sent[36..40], 0xfeed_cafe_u32.to_ne_bytes());
    }
}
