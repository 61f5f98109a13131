//! Finding and loading NVIDIA's libv4l2.
//!
//! The library is loaded by name or path, never linked: where it lives differs between JetPack releases, Yocto and
//! containers, and a binary that links it runs nowhere else. Its SONAME is `libv4l2.so.0`, the same as the
//! distribution's own library, so that name is the last resort and only where NVIDIA's plugin lies beside it.
//! Once loaded it stays: loading it a second time after unloading fails on boards.

use std::collections::HashMap;
use std::ffi::{CString, OsStr, c_char, c_int, c_ulong};
use std::os::fd::RawFd;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use libloading::os::unix::{Library as Handle, RTLD_LOCAL, RTLD_NOW};
use v4l2r::nix::errno::Errno;

use crate::{Failure, Result, Watched};

/// libv4l2's table of open devices has this many places (`V4L2_MAX_DEVICES` in its `libv4l2-priv.h`).
pub const MAX_LIBRARY_DEVICES: usize = 16;

/// How long an open or close waits for another one to come back; they take about 100 ms on boards. One that does not is
/// given up on, so that a device that hangs does not take the others with it.
const TURN_WAIT: Duration = Duration::from_secs(2);

/// Where NVIDIA's packages put the library: JetPack 6 and 7, then JetPack 4 and 5.
const NVIDIA_DIRECTORIES: [&str; 2] = ["usr/lib/aarch64-linux-gnu/nvidia", "usr/lib/aarch64-linux-gnu/tegra"];

/// NVIDIA's plugin, where a libv4l2 built by Yocto or Nix (or NVIDIA's own) looks for it.
const PLUGINS: [&str; 3] = [
    "usr/lib/libv4l/plugins/libv4l2_nvvideocodec.so",
    "usr/lib/libv4l/plugins/nv/libv4l2_nvvideocodec.so",
    "usr/lib/aarch64-linux-gnu/libv4l/plugins/nv/libv4l2_nvvideocodec.so",
];

/// Which library to load.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LibraryLookup {
    /// A name or path to load and nothing else; else the environment's `V4L2_ENCODER_LIBRARY`; else every known
    /// name and place.
    pub explicit: Option<PathBuf>,
    /// The root directory below which NVIDIA's directories are looked up; `/` when left out.
    pub root: Option<PathBuf>,
}

impl LibraryLookup {
    /// Names and paths in the order they are tried.
    #[must_use]
    pub fn candidates(&self) -> Vec<PathBuf> {
        let environment = std::env::var_os("V4L2_ENCODER_LIBRARY").filter(|value| !value.is_empty());
        if let Some(only) = self.explicit.clone().or(environment.map(PathBuf::from)) {
            return vec![only];
        }
        let root = self.root();
        let mut all = Vec::new();
        // With a made-up root the machine's own libraries must not be found by name.
        if self.root.is_none() {
            all.push(PathBuf::from("libnvv4l2.so"));
        }
        all.extend(NVIDIA_DIRECTORIES.iter().map(|directory| root.join(directory).join("libnvv4l2.so")));
        if self.root.is_none() && PLUGINS.iter().any(|plugin| root.join(plugin).exists()) {
            all.push(PathBuf::from("libv4l2.so.0"));
        }
        all
    }

    pub(crate) fn root(&self) -> &Path {
        self.root.as_deref().unwrap_or(Path::new("/"))
    }

    /// Directories in which NVIDIA's other libraries may lie: beside a library given by path, then the usual ones.
    pub(crate) fn directories(&self) -> Vec<PathBuf> {
        let beside = self.candidates().into_iter().filter_map(|path| path.parent().map(Path::to_owned));
        beside.filter(|directory| directory.components().next().is_some()).collect()
    }
}

type OpenFn = unsafe extern "C" fn(*const c_char, c_int, ...) -> c_int;
type IoctlFn = unsafe extern "C" fn(c_int, c_ulong, ...) -> c_int;
type CloseFn = unsafe extern "C" fn(c_int) -> c_int;

/// Every library that was loaded, by the name it was loaded by.
static LOADED: LazyLock<Mutex<HashMap<PathBuf, &'static Library>>> = LazyLock::new(Mutex::default);

/// Lets others open and close while a call that somebody has given up on still is inside the library.
///
/// `inside` is for how long it must have been there: healthy ones take about 100 ms on boards.
pub fn give_up_stuck_calls(inside: Duration) {
    // Held while a library is loaded, and one that hangs there must not take the caller with it.
    let Ok(loaded) = LOADED.try_lock() else { return };
    for library in loaded.values() {
        library.turn.give_up(inside);
    }
}

/// A loaded libv4l2. It lives until the process ends.
#[derive(Debug)]
pub struct Library {
    path: PathBuf,
    open: OpenFn,
    pub(super) ioctl: IoctlFn,
    close: CloseFn,
    devices: AtomicUsize,
    turn: Turn,
}

impl Library {
    /// Loads the library, or finds it loaded already.
    ///
    /// # Errors
    /// [`Failure::LibraryMissing`] with every name tried and what the loader said of it.
    pub fn find(lookup: &LibraryLookup) -> Result<&'static Self> {
        let mut loaded = lock(&LOADED);
        let mut tried = Vec::new();
        for path in lookup.candidates() {
            if let Some(library) = loaded.get(&path) {
                return Ok(library);
            }
            match Self::load(&path) {
                Ok(library) => {
                    let library: &'static Self = Box::leak(Box::new(library));
                    loaded.insert(path, library);
                    return Ok(library);
                }
                Err(reason) => tried.push(reported(&path, &loader_said(&reason))),
            }
        }
        Err(Failure::LibraryMissing { tried })
    }

    /// The name or path it was loaded by.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    #[expect(unsafe_code, reason = "dlopen and dlsym")]
    fn load(path: &Path) -> std::result::Result<Self, libloading::Error> {
        // SAFETY: loading runs the library's constructors; it is the vendor's library that the user wants to use.
        let handle = unsafe { Handle::open(Some(path), RTLD_NOW | RTLD_LOCAL) }?;
        // SAFETY: `v4l2_open` has this signature in every libv4l2 (libv4l2.h).
        let open = unsafe { handle.get::<OpenFn>(b"v4l2_open\0") }?;
        // SAFETY: as above, `v4l2_ioctl`.
        let ioctl = unsafe { handle.get::<IoctlFn>(b"v4l2_ioctl\0") }?;
        // SAFETY: as above, `v4l2_close`.
        let close = unsafe { handle.get::<CloseFn>(b"v4l2_close\0") }?;
        let library = Self {
            path: path.to_owned(),
            open: *open,
            ioctl: *ioctl,
            close: *close,
            devices: AtomicUsize::new(0),
            turn: Turn::default(),
        };
        // Never unloaded: the function pointers above stay valid for the life of the process.
        std::mem::forget(handle);
        Ok(library)
    }

    /// Opens a device through the library; one open or close at a time, because its table of devices is not locked.
    pub(super) fn open_device(&self, device: &Path) -> Result<RawFd> {
        let failed = |errno| Failure::Open { device: device.to_owned(), errno };
        let path = CString::new(device.as_os_str().as_bytes()).map_err(|_| failed(Errno::EINVAL))?;
        let flags = libc::O_RDWR | libc::O_NONBLOCK | libc::O_CLOEXEC;
        let _turn = self.turn.take();
        let (descriptor, errno) = keep_new_descriptors(VENDOR_NODES, || {
            #[expect(unsafe_code, reason = "calling the library")]
            // SAFETY: the path is NUL-terminated and outlives the call; the signature was checked at loading.
            let descriptor = unsafe { (self.open)(path.as_ptr(), flags, 0 as c_int) };
            (descriptor, Errno::last())
        });
        if descriptor >= 0 {
            self.devices.fetch_add(1, Ordering::Relaxed);
            return Ok(descriptor);
        }
        if errno == Errno::EBUSY && self.devices.load(Ordering::Relaxed) >= MAX_LIBRARY_DEVICES {
            return Err(Failure::TooManyDevices { device: device.to_owned(), limit: MAX_LIBRARY_DEVICES });
        }
        Err(failed(errno))
    }

    pub(super) fn close_device(&self, descriptor: RawFd) {
        let _turn = self.turn.take();
        #[expect(unsafe_code, reason = "calling the library")]
        // SAFETY: the descriptor came from this library's `v4l2_open` and is closed once.
        unsafe {
            (self.close)(descriptor)
        };
        self.devices.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A lock that can be taken from a holder who never returns.
#[derive(Debug, Default)]
struct Turn {
    holder: Mutex<Holder>,
    free: Condvar,
}

#[derive(Debug, Default)]
struct Holder {
    /// Counts turns, so that a late return is not taken for the present holder's.
    number: u64,
    since: Option<Instant>,
}

struct TurnGuard<'a> {
    turn: &'a Turn,
    number: u64,
}

impl Turn {
    fn take(&self) -> TurnGuard<'_> {
        self.take_within(TURN_WAIT)
    }

    fn take_within(&self, max_wait: Duration) -> TurnGuard<'_> {
        let mut holder = lock(&self.holder);
        let mut watched = Watched::since(Instant::now());
        while holder.since.is_some() && watched.look(Instant::now(), max_wait) < max_wait {
            let waited = self.free.wait_timeout_while(holder, max_wait / 8, |holder| holder.since.is_some());
            holder = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        *holder = Holder { number: holder.number + 1, since: Some(Instant::now()) };
        TurnGuard { turn: self, number: holder.number }
    }

    fn give_up(&self, inside: Duration) {
        let mut holder = lock(&self.holder);
        if holder.since.is_some_and(|since| since.elapsed() >= inside) {
            *holder = Holder { number: holder.number + 1, since: None };
            self.free.notify_one();
        }
    }
}

impl Drop for TurnGuard<'_> {
    fn drop(&mut self) {
        let mut holder = lock(&self.turn.holder);
        // Somebody else's turn by now, if this one was given up on.
        if holder.number == self.number {
            holder.since = None;
            self.turn.free.notify_one();
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What the loader said of a path. It begins with the path, as a rule.
fn reported(path: &Path, said: &str) -> String {
    let path = path.display().to_string();
    if said.contains(&path) { said.to_owned() } else { format!("{path}: {said}") }
}

/// The loader's own sentence stands in the error's source.
fn loader_said(error: &libloading::Error) -> String {
    std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string)
}

/// How the names of NVIDIA's nodes begin (`/dev/nvmap`, `/dev/nvhost-…`).
pub(super) const VENDOR_NODES: &str = "/dev/nv";

/// Runs a call that may open files whose names begin so, and keeps them from being inherited.
pub(super) fn keep_new_descriptors<T>(prefix: &str, call: impl FnOnce() -> T) -> T {
    let before = descriptors(prefix);
    let done = call();
    descriptors(prefix).into_iter().filter(|new| !before.contains(new)).for_each(close_on_exec);
    done
}

/// This process's descriptors of files whose names begin so.
fn descriptors(prefix: &str) -> Vec<RawFd> {
    let Ok(entries) = std::fs::read_dir("/proc/self/fd") else { return Vec::new() };
    entries
        .flatten()
        .filter(|entry| {
            std::fs::read_link(entry.path())
                .is_ok_and(|target| target.as_os_str().as_bytes().starts_with(prefix.as_bytes()))
        })
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .collect()
}

/// Keeps a descriptor from being inherited by programs that this process starts.
pub(crate) fn close_on_exec(descriptor: RawFd) {
    #[expect(unsafe_code, reason = "fcntl")]
    // SAFETY: F_SETFD takes a number and touches no memory; a stale descriptor gives EBADF.
    unsafe {
        libc::fcntl(descriptor, libc::F_SETFD, libc::FD_CLOEXEC)
    };
}

/// Whether the loader or the file system knows `name`.
pub(crate) fn load_any(names: &[PathBuf]) -> Option<Handle> {
    names.iter().find_map(|name| {
        let name: &OsStr = name.as_os_str();
        #[expect(unsafe_code, reason = "dlopen")]
        // SAFETY: loading runs the constructors of NVIDIA's surface library, which its own samples load as well.
        let handle = unsafe { Handle::open(Some(name), RTLD_NOW | RTLD_LOCAL) };
        handle.ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_explicit_library_is_the_only_candidate() {
        let lookup = LibraryLookup { explicit: Some("/opt/libfoo.so".into()), root: None };
        assert_eq!(lookup.candidates(), [PathBuf::from("/opt/libfoo.so")]);
    }

    #[test]
    fn a_made_up_root_hides_the_machines_own_libraries() {
        let lookup = LibraryLookup { explicit: None, root: Some("/made-up".into()) };
        assert_eq!(
            lookup.candidates(),
            [
                PathBuf::from("/made-up/usr/lib/aarch64-linux-gnu/nvidia/libnvv4l2.so"),
                PathBuf::from("/made-up/usr/lib/aarch64-linux-gnu/tegra/libnvv4l2.so"),
            ]
        );
    }

    #[test]
    fn a_missing_library_names_everything_that_was_tried() {
        let lookup = LibraryLookup { explicit: None, root: Some("/made-up".into()) };
        let error = Library::find(&lookup).unwrap_err();
        assert_eq!(error.to_string(), "NVIDIA's libnvv4l2.so was not found");
        let details = error.details().unwrap();
        assert!(details.contains("/made-up/usr/lib/aarch64-linux-gnu/tegra/libnvv4l2.so"), "{details}");
    }

    #[test]
    fn a_path_is_reported_once() {
        let said = "/made-up/lib.so: cannot open shared object file: No such file or directory";
        assert_eq!(reported(Path::new("/made-up/lib.so"), said), said);
        assert_eq!(
            reported(Path::new("/made-up/lib.so"), "invalid ELF header"),
            "/made-up/lib.so: invalid ELF header"
        );
    }

    #[test]
    fn a_library_without_the_symbols_is_not_taken() {
        let lookup = LibraryLookup { explicit: Some("libm.so.6".into()), root: None };
        let error = Library::find(&lookup).unwrap_err().to_string();
        assert!(error.contains("v4l2_open"), "{error}");
    }

    #[test]
    fn a_program_that_is_started_does_not_inherit_what_a_call_opened() {
        let path = std::env::temp_dir().join(format!("v4l2-inherit-{}", std::process::id()));
        let name = CString::new(path.as_os_str().as_bytes()).unwrap();
        let opened = keep_new_descriptors(path.to_str().unwrap(), || {
            #[expect(unsafe_code, reason = "open(2) without O_CLOEXEC, as a library may")]
            // SAFETY: the path is NUL-terminated and outlives the call.
            unsafe {
                libc::open(name.as_ptr(), libc::O_RDWR | libc::O_CREAT, 0o600)
            }
        });
        #[expect(unsafe_code, reason = "fcntl")]
        // SAFETY: F_GETFD takes no argument and touches no memory.
        let flags = unsafe { libc::fcntl(opened, libc::F_GETFD) };
        std::fs::remove_file(&path).unwrap();
        assert_eq!(flags, libc::FD_CLOEXEC);
    }

    #[test]
    fn a_turn_is_given_back_when_its_guard_goes() {
        let turn = Turn::default();
        drop(turn.take());
        let start = Instant::now();
        drop(turn.take());
        assert!(start.elapsed() < Duration::from_secs(1));
    }

    #[test]
    fn a_turn_that_was_given_up_is_free_at_once() {
        let turn = Turn::default();
        let stuck = turn.take();
        turn.give_up(Duration::from_secs(1));
        assert!(lock(&turn.holder).since.is_some(), "one that has just begun is not stuck");
        turn.give_up(Duration::ZERO);
        let start = Instant::now();
        let next = turn.take();
        assert!(start.elapsed() < Duration::from_secs(1));
        drop((stuck, next));
    }

    #[test]
    fn giving_up_does_not_wait_for_a_library_that_hangs_while_it_is_loaded() {
        let _loading = lock(&LOADED);
        give_up_stuck_calls(Duration::ZERO);
    }

    #[test]
    fn a_turn_that_never_comes_back_is_taken_and_its_late_return_harms_nobody() {
        let turn = Turn::default();
        let stuck = turn.take();
        let next = turn.take_within(Duration::from_millis(10));
        drop(stuck);
        assert!(lock(&turn.holder).since.is_some(), "the second holder still has it");
        drop(next);
        assert!(lock(&turn.holder).since.is_none());
    }
}
