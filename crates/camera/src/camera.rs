use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use v4l2::{Transport, receive_within};

use crate::frame::Source;
use crate::shared::{Shared, closed};
use crate::worker::{self, Connect};
use crate::{Code, Control, Error, Event, Frame, Options, Result, Settings, Stats, controls};

/// A camera that runs. Dropping it closes it.
#[derive(Debug)]
pub struct Camera {
    source: Arc<Source>,
    timeout: Duration,
}

/// How long closing waits for a device that does not answer, before it is left to itself.
const CLOSING: Duration = Duration::from_secs(2);

impl Camera {
    /// Opens a camera and starts it. `notify` is called with what happens; it must not wait.
    ///
    /// # Errors
    /// [`Error`], within twice [`Options::timeout`]: the options make no sense or are not what the camera can do, there is
    /// no such camera, it may not be used, or is in use, or does not answer.
    pub fn open(options: Options, notify: impl Fn(Event) + Send + Sync + 'static) -> Result<Self> {
        options.check()?;
        let connect = worker::connect_kernel(options.clone());
        Self::open_with(options, connect, notify)
    }

    /// As [`Self::open`], on a transport of the caller's; [`Options::device`] does not matter then.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_on(
        transport: Arc<dyn Transport>,
        options: Options,
        notify: impl Fn(Event) + Send + Sync + 'static,
    ) -> Result<Self> {
        options.check()?;
        Self::open_with(options, Box::new(move || Ok(transport)), notify)
    }

    fn open_with(
        options: Options,
        connect: Connect,
        notify: impl Fn(Event) + Send + Sync + 'static,
    ) -> Result<Self> {
        let (shared, waker) = Shared::new(options.keep, notify)?;
        let shared = Arc::new(shared);
        let (opened, opening) = mpsc::sync_channel(1);
        let timeout = options.timeout;
        worker::spawn((shared.clone(), waker), options, connect, opened)?;
        match receive_within(&opening, timeout * 2) {
            Ok(Ok((settings, places))) => {
                Ok(Self { source: Arc::new(Source { shared, settings, places }), timeout })
            }
            Ok(Err(error)) => Err(error),
            Err(_) => {
                shared.close();
                let message = format!("The camera did not open within {:.0?}.", timeout * 2);
                Err(Error::new(Code::Timeout, message)
                    .with_hint("Unplug it and plug it in again, or give it more time."))
            }
        }
    }

    /// What it was set to.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.source.settings
    }

    /// What became of its frames so far.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.source.shared.state().stats
    }

    /// The oldest frame that waits, or `None`.
    ///
    /// # Errors
    /// Why the camera ended, once nothing waits any more: [`Code::DeviceLost`], [`Code::FormatChanged`],
    /// [`Code::Timeout`], [`Code::Device`] or [`Code::Closed`].
    pub fn take(&self) -> Result<Option<Frame>> {
        Ok(self.source.shared.take()?.map(|captured| Frame::new(self.source.clone(), captured)))
    }

    /// The oldest frame, waiting for one if there is none.
    ///
    /// # Errors
    /// As [`Self::take`], and [`Code::Timeout`] when none comes in time.
    pub fn wait(&self, timeout: Duration) -> Result<Frame> {
        let captured = self.source.shared.take_until(Instant::now() + timeout)?;
        let late = || {
            Error::new(Code::Timeout, format!("No frame came within {timeout:.0?}."))
                .on(&self.settings().device)
        };
        Ok(Frame::new(self.source.clone(), captured.ok_or_else(late)?))
    }

    /// Its controls with their values.
    ///
    /// # Errors
    /// [`Code::Device`], [`Code::Timeout`], or why the camera ended.
    pub fn controls(&self) -> Result<Vec<Control>> {
        self.ask(controls::list)
    }

    /// Sets a control by its name, such as `exposure_time_absolute`, and returns the value that the driver took.
    ///
    /// # Errors
    /// [`Code::Control`] for a control that does not exist or cannot take the value, before the device is asked; else as
    /// [`Self::controls`].
    pub fn set_control(&self, name: &str, value: i64) -> Result<i64> {
        let name = name.to_owned();
        self.ask(move |transport| controls::set(transport, &name, value))
    }

    fn ask<T: Send + 'static>(
        &self,
        job: impl FnOnce(&dyn Transport) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (answer, answered) = mpsc::sync_channel(1);
        self.source.shared.submit(Box::new(move |transport| {
            // Who asked may have given up.
            drop(answer.send(job(transport)));
        }))?;
        let device = &self.settings().device;
        match receive_within(&answered, self.timeout) {
            Ok(answer) => answer.map_err(|error| error.on(device)),
            Err(RecvTimeoutError::Timeout) => {
                Err(Error::new(Code::Timeout, "The camera did not answer in time.").on(device))
            }
            Err(RecvTimeoutError::Disconnected) => Err(closed(device)),
        }
    }

    /// Stops the camera and lets the device go, within two seconds. Frames on loan stay valid. Does nothing the
    /// second time.
    pub fn close(&self) {
        self.close_within(CLOSING);
    }

    /// As [`Self::close`], within a time of the caller's.
    pub fn close_within(&self, timeout: Duration) {
        self.source.shared.close();
        self.source.shared.wait_finished(timeout);
    }
}

impl Drop for Camera {
    fn drop(&mut self) {
        // Whoever has closed it has waited already.
        if !self.source.shared.is_closing() {
            self.close();
        }
    }
}
