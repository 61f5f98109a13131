//! Coded units that are just valid enough: headers that our readers of streams understand, and behind them what the model
//! saw of the frame.

use crate::codec::Codec;

/// Stands before what the model saw of a frame. It holds no zero, so nothing in it looks like a start code.
const MARK: [u8; 4] = [0xA5, 0x5A, 0xC3, 0x3C];
/// Makes a frame as large as the rate controller wants it.
const FILLER: u8 = 0x55;

/// What the model saw of a frame: the first and the last visible sample of each plane, none of them zero.
pub(super) type Seen = [u8; 6];

/// What the model saw of the frame in a chunk.
pub(super) fn seen(chunk: &[u8]) -> Option<Seen> {
    let mark = chunk.windows(MARK.len()).position(|window| window == MARK)?;
    chunk.get(mark + MARK.len()..)?.get(..6)?.try_into().ok()
}

/// A stream's size and level, for its headers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stream {
    pub(super) codec: Codec,
    pub(super) width: u32,
    pub(super) height: u32,
    /// `level_idc`
    pub(super) level: u8,
}

impl Stream {
    /// Parameter sets; none where a key frame says everything by itself.
    pub(super) fn headers(&self) -> Vec<u8> {
        match self.codec {
            Codec::H264 => [unit(&[0x67], &self.h264_sps()), unit(&[0x68], &[0xCE, 0x3C, 0x80])].concat(),
            Codec::H265 => [
                unit(&[0x40, 1], &[0x0C, 0x01, 0xFF, 0xFF, 0x01, 0x60]),
                unit(&[0x42, 1], &self.h265_sps()),
                unit(&[0x44, 1], &[0xC1, 0x73, 0xC0]),
            ]
            .concat(),
            _ => Vec::new(),
        }
    }

    /// An encoded frame of `bytes` bytes at least, as far as its header leaves a choice.
    pub(super) fn frame(&self, seen: Seen, key_frame: bool, bytes: usize) -> Vec<u8> {
        let mut data = match (self.codec, key_frame) {
            (Codec::H264, true) => unit(&[0x65], &[0x88, 0x84]),
            (Codec::H264, false) => unit(&[0x41], &[0x9A, 0x24]),
            (Codec::H265, true) => unit(&[0x26, 1], &[0xAF, 0x09]),
            (Codec::H265, false) => unit(&[0x02, 1], &[0xD0, 0x09]),
            (Codec::Vp8, true) => self.vp8_key_frame(),
            (Codec::Vp8, false) => vec![0x31, 0x10, 0x10],
            (Codec::Vp9, true) => self.vp9_key_frame(),
            (Codec::Vp9, false) => vec![0b1000_0110],
            (Codec::Fwht, _) => Vec::new(),
        };
        data.extend_from_slice(&MARK);
        data.extend_from_slice(&seen);
        let head = if self.codec == Codec::Fwht { bitstream::fwht::HEADER_BYTES } else { 0 };
        data.resize(data.len().max(bytes.saturating_sub(head)), FILLER);
        if self.codec == Codec::Fwht {
            data.splice(..0, self.fwht_header(key_frame, data.len()));
        }
        data
    }

    fn h264_sps(&self) -> Vec<u8> {
        let (columns, rows) = (self.width.div_ceil(16), self.height.div_ceil(16));
        let mut bits = Bits::default();
        // Constrained Baseline.
        bits.put(0x42_C0, 16).put(self.level.into(), 8);
        // Id, log2_max_frame_num_minus4, pic_order_cnt_type 2, one reference, no gaps.
        bits.ue(0).ue(0).ue(2).ue(1).put(0, 1);
        bits.ue(columns - 1).ue(rows - 1).put(0b11, 2);
        bits.window(columns * 16 - self.width, rows * 16 - self.height);
        bits.put(0, 1).end()
    }

    fn h265_sps(&self) -> Vec<u8> {
        let (width, height) = (self.width.next_multiple_of(8), self.height.next_multiple_of(8));
        let mut bits = Bits::default();
        bits.put(0x01, 8);
        // Profile Main, compatible with itself, progressive frames, nothing else constrained.
        bits.put(0x01, 8).put(0x6000_0000, 32).put(0x90, 8).put(0, 32).put(0, 8).put(self.level.into(), 8);
        bits.ue(0).ue(1).ue(width).ue(height);
        bits.window(width - self.width, height - self.height);
        // 8 bits, frame order, ordering, block sizes, none of the tools.
        bits.ue(0).ue(0).ue(4).put(1, 1).ue(1).ue(0).ue(0);
        bits.ue(0).ue(3).ue(0).ue(3).ue(0).ue(0).put(0, 1).put(0, 2).put(0, 1).ue(0).put(0, 1).put(0, 2);
        bits.put(0, 1).end()
    }

    fn vp8_key_frame(&self) -> Vec<u8> {
        let [wide, high] = [self.width, self.height].map(|side| (side as u16).to_le_bytes());
        [[0x10, 0x10, 0x10, 0x9D, 0x01, 0x2A].as_slice(), &wide, &high].concat()
    }

    fn vp9_key_frame(&self) -> Vec<u8> {
        let mut bits = Bits::default();
        bits.put(0b1000_0010, 8).put(0x49_8342, 24).put(0b0010, 4);
        bits.put(self.width - 1, 16).put(self.height - 1, 16).end()
    }

    fn fwht_header(&self, key_frame: bool, payload: usize) -> Vec<u8> {
        let flags = if key_frame { 0x000A_0400 } else { 0x000A_0000 };
        let words = [0x4F4F_4F4F, u32::MAX, 3, self.width, self.height, flags, 3, 0, 0, 0, payload as u32];
        words.iter().flat_map(|word| word.to_be_bytes()).collect()
    }
}

/// A unit behind its start code, with emulation prevention.
fn unit(header: &[u8], payload: &[u8]) -> Vec<u8> {
    let mut data = vec![0, 0, 0, 1];
    data.extend_from_slice(header);
    let mut zeros = 0;
    for byte in payload {
        if zeros >= 2 && *byte <= 3 {
            data.push(3);
            zeros = 0;
        }
        data.push(*byte);
        zeros = if *byte == 0 { zeros + 1 } else { 0 };
    }
    data
}

/// Bits as parameter sets are written.
#[derive(Default)]
struct Bits(Vec<bool>);

impl Bits {
    fn put(&mut self, value: u32, count: u32) -> &mut Self {
        self.0.extend((0..count).rev().map(|bit| value >> bit & 1 == 1));
        self
    }

    /// Exp-Golomb.
    fn ue(&mut self, value: u32) -> &mut Self {
        let length = 32 - (value + 1).leading_zeros();
        self.put(0, length - 1).put(value + 1, length)
    }

    /// Cropping to the right and at the bottom, in luma samples of 4:2:0.
    fn window(&mut self, right: u32, bottom: u32) -> &mut Self {
        self.put(1, 1).ue(0).ue(right / 2).ue(0).ue(bottom / 2)
    }

    /// With the stop bit, in whole bytes.
    fn end(&mut self) -> Vec<u8> {
        self.put(1, 1);
        self.0
            .chunks(8)
            .map(|byte| (0..8).fold(0, |all, bit| all << 1 | u8::from(byte.get(bit) == Some(&true))))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::stream;

    #[test]
    fn the_models_streams_say_their_size_and_their_key_frames() {
        for codec in Codec::ALL {
            let model = Stream { codec, width: 642, height: 362, level: 30 };
            let first = [model.headers(), model.frame([1, 2, 3, 4, 5, 6], true, 100)].concat();
            let found = stream::inspect(codec, &first);
            assert!(found.key_frame && found.picture && found.parameter_sets, "{codec}");
            let info = stream::info(codec, &first, "").unwrap();
            assert_eq!((info.width, info.height), (642, 362), "{codec}");
            let next = model.frame([7; 6], false, 100);
            let found = stream::inspect(codec, &next);
            assert!(found.picture && !found.key_frame, "{codec}");
            assert_eq!((seen(&first), seen(&next)), (Some([1, 2, 3, 4, 5, 6]), Some([7; 6])), "{codec}");
            assert_eq!(next.len(), 100, "{codec}");
        }
    }
}
