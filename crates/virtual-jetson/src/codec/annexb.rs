//! Units between start codes, and the bytes that keep a start code out of them.

pub(super) const START_CODE: [u8; 4] = [0, 0, 0, 1];

/// The units of a stream, without start codes.
pub(super) fn units(stream: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = stream.get(find_start(stream).map_or(stream.len(), |at| at + 3)..).unwrap_or_default();
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = find_start(rest).unwrap_or(rest.len());
        let unit = &rest[..end];
        rest = rest.get(end + 3..).unwrap_or_default();
        let trailing = unit.iter().rev().take_while(|&&byte| byte == 0).count();
        Some(&unit[..unit.len() - trailing])
    })
}

/// Where the next three-byte start code begins. Looks for the rare byte, the 1, first.
fn find_start(bytes: &[u8]) -> Option<usize> {
    let mut from = 2;
    while let Some(at) = bytes.get(from..)?.iter().position(|&byte| byte == 1).map(|at| at + from) {
        if bytes[at - 1] == 0 && bytes[at - 2] == 0 {
            return Some(at - 2);
        }
        from = at + 1;
    }
    None
}

/// A unit's payload without its emulation prevention bytes.
pub(super) fn unescape(unit: &[u8]) -> Vec<u8> {
    let mut payload = Vec::with_capacity(unit.len());
    let mut zeros = 0;
    for &byte in unit {
        if zeros >= 2 && byte == 3 {
            zeros = 0;
            continue;
        }
        zeros = if byte == 0 { zeros + 1 } else { 0 };
        payload.push(byte);
    }
    payload
}

/// Appends a start code and a unit, with emulation prevention bytes put in.
pub(super) fn push_escaped(chunk: &mut Vec<u8>, payload: &[u8]) {
    chunk.extend_from_slice(&START_CODE);
    let mut zeros = 0;
    for &byte in payload {
        if zeros >= 2 && byte <= 3 {
            chunk.push(3);
            zeros = 0;
        }
        zeros = if byte == 0 { zeros + 1 } else { 0 };
        chunk.push(byte);
    }
}

/// Appends a start code and a unit as it is.
pub(super) fn push(chunk: &mut Vec<u8>, unit: &[u8]) {
    chunk.extend_from_slice(&START_CODE);
    chunk.extend_from_slice(unit);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_found_between_both_kinds_of_start_code() {
        let stream = [0, 0, 0, 1, 0x67, 1, 0, 0, 1, 0x68, 2, 0, 0, 0, 1, 0x65, 1, 1];
        let found: Vec<_> = units(&stream).collect();
        assert_eq!(found, [&[0x67, 1][..], &[0x68, 2], &[0x65, 1, 1]]);
    }

    #[test]
    fn escaping_is_undone() {
        let payload = [0x67, 0, 0, 0, 0, 0, 1, 0, 0, 3];
        let mut chunk = Vec::new();
        push_escaped(&mut chunk, &payload);
        assert_eq!(find_start(&chunk[4..]), None);
        assert_eq!(unescape(&chunk[4..]), payload);
    }
}
