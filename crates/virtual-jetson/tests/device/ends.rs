//! Delay, the shapes of the end, and what comes after it.

use crate::{
    client::{
        BASE, Bytes, CAPTURE, Client, Config, DQEVENT, ENCODER_CMD, FLAG_LAST, H264, SUBSCRIBE_EVENT, Sync,
        ioctl,
    },
    encoding::session,
    judge::picture,
};
use std::time::Duration;

fn passthrough(settings: &str) -> Config {
    Config { ..Config::new(H264, &format!(r#"{{"codec":"passthrough",{settings}}}"#)) }
}

#[test]
fn frames_are_held_back_until_more_come_or_the_stream_ends() {
    for delay in 0..=3 {
        let mut client = Client::start("delay", passthrough(&format!(r#""delay":{delay}"#)));
        let frame = picture(320, 240, 0);
        for number in 0..4 {
            client.push(&frame, 1_000_000 + number * 40_000);
        }
        client.wait(|client| client.chunks.len() == 4 - delay);
        std::thread::sleep(Duration::from_millis(20));
        client.collect();
        assert_eq!(client.chunks.len(), 4 - delay);
        client.drain();
        assert_eq!(client.chunks.len(), 5);
        let times: Vec<_> = client.chunks.iter().map(|chunk| chunk.timestamp_us).collect();
        assert_eq!(times[..4], [1_000_000, 1_040_000, 1_080_000, 1_120_000]);
        assert_eq!(client.finish(), "");
    }
}

#[test]
fn the_end_has_the_shape_asked_for() {
    for (shape, chunks, last_flag) in
        [("emptyBuffer", 4, true), ("lastFlag", 3, true), ("epipe", 3, false), ("event", 4, false)]
    {
        // With a delay the final frame is still there when the end comes.
        let (found, violations) = session("shape", passthrough(&format!(r#""delay":1,"eos":"{shape}""#)), 3);
        assert_eq!(violations, "");
        assert_eq!(found.len(), chunks, "{shape}");
        assert_eq!(found.last().unwrap().flags & FLAG_LAST != 0, last_flag, "{shape}");
        assert_eq!(found.last().unwrap().data.is_empty(), chunks == 4, "{shape}");
    }
}

#[test]
fn the_command_ends_the_stream_too_and_the_event_tells() {
    let mut client = Client::start("command", passthrough(r#""eos":"event""#));
    ioctl(client.fd, SUBSCRIBE_EVENT, &mut Bytes::<32>::new(&[(0, 2)])).unwrap();
    assert_eq!(ioctl(client.fd, DQEVENT, &mut Bytes::<136>::new(&[])), Err(libc::EAGAIN));
    client.push(&picture(320, 240, 0), 1_000_000);
    ioctl(client.fd, ENCODER_CMD, &mut Bytes::<40>::new(&[(0, 1)])).unwrap();
    client.wait(|client| client.ended == Some(libc::EPIPE));
    let mut event = Bytes::<136>::new(&[]);
    ioctl(client.fd, DQEVENT, &mut event).unwrap();
    assert_eq!(event.get(0), 2);
    assert_eq!(client.chunks.len(), 2);
    assert_eq!(client.finish(), "");
}

#[test]
fn a_drained_session_takes_no_more_frames() {
    let mut client = Client::start("drained", passthrough(r#""delay":0"#));
    client.push(&picture(320, 240, 0), 1_000_000);
    client.drain();
    let index = client.free_buffer();
    client.sync(index);
    assert_eq!(client.queue_output(index, 2_000_000, false), Err(libc::EINVAL));
    assert_eq!(client.queue_capture(0), Err(libc::EINVAL));
    assert_eq!(client.dequeue(CAPTURE).unwrap_err(), libc::EPIPE);
    assert!(client.finish().contains("after-eos"));
}

#[test]
fn stopping_returns_all_buffers_and_a_new_session_begins_with_a_key_frame() {
    let mut client = Client::start("stop", passthrough(r#""latencyMs":5000"#));
    client.push(&picture(320, 240, 0), 1_000_000);
    client.stream(crate::client::STREAMOFF).unwrap();
    client.free = vec![3, 2, 1, 0];
    client.stream(crate::client::STREAMON).unwrap();
    client.push(&picture(320, 240, 0), 2_000_000);
    assert!(client.chunks.is_empty());
    assert_eq!(client.finish(), "");
}

#[test]
fn blocking_dequeue_waits_and_device_poll_is_refused() {
    let config = Config { nonblocking: false, sync: Sync::DmaBuf, ..passthrough(r#""latencyMs":50"#) };
    let mut client = Client::start("blocking", config);
    client.write(3, &picture(320, 240, 0));
    client.sync(3);
    // From before the device has the picture on: a busy machine may rest between the two calls.
    let before = std::time::Instant::now();
    client.queue_output(3, 1_000_000, false).unwrap();
    assert_eq!(client.dequeue(CAPTURE).unwrap().3, 1_000_000);
    assert!(before.elapsed() > Duration::from_millis(40));
    let mut poll = Bytes::<8>::new(&[(0, 1)]);
    assert_eq!(client.control_of_class(crate::client::MPEG, BASE + 550, poll.address()), Err(libc::EINVAL));
    client.free.clear();
    assert!(client.finish().contains("poll"));
}
