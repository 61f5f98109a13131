//! What the benchmarks compare with.

#![allow(unreachable_pub, missing_docs, reason = "what is public here, JavaScript reaches")]

use std::os::fd::AsFd;

use napi::{Error, Result};
use napi_derive::napi;
use v4l2::transport::memory_file;
use v4l2::{Dmabuf, Errno, Mapping, Reading};

/// A ring of shared mappings of anonymous files, which is what the virtual device's buffers are.
#[napi]
pub struct MappedRing {
    mappings: Vec<Mapping>,
    next: usize,
}

#[napi]
impl MappedRing {
    #[napi(constructor)]
    pub fn new(bytes: u32, count: u32) -> Result<Self> {
        let mappings = (0..count).map(|_| mapping(bytes)).collect::<Result<_>>()?;
        Ok(Self { mappings, next: 0 })
    }

    /// Copies the bytes into the next mapping: one memcpy.
    #[napi]
    pub fn copy(&mut self, data: &[u8]) {
        self.copy_in(data);
    }

    /// The same with what is in a device's memory.
    #[napi]
    pub fn copy_shared(&mut self, memory: &SharedMemory) {
        let length = self.mappings[0].bytes().len();
        self.copy_in(&memory.reading.bytes()[..length]);
    }

    fn copy_in(&mut self, data: &[u8]) {
        let count = self.mappings.len();
        let mapping = &mut self.mappings[self.next % count];
        self.next += 1;
        mapping.bytes_mut()[..data.len()].copy_from_slice(data);
    }
}

/// A DMABUF, mapped for the processor to read.
#[napi]
pub struct SharedMemory {
    reading: Reading<'static>,
}

#[napi]
impl SharedMemory {
    /// The descriptor stays the caller's. The mapping stays until the process ends.
    #[napi(constructor)]
    pub fn new(descriptor: i32) -> Result<Self> {
        let failed = |error: Errno| Error::from_reason(format!("The memory could not be mapped: {error}."));
        let memory: &Dmabuf = Box::leak(Box::new(Dmabuf::share(descriptor).map_err(failed)?));
        Ok(Self { reading: memory.read().map_err(failed)? })
    }
}

fn mapping(bytes: u32) -> Result<Mapping> {
    let failed = |error: String| Error::from_reason(format!("A mapping could not be made: {error}."));
    let file = memory_file("bench", bytes.into()).map_err(|error| failed(error.to_string()))?;
    let mut mapping =
        Mapping::new(file.as_fd(), 0, bytes as usize).map_err(|error| failed(error.to_string()))?;
    // Every page is there before anything is timed.
    mapping.bytes_mut().fill(16);
    Ok(mapping)
}
