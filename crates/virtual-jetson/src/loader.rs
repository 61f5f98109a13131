//! By which names this library was loaded.
//!
//! JetPack 4's encoder does not open before the process has loaded its buffer library. Here all of NVIDIA's
//! libraries are links to one file, so the loader maps it once and only its own books tell whether
//! `libnvbuf_utils.so` was ever asked for: glibc keeps, for each object, the list of names it was requested by.
//! (`dlopen` with `RTLD_NOLOAD` cannot tell: it searches the library path, finds the link, sees the same file and
//! answers yes. `/proc/self/maps` has the resolved path only.)
//!
//! The list hangs in the private tail of `struct link_map`, whose order has not changed since glibc 2.3.4. It is
//! walked only if the fields before it hold what they must; otherwise the answer is [`Named::Unknown`] and the
//! device opens.

use std::ffi::{CStr, CString, c_char, c_int, c_void};

/// Whether the process has asked for a library by some name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Named {
    Yes,
    No,
    Unknown,
}

/// `struct link_map`: the public fields, then those of the loader that lead to the names.
#[repr(C)]
struct LinkMap {
    base: usize,
    name: *const c_char,
    dynamic: *const c_void,
    next: *const LinkMap,
    previous: *const LinkMap,
    real: *const LinkMap,
    namespace: isize,
    names: *const LibraryName,
}

/// `struct libname_list`.
#[repr(C)]
#[derive(Clone, Copy)]
struct LibraryName {
    name: *const c_char,
    next: *const LibraryName,
}

const RTLD_DL_LINKMAP: c_int = 2;

/// Whether this library was requested by `file_name`, with or without a directory before it.
pub(crate) fn was_loaded_as(file_name: &str) -> Named {
    let Some(map) = own_link_map() else { return Named::Unknown };
    // SAFETY: the loader's entry of this very object lives as long as this code.
    let names = unsafe { (*map).names };
    let mut next = names;
    // A bound instead of trust: nobody asks for a library by a thousand names.
    for _ in 0..1000 {
        if next.is_null() {
            return Named::No;
        }
        // SAFETY: entries of the list are never freed while the object is loaded, and this one always is.
        let entry = unsafe { next.read() };
        if entry.name.is_null() {
            return Named::Unknown;
        }
        // SAFETY: the loader's names are C strings.
        let name = unsafe { CStr::from_ptr(entry.name) };
        if name.to_string_lossy().rsplit('/').next() == Some(file_name) {
            return Named::Yes;
        }
        next = entry.next;
    }
    Named::Unknown
}

/// Whether a library of this name could be found and is this one; asking leaves the name in the loader's books.
pub(crate) fn is_on_the_path(file_name: &str) -> bool {
    let Ok(name) = CString::new(file_name) else { return false };
    // SAFETY: the name is a C string; with RTLD_NOLOAD nothing is loaded and no foreign code runs.
    let handle = unsafe { libc::dlopen(name.as_ptr(), libc::RTLD_LAZY | libc::RTLD_NOLOAD) };
    if handle.is_null() {
        return false;
    }
    // SAFETY: the handle was just opened; this library itself stays, as it is linked nodelete.
    unsafe { libc::dlclose(handle) };
    was_loaded_as(file_name) == Named::Yes
}

/// The loader's entry of this library, if its private fields are where they are expected.
fn own_link_map() -> Option<*const LinkMap> {
    let here = own_link_map as *const c_void;
    let mut info = std::mem::MaybeUninit::<libc::Dl_info>::uninit();
    let mut map: *mut c_void = std::ptr::null_mut();
    // SAFETY: all three pointers are valid for what the call reads and writes.
    let found = unsafe { libc::dladdr1(here, info.as_mut_ptr(), &raw mut map, RTLD_DL_LINKMAP) };
    let map: *const LinkMap = map.cast_const().cast();
    if found == 0 || map.is_null() {
        return None;
    }
    // SAFETY: the loader's structure is far longer than the fields read here.
    let real = unsafe { (*map).real };
    // SAFETY: as above.
    let namespace = unsafe { (*map).namespace };
    (real == map && (0..16).contains(&namespace)).then_some(map)
}
