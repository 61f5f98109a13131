//! `scaling_list_data()` (ITU-T H.265 7.3.4), read only to get past it.

use crate::{Error, Reader};

/// Passes over the scaling lists of all four sizes.
pub(super) fn skip(reader: &mut Reader<'_>) -> Result<(), Error> {
    for size in 0..4_u32 {
        let lists = if size == 3 { 2 } else { 6 };
        for _ in 0..lists {
            skip_list(reader, size)?;
        }
    }
    Ok(())
}

fn skip_list(reader: &mut Reader<'_>, size: u32) -> Result<(), Error> {
    if !reader.flag()? {
        return reader.ue().map(drop); // scaling_list_pred_matrix_id_delta
    }
    let direct_current = u32::from(size > 1);
    for _ in 0..direct_current + (16 << (2 * size)).min(64) {
        reader.se()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn predicted_lists_take_two_bits_and_explicit_ones_all_coefficients() {
        // Twenty predicted lists: 0, then ue(v) 0.
        assert_eq!(skip(&mut Reader::new(&[0b0101_0101; 5])), Ok(()));
        assert_eq!(skip(&mut Reader::new(&[0b0101_0101; 4])), Err(Error::Truncated));
        // Twenty explicit lists of zeros: a flag each, six with 16 and fourteen with 64 coefficients,
        // eight of them with one more for the average; every one of them a single bit.
        let bits: usize = 20 + 6 * 16 + 14 * 64 + 8;
        let mut reader = Reader::new(&[0xff; 128]);
        assert_eq!(skip(&mut reader), Ok(()));
        assert_eq!(reader.skip(u32::try_from(1024 - bits).unwrap()), Ok(()));
        assert_eq!(reader.flag(), Err(Error::Truncated));
    }
}
