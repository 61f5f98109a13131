//! The rectangle that is shown of what is coded.

use crate::{Error, Reader};

/// Reads a cropping rectangle (ITU-T H.264 7.3.2.1.1) or conformance window (ITU-T H.265 7.3.2.2.1),
/// flag included, and gives the size that is left of `coded`; offsets count in `unit` luma samples.
pub(crate) fn read(
    reader: &mut Reader<'_>,
    coded: (u32, u32),
    unit: (u32, u32),
) -> Result<(u32, u32), Error> {
    if !reader.flag()? {
        return Ok(coded);
    }
    let (left, right, top, bottom) = (reader.ue()?, reader.ue()?, reader.ue()?, reader.ue()?);
    let width = remaining(coded.0, unit.0, left, right);
    let height = remaining(coded.1, unit.1, top, bottom);
    width.zip(height).ok_or(Error::EmptyPicture { width: coded.0, height: coded.1 })
}

fn remaining(size: u32, unit: u32, before: u32, after: u32) -> Option<u32> {
    let cut = (u64::from(before) + u64::from(after)) * u64::from(unit);
    u64::from(size).checked_sub(cut).filter(|&rest| rest > 0).and_then(|rest| u32::try_from(rest).ok())
}
