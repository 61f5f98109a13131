//! H.265 parameter sets: written for the pass-through codec, rewritten for libx265's.

use super::{
    bits::{BitReader, BitWriter},
    h264::cut,
};
use crate::controls::{Setup, Tuning};

pub(super) const TRAIL_R: u8 = 1;
pub(super) const IDR_N_LP: u8 = 20;
pub(super) const VPS: u8 = 32;
pub(super) const SPS: u8 = 33;
pub(super) const PPS: u8 = 34;
pub(super) const AUD: u8 = 35;
pub(super) const PREFIX_SEI: u8 = 39;
pub(super) const SUFFIX_SEI: u8 = 40;

/// Bits of the picture order count in the slices of the pass-through codec.
pub(super) const POC_BITS: u32 = 16;
/// Coding blocks of the pass-through codec are as large as its tree blocks.
const BLOCK: u32 = 16;

pub(super) fn unit_type(unit: &[u8]) -> u8 {
    unit.first().map_or(0, |header| header >> 1 & 0x3F)
}

fn header(bits: &mut BitWriter, unit_type: u8) {
    bits.bits(u64::from(unit_type) << 1, 8).bits(1, 8);
}

/// profile_tier_level of one layer: 12 bytes.
fn profile_tier_level(bits: &mut BitWriter, setup: &Setup) {
    let profile = setup.profile_idc;
    // Main pictures are Main 10 pictures too.
    let mut compatible = 1u64 << (31 - profile);
    if profile == 1 {
        compatible |= 1 << (31 - 2);
    }
    bits.bits(0, 2).flag(setup.high_tier).bits(profile.into(), 5).bits(compatible, 32);
    // Progressive, frames only; then 44 bits that no profile here uses.
    bits.bits(0b1001, 4).bits(0, 44).bits(setup.level_idc.into(), 8);
}

pub(super) fn vps(setup: &Setup) -> Vec<u8> {
    let mut bits = BitWriter::default();
    header(&mut bits, VPS);
    bits.bits(0, 4).bits(3, 2).bits(0, 6).bits(0, 3).flag(true).bits(0xFFFF, 16);
    profile_tier_level(&mut bits, setup);
    bits.flag(true).ue(1).ue(0).ue(0).bits(0, 6).ue(0).flag(false).flag(false);
    bits.finish()
}

pub(super) fn sps(setup: &Setup, tuning: &Tuning) -> Vec<u8> {
    let (width, height) = (setup.raw.width, setup.raw.height);
    let coded = (width.next_multiple_of(BLOCK), height.next_multiple_of(BLOCK));
    let mut bits = BitWriter::default();
    header(&mut bits, SPS);
    bits.bits(0, 4).bits(0, 3).flag(true);
    profile_tier_level(&mut bits, setup);
    bits.ue(0).ue(1).ue(coded.0).ue(coded.1);
    let (right, bottom) = ((coded.0 - width) / 2, (coded.1 - height) / 2);
    bits.flag(right + bottom > 0);
    if right + bottom > 0 {
        bits.ue(0).ue(right).ue(0).ue(bottom);
    }
    bits.ue(0).ue(0).ue(POC_BITS - 4).flag(true).ue(1).ue(0).ue(0);
    // Blocks: 16 for coding and tree, 4 to 16 for transforms, no hierarchy.
    bits.ue(1).ue(0).ue(0).ue(2).ue(0).ue(0);
    bits.flag(false).flag(false).flag(false).flag(false);
    // One set of reference pictures: the one before.
    bits.ue(1).ue(1).ue(0).ue(0).flag(true);
    bits.flag(false).flag(false).flag(false).flag(setup.vui);
    if setup.vui {
        vui(&mut bits, tuning);
    }
    bits.flag(false);
    bits.finish()
}

/// Timing alone.
fn vui(bits: &mut BitWriter, tuning: &Tuning) {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a rate is small and positive"
    )]
    let frames_per_1000_seconds = (tuning.frames_per_second * 1000.0).round() as u64;
    bits.bits(0, 8).flag(true).bits(1000, 32).bits(frames_per_1000_seconds, 32).bits(0, 3);
}

pub(super) fn pps() -> Vec<u8> {
    let mut bits = BitWriter::default();
    header(&mut bits, PPS);
    bits.ue(0).ue(0).flag(false).flag(false).bits(0, 3).flag(false).flag(false).ue(0).ue(0).se(0);
    // No constrained intra prediction, no transform skip, no QP delta, no chroma offsets.
    bits.flag(false).flag(false).flag(false).se(0).se(0).flag(false);
    bits.flag(false).flag(false).flag(false).flag(false).flag(false).flag(false);
    // No deblocking control, scaling lists or list modification; merge level 2; no header extension.
    bits.flag(false).flag(false).flag(false).ue(0).flag(false).flag(false);
    bits.finish()
}

/// The header of a slice that covers its picture.
pub(super) fn slice_header(is_idr: bool, poc: u32) -> Vec<u8> {
    let mut bits = BitWriter::default();
    header(&mut bits, if is_idr { IDR_N_LP } else { TRAIL_R });
    bits.flag(true);
    if is_idr {
        bits.flag(false);
    }
    bits.ue(0).ue(if is_idr { 2 } else { 1 });
    if !is_idr {
        bits.bits(u64::from(poc) & ((1 << POC_BITS) - 1), POC_BITS).flag(true);
        bits.flag(false).ue(4);
    }
    bits.se(0);
    bits.finish()
}

/// Puts tier, profile and level of the setup into a parameter set of libx265's. They begin at byte 3 of an SPS
/// and byte 6 of a VPS.
pub(super) fn rewrite(mut payload: Vec<u8>, setup: &Setup) -> Vec<u8> {
    let at = if unit_type(&payload) == VPS { 6 } else { 3 };
    let mut bits = BitWriter::default();
    profile_tier_level(&mut bits, setup);
    // `finish` adds a stop byte behind the whole twelve.
    let wanted = bits.finish();
    if let Some(place) = payload.get_mut(at..at + 12) {
        place.copy_from_slice(&wanted[..12]);
    }
    payload
}

/// A sequence parameter set of libx265's without its VUI; `None` if it has what libx265 does not write.
pub(super) fn without_vui(sps: &[u8]) -> Option<Vec<u8>> {
    let mut reader = BitReader::new(sps);
    reader.position = 8 * (3 + 12);
    reader.skip_ue(1)?;
    if reader.ue()? == 3 {
        return None;
    }
    reader.skip_ue(2)?;
    if reader.flag()? {
        reader.skip_ue(4)?;
    }
    reader.skip_ue(3)?;
    reader.flag()?;
    reader.skip_ue(3 + 6)?;
    let (scaling, _amp, _sao, pcm) = (reader.flag()?, reader.flag()?, reader.flag()?, reader.flag()?);
    let reference_sets = reader.ue()?;
    let long_term = reader.flag()?;
    if scaling || pcm || reference_sets > 0 || long_term {
        return None;
    }
    // Temporal motion prediction and strong smoothing come before the VUI's flag, the extensions' after it.
    reader.bits(2)?;
    Some(cut(sps, reader.position, 2))
}
