//! What comes with a frame and what is told of a chunk, in NVIDIA's structures.
//!
//! They have grown from release to release; what is read and written here is in the same place in all, except for the
//! index that binds metadata to a buffer and the size of a region. JetPack 6 stands for its two layouts: a client may
//! write the index at either place.

/// A rectangle in pixels whose QP differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Region {
    pub(crate) left: i32,
    pub(crate) top: i32,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) qp_delta: i32,
}

/// The QP of one frame, or the bits that it shall have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ExternalRate {
    pub(crate) target_bits: u32,
    /// 0: found from the bits.
    pub(crate) qp: u32,
    pub(crate) least_qp: u32,
    pub(crate) most_qp: u32,
}

/// What control 541 brought for the next buffer that is queued.
#[derive(Clone, Debug, Default)]
pub(crate) struct FrameMetadata {
    /// Where the client may have written the index of the buffer.
    pub(crate) indices: Vec<u32>,
    pub(crate) regions: Vec<Region>,
    pub(crate) external_rate: Option<ExternalRate>,
    pub(crate) references: bool,
}

/// What control 536 tells of a chunk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ChunkMetadata {
    pub(crate) is_key: bool,
    pub(crate) bytes: u32,
    /// Mean, least and greatest.
    pub(crate) qp: [u32; 3],
}

/// Bits of the metadata's flags.
pub(crate) const HAS_REGIONS: u32 = 1;
pub(crate) const HAS_REFERENCES: u32 = 4;
pub(crate) const HAS_RATE: u32 = 8;
pub(crate) const MOST_REGIONS: u32 = 8;

/// Offsets in the structure of control 541.
pub(crate) const REGIONS_AT: u64 = 8;
pub(crate) const RATE_AT: u64 = 40;

/// Where the index may be, by generation.
pub(crate) const fn index_offsets(generation: u32) -> &'static [u64] {
    if generation >= 6 { &[48, 56] } else { &[48] }
}

/// From one region to the next: JetPack 6 reserves four words.
pub(crate) const fn region_size(generation: u32) -> u64 {
    if generation >= 6 { 36 } else { 20 }
}
