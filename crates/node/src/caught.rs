//! Where Node-API calls us, nothing on the stack catches a panic, and the process would be aborted. Functions and methods have
//! `#[napi(catch_unwind)]`; this is for the rest.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use encoder::{Code, Error};

/// What the work returns, or the error that it panicked.
pub fn caught<T>(what: &str, work: impl FnOnce() -> T) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(|| {
        v4l2::threads::may_panic(what);
        work()
    }))
    .map_err(|payload| {
        let said = text(&*payload).to_owned();
        // What is thrown may panic when it is dropped.
        std::mem::forget(payload);
        Error::new(Code::Device, format!("The native part panicked ({what}): {said}."))
            .with_hint("This is a bug of v4l2-encoder. Please report it with what standard error says.")
    })
}

/// The same, as an error of Node-API.
pub fn caught_result<T>(what: &str, work: impl FnOnce() -> napi::Result<T>) -> napi::Result<T> {
    caught(what, work).unwrap_or_else(|error| Err(napi::Error::from_reason(error.message)))
}

/// Of what nobody waits for.
pub fn caught_end(what: &str, work: impl FnOnce()) {
    // The panic's own message is on standard error.
    drop(caught(what, work));
}

fn text(payload: &(dyn Any + Send)) -> &str {
    let text = payload.downcast_ref::<&str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message")
}
