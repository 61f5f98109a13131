//! QUERYCAP and ENUM_FMT: what the device says it is.

use crate::{
    abi::{self, Capability, FormatDescription},
    device::Device,
    errno::{Answer, EINVAL},
    queue::Side,
};

const RAW: &[(u32, &str)] = &[(abi::YUV420M, "Planar YUV 4:2:0 (N-C)"), (abi::NV12M, "Y/CbCr 4:2:0 (N-C)")];

/// Nothing of a capture device may be among the capabilities, or libv4l2 starts to emulate formats.
pub(super) fn query(device: &Device, capability: &mut Capability) -> Answer {
    if let Some(errno) = device.settings.faults.query_cap_errno {
        return Err(errno);
    }
    let capabilities = abi::CAP_M2M_MPLANE | abi::CAP_STREAMING;
    *capability = Capability {
        driver: text("tegra-video"),
        card: text("virtual Jetson encoder"),
        bus_info: text("platform:virtual-jetson"),
        version: 0x0005_0F00,
        capabilities: capabilities | abi::CAP_DEVICE_CAPS,
        device_caps: capabilities,
        reserved: [0; 3],
    };
    Ok(())
}

pub(super) fn enumerate(device: &Device, description: &mut FormatDescription) -> Answer {
    let side = Side::from_kind(description.kind).ok_or(EINVAL)?;
    let index = description.index as usize;
    let (pixelformat, name, flags) = match side {
        Side::Output => RAW.get(index).map(|&(fourcc, name)| (fourcc, name.to_owned(), 0)),
        Side::Capture => device.settings.codecs.get(index).map(|codec| {
            let fourcc = codec.as_bytes().first_chunk().map_or(0, abi::fourcc);
            (fourcc, codec.clone(), abi::FMT_FLAG_COMPRESSED)
        }),
    }
    .ok_or(EINVAL)?;
    description.pixelformat = pixelformat;
    description.description = text(&name);
    description.flags = flags;
    Ok(())
}

fn text<const N: usize>(text: &str) -> [u8; N] {
    let mut field = [0; N];
    let count = text.len().min(N - 1);
    field[..count].copy_from_slice(&text.as_bytes()[..count]);
    field
}
