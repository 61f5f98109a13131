//! The camera that is played: one format of 64x32, NV12 unless a test says otherwise, at 30 frames a second, single-planar.

use std::collections::VecDeque;
use std::fs::File;
use std::os::fd::{IntoRawFd, OwnedFd};
use std::os::unix::fs::FileExt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use camera::{Camera, Event, Options};
use v4l2::Errno;
use v4l2::testing::Played;
use v4l2::transport::memory_file;

pub(crate) const SIZE: (u32, u32) = (64, 32);
pub(crate) const PICTURE: usize = 64 * 32 * 3 / 2;
/// Buffers are a page apart.
const APART: usize = 4096;
/// `V4L2_FIELD_NONE`.
pub(crate) const PROGRESSIVE: u32 = 1;
const SINGLE_PLANAR_CAMERA: u32 = 0x8400_0001;

/// What a test can do to the camera, and see of it.
pub(crate) struct State {
    /// Buffers that the driver has.
    pub(crate) queued: VecDeque<u32>,
    /// What it has filled: buffer, bytes, flags.
    filled: VecDeque<(u32, u32, u32)>,
    pub(crate) sequence: u32,
    pub(crate) streaming: bool,
    /// Names of the requests so far.
    pub(crate) calls: Vec<&'static str>,
    /// What every request answers from now on.
    pub(crate) broken: Option<Errno>,
    /// Whether the next request panics, as a fault of our own code would.
    pub(crate) panics: bool,
    /// What a request of this name answers.
    pub(crate) rejects: Option<(&'static str, Errno)>,
    pub(crate) events: VecDeque<u32>,
    /// The size that it claims to have.
    pub(crate) size: (u32, u32),
    /// What it makes of the fields that are requested, by V4L2's numbers.
    pub(crate) fields: fn(u32) -> u32,
    /// The fields that it says each buffer has.
    pub(crate) buffer_field: u32,
    /// The interval that it reports.
    pub(crate) interval: Option<(u32, u32)>,
    /// The only format that it has.
    pub(crate) code: [u8; 4],
    pub(crate) exports: bool,
    pub(crate) buffers: u32,
    /// When it says that a picture was taken; by its count when `None`.
    pub(crate) stamp: Option<Duration>,
}

#[derive(Clone)]
pub(crate) struct Device {
    state: Arc<Mutex<State>>,
    memory: Arc<File>,
}

impl Device {
    pub(crate) fn new() -> Self {
        let memory = File::from(memory_file("camera", (APART * 32) as u64).unwrap());
        let state = State {
            queued: VecDeque::new(),
            filled: VecDeque::new(),
            sequence: 0,
            streaming: false,
            calls: Vec::new(),
            broken: None,
            panics: false,
            rejects: None,
            events: VecDeque::new(),
            size: SIZE,
            fields: |_| PROGRESSIVE,
            buffer_field: 0,
            interval: None,
            code: *b"NV12",
            exports: true,
            buffers: 32,
            stamp: None,
        };
        Self { state: Arc::new(Mutex::new(state)), memory: Arc::new(memory) }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn open(&self, options: Options) -> camera::Result<Camera> {
        self.open_with(options, |_| {})
    }

    pub(crate) fn open_with(
        &self,
        options: Options,
        notify: impl Fn(Event) + Send + Sync + 'static,
    ) -> camera::Result<Camera> {
        let (state, memory) = (self.state.clone(), OwnedFd::from(self.memory.try_clone().unwrap()));
        let answer = move |name, argument: &mut [u8]| answer(&mut state.lock().unwrap(), name, argument);
        Camera::open_on(Arc::new(Played::new("/dev/video-model", memory, answer)), options, notify)
    }

    /// Fills the next buffer with this byte, if the driver has one. Like a real camera it counts on either way.
    pub(crate) fn picture(&self, byte: u8) -> bool {
        self.fill(byte, PICTURE as u32, 0)
    }

    pub(crate) fn fill(&self, byte: u8, used: u32, flags: u32) -> bool {
        self.give(&[byte; PICTURE], used, flags)
    }

    /// Fills the next buffer with these bytes, of which so many are said to be used.
    pub(crate) fn give(&self, bytes: &[u8], used: u32, flags: u32) -> bool {
        let mut state = self.state();
        state.sequence += 1;
        let Some(index) = state.queued.pop_front() else { return false };
        self.memory.write_all_at(bytes, u64::from(index) * APART as u64).unwrap();
        let sequence = state.sequence;
        state.filled.push_back((index | sequence << 8, used, flags));
        true
    }
}

fn put(argument: &mut [u8], offset: usize, value: u32) {
    argument[offset..offset + 4].copy_from_slice(&value.to_ne_bytes());
}

fn get(argument: &[u8], offset: usize) -> u32 {
    u32::from_ne_bytes(argument[offset..offset + 4].try_into().unwrap())
}

fn only_first(argument: &[u8]) -> Result<(), Errno> {
    if get(argument, 0) == 0 { Ok(()) } else { Err(Errno::EINVAL) }
}

fn answer(state: &mut State, name: &'static str, argument: &mut [u8]) -> Result<(), Errno> {
    if name == Played::POLL {
        let something = !state.filled.is_empty() || !state.events.is_empty();
        return state.broken.map_or(if something { Ok(()) } else { Err(Errno::EAGAIN) }, Err);
    }
    state.calls.push(name);
    assert!(!state.panics, "a test of a panic in the camera's thread");
    if let Some(errno) = state.broken {
        return Err(errno);
    }
    if let Some((rejected, errno)) = state.rejects
        && rejected == name
    {
        return Err(errno);
    }
    match name {
        "VIDIOC_QUERYCAP" => {
            argument[..5].copy_from_slice(b"model");
            argument[16..25].copy_from_slice(b"A camera\0");
            put(argument, 84, SINGLE_PLANAR_CAMERA);
            put(argument, 88, SINGLE_PLANAR_CAMERA);
            Ok(())
        }
        "VIDIOC_ENUM_FMT" => only_first(argument).map(|()| argument[44..48].copy_from_slice(&state.code)),
        "VIDIOC_ENUM_FRAMESIZES" => only_first(argument).map(|()| {
            put(argument, 8, 1);
            put(argument, 12, SIZE.0);
            put(argument, 16, SIZE.1);
        }),
        "VIDIOC_ENUM_FRAMEINTERVALS" => only_first(argument).map(|()| {
            put(argument, 16, 1);
            put(argument, 20, 1);
            put(argument, 24, 30);
        }),
        "VIDIOC_S_FMT" | "VIDIOC_G_FMT" => {
            put(argument, 8, state.size.0);
            put(argument, 12, state.size.1);
            argument[16..20].copy_from_slice(&state.code);
            put(argument, 20, (state.fields)(get(argument, 20)));
            put(argument, 24, state.size.0);
            put(argument, 28, PICTURE as u32);
            put(argument, 32, 3);
            Ok(())
        }
        "VIDIOC_REQBUFS" => {
            let count = get(argument, 0).min(state.buffers);
            put(argument, 0, count);
            Ok(())
        }
        "VIDIOC_QUERYBUF" => {
            put(argument, 64, get(argument, 0) * APART as u32);
            put(argument, 72, PICTURE as u32);
            Ok(())
        }
        "VIDIOC_EXPBUF" if state.exports => {
            put(argument, 16, memory_file("export", 4096).unwrap().into_raw_fd().cast_unsigned());
            Ok(())
        }
        "VIDIOC_QBUF" => {
            state.queued.push_back(get(argument, 0));
            Ok(())
        }
        "VIDIOC_DQBUF" => {
            let (which, used, flags) = state.filled.pop_front().ok_or(Errno::EAGAIN)?;
            let sequence = which >> 8;
            put(argument, 0, which & 0xff);
            put(argument, 8, used);
            put(argument, 12, flags | 0x2000);
            put(argument, 16, state.buffer_field);
            let counted = || Duration::new((sequence / 30).into(), sequence % 30 * 33_333_000);
            let stamp = state.stamp.unwrap_or_else(counted);
            put(argument, 24, stamp.as_secs() as u32);
            put(argument, 32, stamp.subsec_micros());
            put(argument, 56, sequence);
            Ok(())
        }
        "VIDIOC_DQEVENT" => {
            put(argument, 0, state.events.pop_front().ok_or(Errno::ENOENT)?);
            Ok(())
        }
        "VIDIOC_STREAMON" => {
            state.streaming = true;
            Ok(())
        }
        "VIDIOC_STREAMOFF" => {
            state.streaming = false;
            Ok(())
        }
        "VIDIOC_G_PARM" => {
            let (numerator, denominator) = state.interval.ok_or(Errno::ENOTTY)?;
            put(argument, 12, numerator);
            put(argument, 16, denominator);
            Ok(())
        }
        "VIDIOC_S_PARM" | "VIDIOC_SUBSCRIBE_EVENT" => Ok(()),
        _ => Err(Errno::ENOTTY),
    }
}

/// Waits until something is so, and fails when it does not become so.
pub(crate) fn eventually(what: &str, so: impl Fn() -> bool) {
    for _ in 0..2000 {
        if so() {
            return;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    panic!("it did not happen: {what}");
}
