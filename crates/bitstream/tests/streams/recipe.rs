//! Streams written by x264 and x265, and what ffmpeg and ffprobe say of them.

use bitstream::Codec;
use std::collections::HashMap;
use std::io::Write;
use std::process::{Command, Stdio};

/// Runs `program` with `input` on its standard input and gives its standard output.
pub(crate) fn run(program: &str, args: &[&str], input: &[u8]) -> Vec<u8> {
    let mut command = Command::new(program);
    command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|error| {
        panic!("these tests need {program} (with libx264 and libx265) on the path: {error}. On Debian: apt-get install ffmpeg")
    });
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    // A program that has seen enough closes the pipe early; its exit status shows whether that was right.
    let feeder = std::thread::spawn(move || stdin.write_all(&input).err());
    let output = child.wait_with_output().unwrap();
    drop(feeder.join().unwrap());
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {args:?} failed: {complaint}");
    output.stdout
}

/// One stream to be made: what is given to the encoder.
pub(crate) struct Recipe {
    pub(crate) codec: Codec,
    pub(crate) size: &'static str,
    pub(crate) rate: &'static str,
    pub(crate) frames: &'static str,
    pub(crate) options: &'static [&'static str],
}

impl Recipe {
    pub(crate) const fn h264(
        size: &'static str,
        rate: &'static str,
        options: &'static [&'static str],
    ) -> Self {
        Self { codec: Codec::H264, size, rate, frames: "2", options }
    }

    pub(crate) const fn h265(
        size: &'static str,
        rate: &'static str,
        options: &'static [&'static str],
    ) -> Self {
        Self { codec: Codec::H265, size, rate, frames: "2", options }
    }

    /// The elementary stream.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let source = format!("testsrc=size={}:rate={}", self.size, self.rate);
        let mut args = vec!["-v", "error", "-f", "lavfi", "-i", &source, "-frames:v", self.frames];
        args.extend(["-c:v", self.encoder(), "-preset", "ultrafast"]);
        if !self.options.contains(&"-pix_fmt") {
            args.extend(["-pix_fmt", "yuv420p"]);
        }
        args.extend(self.options);
        args.extend(["-f", self.format(), "pipe:1"]);
        run("ffmpeg", &args, &[])
    }

    pub(crate) fn format(&self) -> &'static str {
        if self.codec == Codec::H264 { "h264" } else { "hevc" }
    }

    fn encoder(&self) -> &'static str {
        if self.codec == Codec::H264 { "libx264" } else { "libx265" }
    }

    /// What `ffprobe -show_streams` says of the stream, key by key.
    pub(crate) fn probe(&self, stream: &[u8]) -> HashMap<String, String> {
        let args = [
            "-v",
            "error",
            "-f",
            self.format(),
            "-show_streams",
            "-of",
            "default=noprint_wrappers=1",
            "pipe:0",
        ];
        let text = String::from_utf8(run("ffprobe", &args, stream)).unwrap();
        text.lines().filter_map(|line| line.split_once('=')).map(|(k, v)| (k.into(), v.into())).collect()
    }

    /// Size and key flag of each packet that ffprobe finds.
    pub(crate) fn packets(&self, stream: &[u8]) -> Vec<(usize, bool)> {
        let args = [
            "-v",
            "error",
            "-f",
            self.format(),
            "-show_entries",
            "packet=size,flags",
            "-of",
            "csv=p=0",
            "pipe:0",
        ];
        let text = String::from_utf8(run("ffprobe", &args, stream)).unwrap();
        let packet = |line: &str| {
            let mut fields = line.split(',');
            (fields.next().unwrap().parse().unwrap(), fields.next().unwrap().starts_with('K'))
        };
        text.lines().map(packet).collect()
    }

    /// The payload of the `avcC` or `hvcC` box that ffmpeg's MP4 muxer writes for the stream.
    pub(crate) fn muxed_record(&self, stream: &[u8]) -> Vec<u8> {
        let (tag, name) = if self.codec == Codec::H264 { ("avc1", b"avcC") } else { ("hvc1", b"hvcC") };
        let mut args = vec!["-v", "error", "-f", self.format(), "-i", "pipe:0", "-c", "copy", "-tag:v", tag];
        args.extend(["-movflags", "empty_moov+frag_keyframe", "-f", "mp4", "pipe:1"]);
        let file = run("ffmpeg", &args, stream);
        let at = file.windows(4).position(|window| window == name).expect("ffmpeg wrote no record");
        let size = u32::from_be_bytes(file[at - 4..at].try_into().unwrap()) as usize;
        file[at + 4..at - 4 + size].to_vec()
    }

    /// The checksum of every picture that `format` data decodes to.
    pub(crate) fn pictures(format: &str, data: &[u8]) -> Vec<String> {
        let args = [
            "-v",
            "error",
            "-f",
            format,
            "-i",
            "pipe:0",
            "-vsync",
            "passthrough",
            "-f",
            "framemd5",
            "pipe:1",
        ];
        let text = String::from_utf8(run("ffmpeg", &args, data)).unwrap();
        let picture = |line: &str| line.rsplit(',').next().unwrap().trim().to_owned();
        text.lines().filter(|line| !line.starts_with('#')).map(picture).collect()
    }
}
