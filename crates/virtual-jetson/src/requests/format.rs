//! S_FMT, G_FMT and TRY_FMT: first what comes out, then what goes in.

use crate::{
    abi::{self, Format, PlaneFormat},
    device::Device,
    errno::{Answer, EBUSY, EINVAL},
    geometry::RawFormat,
    queue::Side,
    state::{CodedFormat, State},
};

/// What a buffer of coded bytes is given in the fault `sizeimageTooSmall`.
const TOO_SMALL: u32 = 1024;

pub(super) fn set(device: &Device, format: &mut Format) -> Answer {
    if let Some(errno) = device.settings.faults.format_errno {
        return Err(errno);
    }
    let mut state = device.state();
    if state.has_buffers() {
        device.violations.note("phase", format_args!("VIDIOC_S_FMT after VIDIOC_REQBUFS"));
        return Err(EBUSY);
    }
    match Side::from_kind(format.kind).ok_or(EINVAL)? {
        Side::Capture => {
            let coded = coded_format(device, format)?;
            state.coded = Some(coded);
            describe_coded(coded, format);
        }
        Side::Output => {
            let Some(coded) = state.coded else {
                device
                    .violations
                    .note("phase", format_args!("VIDIOC_S_FMT of OUTPUT before that of CAPTURE"));
                return Err(EINVAL);
            };
            let raw = raw_format(device, format)?;
            if (raw.width, raw.height) != (coded.width, coded.height) {
                let (w, h) = (raw.width, raw.height);
                device.violations.note("format", format_args!("OUTPUT is {w}x{h}, CAPTURE is not"));
            }
            state.raw = Some(raw);
            raw.describe(format, &device.settings);
            format.field = abi::FIELD_NONE;
        }
    }
    Ok(())
}

pub(super) fn attempt(device: &Device, format: &mut Format) -> Answer {
    match Side::from_kind(format.kind).ok_or(EINVAL)? {
        Side::Capture => describe_coded(coded_format(device, format)?, format),
        Side::Output => raw_format(device, format)?.describe(format, &device.settings),
    }
    Ok(())
}

pub(super) fn get(device: &Device, format: &mut Format) -> Answer {
    let state = device.state();
    let State { coded, raw, .. } = &*state;
    match Side::from_kind(format.kind).ok_or(EINVAL)? {
        Side::Capture => describe_coded(coded.ok_or(EINVAL)?, format),
        Side::Output => raw.ok_or(EINVAL)?.describe(format, &device.settings),
    }
    format.field = abi::FIELD_NONE;
    Ok(())
}

fn coded_format(device: &Device, format: &Format) -> Answer<CodedFormat> {
    let Format { width, height, pixelformat, .. } = *format;
    let listed = device.settings.codecs.contains(&abi::fourcc_name(pixelformat));
    // AV1 is enumerated by boards that cannot code it, and refused here.
    if !listed || pixelformat == abi::AV1 || width == 0 || height == 0 {
        return Err(EINVAL);
    }
    let least = width.saturating_mul(height).saturating_mul(3) / 2;
    let sizeimage = match device.settings.faults.sizeimage_too_small {
        true => TOO_SMALL,
        false => format.planes[0].sizeimage.max(least).max(64 * 1024),
    };
    Ok(CodedFormat { fourcc: pixelformat, width, height, sizeimage })
}

fn describe_coded(coded: CodedFormat, format: &mut Format) {
    format.width = coded.width;
    format.height = coded.height;
    format.pixelformat = coded.fourcc;
    format.num_planes = 1;
    format.planes[0] = PlaneFormat { sizeimage: coded.sizeimage, bytesperline: 0, reserved: [0; 6] };
}

fn raw_format(device: &Device, format: &Format) -> Answer<RawFormat> {
    let Format { width, height, pixelformat, .. } = *format;
    if ![abi::YUV420M, abi::NV12M].contains(&pixelformat)
        || width == 0
        || height == 0
        || width.max(height) > 16384
    {
        return Err(EINVAL);
    }
    if width % 2 == 1 || height % 2 == 1 {
        device.violations.note("format", format_args!("{width}x{height}: odd sizes are not supported"));
    }
    Ok(RawFormat::new(pixelformat, width, height, device.settings.alignment))
}
