//! OpenH264 as it is: its interface in C, made safe. The `openh264` crate sets a dozen of its parameters; this sets all.

#![expect(unsafe_code, reason = "OpenH264's encoder is a table of C functions")]

use std::ptr;

use openh264_sys2::source::APILoader;
use openh264_sys2::{
    ENCODER_OPTION, ISVCEncoder, ISVCEncoderVtbl, SEncParamExt, SFrameBSInfo, SSourcePicture, videoFormatI420,
};

/// `CM_RETURN` of openh264's `codec_def.h`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Status(pub(super) i32);

/// It ran out of memory, or of room for a frame.
pub(super) const MEMORY: Status = Status(3);
/// A function of the table is missing, which no release has.
const INCOMPLETE: Status = Status(-1);

/// The planes of an I420 frame: their bytes and the distance of their rows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Planes<'a> {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) planes: [(&'a [u8], usize); 3],
}

/// One encoder.
#[derive(Debug)]
pub(super) struct OpenH264 {
    encoder: *mut ISVCEncoder,
}

// SAFETY: the encoder has no ties to the thread that made it, and all calls need it exclusively.
unsafe impl Send for OpenH264 {}

impl OpenH264 {
    pub(super) fn new() -> Result<Self, Status> {
        let mut encoder = ptr::null_mut();
        // SAFETY: the pointer is written, and kept until it is destroyed in `drop`.
        check(unsafe { APILoader::WelsCreateSVCEncoder(&raw mut encoder) })?;
        if encoder.is_null() { Err(MEMORY) } else { Ok(Self { encoder }) }
    }

    fn table(&self) -> &ISVCEncoderVtbl {
        // SAFETY: an encoder that was created begins with the pointer to its table.
        let table = unsafe { *self.encoder };
        // SAFETY: the table is static.
        unsafe { &*table }
    }

    /// The parameters that it has by default.
    pub(super) fn default_parameters(&mut self) -> Result<SEncParamExt, Status> {
        let call = self.table().GetDefaultParams.ok_or(INCOMPLETE)?;
        let mut parameters = SEncParamExt::default();
        // SAFETY: the struct is of the library's own version, and is written only.
        check(unsafe { call(self.encoder, &raw mut parameters) })?;
        Ok(parameters)
    }

    /// Begins with these parameters.
    pub(super) fn initialize(&mut self, parameters: &SEncParamExt) -> Result<(), Status> {
        let call = self.table().InitializeExt.ok_or(INCOMPLETE)?;
        // SAFETY: the struct is read during the call.
        check(unsafe { call(self.encoder, parameters) })
    }

    /// Sets an option. `T` has to be what `codec_app_def.h` names for it.
    pub(super) fn set<T>(&mut self, option: ENCODER_OPTION, value: &mut T) -> Result<(), Status> {
        let call = self.table().SetOption.ok_or(INCOMPLETE)?;
        // SAFETY: the value is read during the call; its type is the caller's promise, and all callers are in `library.rs`.
        check(unsafe { call(self.encoder, option, ptr::from_mut(value).cast()) })
    }

    /// Makes a key frame of the next frame.
    pub(super) fn force_key_frame(&mut self) {
        if let Some(call) = self.table().ForceIntraFrame {
            // SAFETY: it sets a flag in an encoder that exists.
            unsafe { call(self.encoder, true) };
        }
    }

    /// Encodes a frame whose time is in milliseconds; the chunk is Annex B.
    pub(super) fn encode(&mut self, frame: &Planes<'_>, milliseconds: i64) -> Result<Vec<u8>, Status> {
        let call = self.table().EncodeFrame.ok_or(INCOMPLETE)?;
        let [luma, first, second] = frame.planes;
        let stride = |plane: (&[u8], usize)| i32::try_from(plane.1).unwrap_or(i32::MAX);
        let data = |plane: (&[u8], usize)| plane.0.as_ptr().cast_mut();
        let source = SSourcePicture {
            iColorFormat: videoFormatI420,
            iStride: [stride(luma), stride(first), stride(second), 0],
            pData: [data(luma), data(first), data(second), ptr::null_mut()],
            iPicWidth: i32::try_from(frame.width).unwrap_or(i32::MAX),
            iPicHeight: i32::try_from(frame.height).unwrap_or(i32::MAX),
            uiTimeStamp: milliseconds,
            bPsnrY: false,
            bPsnrU: false,
            bPsnrV: false,
        };
        let mut coded = SFrameBSInfo::default();
        // SAFETY: the planes are borrowed for the call, in which they are only read.
        check(unsafe { call(self.encoder, &raw const source, &raw mut coded) })?;
        Ok(bytes(&coded))
    }
}

/// The bytes of a frame. They lie in memory of the encoder until its next call.
fn bytes(coded: &SFrameBSInfo) -> Vec<u8> {
    let mut all = Vec::new();
    let layers = usize::try_from(coded.iLayerNum).unwrap_or(0);
    for layer in coded.sLayerInfo.iter().take(layers) {
        let count = usize::try_from(layer.iNalCount).unwrap_or(0);
        if count == 0 || layer.pNalLengthInByte.is_null() || layer.pBsBuf.is_null() {
            continue;
        }
        // SAFETY: the library has written so many lengths there.
        let lengths = unsafe { std::slice::from_raw_parts(layer.pNalLengthInByte, count) };
        let length = lengths.iter().map(|length| usize::try_from(*length).unwrap_or(0)).sum();
        // SAFETY: the units of a layer stand one behind the other, and are as long as their lengths together.
        all.extend_from_slice(unsafe { std::slice::from_raw_parts(layer.pBsBuf, length) });
    }
    all
}

fn check(status: i32) -> Result<(), Status> {
    if status == 0 { Ok(()) } else { Err(Status(status)) }
}

impl Drop for OpenH264 {
    fn drop(&mut self) {
        if let Some(call) = self.table().Uninitialize {
            // SAFETY: the encoder exists; one that was never initialized has nothing to end.
            unsafe { call(self.encoder) };
        }
        // SAFETY: it was created by this library and nothing else has it.
        unsafe { APILoader::WelsDestroySVCEncoder(self.encoder) };
    }
}
