//! How the device shall behave: its settings, and where they come from.
//!
//! A node that is a regular file with content carries its settings as JSON, so that two nodes of one process can
//! be two different boards. The environment variable `VIRTUAL_JETSON` (JSON, or the path of a JSON file) lies
//! below it and the defaults below that; objects are merged key by key.

mod faults;

pub(crate) use faults::Faults;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::path::PathBuf;

/// Which encoder does the work.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub(crate) enum CodecKind {
    /// libx264 and libx265.
    Libav,
    /// Valid access units without a look at the frame.
    Passthrough,
}

/// The shape of the end of a stream.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub(crate) enum EosShape {
    /// An empty capture buffer with the LAST flag, then `EPIPE`.
    EmptyBuffer,
    /// The LAST flag on the final chunk, then `EPIPE`.
    LastFlag,
    /// `EPIPE` alone.
    Epipe,
    /// An empty capture buffer without the flag, and the EOS event.
    Event,
}

/// All settings of one device; README.md has them as a table.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Settings {
    pub(crate) generation: u32,
    pub(crate) alignment: u32,
    pub(crate) delay: usize,
    pub(crate) latency_ms: f64,
    pub(crate) pipeline_depth: usize,
    pub(crate) codec: CodecKind,
    pub(crate) coherent: bool,
    pub(crate) sync_fails: bool,
    pub(crate) dma_buf_sync_fails: bool,
    pub(crate) stdout_messages: bool,
    pub(crate) bytes_per_line_zero: bool,
    pub(crate) chroma_full_height: bool,
    pub(crate) codecs: Vec<String>,
    pub(crate) eos: EosShape,
    pub(crate) readback: bool,
    pub(crate) writes_vui: bool,
    pub(crate) stamp_completion: bool,
    pub(crate) log: Option<PathBuf>,
    pub(crate) faults: Faults,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            generation: 6,
            alignment: 256,
            delay: 0,
            latency_ms: 0.0,
            pipeline_depth: 4,
            codec: CodecKind::Libav,
            coherent: false,
            sync_fails: false,
            dma_buf_sync_fails: false,
            stdout_messages: true,
            bytes_per_line_zero: false,
            chroma_full_height: false,
            codecs: vec!["H264".into(), "H265".into()],
            eos: EosShape::EmptyBuffer,
            readback: false,
            writes_vui: true,
            stamp_completion: false,
            log: None,
            faults: Faults::default(),
        }
    }
}

impl Settings {
    /// The settings of a node whose file holds `content`; the error is a sentence.
    pub(crate) fn load(content: &str) -> Result<Self, String> {
        let environment = std::env::var("VIRTUAL_JETSON").unwrap_or_default();
        let mut merged = object(&environment_json(&environment)?, "VIRTUAL_JETSON")?;
        merge(&mut merged, object(content, "the node's content")?);
        let mut settings: Self =
            serde_json::from_value(Value::Object(merged)).map_err(|error| error.to_string())?;
        settings.check()?;
        settings.log = settings.log.or_else(|| std::env::var_os("VIRTUAL_JETSON_LOG").map(PathBuf::from));
        Ok(settings)
    }

    fn check(&self) -> Result<(), String> {
        one_of("generation", self.generation, &[4, 5, 6])?;
        one_of("alignment", self.alignment, &[64, 128, 256])?;
        within("delay", self.delay as f64, 0.0, 3.0)?;
        within("latencyMs", self.latency_ms, 0.0, 600_000.0)?;
        within("pipelineDepth", self.pipeline_depth as f64, 1.0, 32.0)?;
        let known = ["H264", "H265", "AV10"];
        match self.codecs.iter().find(|codec| !known.contains(&codec.as_str())) {
            Some(codec) => Err(format!("codecs: {codec} is none of {}", known.join(", "))),
            None => self.faults.check(),
        }
    }
}

fn one_of(key: &str, value: u32, allowed: &[u32]) -> Result<(), String> {
    if allowed.contains(&value) { Ok(()) } else { Err(format!("{key} {value} is none of {allowed:?}")) }
}

fn within(key: &str, value: f64, least: f64, most: f64) -> Result<(), String> {
    if (least..=most).contains(&value) {
        Ok(())
    } else {
        Err(format!("{key} {value} is not between {least} and {most}"))
    }
}

fn environment_json(value: &str) -> Result<String, String> {
    let value = value.trim();
    if value.is_empty() || value.starts_with('{') {
        return Ok(value.to_owned());
    }
    std::fs::read_to_string(value).map_err(|error| format!("VIRTUAL_JETSON: {value}: {error}"))
}

fn object(json: &str, origin: &str) -> Result<Map<String, Value>, String> {
    if json.trim().is_empty() {
        return Ok(Map::new());
    }
    serde_json::from_str(json).map_err(|error| format!("{origin} is not a JSON object: {error}"))
}

fn merge(below: &mut Map<String, Value>, above: Map<String, Value>) {
    for (key, value) in above {
        match (below.get_mut(&key), value) {
            (Some(Value::Object(old)), Value::Object(new)) => merge(old, new),
            (_, value) => {
                below.insert(key, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_lies_over_what_is_below_key_by_key() {
        let mut below = object(r#"{"delay":1,"faults":{"loseFrame":3}}"#, "test").unwrap();
        merge(&mut below, object(r#"{"delay":2,"faults":{"errorFrame":5}}"#, "test").unwrap());
        let settings: Settings = serde_json::from_value(Value::Object(below)).unwrap();
        assert_eq!(settings.delay, 2);
        assert_eq!((settings.faults.lose_frame, settings.faults.error_frame), (Some(3), Some(5)));
    }

    #[test]
    fn what_is_unknown_or_out_of_range_is_refused_by_name() {
        for (json, word) in [
            (r#"{"delai":1}"#, "delai"),
            (r#"{"generation":7}"#, "generation 7"),
            (r#"{"alignment":32}"#, "alignment 32"),
            (r#"{"delay":4}"#, "delay 4 is not between 0 and 3"),
            (r#"{"codecs":["VP80"]}"#, "VP80"),
            (r#"{"faults":{"openErrno":"EWHAT"}}"#, "EWHAT"),
            (r#"{"faults":{"hang":"VIDIOC_NOTHING"}}"#, "VIDIOC_NOTHING"),
            ("[]", "not a JSON object"),
        ] {
            let error = Settings::load(json).unwrap_err();
            assert!(error.contains(word), "{json}: {error}");
        }
    }
}
