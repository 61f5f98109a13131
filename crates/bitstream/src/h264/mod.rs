//! H.264 parameter sets (ITU-T H.264 clause 7.3.2 and Annex E).

mod pps;
mod profile;
mod sps;
mod vui;

pub use pps::Pps;
pub use profile::Profile;
pub use sps::Sps;
pub(crate) use vui::skip_hrd_and_pic_struct;
pub use vui::{BitstreamRestriction, Vui};

use crate::annexb::Unit;
use crate::{Error, Reader};

/// A reader behind the header of a unit of type `wanted`.
fn open<'a>(nal: &'a [u8], wanted: u8, expected: &'static str) -> Result<Reader<'a>, Error> {
    let (_, payload) = nal.split_first().ok_or(Error::Truncated)?;
    let found = Unit::new(nal).h264_type();
    if found != wanted {
        return Err(Error::WrongUnit { expected, found });
    }
    Ok(Reader::new(payload))
}
