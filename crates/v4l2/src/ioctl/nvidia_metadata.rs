//! What NVIDIA's library takes with a raw frame and tells of a chunk: structs of pointers to structs, which have grown from release to
//! release. What is read and written here is in the same place in all of them, but for what is said to differ.

use v4l2r::bindings::{v4l2_ext_control, v4l2_ext_controls};

use super::ext_ctrls::{G_EXT_CTRLS, S_EXT_CTRLS};
use super::{failed, run};
use crate::control::CLASS_CODEC;
use crate::control::nvidia::{INPUT_METADATA, METADATA};
use crate::transport::{LibraryLookup, Request};
use crate::{Result, Transport};

/// More than any release's structs.
const BLOCK_BYTES: usize = 4096;

/// Flags of the input's metadata.
const HAS_REGIONS: u32 = 1;
const HAS_RATE: u32 = 8;
/// Places in it.
const REGIONS_AT: usize = 8;
const RATE_AT: usize = 40;
/// L4T r32 to r36.3 have the index at the first place, and since r36.4 at the second; the pointer at the first is of another flag then.
const INDEX_AT: [usize; 2] = [48, 56];
/// Places in the metadata of a chunk, and in the struct that it points at.
const CODED_AT: usize = 16;
const CODED_INDEX_AT: usize = 32;
const AVERAGE_QP_AT: usize = 2;

/// A struct of the library's, with room for what later releases add.
#[derive(Debug)]
#[repr(C, align(16))]
struct Block([u8; BLOCK_BYTES]);

impl Block {
    fn new() -> Box<Self> {
        Box::new(Self([0; BLOCK_BYTES]))
    }

    fn put(&mut self, at: usize, number: u32) {
        self.0[at..at + 4].copy_from_slice(&number.to_ne_bytes());
    }

    fn point(&mut self, at: usize, to: &mut Self) {
        let address = to.0.as_mut_ptr().expose_provenance() as u64;
        self.0[at..at + 8].copy_from_slice(&address.to_ne_bytes());
    }
}

/// A part of a frame in pixels, and by how much its quantizer differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RegionOfInterest {
    /// Left edge.
    pub left: u32,
    /// Upper edge.
    pub top: u32,
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
    /// From -51 to 51.
    pub offset: i32,
}

/// What comes with raw frames. Its memory is kept from one frame to the next: when the library reads it is not documented.
#[derive(Debug)]
pub struct InputMetadata {
    input: Box<Block>,
    regions: Box<Block>,
    rate: Box<Block>,
    region_bytes: usize,
}

impl InputMetadata {
    /// For the release of the system. A container may hide it; the regions then lie as in r36.
    #[must_use]
    pub fn new(lookup: &LibraryLookup) -> Self {
        let release = std::fs::read_to_string(lookup.root().join("etc/nv_tegra_release")).unwrap_or_default();
        let region_bytes = region_bytes(&release);
        Self { input: Block::new(), regions: Block::new(), rate: Block::new(), region_bytes }
    }

    /// Says what the raw buffer `index`, which is queued next, comes with. Of a session whose controls for it are on.
    ///
    /// # Errors
    /// [`crate::Failure::Ioctl`].
    pub fn send(
        &mut self,
        transport: &dyn Transport,
        index: u32,
        regions: &[RegionOfInterest],
        quantizer: Option<u32>,
    ) -> Result<()> {
        let mut flags = 0;
        if !regions.is_empty() {
            flags |= HAS_REGIONS;
            self.regions.put(0, regions.len() as u32);
            for (number, region) in regions.iter().enumerate() {
                let RegionOfInterest { left, top, width, height, offset } = *region;
                let start = 4 + number * self.region_bytes;
                for (word, value) in
                    [left, top, width, height, offset.cast_unsigned()].into_iter().enumerate()
                {
                    self.regions.put(start + 4 * word, value);
                }
            }
            self.regions.put(4 + 8 * self.region_bytes, index);
        }
        if let Some(quantizer) = quantizer {
            flags |= HAS_RATE;
            // Bits, quantizer, least and greatest quantizer; 0 is none.
            self.rate.put(4, quantizer);
        }
        self.input.put(0, flags);
        self.input.point(REGIONS_AT, &mut self.regions);
        self.input.point(RATE_AT, &mut self.rate);
        INDEX_AT.into_iter().for_each(|at| self.input.put(at, index));
        exchange(transport, S_EXT_CTRLS, INPUT_METADATA, &mut self.input)
    }
}

fn region_bytes(release: &str) -> usize {
    let major = release.trim_start_matches("# R").split(|letter: char| !letter.is_ascii_digit()).next();
    match major.and_then(|major| major.parse::<u32>().ok()) {
        Some(..=35) => 20,
        Some(37..) => 84,
        _ => 36,
    }
}

/// What is told of chunks.
#[derive(Debug)]
pub struct ChunkMetadata {
    outer: Box<Block>,
    inner: Box<Block>,
}

impl Default for ChunkMetadata {
    fn default() -> Self {
        Self { outer: Block::new(), inner: Block::new() }
    }
}

impl ChunkMetadata {
    /// The average quantizer of the chunk in the coded buffer `index`, from its being dequeued to its being queued again.
    ///
    /// # Errors
    /// [`crate::Failure::Ioctl`].
    pub fn average_quantizer(&mut self, transport: &dyn Transport, index: u32) -> Result<u16> {
        self.outer.point(CODED_AT, &mut self.inner);
        self.outer.put(CODED_INDEX_AT, index);
        exchange(transport, G_EXT_CTRLS, METADATA, &mut self.outer)?;
        Ok(u16::from_ne_bytes([self.inner.0[AVERAGE_QP_AT], self.inner.0[AVERAGE_QP_AT + 1]]))
    }
}

fn exchange(transport: &dyn Transport, request: Request, id: u32, block: &mut Block) -> Result<()> {
    let mut control = v4l2_ext_control { id, ..Default::default() };
    control.__bindgen_anon_1.p_u8 = block.0.as_mut_ptr();
    let mut raw = v4l2_ext_controls { count: 1, controls: &raw mut control, ..Default::default() };
    raw.__bindgen_anon_1.which = CLASS_CODEC;
    #[expect(unsafe_code, reason = "an ioctl")]
    // SAFETY: the request's struct with one control; it points at a block, and that at blocks of the same owner, all larger than any
    // struct the driver reads or writes.
    unsafe { run(transport, request, &mut raw) }.map_err(|errno| failed(transport, request, errno))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_lie_as_the_release_has_them() {
        let bytes = [
            "# R32 (release), REVISION: 7.1",
            "# R35 (release)",
            "# R36 (release), REVISION: 4.0",
            "# R38",
            "",
        ]
        .map(region_bytes);
        assert_eq!(bytes, [20, 20, 36, 84, 36]);
    }
}
