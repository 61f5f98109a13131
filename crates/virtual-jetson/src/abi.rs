//! V4L2's structures, request numbers and constants, as far as a memory-to-memory encoder has them.
//!
//! The layouts are those of 64-bit Linux; the assertions below hold them to the sizes that the request numbers
//! carry. They are written out here, not taken from the client's crates, so that a mistake there is not made twice.

/// Base of the codec controls' ids, as in `V4L2_CID_MPEG_BASE`.
pub(crate) const CONTROL_BASE: u32 = 0x0099_0900;

/// The id behind a number of the settings: whole, or counted from the base.
pub(crate) const fn whole_id(named: u32) -> u32 {
    if named < 0x1_0000 { CONTROL_BASE + named } else { named }
}

/// `struct v4l2_capability`.
#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct Capability {
    pub(crate) driver: [u8; 16],
    pub(crate) card: [u8; 32],
    pub(crate) bus_info: [u8; 32],
    pub(crate) version: u32,
    pub(crate) capabilities: u32,
    pub(crate) device_caps: u32,
    pub(crate) reserved: [u32; 3],
}

/// `struct v4l2_fmtdesc`.
#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct FormatDescription {
    pub(crate) index: u32,
    pub(crate) kind: u32,
    pub(crate) flags: u32,
    pub(crate) description: [u8; 32],
    pub(crate) pixelformat: u32,
    pub(crate) reserved: [u32; 4],
}

/// `struct v4l2_plane_pix_format`.
#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct PlaneFormat {
    pub(crate) sizeimage: u32,
    pub(crate) bytesperline: u32,
    pub(crate) reserved: [u16; 6],
}

/// `struct v4l2_format` with its multi-planar member.
#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct Format {
    pub(crate) kind: u32,
    pub(crate) padding: u32,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) pixelformat: u32,
    pub(crate) field: u32,
    pub(crate) colorspace: u32,
    pub(crate) planes: [PlaneFormat; 8],
    pub(crate) num_planes: u8,
    pub(crate) rest: [u8; 19],
}

/// `struct v4l2_requestbuffers`.
#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct RequestBuffers {
    pub(crate) count: u32,
    pub(crate) kind: u32,
    pub(crate) memory: u32,
    pub(crate) capabilities: u32,
    pub(crate) reserved: u32,
}

/// `struct timeval`.
#[repr(C)]
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Timeval {
    pub(crate) seconds: i64,
    pub(crate) microseconds: i64,
}

/// `struct v4l2_buffer`.
#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct Buffer {
    pub(crate) index: u32,
    pub(crate) kind: u32,
    pub(crate) bytesused: u32,
    pub(crate) flags: u32,
    pub(crate) field: u32,
    pub(crate) timestamp: Timeval,
    pub(crate) timecode: [u32; 4],
    pub(crate) sequence: u32,
    pub(crate) memory: u32,
    pub(crate) planes: u64,
    pub(crate) length: u32,
    pub(crate) reserved2: u32,
    pub(crate) request_fd: i32,
}

/// `struct v4l2_plane`; `m` holds the union of offset, pointer and descriptor.
#[repr(C)]
#[derive(Clone, Copy, Default)]
pub(crate) struct Plane {
    pub(crate) bytesused: u32,
    pub(crate) length: u32,
    pub(crate) m: u64,
    pub(crate) data_offset: u32,
    pub(crate) reserved: [u32; 11],
}

/// `struct v4l2_exportbuffer`.
#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct ExportBuffer {
    pub(crate) kind: u32,
    pub(crate) index: u32,
    pub(crate) plane: u32,
    pub(crate) flags: u32,
    pub(crate) fd: i32,
    pub(crate) reserved: [u32; 11],
}

/// `struct v4l2_streamparm` with its output member.
#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct StreamParameters {
    pub(crate) kind: u32,
    pub(crate) capability: u32,
    pub(crate) mode: u32,
    pub(crate) numerator: u32,
    pub(crate) denominator: u32,
    pub(crate) rest: [u32; 46],
}

/// `struct v4l2_ext_control`: a value, or a pointer to a payload, in the last eight bytes.
#[repr(C, packed)]
#[derive(Clone, Copy)]
pub(crate) struct ExtControl {
    pub(crate) id: u32,
    pub(crate) size: u32,
    pub(crate) reserved2: u32,
    pub(crate) value: u64,
}

/// `struct v4l2_ext_controls`.
#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct ExtControls {
    pub(crate) which: u32,
    pub(crate) count: u32,
    pub(crate) error_idx: u32,
    pub(crate) request_fd: i32,
    pub(crate) reserved: u32,
    pub(crate) controls: u64,
}

/// `struct v4l2_encoder_cmd`.
#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct EncoderCommand {
    pub(crate) cmd: u32,
    pub(crate) flags: u32,
    pub(crate) raw: [u32; 8],
}

/// `struct v4l2_event`.
#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct Event {
    pub(crate) kind: u32,
    pub(crate) data: [u64; 8],
    pub(crate) pending: u32,
    pub(crate) sequence: u32,
    pub(crate) timestamp: Timeval,
    pub(crate) id: u32,
    pub(crate) reserved: [u32; 8],
}

/// `struct v4l2_event_subscription`.
#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct EventSubscription {
    pub(crate) kind: u32,
    pub(crate) id: u32,
    pub(crate) flags: u32,
    pub(crate) reserved: [u32; 5],
}

/// NVIDIA's payload of control 550.
#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct DevicePoll {
    pub(crate) requested: u16,
    pub(crate) ready: u16,
}

const _: () = {
    assert!(size_of::<Capability>() == 104);
    assert!(size_of::<FormatDescription>() == 64);
    assert!(size_of::<Format>() == 208);
    assert!(size_of::<RequestBuffers>() == 20);
    assert!(size_of::<Buffer>() == 88);
    assert!(size_of::<Plane>() == 64);
    assert!(size_of::<ExportBuffer>() == 64);
    assert!(size_of::<StreamParameters>() == 204);
    assert!(size_of::<ExtControl>() == 20);
    assert!(size_of::<ExtControls>() == 32);
    assert!(size_of::<EncoderCommand>() == 40);
    assert!(size_of::<Event>() == 136);
    assert!(size_of::<EventSubscription>() == 32);
    assert!(size_of::<DevicePoll>() == 4);
};

pub(crate) const QUERYCAP: u32 = 0x8068_5600;
pub(crate) const ENUM_FMT: u32 = 0xC040_5602;
pub(crate) const G_FMT: u32 = 0xC0D0_5604;
pub(crate) const S_FMT: u32 = 0xC0D0_5605;
pub(crate) const REQBUFS: u32 = 0xC014_5608;
pub(crate) const QUERYBUF: u32 = 0xC058_5609;
pub(crate) const QBUF: u32 = 0xC058_560F;
pub(crate) const EXPBUF: u32 = 0xC040_5610;
pub(crate) const DQBUF: u32 = 0xC058_5611;
pub(crate) const STREAMON: u32 = 0x4004_5612;
pub(crate) const STREAMOFF: u32 = 0x4004_5613;
pub(crate) const G_PARM: u32 = 0xC0CC_5615;
pub(crate) const S_PARM: u32 = 0xC0CC_5616;
pub(crate) const TRY_FMT: u32 = 0xC0D0_5640;
pub(crate) const G_EXT_CTRLS: u32 = 0xC020_5647;
pub(crate) const S_EXT_CTRLS: u32 = 0xC020_5648;
pub(crate) const ENCODER_CMD: u32 = 0xC028_564D;
pub(crate) const DQEVENT: u32 = 0x8088_5659;
pub(crate) const SUBSCRIBE_EVENT: u32 = 0x4020_565A;
pub(crate) const UNSUBSCRIBE_EVENT: u32 = 0x4020_565B;
/// `DMA_BUF_IOCTL_SYNC`, which goes to the descriptor of a buffer, not of the device.
pub(crate) const DMA_BUF_SYNC: u32 = 0x4008_6200;
pub(crate) const DMA_BUF_SYNC_WRITE: u64 = 2;
pub(crate) const DMA_BUF_SYNC_END: u64 = 4;

pub(crate) const CAPTURE_MPLANE: u32 = 9;
pub(crate) const OUTPUT_MPLANE: u32 = 10;
pub(crate) const MEMORY_MMAP: u32 = 1;
pub(crate) const MEMORY_DMABUF: u32 = 4;
pub(crate) const FIELD_NONE: u32 = 1;
pub(crate) const MAX_PLANES: usize = 8;

pub(crate) const CAP_M2M_MPLANE: u32 = 0x0000_4000;
pub(crate) const CAP_STREAMING: u32 = 0x0400_0000;
pub(crate) const CAP_DEVICE_CAPS: u32 = 0x8000_0000;

pub(crate) const BUF_FLAG_MAPPED: u32 = 0x0000_0001;
pub(crate) const BUF_FLAG_QUEUED: u32 = 0x0000_0002;
pub(crate) const BUF_FLAG_DONE: u32 = 0x0000_0004;
pub(crate) const BUF_FLAG_KEYFRAME: u32 = 0x0000_0008;
pub(crate) const BUF_FLAG_ERROR: u32 = 0x0000_0040;
pub(crate) const BUF_FLAG_TIMESTAMP_COPY: u32 = 0x0000_4000;
pub(crate) const BUF_FLAG_LAST: u32 = 0x0010_0000;

pub(crate) const FMT_FLAG_COMPRESSED: u32 = 1;
pub(crate) const CTRL_CLASS_MPEG: u32 = 0x0099_0000;
pub(crate) const EVENT_EOS: u32 = 2;
pub(crate) const ENC_CMD_START: u32 = 0;
pub(crate) const ENC_CMD_STOP: u32 = 1;

pub(crate) const fn fourcc(name: &[u8; 4]) -> u32 {
    u32::from_le_bytes(*name)
}

pub(crate) const H264: u32 = fourcc(b"H264");
/// NVIDIA's name; the kernel's is `HEVC`, which the device refuses.
pub(crate) const H265: u32 = fourcc(b"H265");
pub(crate) const AV1: u32 = fourcc(b"AV10");
pub(crate) const YUV420M: u32 = fourcc(b"YM12");
pub(crate) const NV12M: u32 = fourcc(b"NM12");

/// The four characters of a fourcc, as far as they can be printed.
pub(crate) fn fourcc_name(code: u32) -> String {
    code.to_le_bytes().iter().map(|&byte| if byte.is_ascii_graphic() { byte as char } else { '?' }).collect()
}

const REQUESTS: &[(u32, &str)] = &[
    (QUERYCAP, "VIDIOC_QUERYCAP"),
    (ENUM_FMT, "VIDIOC_ENUM_FMT"),
    (G_FMT, "VIDIOC_G_FMT"),
    (S_FMT, "VIDIOC_S_FMT"),
    (TRY_FMT, "VIDIOC_TRY_FMT"),
    (REQBUFS, "VIDIOC_REQBUFS"),
    (QUERYBUF, "VIDIOC_QUERYBUF"),
    (QBUF, "VIDIOC_QBUF"),
    (EXPBUF, "VIDIOC_EXPBUF"),
    (DQBUF, "VIDIOC_DQBUF"),
    (STREAMON, "VIDIOC_STREAMON"),
    (STREAMOFF, "VIDIOC_STREAMOFF"),
    (G_PARM, "VIDIOC_G_PARM"),
    (S_PARM, "VIDIOC_S_PARM"),
    (G_EXT_CTRLS, "VIDIOC_G_EXT_CTRLS"),
    (S_EXT_CTRLS, "VIDIOC_S_EXT_CTRLS"),
    (ENCODER_CMD, "VIDIOC_ENCODER_CMD"),
    (DQEVENT, "VIDIOC_DQEVENT"),
    (SUBSCRIBE_EVENT, "VIDIOC_SUBSCRIBE_EVENT"),
    (UNSUBSCRIBE_EVENT, "VIDIOC_UNSUBSCRIBE_EVENT"),
];

/// The name of a request the device answers; `None` for every other number.
pub(crate) fn request_name(request: u32) -> Option<&'static str> {
    REQUESTS.iter().find(|(number, _)| *number == request).map(|(_, name)| *name)
}

/// The number behind a request's name, for settings that name one.
pub(crate) fn is_request_name(name: &str) -> bool {
    REQUESTS.iter().any(|(_, known)| *known == name)
}
