//! Writing syntax elements bit by bit, and units with emulation prevention (ITU-T H.264 and H.265 clauses 7.2, 7.4.1 and 9.1/9.2).

use crate::{Error, Reader, rbsp};

/// The opposite of a [`Reader`].
#[derive(Default)]
pub(crate) struct Writer {
    bytes: Vec<u8>,
    /// Bits of the last byte that are free.
    free: u32,
}

impl Writer {
    pub(crate) fn flag(&mut self, flag: bool) {
        if self.free == 0 {
            self.bytes.push(0);
            self.free = 8;
        }
        self.free -= 1;
        if let Some(last) = self.bytes.last_mut() {
            *last |= u8::from(flag) << self.free;
        }
    }

    pub(crate) fn bits(&mut self, value: u32, count: u32) {
        (0..count).rev().for_each(|bit| self.flag(value >> bit & 1 == 1));
    }

    /// An Exp-Golomb number, `ue(v)`, 0 to 2^32 - 2.
    pub(crate) fn ue(&mut self, value: u32) {
        let code = value.saturating_add(1);
        let length = 32 - code.leading_zeros();
        self.bits(0, length - 1);
        self.bits(code, length);
    }

    /// The next `count` bits of the reader.
    pub(crate) fn copy(&mut self, reader: &mut Reader<'_>, count: usize) -> Result<(), Error> {
        for _ in 0..count {
            self.flag(reader.flag()?);
        }
        Ok(())
    }

    /// What `parse` reads, bit by bit.
    pub(crate) fn copy_parsed<T>(
        &mut self,
        reader: &mut Reader<'_>,
        parse: impl FnOnce(&mut Reader<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut ahead = reader.clone();
        let parsed = parse(&mut ahead)?;
        self.copy(reader, ahead.position().saturating_sub(reader.position()))?;
        Ok(parsed)
    }

    pub(crate) fn finish(self) -> Vec<u8> {
        self.bytes
    }
}

/// Bits of a unit's payload up to and with the stop bit.
pub(crate) fn bits_of(payload: &[u8]) -> usize {
    let mut bits = 0;
    for (index, byte) in rbsp(payload).enumerate() {
        if byte != 0 {
            bits = 8 * index + 8 - byte.trailing_zeros() as usize;
        }
    }
    bits
}

/// Appends `rbsp` to `out` so that no start code can be seen in it, whatever it holds.
///
/// A start code could begin with what `out` ends with; so `out` is to end with a byte that is not zero, as unit headers do.
pub(crate) fn push_escaped(out: &mut Vec<u8>, rbsp: &[u8]) {
    let mut zeros = 0;
    for &byte in rbsp {
        if zeros == 2 && byte <= 3 {
            out.push(3);
            zeros = 0;
        }
        zeros = if byte == 0 { zeros + 1 } else { 0 };
        out.push(byte);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let mut writer = Writer::default();
        let numbers = [0, 1, 2, 3, 254, 255, 65_535, u32::MAX - 1];
        numbers.into_iter().for_each(|number| writer.ue(number));
        writer.bits(0x1234, 16);
        let bytes = writer.finish();
        let mut escaped = vec![1];
        push_escaped(&mut escaped, &bytes);
        let mut reader = Reader::new(escaped.get(1..).unwrap_or_default());
        for number in numbers {
            assert_eq!(reader.ue(), Ok(number));
        }
        assert_eq!(reader.bits(16), Ok(0x1234));
    }

    #[test]
    fn start_codes_and_escapes_are_escaped() {
        let mut out = Vec::new();
        push_escaped(&mut out, &[0, 0, 1, 0, 0, 3, 0, 0, 0, 0, 4]);
        assert_eq!(out, [0, 0, 3, 1, 0, 0, 3, 3, 0, 0, 3, 0, 0, 4]);
    }
}
