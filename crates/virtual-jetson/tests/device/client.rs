//! A client in the manner of NVIDIA's samples: the C functions of the built library, structures as bytes.
//!
//! It shares nothing with the library under test, not even the layouts, so that a mistake in one is not in both.

use libloading::{Library, Symbol};
use std::{
    ffi::{CString, c_char, c_int, c_uint, c_ulong, c_void},
    os::fd::RawFd,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, OnceLock, PoisonError},
};

pub const CAPTURE: u32 = 9;
pub const OUTPUT: u32 = 10;
pub const H264: u32 = u32::from_le_bytes(*b"H264");
pub const H265: u32 = u32::from_le_bytes(*b"H265");
pub const YUV420M: u32 = u32::from_le_bytes(*b"YM12");
pub const NV12M: u32 = u32::from_le_bytes(*b"NM12");
pub const MPEG: u32 = 0x0099_0000;
pub const BASE: u32 = 0x0099_0900;
pub const FLAG_KEYFRAME: u32 = 8;
pub const FLAG_ERROR: u32 = 0x40;
pub const FLAG_LAST: u32 = 0x0010_0000;

pub const QUERYCAP: u32 = 0x8068_5600;
pub const S_FMT: u32 = 0xC0D0_5605;
pub const REQBUFS: u32 = 0xC014_5608;
pub const QUERYBUF: u32 = 0xC058_5609;
pub const QBUF: u32 = 0xC058_560F;
pub const EXPBUF: u32 = 0xC040_5610;
pub const DQBUF: u32 = 0xC058_5611;
pub const STREAMON: u32 = 0x4004_5612;
pub const STREAMOFF: u32 = 0x4004_5613;
pub const S_PARM: u32 = 0xC0CC_5616;
pub const G_EXT_CTRLS: u32 = 0xC020_5647;
pub const S_EXT_CTRLS: u32 = 0xC020_5648;
pub const ENCODER_CMD: u32 = 0xC028_564D;
pub const DQEVENT: u32 = 0x8088_5659;
pub const SUBSCRIBE_EVENT: u32 = 0x4020_565A;
const DMA_BUF_SYNC: u32 = 0x4008_6200;

/// A directory of its own for each test.
pub fn directory(test: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{test}", std::process::id()));
    std::fs::create_dir_all(&path).unwrap();
    path
}

/// The built library, linked by NVIDIA's names as a user's script would.
pub fn library_folder() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let built = std::env::current_exe().unwrap().with_file_name("libvirtual_jetson.so");
        let folder = directory("libraries");
        for name in ["libnvv4l2.so", "libnvbufsurface.so", "libnvbuf_utils.so"] {
            let link = folder.join(name);
            std::os::unix::fs::symlink(&built, &link).unwrap();
        }
        folder
    })
}

pub fn open_library(name: &str) -> Library {
    // SAFETY: our own library, whose constructors do nothing.
    unsafe { Library::new(library_folder().join(name)) }.unwrap()
}

/// NVIDIA's libraries; the surface library first.
pub fn libraries() -> &'static (Library, Library) {
    static LIBRARIES: OnceLock<(Library, Library)> = OnceLock::new();
    LIBRARIES.get_or_init(|| {
        let surface = open_library("libnvbufsurface.so");
        match std::env::var_os("VIRTUAL_JETSON_TEST_LIBV4L2") {
            // SAFETY: libv4l2 of the distribution, which the plugin is tried in.
            Some(real) => (surface, unsafe { Library::new(real) }.unwrap()),
            None => (surface, open_library("libnvv4l2.so")),
        }
    })
}

pub fn symbol<'a, T>(library: &'a Library, name: &str) -> Symbol<'a, T> {
    // SAFETY: the callers below name each function with its type.
    unsafe { library.get(name.as_bytes()) }.unwrap()
}

pub fn errno() -> i32 {
    std::io::Error::last_os_error().raw_os_error().unwrap()
}

/// A structure as bytes.
#[repr(C, align(8))]
pub struct Bytes<const N: usize>(pub [u8; N]);

impl<const N: usize> Bytes<N> {
    pub fn new(words: &[(usize, u32)]) -> Self {
        let mut bytes = Self([0; N]);
        words.iter().for_each(|&(at, value)| bytes.put(at, value));
        bytes
    }

    pub fn put(&mut self, at: usize, value: u32) {
        self.0[at..at + 4].copy_from_slice(&value.to_le_bytes());
    }

    pub fn put_u64(&mut self, at: usize, value: u64) {
        self.0[at..at + 8].copy_from_slice(&value.to_le_bytes());
    }

    pub fn get(&self, at: usize) -> u32 {
        u32::from_le_bytes(self.0[at..at + 4].try_into().unwrap())
    }

    pub fn get_u64(&self, at: usize) -> u64 {
        u64::from_le_bytes(self.0[at..at + 8].try_into().unwrap())
    }

    pub fn address(&mut self) -> u64 {
        (&raw mut self.0).addr() as u64
    }
}

/// A mapped plane.
pub struct Plane {
    pub fd: RawFd,
    pub address: *mut u8,
    pub length: usize,
}

/// A coded chunk as DQBUF gave it.
#[derive(Debug, Clone)]
pub struct Chunk {
    pub data: Vec<u8>,
    pub flags: u32,
    pub timestamp_us: i64,
}

/// How a frame is made visible to the device.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Sync {
    Surface,
    NvBuffer,
    DmaBuf,
    Forgotten,
}

/// Opening and closing must not overlap, as in libv4l2.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

fn alone() -> MutexGuard<'static, ()> {
    ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner)
}

pub fn open(path: &Path, flags: c_int) -> Result<RawFd, i32> {
    let _alone = alone();
    let v4l2_open: Symbol<unsafe extern "C" fn(*const c_char, c_int, c_int) -> c_int> =
        symbol(&libraries().1, "v4l2_open");
    let path = CString::new(path.to_str().unwrap()).unwrap();
    // SAFETY: a C string.
    let fd = unsafe { v4l2_open(path.as_ptr(), flags, 0) };
    if fd < 0 { Err(errno()) } else { Ok(fd) }
}

pub fn close(fd: RawFd) -> c_int {
    let _alone = alone();
    let v4l2_close: Symbol<unsafe extern "C" fn(c_int) -> c_int> = symbol(&libraries().1, "v4l2_close");
    // SAFETY: a plain call.
    unsafe { v4l2_close(fd) }
}

pub fn ioctl<const N: usize>(fd: RawFd, request: u32, arg: &mut Bytes<N>) -> Result<(), i32> {
    let v4l2_ioctl: Symbol<unsafe extern "C" fn(c_int, c_ulong, *mut c_void) -> c_int> =
        symbol(&libraries().1, "v4l2_ioctl");
    // SAFETY: the structure is as large as the request says.
    let result = unsafe { v4l2_ioctl(fd, request.into(), (&raw mut arg.0).cast()) };
    if result < 0 { Err(errno()) } else { Ok(()) }
}

fn surface_of(fd: RawFd) -> Option<*mut c_void> {
    let from: Symbol<unsafe extern "C" fn(c_int, *mut *mut c_void) -> c_int> =
        symbol(&libraries().0, "NvBufSurfaceFromFd");
    let mut surface = std::ptr::null_mut();
    // SAFETY: the pointer is to a pointer.
    (unsafe { from(fd, &raw mut surface) } == 0).then_some(surface)
}

/// Runs an ignored test of this binary in a process of its own: status and standard output.
pub fn in_a_process_of_its_own(test: &str) -> std::process::Output {
    let arguments = ["--exact", test, "--ignored", "--nocapture"];
    std::process::Command::new(std::env::current_exe().unwrap()).args(arguments).output().unwrap()
}

/// What a session is set up with.
#[derive(Clone)]
pub struct Config {
    pub settings: String,
    pub codec: u32,
    pub raw: u32,
    pub width: u32,
    pub height: u32,
    pub controls: Vec<(u32, u32)>,
    /// Controls that point at words.
    pub payloads: Vec<(u32, Vec<u32>)>,
    pub buffers: u32,
    pub sync: Sync,
    pub nonblocking: bool,
}

impl Config {
    pub fn new(codec: u32, settings: &str) -> Self {
        Self {
            settings: settings.to_owned(),
            codec,
            raw: YUV420M,
            width: 320,
            height: 240,
            controls: vec![(207, 2_000_000), (514, 100), (203, 0)],
            payloads: vec![],
            buffers: 4,
            sync: Sync::Surface,
            nonblocking: true,
        }
    }
}

/// An open device with a node and a violation log of its own.
pub struct Client {
    pub fd: RawFd,
    pub config: Config,
    pub log: PathBuf,
    pub strides: Vec<usize>,
    pub output: Vec<Vec<Plane>>,
    pub capture: Vec<Vec<Plane>>,
    pub free: Vec<u32>,
    /// Whose memory the raw frames are: 1, the device's; 4, surfaces.
    pub raw_memory: u32,
    /// Chunks that came out while waiting for something else.
    pub chunks: Vec<Chunk>,
    pub ended: Option<i32>,
}

/// Where many tests run at once, sixteen devices may be open.
fn open_patiently(node: &Path, flags: c_int) -> RawFd {
    for _ in 0..1000 {
        match open(node, flags) {
            Err(libc::EBUSY) => std::thread::sleep(std::time::Duration::from_millis(10)),
            result => return result.unwrap(),
        }
    }
    panic!("sixteen devices stay open");
}

/// Makes a node whose content is `settings`; the log is beside it.
pub fn make_node(test: &str, settings: &str) -> (PathBuf, PathBuf) {
    let directory = directory(test);
    let (node, log) = (directory.join("v4l2-nvenc"), directory.join("violations.log"));
    let mut settings: serde_json::Value = serde_json::from_str(settings).unwrap();
    settings["log"] = log.to_str().unwrap().into();
    if settings.get("stdoutMessages").is_none() {
        settings["stdoutMessages"] = false.into();
    }
    std::fs::write(&node, settings.to_string()).unwrap();
    (node, log)
}

impl Client {
    /// Opens the device and sets formats and controls.
    pub fn open(test: &str, config: Config) -> Self {
        let (node, log) = make_node(test, &config.settings);
        let nonblock = if config.nonblocking { libc::O_NONBLOCK } else { 0 };
        let fd = open_patiently(&node, libc::O_RDWR | libc::O_CLOEXEC | nonblock);
        Self {
            fd,
            config,
            log,
            strides: vec![],
            output: vec![],
            capture: vec![],
            free: vec![],
            raw_memory: 1,
            chunks: vec![],
            ended: None,
        }
    }

    /// The whole way up to streaming.
    pub fn start(test: &str, config: Config) -> Self {
        let mut client = Self::open(test, config);
        client.set_formats().unwrap();
        for (id, value) in client.config.controls.clone() {
            client.control(BASE + id, value).unwrap();
        }
        for (id, words) in client.config.payloads.clone() {
            client.payload(BASE + id, &words).unwrap();
        }
        client.set_rate(30);
        client.request_all().unwrap();
        client.stream(STREAMON).unwrap();
        client
    }

    pub fn set_formats(&mut self) -> Result<(), i32> {
        let Config { codec, raw, width, height, .. } = self.config;
        let planes = if raw == NV12M { 2 } else { 3 };
        let mut coded =
            Bytes::<208>::new(&[(0, CAPTURE), (8, width), (12, height), (16, codec), (28, 1 << 20)]);
        coded.0[8 + 180] = 1;
        ioctl(self.fd, S_FMT, &mut coded)?;
        let mut format = Bytes::<208>::new(&[(0, OUTPUT), (8, width), (12, height), (16, raw)]);
        format.0[8 + 180] = planes;
        ioctl(self.fd, S_FMT, &mut format)?;
        self.strides = (0..planes as usize).map(|p| format.get(28 + 20 * p + 4) as usize).collect();
        Ok(())
    }

    pub fn control(&self, id: u32, value: u32) -> Result<(), i32> {
        self.control_of_class(MPEG, id, u64::from(value))
    }

    pub fn control_of_class(&self, class: u32, id: u32, value: u64) -> Result<(), i32> {
        let mut control = Bytes::<24>::new(&[(0, id)]);
        control.put_u64(12, value);
        let mut controls = Bytes::<32>::new(&[(0, class), (4, 1)]);
        controls.put_u64(24, control.address());
        ioctl(self.fd, S_EXT_CTRLS, &mut controls)
    }

    /// Sets a control that points at words.
    pub fn payload(&self, id: u32, words: &[u32]) -> Result<(), i32> {
        let mut payload = Bytes::<4096>::new(&[]);
        words.iter().enumerate().for_each(|(index, &word)| payload.put(4 * index, word));
        self.control_of_class(MPEG, id, payload.address())
    }

    /// What a control was set to.
    pub fn get_control(&self, id: u32) -> Result<u32, i32> {
        let mut control = Bytes::<24>::new(&[(0, id)]);
        let mut controls = Bytes::<32>::new(&[(0, MPEG), (4, 1)]);
        controls.put_u64(24, control.address());
        ioctl(self.fd, G_EXT_CTRLS, &mut controls)?;
        Ok(control.get(12))
    }

    pub fn set_rate(&self, rate: u32) {
        ioctl(self.fd, S_PARM, &mut Bytes::<204>::new(&[(0, OUTPUT), (12, 1000), (16, rate * 1000)]))
            .unwrap();
    }

    pub fn request(&self, kind: u32, count: u32) -> Result<u32, i32> {
        let mut request = Bytes::<20>::new(&[(0, count), (4, kind), (8, 1)]);
        ioctl(self.fd, REQBUFS, &mut request)?;
        Ok(request.get(0))
    }

    pub fn request_all(&mut self) -> Result<(), i32> {
        let count = self.config.buffers;
        for kind in [OUTPUT, CAPTURE] {
            let count = self.request(kind, count)?;
            let planes = if kind == OUTPUT { self.strides.len() } else { 1 };
            let buffers = (0..count).map(|index| self.map(kind, index, planes)).collect();
            if kind == OUTPUT { self.output = buffers } else { self.capture = buffers }
        }
        self.free = (0..self.output.len() as u32).rev().collect();
        Ok(())
    }

    /// The coded side alone.
    pub fn request_capture(&mut self) {
        let count = self.request(CAPTURE, self.config.buffers).unwrap();
        self.capture = (0..count).map(|index| self.map(CAPTURE, index, 1)).collect();
    }

    fn map(&self, kind: u32, index: u32, planes: usize) -> Vec<Plane> {
        let mut array = Bytes::<512>::new(&[]);
        let mut buffer = Bytes::<88>::new(&[(0, index), (4, kind), (60, 1), (72, 8)]);
        buffer.put_u64(64, array.address());
        ioctl(self.fd, QUERYBUF, &mut buffer).unwrap();
        (0..planes)
            .map(|plane| {
                let length = array.get(64 * plane + 4) as usize;
                let offset = array.get(64 * plane + 8);
                let mut export = Bytes::<64>::new(&[(0, kind), (4, index), (8, plane as u32)]);
                ioctl(self.fd, EXPBUF, &mut export).unwrap();
                let fd = export.get(16) as RawFd;
                let both = libc::PROT_READ | libc::PROT_WRITE;
                // SAFETY: a new mapping of a descriptor of ours.
                let address = unsafe {
                    libc::fcntl(fd, libc::F_SETFD, libc::FD_CLOEXEC);
                    libc::mmap(std::ptr::null_mut(), length, both, libc::MAP_SHARED, fd, offset.into())
                };
                assert_ne!(address, libc::MAP_FAILED);
                Plane { fd, address: address.cast(), length }
            })
            .collect()
    }

    /// STREAMON or STREAMOFF of both; STREAMON also queues the capture buffers.
    pub fn stream(&mut self, request: u32) -> Result<(), i32> {
        for kind in [OUTPUT, CAPTURE] {
            ioctl(self.fd, request, &mut Bytes::<4>::new(&[(0, kind)]))?;
        }
        if request == STREAMON {
            for index in 0..self.capture.len() as u32 {
                self.queue_capture(index).unwrap();
            }
        }
        Ok(())
    }

    pub fn queue_capture(&self, index: u32) -> Result<(), i32> {
        let mut plane = Bytes::<64>::new(&[]);
        let mut buffer = Bytes::<88>::new(&[(0, index), (4, CAPTURE), (60, 1), (72, 1)]);
        buffer.put_u64(64, plane.address());
        ioctl(self.fd, QBUF, &mut buffer)
    }

    /// Writes a picture (tight I420) into a free buffer, syncs and queues it.
    pub fn push(&mut self, picture: &[u8], timestamp_us: u64) {
        let index = self.free_buffer();
        self.write(index, picture);
        self.sync(index);
        self.queue_output(index, timestamp_us, false).unwrap();
    }

    pub fn queue_output(&self, index: u32, timestamp_us: u64, is_end: bool) -> Result<(), i32> {
        let mut planes = Bytes::<512>::new(&[]);
        for (number, stride) in self.strides.iter().enumerate() {
            let rows = if number == 0 { self.config.height } else { self.config.height / 2 };
            planes.put(64 * number, if is_end { 0 } else { *stride as u32 * rows });
        }
        let mut buffer = Bytes::<88>::new(&[
            (0, index),
            (4, OUTPUT),
            (12, 0x4000),
            (60, 1),
            (72, self.strides.len() as u32),
        ]);
        buffer.put_u64(24, timestamp_us / 1_000_000);
        buffer.put_u64(32, timestamp_us % 1_000_000);
        buffer.put_u64(64, planes.address());
        ioctl(self.fd, QBUF, &mut buffer)
    }

    pub fn write(&self, index: u32, picture: &[u8]) {
        let (w, h) = (self.config.width as usize, self.config.height as usize);
        let chroma = &picture[w * h..];
        let interleaved: Vec<u8>;
        let sources: Vec<(&[u8], usize, usize)> = if self.config.raw == NV12M {
            let (u, v) = chroma.split_at(w * h / 4);
            interleaved = u.iter().zip(v).flat_map(|(u, v)| [*u, *v]).collect();
            vec![(picture, w, h), (&interleaved, w, h / 2)]
        } else {
            vec![(picture, w, h), (chroma, w / 2, h / 2), (&chroma[w * h / 4..], w / 2, h / 2)]
        };
        for ((plane, stride), (source, row, rows)) in
            self.output[index as usize].iter().zip(&self.strides).zip(sources)
        {
            for (y, line) in source.chunks(row).take(rows).enumerate() {
                // SAFETY: the row lies within the plane, as its length says.
                unsafe { plane.address.add(y * stride).copy_from_nonoverlapping(line.as_ptr(), row) };
            }
        }
    }

    pub fn sync(&self, index: u32) {
        for (number, plane) in self.output[index as usize].iter().enumerate() {
            match self.config.sync {
                Sync::Surface => assert_eq!(self.sync_surface(plane.fd, number as c_int), 0),
                Sync::NvBuffer => assert_eq!(self.sync_nvbuffer(plane, number as c_uint), 0),
                Sync::DmaBuf => assert_eq!(self.sync_dma_buf(plane.fd), Ok(())),
                Sync::Forgotten => {}
            }
        }
    }

    /// The pitch of a plane by its surface, at the offsets of NVIDIA's header.
    pub fn surface_pitch(&self, fd: RawFd, plane: usize) -> u32 {
        let surface = surface_of(fd).unwrap();
        // SAFETY: a surface begins with 64 bytes whose last-but-four words are the address of its list.
        let list = unsafe { surface.byte_add(24).cast::<*const u8>().read() };
        // SAFETY: the list's entries are 384 bytes; the planes' parameters start at 48, their pitches 36 later.
        unsafe { list.add(48 + 36 + 4 * plane).cast::<u32>().read() }
    }

    pub fn sync_surface(&self, fd: RawFd, plane: c_int) -> c_int {
        let sync: Symbol<unsafe extern "C" fn(*mut c_void, c_int, c_int) -> c_int> =
            symbol(&libraries().0, "NvBufSurfaceSyncForDevice");
        let Some(surface) = surface_of(fd) else { return -1 };
        // SAFETY: the surface is what the library gave.
        unsafe { sync(surface, 0, plane) }
    }

    pub fn sync_nvbuffer(&self, plane: &Plane, number: c_uint) -> c_int {
        let sync: Symbol<unsafe extern "C" fn(c_int, c_uint, *mut *mut c_void) -> c_int> =
            symbol(&libraries().0, "NvBufferMemSyncForDevice");
        let mut address = plane.address.cast();
        // SAFETY: the pointer is to the address of the mapping.
        unsafe { sync(plane.fd, number, &raw mut address) }
    }

    pub fn sync_dma_buf(&self, fd: RawFd) -> Result<(), i32> {
        let mut flags = Bytes::<8>::new(&[(0, 2)]);
        ioctl(fd, DMA_BUF_SYNC, &mut flags)?;
        let mut flags = Bytes::<8>::new(&[(0, 4 | 2)]);
        ioctl(fd, DMA_BUF_SYNC, &mut flags)
    }

    /// A buffer to write to; takes chunks out while it waits.
    pub fn free_buffer(&mut self) -> u32 {
        for _ in 0..20_000 {
            self.collect();
            if let Some(index) = self.free.pop() {
                return index;
            }
            std::thread::sleep(std::time::Duration::from_micros(200));
        }
        panic!("no OUTPUT buffer came back");
    }

    /// Takes whatever is done out of both queues.
    pub fn collect(&mut self) {
        while let Ok((index, ..)) = self.dequeue(OUTPUT) {
            self.free.push(index);
        }
        while self.ended.is_none() {
            match self.dequeue(CAPTURE) {
                Ok((index, bytes, flags, timestamp_us)) => {
                    let plane = &self.capture[index as usize][0];
                    // SAFETY: the device wrote so many bytes into the plane.
                    let data = unsafe { std::slice::from_raw_parts(plane.address, bytes as usize) }.to_vec();
                    self.chunks.push(Chunk { data, flags, timestamp_us });
                    // After the end the device takes no more, which is not what is looked at here.
                    self.queue_capture(index).ok();
                }
                Err(libc::EAGAIN) => break,
                Err(errno) => self.ended = Some(errno),
            }
        }
    }

    pub fn dequeue(&self, kind: u32) -> Result<(u32, u32, u32, i64), i32> {
        let mut planes = Bytes::<512>::new(&[]);
        let (memory, count) = if kind == OUTPUT { (self.raw_memory, 3) } else { (1, 1) };
        let mut buffer = Bytes::<88>::new(&[(4, kind), (60, memory), (72, count)]);
        buffer.put_u64(64, planes.address());
        ioctl(self.fd, DQBUF, &mut buffer)?;
        let timestamp = buffer.get_u64(24) as i64 * 1_000_000 + buffer.get_u64(32) as i64;
        Ok((buffer.get(0), planes.get(0), buffer.get(12), timestamp))
    }

    /// Waits until `done`, taking chunks; panics after ten seconds.
    pub fn wait(&mut self, mut done: impl FnMut(&Self) -> bool) {
        for _ in 0..50_000 {
            self.collect();
            if done(self) {
                return;
            }
            std::thread::sleep(std::time::Duration::from_micros(200));
        }
        panic!("timed out with {} chunks", self.chunks.len());
    }

    /// Ends the stream by an empty buffer and waits for the end in whatever shape.
    pub fn drain(&mut self) {
        let index = self.free_buffer();
        self.queue_output(index, 0, true).unwrap();
        self.wait(|client| client.ended.is_some());
    }

    /// Takes everything down in order and returns the violations.
    pub fn finish(mut self) -> String {
        self.stream(STREAMOFF).unwrap();
        self.finish_stopped()
    }

    /// The same of a client that has stopped its queues.
    pub fn finish_stopped(mut self) -> String {
        self.unmap();
        for kind in [OUTPUT, CAPTURE] {
            self.request(kind, 0).unwrap();
        }
        assert_eq!(close(self.fd), 0);
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    pub fn unmap(&mut self) {
        for plane in self.output.drain(..).chain(self.capture.drain(..)).flatten() {
            // SAFETY: the mapping and the descriptor are ours and not used any more.
            unsafe {
                libc::munmap(plane.address.cast(), plane.length);
                libc::close(plane.fd);
            }
        }
    }
}
