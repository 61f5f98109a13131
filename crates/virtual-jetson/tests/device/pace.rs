//! Latency, overlap, bit rates, and the waits.

use crate::{
    client::{BASE, Bytes, Client, Config, FLAG_KEYFRAME, H264, H265, MPEG},
    encoding::session,
    judge::picture,
};
use std::time::{Duration, Instant};

#[test]
fn latency_overlaps_up_to_the_depth_of_the_pipeline() {
    let time = |depth: u32, in_flight: usize| {
        let settings = format!(r#"{{"codec":"passthrough","latencyMs":60,"pipelineDepth":{depth}}}"#);
        let mut client = Client::start("overlap", Config::new(H264, &settings));
        let frame = picture(320, 240, 0);
        let before = Instant::now();
        for number in 0..8 {
            client.wait(|client| number < client.chunks.len() + in_flight);
            client.push(&frame, 1_000_000 + number as u64);
        }
        client.wait(|client| client.chunks.len() == 8);
        let elapsed = before.elapsed();
        client.finish();
        elapsed
    };
    let (one, four, shallow) = (time(4, 1), time(4, 4), time(1, 4));
    // Only the lower bounds are exact: the machine may be busy.
    assert!(one > Duration::from_millis(475), "{one:?}");
    assert!(four > Duration::from_millis(115) && four < one * 2 / 3, "{four:?} against {one:?}");
    assert!(shallow > Duration::from_millis(475), "{shallow:?}");
}

#[test]
fn the_bit_rate_follows_the_control_while_running() {
    for codec in [H264, H265] {
        let mut config = Config::new(codec, r#"{"stdoutMessages":false}"#);
        config.controls = vec![(207, 1_500_000), (514, 1000), (203, 0)];
        let mut client = Client::start("rate", config);
        for number in 0..90u64 {
            if number == 45 {
                client.control(BASE + 207, 300_000).unwrap();
            }
            client.push(&noise(number), 1_000_000 + number * 33_333);
        }
        client.wait(|client| client.chunks.len() == 90);
        let rate = |range: std::ops::Range<usize>| {
            let bytes: usize = client.chunks[range.clone()].iter().map(|chunk| chunk.data.len()).sum();
            bytes as f64 * 8.0 * 30.0 / range.len() as f64
        };
        let (before, after) = (rate(20..45), rate(60..90));
        assert!((1_000_000.0..2_000_000.0).contains(&before), "{before}");
        assert!((180_000.0..450_000.0).contains(&after), "{after}");
        assert_eq!(client.finish(), "");
    }
}

/// A picture that no encoder finds easy, and no two of them alike.
fn noise(number: u64) -> Vec<u8> {
    let mut state = number.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut picture = picture(320, 240, number as u32 * 3);
    for byte in &mut picture[..320 * 240] {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        *byte = byte.wrapping_add((state >> 60) as u8);
    }
    picture
}

#[test]
fn a_forced_key_frame_binds_when_a_frame_starts() {
    // Long enough for a busy machine to queue three frames while the first is being coded.
    let mut config = Config::new(H264, r#"{"codec":"passthrough","latencyMs":300,"pipelineDepth":1}"#);
    config.controls.push((535, 1));
    let mut client = Client::start("force", config);
    let frame = picture(320, 240, 0);
    for number in 0..3 {
        client.push(&frame, 1_000_000 + number);
    }
    // Frames 1 and 2 are queued already and wait for frame 0.
    client.control(BASE + 567, 1).unwrap();
    client.push(&frame, 1_000_010);
    client.wait(|client| client.chunks.len() == 4);
    let keys: Vec<_> = client.chunks.iter().map(|chunk| chunk.flags & FLAG_KEYFRAME != 0).collect();
    assert_eq!(keys, [true, true, false, false]);
    assert_eq!(client.finish(), "");
}

#[test]
fn device_poll_waits_until_a_chunk_or_an_interrupt() {
    let mut client = Client::start("poll", Config::new(H264, r#"{"codec":"passthrough","latencyMs":30}"#));
    let wait = |client: &Client, events: u32| {
        let mut poll = Bytes::<8>::new(&[(0, events)]);
        client.control_of_class(MPEG, BASE + 550, poll.address()).unwrap();
        poll.get(0) >> 16
    };
    assert_eq!(wait(&client, 4), 4, "POLLOUT is always ready");
    client.push(&picture(320, 240, 0), 1_000_000);
    let before = Instant::now();
    assert_eq!(wait(&client, 1 | 2), 1);
    assert!(before.elapsed() > Duration::from_millis(20));
    client.wait(|client| client.chunks.len() == 1);
    std::thread::scope(|scope| {
        let poller = scope.spawn(|| {
            let fd = client.fd;
            poll_on(fd)
        });
        std::thread::sleep(Duration::from_millis(30));
        client.control(BASE + 551, 1).unwrap();
        assert_eq!(poller.join().unwrap(), 0);
    });
    assert_eq!(client.finish(), "");
}

fn poll_on(fd: i32) -> u32 {
    let mut poll = Bytes::<8>::new(&[(0, 1 | 2)]);
    let mut control = Bytes::<24>::new(&[(0, BASE + 550)]);
    control.put_u64(12, poll.address());
    let mut controls = Bytes::<32>::new(&[(0, MPEG), (4, 1)]);
    controls.put_u64(24, control.address());
    crate::client::ioctl(fd, crate::client::S_EXT_CTRLS, &mut controls).unwrap();
    poll.get(0) >> 16
}

#[test]
fn twenty_thousand_frames_pass_through() {
    let config =
        Config { width: 160, height: 160, ..Config::new(H265, r#"{"codec":"passthrough","coherent":true}"#) };
    let before = Instant::now();
    let mut client = Client::start("many", config);
    for number in 0..20_000u64 {
        let index = client.free_buffer();
        client.queue_output(index, 1_000_000 + number, false).unwrap();
    }
    client.wait(|client| client.chunks.len() == 20_000);
    assert!(client.chunks.windows(2).all(|pair| pair[1].timestamp_us == pair[0].timestamp_us + 1));
    assert_eq!(client.finish(), "");
    assert!(before.elapsed() < Duration::from_secs(10), "{:?}", before.elapsed());
}

#[test]
fn four_sessions_at_once_do_not_disturb_each_other() {
    std::thread::scope(|scope| {
        let one = |number: u32| {
            let settings = format!(r#"{{"codec":"passthrough","delay":{number},"alignment":64}}"#);
            let (chunks, violations) =
                session(&format!("parallel{number}"), Config::new(H264, &settings), 50);
            assert_eq!((chunks.len(), violations.as_str()), (51, ""));
        };
        let handles: Vec<_> = (0..4).map(|number| scope.spawn(move || one(number))).collect();
        handles.into_iter().for_each(|handle| handle.join().unwrap());
    });
}

#[test]
fn a_thread_that_polls_is_in_nobodys_way() {
    let mut client = Client::start("poller", Config::new(H264, r#"{"codec":"passthrough","coherent":true}"#));
    let fd = client.fd;
    let poller = std::thread::spawn(move || {
        // Interrupted, it would return at once for ever; the test interrupts it once.
        while poll_on(fd) != 0 {
            std::thread::sleep(Duration::from_micros(50));
        }
    });
    for number in 0..50 {
        std::thread::sleep(Duration::from_millis(2));
        let index = client.free.pop().unwrap();
        client.queue_output(index, 1_000_000 + number, false).unwrap();
        std::thread::sleep(Duration::from_millis(2));
        client.collect();
    }
    std::thread::sleep(Duration::from_millis(5));
    client.control(BASE + 551, 1).unwrap();
    poller.join().unwrap();
    client.collect();
    assert_eq!(client.chunks.len(), 50);
    assert_eq!(client.finish(), "");
}

#[test]
fn a_step_of_the_bit_rate_is_kept_with_key_frames_included() {
    for codec in [H264, H265] {
        let mut config = Config::new(codec, "{}");
        // A key frame each second, and a buffer of half a second.
        config.controls = vec![(207, 1_200_000), (514, 30), (203, 0)];
        let mut client = Client::start("step", config);
        let set = |client: &Client, rate: u32| {
            client.control(BASE + 207, rate).unwrap();
            let mut buffer = Bytes::<4096>::new(&[(0, rate / 2)]);
            client.control_of_class(MPEG, BASE + 531, buffer.address()).unwrap();
        };
        for number in 0..270u64 {
            match number {
                90 => set(&client, 400_000),
                180 => set(&client, 1_200_000),
                _ => {}
            }
            // The next frame is given when this one is out, so a change is for the frame it stands before.
            client.push(&noise(number), 1_000_000 + number * 33_333);
            client.wait(|client| client.chunks.len() as u64 == number + 1);
        }
        for (change, rate) in [(90, 400_000.0), (180, 1_200_000.0)] {
            let bytes: usize =
                client.chunks[change + 30..change + 90].iter().map(|chunk| chunk.data.len()).sum();
            let mean = bytes as f64 * 8.0 / 2.0;
            assert!((mean / rate - 1.0_f64).abs() < 0.1, "{codec:#x}: {mean} instead of {rate}");
        }
        assert_eq!(client.finish(), "");
    }
}
