//! What an SPS says about how its frames are to be shown and decoded, replaced in the stream itself.
//!
//! Some encoders have no control for color, sample aspect ratio and frame rate, and most do not say that they never
//! reorder, without which decoders hold frames back. All of it is a few bits that no slice depends on.

mod sps;

use crate::vui::{AspectRatio, Color};
use crate::{Codec, Error, Kind, StreamInfo, annexb, h264, h265};

/// What an SPS shall say; `None` and `false` leave it as it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Label {
    /// Sample aspect ratio.
    pub aspect_ratio: Option<AspectRatio>,
    /// Color description, and whether samples use the full range of their bits.
    pub color: Option<(Color, bool)>,
    /// Frames per second as a fraction. It is no promise: `fixed_frame_rate_flag` is cleared.
    pub frame_rate: Option<(u32, u32)>,
    /// Output order is coding order, so a decoder can show each frame at once: in H.264 a `bitstream_restriction` with
    /// `max_num_reorder_frames` 0 and `max_dec_frame_buffering` as many as `max_num_ref_frames`, in H.265
    /// `sps_max_num_reorder_pics` 0 in each sub-layer.
    ///
    /// To be set only where it is known: a decoder that relies on it shows a reordered stream in the wrong order.
    pub no_reorder: bool,
}

/// What became of the data; made by [`relabel`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Relabelled {
    /// The data with its new SPS; `None` where nothing was changed.
    pub data: Option<Vec<u8>>,
    /// What is wrong with an SPS that cannot be read, and is left as it was; of more than one, the last.
    pub error: Option<Error>,
}

/// Has `choose` say, for each SPS before the first slice of the access unit, what it shall say. The rest stays byte by byte
/// as it was, and so does an SPS that cannot be read.
pub fn relabel(codec: Codec, annexb: &[u8], mut choose: impl FnMut(&StreamInfo) -> Label) -> Relabelled {
    let mut relabelled = Relabelled::default();
    let mut copied = 0;
    for unit in annexb::units(annexb) {
        match unit.kind(codec) {
            Kind::Slice { .. } => break,
            Kind::Sps => match relabelled_sps(codec, unit.data(), &mut choose) {
                Ok(None) => {}
                Ok(Some(sps)) => {
                    let start = unit.data().as_ptr().addr() - annexb.as_ptr().addr();
                    let data = relabelled.data.get_or_insert_with(|| Vec::with_capacity(annexb.len() + 64));
                    data.extend_from_slice(annexb.get(copied..start).unwrap_or_default());
                    data.extend_from_slice(&sps);
                    copied = start + unit.data().len();
                }
                Err(error) => relabelled.error = Some(error),
            },
            _ => {}
        }
    }
    if let Some(data) = &mut relabelled.data {
        data.extend_from_slice(annexb.get(copied..).unwrap_or_default());
    }
    relabelled
}

/// The SPS, header included, as `choose` wants it; `None` where it wants nothing.
fn relabelled_sps(
    codec: Codec,
    unit: &[u8],
    choose: &mut impl FnMut(&StreamInfo) -> Label,
) -> Result<Option<Vec<u8>>, Error> {
    match codec {
        Codec::H264 => {
            let sps = h264::Sps::parse(unit)?;
            let label = choose(&StreamInfo::from(&sps));
            (label != Label::default()).then(|| sps::h264(unit, &sps, &label)).transpose()
        }
        Codec::H265 => {
            let sps = h265::Sps::parse(unit)?;
            let label = choose(&StreamInfo::from(&sps));
            (label != Label::default()).then(|| sps::h265(unit, &sps, &label)).transpose()
        }
    }
}

#[cfg(test)]
mod tests;
