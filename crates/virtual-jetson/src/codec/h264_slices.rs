//! Slices of libx264's, with the numbers of NVIDIA's encoder in their headers.
//!
//! libx264 chooses the type of picture order count itself, and without B frames makes every intra picture an IDR. So
//! each slice header is read and written anew: with frame numbers and a picture order of our own, and as a plain I
//! slice where the picture shall be no key frame.

use super::{
    bits::{BitReader, BitWriter},
    h264::{FRAME_NUM_BITS, POC_BITS},
};
use crate::controls::PictureKind;

const NON_IDR: u8 = 1;
const IDR: u8 = 5;

/// What the headers of slices depend on, of libx264's parameter sets.
#[derive(Clone, Copy, Default)]
struct Sets {
    frame_num_bits: usize,
    poc_bits: Option<usize>,
    cabac: bool,
    default_references: [u64; 2],
    has_deblocking: bool,
}

/// Where a picture stands in the stream.
pub(super) struct Slices {
    sets: Sets,
    poc_type: u32,
    frame_num: u32,
    last_reference: u32,
    idr_id: u32,
    idr_number: u64,
    number: u64,
    kind: PictureKind,
}

impl Slices {
    pub(super) fn new(poc_type: u32) -> Self {
        Self {
            sets: Sets::default(),
            poc_type,
            frame_num: 0,
            last_reference: 0,
            idr_id: 1,
            idr_number: 0,
            number: 0,
            kind: PictureKind::Idr,
        }
    }

    /// Learns from a sequence parameter set; `None` if it has what libx264 does not write.
    pub(super) fn read_sps(&mut self, sps: &[u8]) -> Option<()> {
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
        self.sets.frame_num_bits = usize::try_from(reader.ue()? + 4).ok()?;
        self.sets.poc_bits = match reader.ue()? {
            0 => Some(usize::try_from(reader.ue()? + 4).ok()?),
            2 => None,
            _ => return None,
        };
        Some(())
    }

    /// Learns from a picture parameter set.
    pub(super) fn read_pps(&mut self, pps: &[u8]) -> Option<()> {
        let mut reader = BitReader::new(pps);
        reader.bits(8)?;
        reader.skip_ue(2)?;
        self.sets.cabac = reader.flag()?;
        let (field_order, groups) = (reader.flag()?, reader.ue()?);
        self.sets.default_references = [reader.ue()? + 1, reader.ue()? + 1];
        let (weighted, weighted_b) = (reader.flag()?, reader.bits(2)?);
        reader.skip_ue(3)?;
        self.sets.has_deblocking = reader.flag()?;
        (!field_order && groups == 0 && !weighted && weighted_b != 1).then_some(())
    }

    /// Settles the numbers of the picture that the next slices belong to.
    pub(super) fn begin(&mut self, kind: PictureKind, number: u64) {
        self.kind = kind;
        self.number = number;
        self.frame_num = self.last_reference.wrapping_add(1);
        if kind == PictureKind::Idr {
            self.frame_num = 0;
            self.idr_number = number;
            self.idr_id ^= 1;
        }
    }

    /// One slice with its new header, before escaping.
    pub(super) fn rewrite(&mut self, slice: &[u8]) -> Option<Vec<u8>> {
        let mut reader = BitReader::new(slice);
        let mut writer = BitWriter::default();
        reader.bits(1)?;
        let reference = reader.bits(2)?;
        let was_idr = reader.bits(5)? == u64::from(IDR);
        let is_idr = was_idr && self.kind == PictureKind::Idr;
        writer.bits(reference << 5 | u64::from(if is_idr { IDR } else { NON_IDR }), 8);
        copy_ue(&mut reader, &mut writer)?;
        let slice_type = copy_ue(&mut reader, &mut writer)? % 5;
        copy_ue(&mut reader, &mut writer)?;
        reader.bits(self.sets.frame_num_bits)?;
        writer.bits(u64::from(self.frame_num) & ((1 << FRAME_NUM_BITS) - 1), FRAME_NUM_BITS);
        if was_idr {
            reader.ue()?;
        }
        if is_idr {
            writer.ue(self.idr_id);
        }
        reader.bits(self.sets.poc_bits.unwrap_or(0))?;
        if self.poc_type == 0 {
            let order = 2 * self.number.wrapping_sub(self.idr_number);
            writer.bits(order & ((1 << POC_BITS) - 1), POC_BITS);
        }
        self.copy_references(slice_type, &mut reader, &mut writer)?;
        if reference > 0 {
            copy_marking(was_idr, is_idr, &mut reader, &mut writer)?;
            self.last_reference = self.frame_num;
        }
        if self.sets.cabac && slice_type != 2 {
            copy_ue(&mut reader, &mut writer)?;
        }
        copy_ue(&mut reader, &mut writer)?;
        if self.sets.has_deblocking && copy_ue(&mut reader, &mut writer)? != 1 {
            copy_ue(&mut reader, &mut writer)?;
            copy_ue(&mut reader, &mut writer)?;
        }
        if self.sets.cabac {
            // The data of CABAC begins with a whole byte, after ones.
            let start = reader.position.div_ceil(8);
            return Some(writer.append_aligned(slice.get(start..)?));
        }
        Some(writer.append(slice, reader.position))
    }

    /// Counts of references and their order.
    fn copy_references(
        &self,
        slice_type: u64,
        reader: &mut BitReader<'_>,
        writer: &mut BitWriter,
    ) -> Option<()> {
        let lists = match slice_type {
            0 => 1,
            1 => 2,
            _ => return Some(()),
        };
        if slice_type == 1 {
            copy_bits(1, reader, writer)?;
        }
        if copy_bits(1, reader, writer)? == 1 {
            for _ in 0..lists {
                copy_ue(reader, writer)?;
            }
        }
        for _ in 0..lists {
            if copy_bits(1, reader, writer)? == 1 {
                while copy_ue(reader, writer)? != 3 {
                    copy_ue(reader, writer)?;
                }
            }
        }
        Some(())
    }
}

/// Whether an IDR is kept and which references go; libx264 has no operations here without a pyramid of B frames.
fn copy_marking(
    was_idr: bool,
    is_idr: bool,
    reader: &mut BitReader<'_>,
    writer: &mut BitWriter,
) -> Option<()> {
    let operations = if was_idr { reader.bits(2)? } else { reader.bits(1)? };
    if operations != 0 {
        return None;
    }
    writer.bits(0, if is_idr { 2 } else { 1 });
    Some(())
}

fn copy_bits(count: u32, reader: &mut BitReader<'_>, writer: &mut BitWriter) -> Option<u64> {
    let value = reader.bits(count as usize)?;
    writer.bits(value, count);
    Some(value)
}

/// Signed numbers too: their bits are the same.
fn copy_ue(reader: &mut BitReader<'_>, writer: &mut BitWriter) -> Option<u64> {
    let value = reader.ue()?;
    writer.ue(u32::try_from(value).ok()?);
    Some(value)
}
