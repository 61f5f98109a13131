//! Bad days.

use crate::{
    client::{
        BASE, CAPTURE, Client, Config, FLAG_ERROR, FLAG_KEYFRAME, H264, H265, OUTPUT, Sync, close,
        in_a_process_of_its_own, make_node, open,
    },
    encoding::session,
    judge::{decode, picture},
};
use std::time::Duration;

const FLAGS: i32 = libc::O_RDWR | libc::O_CLOEXEC | libc::O_NONBLOCK;

fn config(faults: &str) -> Config {
    Config::new(H264, &format!(r#"{{"codec":"passthrough","faults":{{{faults}}}}}"#))
}

#[test]
fn opening_fails_as_asked_and_as_the_file_system_says() {
    for (settings, errno) in [
        (r#"{"faults":{"openErrno":"EBUSY"}}"#, libc::EBUSY),
        (r#"{"faults":{"queryCapErrno":"EINVAL"}}"#, libc::EINVAL),
        (r#"{"nonsense":1}"#, libc::EINVAL),
    ] {
        let (node, _) = make_node("open", settings);
        assert_eq!(open(&node, FLAGS), Err(errno), "{settings}");
    }
    assert_eq!(open("/nowhere/v4l2-nvenc".as_ref(), FLAGS), Err(libc::ENOENT));
}

#[test]
fn formats_buffers_and_streams_fail_where_asked() {
    let mut client = Client::open("fail-format", config(r#""formatErrno":"ENODEV""#));
    assert_eq!(client.set_formats(), Err(libc::ENODEV));
    close(client.fd);
    let mut client = Client::open("fail-zero", config(r#""reqbufsZero":true"#));
    client.set_formats().unwrap();
    assert_eq!(client.request(OUTPUT, 4), Ok(0));
    close(client.fd);
    let mut client = Client::open("fail-reqbufs", config(r#""reqbufsErrno":"ENOMEM""#));
    client.set_formats().unwrap();
    assert_eq!(client.request(OUTPUT, 4), Err(libc::ENOMEM));
    close(client.fd);
    let mut client = Client::open("fail-streamon", config(r#""streamOnErrno":"EIO""#));
    client.set_formats().unwrap();
    client.request_all().unwrap();
    assert_eq!(client.stream(crate::client::STREAMON), Err(libc::EIO));
    assert_eq!(client.finish(), "");
}

#[test]
fn sizes_the_board_cannot_do_fail_when_both_queues_stream() {
    for (codec, width, height) in [(H264, 4098, 64), (H265, 142, 142), (H265, 320, 128)] {
        let mut client = Client::open("size", Config { width, height, ..Config::new(codec, "{}") });
        client.set_formats().unwrap();
        client.request_all().unwrap();
        assert_eq!(client.stream(crate::client::STREAMON), Err(libc::EINVAL));
        assert_eq!(client.finish(), "");
    }
}

#[test]
fn lost_failed_and_empty_frames() {
    let frames = |test, faults: &str| {
        let config = Config::new(H264, &format!(r#"{{"faults":{{{faults}}}}}"#));
        let (chunks, violations) = session(test, config, 5);
        assert_eq!(violations, "");
        chunks
    };
    let chunks = frames("lost", r#""loseFrame":2"#);
    assert_eq!(chunks.len(), 5);
    let stream: Vec<_> = chunks.iter().flat_map(|chunk| chunk.data.clone()).collect();
    assert_eq!(decode("h264", &stream, 320, 240).len(), 4, "what is left can be decoded");
    let chunks = frames("failed", r#""errorFrame":0"#);
    assert_eq!(
        (chunks.len(), chunks[0].flags & FLAG_ERROR, chunks[1].flags & FLAG_ERROR),
        (6, FLAG_ERROR, 0)
    );
    assert_eq!(chunks[0].timestamp_us, 1_000_000);
    let chunks = frames("timeless", r#""timestampsZero":true"#);
    assert!(chunks.iter().all(|chunk| chunk.timestamp_us == 0));
    let chunks = frames("small", r#""sizeimageTooSmall":true"#);
    assert_eq!(chunks[0].flags & FLAG_ERROR, FLAG_ERROR);

    let mut client = Client::start("empty", config(r#""zeroSizeWithoutEos":1"#));
    for number in 0..3 {
        client.push(&picture(320, 240, 0), 1_000_000 + number);
    }
    std::thread::sleep(Duration::from_millis(30));
    client.collect();
    assert_eq!(client.chunks.len(), 2);
    assert!(client.chunks[1].data.is_empty() && client.chunks[1].flags & crate::client::FLAG_LAST == 0);
    client.finish();
}

#[test]
fn a_block_that_dies_answers_einval() {
    let mut client = Client::start("dies", config(r#""dieAfterFrames":2"#));
    for number in 0..3 {
        client.push(&picture(320, 240, 0), 1_000_000 + number);
    }
    client.wait(|client| client.ended == Some(libc::EINVAL));
    assert_eq!(client.chunks.len(), 2);
    client.sync(3);
    assert_eq!(client.queue_output(3, 2_000_000, false), Err(libc::EINVAL));
    client.finish();
}

#[test]
fn chunks_and_ends_that_never_come() {
    for (faults, chunks) in
        [(r#""noFirstChunk":true"#, 0), (r#""drainNeverEnds":true"#, 1), (r#""noEos":true"#, 1)]
    {
        let mut client = Client::start("never", config(faults));
        client.push(&picture(320, 240, 0), 1_000_000);
        let index = client.free_buffer();
        client.queue_output(index, 0, true).unwrap();
        std::thread::sleep(Duration::from_millis(50));
        client.collect();
        assert_eq!((client.chunks.len(), client.ended), (chunks, None), "{faults}");
        assert_eq!(client.finish(), "");
    }
}

#[test]
fn a_call_hangs_and_other_devices_go_on() {
    let (node, _) = make_node("hang", r#"{"faults":{"hang":"VIDIOC_DQBUF","hangAfter":1}}"#);
    let fd = open(&node, FLAGS).unwrap();
    let (send, receive) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for _ in 0..2 {
            let mut buffer = crate::client::Bytes::<88>::new(&[(4, CAPTURE), (60, 1)]);
            send.send(crate::client::ioctl(fd, crate::client::DQBUF, &mut buffer)).unwrap();
        }
    });
    assert_eq!(receive.recv().unwrap(), Err(libc::EINVAL));
    assert!(receive.recv_timeout(Duration::from_millis(100)).is_err());
    assert_eq!(session("hang-other", config(""), 5).0.len(), 6);
}

#[test]
fn a_sync_that_fails_leaves_the_other_way() {
    let settings = r#"{"syncFails":true}"#;
    let client = Client::start("sync-fails", Config::new(H264, settings));
    assert_eq!(client.sync_surface(client.output[0][1].fd, 1), -1);
    assert_eq!(client.sync_nvbuffer(&client.output[0][0], 0), -1, "JetPack 6 has no such function");
    assert_eq!(client.finish(), "");
    let config = Config { sync: Sync::DmaBuf, ..Config::new(H264, settings) };
    let (chunks, violations) = session("sync-other", config, 3);
    assert_eq!(violations, "");
    let stream: Vec<_> = chunks.iter().flat_map(|chunk| chunk.data.clone()).collect();
    assert!(crate::judge::psnr(&decode("h264", &stream, 320, 240)[0], &picture(320, 240, 0)) > 30.0);
    let client =
        Client::start("sync-both", Config::new(H264, r#"{"syncFails":true,"dmaBufSyncFails":true}"#));
    assert_eq!(client.sync_surface(client.output[0][0].fd, 0), -1);
    assert!(client.sync_dma_buf(client.output[0][0].fd).is_err());
    assert_eq!(client.finish(), "");
}

#[test]
fn the_seventeenth_device_is_one_too_many() {
    // In a process of its own, so that other tests' devices do not count.
    let output = in_a_process_of_its_own("faults::sixteen_devices");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
#[ignore = "run by the test above, alone in its process"]
fn sixteen_devices() {
    let (node, _) = make_node("seventeen", "{}");
    let open_ones: Vec<_> = (0..16).map(|_| open(&node, FLAGS).unwrap()).collect();
    assert_eq!(open(&node, FLAGS), Err(libc::EBUSY));
    assert_eq!(close(open_ones[0]), 0);
    let again = open(&node, FLAGS).unwrap();
    for fd in open_ones[1..].iter().chain([&again]) {
        assert_eq!(close(*fd), 0);
    }
}

#[test]
fn a_process_that_exits_in_the_middle_of_coding_exits_as_it_said() {
    for _ in 0..5 {
        assert_eq!(in_a_process_of_its_own("faults::exits_in_the_middle").status.code(), Some(7));
    }
}

#[test]
#[ignore = "run by the test above, alone in its process"]
fn exits_in_the_middle() {
    let mut client = Client::start("exits", Config { width: 640, height: 480, ..Config::new(H265, "{}") });
    for number in 0..6 {
        client.push(&picture(640, 480, number), 1_000_000 + u64::from(number));
    }
    std::process::exit(7);
}

#[test]
fn controls_are_refused_ignored_and_clamped() {
    let faults = r#""refuseControls":{"535":"EACCES"},"ignoreControls":[567,10029867],
        "clampControls":{"207":[100000,300000],"531":[1,2]}"#;
    let settings = format!(r#"{{"codec":"passthrough","readback":true,"faults":{{{faults}}}}}"#);
    let mut config = Config::new(H264, &settings);
    config.controls = vec![(514, 100), (203, 0)];
    let mut client = Client::open("fault-controls", config);
    client.set_formats().unwrap();
    assert_eq!(client.control(BASE + 535, 1), Err(libc::EACCES));
    assert_eq!(client.control(BASE + 555, 1), Ok(()), "ignored, by the whole id");
    client.control(BASE + 207, 1_000_000).unwrap();
    assert_eq!(client.get_control(BASE + 207), Ok(300_000), "the most it takes");
    client.control(BASE + 207, 1).unwrap();
    assert_eq!(client.get_control(BASE + 207), Ok(100_000));
    client.request_all().unwrap();
    client.stream(crate::client::STREAMON).unwrap();
    for number in 0..3 {
        client.control(BASE + 567, 1).unwrap();
        client.push(&picture(320, 240, 0), 1_000_000 + number);
    }
    client.wait(|client| client.chunks.len() == 3);
    let keys: Vec<_> = client.chunks.iter().map(|chunk| chunk.flags & FLAG_KEYFRAME != 0).collect();
    assert_eq!(keys, [true, false, false], "neither all intra nor forced");
    assert_eq!(client.finish(), "");
    let (node, _) = make_node("fault-range", r#"{"faults":{"clampControls":{"207":[2,1]}}}"#);
    assert_eq!(open(&node, FLAGS), Err(libc::EINVAL));
}
