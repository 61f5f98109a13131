//! The codec that costs nothing: access units that are valid in form and do not depend on the frame.
//!
//! An H.264 stream of it decodes, to grey. An H.265 one has correct parameter sets and slice headers and no
//! picture behind them.

use super::{
    Codec, Coded, Failure, Input,
    annexb::{push, push_escaped},
    bits::BitWriter,
    h264, h265,
};
use crate::{
    abi,
    controls::{PictureKind, Setup, Slices, Tuning},
};

pub(super) struct Passthrough {
    is_h265: bool,
    /// Escaped, with start codes.
    parameter_sets: Vec<u8>,
    parameter_sets_at_idr: bool,
    aud: bool,
    has_order: bool,
    macroblocks: u32,
    /// Of one slice of H.264.
    slice_macroblocks: u32,
    sent_parameter_sets: bool,
    /// Pictures since the last IDR.
    number: u32,
    idr_id: u32,
}

/// An intra macroblock without a residual: predicted from its neighbours' mean (00100), chroma likewise (1), no
/// QP change (1), no coefficients (1).
const FLAT_MACROBLOCK: u64 = 0b0010_0111;
/// Of every slice.
const QP: u32 = 26;

impl Passthrough {
    pub(super) fn new(setup: &Setup, tuning: &Tuning) -> Self {
        let is_h265 = setup.codec == abi::H265;
        // The slices are CAVLC and in order, whatever the client asked for.
        let setup = &Setup { cabac: false, b_frames: 0, ..setup.clone() };
        let mut parameter_sets = Vec::new();
        let units = match is_h265 {
            true => vec![h265::vps(setup), h265::sps(setup, tuning), h265::pps()],
            false => vec![h264::sps(setup, tuning), h264::pps(setup)],
        };
        for unit in units {
            push_escaped(&mut parameter_sets, &unit);
        }
        let macroblocks = setup.raw.width.div_ceil(16) * setup.raw.height.div_ceil(16);
        let slice_macroblocks = match setup.slices {
            Some(Slices::Macroblocks(count)) => count,
            // An intra macroblock is eight bits long.
            Some(Slices::Bits(bits)) => bits.saturating_sub(128) / 8,
            None => macroblocks,
        };
        Self {
            is_h265,
            parameter_sets,
            parameter_sets_at_idr: setup.parameter_sets_at_idr,
            aud: setup.aud,
            has_order: setup.poc_type == 0,
            macroblocks,
            slice_macroblocks: slice_macroblocks.clamp(1, macroblocks),
            sent_parameter_sets: false,
            number: 0,
            idr_id: 1,
        }
    }

    fn h264_slice(&self, kind: PictureKind, first: u32) -> Vec<u8> {
        let mut bits = BitWriter::default();
        let is_idr = kind == PictureKind::Idr;
        let is_inter = kind == PictureKind::Inter;
        // The types 5 and 7 say that all slices of the picture are alike.
        bits.bits(if is_idr { 0x65 } else { 0x41 }, 8);
        bits.ue(first).ue(if is_inter { 5 } else { 7 }).ue(0);
        bits.bits(u64::from(self.number) & ((1 << h264::FRAME_NUM_BITS) - 1), h264::FRAME_NUM_BITS);
        if is_idr {
            bits.ue(self.idr_id);
        }
        if self.has_order {
            bits.bits(u64::from(2 * self.number) & ((1 << h264::POC_BITS) - 1), h264::POC_BITS);
        }
        // An inter slice keeps the default count and list; all keep the default marking.
        bits.bits(
            0,
            if is_idr {
                2
            } else if is_inter {
                3
            } else {
                1
            },
        );
        bits.se(0).ue(1);
        let count = self.slice_macroblocks.min(self.macroblocks - first);
        if is_inter {
            bits.ue(count);
        } else {
            for _ in 0..count {
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

    fn push_slices(&mut self, kind: PictureKind, chunk: &mut Vec<u8>) {
        if self.is_h265 {
            push_escaped(chunk, &self.h265_slice(kind));
            return;
        }
        let mut first = 0;
        while first < self.macroblocks {
            push_escaped(chunk, &self.h264_slice(kind, first));
            first += self.slice_macroblocks;
        }
    }
}

impl Codec for Passthrough {
    fn encode(&mut self, input: Input<'_>, coded: &mut Vec<Coded>) -> Result<(), Failure> {
        let Input { number, kind, spare: mut bytes, .. } = input;
        if self.aud {
            let letter = if kind == PictureKind::Inter { Letter::P } else { Letter::I };
            push(&mut bytes, access_unit_delimiter(self.is_h265, letter));
        }
        if kind == PictureKind::Idr {
            self.number = 0;
            self.idr_id ^= 1;
            if self.parameter_sets_at_idr || !self.sent_parameter_sets {
                bytes.extend_from_slice(&self.parameter_sets);
                self.sent_parameter_sets = true;
            }
        }
        self.push_slices(kind, &mut bytes);
        self.number = self.number.wrapping_add(1);
        coded.push(Coded { number, bytes, qp: [QP; 3] });
        Ok(())
    }

    fn flush(&mut self, _coded: &mut Vec<Coded>) -> Result<(), Failure> {
        Ok(())
    }
}

/// The kinds of slices a picture is made of, as an access unit delimiter counts them.
#[derive(Clone, Copy)]
pub(super) enum Letter {
    I,
    P,
    B,
}

/// The unit that opens an access unit.
pub(super) fn access_unit_delimiter(is_h265: bool, letter: Letter) -> &'static [u8] {
    const H265_HEADER: u8 = h265::AUD << 1;
    match (is_h265, letter) {
        (false, Letter::I) => &[h264::AUD, 0x10],
        (false, Letter::P) => &[h264::AUD, 0x30],
        (false, Letter::B) => &[h264::AUD, 0x50],
        (true, Letter::I) => &[H265_HEADER, 1, 0x10],
        (true, Letter::P) => &[H265_HEADER, 1, 0x30],
        (true, Letter::B) => &[H265_HEADER, 1, 0x50],
    }
}
