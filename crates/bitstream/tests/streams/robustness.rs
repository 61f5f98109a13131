//! Whatever the bytes are, no public function panics, and none takes longer than its input is long.

use crate::recipe::Recipe;
use bitstream::vui::{AspectRatio, Color};
use bitstream::{Codec, Keep, Label, Reader, annexb, codec_string, h264, h265, record};
use std::time::{Duration, Instant};

/// Marsaglia's xorshift64: the same sequence on every run, so a failure can be repeated.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(limit.max(1)).unwrap()).unwrap()
    }

    fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[3]
    }
}

/// Calls everything that takes bytes; the results do not matter, that there are results does.
fn feed(data: &[u8]) {
    for codec in [Codec::H264, Codec::H265] {
        let key = bitstream::key_frame(codec, data);
        assert_eq!(bitstream::inspect(codec, data).key_frame, key);
        drop(bitstream::stream_info(codec, data));
        drop(record::from_annexb(codec, data));
        let label = Label {
            aspect_ratio: Some(AspectRatio { width: 64, height: 45 }),
            color: Some((Color { primaries: 9, transfer: 14, matrix: 9 }, true)),
            frame_rate: Some((30_000, 1001)),
            no_reorder: true,
        };
        drop(bitstream::relabel(codec, data, |_| label));
        let mut out = Vec::new();
        bitstream::length_prefixed(codec, data, &mut out, Keep::default()).unwrap();
        let pieces: usize = bitstream::access_units(codec, data).map(<[u8]>::len).sum();
        assert!(pieces <= data.len());
        annexb::units(data).for_each(|unit| feed_unit(unit.data()));
    }
    feed_unit(data);
}

fn feed_unit(nal: &[u8]) {
    drop(h264::Sps::parse(nal).map(|sps| (codec_string::h264(&sps), sps.frame_rate())));
    drop(h265::Sps::parse(nal).map(|sps| (codec_string::h265(&sps), sps.frame_rate())));
    drop((h264::Pps::parse(nal), h265::Pps::parse(nal), h265::Vps::parse(nal)));
    drop((record::avcc(&[nal, nal], &[nal]), record::hvcc(&[nal], &[nal, nal], &[nal])));
    assert!(bitstream::rbsp(nal).count() <= nal.len());
}

/// Headers and first slice of small streams that use much of the syntax, a few hundred bytes each.
fn seeds() -> Vec<Vec<u8>> {
    const H264: &str = "nal-hrd=cbr:bitrate=100:vbv-maxrate=100:vbv-bufsize=50:cqm=jvt:aud=1";
    const H265: &str = "info=0:hrd=1:bitrate=100:vbv-maxrate=100:vbv-bufsize=50:temporal-layers=3:\
        scaling-list=default:aud=1";
    let recipes = [
        Recipe::h264("64x64", "30", &["-vf", "setsar=5/7", "-x264-params", H264]),
        Recipe::h264("34x34", "30", &["-pix_fmt", "yuv444p10le"]),
        Recipe::h265("64x64", "30", &["-x265-params", H265]),
        Recipe::h265("66x66", "30", &["-pix_fmt", "yuv422p10le", "-x265-params", "info=0"]),
    ];
    recipes.iter().map(|recipe| recipe.encode().into_iter().take(400).collect()).collect()
}

fn mutate(random: &mut Random, seed: &[u8]) -> Vec<u8> {
    let mut data = seed.to_vec();
    for _ in 0..=random.below(4) {
        let at = random.below(data.len());
        match random.below(6) {
            0 => data.truncate(at),
            1 => data.insert(at, random.byte()),
            2 => drop(data.splice(at..at, [0, 0, 1])),
            3 => data.iter_mut().skip(at).take(random.below(12)).for_each(|byte| *byte = 0),
            4 => data.iter_mut().skip(at).take(1).for_each(|byte| *byte = random.byte()),
            _ => data.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << random.below(8)),
        }
    }
    data
}

#[test]
fn mutated_streams() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for seed in seeds() {
        feed(&seed);
        (0..seed.len()).for_each(|length| feed(&seed[..length]));
        (0..1_500).for_each(|_| feed(&mutate(&mut random, &seed)));
    }
}

#[test]
fn random_parameter_sets() {
    let mut random = Random(42);
    for header in [&[0x67][..], &[0x68], &[0x40, 1], &[0x42, 1], &[0x44, 1]] {
        for _ in 0..10_000 {
            let mut data = header.to_vec();
            // Few zero bits make short Exp-Golomb codes, so parsers get far before they fail.
            let few_zeros = random.below(2) == 0;
            let length = random.below(120);
            data.extend((0..length).map(|_| random.byte() | if few_zeros { random.byte() } else { 0 }));
            feed_unit(&data);
        }
    }
}

#[test]
fn random_codec_strings() {
    let mut random = Random(7);
    let letters: Vec<char> = "avc13hvev.0123456789abcdefABCDEFLH+-é ".chars().collect();
    for _ in 0..20_000 {
        let start = ["avc1.", "hvc1.", "hev1.1.6.", "hvc1.1.6.L93.", ""][random.below(5)];
        let rest = (0..random.below(16)).map(|_| letters[random.below(letters.len())]);
        let text: String = start.chars().chain(rest).collect();
        if let Ok(parsed) = codec_string::parse(&text) {
            assert_eq!(codec_string::parse(&parsed.to_string()), Ok(parsed), "{text}");
        }
    }
}

#[test]
fn random_bits() {
    let mut random = Random(3);
    for _ in 0..5_000 {
        let length = random.below(24);
        let data: Vec<u8> = (0..length).map(|_| random.byte()).collect();
        let mut reader = Reader::new(&data);
        let mut reads = 0;
        while read_any(&mut random, &mut reader).is_ok() {
            reads += 1;
        }
        assert!(reads <= 8 * data.len());
    }
}

fn read_any(random: &mut Random, reader: &mut Reader<'_>) -> Result<(), bitstream::Error> {
    match random.below(4) {
        0 => reader.ue().map(drop),
        1 => reader.se().map(drop),
        2 => reader.flag().map(drop),
        _ => reader.bits(1 + random.byte() as u32 % 40).map(drop),
    }
}

/// Inputs that would hurt a careless implementation: start codes only, zeros only, many parameter
/// sets, one set with enormous counts. Generous, because tests run unoptimised beside others.
#[test]
fn large_hostile_inputs_take_linear_time() {
    const SIZE: usize = 128 << 10;
    let repeat = |pattern: &[u8]| pattern.iter().copied().cycle().take(SIZE).collect::<Vec<u8>>();
    let distinct = |header: &'static [u8]| {
        (0..SIZE / 16)
            .flat_map(move |n| [&[0, 0, 1], header, &(n as u32 | 0x8080_8080).to_be_bytes()].concat())
    };
    let inputs = [
        repeat(&[0]),
        repeat(&[0, 0, 1]),
        repeat(&[0, 0, 3]),
        repeat(&[0, 0, 1, 0x67]),
        [&[0, 0, 1, 0x67, 100, 0, 31][..], &repeat(&[0xff])].concat(),
        [&[0, 0, 1, 0x42, 1][..], &repeat(&[0xff])].concat(),
        distinct(&[0x67]).collect(),
        distinct(&[0x42, 1]).collect(),
    ];
    for data in inputs {
        let begin = Instant::now();
        for codec in [Codec::H264, Codec::H265] {
            assert!(!bitstream::key_frame(codec, &data));
            bitstream::inspect(codec, &data);
            drop((bitstream::stream_info(codec, &data), record::from_annexb(codec, &data)));
            bitstream::access_units(codec, &data).for_each(drop);
        }
        feed_unit(&data);
        assert!(begin.elapsed() < Duration::from_secs(2), "{:?}... took {:?}", &data[..8], begin.elapsed());
    }
}
