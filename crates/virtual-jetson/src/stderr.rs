//! Lines on standard error and output, written to the descriptors: a client that points one of them elsewhere must find the
//! lines there, and nothing may be buffered across a fork.

/// Writes one line to a descriptor; what cannot be written is lost.
pub(crate) fn write_line(fd: libc::c_int, line: &str) {
    let line = format!("{line}\n");
    // SAFETY: the pointer and the length describe `line`, which outlives the call.
    unsafe { libc::write(fd, line.as_ptr().cast(), line.len()) };
}

/// Writes one line to standard error.
pub(crate) fn log_stderr(line: &str) {
    write_line(libc::STDERR_FILENO, line);
}
