//! `st_ref_pic_set()` (ITU-T H.265 7.3.7), read only to get past it: the VUI comes behind.

use crate::{Error, Reader};

/// A reference picture set lists no more pictures than the decoded picture buffer holds (A.4.2).
const MAX_PICTURES: u32 = 16;

/// Passes over all short-term reference picture sets of an SPS, count included.
pub(super) fn skip_all(reader: &mut Reader<'_>) -> Result<(), Error> {
    let count = reader.ue_max("num_short_term_ref_pic_sets", 64)?;
    let mut pictures = 0;
    for index in 0..count {
        let predicted = index > 0 && reader.flag()?;
        pictures = if predicted { predicted_set(reader, pictures)? } else { explicit_set(reader)? };
        crate::error::at_most("NumDeltaPocs", pictures, MAX_PICTURES)?;
    }
    Ok(())
}

/// A set given as a difference to the one before, which lists `pictures`; gives its own number.
fn predicted_set(reader: &mut Reader<'_>, pictures: u32) -> Result<u32, Error> {
    reader.skip(1)?; // delta_rps_sign
    reader.ue()?; // abs_delta_rps_minus1
    let mut kept = 0;
    for _ in 0..=pictures {
        let used_by_curr_pic = reader.flag()?;
        let use_delta = used_by_curr_pic || reader.flag()?;
        kept += u32::from(use_delta);
    }
    Ok(kept)
}

fn explicit_set(reader: &mut Reader<'_>) -> Result<u32, Error> {
    let negative = reader.ue_max("num_negative_pics", MAX_PICTURES)?;
    let positive = reader.ue_max("num_positive_pics", MAX_PICTURES)?;
    for _ in 0..negative + positive {
        reader.ue()?; // delta_poc_s0_minus1 or delta_poc_s1_minus1
        reader.skip(1)?; // used_by_curr_pic_s0_flag or used_by_curr_pic_s1_flag
    }
    Ok(negative + positive)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_predicted_set_reads_one_flag_more_than_the_set_before_has_pictures() {
        // Two sets (011): one with a negative (010) and no positive (1) picture at -1 (1), used (1);
        // then one predicted (1) with sign (0), difference 1 (1), and flags 1, and 0 1; then 1010.
        let mut reader = Reader::new(&[0b0110_1011, 0b1101_1011, 0b0100_0000]);
        assert_eq!(skip_all(&mut reader), Ok(()));
        assert_eq!(reader.bits(4), Ok(0b1010));
    }

    #[test]
    fn counts_beyond_the_picture_buffer_are_rejected() {
        // One set (010) of 17 negative pictures (0000 10010).
        let rejected = Error::OutOfRange { field: "num_negative_pics", value: 17 };
        assert_eq!(skip_all(&mut Reader::new(&[0b0100_0001, 0b0010_0000])), Err(rejected));
    }
}
