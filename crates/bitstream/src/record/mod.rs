//! Decoder configuration records of ISO/IEC 14496-15: what an MP4 file's `avcC` and `hvcC` boxes and
//! the `description` of a WebCodecs decoder configuration hold.

mod avcc;
mod hvcc;

pub use avcc::avcc;
pub use hvcc::hvcc;

use crate::{Codec, Error, Kind, annexb};

/// Bytes of a length before each unit, less one; we write four-byte lengths.
const LENGTH_SIZE_MINUS_ONE: u8 = 3;

/// Writes the record for a stream whose parameter sets are in `annexb`, wherever in it they stand;
/// `None` when one is missing or cannot be read. Repeated parameter sets are taken once.
///
/// Scans all of `annexb`: hand it a key frame's chunk, or the header alone.
pub fn from_annexb(codec: Codec, annexb: &[u8]) -> Option<Vec<u8>> {
    let [mut vps, mut sps, mut pps] = [const { Vec::new() }; 3];
    for unit in annexb::units(annexb) {
        let list = match unit.kind(codec) {
            Kind::Vps => &mut vps,
            Kind::Sps => &mut sps,
            Kind::Pps => &mut pps,
            _ => continue,
        };
        if list.len() <= MAX_SETS && !list.contains(&unit.data()) {
            list.push(unit.data());
        }
    }
    match codec {
        Codec::H264 => avcc(&sps, &pps).ok(),
        Codec::H265 => hvcc(&vps, &sps, &pps).ok(),
    }
}

/// More than either record takes of any kind, so that hostile data costs little before it is rejected.
const MAX_SETS: usize = 255;

/// The number of sets of one kind, where it is between one and `limit`.
fn count(kind: &'static str, sets: &[&[u8]], limit: u8) -> Result<u8, Error> {
    match u8::try_from(sets.len()) {
        Ok(0) => Err(Error::Missing(kind)),
        Ok(count) if count <= limit => Ok(count),
        _ => Err(Error::TooManySets { kind, count: sets.len(), limit: limit.into() }),
    }
}

/// Appends each set behind its length in two bytes.
fn push_sets(out: &mut Vec<u8>, sets: &[&[u8]]) -> Result<(), Error> {
    for set in sets {
        let length = u16::try_from(set.len()).map_err(|_| Error::UnitTooLong { length: set.len() })?;
        out.extend_from_slice(&length.to_be_bytes());
        out.extend_from_slice(set);
    }
    Ok(())
}
