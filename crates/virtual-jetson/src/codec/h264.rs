//! H.264 parameter sets: those of the pass-through codec, and the sequence's in place of libx264's.

use super::bits::{BitReader, BitWriter};
use crate::controls::{Setup, Tuning};

pub(super) const SEI: u8 = 6;
pub(super) const SPS: u8 = 7;
pub(super) const PPS: u8 = 8;
pub(super) const AUD: u8 = 9;

/// Bits of `frame_num` in all slices.
pub(super) const FRAME_NUM_BITS: u32 = 8;
/// Bits of the picture order count in all slices, where they have one.
pub(super) const POC_BITS: u32 = 16;

pub(super) fn unit_type(unit: &[u8]) -> u8 {
    unit.first().map_or(0, |header| header & 0x1F)
}

/// A sequence parameter set, header included, before escaping.
pub(super) fn sps(setup: &Setup, tuning: &Tuning) -> Vec<u8> {
    let (width, height) = (setup.raw.width, setup.raw.height);
    let (columns, rows) = (width.div_ceil(16), height.div_ceil(16));
    let mut bits = BitWriter::default();
    bits.bits(0x67, 8).bits(setup.profile_idc.into(), 8).bits(setup.constraints.into(), 8);
    bits.bits(setup.level_idc.into(), 8).ue(0);
    if setup.profile_idc >= 100 {
        // 4:2:0, eight bits, no lossless mode, no scaling matrices.
        bits.ue(1).ue(0).ue(0).flag(false).flag(false);
    }
    bits.ue(FRAME_NUM_BITS - 4).ue(setup.poc_type);
    if setup.poc_type == 0 {
        bits.ue(POC_BITS - 4);
    }
    // References, without gaps.
    bits.ue(setup.references).flag(false);
    bits.ue(columns - 1).ue(rows - 1).flag(true).flag(true);
    let (right, bottom) = ((columns * 16 - width) / 2, (rows * 16 - height) / 2);
    bits.flag(right + bottom > 0);
    if right + bottom > 0 {
        bits.ue(0).ue(right).ue(0).ue(bottom);
    }
    bits.flag(setup.vui);
    if setup.vui {
        vui(&mut bits, setup, tuning);
    }
    bits.finish()
}

/// Aspect and range where they were set, timing, and what is reordered; no HRD.
fn vui(bits: &mut BitWriter, setup: &Setup, tuning: &Tuning) {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a rate is small and positive"
    )]
    let fields_per_1000_seconds = (tuning.frames_per_second * 2000.0).round() as u64;
    bits.flag(setup.aspect_ratio.is_some());
    if let Some((width, height)) = setup.aspect_ratio {
        bits.bits(255, 8).bits(width.into(), 16).bits(height.into(), 16);
    }
    bits.flag(false).flag(setup.full_range);
    if setup.full_range {
        // No format in particular, the full range, no description of colours.
        bits.bits(5, 3).flag(true).flag(false);
    }
    bits.flag(false).flag(true).bits(1000, 32).bits(fields_per_1000_seconds, 32).flag(true);
    let reordered = u32::from(setup.b_frames > 0);
    bits.bits(0, 3).flag(true).flag(true).ue(0).ue(0).ue(15).ue(15).ue(reordered).ue(setup.references);
}

/// A picture parameter set, header included, before escaping.
pub(super) fn pps(setup: &Setup) -> Vec<u8> {
    let mut bits = BitWriter::default();
    bits.bits(0x68, 8).ue(0).ue(0).flag(setup.cabac).flag(false).ue(0).ue(0).ue(0);
    bits.flag(false).bits(0, 2).se(0).se(0).se(0).flag(true).flag(false).flag(false);
    bits.finish()
}

/// The first `position` bits, so many zero bits (flags that are off) and the stop bit.
pub(super) fn cut(payload: &[u8], position: usize, zeros: u32) -> Vec<u8> {
    let mut reader = BitReader::new(payload);
    let mut writer = BitWriter::default();
    for _ in 0..position {
        writer.bits(reader.bits(1).unwrap_or(0), 1);
    }
    writer.bits(0, zeros).finish()
}
