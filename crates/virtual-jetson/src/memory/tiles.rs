//! The order of bytes in a block-linear plane, as this model has it: blocks of 64 bytes by 8 rows, one after another from
//! left to right and top to bottom. NVIDIA's own order depends on the block height and is not told; what counts is that the
//! memory does not hold rows.

/// Of a block, in bytes.
const WIDTH: usize = 64;
/// Of a block, in rows.
const HEIGHT: usize = 8;

/// The rows of a plane whose pitch is a multiple of a block's width and whose rows are a multiple of its height.
pub(crate) fn rows(tiled: &[u8], pitch: usize) -> Vec<u8> {
    let mut rows = vec![0; tiled.len()];
    for (number, block) in tiled.chunks_exact(WIDTH * HEIGHT).enumerate() {
        let across = pitch / WIDTH;
        let (left, top) = (number % across * WIDTH, number / across * HEIGHT);
        for (row, bytes) in block.chunks_exact(WIDTH).enumerate() {
            rows[(top + row) * pitch + left..][..WIDTH].copy_from_slice(bytes);
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_block_is_right_of_the_first() {
        let tiled: Vec<u8> = (0..128 * 16).map(|byte: usize| (byte / 512) as u8).collect();
        let rows = rows(&tiled, 128);
        assert_eq!(
            [rows[0], rows[64], rows[7 * 128 + 127], rows[8 * 128], rows[15 * 128 + 64]],
            [0, 1, 1, 2, 3]
        );
    }
}
