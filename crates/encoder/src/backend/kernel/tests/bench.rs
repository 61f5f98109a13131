//! Whole sessions on a modelled device.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use super::coded::{Seen, seen};
use super::driver::Driver;
use super::machine::Machine;
use crate::codec::Codec;
use crate::config::{Config, Tuning};
use crate::error::Error;
use crate::event::{Active, Event};
use crate::input::format::RawFormat;
use crate::input::frame::Frame;
use crate::log::Logger;
use crate::output::chunk::Chunk;
use crate::session::{Session, TryResult};
use crate::settings::{Change, Effect, Setting, SettingName, Warning};

/// A size that no driver's alignment leaves as it is.
pub(super) const WIDTH: u32 = 642;
pub(super) const HEIGHT: u32 = 362;
/// Longer than anything takes, so that a test that waits without a result fails and does not hang.
const MAX_WAIT: Duration = Duration::from_secs(20);

/// The first and the last sample of each plane of the frame of that number; none is zero.
pub(super) fn corners(number: usize) -> Seen {
    [0, 1, 2, 3, 4, 5].map(|corner| 1 + ((number * 6 + corner) % 250) as u8)
}

/// A frame that differs from all others in its corners.
pub(super) fn pixels(number: usize, format: RawFormat, width: u32, height: u32) -> Vec<u8> {
    let [y, last_y, u, last_u, v, last_v] = corners(number);
    let (luma, half) = ((width * height) as usize, (width / 2 * (height / 2)) as usize);
    let plane = |first: u8, last: u8, samples: usize| {
        let mut plane = vec![128; samples];
        (plane[0], plane[samples - 1]) = (first, last);
        plane
    };
    let (y, u, v) = (plane(y, last_y, luma), plane(u, last_u, half), plane(v, last_v, half));
    match format {
        RawFormat::I420 => [y, u, v].concat(),
        _ => [y, u.into_iter().zip(v).flat_map(|(u, v)| [u, v]).collect()].concat(),
    }
}

/// The time of the frame of that number, in microseconds.
pub(super) fn timestamp(number: usize) -> i64 {
    number as i64 * 33_333
}

pub(super) struct Bench {
    pub(super) machine: Arc<Machine>,
    pub(super) session: Session,
    pub(super) active: Active,
    pub(super) settings: Vec<Setting>,
    pub(super) chunks: Vec<Chunk>,
    /// Timestamps of frames that were reported lost.
    pub(super) lost: Vec<i64>,
    pub(super) warnings: Vec<Warning>,
    pub(super) fatal: Option<Error>,
    events: Receiver<Event>,
    format: RawFormat,
    /// Frames encoded so far.
    pub(super) frames: usize,
    commands: u32,
}

/// What a test leaves as it is.
pub(super) fn config(codec: Codec) -> Config {
    Config {
        width: WIDTH,
        height: HEIGHT,
        logger: Logger::silent(),
        timeout: Duration::from_secs(3),
        ..Config::new(codec)
    }
}

impl Bench {
    pub(super) fn open(driver: Driver, change: impl FnOnce(&mut Config)) -> Self {
        Self::try_open(driver, change).unwrap_or_else(|error| panic!("{error}"))
    }

    pub(super) fn try_open(driver: Driver, change: impl FnOnce(&mut Config)) -> Result<Self, Error> {
        let mut config = config(driver.codecs[0]);
        change(&mut config);
        let (format, machine) = (config.format, Machine::new(driver));
        let (send, events) = channel();
        let session = Session::on(config, machine.path.clone(), move |event| drop(send.send(event)));
        let active = match events.recv_timeout(MAX_WAIT).expect("the session says something") {
            Event::Opened(active) => active,
            Event::Failed(error) => return Err(error),
            other => panic!("{other:?} before anything is open"),
        };
        Ok(Self {
            settings: active.settings.clone(),
            warnings: active.warnings.clone(),
            machine,
            session,
            active: *active,
            chunks: Vec::new(),
            lost: Vec::new(),
            fatal: None,
            events,
            format,
            frames: 0,
            commands: 0,
        })
    }

    /// Encodes so many frames more.
    pub(super) fn encode(&mut self, count: usize) -> &mut Self {
        for _ in 0..count {
            self.encode_one(false);
        }
        self
    }

    pub(super) fn encode_key_frame(&mut self) -> &mut Self {
        self.encode_one(true);
        self
    }

    fn encode_one(&mut self, key_frame: bool) {
        let number = self.frames;
        self.frames += 1;
        let data = pixels(number, self.format, self.active.config.width, self.active.config.height);
        let frame = Frame { format: self.format, ..Frame::i420(&data, timestamp(number)) };
        while self.session.try_encode(&frame, key_frame).unwrap() == TryResult::Full {
            while !matches!(self.next(), Event::Room) {
                assert!(self.fatal.is_none(), "{:?}", self.fatal);
            }
        }
    }

    /// Encodes until the session takes nothing more, which is when its device has failed.
    pub(super) fn encode_to_the_end(&mut self) {
        let data = pixels(0, self.format, self.active.config.width, self.active.config.height);
        while self.fatal.is_none() {
            let frame = Frame { format: self.format, ..Frame::i420(&data, timestamp(self.frames)) };
            match self.session.try_encode(&frame, false).unwrap() {
                TryResult::Accepted => self.frames += 1,
                TryResult::Full | TryResult::Closed => drop(self.next()),
            }
        }
    }

    /// Waits for the next event and enters what it says.
    fn next(&mut self) -> Event {
        let event = self.events.recv_timeout(MAX_WAIT).expect("the session says something");
        match &event {
            Event::Chunk(chunk) => self.chunks.push(chunk.clone()),
            Event::Lost(lost) => self.lost.push(lost.timestamp),
            Event::Active(active) => {
                self.settings.clone_from(&active.settings);
                self.warnings.clone_from(&active.warnings);
            }
            Event::Fatal(error) => self.fatal = Some(error.clone()),
            _ => {}
        }
        event
    }

    fn answered(&mut self, id: u32) -> Option<Error> {
        loop {
            match self.next() {
                Event::Done(done, error) if done == id => return error,
                Event::Tuned(done, changes) if done == id => return rejection(&changes),
                _ => {}
            }
        }
    }

    fn command(&mut self, ask: impl FnOnce(&Session, u32)) -> Option<Error> {
        self.commands += 1;
        ask(&self.session, self.commands);
        self.answered(self.commands)
    }

    pub(super) fn try_flush(&mut self) -> Option<Error> {
        self.command(Session::flush)
    }

    pub(super) fn flush(&mut self) -> &mut Self {
        let error = self.try_flush();
        assert!(error.is_none(), "{error:?}");
        self
    }

    pub(super) fn set_bitrate(&mut self, bitrate: u32) -> Option<Error> {
        self.command(|session, id| {
            session.tune(id, Tuning { bitrate_bps: Some(bitrate), ..Tuning::default() }, false);
        })
    }

    pub(super) fn set_framerate(&mut self, framerate: f64) -> Option<Error> {
        self.command(|session, id| {
            session.tune(id, Tuning { framerate: Some(framerate), ..Tuning::default() }, false);
        })
    }

    /// Closes, and looks whether anything is left behind.
    pub(super) fn close(&mut self) {
        let error = self.try_close();
        assert!(error.is_none(), "{error:?}");
    }

    pub(super) fn try_close(&mut self) -> Option<Error> {
        let error = self.command(|session, id| session.close(id, false));
        let stats = self.session.stats();
        assert_eq!(stats.frames_in, stats.chunks_out + stats.frames_lost, "{stats:?}");
        for device in self.machine.opened() {
            let encoder = device.model();
            assert!(encoder.is_clean() || self.fatal.is_some(), "{:?}", encoder.log);
            // On coda it means STOP, on vicodec it loses frames, on iris and s5p-mfc it is rejected.
            assert_eq!(encoder.asked("ENCODER_CMD 0"), 0, "START is never sent");
        }
        error
    }

    /// Every frame came out once, in order, with its own time, and as it was.
    pub(super) fn assert_complete(&self) {
        self.assert_frames(&(0..self.frames).collect::<Vec<_>>());
        assert_eq!(self.lost, []);
    }

    /// These frames came out, and no others.
    pub(super) fn assert_frames(&self, numbers: &[usize]) {
        let came: Vec<_> = self.chunks.iter().map(|chunk| (chunk.timestamp, seen(&chunk.data))).collect();
        let due: Vec<_> = numbers.iter().map(|number| (timestamp(*number), Some(corners(*number)))).collect();
        assert_eq!(came, due, "on {}", self.machine.path.display());
    }

    /// The positions of the chunks that are key frames.
    pub(super) fn key_frames(&self) -> Vec<usize> {
        self.chunks
            .iter()
            .enumerate()
            .filter(|(_, chunk)| chunk.key_frame)
            .map(|(number, _)| number)
            .collect()
    }

    pub(super) fn setting(&self, name: SettingName) -> &Setting {
        self.settings.iter().find(|setting| setting.name == name).expect("the setting is there")
    }

    pub(super) fn actual(&self, name: SettingName) -> &str {
        self.setting(name).actual.as_deref().expect("it is known")
    }

    /// What was said of an option.
    pub(super) fn warned(&self, setting: SettingName) -> Vec<&str> {
        self.warnings
            .iter()
            .filter(|warning| warning.setting == Some(setting))
            .map(|warning| warning.message.as_str())
            .collect()
    }

    /// Looks at the device that was opened last.
    pub(super) fn device<T>(&self, look: impl FnOnce(&mut super::model::Encoder) -> T) -> T {
        self.machine.last(look)
    }
}

/// Why a change needs a restart, where the driver said so.
fn rejection(changes: &[Change]) -> Option<Error> {
    changes.iter().find_map(|change| match &change.effect {
        Effect::NeedsRestart(error) => error.clone(),
        _ => None,
    })
}
