//! The controls: which ids exist, what they carry, when they are allowed, and what they were set to.
//!
//! NVIDIA's library reads most settings before the buffers are requested and a few at any time. What is set is
//! only kept here; the coder looks at it when a frame *starts* coding, so a change reaches frames that were
//! queued before it.

mod rules;
mod setup;

pub(crate) use crate::abi::CONTROL_BASE as BASE;
pub(crate) use rules::{Payload, Rule, When, rule};
pub(crate) use setup::{Setup, Slices};
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
    pub(crate) const H264_B_FRAME_QP: u32 = BASE + 352;
    pub(crate) const H264_ENTROPY_MODE: u32 = BASE + 357;
    pub(crate) const H264_LEVEL: u32 = BASE + 359;
    pub(crate) const H264_PROFILE: u32 = BASE + 363;
    pub(crate) const H264_VUI_EXT_SAR_HEIGHT: u32 = BASE + 364;
    pub(crate) const H264_VUI_EXT_SAR_WIDTH: u32 = BASE + 365;
    pub(crate) const H265_PROFILE: u32 = BASE + 513;
    pub(crate) const IDR_INTERVAL: u32 = BASE + 514;
    pub(crate) const TEMPORAL_TRADEOFF_LEVEL: u32 = BASE + 528;
    pub(crate) const SLICE_LENGTH_PARAM: u32 = BASE + 529;
    pub(crate) const VIRTUAL_BUFFER_SIZE: u32 = BASE + 531;
    pub(crate) const NUM_REFERENCE_FRAMES: u32 = BASE + 532;
    pub(crate) const SLICE_INTRAREFRESH_PARAM: u32 = BASE + 533;
    pub(crate) const NUM_BFRAMES: u32 = BASE + 534;
    pub(crate) const INSERT_SPS_PPS_AT_IDR: u32 = BASE + 535;
    pub(crate) const METADATA: u32 = BASE + 536;
    pub(crate) const QP_RANGE: u32 = BASE + 539;
    pub(crate) const INPUT_METADATA: u32 = BASE + 541;
    pub(crate) const ENABLE_EXTERNAL_RPS_CONTROL: u32 = BASE + 542;
    pub(crate) const ENABLE_EXTERNAL_RATE_CONTROL: u32 = BASE + 543;
    pub(crate) const ENABLE_ROI_PARAM: u32 = BASE + 544;
    pub(crate) const INSERT_VUI: u32 = BASE + 546;
    pub(crate) const INSERT_AUD: u32 = BASE + 547;
    pub(crate) const EXTEDED_COLORFORMAT: u32 = BASE + 548;
    pub(crate) const DEVICE_POLL: u32 = BASE + 550;
    pub(crate) const SET_POLL_INTERRUPT: u32 = BASE + 551;
    pub(crate) const ALL_I_FRAMES: u32 = BASE + 555;
    pub(crate) const H265_LEVEL: u32 = BASE + 561;
    pub(crate) const POC_TYPE: u32 = BASE + 563;
    pub(crate) const H265_VUI_EXT_SAR_WIDTH: u32 = BASE + 564;
    pub(crate) const H265_VUI_EXT_SAR_HEIGHT: u32 = BASE + 565;
    pub(crate) const FORCE_INTRA_FRAME: u32 = BASE + 566;
    pub(crate) const FORCE_IDR_FRAME: u32 = BASE + 567;
    pub(crate) const INIT_FRAME_QP: u32 = BASE + 574;
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

/// Everything the client has set.
#[derive(Default)]
pub(crate) struct Controls {
    words: BTreeMap<u32, Words>,
    frame_rate: Option<f64>,
    forced: Option<PictureKind>,
}

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

    /// Whether every frame has to say what it refers to.
    pub(crate) fn has_external_references(&self) -> bool {
        self.has_enabled(id::ENABLE_EXTERNAL_RPS_CONTROL)
    }

    /// Whether a control whose payload begins with a byte was switched on.
    pub(crate) fn has_enabled(&self, control: u32) -> bool {
        self.get(control).is_some_and(|word| word & 0xFF != 0)
    }

    /// Whether the frame of this number is left out, by the control that trades frames for their quality.
    pub(crate) fn drops(&self, number: u64) -> bool {
        match self.get(id::TEMPORAL_TRADEOFF_LEVEL).unwrap_or(0) {
            1 => (number + 1).is_multiple_of(5),
            2 => (number + 1).is_multiple_of(3),
            3 => (number + 1).is_multiple_of(2),
            4 => !number.is_multiple_of(3),
            _ => false,
        }
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{abi, geometry::RawFormat};

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
