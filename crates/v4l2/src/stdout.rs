use v4l2r::nix::errno::Errno;

/// Points descriptor 1 at descriptor 2 for the rest of the process.
///
/// NVIDIA's library prints on standard output at any time, which nothing but this can keep out of a stream that the
/// program writes there. Duplicate descriptor 1 first.
///
/// # Errors
/// What `dup2` said.
#[expect(unsafe_code, reason = "dup2")]
pub fn redirect_stdout_to_stderr() -> Result<(), Errno> {
    // SAFETY: the call takes two numbers and touches no memory.
    let done = unsafe { libc::dup2(libc::STDERR_FILENO, libc::STDOUT_FILENO) };
    Errno::result(done).map(drop)
}
