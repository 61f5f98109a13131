//! What a device is, and the formats of its queues.

use v4l2r::bindings as abi;
use v4l2r::nix::errno::Errno;
use v4l2r::{Format, PixelFormat};

use super::{Answer, Model, put_text, queue};
use crate::ioctl::{self, FrameSizes, Rectangle};

pub(super) fn querycap(model: &mut impl Model, raw: &mut abi::v4l2_capability) -> Answer<()> {
    let capability = model.querycap()?;
    put_text(&mut raw.driver, &capability.driver);
    put_text(&mut raw.card, &capability.card);
    put_text(&mut raw.bus_info, &capability.bus_info);
    raw.device_caps = capability.flags;
    raw.capabilities = capability.flags | abi::V4L2_CAP_DEVICE_CAPS;
    Ok(())
}

pub(super) fn enum_fmt(model: &mut impl Model, raw: &mut abi::v4l2_fmtdesc) -> Answer<()> {
    let format = model.enum_fmt(queue(raw.type_)?, raw.index)?;
    raw.pixelformat = format.pixel_format.into();
    raw.flags = if format.compressed { abi::V4L2_FMT_FLAG_COMPRESSED } else { 0 }
        | if format.own_interval { abi::V4L2_FMT_FLAG_ENC_CAP_FRAME_INTERVAL } else { 0 };
    put_text(&mut raw.description, &format.description);
    Ok(())
}

pub(super) fn enum_framesizes(model: &mut impl Model, raw: &mut abi::v4l2_frmsizeenum) -> Answer<()> {
    match model.enum_framesizes(PixelFormat::from(raw.pixel_format), raw.index)? {
        FrameSizes::Discrete { width, height } => {
            raw.type_ = abi::v4l2_frmsizetypes_V4L2_FRMSIZE_TYPE_DISCRETE;
            raw.__bindgen_anon_1.discrete = abi::v4l2_frmsize_discrete { width, height };
        }
        FrameSizes::Stepwise { width, height } => {
            raw.type_ = abi::v4l2_frmsizetypes_V4L2_FRMSIZE_TYPE_STEPWISE;
            raw.__bindgen_anon_1.stepwise = abi::v4l2_frmsize_stepwise {
                min_width: width[0],
                max_width: width[1],
                step_width: width[2],
                min_height: height[0],
                max_height: height[1],
                step_height: height[2],
            };
        }
    }
    Ok(())
}

pub(super) fn format(model: &mut impl Model, request: &str, raw: &mut abi::v4l2_format) -> Answer<()> {
    let queue = queue(raw.type_)?;
    let asked = || Format::try_from(*raw).map_err(|_| Errno::EINVAL);
    let (format, colors) = match request {
        "VIDIOC_G_FMT" => model.g_fmt(queue)?,
        "VIDIOC_S_FMT" => model.s_fmt(queue, asked()?, ioctl::colorimetry(queue, raw))?,
        _ => model.try_fmt(queue, asked()?, ioctl::colorimetry(queue, raw))?,
    };
    *raw = ioctl::raw_format(queue, &format, colors).map_err(|_| Errno::EINVAL)?;
    Ok(())
}

pub(super) fn parm(model: &mut impl Model, request: &str, raw: &mut abi::v4l2_streamparm) -> Answer<()> {
    let queue = queue(raw.type_)?;
    #[expect(unsafe_code, reason = "reading a union")]
    // SAFETY: the member of output queues; numbers only.
    let asked = unsafe { raw.parm.output }.timeperframe;
    let (numerator, denominator) = match request {
        "VIDIOC_G_PARM" => model.g_parm(queue)?,
        _ => model.s_parm(queue, (asked.numerator, asked.denominator))?,
    };
    let timeperframe = abi::v4l2_fract { numerator, denominator };
    raw.parm.output = abi::v4l2_outputparm { timeperframe, ..Default::default() };
    Ok(())
}

pub(super) fn selection(model: &mut impl Model, request: &str, raw: &mut abi::v4l2_selection) -> Answer<()> {
    let queue = queue(raw.type_)?;
    let abi::v4l2_rect { left, top, width, height } = raw.r;
    let Rectangle { left, top, width, height } = match request {
        "VIDIOC_G_SELECTION" => model.g_crop(queue)?,
        _ => model.s_crop(queue, Rectangle { left, top, width, height })?,
    };
    raw.r = abi::v4l2_rect { left, top, width, height };
    Ok(())
}
