//! The coder: the thread that takes queued frames and hands their chunks out.
//!
//! It works like the engine of a board seen from outside. A frame that starts is coded at once, but counts as
//! finished `latencyMs` after it was queued; up to `pipelineDepth` frames are on their way at the same time, so
//! frames that were queued together come out together. Then the raw buffer goes back, and the chunk waits until
//! `delay` more frames have started. Chunks leave in the order in which frames came.
//!
//! Coding, which may take long, happens without the device's lock. Whatever began before a queue was stopped is
//! recognised by the `epoch` and dropped.

mod pipeline;
mod stamp;

use crate::{
    abi,
    codec::{self, Codec, Coded, Gop, Input},
    controls::{PictureKind, Setup, Tuning},
    device::Device,
    errno::{Answer, ENOMEM},
    memory::Picture,
    metadata::ChunkMetadata,
    queue::{Entry, Frame},
    state::{End, State},
    stderr::log_stderr,
    stdout_messages,
};
use pipeline::{Chunk, Pipeline};
use std::{
    collections::VecDeque,
    sync::{Arc, MutexGuard, PoisonError},
    time::Instant,
};

/// One session of the encoder: from both queues streaming to the first that stops.
struct Session {
    epoch: u64,
    setup: Setup,
    gop: Gop,
    codec: Option<Box<dyn Codec>>,
    /// Frames taken so far.
    frames: u64,
    /// Frames that the codec has, in the order in which they came.
    waiting: VecDeque<(u64, Frame, PictureKind)>,
    /// What it has finished and the pipeline has not taken.
    coded: Vec<Coded>,
}

/// A frame that is about to be coded.
struct Job {
    index: usize,
    frame: Frame,
    number: u64,
    picture: Picture,
    kind: PictureKind,
    tuning: Tuning,
}

/// Starts the thread unless it runs, and wakes it.
pub(crate) fn start(device: &Arc<Device>) -> Answer {
    let mut coder = device.coder.lock().unwrap_or_else(PoisonError::into_inner);
    if coder.is_none() {
        let theirs = Arc::clone(device);
        let thread = std::thread::Builder::new().name("vjetson-coder".into());
        *coder = Some(thread.spawn(move || run(&theirs)).map_err(|_| ENOMEM)?);
    }
    drop(coder);
    device.work.notify_all();
    Ok(())
}

/// The life of the thread.
fn run(device: &Device) {
    let mut coder = Coder { device, session: None, pipeline: Pipeline::new(&device.settings) };
    let mut state = device.state();
    while !state.closing {
        state = coder.step(state);
    }
}

struct Coder<'a> {
    device: &'a Device,
    session: Option<Session>,
    pipeline: Pipeline,
}

impl<'a> Coder<'a> {
    /// Does whatever can be done, or waits until something can.
    fn step(&mut self, mut state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        self.follow(&state);
        if self.session.is_none() || state.dead || self.device.settings.faults.no_first_chunk {
            return wait(self.device, state, None);
        }
        let now = Instant::now();
        if self.pipeline.deliver(&mut state, now) {
            self.device.news.notify_all();
        }
        if self.finish(&mut state) {
            self.device.news.notify_all();
        }
        if self.pipeline.has_room(now) {
            match state.output.queued.pop_front() {
                Some(Entry::Buffer { index, frame }) => return self.code(state, index, frame),
                Some(Entry::End(buffer)) => {
                    self.end(&mut state, buffer);
                    return state;
                }
                None => {}
            }
        }
        wait(self.device, state, self.pipeline.next_event(now))
    }

    /// Begins a session when both queues stream, and ends it when one has stopped.
    fn follow(&mut self, state: &State) {
        if self.session.as_ref().is_some_and(|session| session.epoch != state.epoch) {
            self.session = None;
            self.pipeline.clear();
        }
        if let (None, true, Some(coded), Some(raw)) =
            (&self.session, state.is_streaming(), state.coded, state.raw)
        {
            let mut setup = state.controls.setup(coded.fourcc, raw);
            setup.vui &= self.device.settings.writes_vui;
            let gop = Gop::new(&setup);
            let (waiting, coded) = (VecDeque::new(), Vec::new());
            let epoch = state.epoch;
            self.session = Some(Session { epoch, setup, gop, codec: None, frames: 0, waiting, coded });
        }
    }

    fn code(
        &mut self,
        mut state: MutexGuard<'a, State>,
        index: usize,
        frame: Frame,
    ) -> MutexGuard<'a, State> {
        let Some(session) = &mut self.session else { return state };
        let faults = &self.device.settings.faults;
        let number = session.frames;
        session.frames += 1;
        if faults.die_after_frames.is_some_and(|last| number >= last) {
            state.dead = true;
            drop(state);
            stdout_messages::block_error();
            self.device.news.notify_all();
            return self.device.state();
        }
        // A frame that gets lost is never coded, or the rest of the stream could not be decoded.
        let number_is = |fault: Option<u64>| fault == Some(number);
        if number_is(faults.lose_frame)
            || number_is(faults.error_frame)
            || number_is(faults.zero_size_without_eos)
        {
            let mut chunk = Chunk::of(&frame);
            chunk.lost = number_is(faults.lose_frame);
            chunk.failed = number_is(faults.error_frame);
            self.pipeline.take(index, frame.queued_at);
            self.pipeline.push(chunk);
            self.pipeline.stuck_behind_empty |= number_is(faults.zero_size_without_eos);
            return state;
        }
        if state.controls.drops(number) {
            let mut chunk = Chunk::of(&frame);
            chunk.lost = true;
            self.pipeline.take(index, frame.queued_at);
            self.pipeline.push(chunk);
            return state;
        }
        let forced = state.controls.take_forced();
        let kind = session.gop.next(forced);
        let tuning = state.controls.tuning();
        let picture = state.output.buffers[index].picture();
        drop(state);
        self.run_codec(Job { index, frame, number, picture, kind, tuning })
    }

    /// Codes without the lock, then takes it again.
    fn run_codec(&mut self, job: Job) -> MutexGuard<'a, State> {
        let spare = self.pipeline.empty_buffer();
        let (number, index, queued_at) = (job.number, job.index, job.frame.queued_at);
        let result = self.session.as_mut().map_or(Ok(()), |session| session.encode(self.device, job, spare));
        let mut state = self.device.state();
        if let Err(failure) = result {
            log_stderr(&format!("virtual-jetson: frame {number}: {failure}"));
            self.die(&mut state);
            return state;
        }
        self.pipeline.take(index, queued_at);
        self.collect(&state);
        state
    }

    /// Hands what the codec has finished to the pipeline, unless a queue has stopped meanwhile.
    fn collect(&mut self, state: &State) {
        let Some(session) = self.session.as_mut().filter(|session| session.epoch == state.epoch) else {
            return;
        };
        for coded in session.coded.drain(..) {
            let at = session.waiting.iter().position(|&(number, ..)| number == coded.number);
            let Some((_, frame, kind)) = at.and_then(|at| session.waiting.remove(at)) else { continue };
            let mut chunk = Chunk::of(&frame);
            let is_key = kind == PictureKind::Idr;
            let bytes = u32::try_from(coded.bytes.len()).unwrap_or(u32::MAX);
            chunk.metadata = ChunkMetadata { is_key, bytes, qp: coded.qp };
            chunk.bytes = coded.bytes;
            if is_key {
                chunk.flags |= abi::BUF_FLAG_KEYFRAME;
            }
            self.pipeline.push(chunk);
        }
    }

    fn die(&self, state: &mut State) {
        stdout_messages::block_error();
        state.dead = true;
        self.device.news.notify_all();
    }

    /// The end of the stream has reached the coder.
    fn end(&mut self, state: &mut State, buffer: Option<usize>) {
        if let Some(index) = buffer {
            state.output.complete(crate::queue::Done { index, ..Default::default() });
            self.device.news.notify_all();
        }
        let flushed = self.session.as_mut().map_or(Ok(()), Session::flush);
        if let Err(failure) = flushed {
            log_stderr(&format!("virtual-jetson: the end: {failure}"));
            self.die(state);
            return;
        }
        self.collect(state);
        state.end = End::Draining;
        self.pipeline.is_draining = true;
    }

    /// Says that the stream has ended, once all chunks are out; `false` if that is not (yet) so.
    fn finish(&mut self, state: &mut State) -> bool {
        if state.end != End::Draining || self.device.settings.faults.drain_never_ends {
            return false;
        }
        let finished = self.pipeline.finish(state);
        if finished {
            state.end = End::Reached;
            if state.subscribed {
                state.events.push_back(0);
            }
        }
        finished
    }
}

impl Session {
    fn encode(&mut self, device: &Device, job: Job, spare: Vec<u8>) -> Result<(), codec::Failure> {
        let Job { frame, number, picture, kind, tuning, .. } = job;
        let codec = match &mut self.codec {
            Some(codec) => codec,
            none => none.insert(codec::make(device.settings.codec, &self.setup, &tuning)?),
        };
        let input = Input {
            picture: &picture,
            number,
            kind,
            tuning,
            regions: &frame.regions,
            external_rate: frame.external_rate,
            spare,
        };
        codec.encode(input, &mut self.coded)?;
        self.waiting.push_back((number, frame, kind));
        Ok(())
    }

    /// What B frames have held back.
    fn flush(&mut self) -> Result<(), codec::Failure> {
        self.codec.as_mut().map_or(Ok(()), |codec| codec.flush(&mut self.coded))
    }
}

/// Waits for work, or for the time when something is due.
fn wait<'a>(
    device: &'a Device,
    state: MutexGuard<'a, State>,
    until: Option<Instant>,
) -> MutexGuard<'a, State> {
    match until {
        None => device.work.wait(state).unwrap_or_else(PoisonError::into_inner),
        Some(until) => {
            let time = until.saturating_duration_since(Instant::now());
            device.work.wait_timeout(state, time).unwrap_or_else(PoisonError::into_inner).0
        }
    }
}
