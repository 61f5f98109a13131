//! Raw frames in surfaces, as a client in C gives them.

use crate::{
    client::{
        Bytes, CAPTURE, Client, Config, H264, NV12M, OUTPUT, QBUF, REQBUFS, STREAMOFF, STREAMON, YUV420M,
        ioctl, libraries, open_library, symbol,
    },
    judge::{decode, picture, psnr},
};
use libloading::Symbol;
use std::{
    ffi::{c_int, c_void},
    os::fd::RawFd,
};

const NV12: u32 = 6;
const YUV420: u32 = 2;
const PITCH: u32 = 0;
const BLOCK_LINEAR: u32 = 1;

/// A surface that is destroyed by hand.
#[derive(Clone, Copy)]
struct Surface(*mut c_void);

impl Surface {
    fn allocate(color: u32, layout: u32, width: u32, height: u32) -> Option<Self> {
        let allocate: Symbol<unsafe extern "C" fn(*mut *mut c_void, u32, *const c_void) -> c_int> =
            symbol(&libraries().0, "NvBufSurfaceAllocate");
        let parameters =
            Bytes::<80>::new(&[(4, width), (8, height), (20, color), (24, layout), (28, 4), (40, 4608)]);
        let mut surface = std::ptr::null_mut();
        let result = unsafe { allocate(&raw mut surface, 1, (&raw const parameters.0).cast()) };
        (result == 0).then_some(Self(surface))
    }

    fn number(self, offset: usize) -> u32 {
        let list = unsafe { self.0.byte_add(24).cast::<*mut u8>().read() };
        unsafe { list.add(offset).cast::<u32>().read() }
    }

    fn fd(self) -> RawFd {
        self.number(24).cast_signed()
    }

    fn call(self, name: &str) -> c_int {
        let function: Symbol<unsafe extern "C" fn(*mut c_void, c_int, c_int, c_int) -> c_int> =
            symbol(&libraries().0, name);
        unsafe { function(self.0, 0, -1, 2) }
    }

    /// Maps it, writes a tight picture of one format into its rows, and unmaps it. `sync` or not.
    fn write(self, planes: &[(&[u8], usize)], sync: bool) {
        assert_eq!(self.call("NvBufSurfaceMap"), 0);
        let list = unsafe { self.0.byte_add(24).cast::<*mut u8>().read() };
        for (index, (bytes, row)) in planes.iter().enumerate() {
            let pitch = self.number(48 + 36 + 4 * index) as usize;
            let mapped = unsafe { list.add(280 + 8 * index).cast::<*mut u8>().read() };
            for (number, row) in bytes.chunks(*row).enumerate() {
                unsafe { mapped.add(number * pitch).copy_from_nonoverlapping(row.as_ptr(), row.len()) };
            }
        }
        if sync {
            assert_eq!(self.call("NvBufSurfaceSyncForDevice"), 0);
        }
        assert_eq!(self.call("NvBufSurfaceUnMap"), 0);
    }

    fn destroy(self) -> c_int {
        self.call("NvBufSurfaceDestroy")
    }
}

/// A client whose raw frames are surfaces, streaming.
fn importing(test: &str, settings: &str, raw: u32) -> Client {
    let mut client = Client::open(test, Config { raw, ..Config::new(H264, settings) });
    client.set_formats().unwrap();
    client.raw_memory = 4;
    ioctl(client.fd, REQBUFS, &mut Bytes::<20>::new(&[(0, 4), (4, OUTPUT), (8, 4)])).unwrap();
    client.request_capture();
    client.stream(STREAMON).unwrap();
    client
}

/// Queues descriptors, one for each plane, as buffer `index`.
fn queue(client: &Client, index: u32, fds: &[RawFd], timestamp_us: u32) -> Result<(), i32> {
    let mut planes = Bytes::<512>::new(&[]);
    for (plane, fd) in fds.iter().enumerate() {
        planes.put(64 * plane, 1);
        planes.put(64 * plane + 8, fd.cast_unsigned());
    }
    let count = fds.len() as u32;
    let mut buffer = Bytes::<88>::new(&[
        (0, index),
        (4, OUTPUT),
        (12, 0x4000),
        (24, 1),
        (32, timestamp_us),
        (60, 4),
        (72, count),
    ]);
    buffer.put_u64(64, planes.address());
    ioctl(client.fd, QBUF, &mut buffer)
}

fn log(client: &Client) -> String {
    std::fs::read_to_string(&client.log).unwrap_or_default()
}

#[test]
fn a_picture_in_a_surface_is_coded_where_it_is() {
    let mut client = importing("surface-picture", "{}", YUV420M);
    let surface = Surface::allocate(YUV420, PITCH, 320, 240).unwrap();
    let tight = picture(320, 240, 3);
    let (luma, chroma) = tight.split_at(320 * 240);
    let (u, v) = chroma.split_at(160 * 120);
    surface.write(&[(luma, 320), (u, 160), (v, 160)], true);
    queue(&client, 0, &[surface.fd(); 3], 1).unwrap();
    client.wait(|client| client.chunks.len() == 1);
    client.free_buffer();
    let decoded = decode("h264", &client.chunks[0].data, 320, 240);
    assert!(psnr(&decoded[0], &tight) > 35.0, "the picture as it was");
    assert_eq!(surface.destroy(), 0);
    assert_eq!(surface.destroy(), -1, "only once");
    assert_eq!(client.finish(), "");
}

#[test]
fn what_the_encoder_cannot_read_is_refused_at_qbuf() {
    let mut client = importing("surface-refusals", r#"{"codec":"passthrough"}"#, NV12M);
    let refused = |client: &Client, fd: RawFd| queue(client, 0, &[fd; 2], 1) == Err(libc::EINVAL);
    assert!(refused(&client, 0), "no surface");
    let right = Surface::allocate(NV12, BLOCK_LINEAR, 320, 240).unwrap();
    let duplicate = unsafe { libc::dup(right.fd()) };
    assert!(refused(&client, duplicate), "known by number, and this is another");
    unsafe { libc::close(duplicate) };
    for (color, width, height) in [(YUV420, 320, 240), (NV12, 640, 240), (NV12, 320, 480), (29, 320, 240)] {
        let other = Surface::allocate(color, PITCH, width, height).unwrap();
        assert!(refused(&client, other.fd()), "color format {color} of {width}x{height}");
        other.destroy();
    }
    let gone = right.fd();
    queue(&client, 0, &[gone; 2], 1).unwrap();
    assert_eq!(queue(&client, 0, &[gone; 2], 2), Err(libc::EINVAL), "the index is in use");
    assert!(log(&client).contains("double-queue"));
    client.free_buffer();
    right.destroy();
    assert!(refused(&client, gone), "destroyed");
    assert!(Surface::allocate(19, PITCH, 320, 240).is_none(), "RGBA is not modelled");
    let rules = client.finish();
    assert_eq!(rules.lines().count(), 1, "{rules}");
}

#[test]
fn mistakes_with_surfaces_are_noted() {
    let settings = r#"{"latencyMs":50}"#;
    let mut client = importing("surface-mistakes", settings, NV12M);
    let planes = |value: u8| (vec![value; 320 * 240], vec![value; 320 * 120]);
    let (luma, chroma) = planes(50);
    let rows = [(&luma[..], 320), (&chroma[..], 320)];
    let surfaces: Vec<_> = (0..3).map(|_| Surface::allocate(NV12, PITCH, 320, 240).unwrap()).collect();
    surfaces[0].write(&rows, false);
    queue(&client, 0, &[surfaces[0].fd(); 2], 1).unwrap();
    assert!(log(&client).contains("missing-sync: buffer 0"));
    surfaces[1].write(&rows, true);
    queue(&client, 1, &[surfaces[1].fd(), surfaces[0].fd()], 2).unwrap();
    assert!(log(&client).contains("descriptors: buffer 1"));
    let (luma, chroma) = planes(60);
    surfaces[1].write(&[(&luma, 320), (&chroma, 320)], true);
    assert!(log(&client).contains("was written while the device had it"));
    surfaces[2].write(&rows, true);
    queue(&client, 2, &[surfaces[2].fd(); 2], 3).unwrap();
    surfaces[2].destroy();
    assert!(log(&client).contains("was destroyed while the device had it"));
    for _ in 0..3 {
        client.free_buffer();
    }
    client.finish();
    surfaces[..2].iter().for_each(|surface| assert_eq!(surface.destroy(), 0));
}

#[test]
fn the_queue_goes_back_to_memory_of_its_own() {
    let mut client = importing("surface-and-back", r#"{"codec":"passthrough"}"#, YUV420M);
    client.raw_memory = 1;
    assert_eq!(client.dequeue(OUTPUT).err(), Some(libc::EINVAL), "another kind of memory");
    assert!(log(&client).contains("memory 1, not 4"));
    client.stream(STREAMOFF).unwrap();
    for kind in [OUTPUT, CAPTURE] {
        client.request(kind, 0).unwrap();
    }
    client.capture.clear();
    client.request_all().unwrap();
    client.stream(STREAMON).unwrap();
    client.push(&picture(320, 240, 0), 1_000_000);
    client.drain();
    let rules = client.finish();
    assert_eq!(rules.lines().count(), 1, "{rules}");
}

#[test]
fn jetpack_4_and_the_coded_side_import_nothing() {
    // JetPack 4 opens after its own library was loaded.
    std::mem::forget(open_library("libnvbuf_utils.so"));
    for (generation, kind) in [(4, OUTPUT), (5, CAPTURE), (6, CAPTURE)] {
        let settings = format!(r#"{{"generation":{generation},"codec":"passthrough"}}"#);
        let mut client = Client::open("surface-capture", Config::new(H264, &settings));
        client.set_formats().unwrap();
        let mut request = Bytes::<20>::new(&[(0, 4), (4, kind), (8, 4)]);
        assert_eq!(ioctl(client.fd, REQBUFS, &mut request), Err(libc::EINVAL));
        crate::client::close(client.fd);
    }
}
