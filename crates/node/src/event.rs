//! Events as plain objects.

use encoder::{
    Active, Change, Chunk, DecoderConfig, Effect, Event, Imports, InputGeometry, InputPlane, Metadata,
    Record, Setting, SettingName, Warning,
};
use napi::bindgen_prelude::{Either, Either3, Null, Uint8Array, Uint8ArraySlice};
use napi::{Env, Result};
use napi_derive::napi;

use crate::config::NativeResolvedConfig;
use crate::error::{NativeError, NativeRejection, device_or_null, rejections};

/// See `NativeSetting` in `ts/native/addon.ts`.
#[napi(object, object_from_js = false)]
pub struct NativeSetting {
    pub name: &'static str,
    pub requested: Either<f64, String>,
    pub actual: Either3<f64, String, Null>,
    pub source: &'static str,
}

/// See `NativeWarning` in `ts/native/addon.ts`.
#[napi(object, object_from_js = false)]
pub struct NativeWarning {
    pub code: &'static str,
    pub message: String,
    pub setting: Option<&'static str>,
}

/// See `NativeInputPlane` in `ts/native/addon.ts`.
#[napi(object, object_from_js = false)]
pub struct NativeInputPlane {
    pub memory: u32,
    pub offset: f64,
    pub stride: f64,
}

/// See `NativeInput` in `ts/native/addon.ts`.
#[napi(object, object_from_js = false)]
pub struct NativeInput {
    pub format: &'static str,
    pub coded_width: u32,
    pub coded_height: u32,
    pub planes: Vec<NativeInputPlane>,
    pub memories: Vec<u32>,
    pub dmabuf: &'static str,
    pub dmabuf_formats: Vec<&'static str>,
}

/// See `NativeActive` in `ts/native/addon.ts`.
#[napi(object, object_from_js = false)]
pub struct NativeActive {
    pub backend: &'static str,
    pub device: Either<String, Null>,
    pub rejected: Vec<NativeRejection>,
    pub config: NativeResolvedConfig,
    pub settings: Vec<NativeSetting>,
    pub warnings: Vec<NativeWarning>,
    pub input: NativeInput,
}

/// See `NativeDecoderConfig` in `ts/native/addon.ts`.
#[napi(object, object_from_js = false)]
pub struct NativeDecoderConfig {
    pub codec: String,
    pub coded_width: u32,
    pub coded_height: u32,
    pub description: Option<Uint8Array>,
}

/// See `NativeChunkMetadata` in `ts/native/addon.ts`.
#[napi(object, object_from_js = false)]
pub struct NativeChunkMetadata {
    pub capture_time: Option<f64>,
    pub capture_time_uncertainty: Option<u32>,
    pub frame_id: Option<f64>,
    pub user_data: Option<Uint8Array>,
}

/// See `NativeChange` in `ts/native/addon.ts`.
#[napi(object, object_from_js = false)]
pub struct NativeChange {
    pub setting: NativeSetting,
    pub effect: &'static str,
    /// What the device said to it.
    pub error: Option<NativeError>,
}

impl From<Change> for NativeChange {
    fn from(Change { setting, effect }: Change) -> Self {
        let (effect, error) = match effect {
            Effect::Applied => ("applied", None),
            Effect::NeedsRestart(error) => ("needs-restart", error.map(Into::into)),
            Effect::Restarted => ("restarted", None),
        };
        Self { setting: setting.into(), effect, error }
    }
}

/// See `NativeChunkTiming` in `ts/native/addon.ts`.
#[napi(object, object_from_js = false)]
pub struct NativeChunkTiming {
    pub capture: Option<f64>,
    pub taken: f64,
    pub device_in: f64,
    pub device_out: f64,
}

/// See `NativeEvent` in `ts/native/addon.ts`; only the members of its type are there.
#[derive(Default)]
#[napi(object, object_from_js = false)]
pub struct NativeEvent {
    #[napi(js_name = "type")]
    pub kind: &'static str,
    pub active: Option<NativeActive>,
    pub error: Option<NativeError>,
    pub data: Option<Uint8Array>,
    pub key: Option<bool>,
    pub timestamp: Option<f64>,
    pub duration: Option<f64>,
    pub decoder_config: Option<NativeDecoderConfig>,
    pub metadata: Option<NativeChunkMetadata>,
    pub timing: Option<NativeChunkTiming>,
    pub quantizer: Option<u32>,
    pub id: Option<u32>,
    pub changes: Option<Vec<NativeChange>>,
    pub frames: Option<u32>,
    pub token: Option<u32>,
    pub level: Option<&'static str>,
    pub message: Option<String>,
}

/// What goes to JavaScript through the session's one queue, so that order is kept.
pub enum Message {
    Event(Event),
    Log(Record),
}

impl NativeEvent {
    /// The message as JavaScript gets it. Runs on JavaScript's thread.
    pub fn new(env: &Env, message: Message) -> Result<Self> {
        match message {
            Message::Event(Event::Chunk(chunk)) => from_chunk(env, chunk),
            Message::Event(event) => Ok(from_event(event)),
            Message::Log(record) => Ok(Self {
                kind: "log",
                level: Some(record.level.name()),
                message: Some(record.message),
                ..Self::default()
            }),
        }
    }
}

/// What the program loses with a message that cannot be made an event.
pub enum Loss {
    /// A frame, by its timestamp.
    Frame(i64),
    /// The opening.
    Opening,
    /// The end itself.
    End,
    /// A line of the log.
    Nothing,
    /// The session goes on without it, wrongly.
    Session,
}

impl Loss {
    pub fn of(message: &Message) -> Self {
        match message {
            Message::Event(Event::Chunk(chunk)) => Self::Frame(chunk.timestamp),
            Message::Event(Event::Lost(lost)) => Self::Frame(lost.timestamp),
            Message::Event(Event::Opened(_) | Event::Failed(_)) => Self::Opening,
            Message::Event(Event::Over) => Self::End,
            Message::Log(_) => Self::Nothing,
            Message::Event(_) => Self::Session,
        }
    }

    /// What is reported instead. After `fatal`, JavaScript closes the session.
    pub fn event(self, error: encoder::Error) -> NativeEvent {
        let failed = |kind, error| NativeEvent { kind, error: Some(error), ..NativeEvent::default() };
        let error = NativeError::from(error);
        match self {
            Self::Frame(timestamp) => {
                failed("lost", NativeError { timestamp: Some(timestamp as f64), ..error })
            }
            Self::Opening => failed("failed", error),
            Self::End => NativeEvent { kind: "over", ..NativeEvent::default() },
            Self::Nothing => NativeEvent {
                kind: "log",
                level: Some("error"),
                message: Some(error.message),
                ..NativeEvent::default()
            },
            Self::Session => failed("fatal", error),
        }
    }
}

/// A receiver's own bytes: memory that JavaScript allocated, because what others allocated cannot be transferred to
/// another thread.
fn bytes(env: &Env, data: &[u8]) -> Result<Uint8Array> {
    Uint8ArraySlice::copy_from(env, data)?.into_typed_array(env)
}

fn from_event(event: Event) -> NativeEvent {
    let of = |kind| NativeEvent { kind, ..NativeEvent::default() };
    match event {
        Event::Opened(active) => NativeEvent { active: Some((*active).into()), ..of("opened") },
        Event::Active(active) => NativeEvent { active: Some((*active).into()), ..of("active") },
        Event::Failed(error) => NativeEvent { error: Some(error.into()), ..of("failed") },
        Event::Fatal(error) => NativeEvent { error: Some(error.into()), ..of("fatal") },
        Event::Room => of("room"),
        Event::Lost(lost) => {
            let error = NativeError { timestamp: Some(lost.timestamp as f64), ..lost.error.into() };
            NativeEvent { error: Some(error), ..of("lost") }
        }
        Event::Done(id, error) => NativeEvent { id: Some(id), error: error.map(Into::into), ..of("done") },
        Event::Tuned(id, changes) => {
            let changes = changes.into_iter().map(Into::into).collect();
            NativeEvent { id: Some(id), changes: Some(changes), ..of("tuned") }
        }
        Event::Released(token) => NativeEvent { token: Some(token), ..of("released") },
        Event::Over => of("over"),
        Event::Held(frames) => NativeEvent { frames: Some(frames), ..of("held") },
        _ => of("unknown"),
    }
}

fn from_chunk(env: &Env, chunk: Chunk) -> Result<NativeEvent> {
    Ok(NativeEvent {
        kind: "chunk",
        data: Some(bytes(env, &chunk.data)?),
        key: Some(chunk.key_frame),
        timestamp: Some(chunk.timestamp as f64),
        duration: chunk.duration.map(|duration| duration as f64),
        decoder_config: chunk.decoder_config.map(|config| decoder_config(env, config)).transpose()?,
        timing: Some(NativeChunkTiming {
            capture: chunk.timing.capture.map(|time| time as f64),
            taken: chunk.timing.taken as f64,
            device_in: chunk.timing.device_in as f64,
            device_out: chunk.timing.device_out as f64,
        }),
        quantizer: chunk.quantizer.map(u32::from),
        metadata: chunk.metadata.map(|metadata| chunk_metadata(env, &metadata)).transpose()?,
        ..NativeEvent::default()
    })
}

/// What JavaScript gave is whole and safe to hold as a double.
fn chunk_metadata(env: &Env, metadata: &Metadata) -> Result<NativeChunkMetadata> {
    Ok(NativeChunkMetadata {
        capture_time: metadata.capture_time.map(|time| time as f64),
        capture_time_uncertainty: metadata.capture_time_uncertainty,
        frame_id: metadata.frame_id.map(|id| id as f64),
        user_data: metadata.user_data.as_deref().map(|data| bytes(env, data)).transpose()?,
    })
}

fn decoder_config(env: &Env, config: DecoderConfig) -> Result<NativeDecoderConfig> {
    Ok(NativeDecoderConfig {
        codec: config.codec,
        coded_width: config.coded_width,
        coded_height: config.coded_height,
        description: config.description.map(|record| bytes(env, &record)).transpose()?,
    })
}

fn list<T, N: From<T>>(all: Vec<T>) -> Vec<N> {
    all.into_iter().map(Into::into).collect()
}

impl From<Active> for NativeActive {
    fn from(active: Active) -> Self {
        Self {
            backend: active.backend.name(),
            device: device_or_null(active.device),
            rejected: rejections(active.rejected),
            config: active.config.into(),
            settings: list(active.settings),
            warnings: list(active.warnings),
            input: active.input.into(),
        }
    }
}

impl From<InputGeometry> for NativeInput {
    fn from(input: InputGeometry) -> Self {
        let (dmabuf, formats) = match input.imports {
            Imports::SameLayout(formats) => ("same-layout", formats),
            Imports::Surfaces(formats) => ("nvbufsurface", formats),
            _ => ("none", Vec::new()),
        };
        Self {
            format: input.format.name(),
            coded_width: input.coded_width,
            coded_height: input.coded_height,
            planes: input.planes.iter().map(NativeInputPlane::new).collect(),
            memories: input.memories,
            dmabuf,
            dmabuf_formats: formats.iter().map(|format| format.name()).collect(),
        }
    }
}

impl NativeInputPlane {
    fn new(plane: &InputPlane) -> Self {
        Self { memory: plane.memory as u32, offset: plane.offset as f64, stride: plane.stride as f64 }
    }
}

/// A value in the type that the option has; a flag is shown as one.
fn value(name: SettingName, text: String) -> Either<f64, String> {
    match text.parse() {
        Ok(number) if name.is_number() => Either::A(number),
        _ => Either::B(text),
    }
}

impl From<Setting> for NativeSetting {
    fn from(setting: Setting) -> Self {
        Self {
            name: setting.name.name(),
            requested: value(setting.name, setting.requested),
            actual: match setting.actual.map(|actual| value(setting.name, actual)) {
                Some(Either::A(number)) => Either3::A(number),
                Some(Either::B(name)) => Either3::B(name),
                None => Either3::C(Null),
            },
            source: setting.source.name(),
        }
    }
}

impl From<Warning> for NativeWarning {
    fn from(warning: Warning) -> Self {
        Self { code: warning.code, message: warning.message, setting: warning.setting.map(SettingName::name) }
    }
}
