//! What is behind a frame's descriptor.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use v4l2::Dmabuf;
use v4l2::surface::{Surface, SurfaceFacts, SurfaceLayout, SurfaceLibrary, layout_of};
use v4l2::transport::LibraryLookup;

use super::SurfaceFormat;
use crate::error::{Code, Error, Result};
use crate::input::format::RawFormat;

/// Surfaces of other processes that stay imported: more than a camera or a decoder has buffers.
const MAX_IMPORTS: usize = 32;

const REGISTRY_HINT: &str = "NVIDIA keeps its list of surfaces in each process. Give surfaces of allocateSurface(), or of NvBufSurface in \
    this process; one of another process with its map parameters (`surface: { mapParams }`, from JetPack 6 on); other \
    memory as `data`, which is copied once.";
const IMPORT_HINT: &str = "Both processes need the same release of NVIDIA's library, JetPack 6 or later, and the parameters must be those \
    that NvBufSurfaceGetMapParams gave. Else give the frame as `data`, which is copied once.";

/// The surface behind a frame's descriptor.
#[derive(Debug)]
pub(crate) struct ResolvedSurface {
    pub(crate) facts: SurfaceFacts,
    /// Keeps it from being destroyed, where it is one of ours.
    _kept: Option<Arc<Surface>>,
}

impl ResolvedSurface {
    /// The surface, if the descriptor is one's in this process.
    pub(crate) fn of(memory: &Dmabuf) -> Option<Self> {
        let facts = SurfaceLibrary::facts_of(memory.given())?;
        Some(Self { facts, _kept: Surface::share_of(memory.given()) })
    }

    /// Whether it is what the frame says and the encoder needs.
    ///
    /// # Errors
    /// [`Code::Frame`] with both.
    pub(crate) fn check(&self, format: RawFormat, width: u32, height: u32) -> Result<()> {
        let facts = &self.facts;
        let own = SurfaceFormat::of(facts.color);
        if (facts.width, facts.height) != (width, height) {
            return Err(Error::range(
                Code::Frame,
                format!(
                    "The surface is {}x{}, but the encoder's frames are {width}x{height}, and are not scaled.",
                    facts.width, facts.height
                ),
            ));
        }
        if own.is(format) && facts.planes.len() == format.planes() {
            return Ok(());
        }
        if own.is(format) {
            return Err(Error::range(
                Code::Frame,
                format!(
                    "NVIDIA's library says that the surface has {} planes, but {} has {}.",
                    facts.planes.len(),
                    format.name(),
                    format.planes()
                ),
            ));
        }
        let name = own.name();
        Err(match own {
            SurfaceFormat::I420 | SurfaceFormat::Nv12 => Error::range(
                Code::Frame,
                format!("The surface is {name}, but the frame says {}.", format.name()),
            )
            .with_hint(format!("Give the frame with format: '{name}'.")),
            _ => Error::range(
                Code::Frame,
                format!("The surface is {name}, but the encoder takes I420 and NV12 of 8 bits."),
            )
            .with_hint("Allocate the surface as 'NV12', or let NVIDIA's library convert the frame into one."),
        })
    }
}

/// What a device takes by this frame's descriptor is no surface of this process.
pub(crate) fn no_surface(memory: &Dmabuf) -> Error {
    Error::range(
        Code::Frame,
        format!(
            "Descriptor {} of the frame is no surface of NVIDIA's memory manager in this process, and the encoder reads no \
             other memory.",
            memory.given()
        ),
    )
    .with_hint(REGISTRY_HINT)
}

/// How the memory of a frame with map parameters lies.
///
/// # Errors
/// [`Code::Frame`] for what are no map parameters.
pub(crate) fn layout_by(parameters: &[u8]) -> Result<SurfaceLayout> {
    layout_of(parameters).ok_or_else(|| {
        let what = format!("they have {} bytes, not those of NvBufSurfaceMapParams", parameters.len());
        not_imported(&what)
    })
}

fn not_imported(what: &str) -> Error {
    Error::range(
        Code::Frame,
        format!("The frame's surface could not be imported by its map parameters: {what}."),
    )
    .with_hint(IMPORT_HINT)
}

#[derive(Debug)]
struct Import {
    parameters: Box<[u8]>,
    memory: (u64, u64),
    surface: Arc<Surface>,
}

/// The surfaces of other processes that a session has imported. They stay imported, because their frames come again and
/// again; the one that was not used for longest makes room, and is destroyed when no device has it.
#[derive(Debug, Default)]
pub(crate) struct Importer(Mutex<VecDeque<Import>>);

impl Importer {
    /// The surface of another process that the parameters describe.
    ///
    /// # Errors
    /// [`Code::Frame`] where NVIDIA's library cannot import it.
    pub(crate) fn import(
        &self,
        lookup: &LibraryLookup,
        parameters: &[u8],
        memory: &Dmabuf,
    ) -> Result<ResolvedSurface> {
        layout_by(parameters)?;
        let mut imports = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_it = |import: &Import| *import.parameters == *parameters && import.memory == memory.identity();
        let import = match imports.iter().position(is_it).and_then(|known| imports.remove(known)) {
            Some(known) => known,
            None => Import {
                parameters: parameters.into(),
                memory: memory.identity(),
                surface: Surface::import(&SurfaceLibrary::find(lookup), parameters, memory.given())
                    .map_err(|what| not_imported(&what))?,
            },
        };
        let surface = Arc::clone(&import.surface);
        imports.push_back(import);
        if imports.len() > MAX_IMPORTS {
            imports.pop_front();
        }
        Ok(ResolvedSurface { facts: surface.facts().clone(), _kept: Some(surface) })
    }
}

#[cfg(test)]
mod tests {
    use v4l2::surface::SurfacePlane;

    use super::*;

    fn resolve(color: u32, width: u32, planes: usize) -> ResolvedSurface {
        let facts = SurfaceFacts {
            descriptor: 20,
            width,
            height: 48,
            color,
            layout: SurfaceLayout::Pitch,
            length: 4608,
            planes: vec![SurfacePlane { offset: 0, stride: 64 }; planes],
        };
        ResolvedSurface { facts, _kept: None }
    }

    fn rejection(color: u32, width: u32) -> Option<String> {
        resolve(color, width, 2).check(RawFormat::Nv12, 64, 48).err().map(|error| error.message)
    }

    #[test]
    fn a_surface_must_be_what_the_frame_says_and_the_encoder_needs() {
        assert_eq!(rejection(6, 64), None);
        assert_eq!(rejection(34, 64), None, "the same with other colors");
        let three = resolve(6, 64, 3).check(RawFormat::Nv12, 64, 48).unwrap_err().message;
        assert!(three.contains("has 3 planes, but NV12 has 2"), "{three}");
        assert!(rejection(6, 640).unwrap().contains("is 640x48, but the encoder's frames are 64x48"));
        assert_eq!(rejection(2, 64).unwrap(), "The surface is I420, but the frame says NV12.");
        assert!(rejection(29, 64).unwrap().starts_with("The surface is P010, but the encoder takes"));
        assert!(rejection(19, 64).unwrap().starts_with("The surface is of NvBufSurfaceColorFormat 19, but"));
    }

    #[test]
    fn what_are_no_map_parameters_is_reported_by_its_length() {
        let error = layout_by(&[0; 7]).unwrap_err();
        assert!(error.message.contains("they have 7 bytes"), "{}", error.message);
        assert!(error.hint.unwrap().contains("NvBufSurfaceGetMapParams"));
    }
}
