//! The backend by itself, for what a session would not do on purpose.

use std::sync::Arc;
use std::time::{Duration, Instant};

use v4l2::Waker;
use v4l2::transport::LibraryLookup;

use super::bench::{config, pixels};
use super::coded::{Seen, seen};
use super::driver::Driver;
use super::machine::Machine;
use crate::backend::{Backend, Opened, Opening, Output};
use crate::error::{Code, Error, Result};
use crate::input::buffer::InputBuffer;
use crate::input::format::RawFormat;
use crate::input::frame::{self, Frame};
use crate::input::mode::InputMode;
use crate::log::Logger;

/// What the backend gave.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Gave {
    Frame(Duration, Option<Seen>),
    Failed(Duration),
    Ended,
}

pub(super) struct Direct {
    pub(super) machine: Arc<Machine>,
    pub(super) backend: Box<dyn Backend>,
    pub(super) gave: Vec<Gave>,
    pub(super) warnings: Vec<String>,
    free: Vec<InputBuffer>,
    with_device: Vec<InputBuffer>,
    waker: Waker,
    frames: usize,
}

impl Direct {
    pub(super) fn open(driver: Driver) -> Self {
        let machine = Machine::new(driver);
        let config = config(machine.driver().codecs[0]);
        let resolved = config.resolve(config.codecs[0]).unwrap();
        let waker = Waker::new().unwrap();
        let opening = Opening {
            config: &resolved,
            lookup: &LibraryLookup::default(),
            logger: &Logger::silent(),
            waker: &waker,
            number: 1,
            input: InputMode::Own,
        };
        let Opened { backend, inputs, .. } = super::super::bring_up::open(&machine.path, &opening).unwrap();
        Self {
            machine,
            backend,
            gave: Vec::new(),
            warnings: Vec::new(),
            free: inputs,
            with_device: Vec::new(),
            waker,
            frames: 0,
        }
    }

    /// The key of the frame of that number.
    pub(super) fn key(number: usize) -> Duration {
        Duration::from_millis(40) * (number as u32 + 1)
    }

    /// Submits so many frames at once, for each of which there has to be a buffer.
    pub(super) fn submit(&mut self, count: usize) -> Result<()> {
        for _ in 0..count {
            let mut buffer = self.free.pop().expect("a buffer is free");
            let data = pixels(self.frames, RawFormat::I420, buffer.width, buffer.height);
            let planes =
                frame::check(data.len(), RawFormat::I420, None, buffer.width, buffer.height).unwrap();
            buffer.fill(&Frame::i420(&data, 0), &planes);
            let submitted = self.backend.submit(&buffer, Self::key(self.frames), false);
            self.frames += 1;
            self.with_device.push(buffer);
            submitted?;
        }
        Ok(())
    }

    pub(super) fn poll(&mut self) -> Result<()> {
        let Self { backend, gave, warnings, free, with_device, .. } = self;
        backend.poll(&mut |output| match output {
            Output::Coded { key, data, .. } => gave.push(Gave::Frame(key, seen(&data))),
            Output::Failed { key } => gave.push(Gave::Failed(key)),
            Output::InputFree { index } => {
                let position = with_device.iter().position(|buffer| buffer.index == index);
                free.push(with_device.swap_remove(position.expect("the device had that buffer")));
            }
            Output::Warning(warning) => warnings.push(warning.message),
            Output::Ended(_) => gave.push(Gave::Ended),
        })
    }

    pub(super) fn wait(&self, busy: bool, timeout: Duration) -> Duration {
        let start = Instant::now();
        self.backend.wait(&self.waker, busy, timeout);
        start.elapsed()
    }

    /// Works until so much was given in all, or the time is over.
    pub(super) fn until(&mut self, count: usize) -> Result<()> {
        let start = Instant::now();
        while self.gave.len() < count {
            if start.elapsed() > Duration::from_secs(5) {
                return Err(Error::new(Code::Timeout, format!("only {:?}", self.gave)));
            }
            self.poll()?;
            self.wait(true, Duration::from_millis(10));
        }
        self.poll()
    }

    pub(super) fn end(&mut self) -> Result<()> {
        self.backend.end_stream(None)
    }
}
