//! What every V4L2 encoder needs while it is opened.

use std::io;
use std::path::Path;
use std::sync::Arc;

use convert::{Color, Matrix, Range};
use v4l2::ioctl::Colorimetry;
use v4l2::transport::Traced;
use v4l2::{Buffer, Errno, Format, PixelFormat, Queue, Transport};

use super::contract::Opening;
use crate::backend_kind::BackendKind;
use crate::config::Resolved;
use crate::error::{Code, Error, RejectedEncoder};
use crate::input::buffer::{InputBuffer, Memory};
use crate::input::format::RawFormat;
use crate::input::geometry::InputPlane;
use crate::log::{LogLevel, Logger};
use crate::place::Place;

/// A format of the configured size; the driver fills in the rest.
pub(super) fn sized(pixel_format: PixelFormat, config: &Resolved) -> Format {
    Format::from((pixel_format, (config.width as usize, config.height as usize)))
}

/// The device cannot do what is configured; `what` it did goes on from "it".
pub(super) fn unsupported(transport: &dyn Transport, config: &Resolved, what: String) -> Error {
    let message = format!(
        "{} does not encode {} at {}x{}: it {what}.",
        transport.device().display(),
        config.codec,
        config.width,
        config.height
    );
    Error::new(Code::CodecUnsupported, message).on(transport.device())
}

/// A failure with this hint, where it has none of its own.
pub(super) fn explained(error: v4l2::Failure, hint: &str) -> Error {
    let error = Error::from(error);
    if error.hint.is_some() { error } else { error.with_hint(hint) }
}

/// The buffers that `queue` was given, with memory of the device's own; as many without any where frames in the caller's are
/// to be imported.
pub(super) fn inputs(
    buffers: Vec<Buffer>,
    queue: &Queue,
    format: RawFormat,
    planes: &[InputPlane],
    opening: &Opening<'_>,
) -> Vec<InputBuffer> {
    let input = |index, memories| {
        let mut input = InputBuffer {
            index,
            opening: opening.number,
            format,
            color: opening.config.color,
            width: opening.config.width,
            height: opening.config.height,
            memories,
            planes: planes.to_vec(),
            lease: None,
        };
        input.blacken();
        input
    };
    if buffers.is_empty() {
        return (0..queue.len() as u32).map(|index| input(index, Vec::new())).collect();
    }
    let memories = |buffer: Buffer| buffer.planes.into_iter().map(Memory::Mapped).collect();
    buffers.into_iter().map(|buffer| input(buffer.index, memories(buffer))).collect()
}

/// Leaves the device as it was found; what went wrong first is what counts.
pub(super) fn undone(error: Error, buffers: Vec<Buffer>, queues: [Option<Queue>; 2]) -> Error {
    for queue in queues.iter().flatten() {
        drop(queue.stop());
    }
    drop(buffers);
    for queue in queues.into_iter().flatten() {
        drop(queue.free());
    }
    error
}

/// The transport with a debug line for each request, where somebody wants to read it.
pub(super) fn traced(transport: Arc<dyn Transport>, logger: &Logger) -> Arc<dyn Transport> {
    if !logger.wants(LogLevel::Debug) {
        return transport;
    }
    let logger = logger.clone();
    Arc::new(Traced::new(transport, move |trace| {
        logger.debug(|| {
            let result = trace.result.map_or_else(|errno| format!("{errno:?}"), |()| "ok".to_owned());
            format!("{} {} = {result} in {:?}", trace.device.display(), trace.request.name, trace.took)
        });
    }))
}

/// The numbers of `enum v4l2_colorspace` and its companions that stand for a matrix and a range.
pub(super) fn colorimetry(color: Color) -> Colorimetry {
    let (colorspace, ycbcr_encoding) = match color.matrix {
        // V4L2_COLORSPACE_SMPTE170M, V4L2_YCBCR_ENC_601
        Matrix::Bt601 => (1, 1),
        // V4L2_COLORSPACE_BT2020, V4L2_YCBCR_ENC_BT2020
        Matrix::Bt2020 => (10, 6),
        // V4L2_COLORSPACE_REC709, V4L2_YCBCR_ENC_709
        _ => (3, 2),
    };
    let quantization = match color.range {
        Range::Full => 1,
        Range::Limited => 2,
    };
    // V4L2_XFER_FUNC_709, which all three share at 8 bits.
    Colorimetry { colorspace, ycbcr_encoding, quantization, transfer_function: 1 }
}

/// A named device that is not there, or that nobody can look at.
pub(super) fn absent(kind: BackendKind, device: &Path, error: &io::Error) -> Place {
    let errno = Errno::from_raw(error.raw_os_error().unwrap_or_default());
    // What cannot be looked at may well be there.
    Place::Not(if matches!(errno, Errno::ENOENT | Errno::ENOTDIR) {
        let message = format!("There is no {}.", device.display());
        RejectedEncoder::new(kind.name(), Some(device), None, Code::DeviceNotFound, message)
    } else {
        let error = v4l2::Failure::Open { device: device.to_owned(), errno };
        RejectedEncoder::from_error(kind.name(), Some(device), None, error.into())
    })
}
