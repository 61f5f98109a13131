//! What travels with a frame inside an H.264 or H.265 stream: SEI messages of user data (payload type 5, ITU-T H.264 D.1.7,
//! ITU-T H.265 D.2.7), which decoders that do not know them pass over.
//!
//! The capture time is written as the precision time stamp of MISB ST 0604, which other tools read. The rest has a UUID of
//! ours:
//!
//! | bytes | what |
//! |---|---|
//! | 16 | [`METADATA_UUID`] |
//! | 1 | version, 1 |
//! | 1 | which of the following are there: 1 frame id, 2 uncertainty, 4 user data |
//! | 8 | frame id, big endian |
//! | 4 | uncertainty of the capture time in microseconds, big endian |
//! | any | user data, to the end of the message |

use crate::annexb::Unit;
use crate::start_code::Starts;
use crate::writer::push_escaped;
use crate::{Codec, Kind};

/// `MISPmicrosectime`: the precision time stamp of MISB ST 0604.
pub const CAPTURE_TIME_UUID: [u8; 16] = *b"MISPmicrosectime";
/// Of the message with all but the capture time: ad147136-3e7f-40da-81e4-7bb0bf7ffe99.
pub const METADATA_UUID: [u8; 16] =
    [0xad, 0x14, 0x71, 0x36, 0x3e, 0x7f, 0x40, 0xda, 0x81, 0xe4, 0x7b, 0xb0, 0xbf, 0x7f, 0xfe, 0x99];
/// User data of more bytes than that is not written.
pub const MAX_USER_DATA: usize = 64 << 10;

/// Status of a clock that nobody has said to be locked to UTC, going forward and without a discontinuity; the reserved bits
/// are set (MISB ST 0603).
const LOCK_UNKNOWN: u8 = 0x9f;
/// Keeps two bytes of the time apart from the next, which so cannot look like a start code (MISB ST 0604).
const GUARD: u8 = 0xff;
/// `user_data_unregistered`
const UNREGISTERED: u8 = 5;
const VERSION: u8 = 1;
const HAS_FRAME_ID: u8 = 1;
const HAS_UNCERTAINTY: u8 = 2;
const HAS_USER_DATA: u8 = 4;

/// What goes with a frame.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Metadata {
    /// When the frame was taken, in microseconds since 1970, UTC without leap seconds.
    pub capture_time: Option<u64>,
    /// By how many microseconds the capture time may be wrong, either way.
    pub capture_time_uncertainty: Option<u32>,
    /// The caller's number of the frame.
    pub frame_id: Option<u64>,
    /// Bytes of the caller's; at most [`MAX_USER_DATA`].
    pub user_data: Option<Vec<u8>>,
}

impl Metadata {
    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// An upper bound for the bytes that [`insert`] adds.
    pub fn max_size(&self) -> usize {
        // Headers, UUIDs and numbers of both messages, and one escape for each two bytes of user data.
        let user_data = self.user_data.as_ref().map_or(0, Vec::len);
        128 + user_data + user_data / 2 + user_data / 255
    }
}

/// Puts what goes with a frame into its access unit: behind delimiter, parameter sets and other SEI messages, before the first
/// slice. `annexb` without a slice stays as it is, and user data beyond [`MAX_USER_DATA`] is left out.
pub fn insert(codec: Codec, annexb: &mut Vec<u8>, metadata: &Metadata) {
    let Some(place) = place(codec, annexb) else { return };
    let mut units = Vec::with_capacity(metadata.max_size());
    if let Some(time) = metadata.capture_time {
        push_unit(&mut units, codec, place.temporal_id_plus1, &capture_time(time));
    }
    if let Some(payload) = own(metadata) {
        push_unit(&mut units, codec, place.temporal_id_plus1, &payload);
    }
    annexb.splice(place.at..place.at, units);
}

/// Where messages of an access unit go.
struct Place {
    at: usize,
    /// Of its slices in H.265; a message has the same.
    temporal_id_plus1: u8,
}

fn place(codec: Codec, annexb: &[u8]) -> Option<Place> {
    /// A prefix NAL unit of scalable video, which belongs to the slice behind it.
    const PREFIX: Kind = Kind::Other(14);
    let mut before = None;
    for start in Starts::new(annexb) {
        let unit = Unit::new(annexb.get(start.header..).unwrap_or_default());
        match unit.kind(codec) {
            Kind::Slice { .. } => {
                let temporal_id_plus1 = unit.data().get(1).map_or(1, |byte| (byte & 7).max(1));
                return Some(Place { at: before.unwrap_or(start.code), temporal_id_plus1 });
            }
            PREFIX if codec == Codec::H264 => before = before.or(Some(start.code)),
            _ => before = None,
        }
    }
    None
}

fn capture_time(time: u64) -> Vec<u8> {
    let mut payload = CAPTURE_TIME_UUID.to_vec();
    payload.push(LOCK_UNKNOWN);
    for (number, pair) in time.to_be_bytes().chunks(2).enumerate() {
        if number > 0 {
            payload.push(GUARD);
        }
        payload.extend_from_slice(pair);
    }
    payload
}

/// The message with the UUID of ours; `None` where there is nothing in it.
fn own(metadata: &Metadata) -> Option<Vec<u8>> {
    let user_data = metadata.user_data.as_deref().filter(|data| data.len() <= MAX_USER_DATA);
    let flags = [
        (metadata.frame_id.is_some(), HAS_FRAME_ID),
        (metadata.capture_time_uncertainty.is_some(), HAS_UNCERTAINTY),
        (user_data.is_some(), HAS_USER_DATA),
    ];
    let present = flags.iter().filter(|(is_there, _)| *is_there).fold(0, |all, (_, flag)| all | flag);
    if present == 0 {
        return None;
    }
    let mut payload = METADATA_UUID.to_vec();
    payload.extend([VERSION, present]);
    payload.extend(metadata.frame_id.iter().flat_map(|id| id.to_be_bytes()));
    payload.extend(metadata.capture_time_uncertainty.iter().flat_map(|time| time.to_be_bytes()));
    payload.extend_from_slice(user_data.unwrap_or_default());
    Some(payload)
}

/// Appends a unit with one message.
fn push_unit(out: &mut Vec<u8>, codec: Codec, temporal_id_plus1: u8, payload: &[u8]) {
    let mut rbsp = Vec::with_capacity(payload.len() + payload.len() / 255 + 3);
    rbsp.push(UNREGISTERED);
    rbsp.resize(rbsp.len() + payload.len() / 255, 0xff);
    rbsp.push(u8::try_from(payload.len() % 255).unwrap_or_default());
    rbsp.extend_from_slice(payload);
    rbsp.push(0x80);
    out.extend([0, 0, 0, 1]);
    match codec {
        Codec::H264 => out.push(6),
        // PREFIX_SEI_NUT of the base layer.
        Codec::H265 => out.extend([39 << 1, temporal_id_plus1]),
    }
    push_escaped(out, &rbsp);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{annexb, rbsp};

    const TIME: u64 = 0x0006_2a3b_0000_01ff;

    fn metadata() -> Metadata {
        Metadata {
            capture_time: Some(TIME),
            capture_time_uncertainty: Some(7),
            frame_id: Some(258),
            user_data: Some(vec![0, 0, 1, 0x65, 0, 0, 0, 0, 3]),
        }
    }

    /// The payloads of the messages, without their UUIDs.
    fn payloads(codec: Codec, data: &[u8]) -> Vec<(Vec<u8>, Vec<u8>)> {
        let header = if codec == Codec::H264 { 1 } else { 2 };
        annexb::units(data)
            .filter(|unit| unit.kind(codec) == Kind::Sei)
            .map(|unit| {
                let bytes: Vec<u8> = rbsp(unit.data().get(header..).unwrap()).collect();
                assert_eq!(bytes.first(), Some(&5));
                let runs = bytes.iter().skip(1).take_while(|byte| **byte == 0xff).count();
                let size = runs * 255 + usize::from(bytes[1 + runs]);
                let payload = bytes.get(2 + runs..2 + runs + size).unwrap();
                assert_eq!(bytes.get(2 + runs + size..), Some(&[0x80][..]));
                (payload[..16].to_vec(), payload[16..].to_vec())
            })
            .collect()
    }

    #[test]
    fn the_time_is_a_precision_time_stamp_and_the_rest_has_a_version() {
        for (codec, slice) in [(Codec::H264, [0, 0, 1, 0x65, 0x88]), (Codec::H265, [0, 0, 1, 0x26, 3])] {
            let mut data = slice.to_vec();
            insert(codec, &mut data, &metadata());
            let [(time_id, time), (own_id, own)] = payloads(codec, &data).try_into().unwrap();
            assert_eq!((time_id, own_id), (CAPTURE_TIME_UUID.to_vec(), METADATA_UUID.to_vec()));
            assert_eq!(time, [0x9f, 0x00, 0x06, 0xff, 0x2a, 0x3b, 0xff, 0x00, 0x00, 0xff, 0x01, 0xff]);
            let head = [1, 7, 0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 7];
            assert_eq!(own, [&head[..], &metadata().user_data.unwrap()].concat());
            assert!(data.ends_with(&slice));
            assert_eq!(annexb::units(&data).count(), 3);
            assert!(data.len() - slice.len() <= metadata().max_size());
        }
    }

    #[test]
    fn messages_come_behind_everything_that_leads_and_before_the_first_slice() {
        let order = |codec, units: &[&[u8]]| {
            let mut data: Vec<u8> = units.iter().flat_map(|unit| [&[0, 0, 0, 1], *unit].concat()).collect();
            insert(codec, &mut data, &metadata());
            annexb::units(&data)
                .map(|unit| if codec == Codec::H264 { unit.h264_type() } else { unit.h265_type() })
                .collect::<Vec<u8>>()
        };
        let h264: [&[u8]; 6] =
            [&[9, 0xf0], &[0x67, 1], &[0x68, 1], &[6, 1, 1, 1, 0x80], &[0x65, 0x88], &[0x65, 0x44]];
        assert_eq!(order(Codec::H264, &h264), [9, 7, 8, 6, 6, 6, 5, 5]);
        assert_eq!(order(Codec::H264, &[&[0x6e, 1], &[0x65, 0x88]]), [6, 6, 14, 5]);
        let h265: [&[u8]; 4] = [&[0x46, 1, 0x50], &[0x40, 1, 1], &[0x26, 1, 0xaf], &[0x50, 1, 1]];
        assert_eq!(order(Codec::H265, &h265), [35, 32, 39, 39, 19, 40]);
        assert_eq!(order(Codec::H264, &[&[0x67, 1]]), [7], "no frame, nothing to go with it");
    }

    #[test]
    fn a_message_is_of_the_temporal_layer_of_its_slices() {
        let mut data = vec![0, 0, 1, 2, 3, 0xd0];
        insert(Codec::H265, &mut data, &metadata());
        assert!(annexb::units(&data).all(|unit| unit.data()[1] == 3));
    }

    #[test]
    fn only_what_there_is_is_written() {
        let slice = [0, 0, 1, 0x65, 0x88];
        let written = |metadata: Metadata| {
            let mut data = slice.to_vec();
            insert(Codec::H264, &mut data, &metadata);
            payloads(Codec::H264, &data).into_iter().map(|(_, payload)| payload).collect::<Vec<_>>()
        };
        assert!(written(Metadata::default()).is_empty());
        assert!(Metadata::default().is_empty());
        let id = Metadata { frame_id: Some(1), ..Metadata::default() };
        assert_eq!(written(id), [[1, 1, 0, 0, 0, 0, 0, 0, 0, 1]]);
        let empty = Metadata { user_data: Some(Vec::new()), ..Metadata::default() };
        assert_eq!(written(empty), [[1, 4]]);
        let whole = |length| Metadata { user_data: Some(vec![0; length]), ..Metadata::default() };
        assert_eq!(written(whole(MAX_USER_DATA))[0].len(), MAX_USER_DATA + 2);
        assert!(written(whole(MAX_USER_DATA + 1)).is_empty());
    }

    #[test]
    fn the_bound_holds_for_the_worst_data() {
        for length in [0, 1, 255, 4096, MAX_USER_DATA] {
            let metadata = Metadata { user_data: Some(vec![0; length]), ..metadata() };
            let mut data = vec![0, 0, 1, 0x65, 0x88];
            insert(Codec::H264, &mut data, &metadata);
            assert!(data.len() - 5 <= metadata.max_size(), "{length}");
        }
    }
}
