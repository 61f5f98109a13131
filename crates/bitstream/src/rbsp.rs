//! Units without their emulation prevention bytes.

/// The raw bytes of a unit, `emulation_prevention_three_byte` left out
/// (ITU-T H.264 7.3.1, ITU-T H.265 7.3.1.1); made by [`rbsp`].
#[derive(Debug, Clone)]
pub struct Rbsp<'a> {
    bytes: core::slice::Iter<'a, u8>,
    zeros: u8,
}

/// Takes emulation prevention bytes out of `payload` on the fly, without a copy.
///
/// ```
/// assert_eq!(bitstream::rbsp(&[1, 0, 0, 3, 1]).collect::<Vec<_>>(), [1, 0, 0, 1]);
/// ```
pub fn rbsp(payload: &[u8]) -> Rbsp<'_> {
    Rbsp { bytes: payload.iter(), zeros: 0 }
}

impl Iterator for Rbsp<'_> {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        let mut byte = *self.bytes.next()?;
        if self.zeros == 2 && byte == 3 {
            self.zeros = 0;
            byte = *self.bytes.next()?;
        }
        self.zeros = if byte == 0 { (self.zeros + 1).min(2) } else { 0 };
        Some(byte)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn removes_only_what_was_inserted() {
        let clean = |data: &[u8]| rbsp(data).collect::<Vec<u8>>();
        assert_eq!(clean(&[0, 0, 3, 0, 0, 3, 2]), [0, 0, 0, 0, 2]);
        assert_eq!(clean(&[0, 3, 0, 0, 3]), [0, 3, 0, 0]);
        assert_eq!(clean(&[0, 0, 0, 3, 3]), [0, 0, 0, 3]);
        assert_eq!(clean(&[0, 0, 4]), [0, 0, 4]);
    }
}
