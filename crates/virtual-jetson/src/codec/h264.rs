//! H.264 parameter sets: written for the pass-through codec, rewritten for libx264's.

use super::bits::{BitReader, BitWriter};
use crate::controls::{Setup, Tuning};

pub(super) const SEI: u8 = 6;
pub(super) const SPS: u8 = 7;
pub(super) const PPS: u8 = 8;
pub(super) const AUD: u8 = 9;

/// Bits of `frame_num` in the slices of the pass-through codec.
pub(super) const FRAME_NUM_BITS: u32 = 8;

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
    // Picture order is decoding order (type 2), one reference, no gaps.
    bits.ue(FRAME_NUM_BITS - 4).ue(2).ue(1).flag(false);
    bits.ue(columns - 1).ue(rows - 1).flag(true).flag(true);
    let (right, bottom) = ((columns * 16 - width) / 2, (rows * 16 - height) / 2);
    bits.flag(right + bottom > 0);
    if right + bottom > 0 {
        bits.ue(0).ue(right).ue(0).ue(bottom);
    }
    bits.flag(setup.vui);
    if setup.vui {
        vui(&mut bits, tuning);
    }
    bits.finish()
}

/// Timing and "nothing is reordered"; no aspect, signal type or HRD.
fn vui(bits: &mut BitWriter, tuning: &Tuning) {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a rate is small and positive"
    )]
    let fields_per_1000_seconds = (tuning.frames_per_second * 2000.0).round() as u64;
    bits.bits(0, 4).flag(true).bits(1000, 32).bits(fields_per_1000_seconds, 32).flag(true);
    bits.bits(0, 3).flag(true).flag(true).ue(0).ue(0).ue(15).ue(15).ue(0).ue(1);
}

/// A picture parameter set, header included, before escaping.
pub(super) fn pps(setup: &Setup) -> Vec<u8> {
    let mut bits = BitWriter::default();
    bits.bits(0x68, 8).ue(0).ue(0).flag(setup.cabac).flag(false).ue(0).ue(0).ue(0);
    bits.flag(false).bits(0, 2).se(0).se(0).se(0).flag(true).flag(false).flag(false);
    bits.finish()
}

/// Puts profile and level of the setup into a parameter set of libx264's, and takes the VUI out unless wanted.
pub(super) fn rewrite_sps(sps: &[u8], setup: &Setup) -> Vec<u8> {
    let mut sps = if setup.vui { sps.to_vec() } else { without_vui(sps).unwrap_or_else(|| sps.to_vec()) };
    if let Some([profile, constraints, level]) = sps.get_mut(1..4) {
        // The High profile has more fields in the set, so it is never put over another or taken away.
        if *profile < 100 && setup.profile_idc < 100 {
            *profile = setup.profile_idc;
        }
        *constraints = setup.constraints;
        *level = setup.level_idc;
    }
    sps
}

fn without_vui(sps: &[u8]) -> Option<Vec<u8>> {
    let mut reader = BitReader::new(sps);
    reader.bits(8)?;
    let profile = reader.bits(8)?;
    reader.bits(16)?;
    reader.skip_ue(1)?;
    if profile >= 100 {
        reader.skip_ue(3)?;
        reader.flag()?;
        if reader.flag()? {
            return None;
        }
    }
    reader.skip_ue(1)?;
    match reader.ue()? {
        0 => reader.skip_ue(1)?,
        2 => {}
        _ => return None,
    }
    reader.skip_ue(1)?;
    reader.flag()?;
    reader.skip_ue(2)?;
    if !reader.flag()? {
        reader.flag()?;
    }
    reader.flag()?;
    if reader.flag()? {
        reader.skip_ue(4)?;
    }
    Some(cut(sps, reader.position, 1))
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
