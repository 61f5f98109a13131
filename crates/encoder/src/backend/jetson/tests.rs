//! What the backend makes of the answers of a device: while it is opened, and of DQBUF and DQEVENT in a drain.

use std::collections::VecDeque;
use std::os::fd::OwnedFd;

use v4l2::ioctl::{
    Capability, Colorimetry, ControlDescription, Dequeued, EVENT_EOS, FormatDescription, FrameSizes, Memory,
    QueriedPlane, Rectangle,
};
use v4l2::testing::{Answer, Model, Modelled, QueuedBuffer};
use v4l2::transport::{Interest, LibraryLookup, Readiness};
use v4l2::{Errno, Format, PixelFormat, QueueType};

use super::bring_up::open_on;
use std::sync::Arc;
use std::time::Duration;

use v4l2::{Queue, Transport, Waker};

use super::drain::Drain;
use super::encoder::{CAPTURE, Jetson, OUTPUT};
use super::metadata::SessionMetadata;
use crate::backend::contract::{Backend, Output};
use crate::backend::controls::Controls;
use crate::error::{Code, Result};

use crate::backend::{Opened, Opening};
use crate::codec::Codec;
use crate::config::Config;
use crate::input::mode::InputMode;
use crate::log::Logger;
use crate::settings::{SettingName, Source};

#[derive(Debug, Default)]
struct Nvidia {
    /// What DQBUF finds on CAPTURE, one after the other; nothing for `None`.
    coded: VecDeque<Option<Dequeued>>,
    events: VecDeque<u32>,
    /// Bytes of the planes of each raw buffer; of those behind the last one, the same.
    raw: Vec<Vec<u32>>,
    /// A buffer is always ready.
    floods: bool,
    /// Controls that are rejected.
    rejects: Vec<u32>,
    /// What every control answers.
    answers: Option<i32>,
}

impl Nvidia {
    fn planes(&self, queue: QueueType, index: u32) -> Vec<u32> {
        let raw = self.raw.get(index as usize).or(self.raw.last()).filter(|_| queue == OUTPUT);
        raw.cloned().unwrap_or_else(|| vec![4096])
    }
}

impl Model for Nvidia {
    fn querycap(&mut self) -> Answer<Capability> {
        let (driver, card) = ("tegra-video".to_owned(), "Tegra NVENC".to_owned());
        Ok(Capability { driver, card, bus_info: String::new(), flags: 0x0400_4000 })
    }

    fn g_fmt(&mut self, _: QueueType) -> Answer<(Format, Colorimetry)> {
        Err(Errno::ENOTTY)
    }

    fn s_fmt(&mut self, _: QueueType, format: Format, colors: Colorimetry) -> Answer<(Format, Colorimetry)> {
        Ok((format, colors))
    }

    fn try_fmt(&mut self, _: QueueType, _: Format, _: Colorimetry) -> Answer<(Format, Colorimetry)> {
        Err(Errno::ENOTTY)
    }

    fn enum_fmt(&mut self, _: QueueType, _: u32) -> Answer<FormatDescription> {
        Err(Errno::ENOTTY)
    }

    fn enum_framesizes(&mut self, _: PixelFormat, _: u32) -> Answer<FrameSizes> {
        Err(Errno::ENOTTY)
    }

    fn g_parm(&mut self, _: QueueType) -> Answer<(u32, u32)> {
        Err(Errno::ENOTTY)
    }

    fn s_parm(&mut self, _: QueueType, time_per_frame: (u32, u32)) -> Answer<(u32, u32)> {
        Ok(time_per_frame)
    }

    fn g_crop(&mut self, _: QueueType) -> Answer<Rectangle> {
        Err(Errno::ENOTTY)
    }

    fn s_crop(&mut self, _: QueueType, _: Rectangle) -> Answer<Rectangle> {
        Err(Errno::ENOTTY)
    }

    fn query_ext_ctrl(&mut self, _: u32) -> Answer<ControlDescription> {
        Err(Errno::EINVAL)
    }

    fn g_ext_ctrl(&mut self, _: u32) -> Answer<i32> {
        self.answers.ok_or(Errno::EINVAL)
    }

    fn s_ext_ctrl(&mut self, id: u32, value: i32) -> Answer<i32> {
        if self.rejects.contains(&id) { Err(Errno::EINVAL) } else { Ok(value) }
    }

    fn reqbufs(&mut self, _: QueueType, _: Memory, count: u32) -> Answer<u32> {
        Ok(count)
    }

    fn querybuf(&mut self, queue: QueueType, index: u32) -> Answer<Vec<QueriedPlane>> {
        let planes = self.planes(queue, index).into_iter();
        Ok(planes.map(|length| QueriedPlane { length, offset: 0 }).collect())
    }

    fn expbuf(&mut self, queue: QueueType, index: u32, plane: u32) -> Answer<OwnedFd> {
        let length = self.planes(queue, index)[plane as usize];
        Ok(v4l2::transport::memory_file("jetson-test", length.into()).unwrap())
    }

    fn qbuf(&mut self, _: QueueType, _: QueuedBuffer) -> Answer<()> {
        Ok(())
    }

    fn dqbuf(&mut self, queue: QueueType) -> Answer<Dequeued> {
        if self.floods {
            return Ok(buffer(0, 0, u32::from(queue == CAPTURE), false));
        }
        if queue == OUTPUT {
            return Err(Errno::EAGAIN);
        }
        self.coded.pop_front().flatten().ok_or(Errno::EAGAIN)
    }

    fn streamon(&mut self, _: QueueType) -> Answer<()> {
        Ok(())
    }

    fn streamoff(&mut self, _: QueueType) -> Answer<()> {
        Ok(())
    }

    fn encoder_cmd(&mut self, _: u32) -> Answer<()> {
        Ok(())
    }

    fn subscribe_event(&mut self, _: u32) -> Answer<()> {
        Ok(())
    }

    fn dqevent(&mut self) -> Answer<u32> {
        self.events.pop_front().ok_or(Errno::ENOENT)
    }

    fn poll(&mut self, _: Interest) -> Readiness {
        Readiness::default()
    }
}

fn buffer(index: u32, key: u64, used: u32, error: bool) -> Dequeued {
    Dequeued {
        index,
        used,
        offset: 0,
        timestamp: Duration::from_secs(key),
        monotonic: false,
        sequence: 0,
        key_frame: false,
        error,
        last: false,
        field: v4l2::ioctl::Field::default(),
    }
}

fn jetson(model: Nvidia) -> Jetson {
    let transport: Arc<dyn Transport> = Arc::new(Modelled::new("/dev/v4l2-nvenc", model));
    let (raw, _) = Queue::request(transport.clone(), OUTPUT, 6).unwrap();
    let (coded, coded_buffers) = Queue::request(transport.clone(), CAPTURE, 6).unwrap();
    let config = Config::new(Codec::H264);
    Jetson {
        controls: Controls::default(),
        transport,
        config: config.resolve(config.codecs[0]).unwrap(),
        raw,
        coded,
        coded_buffers,
        used: vec![4096],
        drain: Drain::new(),
        metadata: SessionMetadata::default(),
        poller: None,
        empty_polls: 0,
        sync_warned: false,
        warnings: Vec::new(),
    }
}

fn poll(jetson: &mut Jetson) -> Vec<String> {
    let mut reported = Vec::new();
    let mut take = |output: Output<'_>| {
        reported.push(match output {
            Output::Coded { key, .. } => format!("coded {}", key.as_secs()),
            Output::Failed { key } => format!("failed {}", key.as_secs()),
            Output::Ended(_) => "ended".to_owned(),
            _ => "other".to_owned(),
        });
    };
    jetson.poll(&mut take).unwrap();
    reported
}

#[test]
fn an_event_that_is_seen_before_the_last_frame_does_not_lose_it() {
    // The last frame is done, and the event sent, after DQBUF and before DQEVENT.
    let model = Nvidia {
        coded: [None, Some(buffer(0, 7, 100, false))].into(),
        events: [EVENT_EOS].into(),
        ..Nvidia::default()
    };
    let mut jetson = jetson(model);
    jetson.end_stream(Some(5)).unwrap();
    let reported = [poll(&mut jetson), poll(&mut jetson)].concat();
    assert_eq!(reported, ["coded 7", "ended"]);
}

#[test]
fn a_frame_that_fails_while_draining_does_not_end_the_stream() {
    let model = Nvidia {
        coded: [Some(buffer(0, 7, 0, true)), Some(buffer(1, 8, 100, false)), Some(buffer(2, 0, 0, false))]
            .into(),
        ..Nvidia::default()
    };
    let mut jetson = jetson(model);
    jetson.end_stream(Some(5)).unwrap();
    let reported = [poll(&mut jetson), poll(&mut jetson)].concat();
    assert_eq!(reported, ["failed 7", "coded 8", "ended"]);
}

#[test]
fn the_event_alone_ends_the_stream() {
    let mut jetson = jetson(Nvidia { events: [EVENT_EOS].into(), ..Nvidia::default() });
    jetson.end_stream(Some(5)).unwrap();
    assert_eq!(poll(&mut jetson), ["ended"]);
}

/// Opens a device of 64x64 whose raw buffers have these planes.
fn open(raw: &[[u32; 3]]) -> Result<Opened> {
    let planes = raw.iter().map(|planes| planes.iter().copied().filter(|length| *length > 0).collect());
    open_model(Nvidia { raw: planes.collect(), ..Nvidia::default() })
}

fn open_model(model: Nvidia) -> Result<Opened> {
    let config = Config { width: 64, height: 64, ..Config::new(Codec::H264) };
    let waker = Waker::new().unwrap();
    let opening = Opening {
        config: &config.resolve(config.codecs[0]).unwrap(),
        lookup: &LibraryLookup::default(),
        logger: &Logger::silent(),
        waker: &waker,
        number: 1,
        input: InputMode::Own,
    };
    open_on(Arc::new(Modelled::new("/dev/v4l2-nvenc", model)), &opening)
}

#[test]
fn raw_buffers_need_not_be_alike_but_each_has_to_hold_a_frame() {
    let whole = [4096, 1024, 1024];
    let opened = open(&[[2 * 4096, 1024, 1024], whole, [4096, 4096, 1024]]).unwrap();
    assert_eq!(opened.geometry.memories, whole, "no more than the smallest has");
    for short in [[2048, 1024, 1024], [4096, 1024, 512], [4096, 1, 1024]] {
        let error = open(&[whole, whole, short, whole]).err().unwrap();
        assert_eq!(error.code, Code::Device);
        assert!(error.message.contains("too few for"), "{}", error.message);
    }
}

#[test]
fn raw_buffers_with_other_planes_than_the_first_are_rejected() {
    for other in [[4096, 1024, 0], [4096, 0, 0], [0, 0, 0]] {
        let error = open(&[[4096, 1024, 1024], other]).err().unwrap();
        assert_eq!(error.code, Code::Device);
        let planes = other.iter().filter(|length| **length > 0).count();
        let reported = format!("answered buffer 1 with {planes} planes, after buffer 0 with 3");
        assert!(error.message.contains(&reported), "{}", error.message);
    }
}

#[test]
fn a_device_that_always_has_another_buffer_does_not_keep_the_thread() {
    let mut jetson = jetson(Nvidia { floods: true, ..Nvidia::default() });
    assert!(poll(&mut jetson).len() >= 6);
}

#[test]
fn nothing_is_claimed_of_what_the_device_does_not_answer_or_rejects() {
    let raw = vec![vec![4096, 1024, 1024]];
    let known = |opened: &Opened| {
        let all =
            opened.settings.iter().map(|setting| (setting.name, setting.actual.clone(), setting.source));
        all.collect::<Vec<_>>()
    };
    let silent = open_model(Nvidia { raw: raw.clone(), ..Nvidia::default() }).unwrap();
    let names = [
        SettingName::Bitrate,
        SettingName::Profile,
        SettingName::Level,
        SettingName::BitrateMode,
        SettingName::KeyFrameInterval,
        SettingName::Framerate,
    ];
    assert_eq!(known(&silent), names.map(|name| (name, None, Source::Requested)));

    // H264_PROFILE, H264_LEVEL, BITRATE_MODE and IDR_INTERVAL.
    for (offset, name) in [
        (363, SettingName::Profile),
        (359, SettingName::Level),
        (206, SettingName::BitrateMode),
        (514, SettingName::KeyFrameInterval),
    ] {
        let rejects = vec![0x0099_0900 + offset];
        let opened = open_model(Nvidia { raw: raw.clone(), rejects, ..Nvidia::default() }).unwrap();
        let setting = opened.settings.iter().find(|setting| setting.name == name).unwrap();
        assert_eq!((setting.actual.as_deref(), setting.source), (None, Source::Unsupported), "{name}");
        let warned: Vec<_> = opened.warnings.iter().map(|warning| warning.setting).collect();
        assert_eq!(warned, [Some(name)]);
    }
}

#[test]
fn another_bit_rate_than_was_sent_is_reported() {
    let raw = vec![vec![4096, 1024, 1024]];
    let opened = open_model(Nvidia { raw, answers: Some(50_000), ..Nvidia::default() }).unwrap();
    assert_eq!(opened.settings[0].actual.as_deref(), Some("50000"));
    let warned: Vec<_> = opened.warnings.iter().map(|warning| warning.message.as_str()).collect();
    assert_eq!(warned, ["The encoder changed bitrate from 100000 to 50000."]);
}
