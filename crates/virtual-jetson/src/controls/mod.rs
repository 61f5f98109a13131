//! The controls: which ids exist, what they carry, when they are allowed, and what they were set to.
//!
//! NVIDIA's library reads most settings before the buffers are requested and a few at any time. What is set is
//! only kept here; the coder looks at it when a frame *starts* coding, so a change reaches frames that were
//! queued before it.

mod rules;

pub(crate) use crate::abi::CONTROL_BASE as BASE;
use crate::{abi, geometry::RawFormat};
pub(crate) use rules::{Payload, Rule, When, rule};
use std::collections::BTreeMap;

pub(crate) mod id {
    //! The ids that mean something to the engine. They are written here once more, as this crate shares nothing with what it
    //! tests; a test compares them with those of the product.
    use super::BASE;

    pub(crate) const GOP_SIZE: u32 = BASE + 203;
    pub(crate) const BITRATE_MODE: u32 = BASE + 206;
    pub(crate) const BITRATE: u32 = BASE + 207;
    pub(crate) const BITRATE_PEAK: u32 = BASE + 208;
    pub(crate) const FRAME_RC_ENABLE: u32 = BASE + 215;
    pub(crate) const H264_I_FRAME_QP: u32 = BASE + 350;
    pub(crate) const H264_P_FRAME_QP: u32 = BASE + 351;
    pub(crate) const H264_ENTROPY_MODE: u32 = BASE + 357;
    pub(crate) const H264_LEVEL: u32 = BASE + 359;
    pub(crate) const H264_PROFILE: u32 = BASE + 363;
    pub(crate) const H265_PROFILE: u32 = BASE + 513;
    pub(crate) const IDR_INTERVAL: u32 = BASE + 514;
    pub(crate) const VIRTUAL_BUFFER_SIZE: u32 = BASE + 531;
    pub(crate) const INSERT_SPS_PPS_AT_IDR: u32 = BASE + 535;
    pub(crate) const QP_RANGE: u32 = BASE + 539;
    pub(crate) const INSERT_VUI: u32 = BASE + 546;
    pub(crate) const INSERT_AUD: u32 = BASE + 547;
    pub(crate) const DEVICE_POLL: u32 = BASE + 550;
    pub(crate) const SET_POLL_INTERRUPT: u32 = BASE + 551;
    pub(crate) const ALL_I_FRAMES: u32 = BASE + 555;
    pub(crate) const H265_LEVEL: u32 = BASE + 561;
    pub(crate) const FORCE_INTRA_FRAME: u32 = BASE + 566;
    pub(crate) const FORCE_IDR_FRAME: u32 = BASE + 567;
    pub(crate) const FORCE_FRAME_TYPE: u32 = 0x0099_1103;
}

/// What one control was set to: a value in the first word, or the first words of a payload.
pub(crate) type Words = [u32; 6];

/// The kinds of picture; the greater stands above the smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum PictureKind {
    Inter,
    Intra,
    Idr,
}

/// What may change from frame to frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Tuning {
    pub(crate) bitrate: u32,
    /// The peak of variable rate; the bit rate itself otherwise.
    pub(crate) peak: u32,
    pub(crate) vbv_bits: u32,
    pub(crate) frames_per_second: f64,
}

/// What is settled when the first frame is coded.
#[derive(Clone, Debug)]
pub(crate) struct Setup {
    pub(crate) codec: u32,
    pub(crate) raw: RawFormat,
    pub(crate) profile_idc: u8,
    /// H.264's constraint flags, in their byte.
    pub(crate) constraints: u8,
    pub(crate) level_idc: u8,
    pub(crate) high_tier: bool,
    pub(crate) cabac: bool,
    pub(crate) parameter_sets_at_idr: bool,
    pub(crate) aud: bool,
    pub(crate) vui: bool,
    pub(crate) gop_size: u32,
    pub(crate) idr_interval: u32,
    pub(crate) all_intra: bool,
    /// QPs of I and P pictures where rate control is off.
    pub(crate) constant_qp: Option<(u32, u32)>,
    pub(crate) qp_range: Option<(u32, u32)>,
}

/// Everything the client has set.
#[derive(Default)]
pub(crate) struct Controls {
    words: BTreeMap<u32, Words>,
    frame_rate: Option<f64>,
    forced: Option<PictureKind>,
}

/// NVIDIA's library codes at level 5.1 unless told otherwise.
const DEFAULT_H264_LEVEL: u32 = 15;
const DEFAULT_H265_LEVEL: u32 = 16;
const H264_LEVEL_IDC: [u8; 16] = [10, 9, 11, 12, 13, 20, 21, 22, 30, 31, 32, 40, 41, 42, 50, 51];
/// By NVIDIA's own numbering: twice the index for the Main tier, one more for the High tier.
const H265_LEVEL_IDC: [u8; 13] = [30, 60, 63, 90, 93, 120, 123, 150, 153, 156, 180, 183, 186];

impl Controls {
    /// Keeps what `control` was set to.
    pub(crate) fn set(&mut self, control: u32, words: Words) {
        match control {
            id::FORCE_IDR_FRAME | id::FORCE_FRAME_TYPE => self.force(PictureKind::Idr),
            id::FORCE_INTRA_FRAME => self.force(PictureKind::Intra),
            _ => {
                self.words.insert(control, words);
            }
        }
    }

    fn force(&mut self, kind: PictureKind) {
        self.forced = self.forced.max(Some(kind));
    }

    pub(crate) fn set_frame_rate(&mut self, frames_per_second: f64) {
        self.frame_rate = Some(frames_per_second);
    }

    pub(crate) fn frame_rate(&self) -> Option<f64> {
        self.frame_rate
    }

    pub(crate) fn get(&self, control: u32) -> Option<u32> {
        self.words.get(&control).map(|words| words[0])
    }

    fn is_on(&self, control: u32) -> bool {
        self.get(control).is_some_and(|value| value != 0)
    }

    /// The forced kind of the frame that starts now; it is asked for once.
    pub(crate) fn take_forced(&mut self) -> Option<PictureKind> {
        self.forced.take()
    }

    /// What the frame that starts now is coded with.
    pub(crate) fn tuning(&self) -> Tuning {
        let bitrate = self.get(id::BITRATE).unwrap_or(4_000_000).max(1000);
        let variable = self.get(id::BITRATE_MODE).unwrap_or(1) == 0;
        let peak = self.get(id::BITRATE_PEAK).unwrap_or(bitrate / 5 * 6).max(bitrate);
        Tuning {
            bitrate,
            peak: if variable { peak } else { bitrate },
            vbv_bits: self.get(id::VIRTUAL_BUFFER_SIZE).filter(|&bits| bits > 0).unwrap_or(bitrate),
            frames_per_second: self.frame_rate.unwrap_or(30.0),
        }
    }

    /// What the session is made with.
    pub(crate) fn setup(&self, codec: u32, raw: RawFormat) -> Setup {
        let (profile_idc, constraints) = self.profile(codec);
        let (level_idc, high_tier) = self.level(codec);
        let no_rate_control =
            self.get(id::FRAME_RC_ENABLE) == Some(0) || self.get(id::BITRATE_MODE) == Some(2);
        let qp = |control, default| self.get(control).unwrap_or(default).min(51);
        let constant_qp = no_rate_control.then(|| (qp(id::H264_I_FRAME_QP, 26), qp(id::H264_P_FRAME_QP, 28)));
        Setup {
            codec,
            raw,
            profile_idc,
            constraints,
            level_idc,
            high_tier,
            cabac: profile_idc != 66 && self.is_on(id::H264_ENTROPY_MODE),
            parameter_sets_at_idr: self.is_on(id::INSERT_SPS_PPS_AT_IDR),
            aud: self.is_on(id::INSERT_AUD),
            vui: self.is_on(id::INSERT_VUI),
            gop_size: self.get(id::GOP_SIZE).unwrap_or(30),
            idr_interval: self.get(id::IDR_INTERVAL).unwrap_or(256),
            all_intra: self.is_on(id::ALL_I_FRAMES),
            constant_qp,
            qp_range: self.qp_range(),
        }
    }

    fn qp_range(&self) -> Option<(u32, u32)> {
        let [min_i, max_i, min_p, max_p, ..] = *self.words.get(&id::QP_RANGE)?;
        // All ones means "leave it"; the engine has one range for both kinds of picture.
        let low = [min_i, min_p].into_iter().filter(|&qp| qp <= 51).min().unwrap_or(0);
        let high = [max_i, max_p].into_iter().filter(|&qp| qp <= 51).max().unwrap_or(51);
        Some((low.min(high), high))
    }

    fn profile(&self, codec: u32) -> (u8, u8) {
        if codec == abi::H265 {
            let profile = self.get(id::H265_PROFILE).unwrap_or(0).min(3);
            return (u8::try_from(profile).unwrap_or(0) + 1, 0);
        }
        match self.get(id::H264_PROFILE).unwrap_or(0) {
            0 => (66, 0x40),
            1 => (66, 0xC0),
            2 => (77, 0x40),
            _ => (100, 0x00),
        }
    }

    fn level(&self, codec: u32) -> (u8, bool) {
        if codec == abi::H265 {
            let level = self.get(id::H265_LEVEL).unwrap_or(DEFAULT_H265_LEVEL);
            let idc = H265_LEVEL_IDC.get(level as usize / 2).copied().unwrap_or(153);
            return (idc, level % 2 == 1);
        }
        let level = self.get(id::H264_LEVEL).unwrap_or(DEFAULT_H264_LEVEL);
        (H264_LEVEL_IDC.get(level as usize).copied().unwrap_or(51), false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn controls(values: &[(u32, u32)]) -> Controls {
        let mut controls = Controls::default();
        for &(control, value) in values {
            controls.set(control, [value, 0, 0, 0, 0, 0]);
        }
        controls
    }

    #[test]
    fn h265_levels_are_counted_as_nvidia_does() {
        let raw = RawFormat::new(abi::YUV420M, 320, 240, 64);
        let level = |value| {
            let setup = controls(&[(id::H265_LEVEL, value)]).setup(abi::H265, raw);
            (setup.level_idc, setup.high_tier)
        };
        assert_eq!(level(16), (153, false), "5.1 Main");
        assert_eq!(level(8), (93, false), "the kernel's 5.1 is 3.1 here");
        assert_eq!(level(9), (93, true), "one more is the High tier");
    }

    #[test]
    fn a_forced_key_frame_is_one_frame_and_outranks_an_intra_frame() {
        let mut controls = controls(&[(id::FORCE_IDR_FRAME, 1), (id::FORCE_INTRA_FRAME, 1)]);
        assert_eq!(controls.take_forced(), Some(PictureKind::Idr));
        assert_eq!(controls.take_forced(), None);
    }
}
