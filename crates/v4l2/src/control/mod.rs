//! Control values and how they travel.
//!
//! NVIDIA's structs grew with every release, without a version in them. So a struct travels in a zeroed payload
//! that is larger than any of them, and only the prefix which never changed is written.

pub mod ids;
pub mod nvidia;

/// The class of codec controls (`V4L2_CTRL_CLASS_CODEC`, formerly `…_MPEG`).
pub const CLASS_CODEC: u32 = 0x0099_0000;

/// Larger than any struct of any release.
const PAYLOAD_BYTES: usize = 4096;

/// A control's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// An integer, boolean, menu or button, in place.
    Integer(i32),
    /// A struct that begins with these 32-bit members, by pointer.
    Struct(Vec<u32>),
}

/// Memory for a struct; none for a number.
pub(crate) struct Payload(Option<Box<[u8; PAYLOAD_BYTES]>>);

impl Payload {
    pub(crate) fn of(value: &Value) -> Self {
        let Value::Struct(members) = value else { return Self(None) };
        let mut bytes = Box::new([0; PAYLOAD_BYTES]);
        for (place, member) in bytes.chunks_exact_mut(4).zip(members) {
            place.copy_from_slice(&member.to_ne_bytes());
        }
        Self(Some(bytes))
    }

    pub(crate) fn as_mut_ptr(&mut self) -> *mut u8 {
        self.0.as_mut().map_or(std::ptr::null_mut(), |bytes| bytes.as_mut_ptr())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_struct_travels_in_a_zeroed_page() {
        let payload = Payload::of(&Value::Struct(vec![7, 0xFFFF_FFFF]));
        let bytes = payload.0.unwrap();
        assert_eq!(bytes[..8], [7, 0, 0, 0, 255, 255, 255, 255]);
        assert!(bytes[8..].iter().all(|byte| *byte == 0));
        assert_eq!(bytes.len(), 4096);
    }
}
