//! From encoded bytes to chunks.

use std::borrow::Cow;
use std::time::{Duration, Instant};

use bitstream::Keep;
use bitstream::sei::{self, Metadata};

use super::ledger;
use super::rate::Rate;
use super::report::{report_lost, warn};
use super::settings::{know, learn};
use super::shared::Shared;
use super::state::State;
use crate::codec::Codec;
use crate::config::{Bitstream, Config, Resolved, Tuning};
use crate::error::{Code, Error};
use crate::event::Event;
use crate::output::chunk::{Chunk, ChunkTiming, DecoderConfig};
use crate::output::stream::{self, Info, Label};
use crate::settings::{SettingName, Warning};

/// More bytes than headers before a frame have.
const MAX_PENDING: usize = 1 << 20;
/// More parameter sets than any encoder uses.
const MAX_SETS: usize = 64;

/// Makes chunks of what a device gives, and learns from it what the device does.
pub(super) struct Packager {
    form: Bitstream,
    codec: Codec,
    /// The parameter sets of the stream, Annex B.
    parameter_sets: Vec<u8>,
    /// Headers that came in a buffer of their own, before their frame.
    pending: Vec<u8>,
    last_sent: Option<DecoderConfig>,
    rate: Rate,
    order_warned: bool,
    /// Of the frames, in pixels.
    size: (u32, u32),
    size_warned: bool,
    /// What was configured of the stream's not being as it was requested.
    deviations: Vec<Warning>,
    /// What the configuration expects, until the stream has its own.
    codec_string: String,
    /// What the frames are, which the stream shall say.
    label: Option<Label>,
    label_warned: bool,
    /// The frame rate in the parameter sets is of our writing, so it says nothing of the device.
    own_clock: bool,
}

impl Packager {
    pub(super) fn new(form: Bitstream) -> Self {
        Self {
            form,
            codec: Codec::H264,
            parameter_sets: Vec::new(),
            pending: Vec::new(),
            last_sent: None,
            rate: Rate::default(),
            order_warned: false,
            size: (0, 0),
            size_warned: false,
            deviations: Vec::new(),
            codec_string: String::new(),
            label: None,
            label_warned: false,
            own_clock: false,
        }
    }

    /// A device was opened with this configuration; `in_order` where it accepted that there be no B frames.
    pub(super) fn opened(&mut self, config: &Resolved, in_order: bool) {
        self.codec = config.codec;
        if self.size != (config.width, config.height) {
            self.size = (config.width, config.height);
            self.size_warned = false;
        }
        self.codec_string.clone_from(&config.codec_string);
        let Config { aspect_ratio, framerate, .. } = *config.requested;
        self.label = Some(Label { color: config.color, aspect_ratio, framerate, in_order });
        self.own_clock = false;
        self.pending.clear();
        self.rate = Rate::new(config.bitrate_bps, config.framerate);
    }

    /// The rate is measured again from here.
    pub(super) fn tuned(&mut self, tuning: &Tuning) {
        let Rate { target_bps, framerate, .. } = self.rate;
        self.rate =
            Rate::new(tuning.bitrate_bps.unwrap_or(target_bps), tuning.framerate.unwrap_or(framerate));
    }

    /// Gives out what came under `key`. `false` where that is no chunk of a frame.
    pub(super) fn deliver(
        &mut self,
        shared: &Shared,
        state: &mut State,
        (key, quantizer): (Duration, Option<u16>),
        data: Cow<'_, [u8]>,
    ) -> bool {
        let found = stream::inspect(self.codec, &data);
        if !found.picture {
            if self.pending.len() + data.len() > MAX_PENDING {
                shared.logger.debug(|| "the device sends headers without a frame".to_owned());
                self.pending.clear();
            }
            self.pending.extend_from_slice(&data);
            return false;
        }
        let (key_frame, has_sets) = (found.key_frame, found.parameter_sets);
        if found.b_slice {
            self.b_frame_seen(shared, state);
        }
        let Some(matched) = state.ledger.coded(key, data.len(), key_frame) else {
            shared.logger.debug(|| format!("a chunk of {} bytes belongs to no frame", data.len()));
            return false;
        };
        if std::mem::take(&mut state.no_output_yet) {
            // Nobody will take over from here: buffers kept for a successor are free.
            for read in state.ledger.release_read() {
                state.recycle(read);
            }
        }
        if matched.by_order {
            self.warn_about_order(shared, state);
        }
        report_lost(shared, state, &matched.skipped, || {
            Error::new(
                Code::Device,
                "The device produced no chunk for this frame, but one for a later frame.",
            )
        });
        state.expected.chunk(matched.latency);
        // What the end of the stream forces out shows nothing of the delay.
        if !state.draining.is_some_and(|draining| draining.end_sent) {
            state.limit.chunk(matched.later, matched.latency, Instant::now());
        }
        state.key_owed |= matched.key_frame_asked && !key_frame;
        let metadata = matched.metadata.filter(|metadata| !metadata.is_empty());
        let capture_time = metadata.as_ref().and_then(|metadata| metadata.capture_time);
        let timing = timing(capture_time, matched.latency, matched.submitted_at);
        let more = metadata.as_ref().map_or(0, |metadata| metadata.max_size());
        let data = self.complete(data, key_frame, has_sets, more);
        let data = self.relabelled(shared, state, data);
        let decoder_config = if key_frame { self.decoder_config(shared, state, &data) } else { None };
        if let Some(measured) = self.rate.add(data.len(), matched.frame.timestamp) {
            let target = self.rate.target_bps.to_string();
            know(shared, state, &[(SettingName::Bitrate, Some(target), format!("{measured:.0}"))]);
        }
        let data = self.with_metadata(data, metadata.as_deref());
        let data = self.in_form(data);
        let ledger::FinishedFrame { timestamp, duration } = matched.frame;
        let chunk = Chunk {
            data,
            codec: self.codec,
            key_frame,
            timestamp,
            duration,
            decoder_config,
            metadata,
            timing,
            quantizer,
        };
        shared.emit(state, Event::Chunk(chunk));
        true
    }

    /// Puts headers that came apart, or are missing, before the frame, and leaves room for `more` bytes.
    fn complete(&mut self, data: Cow<'_, [u8]>, key_frame: bool, has_sets: bool, more: usize) -> Vec<u8> {
        let mut whole = std::mem::take(&mut self.pending);
        let sets_here = has_sets || stream::inspect(self.codec, &whole).parameter_sets;
        if key_frame && !sets_here {
            whole.extend_from_slice(&self.parameter_sets);
        }
        if whole.is_empty()
            && let Cow::Owned(data) = data
        {
            return data;
        }
        whole.reserve_exact(data.len() + more);
        whole.extend_from_slice(&data);
        whole
    }

    /// Puts what goes with the frame into its access unit.
    fn with_metadata(&self, mut data: Vec<u8>, metadata: Option<&Metadata>) -> Vec<u8> {
        if let (Some(metadata), Some(codec)) = (metadata, self.codec.of_units()) {
            sei::insert(codec, &mut data, metadata);
        }
        data
    }

    /// Has the parameter sets say what the frames are, where the device does not: not all have controls for it.
    fn relabelled(&mut self, shared: &Shared, state: &mut State, data: Vec<u8>) -> Vec<u8> {
        let (Some(label), Some(codec)) = (self.label, self.codec.of_units()) else {
            return data;
        };
        if !stream::inspect(self.codec, &data).sequence_parameters {
            return data;
        }
        let relabelled = stream::relabelled(codec, &data, &label);
        if let Some(error) = relabelled.error {
            self.warn_about_label(shared, state, &error);
        }
        let Some(written) = relabelled.data else { return data };
        self.own_clock |= !stream::has_clock(codec, &data) && stream::has_clock(codec, &written);
        written
    }

    /// The device accepted to make no B frames and makes some all the same: the stream no longer says that it keeps the order.
    fn b_frame_seen(&mut self, shared: &Shared, state: &mut State) {
        let Some(label) = self.label.as_mut().filter(|label| label.in_order) else { return };
        label.in_order = false;
        let message = "The device encodes B frames although it accepted to encode none; decoders may show them in the wrong order until the \
            next key frame.";
        warn(
            shared,
            state,
            Warning { code: Code::Control.name(), message: message.to_owned(), setting: None },
        );
    }

    fn warn_about_label(&mut self, shared: &Shared, state: &mut State, error: &bitstream::Error) {
        if std::mem::replace(&mut self.label_warned, true) {
            return;
        }
        let message = format!(
            "Players may show wrong colors or a wrong shape, or hold frames back: the parameter sets cannot be read ({error})."
        );
        warn(
            shared,
            state,
            Warning { code: Code::Device.name(), message, setting: Some(SettingName::ColorSpace) },
        );
    }

    /// What a decoder needs, when it is not what it was.
    fn decoder_config(&mut self, shared: &Shared, state: &mut State, data: &[u8]) -> Option<DecoderConfig> {
        let units = self.codec.of_units();
        // A plain frame is its own parameter set, as far as it has the size.
        let sets = units.map_or(Cow::Borrowed(data), |codec| Cow::Owned(parameter_sets(codec, data)));
        if sets.is_empty() || (units.is_some() && *sets == self.parameter_sets && self.last_sent.is_some()) {
            return None;
        }
        let mut info = stream::info(self.codec, &sets, &self.codec_string)?;
        if self.own_clock {
            info.framerate = None;
        }
        let config = DecoderConfig {
            codec: info.codec_string.clone(),
            coded_width: info.width,
            coded_height: info.height,
            description: match (self.form, units) {
                (Bitstream::LengthPrefixed, Some(codec)) => bitstream::record::from_annexb(codec, &sets),
                _ => None,
            },
        };
        if units.is_some() {
            self.parameter_sets = sets.into_owned();
        }
        if self.last_sent.as_ref() == Some(&config) {
            return None;
        }
        for warning in learn(shared, state, &info) {
            // A stream says the same with every key frame.
            if !self.deviations.contains(&warning) {
                self.deviations.push(warning.clone());
                warn(shared, state, warning);
            }
        }
        self.check_size(shared, state, &info);
        self.last_sent = Some(config.clone());
        Some(config)
    }

    /// A device that rounds the size and cannot crop encodes another frame than was requested.
    fn check_size(&mut self, shared: &Shared, state: &mut State, info: &Info) {
        let (width, height) = self.size;
        if (info.width, info.height) == (width, height) || std::mem::replace(&mut self.size_warned, true) {
            return;
        }
        let message = format!(
            "The device encodes {}x{} instead of {width}x{height}; the frame is in the upper left corner.",
            info.width, info.height
        );
        warn(
            shared,
            state,
            Warning { code: Code::Device.name(), message, setting: Some(SettingName::Width) },
        );
    }

    fn in_form(&self, data: Vec<u8>) -> Vec<u8> {
        let (Bitstream::LengthPrefixed, Some(codec)) = (self.form, self.codec.of_units()) else {
            return data;
        };
        let mut prefixed = Vec::with_capacity(data.len() + 16);
        // Units of 4 GiB cannot come out of a buffer whose size is a u32.
        drop(bitstream::length_prefixed(codec, &data, &mut prefixed, Keep::default()));
        prefixed
    }

    fn warn_about_order(&mut self, shared: &Shared, state: &mut State) {
        if std::mem::replace(&mut self.order_warned, true) {
            return;
        }
        let message = "The device returns unknown timestamps; chunks are matched to frames by their order.";
        warn(
            shared,
            state,
            Warning { code: Code::Device.name(), message: message.to_owned(), setting: None },
        );
    }
}

/// When what happened to a frame whose chunk has come now, `latency` after it was taken.
fn timing(capture_time: Option<u64>, latency: Duration, submitted_at: Option<Instant>) -> ChunkTiming {
    let micros = |duration: Duration| i64::try_from(duration.as_micros()).unwrap_or(i64::MAX);
    let now = micros(v4l2::monotonic());
    // What lies between the clocks is what UTC was when the monotonic one began.
    let began = capture_time.and_then(|_| v4l2::utc_of(Duration::ZERO));
    let capture = capture_time.zip(began).map(|(time, began)| time.wrapping_sub(began.micros).cast_signed());
    let taken = now - micros(latency);
    let device_in = submitted_at.map_or(taken, |submitted| now - micros(submitted.elapsed()));
    ChunkTiming { capture, taken, device_in: device_in.max(taken), device_out: now }
}

/// The VPS, SPS and PPS before the first frame, each behind a start code. Of several with the same number the last counts, as it
/// does for a decoder: a device may repeat them, or change one while the others stay.
fn parameter_sets(codec: bitstream::Codec, annexb: &[u8]) -> Vec<u8> {
    let mut sets: Vec<bitstream::annexb::Unit<'_>> = Vec::new();
    for unit in bitstream::annexb::units(annexb) {
        match unit.kind(codec) {
            kind if kind.is_parameter_set() && sets.len() < MAX_SETS => {
                let id = unit.set_id(codec);
                let before = sets
                    .iter_mut()
                    .find(|set| set.kind(codec) == kind && id.is_some() && set.set_id(codec) == id);
                match before {
                    Some(before) => *before = unit,
                    None => sets.push(unit),
                }
            }
            bitstream::Kind::Slice { .. } => break,
            _ => {}
        }
    }
    sets.iter().flat_map(|set| [&[0, 0, 0, 1], set.data()].concat()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_set_that_is_repeated_or_changed_counts_once() {
        const SPS: [u8; 12] = [0, 0, 0, 1, 0x67, 0x42, 0xc0, 0x1e, 0xda, 0x05, 0x07, 0xe4];
        const PPS: [u8; 8] = [0, 0, 0, 1, 0x68, 0xce, 0x38, 0x80];
        let mut changed = SPS;
        changed[7] = 0x1f;
        let slice = [0, 0, 1, 0x65, 0x88, 0x84];
        let sets = |parts: &[&[u8]]| parameter_sets(bitstream::Codec::H264, &parts.concat());
        assert_eq!(sets(&[&SPS, &PPS, &SPS, &PPS, &slice]), [&SPS[..], &PPS].concat());
        assert_eq!(sets(&[&SPS, &PPS, &changed, &slice, &SPS]), [&changed[..], &PPS].concat());
        // A set that cannot be read may be any.
        let cut = [0, 0, 0, 1, 0x67, 0x42];
        assert_eq!(sets(&[&SPS, &cut, &PPS]), [&SPS[..], &cut, &PPS].concat());
    }
}
