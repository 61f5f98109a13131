//! The devices this process has open, by descriptor, as libv4l2 keeps them.

use crate::{
    device::Device,
    errno::{Answer, EBUSY, EINVAL, Errno},
    loader::{self, Named},
    settings::Settings,
    stderr::log_stderr,
    violations::Violations,
};
use std::{
    collections::HashMap,
    ffi::CStr,
    os::fd::RawFd,
    os::unix::fs::{FileTypeExt as _, MetadataExt as _},
    sync::{
        Arc, LazyLock, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

/// libv4l2's own limit.
const MAX_DEVICES: usize = 16;

/// An open device and how many `v4l2_dup` have to be closed before it is.
struct Open {
    device: Arc<Device>,
    references: usize,
}

fn table() -> MutexGuard<'static, HashMap<RawFd, Open>> {
    static TABLE: LazyLock<Mutex<HashMap<RawFd, Open>>> = LazyLock::new(Mutex::default);
    TABLE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A function of libnvbufsurface was called, by whatever name it was loaded.
pub(crate) static SURFACES_USED: AtomicBool = AtomicBool::new(false);
/// The same of JetPack 4's libnvbuf_utils.
pub(crate) static BUFFERS_USED: AtomicBool = AtomicBool::new(false);

/// The device behind a descriptor.
pub(crate) fn find(fd: RawFd) -> Option<Arc<Device>> {
    table().get(&fd).map(|open| Arc::clone(&open.device))
}

/// Opens a node, as `v4l2_open` does.
pub(crate) fn open(path: &CStr, flags: i32, mode: libc::mode_t) -> Answer<RawFd> {
    // SAFETY: the path is a C string, and open reads the mode only where the flags ask for one.
    let fd = unsafe { libc::open(path.as_ptr(), flags, mode) };
    if fd < 0 {
        return Err(Errno::last());
    }
    let opened = adopt(fd, &path.to_string_lossy(), flags);
    if opened.is_err() {
        // SAFETY: the descriptor was opened above and handed to nobody.
        unsafe { libc::close(fd) };
    }
    opened.map(|()| fd)
}

/// Makes a device of an open descriptor.
pub(crate) fn adopt(fd: RawFd, path: &str, flags: i32) -> Answer {
    let settings = settings_of(fd, path)?;
    settings.faults.hang_if_asked("v4l2_open", count_open(path));
    let violations = Violations::new(path, settings.log.clone());
    let _alone = Alone::enter(&violations, "v4l2_open");
    check_node(fd, path, flags, &violations);
    if let Some(errno) = settings.faults.open_errno {
        return Err(errno);
    }
    check_surface_library(&settings, &violations)?;
    if let Some(errno) = settings.faults.query_cap_errno {
        log_stderr(&format!("libv4l2: error getting capabilities: {errno}"));
        return Err(errno);
    }
    let mut table = table();
    if table.len() >= MAX_DEVICES {
        log_stderr("libv4l2: error attempting to open more than 16 video devices");
        return Err(EBUSY);
    }
    let device = Device::new(settings, violations, flags & libc::O_NONBLOCK != 0);
    table.insert(fd, Open { device: Arc::new(device), references: 1 });
    Ok(())
}

/// Makes a device of a descriptor that libv4l2 has opened and keeps, if its node is one of ours: it shows
/// plugins every node that a program opens. What libv4l2 does itself is left to it: the limit on devices, the
/// first QUERYCAP, the serialisation.
pub(crate) fn claim(fd: RawFd) -> Option<Arc<Device>> {
    let path = std::fs::read_link(format!("/proc/self/fd/{fd}")).ok()?;
    let name = path.file_name()?.to_string_lossy();
    if !["nvenc", "msenc", "virtual-jetson"].iter().any(|part| name.contains(part)) {
        return None;
    }
    let path = path.to_string_lossy();
    let settings = settings_of(fd, &path).ok()?;
    settings.faults.hang_if_asked("v4l2_open", count_open(&path));
    if settings.faults.open_errno.is_some() {
        return None;
    }
    // SAFETY: a plain query of the descriptor's flags.
    let status = unsafe { libc::fcntl(fd, libc::F_GETFL) };
    let violations = Violations::new(&path, settings.log.clone());
    Some(Arc::new(Device::new(settings, violations, status & libc::O_NONBLOCK != 0)))
}

/// Ends a device that `claim` made; the descriptor stays libv4l2's.
pub(crate) fn release(device: &Device) {
    device.settings.faults.hang_if_asked("v4l2_close", device.count("v4l2_close"));
    device.close();
}

/// Adds a reference, as `v4l2_dup` does.
pub(crate) fn duplicate(fd: RawFd) -> Option<RawFd> {
    table().get_mut(&fd).map(|open| {
        open.references += 1;
        fd
    })
}

/// Closes a device; `false` when the descriptor is none.
pub(crate) fn close(fd: RawFd) -> bool {
    let Some(device) = find(fd) else { return false };
    device.settings.faults.hang_if_asked("v4l2_close", device.count("v4l2_close"));
    let _alone = Alone::enter(&device.violations, "v4l2_close");
    let mut table = table();
    if let Some(open) = table.get_mut(&fd) {
        open.references -= 1;
        if open.references > 0 {
            return true;
        }
        table.remove(&fd);
    }
    drop(table);
    device.close();
    // SAFETY: the descriptor belongs to the device, which is gone from the table.
    unsafe { libc::close(fd) };
    true
}

/// How often each path was opened, for the fault that hangs after some.
fn count_open(path: &str) -> u64 {
    static COUNTS: LazyLock<Mutex<HashMap<String, u64>>> = LazyLock::new(Mutex::default);
    let mut counts = COUNTS.lock().unwrap_or_else(PoisonError::into_inner);
    let count = counts.entry(path.to_owned()).or_default();
    *count += 1;
    *count
}

/// A node that is a regular file carries its settings.
fn settings_of(fd: RawFd, path: &str) -> Answer<Settings> {
    let own = format!("/proc/self/fd/{fd}");
    let is_file = std::fs::metadata(&own).is_ok_and(|metadata| metadata.is_file());
    let content = if is_file { std::fs::read_to_string(&own).unwrap_or_default() } else { String::new() };
    Settings::load(&content).map_err(|error| {
        log_stderr(&format!("virtual-jetson: {path}: {error}"));
        EINVAL
    })
}

fn check_node(fd: RawFd, path: &str, flags: i32, violations: &Violations) {
    if flags & libc::O_CLOEXEC == 0 {
        violations.note("inheritable", format_args!("opened without O_CLOEXEC"));
    }
    let metadata = std::fs::metadata(format!("/proc/self/fd/{fd}"));
    let null = libc::makedev(1, 3);
    let foreign = metadata.is_ok_and(|node| node.file_type().is_char_device() && node.rdev() != null);
    if foreign || path.starts_with("/dev/video") {
        violations.note("foreign-node", format_args!("{path} is no node of the encoder's"));
    }
}

/// The surface library comes first: JetPack 4 does not open without, later ones abort when the process ends.
fn check_surface_library(settings: &Settings, violations: &Violations) -> Answer {
    let (name, used) = match settings.generation {
        4 => ("libnvbuf_utils.so", &BUFFERS_USED),
        _ => ("libnvbufsurface.so", &SURFACES_USED),
    };
    if used.load(Ordering::Acquire) || loader::was_loaded_as(name) != Named::No {
        return Ok(());
    }
    if settings.generation == 4 {
        log_stderr(&format!("libv4l2: error getting capabilities: {EINVAL}"));
        return Err(EINVAL);
    }
    if loader::is_on_the_path(name) {
        violations.note("load-order", format_args!("{name} was not loaded before v4l2_open"));
    }
    Ok(())
}

/// libv4l2 publishes a device before it is complete: opening and closing must not overlap.
struct Alone;

static OPENING_OR_CLOSING: AtomicUsize = AtomicUsize::new(0);

impl Alone {
    fn enter(violations: &Violations, call: &str) -> Self {
        if OPENING_OR_CLOSING.fetch_add(1, Ordering::AcqRel) > 0 {
            violations
                .note("concurrent-open", format_args!("{call} while another thread was opening or closing"));
        }
        Self
    }
}

impl Drop for Alone {
    fn drop(&mut self) {
        OPENING_OR_CLOSING.fetch_sub(1, Ordering::AcqRel);
    }
}
