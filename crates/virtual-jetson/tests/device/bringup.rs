//! What the device says of itself, and its oddities.

use crate::{
    client::{Bytes, Client, Config, H264, NV12M, QUERYCAP, STREAMON, close, in_a_process_of_its_own, ioctl},
    encoding::session,
};

#[test]
fn it_is_a_memory_to_memory_device_and_nothing_else() {
    let client = Client::open("querycap", Config::new(H264, "{}"));
    let mut capability = Bytes::<104>::new(&[]);
    ioctl(client.fd, QUERYCAP, &mut capability).unwrap();
    assert_eq!(capability.get(84), 0x8400_4000);
    assert_eq!(capability.get(88), 0x0400_4000);
    // What is no request of the encoder's is ENOTTY, and an mmap of the device has nothing to map.
    assert_eq!(ioctl(client.fd, 0xC038_561A, &mut Bytes::<80>::new(&[])), Err(libc::ENOTTY));
    close(client.fd);
}

#[test]
fn a_stride_of_zero_can_be_had_from_the_surface_alone() {
    let settings = r#"{"bytesPerLineZero":true,"chromaFullHeight":true,"coherent":true,"alignment":64}"#;
    let mut client = Client::open("stride", Config { raw: NV12M, ..Config::new(H264, settings) });
    client.set_formats().unwrap();
    assert_eq!(client.strides, [0, 0]);
    client.request_all().unwrap();
    let lengths: Vec<_> = client.output[0].iter().map(|plane| plane.length).collect();
    assert_eq!(lengths, [320 * 240, 320 * 240], "the chroma plane is as long as the luma");
    let pitch = |plane: usize| client.surface_pitch(client.output[0][plane].fd, plane);
    assert_eq!((pitch(0), pitch(1)), (320, 320));
    client.strides = vec![320, 320];
    client.stream(STREAMON).unwrap();
    assert_eq!(client.finish(), "");
}

#[test]
fn the_other_generations_code_too() {
    let config = Config {
        sync: crate::client::Sync::NvBuffer,
        ..Config::new(H264, r#"{"generation":5,"alignment":128}"#)
    };
    let (chunks, violations) = session("generation5", config, 3);
    assert_eq!((chunks.len(), violations.as_str()), (4, ""));
}

#[test]
fn nvidias_messages_are_on_standard_output() {
    let output = in_a_process_of_its_own("bringup::with_chatter").stdout;
    let output = String::from_utf8_lossy(&output);
    for line in
        ["Opening in BLOCKING MODE ", "NvMMLiteOpen : Block : BlockType = 4", "875967048", "842091865"]
    {
        assert!(output.contains(line), "{line}: {output}");
    }
    assert!(output.contains("H264: Profile = 66, Level = 51"), "{output}");
}

#[test]
#[ignore = "run by the test above, alone in its process"]
fn with_chatter() {
    let settings = r#"{"codec":"passthrough","stdoutMessages":true}"#;
    let client =
        Client::start("stdoutMessages", Config { nonblocking: false, ..Config::new(H264, settings) });
    assert_eq!(client.finish(), "");
}
