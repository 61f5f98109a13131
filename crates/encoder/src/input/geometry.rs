//! How a device lays out its input buffers.

use super::format::RawFormat;

/// How the device's own buffers are laid out, and what it takes besides them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputGeometry {
    /// The raw format that the device is set to.
    pub format: RawFormat,
    /// In pixels, padding included.
    pub coded_width: u32,
    /// In pixels, padding included.
    pub coded_height: u32,
    /// Offset and stride of each plane in bytes, and the number of the memory it lies in.
    pub planes: Vec<InputPlane>,
    /// Bytes that each memory has at least.
    pub memories: Vec<u32>,
    /// What the device takes as DMABUFs.
    pub imports: Imports,
}

/// Where a plane lies in the device's buffers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InputPlane {
    /// Planes have a memory each, or share one.
    pub memory: usize,
    /// Bytes from the memory's start.
    pub offset: usize,
    /// Bytes from one row to the next.
    pub stride: usize,
}

/// What a device takes as DMABUFs.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Imports {
    /// None.
    Nothing,
    /// Memory that is laid out like its own buffers, in one of these formats.
    SameLayout(Vec<RawFormat>),
    /// Surfaces of NVIDIA's, which know their layout, in one of these formats (none on JetPack 4), and no other DMABUFs.
    Surfaces(Vec<RawFormat>),
}
