//! What comes with a frame, and what is told of a chunk.

use crate::{
    client::{
        BASE, Bytes, CAPTURE, Client, Config, G_EXT_CTRLS, H264, H265, MPEG, OUTPUT, QBUF, Sync, ioctl,
    },
    encoding::stream,
    judge::{decode, header_values, psnr},
};

const INDEX: [(u32, usize); 3] = [(5, 48), (6, 48), (6, 56)];

fn log(client: &Client) -> String {
    std::fs::read_to_string(&client.log).unwrap_or_default()
}

fn config(codec: u32, settings: &str) -> Config {
    let mut config = Config::new(codec, settings);
    config.sync = Sync::DmaBuf;
    config
}

/// Control 541 and the buffer it is for.
struct Frame<'a> {
    flags: u32,
    /// Left, top, width, height, QP.
    regions: &'a [[i32; 5]],
    /// Bits, QP, least, most.
    rate: [u32; 4],
    /// Where the index is, which differs by release.
    index_at: usize,
    region_size: usize,
}

impl Frame<'_> {
    const NONE: Self = Self { flags: 0, regions: &[], rate: [0; 4], index_at: 56, region_size: 36 };

    fn announce(&self, client: &Client, index: u32) -> Result<(), i32> {
        let mut regions = Bytes::<4096>::new(&[(0, self.regions.len() as u32)]);
        for (number, region) in self.regions.iter().enumerate() {
            for (word, value) in region.iter().enumerate() {
                regions.put(4 + number * self.region_size + 4 * word, value.cast_unsigned());
            }
        }
        let mut rate = Bytes::<64>::new(&[]);
        self.rate.iter().enumerate().for_each(|(word, &value)| rate.put(4 * word, value));
        let mut input = Bytes::<4096>::new(&[(0, self.flags), (self.index_at, index)]);
        input.put_u64(8, regions.address());
        input.put_u64(40, rate.address());
        client.control_of_class(MPEG, BASE + 541, input.address())
    }

    fn push(&self, client: &mut Client, picture: &[u8], timestamp_us: u64) {
        let index = client.free_buffer();
        self.announce(client, index).unwrap();
        client.write(index, picture);
        client.sync(index);
        queue(client, index, index, timestamp_us).unwrap();
    }
}

/// QBUF with what binds metadata.
fn queue(client: &Client, index: u32, bound: u32, timestamp_us: u64) -> Result<(), i32> {
    let mut planes = Bytes::<512>::new(&[]);
    for (number, stride) in client.strides.iter().enumerate() {
        planes.put(
            64 * number,
            *stride as u32 * if number == 0 { client.config.height } else { client.config.height / 2 },
        );
    }
    let mut buffer =
        Bytes::<88>::new(&[(0, index), (4, OUTPUT), (12, 0x4000), (60, 1), (72, 3), (76, bound)]);
    buffer.put_u64(24, timestamp_us / 1_000_000);
    buffer.put_u64(32, timestamp_us % 1_000_000);
    buffer.put_u64(64, planes.address());
    ioctl(client.fd, QBUF, &mut buffer)
}

/// Control 536: key, last, mean QP, bits, least and greatest QP.
fn of_chunk(client: &Client, index: u32) -> Result<[u32; 6], i32> {
    let mut encoder = Bytes::<4096>::new(&[]);
    let mut metadata = Bytes::<4096>::new(&[(32, index)]);
    metadata.put_u64(16, encoder.address());
    let mut control = Bytes::<24>::new(&[(0, BASE + 536)]);
    control.put_u64(12, metadata.address());
    let mut controls = Bytes::<32>::new(&[(0, MPEG), (4, 1)]);
    controls.put_u64(24, control.address());
    ioctl(client.fd, G_EXT_CTRLS, &mut controls)?;
    let qp = u32::from(u16::from_le_bytes([encoder.0[2], encoder.0[3]]));
    Ok([encoder.0[0].into(), encoder.0[1].into(), qp, encoder.get(20), encoder.get(24), encoder.get(28)])
}

/// Noise, in which every QP shows.
fn noise(number: u32) -> Vec<u8> {
    let mut state = 0x9E37_79B9_u32.wrapping_mul(number + 1) | 1;
    let mut byte = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        96 + (state >> 26) as u8
    };
    (0..320 * 240 * 3 / 2).map(|at| if at < 320 * 240 { byte() } else { 128 }).collect()
}

#[test]
fn a_chunk_tells_its_type_size_and_qp_until_it_is_queued_again() {
    for codec in [H264, H265] {
        let mut config = config(codec, "{}");
        config.controls.extend([(215, 0), (350, 22), (351, 31)]);
        let mut client = Client::start("chunk-metadata", config);
        assert_eq!(of_chunk(&client, 0), Err(libc::EINVAL), "the device has it");
        assert!(log(&client).contains("metadata: control 536 of CAPTURE buffer 0"));
        for (number, expected) in [(0, [1, 1, 22]), (1, [0, 1, 31])] {
            let index = client.free.pop().unwrap();
            client.write(index, &noise(number));
            client.sync(index);
            client.queue_output(index, 1_000_000 + u64::from(number), false).unwrap();
            let (index, bytes) = loop {
                match client.dequeue(CAPTURE) {
                    Ok((index, bytes, ..)) => break (index, bytes),
                    Err(_) => std::thread::sleep(std::time::Duration::from_millis(1)),
                }
            };
            let [key, last, qp, bits, least, most] = of_chunk(&client, index).unwrap();
            assert_eq!(([key, last, qp], bits, [least, most]), (expected, bytes * 8, [qp; 2]));
            client.queue_capture(index).unwrap();
            assert_eq!(of_chunk(&client, index), Err(libc::EINVAL), "queued again");
        }
        client.finish();
    }
}

#[test]
fn regions_have_the_quality_that_was_asked_for() {
    for (codec, format) in [(H264, "h264"), (H265, "hevc")] {
        for (generation, index_at) in INDEX {
            let settings = format!(r#"{{"generation":{generation}}}"#);
            let mut config = config(codec, &settings);
            config.controls.extend([(215, 0), (350, 34), (351, 34)]);
            config.payloads = vec![(544, vec![1])];
            let mut client = Client::start("regions", config);
            // The left half far better, a corner of the right one far worse.
            let regions = [[0, 0, 160, 240, -14], [240, 0, 80, 240, 8]];
            let region_size = if generation == 5 { 20 } else { 36 };
            let frame = Frame { flags: 1, regions: &regions, index_at, region_size, ..Frame::NONE };
            for number in 0..4 {
                frame.push(&mut client, &noise(number), 1_000_000 + u64::from(number) * 33_333);
            }
            client.drain();
            let decoded = decode(format, &stream(&client.chunks), 320, 240);
            let quality = |columns: std::ops::Range<usize>| {
                let cut = |picture: &[u8]| -> Vec<u8> {
                    picture[..320 * 240].chunks(320).flat_map(|row| row[columns.clone()].to_vec()).collect()
                };
                psnr(&cut(&decoded[3]), &cut(&noise(3)))
            };
            let (better, plain, worse) = (quality(0..160), quality(176..224), quality(256..320));
            assert!(better > plain + 3.0 && plain > worse + 1.0, "{format}: {better} {plain} {worse}");
            assert_eq!(client.finish(), "");
        }
    }
}

#[test]
fn frames_bring_their_own_qp_or_size() {
    let rates = [[0, 24, 0, 0], [0, 40, 0, 0], [0, 12, 0, 0], [0, 50, 20, 35], [0, 49, 0, 0]];
    let expected = [24, 40, 12, 35, 45];
    for (codec, format) in [(H264, "h264"), (H265, "hevc")] {
        let mut config = config(codec, "{}");
        config.payloads = vec![(543, vec![1, 45])];
        let mut client = Client::start("external-rate", config.clone());
        let mut qps = vec![];
        for (number, &rate) in (0..).zip(&rates) {
            let frame = Frame { flags: 8, rate, ..Frame::NONE };
            let index = client.free.pop().unwrap();
            frame.announce(&client, index).unwrap();
            client.write(index, &noise(number));
            client.sync(index);
            queue(&client, index, index, 1_000_000 + u64::from(number)).unwrap();
            let index = loop {
                match client.dequeue(CAPTURE) {
                    Ok((index, bytes, flags, timestamp_us)) => {
                        let plane = &client.capture[index as usize][0];
                        let data =
                            unsafe { std::slice::from_raw_parts(plane.address, bytes as usize) }.to_vec();
                        client.chunks.push(crate::client::Chunk { data, flags, timestamp_us });
                        break index;
                    }
                    Err(_) => std::thread::sleep(std::time::Duration::from_millis(1)),
                }
            };
            qps.push(of_chunk(&client, index).unwrap()[2]);
            client.queue_capture(index).unwrap();
            while let Ok((index, ..)) = client.dequeue(OUTPUT) {
                client.free.push(index);
            }
        }
        assert_eq!(qps, expected, "{format}");
        let bytes = stream(&client.chunks);
        let sizes: Vec<_> = client.chunks.iter().map(|chunk| chunk.data.len()).collect();
        assert!(2 * sizes[2] > 3 * sizes[0] && sizes[0] > 2 * sizes[1], "{format}: {sizes:?}");
        assert_eq!(decode(format, &bytes, 320, 240).len(), 5);
        if format == "h264" {
            let deltas =
                header_values(format, &bytes, &crate::client::directory("external-rate"), "slice_qp_delta");
            assert_eq!(deltas, expected.map(|qp| i64::from(qp) - 26));
        }
        assert_eq!(client.finish(), "");
        // By size, roughly: a QP more or less is an eighth of the bits, and noise has steps of its own.
        config.payloads = vec![(543, vec![1, 51])];
        let mut client = Client::start("external-bits", config);
        let frame = Frame { flags: 8, rate: [80_000, 0, 0, 0], ..Frame::NONE };
        for number in 0..8 {
            frame.push(&mut client, &noise(number), 1_000_000 + u64::from(number));
        }
        client.drain();
        for chunk in &client.chunks[5..8] {
            assert!(
                (40_000..160_000).contains(&(chunk.data.len() * 8)),
                "{format}: {}",
                chunk.data.len() * 8
            );
        }
        assert_eq!(client.finish(), "");
    }
}

#[test]
fn breaches_of_the_recipe_are_noted() {
    let passthrough = r#"{"codec":"passthrough"}"#;
    let mut config = config(H264, passthrough);
    let client = Client::start("recipe-enable", config.clone());
    let region = [[0, 0, 16, 16, -1]];
    Frame { flags: 1 | 8, regions: &region, ..Frame::NONE }.announce(&client, 0).unwrap();
    assert!(log(&client).contains("flag 1, and control 544 is not on"));
    assert!(log(&client).contains("flag 8, and control 543 is not on"));
    assert_eq!(client.payload(BASE + 544, &[1]), Err(libc::EBUSY));
    assert!(log(&client).contains("control 544 while the device streams"));
    client.finish();

    config.payloads = vec![(544, vec![1])];
    let mut client = Client::start("recipe-regions", config.clone());
    let nine = [[0, 0, 16, 16, -1]; 9];
    assert_eq!(Frame { flags: 1, regions: &nine, ..Frame::NONE }.announce(&client, 0), Err(libc::EINVAL));
    assert!(log(&client).contains("9 regions"));
    let outside = [[310, 0, 16, 16, -1], [-8, 0, 16, 16, 0]];
    Frame { flags: 1, regions: &outside, ..Frame::NONE }.announce(&client, 0).unwrap();
    assert!(log(&client).contains("region 0, 16x16 at (310, 0)") && log(&client).contains("region 1"));
    Frame { flags: 1, regions: &region, ..Frame::NONE }.announce(&client, 2).unwrap();
    assert!(log(&client).contains("twice before one VIDIOC_QBUF"));
    client.sync(1);
    queue(&client, 1, 1, 1_000_000).unwrap();
    assert!(log(&client).contains("buffer 1: reserved2 is 1, and control 541 came with [0, 2]"));
    client.wait(|client| client.chunks.len() == 1);
    client.finish();

    config.payloads = vec![(542, vec![1, 0, 16])];
    let mut client = Client::start("recipe-references", config);
    let frame = Frame { flags: 4, ..Frame::NONE };
    frame.push(&mut client, &noise(0), 1_000_000);
    client.wait(|client| client.chunks.len() == 1);
    assert_eq!(log(&client), "");
    let index = client.free_buffer();
    client.sync(index);
    assert_eq!(queue(&client, index, index, 2_000_000), Err(libc::EINVAL), "no references for this one");
    assert!(log(&client).contains("control 542 is on"));
    client.wait(|client| client.ended == Some(libc::EINVAL));
    client.finish();
}
