//! NVIDIA's messages on standard output and error, which no request can silence.
//!
//! They are written to the descriptors, not through Rust's `stdout`: a client that points descriptor 1 elsewhere
//! must find them there, and nothing may be buffered across a fork.

use crate::{abi, settings::Settings, violations::complain};

/// Writes one line to a descriptor; what cannot be written is lost.
pub(crate) fn write(fd: libc::c_int, line: &str) {
    let line = format!("{line}\n");
    // SAFETY: the pointer and the length describe `line`, which outlives the call.
    unsafe { libc::write(fd, line.as_ptr().cast(), line.len()) };
}

fn say(settings: &Settings, line: &str) {
    if settings.chatter {
        write(libc::STDOUT_FILENO, line);
    }
}

/// Upon `v4l2_open`.
pub(crate) fn opened(settings: &Settings, nonblocking: bool) {
    if !nonblocking {
        say(settings, "Opening in BLOCKING MODE ");
    }
}

/// When the encoder object is made, in the middle of bring-up.
pub(crate) fn block_opened(settings: &Settings, codec: u32) {
    let block = if codec == abi::H264 { 4 } else { 8 };
    say(settings, &format!("NvMMLiteOpen : Block : BlockType = {block} "));
    let banner =
        if settings.generation >= 6 { "===== NvVideo: NVENC =====" } else { "===== NVMEDIA: NVENC =====" };
    say(settings, &format!("{banner} "));
    say(settings, &format!("NvMMLiteBlockCreate : Block : BlockType = {block} "));
}

/// When a bit rate is set: NVIDIA's library prints the two fourccs as bare integers.
pub(crate) fn bitrate_set(settings: &Settings, codec: u32, raw: u32) {
    say(settings, &codec.to_string());
    say(settings, &raw.to_string());
}

/// When both queues stream.
pub(crate) fn streaming(settings: &Settings, codec: u32, profile_idc: u8, level_idc: u8) {
    if codec == abi::H264 {
        say(settings, &format!("H264: Profile = {profile_idc}, Level = {level_idc} "));
    }
    if settings.generation >= 6 {
        say(settings, "NvVideo: bBlitMode is set to TRUE ");
    } else {
        say(settings, "NVMEDIA: Need to set EMC bandwidth : 846000 ");
        say(settings, "NVMEDIA_ENC: bBlitMode is set to TRUE ");
    }
}

/// When the encoder object cannot be made; printed whatever `chatter` says, as it is an error.
pub(crate) fn creation_failed() {
    complain("NvMMLiteNvVideoCreate:3938: NvVideoEncodeCreate failed");
    complain("NvVideo: 4173: Failed to create Video encoder");
    block_error();
}

/// When a running session dies.
pub(crate) fn block_error() {
    complain("VENC: NvVideoEncBlockReportError: 2469: BlockSide error 0x4");
    complain("NvVideoEnc: BlockError ");
}
