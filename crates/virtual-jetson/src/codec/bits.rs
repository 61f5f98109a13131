//! Bits in the order of video bitstreams.

/// Writes bits from the top of each byte down.
#[derive(Default)]
pub(super) struct BitWriter {
    bytes: Vec<u8>,
    used: u32,
}

impl BitWriter {
    pub(super) fn bits(&mut self, value: u64, count: u32) -> &mut Self {
        for shift in (0..count).rev() {
            let bit = u8::from(value >> shift & 1 == 1);
            if self.used.is_multiple_of(8) {
                self.bytes.push(0);
            }
            if let Some(last) = self.bytes.last_mut() {
                *last |= bit << (7 - self.used % 8);
            }
            self.used += 1;
        }
        self
    }

    pub(super) fn flag(&mut self, value: bool) -> &mut Self {
        self.bits(u64::from(value), 1)
    }

    pub(super) fn ue(&mut self, value: u32) -> &mut Self {
        let value = u64::from(value) + 1;
        let length = 64 - value.leading_zeros();
        self.bits(value, 2 * length - 1)
    }

    pub(super) fn se(&mut self, value: i32) -> &mut Self {
        let magnitude = value.unsigned_abs();
        self.ue(if value > 0 { 2 * magnitude - 1 } else { 2 * magnitude })
    }

    /// Everything behind a bit of another payload, its stop bit included.
    pub(super) fn append(mut self, payload: &[u8], from: usize) -> Vec<u8> {
        let mut reader = BitReader::new(payload);
        reader.position = from;
        // Bit by bit to a whole byte of the source, and then by bytes.
        while !reader.position.is_multiple_of(8) {
            self.bits(reader.bits(1).unwrap_or(0), 1);
        }
        let shift = self.used % 8;
        let rest = payload.get(reader.position / 8..).unwrap_or_default();
        if shift == 0 {
            self.bytes.extend_from_slice(rest);
            return self.bytes;
        }
        self.bytes.reserve(rest.len() + 1);
        for &byte in rest {
            if let Some(last) = self.bytes.last_mut() {
                *last |= byte >> shift;
            }
            self.bytes.push(byte << (8 - shift));
        }
        // What the stop bit stands in is the last byte.
        while self.bytes.last() == Some(&0) {
            self.bytes.pop();
        }
        self.bytes
    }

    /// Ones up to a whole byte, and bytes behind them.
    pub(super) fn append_aligned(mut self, bytes: &[u8]) -> Vec<u8> {
        while !self.used.is_multiple_of(8) {
            self.flag(true);
        }
        self.bytes.extend_from_slice(bytes);
        self.bytes
    }

    /// The stop bit and the zeros up to a whole byte.
    pub(super) fn finish(&mut self) -> Vec<u8> {
        self.flag(true);
        self.used = 0;
        std::mem::take(&mut self.bytes)
    }
}

/// Reads what [`BitWriter`] writes; `None` is the end of the data.
pub(super) struct BitReader<'a> {
    bytes: &'a [u8],
    pub(super) position: usize,
}

impl<'a> BitReader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, position: 0 }
    }

    pub(super) fn bits(&mut self, count: usize) -> Option<u64> {
        let mut value = 0;
        for _ in 0..count {
            let byte = self.bytes.get(self.position / 8)?;
            value = value << 1 | u64::from(byte >> (7 - self.position % 8) & 1);
            self.position += 1;
        }
        Some(value)
    }

    pub(super) fn flag(&mut self) -> Option<bool> {
        self.bits(1).map(|bit| bit == 1)
    }

    pub(super) fn ue(&mut self) -> Option<u64> {
        let mut zeros = 0;
        while !self.flag()? {
            zeros += 1;
            if zeros > 32 {
                return None;
            }
        }
        Some((1 << zeros) - 1 + self.bits(zeros)?)
    }

    pub(super) fn skip_ue(&mut self, count: usize) -> Option<()> {
        (0..count).try_for_each(|_| self.ue().map(drop))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_can_be_read() {
        let mut writer = BitWriter::default();
        writer.bits(5, 3).ue(0).ue(7).ue(255).se(-3).flag(true);
        let bytes = writer.finish();
        let mut reader = BitReader::new(&bytes);
        assert_eq!(reader.bits(3), Some(5));
        assert_eq!(
            [reader.ue(), reader.ue(), reader.ue(), reader.ue()],
            [Some(0), Some(7), Some(255), Some(6)]
        );
        assert_eq!(reader.flag(), Some(true));
    }
}
