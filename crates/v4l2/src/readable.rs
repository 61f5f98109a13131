use std::io;
use std::os::fd::{AsRawFd, BorrowedFd};

/// Sleeps until reading would not: there are bytes, or there is the end.
///
/// # Errors
/// What `poll` said, other than that a signal came.
#[expect(unsafe_code, reason = "poll has no safe wrapper in std")]
pub fn wait_until_readable(descriptor: BorrowedFd<'_>) -> io::Result<()> {
    let mut entry = libc::pollfd { fd: descriptor.as_raw_fd(), events: libc::POLLIN, revents: 0 };
    loop {
        // SAFETY: the one entry lives on this stack frame.
        if unsafe { libc::poll(&raw mut entry, 1, -1) } >= 0 {
            return Ok(());
        }
        let error = io::Error::last_os_error();
        if error.kind() != io::ErrorKind::Interrupted {
            return Err(error);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use std::net::Shutdown;
    use std::os::fd::AsFd;
    use std::os::unix::net::UnixStream;
    use std::thread;
    use std::time::Duration;

    #[test]
    fn a_wait_ends_with_bytes_with_the_end_and_when_the_socket_is_shut_down() {
        let (mut writer, reader) = UnixStream::pair().unwrap();
        writer.write_all(b"x").unwrap();
        wait_until_readable(reader.as_fd()).unwrap();
        drop(writer);
        wait_until_readable(reader.as_fd()).unwrap();

        let (_writer, reader) = UnixStream::pair().unwrap();
        thread::scope(|scope| {
            scope.spawn(|| wait_until_readable(reader.as_fd()).unwrap());
            thread::sleep(Duration::from_millis(20));
            reader.shutdown(Shutdown::Both).unwrap();
        });
    }
}
