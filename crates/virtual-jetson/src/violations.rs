//! What the client did wrong, one line each.
//!
//! A line names the device, the rule and the case, so that a test can ask for an empty log and a person can read
//! why it is not. Without a log file the lines go to standard error: a forgotten setting shall not hide them.

use crate::stderr::log_stderr;
use std::{
    collections::HashMap,
    fmt::Arguments,
    fs::OpenOptions,
    io::Write as _,
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

/// Lines per device and rule; a rule broken at every frame shall not fill the disk.
const LINES_PER_RULE: u32 = 8;

/// The log of one device.
pub(crate) struct Violations {
    device: String,
    path: Option<PathBuf>,
    counts: Mutex<HashMap<&'static str, u32>>,
}

impl Violations {
    pub(crate) fn new(device: &str, path: Option<PathBuf>) -> Self {
        Self { device: device.to_owned(), path, counts: Mutex::default() }
    }

    /// Notes that `rule` was broken; `case` says how.
    pub(crate) fn note(&self, rule: &'static str, case: Arguments<'_>) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(rule).or_default();
        *count += 1;
        match (*count).cmp(&LINES_PER_RULE) {
            std::cmp::Ordering::Less => self.write(&format!("{}: {rule}: {case}\n", self.device)),
            std::cmp::Ordering::Equal => self.write(&format!(
                "{}: {rule}: {case} (further ones of this rule are not written)\n",
                self.device
            )),
            std::cmp::Ordering::Greater => {}
        }
    }

    fn write(&self, line: &str) {
        let Some(path) = &self.path else {
            log_stderr(&format!("virtual-jetson: violation: {}", line.trim_end()));
            return;
        };
        let file = OpenOptions::new().create(true).append(true).open(path);
        if let Err(error) = file.and_then(|mut file| file.write_all(line.as_bytes())) {
            log_stderr(&format!("virtual-jetson: {}: {error}: {}", path.display(), line.trim_end()));
        }
    }
}
