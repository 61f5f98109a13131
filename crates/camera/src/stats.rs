/// What became of a camera's pictures so far.
///
/// `captured = delivered + dropped + waiting`, where at most as many wait as [`crate::Options::keep`] says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// Whole pictures that the driver gave.
    pub captured: u64,
    /// Pictures that were taken by the consumer.
    pub delivered: u64,
    /// Pictures that gave way to newer ones, because the consumer was too slow.
    pub dropped: u64,
    /// Damaged pictures, which are not given out: the driver said so, they were cut short, or could not be decoded.
    pub errors: u64,
    /// JPEG pictures that are given out although up to a quarter of them is lost; that part looks like what is above it.
    pub repaired: u64,
    /// Pictures that the driver did not give at all, as gaps in its count show; it was out of buffers, or the
    /// camera was.
    pub missed: u64,
    /// Pictures that were converted into memory of the consumer's.
    pub converted: u64,
    /// Pictures that were handed on as DMABUFs.
    pub dmabuf: u64,
}
