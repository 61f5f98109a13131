//! What drivers do that the specification does not say, as a table.
//!
//! The common way of this backend follows the kernel's "Memory-to-memory Stateful Video Encoder Interface" where
//! drivers agree on it and is tolerant where they do not (an end of drain in four shapes, formats that are replaced,
//! controls that are missing). What remains differs by driver, and stands here by the name that QUERYCAP gives. Paths are
//! those of Linux 6.18, for bcm2835-codec of the Raspberry Pi's kernel.

use v4l2::Errno;

use crate::config::BitrateMode;

/// How a chunk is matched to its frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Timestamps {
    /// The driver copies the timestamp of the raw buffer to the coded one.
    Copied,
    /// It does not; frames come out in the order they went in.
    InOrder,
}

/// How a stream goes on after a drain, or begins again. The command START is in no row: on most drivers it does nothing,
/// on coda it means STOP, on vicodec it loses frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Resume {
    /// STREAMOFF and STREAMON of the coded queue, which the specification promises.
    CodedQueue,
    /// The same with both queues.
    BothQueues,
}

/// How a key frame is forced where there is no control for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KeyFrame {
    /// By beginning a new stream, for which the device has to be empty.
    NewStream,
    /// By a GOP size of 1 for one frame.
    ShortGop,
}

/// One driver's row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Quirks {
    /// As QUERYCAP says it.
    pub(super) driver: &'static str,
    /// Where this is known from.
    pub(super) source: &'static str,
    pub(super) timestamps: Timestamps,
    pub(super) resume: Resume,
    pub(super) key_frame: KeyFrame,
    /// An encoded frame that is larger than a buffer comes in several, all with its timestamp and all but the last full.
    pub(super) splits_frames: bool,
    /// Coded buffers come that belong to no frame.
    pub(super) stray_buffers: bool,
    /// Its rate controller leaves frames out without a word. It holds none back, so one whose raw buffer has come back and
    /// that does not come for a while is one of these.
    pub(super) drops_frames: bool,
    /// Bytes before the first start code belong to nothing.
    pub(super) junk_before_start_code: bool,
    /// An empty coded buffer without LAST ends a drain.
    pub(super) empty_buffer_ends: bool,
    /// What it is reported at least, in frames per second; the bit rate is raised in proportion.
    pub(super) min_framerate: f64,
    /// It accepts whole frames per second only; it gets the nearest one, with the bit rate in proportion.
    pub(super) whole_framerates: bool,
    /// A rate that it is reported while it runs changes nothing; the bit rate is changed in proportion instead.
    pub(super) fixed_framerate: bool,
    /// More frames per second than it can do are rejected with ENOMEM, and it keeps the rate that it had; it gets a fraction of them
    /// instead, with the bit rate in proportion.
    pub(super) framerate_limit: bool,
    /// What it answers for a control that it takes only while its streams are stopped.
    pub(super) control_while_running: Errno,
    /// What it does when the caller leaves the rate mode open.
    pub(super) bitrate_mode: BitrateMode,
    /// Lower bound for the quantiser, where its own is too high for good frames.
    pub(super) min_qp: Option<i64>,
    /// Raw buffers that it keeps as references.
    pub(super) kept_raw_buffers: u32,
}

/// A driver that does what the specification says.
const ORDERLY: Quirks = Quirks {
    driver: "",
    source: "Documentation/userspace-api/media/v4l/dev-encoder.rst",
    timestamps: Timestamps::Copied,
    resume: Resume::CodedQueue,
    key_frame: KeyFrame::NewStream,
    splits_frames: false,
    stray_buffers: false,
    drops_frames: false,
    junk_before_start_code: false,
    empty_buffer_ends: false,
    min_framerate: 0.0,
    whole_framerates: false,
    fixed_framerate: false,
    framerate_limit: false,
    control_while_running: Errno::EBUSY,
    bitrate_mode: BitrateMode::Constant,
    min_qp: None,
    kept_raw_buffers: 0,
};

pub(super) const TABLE: &[Quirks] = &[
    Quirks {
        driver: "bcm2835-codec",
        // Splitting: raspberrypi/linux pull request 5232. Below 9 frames a second it hangs: raspberrypi/linux issue 4739. Slow
        // at constant rate: raspberrypi/rpicam-apps issue 509. Least QP of 20: raspberrypi/linux pull request 4705. Buffers with a
        // time that is no frame's: pikvm/ustreamer, m2m.c. Frames left out: raspberrypi/linux issue 6680. Rows of 64 bytes, a level that STREAMON rejects with ESRCH and empty
        // buffers in mid-stream need no row.
        source: "drivers/staging/vc04_services/bcm2835-codec/bcm2835-v4l2-codec.c",
        splits_frames: true,
        stray_buffers: true,
        drops_frames: true,
        min_framerate: 10.0,
        bitrate_mode: BitrateMode::Variable,
        min_qp: Some(10),
        ..ORDERLY
    },
    Quirks {
        driver: "s5p-mfc",
        // vb2 buffers of the coded queue get no timestamp; end of stream is an empty buffer and an event (s5p_mfc_enc.c,
        // s5p_mfc.c). It keeps raw buffers as references until it needs no more of them.
        source: "drivers/media/platform/samsung/s5p-mfc",
        timestamps: Timestamps::InOrder,
        resume: Resume::BothQueues,
        empty_buffer_ends: true,
        kept_raw_buffers: 2,
        ..ORDERLY
    },
    Quirks {
        driver: "coda",
        // The GOP size is looked at for every frame (coda-bit.c, coda_prepare_encode).
        source: "drivers/media/platform/chips-media/coda",
        key_frame: KeyFrame::ShortGop,
        ..ORDERLY
    },
    Quirks {
        driver: "iris_driver",
        // GOP_SIZE is a dynamic control on its second generation (iris_ctrls.c). S_PARM divides and keeps the whole part, of the
        // coded queue what its rate controller uses, hands it to the firmware at STREAMON, and answers ENOMEM above its most
        // (iris_venc.c). A control that is not dynamic is rejected with EINVAL while the streams run (iris_ctrls.c). START outside
        // of a finished drain puts the instance into its error state for good; it is sent to no driver.
        source: "drivers/media/platform/qcom/iris",
        key_frame: KeyFrame::ShortGop,
        whole_framerates: true,
        fixed_framerate: true,
        framerate_limit: true,
        control_while_running: Errno::EINVAL,
        ..ORDERLY
    },
    Quirks {
        driver: "qcom-venus",
        // S_PARM keeps whole frames per second, and the firmware gets them at STREAMON; of what matters here only the bit rate
        // and the button for key frames act on a running stream. The event EOS can be subscribed to and never comes.
        source: "drivers/media/platform/qcom/venus/venc.c",
        whole_framerates: true,
        fixed_framerate: true,
        ..ORDERLY
    },
    Quirks {
        driver: "allegro",
        // Coded P frames start at an offset that the single-planar API cannot carry (allegro-core.c).
        source: "drivers/media/platform/allegro-dvt",
        junk_before_start_code: true,
        ..ORDERLY
    },
    Quirks {
        driver: "wave5-enc",
        // S_PARM divides and keeps the whole part (wave5-vpu-enc.c): 29.97 would become 29. The driver begins without rate
        // control, at a bit rate of 0, without parameter sets before later key frames and with access unit delimiters; the
        // controls, which are set for every driver, mend that.
        source: "drivers/media/platform/chips-media/wave5",
        whole_framerates: true,
        ..ORDERLY
    },
    // The following need nothing but tolerance; their rows say that somebody has looked.
    Quirks {
        driver: "mtk-vcodec-enc",
        // Takes the size of coded buffers as it is requested; remembers the visible size from S_FMT and knows no crop; rejects
        // the event EOS. With both queues off it frees its codec and answers EIO from then on, so BothQueues is not for it.
        source: "drivers/media/platform/mediatek/vcodec/encoder",
        ..ORDERLY
    },
    Quirks {
        driver: "amphion-vpu",
        // Ends a drain by EPIPE and the event, without a buffer.
        source: "drivers/media/platform/amphion/venc.c",
        ..ORDERLY
    },
    Quirks {
        driver: "vicodec",
        // After START the coded queue goes on to answer EPIPE. Knows neither frame rate nor bit rate, and flags no key frame.
        source: "drivers/media/test-drivers/vicodec/vicodec-core.c",
        ..ORDERLY
    },
];

/// The row of a driver.
pub(super) fn of(driver: &str) -> &'static Quirks {
    static DEFAULT: Quirks = ORDERLY;
    TABLE.iter().find(|row| row.driver == driver).unwrap_or(&DEFAULT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_says_where_it_is_known_from_and_stands_once() {
        for (number, row) in TABLE.iter().enumerate() {
            assert!(row.source.starts_with("drivers/"), "{}", row.driver);
            assert!(TABLE[number + 1..].iter().all(|other| other.driver != row.driver), "{}", row.driver);
        }
    }

    #[test]
    fn an_unknown_driver_is_taken_for_an_orderly_one() {
        assert_eq!(*of("rkvenc"), ORDERLY);
        assert_eq!(of("s5p-mfc").timestamps, Timestamps::InOrder);
    }
}
