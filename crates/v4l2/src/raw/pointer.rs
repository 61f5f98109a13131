/// The address of block `target` belongs into block `block` at `offset`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pointer {
    /// The number of the block that holds the address.
    pub block: usize,
    /// Where, in bytes. It need not be aligned: `v4l2_ext_control` is packed.
    pub offset: usize,
    /// The number of the block that is pointed to.
    pub target: usize,
}
