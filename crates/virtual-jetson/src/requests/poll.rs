//! NVIDIA's DEVICE_POLL: the wait that replaces `poll`, which the node cannot do.
//!
//! It has no time-out: it returns when what was asked for is ready, or when control 551 interrupts it. Space on
//! the OUTPUT queue counts as ready at all times, so a client that asks for it does not wait at all.

use super::client_memory::{read, write};
use crate::{
    abi::DevicePoll,
    device::Device,
    errno::{Answer, EINVAL},
    state::{End, State},
};

const IN: u16 = libc::POLLIN as u16;
const PRI: u16 = libc::POLLPRI as u16;
const OUT: u16 = libc::POLLOUT as u16;
const ERR: u16 = libc::POLLERR as u16;

pub(super) fn wait(device: &Device, address: u64) -> Answer {
    let mut poll: DevicePoll = read(address)?;
    if !device.nonblocking {
        device
            .violations
            .note("poll", format_args!("DEVICE_POLL on a device that was opened in blocking mode"));
        return Err(EINVAL);
    }
    let mut state = device.state();
    loop {
        let ready = ready(&state) & (poll.requested | ERR);
        if ready != 0 || state.poll_interrupted || state.closing {
            poll.ready = ready;
            drop(state);
            return write(address, poll);
        }
        state = device.wait_for_news(state);
    }
}

/// Control 551: 1 ends the wait, and every later one, until 0.
pub(super) fn interrupt(device: &Device, on: bool) {
    device.state().poll_interrupted = on;
    device.news.notify_all();
}

fn ready(state: &State) -> u16 {
    let chunk = !state.capture.done.is_empty() || matches!(state.end, End::Reached | End::Reported);
    let event = !state.events.is_empty();
    [(OUT, true), (IN, chunk), (PRI, event), (ERR, state.dead)]
        .into_iter()
        .filter(|(_, is_ready)| *is_ready)
        .fold(0, |bits, (bit, _)| bits | bit)
}
