//! A session as a JavaScript object.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use encoder::{
    DmabufFrame, DmabufPlane, Event, Frame, FrameRequest, LogLevel, Logger, Metadata, PlaneLayout, RawFormat,
    Region, Session, Stats, TryResult,
};
use napi::bindgen_prelude::{ArrayBuffer, Either, Either3, External, Function, Int32Array, Uint32Array};
use napi::{Env, Result};
use napi_derive::napi;

use crate::camera_frame::Held;
use crate::caught::caught;
use crate::config::{NativeConfig, NativeTuning};
use crate::environment::{self, Closer};
use crate::error::{NativeError, NativeFailure};
use crate::event::{Loss, Message, NativeEvent};
use crate::external;
use crate::lent::{self, NativeLease, NativeLentFrame};
use crate::open_here::OpenHere;
use crate::queue::Queue;

const TRY_TAKEN: u32 = 0;
const TRY_FULL: u32 = 1;
const TRY_CLOSED: u32 = 2;

thread_local! {
    /// The sessions of this thread's JavaScript environment.
    static SESSIONS: OpenHere<Session> = const { OpenHere::new() };
}

/// See `NativeLatency` in `ts/native/addon.ts`; milliseconds.
#[napi(object, object_from_js = false)]
pub struct NativeLatency {
    pub last: f64,
    pub p50: f64,
    pub p95: f64,
    pub p99: f64,
    pub max: f64,
}

/// See `NativeStats` in `ts/native/addon.ts`.
#[napi(object, object_from_js = false, use_nullable = true)]
pub struct NativeStats {
    pub frames_in: f64,
    pub frames_copied: f64,
    pub frames_lent: f64,
    pub frames_imported: f64,
    pub chunks_out: f64,
    pub frames_lost: f64,
    pub in_flight: f64,
    pub bytes_out: f64,
    pub key_frames: f64,
    pub pipeline_delay: Option<u32>,
    pub latency_ms: Option<NativeLatency>,
    pub hung_devices: f64,
}

/// A session until it has reported its end, and from then on the counters that it ended with: an object of JavaScript's lives until
/// it is collected, which may be never.
#[derive(Default)]
pub struct Kept {
    session: RefCell<Option<Arc<Session>>>,
    last: RefCell<Stats>,
}

impl Kept {
    fn session(&self) -> Option<Arc<Session>> {
        self.session.borrow().clone()
    }

    fn release(&self) {
        if let Some(session) = self.session.take() {
            self.last.replace(session.stats());
        }
    }

    fn stats(&self) -> Stats {
        self.session().map_or_else(|| *self.last.borrow(), |session| session.stats())
    }

    /// What the session makes of a frame.
    fn take(&self, take: impl FnOnce(&Session) -> encoder::Result<TryResult>) -> encoder::Result<TryResult> {
        self.session().map_or(Ok(TryResult::Closed), |session| take(&session))
    }
}

/// See `NativeSession` in `ts/native/addon.ts`.
#[napi]
pub struct NativeSession {
    kept: Rc<Kept>,
}

/// JavaScript's numbers are whole, and not negative but for the last.
fn region(numbers: &[i32]) -> Region {
    Region {
        x: numbers[0].cast_unsigned(),
        y: numbers[1].cast_unsigned(),
        width: numbers[2].cast_unsigned(),
        height: numbers[3].cast_unsigned(),
        quantizer_offset: numbers[4],
    }
}

/// Checks the configuration and starts opening; see `NativeAddon.open` in `ts/native/addon.ts`.
#[napi(catch_unwind)]
pub fn open(
    env: Env,
    config: NativeConfig,
    on_event: Function<'_, NativeEvent, ()>,
) -> Result<Either<NativeSession, NativeFailure>> {
    let kept = Rc::new(Kept::default());
    let theirs = kept.clone();
    let queue = Queue::new(&on_event, move |env, message| {
        if matches!(message, Message::Event(Event::Over)) {
            theirs.release();
        }
        let loss = Loss::of(&message);
        caught("event", || NativeEvent::new(env, message)).unwrap_or_else(|error| Ok(loss.event(error)))
    })?;
    let send = {
        let queue = queue.clone();
        move |message| {
            let is_last = matches!(message, Message::Event(Event::Over));
            queue.send(message);
            if is_last {
                queue.end();
            }
        }
    };
    let log = send.clone();
    let logger = |level: LogLevel| Logger::new(level, move |record| log(Message::Log(record)));
    let started = config
        .into_config(logger)
        .and_then(|config| Session::start(config, move |event| send(Message::Event(event))));
    let session = match started {
        Ok(session) => Arc::new(session),
        Err(error) => {
            queue.end();
            return Ok(Either::B(error.into()));
        }
    };
    environment::register(&env, &CLOSER)?;
    SESSIONS.with(|open| open.add(&session));
    kept.session.replace(Some(session));
    Ok(Either::A(NativeSession { kept }))
}

/// How many sessions of this thread are not released.
pub fn count() -> u32 {
    SESSIONS.with(OpenHere::count)
}

static CLOSER: Closer = Closer { begin: begin_closing, wait: wait_closed, torn_down: || {} };

fn begin_closing() {
    for session in SESSIONS.with(OpenHere::all) {
        session.close(0, true);
    }
}

fn wait_closed(deadline: Instant) {
    for session in SESSIONS.with(OpenHere::all) {
        session.close_now(deadline.saturating_duration_since(Instant::now()));
    }
}

/// The format of that name, or the encoder's own: a name would be copied for every frame.
fn raw_format(name: Option<&str>, own: RawFormat) -> encoder::Result<RawFormat> {
    let Some(name) = name else { return Ok(own) };
    RawFormat::from_name(name).ok_or_else(|| {
        encoder::Error::range(
            encoder::Code::Frame,
            format!("The frame's format is '{name}', which this encoder does not know."),
        )
    })
}

/// Offset and stride of each plane, as they stand in the array.
fn planes(layout: Option<&Uint32Array>) -> ([PlaneLayout; 4], usize) {
    let mut planes = [PlaneLayout::default(); 4];
    let mut count = 0;
    let numbers = layout.map_or(&[][..], |layout| layout.as_ref());
    for (plane, pair) in planes.iter_mut().zip(numbers.chunks_exact(2)) {
        *plane = PlaneLayout { offset: pair[0], stride: pair[1] };
        count += 1;
    }
    (planes, count)
}

fn answer(taken: encoder::Result<TryResult>) -> Either<u32, NativeError> {
    match taken {
        Ok(TryResult::Accepted) => Either::A(TRY_TAKEN),
        Ok(TryResult::Full) => Either::A(TRY_FULL),
        Ok(TryResult::Closed) => Either::A(TRY_CLOSED),
        Err(error) => Either::B(error.into()),
    }
}

/// See `NativeAddon.encodeCameraFrame` in `ts/native/addon.ts`.
#[napi(catch_unwind)]
pub fn encode_camera_frame(
    session: &External<Rc<Kept>>,
    frame: &External<Rc<Held>>,
    timestamp: f64,
    duration: f64,
    key_frame: bool,
) -> Either<u32, NativeError> {
    let duration = (!duration.is_nan()).then_some(duration as i64);
    let taken = frame.submit(|share, keeper| {
        session
            .take(|session| session.try_encode_shared(share, timestamp as i64, duration, keeper, key_frame))
    });
    answer(taken.unwrap_or_else(|| {
        let message = "The frame was given back to the camera before it was encoded.";
        Err(encoder::Error::new(encoder::Code::Frame, message).with_hint(
            "encode() and tryEncode() release a frame that was taken: give it to several encoders in one go, \
             such as Promise.all([a.encode(frame), b.encode(frame)]).",
        ))
    }))
}

#[napi]
impl NativeSession {
    /// What `encode_camera_frame` knows it by.
    #[napi(catch_unwind)]
    pub fn handle(&self) -> External<Rc<Kept>> {
        External::new(self.kept.clone())
    }

    /// Whether a frame is acceptable.
    #[napi(catch_unwind)]
    pub fn check_frame(
        &self,
        byte_length: f64,
        format: Option<String>,
        layout: Option<Uint32Array>,
    ) -> Either<NativeError, napi::bindgen_prelude::Null> {
        let (planes, count) = planes(layout.as_ref());
        let layout = layout.as_ref().map(|_| &planes[..count]);
        let checked = self.kept.take(|session| {
            let format = raw_format(format.as_deref(), session.format())?;
            session.check_frame(byte_length as usize, format, layout).map(|()| TryResult::Accepted)
        });
        match checked {
            Ok(_) => Either::B(napi::bindgen_prelude::Null),
            Err(error) => Either::A(error.into()),
        }
    }

    /// What goes into the stream with the next frame that is taken; NaN where there is none.
    #[napi(catch_unwind)]
    pub fn set_metadata(
        &self,
        capture_time: f64,
        uncertainty: f64,
        frame_id: f64,
        user_data: Option<&[u8]>,
    ) -> Either<NativeError, napi::bindgen_prelude::Null> {
        let given = |number: f64| (!number.is_nan()).then_some(number);
        let metadata = Metadata {
            capture_time: given(capture_time).map(|time| time as u64),
            capture_time_uncertainty: given(uncertainty).map(|time| time as u32),
            frame_id: given(frame_id).map(|id| id as u64),
            user_data: user_data.map(<[u8]>::to_vec),
        };
        match self.kept.session().map_or(Ok(()), |session| session.set_metadata(metadata)) {
            Ok(()) => Either::B(napi::bindgen_prelude::Null),
            Err(error) => Either::A(error.into()),
        }
    }

    /// What is requested of the next frame that is taken: a quantizer of NaN is none, and regions have five numbers each.
    #[napi(catch_unwind)]
    pub fn set_request(
        &self,
        exact: bool,
        quantizer: f64,
        regions: Option<Int32Array>,
    ) -> Either<NativeError, napi::bindgen_prelude::Null> {
        let regions = regions.as_deref().unwrap_or_default().chunks_exact(5);
        let request = FrameRequest {
            exact,
            quantizer: (!quantizer.is_nan()).then_some(quantizer as u32),
            regions: regions.map(region).collect(),
        };
        let request = Some(request).filter(|request| !request.is_empty());
        match self.kept.session().map_or(Ok(()), |session| session.set_request(request)) {
            Ok(()) => Either::B(napi::bindgen_prelude::Null),
            Err(error) => Either::A(error.into()),
        }
    }

    /// Copies the frame and queues it, or says why not.
    #[napi(catch_unwind)]
    #[allow(clippy::too_many_arguments, reason = "an object per frame would cost more than it explains")]
    pub fn try_encode(
        &self,
        data: &[u8],
        format: Option<String>,
        layout: Option<Uint32Array>,
        timestamp: f64,
        duration: f64,
        key_frame: bool,
    ) -> Either<u32, NativeError> {
        let (planes, count) = planes(layout.as_ref());
        answer(self.kept.take(|session| {
            let frame = Frame {
                data,
                format: raw_format(format.as_deref(), session.format())?,
                layout: layout.as_ref().map(|_| &planes[..count]),
                timestamp: timestamp as i64,
                duration: (!duration.is_nan()).then_some(duration as i64),
            };
            session.try_encode(&frame, key_frame)
        }))
    }

    /// Takes a frame in DMABUFs, or says why not.
    #[napi(catch_unwind)]
    #[allow(clippy::too_many_arguments, reason = "an object per frame would cost more than it explains")]
    pub fn try_encode_dmabuf(
        &self,
        descriptors: Int32Array,
        layout: Uint32Array,
        format: Option<String>,
        timestamp: f64,
        duration: f64,
        key_frame: bool,
        token: u32,
        map_params: Option<&[u8]>,
    ) -> Either<u32, NativeError> {
        let planes: Vec<_> = descriptors
            .iter()
            .zip(layout.chunks_exact(2))
            .map(|(descriptor, place)| DmabufPlane {
                descriptor: *descriptor,
                offset: place[0],
                stride: place[1],
            })
            .collect();
        answer(self.kept.take(|session| {
            let frame = DmabufFrame {
                planes: &planes,
                format: raw_format(format.as_deref(), session.format())?,
                timestamp: timestamp as i64,
                duration: (!duration.is_nan()).then_some(duration as i64),
                token,
                map_parameters: map_params,
            };
            session.try_encode_dmabuf(&frame, key_frame)
        }))
    }

    /// Lends a buffer of the device's own, or says why not.
    #[napi(catch_unwind)]
    pub fn lend<'env>(&self, env: &'env Env) -> Result<Either3<NativeLentFrame<'env>, u32, NativeError>> {
        match self.kept.session().map_or(Err(TryResult::Closed), |session| session.lend()) {
            Ok(lent) => lent::lend(env, lent),
            Err(TryResult::Closed) => Ok(Either3::B(TRY_CLOSED)),
            Err(_) => Ok(Either3::B(TRY_FULL)),
        }
    }

    /// How many buffers are lent.
    #[napi(catch_unwind)]
    pub fn lent(&self) -> u32 {
        self.kept.session().map_or(0, |session| session.lent())
    }

    /// Encodes a lent buffer. `memories` are its arrays, which are detached.
    #[napi(catch_unwind)]
    pub fn encode_lent(
        &self,
        lease: &NativeLease,
        memories: Vec<ArrayBuffer<'_>>,
        timestamp: f64,
        duration: f64,
        key_frame: bool,
    ) -> Result<Either<u32, NativeError>> {
        external::detach(memories)?;
        let duration = (!duration.is_nan()).then_some(duration as i64);
        let encode =
            |session: &Session| session.encode_lent(lease.frame(), timestamp as i64, duration, key_frame);
        Ok(answer(self.kept.take(encode)))
    }

    #[napi(catch_unwind)]
    pub fn flush(&self, id: u32) {
        if let Some(session) = self.kept.session() {
            session.flush(id);
        }
    }

    #[napi(catch_unwind)]
    pub fn tune(&self, id: u32, tuning: NativeTuning, restart: bool) {
        let Some(session) = self.kept.session() else { return };
        match tuning.into_tuning() {
            Ok(tuning) => session.tune(id, tuning, restart),
            Err(error) => session.reject(id, error),
        }
    }

    #[napi(catch_unwind)]
    pub fn close(&self, id: u32, discard: bool) {
        if let Some(session) = self.kept.session() {
            session.close(id, discard);
        }
    }

    #[napi(catch_unwind)]
    pub fn stats(&self) -> NativeStats {
        v4l2::threads::may_panic("method");
        let stats = self.kept.stats();
        let millis = |duration: Duration| duration.as_secs_f64() * 1000.0;
        NativeStats {
            frames_in: stats.frames_in as f64,
            frames_copied: stats.frames_copied as f64,
            frames_lent: stats.frames_lent as f64,
            frames_imported: stats.frames_imported as f64,
            chunks_out: stats.chunks_out as f64,
            frames_lost: stats.frames_lost as f64,
            in_flight: stats.in_flight as f64,
            bytes_out: stats.bytes_out as f64,
            key_frames: stats.key_frames as f64,
            pipeline_delay: stats.pipeline_delay,
            latency_ms: stats.latency.map(|latency| NativeLatency {
                last: millis(latency.last),
                p50: millis(latency.p50),
                p95: millis(latency.p95),
                p99: millis(latency.p99),
                max: millis(latency.max),
            }),
            hung_devices: stats.hung_devices as f64,
        }
    }
}
