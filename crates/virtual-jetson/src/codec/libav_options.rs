//! What libx264 and libx265 are opened with.

use super::rate::BASE_QP;
use crate::{
    abi,
    controls::{Setup, Slices, Tuning},
};
use ffmpeg_next::Dictionary;

/// Who chooses the QPs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Control {
    /// The library, by its bit rate; libx264 alone takes a new one while it runs.
    Library,
    /// Nobody: they are constant.
    Constant([u32; 3]),
    /// A controller of ours: it is told how each frame may be coded.
    Ours,
}

impl Control {
    pub(super) fn of(setup: &Setup) -> Self {
        let by_frame = setup.external_rate.is_some();
        match setup.constant_qp {
            Some(qp) if !by_frame && !setup.regions => Self::Constant(qp),
            None if setup.codec == abi::H264
                && !by_frame
                && setup.qp_range.is_none()
                && setup.init_qp.is_none() =>
            {
                Self::Library
            }
            _ => Self::Ours,
        }
    }

    /// Whether the library shall not move QPs on its own account.
    fn is_exact(setup: &Setup) -> bool {
        let Setup { constant_qp, qp_range, external_rate, regions, .. } = setup;
        constant_qp.is_some() || qp_range.is_some() || external_rate.is_some() || *regions
    }
}

pub(super) fn h264(setup: &Setup) -> Dictionary<'static> {
    let cabac = u8::from(setup.cabac);
    let high = u8::from(setup.profile_idc >= 100);
    let mut parameters = format!("scenecut=0:cabac={cabac}:8x8dct={high}:threads=1:weightp=0:stitchable=1");
    references(setup, &mut parameters);
    match setup.slices {
        // A longer header than libx264 has in mind is put before the slice.
        Some(Slices::Bits(bits)) => {
            push(&mut parameters, "slice-max-size", (bits / 8).saturating_sub(4).max(40));
        }
        Some(Slices::Macroblocks(count)) => push(&mut parameters, "slice-max-mbs", count),
        None => {}
    }
    match setup.intra_refresh {
        0 => push(&mut parameters, "keyint", "infinite"),
        frames => {
            push(&mut parameters, "intra-refresh", 1);
            push(&mut parameters, "keyint", frames);
        }
    }
    if setup.b_frames > 0 {
        // Intra pictures between key frames are libx264's own here.
        parameters.push_str(":weightb=0:direct=spatial:open-gop=1");
    }
    let control = Control::of(setup);
    if control == Control::Ours || setup.regions {
        parameters.push_str(":aq-mode=1:aq-strength=0.01:mbtree=0");
    }
    finish(setup, control, "x264-params", parameters)
}

pub(super) fn h265(setup: &Setup, tuning: &Tuning) -> Dictionary<'static> {
    let lookahead = if setup.b_frames > 0 { setup.b_frames + 1 } else { 0 };
    let mut parameters = format!(
        "log-level=none:info=0:scenecut=0:open-gop=0:frame-threads=1:weightp=0:weightb=0:rc-lookahead={lookahead}"
    );
    references(setup, &mut parameters);
    if let Some(slices) = h265_slices(setup, tuning) {
        push(&mut parameters, "slices", slices);
    }
    match setup.intra_refresh {
        0 => push(&mut parameters, "keyint", -1),
        frames => {
            push(&mut parameters, "intra-refresh", 1);
            push(&mut parameters, "keyint", frames);
        }
    }
    let control = Control::of(setup);
    if control == Control::Ours {
        // Offsets are part of adaptive quantisation and do nothing without it.
        let strength = if Control::is_exact(setup) { 0.01 } else { 0.4 };
        push(&mut parameters, "qg-size", 16);
        push(&mut parameters, "aq-mode", 1);
        push(&mut parameters, "aq-strength", strength);
    }
    finish(setup, control, "x265-params", parameters)
}

/// libx265 cuts pictures into as many equal slices as it is told to, of whole rows of 32 samples.
fn h265_slices(setup: &Setup, tuning: &Tuning) -> Option<u32> {
    let wanted = match setup.slices? {
        Slices::Macroblocks(count) => {
            (setup.raw.width.div_ceil(16) * setup.raw.height.div_ceil(16)).div_ceil(count)
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bits of a frame")]
        Slices::Bits(bits) => (f64::from(tuning.bitrate) / tuning.frames_per_second).ceil() as u32 / bits + 1,
    };
    Some(wanted.clamp(1, (setup.raw.height.div_ceil(32) / 2).clamp(1, 16)))
}

fn references(setup: &Setup, parameters: &mut String) {
    push(parameters, "ref", setup.references);
    push(parameters, "bframes", setup.b_frames);
    if setup.b_frames > 0 {
        parameters.push_str(":b-adapt=0:b-pyramid=0");
    }
}

fn finish(setup: &Setup, control: Control, key: &str, mut parameters: String) -> Dictionary<'static> {
    let mut options = Dictionary::new();
    options.set("preset", "ultrafast");
    options.set("tune", "zerolatency");
    options.set("forced-idr", "1");
    match control {
        Control::Library => {}
        Control::Constant([intra, inter, both]) => {
            options.set("qp", &inter.to_string());
            push(&mut parameters, "ipratio", ratio(inter, intra));
            push(&mut parameters, "pbratio", ratio(both, inter));
        }
        Control::Ours => {
            // So the quality is the QP, for pictures of every type and whatever is in them.
            options.set("crf", &BASE_QP.to_string());
            let both = if setup.qp_range.is_some() {
                1.0
            } else {
                setup.constant_qp.map_or(1.26, |[_, p, b]| ratio(b, p))
            };
            push(&mut parameters, "qcomp", 1);
            push(&mut parameters, "ipratio", 1);
            push(&mut parameters, "pbratio", both);
        }
    }
    options.set(key, &parameters);
    options
}

/// What the libraries divide a quantizer's step by to come from one QP to another.
fn ratio(from: u32, to: u32) -> f64 {
    ((f64::from(from) - f64::from(to)) / 6.0).exp2()
}

fn push(parameters: &mut String, key: &str, value: impl std::fmt::Display) {
    parameters.push_str(&format!(":{key}={value}"));
}
