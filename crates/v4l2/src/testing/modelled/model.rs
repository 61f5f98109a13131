use std::fmt::Debug;
use std::os::fd::OwnedFd;
use std::time::Duration;

use v4l2r::nix::errno::Errno;
use v4l2r::{Format, QueueType};

use crate::PixelFormat;
use crate::ioctl::{
    Capability, Colorimetry, ControlDescription, Dequeued, FormatDescription, FrameSizes, Memory, PlaneUse,
    QueriedPlane, Rectangle,
};
use crate::transport::{Interest, Readiness};

/// What a driver answers: a value, or an errno.
pub type Answer<T> = Result<T, Errno>;

/// A buffer as it is queued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueuedBuffer {
    /// Which one.
    pub index: u32,
    /// Whose memory it is.
    pub memory: Memory,
    /// How each plane is filled.
    pub planes: Vec<PlaneUse>,
    /// To be copied to the coded buffer.
    pub timestamp: Duration,
}

/// A model of a device: one method for each request, with plain values.
///
/// No method has a default, because a model that forgot a request would hide what the client does with it.
#[expect(missing_docs, reason = "each method is the request of its name")]
#[expect(clippy::missing_errors_doc, reason = "each method answers what the modelled driver would")]
pub trait Model: Send + Debug {
    fn querycap(&mut self) -> Answer<Capability>;
    fn enum_fmt(&mut self, queue: QueueType, index: u32) -> Answer<FormatDescription>;
    fn enum_framesizes(&mut self, format: PixelFormat, index: u32) -> Answer<FrameSizes>;
    fn g_fmt(&mut self, queue: QueueType) -> Answer<(Format, Colorimetry)>;
    fn s_fmt(
        &mut self,
        queue: QueueType,
        format: Format,
        colors: Colorimetry,
    ) -> Answer<(Format, Colorimetry)>;
    fn try_fmt(
        &mut self,
        queue: QueueType,
        format: Format,
        colors: Colorimetry,
    ) -> Answer<(Format, Colorimetry)>;
    fn g_parm(&mut self, queue: QueueType) -> Answer<(u32, u32)>;
    fn s_parm(&mut self, queue: QueueType, time_per_frame: (u32, u32)) -> Answer<(u32, u32)>;
    fn g_crop(&mut self, queue: QueueType) -> Answer<Rectangle>;
    fn s_crop(&mut self, queue: QueueType, visible: Rectangle) -> Answer<Rectangle>;
    fn query_ext_ctrl(&mut self, id: u32) -> Answer<ControlDescription>;
    fn g_ext_ctrl(&mut self, id: u32) -> Answer<i32>;
    /// Returns what became of the value.
    fn s_ext_ctrl(&mut self, id: u32, value: i32) -> Answer<i32>;
    /// Returns how many there are.
    fn reqbufs(&mut self, queue: QueueType, memory: Memory, count: u32) -> Answer<u32>;
    fn querybuf(&mut self, queue: QueueType, index: u32) -> Answer<Vec<QueriedPlane>>;
    fn expbuf(&mut self, queue: QueueType, index: u32, plane: u32) -> Answer<OwnedFd>;
    fn qbuf(&mut self, queue: QueueType, buffer: QueuedBuffer) -> Answer<()>;
    fn dqbuf(&mut self, queue: QueueType) -> Answer<Dequeued>;
    fn streamon(&mut self, queue: QueueType) -> Answer<()>;
    fn streamoff(&mut self, queue: QueueType) -> Answer<()>;
    /// `V4L2_ENC_CMD_…`
    fn encoder_cmd(&mut self, command: u32) -> Answer<()>;
    fn subscribe_event(&mut self, kind: u32) -> Answer<()>;
    /// Returns the kind of the next event.
    fn dqevent(&mut self) -> Answer<u32>;
    /// What `poll(2)` says at once; with nothing to say it is followed by a sleep. Asked only when something is of interest.
    fn poll(&mut self, interest: Interest) -> Readiness;
}
