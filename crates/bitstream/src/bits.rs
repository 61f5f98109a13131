//! Reading syntax elements bit by bit (ITU-T H.264 and H.265 clauses 7.2 and 9.1/9.2).

use crate::Error;
use crate::rbsp::{Rbsp, rbsp};

/// Reads the bits of a unit's payload, emulation prevention bytes skipped.
///
/// Every method fails with [`Error::Truncated`] at the end of the data, so a loop that reads at least
/// one bit per turn is bounded by the length of the unit.
///
/// ```
/// # fn main() -> Result<(), bitstream::Error> {
/// let mut reader = bitstream::Reader::new(&[0b1_010_011_1, 0xff]);
/// assert_eq!((reader.ue()?, reader.ue()?, reader.se()?), (0, 1, -1));
/// assert_eq!(reader.bits(9)?, 0x1ff);
/// assert!(reader.flag().is_err());
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    bytes: Rbsp<'a>,
    current: u8,
    left: u32,
    position: usize,
}

impl<'a> Reader<'a> {
    /// Starts at the first bit of `payload`: a unit without its header.
    pub fn new(payload: &'a [u8]) -> Self {
        Self { bytes: rbsp(payload), current: 0, left: 0, position: 0 }
    }

    /// Bits read so far, emulation prevention bytes not counted.
    pub(crate) fn position(&self) -> usize {
        self.position
    }

    /// One flag, `u(1)`.
    pub fn flag(&mut self) -> Result<bool, Error> {
        Ok(self.bits(1)? == 1)
    }

    /// An unsigned number of `count` bits, `u(n)`; `count` above 32 reads 32.
    pub fn bits(&mut self, count: u32) -> Result<u32, Error> {
        let mut wanted = count.min(32);
        let mut value = 0_u64;
        while wanted > 0 {
            self.fill()?;
            let take = wanted.min(self.left);
            self.left -= take;
            self.position += take as usize;
            let part = u64::from(self.current >> self.left) & ((1 << take) - 1);
            value = value << take | part;
            wanted -= take;
        }
        Ok(u32::try_from(value).unwrap_or(u32::MAX))
    }

    /// One byte, `u(8)`.
    pub fn byte(&mut self) -> Result<u8, Error> {
        let [.., low] = self.bits(8)?.to_be_bytes();
        Ok(low)
    }

    /// Two bytes, `u(16)`.
    pub fn short(&mut self) -> Result<u16, Error> {
        Ok(u16::from_be_bytes([self.byte()?, self.byte()?]))
    }

    /// Passes over `count` bits.
    pub fn skip(&mut self, count: u32) -> Result<(), Error> {
        for _ in 0..count / 32 {
            self.bits(32)?;
        }
        self.bits(count % 32).map(drop)
    }

    /// An Exp-Golomb number, `ue(v)`, 0 to 2^32 - 2.
    pub fn ue(&mut self) -> Result<u32, Error> {
        let mut zeros = 0;
        while !self.flag()? {
            zeros += 1;
            if zeros > 31 {
                return Err(Error::OutOfRange { field: "ue(v)", value: 1 << 32 });
            }
        }
        Ok((1_u32 << zeros) - 1 + self.bits(zeros)?)
    }

    /// An Exp-Golomb number of at most `max`; `field` names it in the error.
    pub fn ue_max(&mut self, field: &'static str, max: u32) -> Result<u32, Error> {
        crate::error::at_most(field, self.ue()?, max)
    }

    /// An Exp-Golomb number of at most `max` that fits into a byte; `field` names it in the error.
    pub(crate) fn ue_u8(&mut self, field: &'static str, max: u8) -> Result<u8, Error> {
        let [.., low] = self.ue_max(field, max.into())?.to_be_bytes();
        Ok(low)
    }

    /// A signed Exp-Golomb number, `se(v)`, -(2^31 - 1) to 2^31 - 1.
    pub fn se(&mut self) -> Result<i32, Error> {
        let code = i64::from(self.ue()?);
        let value = if code % 2 == 1 { code / 2 + 1 } else { -(code / 2) };
        i32::try_from(value).map_err(|_| Error::OutOfRange { field: "se(v)", value: code.unsigned_abs() })
    }

    fn fill(&mut self) -> Result<(), Error> {
        if self.left == 0 {
            self.current = self.bytes.next().ok_or(Error::Truncated)?;
            self.left = 8;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_across_bytes_and_emulation_prevention() {
        let mut reader = Reader::new(&[0xa0, 0, 0, 3, 1, 0xff]);
        assert_eq!(reader.bits(3), Ok(0b101));
        assert_eq!(reader.bits(29), Ok(1));
        assert_eq!(reader.short(), Err(Error::Truncated));
    }

    #[test]
    fn exp_golomb_follows_the_tables() {
        // Codes 0..=5 of Table 9-2: 1 010 011 00100 00101 00110.
        let data = [0b1010_0110, 0b0100_0010, 0b1001_1000];
        let mut unsigned = Reader::new(&data);
        let mut signed = Reader::new(&data);
        for (code, value) in [(0, 0), (1, 1), (2, -1), (3, 2), (4, -2), (5, 3)] {
            assert_eq!(unsigned.ue(), Ok(code));
            assert_eq!(signed.se(), Ok(value));
        }
    }

    #[test]
    fn the_largest_code_fits_and_longer_ones_are_rejected() {
        let mut reader = Reader::new(&[0, 0, 3, 0, 1, 0xff, 0xff, 0xff, 0xff]);
        assert_eq!(reader.ue(), Ok(u32::MAX - 1));
        assert!(matches!(Reader::new(&[0xff, 0, 0, 0, 0, 0]).skip(9), Ok(())));
        assert!(matches!(Reader::new(&[0, 0, 0, 0, 0x80]).ue(), Err(Error::OutOfRange { .. })));
    }

    #[test]
    fn a_huge_skip_ends_with_the_data() {
        assert_eq!(Reader::new(&[1; 9]).skip(u32::MAX), Err(Error::Truncated));
    }
}
