//! H.265 parameter sets (ITU-T H.265 clause 7.3.2 and Annex E).

mod hrd;
mod pps;
mod profile;
mod profile_tier_level;
mod ref_pic_set;
mod scaling;
mod sps;
mod vps;
mod vui;

pub use pps::Pps;
pub use profile::Profile;
pub use profile_tier_level::{ProfileTierLevel, Tier};
pub use sps::Sps;
pub use vps::Vps;
pub use vui::Vui;
pub(crate) use vui::skip_fields_and_window;

use crate::annexb::Unit;
use crate::{Error, Reader};

/// A reader behind the header of a base layer unit of type `wanted`.
fn open<'a>(nal: &'a [u8], wanted: u8, expected: &'static str) -> Result<Reader<'a>, Error> {
    let [_, _, payload @ ..] = nal else { return Err(Error::Truncated) };
    let unit = Unit::new(nal);
    if unit.h265_type() != wanted {
        return Err(Error::WrongUnit { expected, found: unit.h265_type() });
    }
    crate::error::at_most("nuh_layer_id", unit.h265_layer().into(), 0)?;
    Ok(Reader::new(payload))
}
