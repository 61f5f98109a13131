//! Devices that exist only in this process.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard};

use v4l2::Transport;
use v4l2::testing::{Lie, Lying, Modelled};

use super::driver::Driver;
use super::model::Encoder;

static MACHINES: LazyLock<Mutex<HashMap<PathBuf, Arc<Machine>>>> = LazyLock::new(Mutex::default);

/// A node, and every device that was opened through it.
#[derive(Debug)]
pub(super) struct Machine {
    pub(super) path: PathBuf,
    driver: Mutex<Driver>,
    /// What its driver says that is not so.
    lie: Mutex<Option<Lie>>,
    opened: Mutex<Vec<Arc<Modelled<Encoder>>>>,
}

impl Machine {
    pub(super) fn new(driver: Driver) -> Arc<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = PathBuf::from(format!("/model/{}/{number}", driver.name));
        let machine = Arc::new(Self {
            path: path.clone(),
            driver: Mutex::new(driver),
            lie: Mutex::default(),
            opened: Mutex::default(),
        });
        MACHINES.lock().unwrap().insert(path, Arc::clone(&machine));
        machine
    }

    /// The driver, for what is opened from now on.
    pub(super) fn driver(&self) -> MutexGuard<'_, Driver> {
        self.driver.lock().unwrap()
    }

    /// Has what is opened from now on lie.
    pub(super) fn lie(&self, lie: Option<Lie>) {
        *self.lie.lock().unwrap() = lie;
    }

    /// Every device that was opened, the last one last.
    pub(super) fn opened(&self) -> Vec<Arc<Modelled<Encoder>>> {
        self.opened.lock().unwrap().clone()
    }

    /// Looks at the device that was opened last.
    pub(super) fn last<T>(&self, look: impl FnOnce(&mut Encoder) -> T) -> T {
        look(&mut self.opened().last().expect("a device was opened").model())
    }
}

/// Opens the device of that path, if it is one of ours.
pub(in crate::backend::kernel) fn open(path: &Path) -> Option<Arc<dyn Transport>> {
    let machine = MACHINES.lock().unwrap().get(path).cloned()?;
    let device = Arc::new(Modelled::new(path, Encoder::new(machine.driver().clone())));
    machine.opened.lock().unwrap().push(Arc::clone(&device));
    let lie = *machine.lie.lock().unwrap();
    Some(match lie {
        Some(lie) => Arc::new(Lying::new(device, lie)),
        None => device,
    })
}
