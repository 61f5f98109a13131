//! One logger per encoder, which its user may replace, silence or raise.

use std::fmt;
use std::sync::Arc;

/// How much to log, and how severe a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogLevel {
    /// Nothing; no message has this level.
    Silent,
    /// What stopped the encoder.
    Error,
    /// What the user should know: a fallback, a rejected control, a lost frame.
    Warn,
    /// Which encoder runs.
    Info,
    /// Every request with its result.
    Debug,
}

impl LogLevel {
    const ALL: [Self; 5] = [Self::Silent, Self::Error, Self::Warn, Self::Info, Self::Debug];

    /// `silent`, `error`, `warn`, `info`, `debug`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Silent => "silent",
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
        }
    }

    /// The level of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.name() == name)
    }
}

/// One message.
#[derive(Debug, Clone)]
pub struct Record {
    /// How grave it is.
    pub level: LogLevel,
    /// The message, without a line end.
    pub message: String,
}

/// Where messages go, up to which level.
#[derive(Clone)]
pub struct Logger {
    level: LogLevel,
    write: Arc<dyn Fn(Record) + Send + Sync>,
}

impl Logger {
    /// Messages up to `level` go to `write`, on whichever thread they arise.
    pub fn new(level: LogLevel, write: impl Fn(Record) + Send + Sync + 'static) -> Self {
        Self { level, write: Arc::new(write) }
    }

    /// Tells nothing.
    #[must_use]
    pub fn silent() -> Self {
        Self::new(LogLevel::Silent, |_| {})
    }

    /// Messages up to `level` go to standard error.
    #[must_use]
    pub fn stderr(level: LogLevel) -> Self {
        Self::new(level, |record| {
            use std::io::Write;
            // A closed standard error must not stop the encoder.
            let written =
                writeln!(std::io::stderr(), "v4l2-encoder {}: {}", record.level.name(), record.message);
            drop(written);
        })
    }

    pub(crate) fn wants(&self, level: LogLevel) -> bool {
        level <= self.level
    }

    pub(crate) fn write(&self, level: LogLevel, message: impl FnOnce() -> String) {
        if self.wants(level) {
            (self.write)(Record { level, message: message() });
        }
    }

    pub(crate) fn warn(&self, message: impl FnOnce() -> String) {
        self.write(LogLevel::Warn, message);
    }

    pub(crate) fn info(&self, message: impl FnOnce() -> String) {
        self.write(LogLevel::Info, message);
    }

    pub(crate) fn debug(&self, message: impl FnOnce() -> String) {
        self.write(LogLevel::Debug, message);
    }
}

impl fmt::Debug for Logger {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Logger").field("level", &self.level).finish_non_exhaustive()
    }
}
