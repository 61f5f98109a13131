//! Surfaces that this process allocates.

use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::sync::Arc;

use v4l2::surface::{SurfaceFacts, SurfaceLayout, SurfaceLibrary, SurfacePlane, SurfaceSize};
use v4l2::transport::{Library, LibraryLookup};

use super::SurfaceFormat;
use crate::error::{Code, Error, Result};

/// What to allocate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SurfaceOptions {
    /// In pixels; even, from 16 to 16384.
    pub width: u32,
    /// In pixels; even, from 16 to 16384.
    pub height: u32,
    /// How its planes are arranged.
    pub format: SurfaceFormat,
    /// Whether its pixels lie in NVIDIA's blocks, which the encoder reads without a copy of its own, and not in rows.
    pub block_linear: bool,
    /// The main library, beside which the surface library is looked for first; as [`crate::Config::library`].
    pub library: Option<PathBuf>,
}

const OLD_HINT: &str = "Update the board to JetPack 5 or later, or give frames in ordinary memory, or write them into \
    the encoder's own buffers (acquireFrame); neither needs surfaces.";
const MEMORY_HINT: &str = "Check that the user is in the group video, that the container has /dev/nvmap, and that memory is \
    left.";
const BUSY_HINT: &str = "Wait for the frame's release().";

/// A surface of our own. Dropping it frees it, as soon as no device has it.
#[derive(Debug)]
pub struct Surface {
    surface: Arc<v4l2::surface::Surface>,
    format: SurfaceFormat,
}

/// A mapped plane: address and bytes.
pub type MappedPlane = (*mut u8, usize);

impl Surface {
    /// Widths and heights that a surface can have, in pixels; only even ones of them.
    pub const SIDES: RangeInclusive<u32> = 16..=16384;

    /// The width or height of a surface, in pixels, from a number that may be any.
    ///
    /// # Errors
    /// [`Code::Config`] for what is not an even number of [`Self::SIDES`].
    pub fn side(name: &str, side: f64) -> Result<u32> {
        let (min, max) = Self::SIDES.into_inner();
        if side % 2.0 != 0.0 || !(f64::from(min)..=f64::from(max)).contains(&side) {
            return Err(Error::range(
                Code::Config,
                format!("The {name} of a surface must be even, from {min} to {max} pixels, but is {side}."),
            ));
        }
        // In range and whole, so nothing is cut off.
        Ok(side as u32)
    }

    /// Allocates a surface.
    ///
    /// # Errors
    /// [`Code::Config`] for a size that cannot be, [`Code::LibraryMissing`] where NVIDIA's library is missing or older than
    /// JetPack 5, [`Code::Device`] when it gives no memory.
    pub fn allocate(options: &SurfaceOptions) -> Result<Self> {
        Self::side("width", options.width.into())?;
        Self::side("height", options.height.into())?;
        let lookup = LibraryLookup { explicit: options.library.clone(), root: None };
        let library = SurfaceLibrary::find(&lookup);
        if !library.is_found() {
            return Err(missing(&lookup));
        }
        let size = SurfaceSize {
            width: options.width,
            height: options.height,
            color: options.format.color(),
            layout: if options.block_linear { SurfaceLayout::BlockLinear } else { SurfaceLayout::Pitch },
        };
        let surface = v4l2::surface::Surface::allocate(&library, size).map_err(|failed| match failed {
            None => Error::new(
                Code::LibraryMissing,
                "Surfaces need JetPack 5 or later: NVIDIA's library on this machine has no NvBufSurfaceAllocate.",
            )
            .with_hint(OLD_HINT),
            Some(what) => Error::new(
                Code::Device,
                format!("No surface of {}x{} could be allocated: {what}.", options.width, options.height),
            )
            .with_hint(MEMORY_HINT),
        })?;
        check_made(surface.facts(), size, options.format)?;
        Ok(Self { surface, format: options.format })
    }

    fn facts(&self) -> &SurfaceFacts {
        self.surface.facts()
    }

    /// The descriptor that stands for it in this process. It stays the surface's.
    #[must_use]
    pub fn descriptor(&self) -> i32 {
        self.facts().descriptor
    }

    /// Where its planes lie, in bytes.
    #[must_use]
    pub fn planes(&self) -> &[SurfacePlane] {
        &self.facts().planes
    }

    /// Maps its planes for the processor: address of the first row's start, and bytes to the last row's end. Valid until
    /// [`Surface::unmap`], and as long as the surface.
    ///
    /// # Errors
    /// [`Code::Busy`] while a device has it, [`Code::Frame`] for a block-linear one, [`Code::Device`] when it fails.
    pub fn map(&self) -> Result<Vec<MappedPlane>> {
        self.assert_free("mapped")?;
        let facts = self.facts();
        if facts.layout == SurfaceLayout::BlockLinear {
            return Err(Error::new(
                Code::Frame,
                "A block-linear surface is not mapped: its memory does not hold rows, but blocks in an order of NVIDIA's own.",
            )
            .with_hint("Allocate it with the layout 'pitch' to write it from the processor."));
        }
        let addresses = self.surface.map().map_err(|what| failed("mapped", &what))?;
        let planes = addresses.into_iter().zip(&facts.planes).enumerate();
        let length = |number, plane: &SurfacePlane| {
            let (row_bytes, rows) = self.format.plane(number, facts.width, facts.height);
            plane.stride as usize * (rows - 1) + row_bytes
        };
        Ok(planes.map(|(number, (address, plane))| (address, length(number, plane))).collect())
    }

    /// Makes what was written visible to devices, and ends the mapping. Does nothing without one.
    ///
    /// # Errors
    /// [`Code::Device`] when the memory could not be synchronised; the mapping is over all the same.
    pub fn unmap(&self) -> Result<()> {
        self.surface.unmap().map_err(|what| failed("made visible to the device", &what))
    }

    /// What another process needs besides the descriptor to give it to an encoder there.
    ///
    /// # Errors
    /// [`Code::LibraryMissing`] where NVIDIA's library does not let surfaces into other processes.
    pub fn map_parameters(&self) -> Result<Vec<u8>> {
        self.surface.map_parameters().map_err(|what| {
            Error::new(
                Code::LibraryMissing,
                format!("The surface cannot be given to other processes: {what}."),
            )
            .with_hint("That needs JetPack 6 or later.")
        })
    }

    /// Whether it may be freed.
    ///
    /// # Errors
    /// [`Code::Busy`] while a device has it.
    pub fn check_free(&self) -> Result<()> {
        self.assert_free("closed")
    }

    fn assert_free(&self, what: &str) -> Result<()> {
        if Arc::strong_count(&self.surface) == 1 {
            return Ok(());
        }
        Err(Error::new(Code::Busy, format!("The surface cannot be {what}: the encoder's device has it."))
            .with_hint(BUSY_HINT))
    }
}

/// What the library made is mapped and written as it says: it has to be what was requested, and to hold its own planes.
fn check_made(facts: &SurfaceFacts, size: SurfaceSize, format: SurfaceFormat) -> Result<()> {
    let wrong = |what: String| {
        Err(Error::new(
            Code::Device,
            format!("NVIDIA's library made another surface than was requested: {what}."),
        ))
    };
    if (facts.width, facts.height) != (size.width, size.height) {
        return wrong(format!("{}x{} instead of {}x{}", facts.width, facts.height, size.width, size.height));
    }
    let planes = if format == SurfaceFormat::I420 { 3 } else { 2 };
    if facts.planes.len() != planes {
        return wrong(format!("{} planes instead of {planes}", facts.planes.len()));
    }
    // Blocks are the library's own business.
    let in_rows = facts.layout == SurfaceLayout::Pitch;
    for (number, plane) in facts.planes.iter().enumerate().filter(|_| in_rows) {
        let (row_bytes, rows) = format.plane(number, facts.width, facts.height);
        let stride = plane.stride as usize;
        let end = plane.offset as usize + stride * (rows - 1) + row_bytes;
        if stride < row_bytes || (facts.length > 0 && end > facts.length as usize) {
            return wrong(format!(
                "plane {number} with rows of {stride} bytes to byte {end} of {}",
                facts.length
            ));
        }
    }
    Ok(())
}

fn failed(what: &str, why: &str) -> Error {
    Error::new(Code::Device, format!("The surface could not be {what}: {why}."))
}

/// What the search for the main library says fits here as well, and names the places.
fn missing(lookup: &LibraryLookup) -> Error {
    match Library::find(lookup) {
        Err(error) => {
            let error = Error::from(error);
            Error { message: format!("Surfaces need NVIDIA's libraries. {}", error.message), ..error }
        }
        Ok(library) => Error::new(
            Code::LibraryMissing,
            format!(
                "NVIDIA's libnvbufsurface.so was not found, neither beside {} nor where the loader looks.",
                library.path().display()
            ),
        )
        .with_hint(
            "On a Jetson install nvidia-l4t-multimedia-utils; in a container use NVIDIA's container runtime.",
        ),
    }
}
