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
