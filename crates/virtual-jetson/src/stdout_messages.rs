//! NVIDIA's messages on standard output and error, which no request can silence.

use crate::{
    abi,
    settings::Settings,
    stderr::{log_stderr, write_line},
};

fn print(settings: &Settings, line: &str) {
    if settings.stdout_messages {
        write_line(libc::STDOUT_FILENO, line);
    }
}

/// Upon `v4l2_open`.
pub(crate) fn opened(settings: &Settings, nonblocking: bool) {
    if !nonblocking {
        print(settings, "Opening in BLOCKING MODE ");
    }
}

/// When the encoder object is made, in the middle of bring-up.
pub(crate) fn block_opened(settings: &Settings, codec: u32) {
    let block = if codec == abi::H264 { 4 } else { 8 };
    print(settings, &format!("NvMMLiteOpen : Block : BlockType = {block} "));
    let banner =
        if settings.generation >= 6 { "===== NvVideo: NVENC =====" } else { "===== NVMEDIA: NVENC =====" };
    print(settings, &format!("{banner} "));
    print(settings, &format!("NvMMLiteBlockCreate : Block : BlockType = {block} "));
}

/// When a bit rate is set: NVIDIA's library prints the two fourccs as bare integers.
pub(crate) fn bitrate_set(settings: &Settings, codec: u32, raw: u32) {
    print(settings, &codec.to_string());
    print(settings, &raw.to_string());
}

/// When both queues stream.
pub(crate) fn streaming(settings: &Settings, codec: u32, profile_idc: u8, level_idc: u8) {
    if codec == abi::H264 {
        print(settings, &format!("H264: Profile = {profile_idc}, Level = {level_idc} "));
    }
    if settings.generation >= 6 {
        print(settings, "NvVideo: bBlitMode is set to TRUE ");
    } else {
        print(settings, "NVMEDIA: Need to set EMC bandwidth : 846000 ");
        print(settings, "NVMEDIA_ENC: bBlitMode is set to TRUE ");
    }
}

/// When the encoder object cannot be made; printed whatever `stdoutMessages` says, as it is an error.
pub(crate) fn creation_failed() {
    log_stderr("NvMMLiteNvVideoCreate:3938: NvVideoEncodeCreate failed");
    log_stderr("NvVideo: 4173: Failed to create Video encoder");
    block_error();
}

/// When a running session dies.
pub(crate) fn block_error() {
    log_stderr("VENC: NvVideoEncBlockReportError: 2469: BlockSide error 0x4");
    log_stderr("NvVideoEnc: BlockError ");
}
