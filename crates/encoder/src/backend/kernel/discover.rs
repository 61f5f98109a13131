//! Which of the kernel's devices are encoders, and what they say about themselves.

use std::path::{Path, PathBuf};

use v4l2::discovery::{self, Kind as DeviceKind};
use v4l2::sentence;
use v4l2::transport::LibraryLookup;

use crate::backend::bring_up::absent;
use crate::backend::contract::Kind;
use crate::backend_kind::BackendKind;
use crate::codec::Codec;
use crate::encoder_info::EncoderInfo;
use crate::error::{Code, Error, RejectedEncoder};
use crate::place::{Listed, Place};

fn unexamined(device: PathBuf) -> Place {
    Place::Unexamined { device, examine }
}

/// Every named device that no other kind claims.
pub(super) fn claim(device: &Path) -> Option<Place> {
    Some(match device.metadata() {
        Ok(_) => unexamined(device.to_owned()),
        Err(error) => absent(BackendKind::V4l2, device, &error),
    })
}

pub(super) fn discover(root: &Path, _: &[PathBuf]) -> Vec<Place> {
    discovery::kernel_nodes(root).into_iter().map(unexamined).collect()
}

fn examine(device: &Path) -> Place {
    let node = match discovery::examine(device) {
        Ok(node) => node,
        Err(error) => {
            return Place::Not(RejectedEncoder::from_error(
                BackendKind::V4l2.name(),
                Some(device),
                None,
                error.into(),
            ));
        }
    };
    let (code, what) = match node.kind.clone() {
        DeviceKind::Encoder(coded) => {
            let lists = Some(Listed { card: node.card, coded });
            return Place::Encoder { kind: BackendKind::V4l2, device: Some(node.device), lists };
        }
        DeviceKind::Decoder => (Code::NotAnEncoder, "is a decoder".to_owned()),
        DeviceKind::JpegEncoder => (Code::CodecUnsupported, "encodes JPEG only, not video".to_owned()),
        DeviceKind::Converter => {
            (Code::NotAnEncoder, "scales or converts frames and does not encode".to_owned())
        }
        DeviceKind::Camera => (Code::NotAnEncoder, "is a camera".to_owned()),
        DeviceKind::Loopback => {
            (Code::NotAnEncoder, "is a v4l2loopback, which claims to be an encoder and is not".to_owned())
        }
        _ => (Code::NotAnEncoder, "is not an encoder".to_owned()),
    };
    let message = sentence(&format!("{} ({}) {what}", device.display(), node.card));
    Place::Not(RejectedEncoder::new(BackendKind::V4l2.name(), Some(device), None, code, message))
}

pub(super) fn describe(kind: &Kind, device: Option<&Path>, _: &LibraryLookup) -> Option<EncoderInfo> {
    let device = device?;
    let node = match discovery::examine(device) {
        Ok(node) => node,
        Err(error) => {
            let error = Error::from(error);
            let is_none = matches!(error.code, Code::NotAnEncoder | Code::DeviceNotFound | Code::DeviceLost);
            return (!is_none).then(|| EncoderInfo::unusable(kind.name, device, error));
        }
    };
    let DeviceKind::Encoder(_) = node.kind else { return None };
    let abilities = discovery::encoder_abilities(device).unwrap_or_default();
    let of_ours = |codec: &Codec| abilities.coded.iter().find(|(format, _)| *format == codec.fourcc());
    let known: Vec<_> = Codec::ALL.iter().filter_map(|codec| Some((*codec, of_ours(codec)?))).collect();
    let codecs: Vec<_> = known.iter().map(|(codec, _)| codec.name().to_owned()).collect();
    let problem = codecs.is_empty().then(|| {
        let message = format!("{} encodes no codec that this package supports.", device.display());
        RejectedEncoder::new(kind.name.name(), Some(device), None, Code::CodecUnsupported, message)
    });
    let sizes = known.iter().flat_map(|(codec, (_, sizes))| sizes.iter().map(|sizes| (*codec, *sizes)));
    Some(EncoderInfo {
        backend: kind.name,
        device: Some(node.device),
        name: node.card,
        driver: Some(node.driver),
        bus: Some(node.bus),
        sizes: sizes.collect(),
        formats: abilities.raw.iter().map(ToString::to_string).collect(),
        codecs,
        problem,
    })
}
