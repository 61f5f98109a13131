//! What a client can do wrong, and where it shows.

use crate::{
    client::{
        BASE, Bytes, CAPTURE, Client, Config, EXPBUF, H264, MPEG, OUTPUT, S_FMT, close, ioctl, make_node,
        open,
    },
    judge::picture,
};

fn client(test: &str) -> Client {
    Client::start(test, Config::new(H264, r#"{"codec":"passthrough"}"#))
}

fn opened(test: &str) -> Client {
    Client::open(test, Config::new(H264, r#"{"codec":"passthrough"}"#))
}

fn log(client: &Client) -> String {
    std::fs::read_to_string(&client.log).unwrap_or_default()
}

#[test]
fn controls_in_the_wrong_class_phase_or_form() {
    let mut client = opened("controls");
    assert_eq!(client.control(BASE + 207, 1_000_000), Err(libc::EINVAL));
    assert!(log(&client).contains("phase"), "before the formats");
    client.set_formats().unwrap();
    assert_eq!(client.control_of_class(0, BASE + 207, 1), Ok(()), "silently ignored");
    assert!(log(&client).contains("control-class"));
    assert_eq!(client.control(BASE + 531, 4000), Err(libc::EFAULT), "a pointer, not a value");
    assert!(log(&client).contains("takes a pointer"));
    let mut payload = Bytes::<4096>::new(&[(0, 4000)]);
    assert_eq!(client.control_of_class(MPEG, BASE + 531, payload.address()), Ok(()));
    assert_eq!(client.control_of_class(MPEG, BASE + 540, payload.address()), Ok(()));
    assert!(log(&client).contains("takes a value"));
    assert_eq!(client.control(BASE + 600, 1), Err(libc::EINVAL), "unknown");
    assert_eq!(client.control(BASE + 558, 1), Err(libc::EINVAL), "of the other library");
    client.request(OUTPUT, 2).unwrap();
    assert_eq!(client.control(BASE + 535, 1), Err(libc::EBUSY));
    assert!(log(&client).contains("control 535 after VIDIOC_REQBUFS"));
    assert_eq!(client.control(BASE + 207, 1_000_000), Ok(()), "may change while running");
    close(client.fd);
    assert!(log(&client).contains("close-buffers"));
}

#[test]
fn formats_have_an_order_and_nvidias_names() {
    let client = opened("formats");
    let format = |kind, fourcc: &[u8; 4]| {
        let fourcc = u32::from_le_bytes(*fourcc);
        let mut format = Bytes::<208>::new(&[(0, kind), (8, 640), (12, 360), (16, fourcc)]);
        ioctl(client.fd, S_FMT, &mut format).map(|()| format)
    };
    assert_eq!(format(OUTPUT, b"YM12").err(), Some(libc::EINVAL), "first what comes out");
    assert!(log(&client).contains("before that of CAPTURE"));
    assert_eq!(format(CAPTURE, b"HEVC").err(), Some(libc::EINVAL));
    assert_eq!(format(CAPTURE, b"AV10").err(), Some(libc::EINVAL));
    let coded = format(CAPTURE, b"H265").unwrap();
    assert!(coded.get(28) >= 640 * 360 * 3 / 2, "a size that is too small is raised");
    let raw = format(OUTPUT, b"NM12").unwrap();
    assert_eq!((raw.0[188], raw.get(32), raw.get(28)), (2, 768, 768 * 368), "strides of 256, rows of 16");
    assert_eq!((raw.get(52), raw.get(48)), (768, 768 * 184));
    close(client.fd);
}

#[test]
fn queueing_twice_wrong_sizes_and_wrong_times() {
    let mut client = client("queueing");
    let frame = picture(320, 240, 0);
    client.push(&frame, 1_000_000);
    client.push(&frame, 1_000_000);
    assert!(log(&client).contains("not above the one before"));
    client.wait(|client| client.chunks.len() == 2);
    let index = client.free_buffer();
    client.sync(index);
    client.strides[0] += 1;
    client.queue_output(index, 3_000_000, false).unwrap();
    assert!(log(&client).contains("bytesused"));
    assert_eq!(client.queue_capture(99), Err(libc::EINVAL));
    assert!(log(&client).contains("does not exist"));
    client.wait(|client| client.chunks.len() == 3);
    assert_eq!(client.queue_capture(0), Err(libc::EINVAL));
    assert!(log(&client).contains("double-queue"));
    client.finish();
}

#[test]
fn descriptors_that_children_inherit_and_disorderly_ends() {
    let mut client = client("inherit");
    let mut export = Bytes::<64>::new(&[(0, CAPTURE)]);
    ioctl(client.fd, EXPBUF, &mut export).unwrap();
    client.unmap();
    close(client.fd);
    let log = log(&client);
    for rule in ["inheritable", "close-streaming", "close-buffers"] {
        assert!(log.contains(rule), "{rule}: {log}");
    }
    let (node, path) = make_node("cloexec", "{}");
    close(open(&node, libc::O_RDWR).unwrap());
    assert!(std::fs::read_to_string(path).unwrap().contains("O_CLOEXEC"));
}

#[test]
fn buffers_that_were_never_mapped() {
    let mut client = opened("unmapped");
    client.set_formats().unwrap();
    client.request(OUTPUT, 1).unwrap();
    client.request(CAPTURE, 1).unwrap();
    client.queue_capture(0).unwrap();
    assert!(log(&client).contains("unmapped"));
    client.finish();
}

#[test]
fn two_threads_at_once_and_a_close_during_a_request() {
    let (node, path) = make_node("concurrent", r#"{"faults":{"hang":"VIDIOC_S_PARM"}}"#);
    let fd = open(&node, libc::O_RDWR | libc::O_CLOEXEC | libc::O_NONBLOCK).unwrap();
    std::thread::spawn(move || ioctl(fd, crate::client::S_PARM, &mut Bytes::<204>::new(&[(0, OUTPUT)])));
    std::thread::sleep(std::time::Duration::from_millis(50));
    ioctl(fd, crate::client::QUERYCAP, &mut Bytes::<104>::new(&[])).unwrap();
    let log = || std::fs::read_to_string(&path).unwrap_or_default();
    assert!(log().contains("concurrent: VIDIOC_QUERYCAP"));
    close(fd);
    assert!(log().contains("close-during-request"));
}
