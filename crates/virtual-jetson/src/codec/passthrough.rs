//! The codec that costs nothing: access units that are valid in form and do not depend on the frame.
//!
//! An H.264 stream of it decodes, to grey. An H.265 one has correct parameter sets and slice headers and no
//! picture behind them.

use super::{
    Codec, Failure,
    annexb::{push, push_escaped},
    bits::BitWriter,
    h264, h265,
};
use crate::{
    abi,
    controls::{PictureKind, Setup, Tuning},
    memory::Picture,
};

pub(super) struct Passthrough {
    is_h265: bool,
    /// Escaped, with start codes.
    parameter_sets: Vec<u8>,
    parameter_sets_at_idr: bool,
    aud: bool,
    macroblocks: u32,
    sent_parameter_sets: bool,
    /// Pictures since the last IDR.
    number: u32,
    idr_id: u32,
}

/// An intra macroblock without a residual: predicted from its neighbours' mean (00100), chroma likewise (1), no
/// QP change (1), no coefficients (1).
const FLAT_MACROBLOCK: u64 = 0b0010_0111;

impl Passthrough {
    pub(super) fn new(setup: &Setup, tuning: &Tuning) -> Self {
        let is_h265 = setup.codec == abi::H265;
        // The slices are CAVLC, whatever the client asked for.
        let setup = &Setup { cabac: false, ..setup.clone() };
        let mut parameter_sets = Vec::new();
        let units = match is_h265 {
            true => vec![h265::vps(setup), h265::sps(setup, tuning), h265::pps()],
            false => vec![h264::sps(setup, tuning), h264::pps(setup)],
        };
        for unit in units {
            push_escaped(&mut parameter_sets, &unit);
        }
        Self {
            is_h265,
            parameter_sets,
            parameter_sets_at_idr: setup.parameter_sets_at_idr,
            aud: setup.aud,
            macroblocks: setup.raw.width.div_ceil(16) * setup.raw.height.div_ceil(16),
            sent_parameter_sets: false,
            number: 0,
            idr_id: 0,
        }
    }

    fn h264_slice(&mut self, kind: PictureKind) -> Vec<u8> {
        let mut bits = BitWriter::default();
        let is_idr = kind == PictureKind::Idr;
        let is_inter = kind == PictureKind::Inter;
        bits.bits(if is_idr { 0x65 } else { 0x41 }, 8);
        bits.ue(0).ue(if is_inter { 5 } else { 7 }).ue(0);
        bits.bits(u64::from(self.number) & ((1 << h264::FRAME_NUM_BITS) - 1), h264::FRAME_NUM_BITS);
        if is_idr {
            bits.ue(self.idr_id).bits(0, 2);
            self.idr_id ^= 1;
        } else {
            // An inter slice keeps the default list; both keep the default marking.
            bits.bits(0, if is_inter { 3 } else { 1 });
        }
        bits.se(0).ue(1);
        if is_inter {
            bits.ue(self.macroblocks);
        } else {
            for _ in 0..self.macroblocks {
                bits.bits(FLAT_MACROBLOCK, 8);
            }
        }
        bits.finish()
    }

    fn h265_slice(&self, kind: PictureKind) -> Vec<u8> {
        let mut slice = h265::slice_header(kind == PictureKind::Idr, self.number);
        slice.extend_from_slice(&[0x80, 0xFF, 0x80]);
        slice
    }
}

impl Codec for Passthrough {
    fn encode(
        &mut self,
        _frame: &Picture,
        kind: PictureKind,
        _tuning: &Tuning,
        chunk: &mut Vec<u8>,
    ) -> Result<(), Failure> {
        if self.aud {
            push(chunk, access_unit_delimiter(self.is_h265, kind));
        }
        if kind == PictureKind::Idr {
            self.number = 0;
            if self.parameter_sets_at_idr || !self.sent_parameter_sets {
                chunk.extend_from_slice(&self.parameter_sets);
                self.sent_parameter_sets = true;
            }
        }
        let slice = if self.is_h265 { self.h265_slice(kind) } else { self.h264_slice(kind) };
        push_escaped(chunk, &slice);
        self.number = self.number.wrapping_add(1);
        Ok(())
    }
}

/// The unit that opens an access unit, for the kinds of slice in it.
pub(super) fn access_unit_delimiter(is_h265: bool, kind: PictureKind) -> &'static [u8] {
    const H265_HEADER: u8 = h265::AUD << 1;
    match (is_h265, kind == PictureKind::Inter) {
        (false, false) => &[h264::AUD, 0x10],
        (false, true) => &[h264::AUD, 0x30],
        (true, false) => &[H265_HEADER, 1, 0x10],
        (true, true) => &[H265_HEADER, 1, 0x30],
    }
}
