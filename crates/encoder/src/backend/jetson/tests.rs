//! A drain as it looks from DQBUF and DQEVENT.

use std::collections::VecDeque;
use std::os::fd::OwnedFd;

use v4l2::ioctl::{
    Capability, Colorimetry, ControlDescription, Dequeued, EVENT_EOS, FormatDescription, FrameSizes, Memory,
    QueriedPlane, Rectangle,
};
use v4l2::transport::{Answer, Interest, Model, Modelled, QueuedBuffer, Readiness};
use v4l2::{Errno, Format, PixelFormat, QueueType};

use super::*;
use crate::codec::Codec;
use crate::config::Config;

#[derive(Debug, Default)]
struct Nvidia {
    /// What DQBUF finds on CAPTURE, one after the other; nothing for `None`.
    coded: VecDeque<Option<Dequeued>>,
    events: VecDeque<u32>,
}

impl Model for Nvidia {
    fn querycap(&mut self) -> Answer<Capability> {
        Err(Errno::ENOTTY)
    }

    fn g_fmt(&mut self, _: QueueType) -> Answer<(Format, Colorimetry)> {
        Err(Errno::ENOTTY)
    }

    fn s_fmt(&mut self, _: QueueType, _: Format, _: Colorimetry) -> Answer<(Format, Colorimetry)> {
        Err(Errno::ENOTTY)
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
        Err(Errno::EINVAL)
    }

    fn s_ext_ctrl(&mut self, _: u32, value: i32) -> Answer<i32> {
        Ok(value)
    }

    fn reqbufs(&mut self, _: QueueType, _: Memory, count: u32) -> Answer<u32> {
        Ok(count)
    }

    fn querybuf(&mut self, _: QueueType, _: u32) -> Answer<Vec<QueriedPlane>> {
        Ok(vec![QueriedPlane { length: 4096, offset: 0 }])
    }

    fn expbuf(&mut self, _: QueueType, _: u32, _: u32) -> Answer<OwnedFd> {
        Ok(v4l2::transport::memory_file("jetson-test", 4096).unwrap())
    }

    fn qbuf(&mut self, _: QueueType, _: QueuedBuffer) -> Answer<()> {
        Ok(())
    }

    fn dqbuf(&mut self, queue: QueueType) -> Answer<Dequeued> {
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
        sequence: 0,
        key_frame: false,
        error,
        last: false,
    }
}

fn jetson(model: Nvidia) -> Jetson {
    let transport: Arc<dyn Transport> = Arc::new(Modelled::new("/dev/v4l2-nvenc", model));
    let (raw, _) = Queue::request(transport.clone(), OUTPUT, 6).unwrap();
    let (coded, coded_buffers) = Queue::request(transport.clone(), CAPTURE, 6).unwrap();
    let config = Config::new(Codec::H264);
    Jetson {
        transport,
        config: config.resolve(config.codecs[0]).unwrap(),
        raw,
        coded,
        coded_buffers,
        used: vec![4096],
        drain: Drain::new(),
        poller: None,
        in_vain: 0,
        sync_warned: false,
        warnings: Vec::new(),
    }
}

fn poll(jetson: &mut Jetson) -> Vec<String> {
    let mut told = Vec::new();
    let mut take = |output: Output<'_>| {
        told.push(match output {
            Output::Coded { key, .. } => format!("coded {}", key.as_secs()),
            Output::Failed { key } => format!("failed {}", key.as_secs()),
            Output::Ended => "ended".to_owned(),
            _ => "other".to_owned(),
        });
    };
    jetson.poll(&mut take).unwrap();
    told
}

#[test]
fn an_event_that_is_seen_before_the_last_picture_does_not_lose_it() {
    // The last picture is done, and the event sent, after DQBUF and before DQEVENT.
    let model = Nvidia { coded: [None, Some(buffer(0, 7, 100, false))].into(), events: [EVENT_EOS].into() };
    let mut jetson = jetson(model);
    jetson.end_stream(Some(5)).unwrap();
    let told = [poll(&mut jetson), poll(&mut jetson)].concat();
    assert_eq!(told, ["coded 7", "ended"]);
}

#[test]
fn a_picture_that_fails_while_draining_does_not_end_the_stream() {
    let model = Nvidia {
        coded: [Some(buffer(0, 7, 0, true)), Some(buffer(1, 8, 100, false)), Some(buffer(2, 0, 0, false))]
            .into(),
        events: [].into(),
    };
    let mut jetson = jetson(model);
    jetson.end_stream(Some(5)).unwrap();
    let told = [poll(&mut jetson), poll(&mut jetson)].concat();
    assert_eq!(told, ["failed 7", "coded 8", "ended"]);
}

#[test]
fn the_event_alone_ends_the_stream() {
    let mut jetson = jetson(Nvidia { coded: [].into(), events: [EVENT_EOS].into() });
    jetson.end_stream(Some(5)).unwrap();
    assert_eq!(poll(&mut jetson), ["ended"]);
}
