//! What a modelled driver does, as data.

use std::time::Duration;

use v4l2::ioctl::ControlKind;
use v4l2::{Errno, PixelFormat};

use crate::codec::Codec;

/// How the size of a coded buffer comes about.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum SizeImage {
    /// What is requested, whatever it is.
    Verbatim,
    /// The driver's own sum, whatever is requested.
    Computed,
    /// What is requested, within bounds.
    Within(u32, u32),
}

/// What an unknown format gets.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Unknown {
    /// The driver's first one instead, without a word.
    Replaced,
    /// `EINVAL`
    Rejected,
}

/// What `S_PARM` does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Rate {
    /// `ENOTTY`
    Missing,
    /// Only whole frames per second.
    Whole,
    /// The same, and `ENOMEM` for more than this.
    WholeUpTo(u32),
    /// `ENOMEM` for more than this.
    UpTo(u32),
    Any,
}

/// What `S_SELECTION` does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Crop {
    /// `ENOTTY`; the coded size is the visible one.
    Missing,
    /// `ENOTTY`; the size of S_FMT is the visible one.
    ByFormat,
    /// Undone by every S_FMT.
    Kept,
}

/// How the end of a drain looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum End {
    /// LAST on the last frame, where the command found one to come; else on an empty buffer with stale numbers.
    LastFrame,
    /// LAST on an empty buffer.
    LastEmpty,
    /// `EPIPE` and no buffer.
    Pipe,
    /// An empty buffer without LAST.
    Empty,
}

/// The event EOS.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Eos {
    /// It cannot be subscribed to.
    Rejected,
    /// It can, and never comes.
    Never,
    /// It comes with the end.
    AtEnd,
    /// It comes before the last frame.
    Early,
}

/// What it takes to leave the stopped state.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Restart {
    /// STREAMOFF of the coded queue.
    Coded,
    /// STREAMOFF of both queues.
    Both,
    /// STREAMOFF of the coded queue; with both off, everything is freed, and nothing works without S_FMT.
    CodedOnly,
}

/// A bad day, on the frame of this number, counted from 0 over all streams.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Trouble {
    /// The coded buffer carries ERROR.
    Failed,
    /// The raw buffer carries ERROR, and nothing comes of it.
    RawFailed,
    /// Rate control leaves the frame out.
    Dropped,
    /// Every request answers this from now on.
    Gone(Errno),
    /// Nothing is coded any more.
    Stalls,
}

/// A control of the driver.
#[derive(Debug, Clone, Copy)]
pub(super) struct Control {
    pub(super) id: u32,
    pub(super) kind: ControlKind,
    pub(super) minimum: i64,
    pub(super) maximum: i64,
    pub(super) step: u64,
    pub(super) default: i64,
    /// Entries of a menu that are left out, as bits.
    pub(super) holes: u64,
}

pub(super) const fn number(id: u32, minimum: i64, maximum: i64, step: u64, default: i64) -> Control {
    Control { id, kind: ControlKind::Integer, minimum, maximum, step, default, holes: 0 }
}

pub(super) const fn switch(id: u32, default: bool) -> Control {
    Control {
        id,
        kind: ControlKind::Boolean,
        minimum: 0,
        maximum: 1,
        step: 1,
        default: default as i64,
        holes: 0,
    }
}

pub(super) const fn menu(id: u32, maximum: i64, default: i64) -> Control {
    Control { id, kind: ControlKind::Menu, minimum: 0, maximum, step: 1, default, holes: 0 }
}

/// A menu without some of its entries.
pub(super) const fn menu_without(id: u32, maximum: i64, default: i64, holes: u64) -> Control {
    Control { holes, ..menu(id, maximum, default) }
}

pub(super) const fn button(id: u32) -> Control {
    Control { id, kind: ControlKind::Button, minimum: 0, maximum: 0, step: 0, default: 0, holes: 0 }
}

#[derive(Debug, Clone)]
pub(super) struct Driver {
    /// As QUERYCAP says it.
    pub(super) name: &'static str,
    pub(super) multi_planar: bool,
    pub(super) codecs: &'static [Codec],
    pub(super) raw: &'static [PixelFormat],
    /// Rows are multiples of so many bytes.
    pub(super) stride: u32,
    /// The width and the height of a frame are multiples of these, and rounded up.
    pub(super) rounds: (u32, u32),
    /// Bytes behind each plane of its own, or behind all planes in one.
    pub(super) padding: u32,
    /// Least and most width, least and most height.
    pub(super) sizes: [u32; 4],
    pub(super) sizeimage: SizeImage,
    pub(super) unknown: Unknown,
    pub(super) rate: Rate,
    /// Its rate controller goes by what the coded queue is reported.
    pub(super) own_interval: bool,
    /// What it is reported of the rate while it runs changes nothing.
    pub(super) fixed_rate: bool,
    /// Frames per second that it assumes until it gets a rate.
    pub(super) assumed_framerate: f64,
    pub(super) crop: Crop,
    pub(super) copies_timestamps: bool,
    /// A frame that is too large for a coded buffer comes in several.
    pub(super) splits: bool,
    /// Headers come in a buffer of their own: always, or where HEADER_MODE says so.
    pub(super) separate_headers: bool,
    /// Headers come with every key frame without being asked.
    pub(super) repeats_headers: bool,
    /// Bytes before the first start code of a frame that is no key frame.
    pub(super) junk: usize,
    /// `data_offset` of coded buffers.
    pub(super) offset: u32,
    /// A buffer that belongs to nothing, with a time of zero, comes before the first frame of a stream.
    pub(super) stray: bool,
    /// Every coded buffer comes back empty, at once and for ever.
    pub(super) floods: bool,
    /// An empty buffer comes after every frame.
    pub(super) empty_buffers: bool,
    pub(super) end: End,
    pub(super) eos: Eos,
    /// How long the last frame of a drain takes after an early event.
    pub(super) last_takes: Duration,
    pub(super) restart: Restart,
    pub(super) controls: Vec<Control>,
    /// While it runs, other controls than these are rejected with this.
    pub(super) rejects_while_running: Option<(Errno, &'static [u32])>,
    /// START outside of a finished drain is its end.
    pub(super) dies_of_start: bool,
    /// What MIN_BUFFERS_FOR_OUTPUT says, where it is there.
    pub(super) least_raw: Option<u32>,
    /// Raw buffers that it keeps as references.
    pub(super) keeps: usize,
    /// Frames that it encodes only when others follow, or when it is drained.
    pub(super) holds: usize,
    /// GOP_SIZE is looked at for every frame, not only at STREAMON.
    pub(super) dynamic_gop: bool,
    /// More raw buffers than this do not fit into its memory.
    pub(super) memory: u32,
    /// The least entry of H264_LEVEL that STREAMON takes.
    pub(super) least_level: i64,
    /// Tells fewer frames per second than this, and it hangs.
    pub(super) least_rate: f64,
    /// S_FMT of the raw queue answers EBUSY.
    pub(super) busy: bool,
    /// STREAMON answers this.
    pub(super) rejects: Option<Errno>,
    pub(super) troubles: Vec<(usize, Trouble)>,
}

/// Follows the specification.
pub(super) fn orderly() -> Driver {
    use v4l2::fourcc::{NV12, YUV420};
    Driver {
        name: "orderly",
        multi_planar: true,
        codecs: &Codec::ALL,
        raw: &[YUV420, NV12],
        stride: 1,
        rounds: (2, 2),
        padding: 0,
        sizes: [32, 4096, 32, 4096],
        sizeimage: SizeImage::Within(4096, 8 << 20),
        unknown: Unknown::Replaced,
        rate: Rate::Any,
        own_interval: false,
        fixed_rate: false,
        assumed_framerate: 30.0,
        crop: Crop::Kept,
        copies_timestamps: true,
        splits: false,
        separate_headers: false,
        repeats_headers: true,
        junk: 0,
        offset: 0,
        stray: false,
        floods: false,
        empty_buffers: false,
        end: End::LastFrame,
        eos: Eos::AtEnd,
        last_takes: Duration::ZERO,
        restart: Restart::Coded,
        controls: super::drivers::common(),
        rejects_while_running: None,
        dies_of_start: false,
        least_raw: Some(1),
        keeps: 0,
        holds: 0,
        dynamic_gop: false,
        memory: 32,
        least_level: 0,
        least_rate: 0.0,
        busy: false,
        rejects: None,
        troubles: Vec::new(),
    }
}
