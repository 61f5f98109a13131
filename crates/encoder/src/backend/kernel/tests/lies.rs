//! Drivers that answer with numbers that cannot be: each is a coded error or does not matter, and no frame is forgotten.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use v4l2::testing::{Lie, Place};

use super::bench::{self, pixels};
use super::driver::{Driver, orderly};
use super::drivers;
use super::machine::Machine;
use crate::config::Tuning;
use crate::error::Error;
use crate::event::Event;
use crate::input::format::RawFormat;
use crate::input::frame::Frame;
use crate::session::{Session, TryResult};

use Place::{At, Behind};

/// The longest that a session with this time-out can take to notice that nothing comes, many times over.
const MAX_WAIT: Duration = Duration::from_secs(10);
const TIMEOUT: Duration = Duration::from_millis(100);
const SIDE: u32 = 64;

/// Where drivers answer with numbers: the offsets of `videodev2.h`.
const ANSWERS: &[(&str, &[Place])] = &[
    ("VIDIOC_QUERYCAP", &[At(84), At(88)]),
    ("VIDIOC_ENUM_FMT", &[At(8), At(44)]),
    ("VIDIOC_ENUM_FRAMESIZES", &[At(8), At(12), At(16), At(20), At(24), At(28), At(32)]),
    // Width, height, format, stride and size, or size and stride of plane 0, number of planes.
    ("VIDIOC_S_FMT", &[At(8), At(12), At(16), At(24), At(28), At(32), At(188)]),
    ("VIDIOC_G_FMT", &[At(8), At(12), At(16), At(28), At(32), At(188)]),
    ("VIDIOC_S_PARM", &[At(12), At(16)]),
    ("VIDIOC_S_SELECTION", &[At(12), At(16), At(20), At(24)]),
    // Kind, both halves of minimum, maximum and step, default, flags.
    (
        "VIDIOC_QUERY_EXT_CTRL",
        &[At(4), At(40), At(44), At(48), At(52), At(56), At(60), At(64), At(68), At(72)],
    ),
    ("VIDIOC_G_EXT_CTRLS", &[Behind(24, 12)]),
    ("VIDIOC_S_EXT_CTRLS", &[Behind(24, 12)]),
    ("VIDIOC_REQBUFS", &[At(0)]),
    // Offset or planes, number of planes or length; length and offset of plane 0.
    ("VIDIOC_QUERYBUF", &[At(0), At(72), Behind(64, 4), Behind(64, 8)]),
    // Index, bytes, flags, both halves of seconds and microseconds, count, planes; bytes, length and data offset of plane 0.
    (
        "VIDIOC_DQBUF",
        &[
            At(0),
            At(8),
            At(12),
            At(24),
            At(28),
            At(32),
            At(36),
            At(56),
            At(72),
            Behind(64, 0),
            Behind(64, 4),
            Behind(64, 16),
        ],
    ),
    ("VIDIOC_DQEVENT", &[At(0)]),
];

const VALUES: [u32; 5] = [0, 1, 1_000_000, 0x8000_0000, u32::MAX];

/// A whole session whose driver may lie; what it failed with.
fn run(driver: Driver, lie: Option<Lie>) -> Option<Error> {
    let mut config = bench::config(driver.codecs[0]);
    (config.width, config.height, config.timeout) = (SIDE, SIDE, TIMEOUT);
    let machine = Machine::new(driver);
    machine.lie(lie);
    let (send, events) = channel();
    let session = Session::on(config, machine.path.clone(), move |event| drop(send.send(event)));
    let (mut failure, mut lost) = (None, 0);
    let mut asked = 0;
    let mut frame = 0;
    loop {
        match events.recv_timeout(MAX_WAIT).unwrap_or_else(|_| panic!("nothing more is reported: {lie:?}")) {
            Event::Failed(error) | Event::Fatal(error) => {
                lost += error.lost.len();
                failure = Some(error);
                session.close(9, true);
            }
            Event::Lost(_) => lost += 1,
            Event::Done(9, _) => break,
            Event::Opened(_) | Event::Room | Event::Done(..) | Event::Tuned(..) => {
                while frame < 6 {
                    let data = pixels(frame, RawFormat::I420, SIDE, SIDE);
                    let frame_given = Frame::i420(&data, frame as i64 * 33_333);
                    if session.try_encode(&frame_given, frame == 4).unwrap() != TryResult::Accepted {
                        break;
                    }
                    frame += 1;
                }
                if frame == 6 {
                    asked += 1;
                    match asked {
                        1 => session.flush(1),
                        2 => {
                            session.tune(
                                2,
                                Tuning { bitrate_bps: Some(500_000), ..Tuning::default() },
                                false,
                            );
                        }
                        3 => session.tune(3, Tuning { framerate: Some(25.0), ..Tuning::default() }, false),
                        _ => session.close(9, false),
                    }
                }
            }
            _ => {}
        }
    }
    let stats = session.stats();
    assert_eq!(stats.frames_in, stats.chunks_out + stats.frames_lost, "{lie:?}: {stats:?}");
    assert_eq!(stats.frames_lost, lost as u64, "{lie:?}: a frame was lost without a word");
    failure
}

/// Each number that each of these requests answers, false from the first answer on, or from the second.
fn lies(requests: impl Fn(&str) -> bool) -> VecDeque<Lie> {
    let mut lies = VecDeque::new();
    for (request, places) in ANSWERS.iter().filter(|(request, _)| requests(request)) {
        let places = places.iter().flat_map(|place| VALUES.map(|value| (*place, value)));
        for (place, value) in places {
            let lie = Lie { request, place, value, after: 0, always: false };
            lies.extend([lie, Lie { after: 1, ..lie }]);
            // These say when there is nothing more, which such a driver does not.
            if ["VIDIOC_DQBUF", "VIDIOC_DQEVENT", "VIDIOC_ENUM_FMT"].contains(request) {
                lies.push_back(Lie { always: true, ..lie });
            }
        }
    }
    lies
}

fn assert_reported(driver: fn() -> Driver, requests: impl Fn(&str) -> bool) {
    let lies = Mutex::new(lies(requests));
    let (failed, tolerated) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let work = || {
        loop {
            let next = lies.lock().unwrap().pop_front();
            let Some(lie) = next else { break };
            let Some(error) = run(driver(), Some(lie)) else {
                tolerated.fetch_add(1, Ordering::Relaxed);
                continue;
            };
            failed.fetch_add(1, Ordering::Relaxed);
            assert!(!error.message.contains("panicked"), "{lie:?}: {}", error.message);
            let rejected = error.rejected.iter().map(|rejection| rejection.message.as_str());
            assert!(rejected.clone().all(|message| !message.contains("The option")), "{lie:?}: {error:?}");
        }
    };
    thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(work);
        }
    });
    let (failed, tolerated) = (failed.into_inner(), tolerated.into_inner());
    assert!(failed > 50 && tolerated > 50, "{failed} of the sessions failed, and {tolerated} did not");
}

#[test]
fn no_number_of_a_drivers_ends_a_session_otherwise_than_by_its_error() {
    assert!(run(orderly(), None).is_none(), "a driver that does not lie");
    assert_reported(orderly, |_| true);
}

#[test]
fn nor_one_about_buffers_of_a_driver_of_the_other_api() {
    assert!(run(drivers::coda(), None).is_none(), "a driver that does not lie");
    let about_buffers = ["VIDIOC_S_FMT", "VIDIOC_REQBUFS", "VIDIOC_QUERYBUF", "VIDIOC_DQBUF"];
    assert_reported(drivers::coda, |request| about_buffers.contains(&request));
}
