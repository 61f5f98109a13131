//! Ids of NVIDIA's own controls, as `v4l2_nv_extensions.h` has them (L4T r32 to r36), without their prefixes.
//!
//! They count from the base of the codec class, and some have the number of a standard control. NVIDIA's header is not part of
//! Linux, so the numbers stand here; a test compares them with the table of the device layer and with the virtual Jetson.

use super::ids::CODEC_BASE;

const fn id(offset: u32) -> u32 {
    CODEC_BASE + offset
}

/// A menu: Main is 0.
pub const H265_PROFILE: u32 = id(513);
/// In frames.
pub const IDR_INTERVAL: u32 = id(514);
/// A struct of two members: 0 for bits or 1 for macroblocks, and how many a slice has at most.
pub const SLICE_LENGTH_PARAM: u32 = id(529);
/// A struct of one member: the size in bits.
pub const VIRTUALBUFFER_SIZE: u32 = id(531);
/// A struct of one member, although the header says a number: a number makes the library crash.
pub const NUM_REFERENCE_FRAMES: u32 = id(532);
/// A struct of one member: frames in which the whole frame is refreshed.
pub const SLICE_INTRAREFRESH_PARAM: u32 = id(533);
/// In frames.
pub const NUM_BFRAMES: u32 = id(534);
/// 0 or 1.
pub const INSERT_SPS_PPS_AT_IDR: u32 = id(535);
/// A struct of pointers, to be read: what is known of the chunk in a coded buffer.
pub const METADATA: u32 = id(536);
/// A struct of six members: the lowest and the highest quantizer of I, P and B frames; all ones keep it as it is.
pub const QP_RANGE: u32 = id(539);
/// Documented as a struct, taken as a number by every known user: 1 ultra fast, 3 medium.
pub const HW_PRESET_TYPE_PARAM: u32 = id(540);
/// A struct of pointers: what comes with the frame that is queued next.
pub const INPUT_METADATA: u32 = id(541);
/// Bits or quantizers in the metadata of frames: a struct of two members, on or off and the coarsest quantizer of all.
pub const ENABLE_EXTERNAL_RATE_CONTROL: u32 = id(543);
/// Regions with a quantizer of their own in the metadata of frames: a struct that begins with a byte, on or off.
pub const ENABLE_ROI_PARAM: u32 = id(544);
/// 0 or 1.
pub const INSERT_VUI: u32 = id(546);
/// 0 or 1.
pub const INSERT_AUD: u32 = id(547);
/// A struct: waits until something is ready.
pub const DEVICE_POLL: u32 = id(550);
/// 0 or 1: ends a `DEVICE_POLL` that waits.
pub const SET_POLL_INTERRUPT: u32 = id(551);
/// 0 or 1.
pub const MAX_PERFORMANCE: u32 = id(554);
/// Level and tier in one number.
pub const H265_LEVEL: u32 = id(561);
/// As in H.264: 2 means that output order is decoding order.
pub const POC_TYPE: u32 = id(563);
/// 1 makes a key frame of the next frame that the encoder begins.
pub const FORCE_IDR_FRAME: u32 = id(567);
