/// What became of a camera's frames so far.
///
/// `captured = delivered + dropped + waiting`, where at most as many wait as [`crate::Options::keep`] says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// Whole frames that the driver gave.
    pub captured: u64,
    /// Frames that were taken by the consumer.
    pub delivered: u64,
    /// Frames that gave way to newer ones, because the consumer was too slow.
    pub dropped: u64,
    /// Damaged frames, which are not given out: the driver said so, they were cut short, or could not be decoded.
    pub errors: u64,
    /// JPEG frames that are given out although up to a quarter of them is lost; that part looks like what is above it.
    pub repaired: u64,
    /// Frames that the driver did not give at all, as gaps in its count show; it was out of buffers, or the
    /// camera was.
    pub missed: u64,
    /// Frames that were converted into memory of the consumer's.
    pub converted: u64,
    /// Frames that were passed on as DMABUFs.
    pub dmabuf: u64,
}
