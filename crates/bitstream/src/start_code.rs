//! Finding start codes (ITU-T H.264 B.1.1, ITU-T H.265 B.2.1).
//!
//! Every byte of a coded stream passes through here when units are listed, so the search looks at
//! eight bytes at a time: a start code begins with a zero byte, and entropy-coded data holds one only
//! every 256 bytes or so. [`Starts`] finds the next start code on demand and not
//! before; who looks for the first slice never pays for the slice's length.

const LOW: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

fn has_zero(block: [u8; 8]) -> bool {
    let word = u64::from_ne_bytes(block);
    word.wrapping_sub(LOW) & !word & HIGH != 0
}

/// Position of the first zero byte at or after `from`.
fn next_zero(data: &[u8], from: usize) -> Option<usize> {
    let (blocks, _) = data.get(from..)?.as_chunks::<8>();
    let whole = blocks.iter().take_while(|block| !has_zero(**block)).count();
    let near = from + whole * 8;
    Some(near + data.get(near..)?.iter().position(|&byte| byte == 0)?)
}

/// Position of the first `00 00 01` at or after `from`.
fn find(data: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        at = next_zero(data, at)?;
        let rest = data.get(at..)?;
        match rest {
            [0, 0, 1, ..] => return Some(at),
            // A long run of zeros, as padding is: on to its last two.
            [0, 0, 0, ..] => at += rest.iter().position(|&byte| byte != 0)? - 2,
            [0, 0, _, ..] => at += 3,
            [0, _, _, ..] => at += 2,
            _ => return None,
        }
    }
}

/// Where one unit begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Start {
    /// First byte of the start code, with the `zero_byte` of the four-byte form.
    pub(crate) code: usize,
    /// First byte of the unit, its header.
    pub(crate) header: usize,
}

/// The start codes of a piece of Annex B data, found one by one.
#[derive(Debug, Clone)]
pub(crate) struct Starts<'a> {
    data: &'a [u8],
    at: usize,
}

impl<'a> Starts<'a> {
    pub(crate) fn new(data: &'a [u8]) -> Self {
        Self { data, at: 0 }
    }
}

impl Iterator for Starts<'_> {
    type Item = Start;

    fn next(&mut self) -> Option<Start> {
        let Some(found) = find(self.data, self.at) else {
            self.at = self.data.len();
            return None;
        };
        let long = found > self.at && self.data.get(found - 1) == Some(&0);
        self.at = found + 3;
        Some(Start { code: found - usize::from(long), header: found + 3 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn naive(data: &[u8]) -> Vec<usize> {
        data.windows(3).enumerate().filter(|(_, w)| *w == [0, 0, 1]).map(|(at, _)| at + 3).collect()
    }

    #[test]
    fn agrees_with_the_plain_search_at_every_alignment() {
        let mut state = 7_u32;
        for length in 0..200 {
            let data: Vec<u8> = (0..length)
                .map(|_| {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    [0, 0, 0, 1, 1, 2, 3, 0xff][(state >> 24) as usize % 8]
                })
                .collect();
            let ours: Vec<usize> = Starts::new(&data).map(|start| start.header).collect();
            assert_eq!(ours, naive(&data), "{data:?}");
        }
    }

    #[test]
    fn the_fourth_byte_belongs_to_the_start_code() {
        let starts: Vec<Start> = Starts::new(&[0, 0, 0, 1, 9, 0, 0, 1, 9, 0, 0, 0, 0, 1]).collect();
        let expected = [(0, 4), (5, 8), (10, 14)].map(|(code, header)| Start { code, header });
        assert_eq!(starts, expected);
    }
}
