use std::ffi::c_void;
use std::os::fd::RawFd;
use std::ptr::NonNull;

use v4l2r::nix::errno::Errno;

use super::addresses;
use super::pointer::Pointer;
use crate::Transport;
use crate::transport::{Request, close_on_exec};

/// Every block has room for as much: NVIDIA's structs grew with its releases, and its library writes all of them.
const MIN_ROOM: usize = 4096;

const WORD: usize = size_of::<u64>();

/// Type and number of EXPBUF, whose answer has a new descriptor at this place.
const EXPBUF: u32 = 0x5610;
const EXPORTED: usize = 16;

/// Bytes in aligned memory, with zeroes behind them.
#[derive(Debug)]
struct Block {
    words: Vec<u64>,
    length: usize,
}

impl Block {
    fn new(bytes: &[u8]) -> Self {
        let mut words = vec![0; bytes.len().max(MIN_ROOM).div_ceil(WORD)];
        for (word, part) in words.iter_mut().zip(bytes.chunks(WORD)) {
            let mut padded = [0; WORD];
            padded[..part.len()].copy_from_slice(part);
            *word = u64::from_ne_bytes(padded);
        }
        Self { words, length: bytes.len() }
    }

    fn bytes(&self) -> Vec<u8> {
        let mut bytes: Vec<u8> = self.words.iter().flat_map(|word| word.to_ne_bytes()).collect();
        bytes.truncate(self.length);
        bytes
    }
}

/// A request's struct (block 0) and everything it points to.
#[derive(Debug)]
pub struct Argument {
    blocks: Vec<Block>,
    pointers: Vec<Pointer>,
}

impl Argument {
    /// Checks an argument of the request with this number.
    ///
    /// # Errors
    /// A sentence about what would make a driver touch memory that is not the argument's: a struct of another size than the
    /// number says, an address that is no [`Pointer`], a count beyond its array.
    pub fn new(
        number: u32,
        blocks: &[Vec<u8>],
        pointers: Vec<Pointer>,
        nvidia: bool,
    ) -> Result<Self, String> {
        addresses::check(number, blocks, &pointers, nvidia)?;
        Ok(Self { blocks: blocks.iter().map(|bytes| Block::new(bytes)).collect(), pointers })
    }

    /// The blocks as the driver left them. Where an address was, there are zeroes.
    #[must_use]
    pub fn blocks(&self) -> Vec<Vec<u8>> {
        let mut blocks: Vec<_> = self.blocks.iter().map(Block::bytes).collect();
        for Pointer { block, offset, .. } in &self.pointers {
            blocks[*block][*offset..*offset + WORD].fill(0);
        }
        blocks
    }

    /// Runs the request with this number, whose argument this was checked as.
    pub(super) fn run(&mut self, transport: &dyn Transport, number: u32) -> Result<(), Errno> {
        let addresses: Vec<_> = self.blocks.iter_mut().map(|block| block.words.as_mut_ptr()).collect();
        for Pointer { block, offset, target } in &self.pointers {
            #[expect(unsafe_code, reason = "an unaligned place in aligned memory")]
            // SAFETY: `check` found eight bytes of the block from `offset` on.
            let place = unsafe { addresses[*block].cast::<u8>().add(*offset) };
            #[expect(unsafe_code, reason = "writing an address where the struct has it")]
            // SAFETY: as above; any bits are good for memory that is only bytes.
            unsafe {
                place.cast::<*mut u64>().write_unaligned(addresses[*target]);
            }
        }
        let struct_ = NonNull::new(addresses[0]).ok_or(Errno::EFAULT)?;
        let request = Request { name: "a request", number: number.into() };
        #[expect(unsafe_code, reason = "Transport::ioctl is unsafe")]
        // SAFETY: block 0 has the size that the number says, and `check` found every address in it to be of a block that is as
        // long as the struct says.
        unsafe { transport.ioctl(request, struct_.cast::<c_void>()) }?;
        if number & 0xFFFF == EXPBUF {
            // NVIDIA's library takes no flags, so it cannot be requested.
            close_on_exec(self.exported());
        }
        Ok(())
    }

    fn exported(&self) -> RawFd {
        let bytes = self.blocks[0].bytes();
        let descriptor = bytes.get(EXPORTED..EXPORTED + 4).and_then(|bytes| bytes.try_into().ok());
        descriptor.map_or(-1, RawFd::from_ne_bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Fake, Reply};

    const QUERYCAP: u32 = 0x8068_5600;
    const G_EXT_CTRLS: u32 = 0xC020_5647;

    #[test]
    fn the_driver_sees_the_bytes_and_the_caller_gets_them_back() {
        let fake = Fake::new([Reply::ok("a request")]);
        let mut argument = Argument::new(QUERYCAP, &[vec![7; 104]], vec![], false).unwrap();
        argument.run(&fake, QUERYCAP).unwrap();
        assert_eq!(fake.calls()[0].argument[..104], [7; 104]);
        assert_eq!(argument.blocks(), [vec![7; 104]]);
    }

    #[test]
    fn an_address_is_there_for_the_driver_only() {
        let fake = Fake::new([Reply::ok("a request")]);
        let mut controls = vec![0; 32];
        controls[4] = 1;
        let pointers = vec![Pointer { block: 0, offset: 24, target: 1 }];
        let mut argument =
            Argument::new(G_EXT_CTRLS, &[controls.clone(), vec![0; 20]], pointers, false).unwrap();
        argument.run(&fake, G_EXT_CTRLS).unwrap();
        assert_ne!(fake.calls()[0].argument[24..32], [0; 8]);
        assert_eq!(argument.blocks()[0], controls);
    }

    #[test]
    fn what_the_library_may_write_behind_a_struct_is_ours() {
        assert_eq!(Block::new(&[1, 2, 3]).words.len() * WORD, MIN_ROOM);
        assert_eq!(Block::new(&[9; 5000]).bytes(), vec![9; 5000]);
    }
}
