use bitstream::sei::Metadata;

use crate::codec::Codec;

/// What a decoder or muxer must know, in WebCodecs' terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecoderConfig {
    /// RFC 6381, such as `avc1.42e01f`.
    pub codec: String,
    /// Width of the visible frame, in pixels.
    pub coded_width: u32,
    /// Height of the visible frame, in pixels.
    pub coded_height: u32,
    /// avcC or hvcC, for the length-prefixed form only.
    pub description: Option<Vec<u8>>,
}

/// One coded frame.
#[derive(Debug, Clone)]
pub struct Chunk {
    /// The encoded bytes, in the form that the configuration requests.
    pub data: Vec<u8>,
    /// Which codec they are of.
    pub codec: Codec,
    /// Whether a decoder can start here.
    pub key_frame: bool,
    /// The source frame's own timestamp, in microseconds.
    pub timestamp: i64,
    /// The source frame's own duration, in microseconds.
    pub duration: Option<i64>,
    /// On a key chunk, when it differs from the last one given.
    pub decoder_config: Option<DecoderConfig>,
    /// What went into the stream with the frame.
    pub metadata: Option<Box<Metadata>>,
    /// When what happened to it.
    pub timing: ChunkTiming,
    /// The average quantizer of the frame, where [`chunkStatistics`](crate::config::Parameter::ChunkStatistics) was requested and the device
    /// tells.
    pub quantizer: Option<u16>,
}

/// When what happened to a frame, in microseconds of the system's monotonic clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChunkTiming {
    /// It was taken by the camera; `None` where its metadata has no capture time.
    pub capture: Option<i64>,
    /// The encoder took it from the program.
    pub taken: i64,
    /// It was given to the device.
    pub device_in: i64,
    /// The device gave its chunk.
    pub device_out: i64,
}
