//! Which of a camera's formats to use. Pure.

use std::ops::RangeInclusive;

use std::path::Path;

use v4l2::PixelFormat;
use v4l2::ioctl::FrameSizes;

use crate::list::FormatInfo;
use crate::rate::reaches;
use crate::useless::useless;
use crate::{Code, Error, Native, Options, Result};

/// The rate that is wanted where nobody says.
const USUAL_RATE: f64 = 30.0;
/// The size that is looked for where nobody says.
const USUAL_SIZE: (u32, u32) = (1280, 720);

/// The sides that a frame may have.
pub(crate) const SIDES: RangeInclusive<u32> = 16..=16384;

/// What the camera is to be set to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Choice {
    pub(crate) code: PixelFormat,
    pub(crate) native: Native,
    pub(crate) size: (u32, u32),
    /// Frames a second.
    pub(crate) rate: f64,
}

/// The choice with the least work among those that reach the rate; where none does, the fastest one.
pub(crate) fn choose(formats: &[FormatInfo], options: &Options, device: &Path) -> Result<Choice> {
    let wanted = options.framerate.unwrap_or(USUAL_RATE);
    let named = |native: Native| options.native.as_ref().is_none_or(|name| native.name() == name);
    let usable: Vec<_> = formats
        .iter()
        .filter_map(|format| Some((format, format.native.filter(|native| named(*native))?)))
        .collect();
    if usable.is_empty() {
        return Err(no_format(formats, options, device));
    }
    let candidates = usable.iter().flat_map(|(format, native)| candidates(format, *native, options, wanted));
    let output = options.output.format();
    let key = |choice: &Choice| {
        let slow = !reaches(choice.rate, wanted);
        let missing = if slow { wanted - choice.rate } else { 0.0 };
        let first = (choice.native.is_grey(), slow, distance(choice.size, options));
        (first, missing, choice.native.work(output))
    };
    candidates
        .min_by(|a, b| {
            let (a, b) = (key(a), key(b));
            a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2))
        })
        .ok_or_else(|| no_size(&usable, options))
}

/// How far a size is from the usual one, where none was requested.
fn distance((width, height): (u32, u32), options: &Options) -> u64 {
    let area = |(width, height): (u32, u32)| u64::from(width) * u64::from(height);
    if options.size.is_some() { 0 } else { area((width, height)).abs_diff(area(USUAL_SIZE)) }
}

fn candidates<'a>(
    format: &'a FormatInfo,
    native: Native,
    options: &'a Options,
    wanted: f64,
) -> impl Iterator<Item = Choice> + 'a {
    let choice = move |size, rate| Choice { code: format.code, native, size, rate };
    // A driver that lists no sizes is simply asked.
    let unlisted = format.sizes.is_empty().then(|| choice(options.size.unwrap_or(USUAL_SIZE), wanted));
    let listed = format.sizes.iter().filter_map(move |info| {
        let size = match options.size {
            Some((width, height)) => info.size.contains(width, height).then_some((width, height))?,
            None => usual(info.size)?,
        };
        Some(choice(size, info.rates.nearest(wanted)))
    });
    unlisted.into_iter().chain(listed)
}

/// The size next to the usual one, of those that may be requested.
fn usual(sizes: FrameSizes) -> Option<(u32, u32)> {
    let even = |side: u32| side.is_multiple_of(2) && SIDES.contains(&side);
    match sizes {
        FrameSizes::Discrete { width, height } => (even(width) && even(height)).then_some((width, height)),
        FrameSizes::Stepwise { width, height } => {
            let near = |[least, most, step]: [u32; 3], wanted: u32| {
                let step = step.max(1);
                let within = wanted.clamp(least, most.max(least));
                let below = within - (within - least) % step;
                // Every second step is even, or none is.
                (below..=most).step_by(step as usize).take(2).find(|side| even(*side))
            };
            Some((near(width, USUAL_SIZE.0)?, near(height, USUAL_SIZE.1)?))
        }
    }
}

fn no_format(formats: &[FormatInfo], options: &Options, device: &Path) -> Error {
    let Some(name) = &options.native else {
        return useless(formats.iter().map(|format| format.code), device);
    };
    let mut names: Vec<&str> = formats.iter().filter_map(|format| Some(format.native?.name())).collect();
    names.dedup();
    Error::range(
        Code::Config,
        format!("The camera does not support the format {name}. Supported: {}.", names.join(", ")),
    )
}

fn no_size(usable: &[(&FormatInfo, Native)], options: &Options) -> Error {
    let (width, height) = options.size.unwrap_or(USUAL_SIZE);
    let mut sizes: Vec<String> =
        usable.iter().flat_map(|(format, _)| &format.sizes).map(|info| describe(info.size)).collect();
    sizes.sort_by_key(|size| size.split('x').next().and_then(|width| width.parse::<u32>().ok()));
    sizes.dedup();
    Error::range(
        Code::Config,
        format!("The camera does not support {width}x{height}. Supported: {}.", sizes.join(", ")),
    )
    .with_hint("Use one of these sizes; frames are not scaled.")
}

fn describe(sizes: FrameSizes) -> String {
    match sizes {
        FrameSizes::Discrete { width, height } => format!("{width}x{height}"),
        FrameSizes::Stepwise { width, height } => format!(
            "{}x{} to {}x{} in steps of {}x{}",
            width[0], height[0], width[1], height[1], width[2], height[2]
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NODE: &str = "/dev/video0";
    use crate::list::SizeInfo;
    use crate::{Output, Rates};

    fn format(code: &[u8; 4], sizes: &[(u32, u32, &[f64])]) -> FormatInfo {
        let code = PixelFormat::from_fourcc(code);
        let sizes = sizes
            .iter()
            .map(|(width, height, rates)| SizeInfo {
                size: FrameSizes::Discrete { width: *width, height: *height },
                rates: Rates::Listed(rates.to_vec()),
            })
            .collect();
        FormatInfo { code, description: String::new(), native: Native::of(code), sizes }
    }

    /// What most webcams can do.
    fn webcam() -> Vec<FormatInfo> {
        vec![
            format(b"MJPG", &[(640, 480, &[30.0]), (1280, 720, &[30.0]), (1920, 1080, &[30.0])]),
            format(b"YUYV", &[(640, 480, &[30.0, 15.0]), (1280, 720, &[10.0]), (1920, 1080, &[5.0])]),
            format(b"BA81", &[]),
        ]
    }

    fn chosen(formats: &[FormatInfo], options: Options) -> (String, (u32, u32), f64) {
        let choice = choose(formats, &options, Path::new(NODE)).unwrap();
        (choice.native.name().to_owned(), choice.size, choice.rate)
    }

    fn of_size(width: u32, height: u32) -> Options {
        Options { size: Some((width, height)), ..Options::default() }
    }

    #[test]
    fn jpeg_is_taken_only_where_nothing_else_reaches_the_rate() {
        assert_eq!(chosen(&webcam(), of_size(640, 480)).0, "YUYV");
        assert_eq!(chosen(&webcam(), of_size(1280, 720)), ("MJPEG".into(), (1280, 720), 30.0));
        let slow = Options { framerate: Some(10.0), ..of_size(1280, 720) };
        assert_eq!(chosen(&webcam(), slow), ("YUYV".into(), (1280, 720), 10.0));
    }

    #[test]
    fn where_no_format_reaches_the_rate_the_fastest_is_taken() {
        let fast = Options { framerate: Some(60.0), ..of_size(1280, 720) };
        assert_eq!(chosen(&webcam(), fast), ("MJPEG".into(), (1280, 720), 30.0));
    }

    #[test]
    fn the_output_itself_comes_before_everything_that_has_to_be_converted() {
        let sizes: &[(u32, u32, &[f64])] = &[(640, 480, &[30.0])];
        let formats = [b"RGB3", b"YUYV", b"NV12", b"YU12"].map(|code| format(code, sizes));
        let into = |output| Options { output, ..of_size(640, 480) };
        assert_eq!(chosen(&formats, into(Output::Nv12)).0, "NV12");
        assert_eq!(chosen(&formats, into(Output::I420)).0, "I420");
        assert_eq!(chosen(&formats[..2], into(Output::I420)).0, "YUYV");
    }

    #[test]
    fn frames_without_color_are_taken_only_where_there_are_no_others() {
        let grey = format(b"GREY", &[(640, 480, &[60.0]), (320, 240, &[60.0])]);
        let formats = [grey, format(b"MJPG", &[(640, 480, &[15.0])])];
        assert_eq!(chosen(&formats, of_size(640, 480)).0, "MJPEG");
        assert_eq!(chosen(&formats, of_size(320, 240)).0, "GREY");
        assert_eq!(chosen(&formats[..1], Options::default()).0, "GREY");
        let named = Options { native: Some("GREY".into()), ..of_size(640, 480) };
        assert_eq!(chosen(&formats, named).0, "GREY");
    }

    #[test]
    fn without_a_size_the_one_next_to_720_rows_that_is_fast_enough_is_taken() {
        assert_eq!(chosen(&webcam(), Options::default()).1, (1280, 720));
        assert_eq!(chosen(&webcam()[1..], Options::default()).1, (640, 480));
    }

    #[test]
    fn ranges_of_sizes_are_understood() {
        let mut range = format(b"NV12", &[]);
        range.sizes = vec![SizeInfo {
            size: FrameSizes::Stepwise { width: [32, 1920, 32], height: [30, 1080, 2] },
            rates: Rates::Range { least: 1.0, most: 60.0 },
        }];
        assert_eq!(chosen(&[range.clone()], Options::default()), ("NV12".into(), (1280, 720), 30.0));
        let message = choose(&[range], &of_size(650, 480), Path::new(NODE)).unwrap_err().message;
        assert!(message.contains("32x30 to 1920x1080 in steps of 32x2"), "{message}");
    }

    #[test]
    fn sizes_that_no_frame_has_are_passed_over() {
        let range = |width, height| {
            let size = FrameSizes::Stepwise { width, height };
            let rates = Rates::Listed(Vec::new());
            FormatInfo { sizes: vec![SizeInfo { size, rates }], ..format(b"NV12", &[]) }
        };
        let senseless = [
            format(b"NV12", &[(0, 0, &[30.0]), (u32::MAX - 1, u32::MAX - 1, &[30.0]), (640, 0, &[])]),
            range([0, 0, 0], [0, 0, 0]),
            range([1280, 640, 2], [720, 480, 2]),
            range([1, u32::MAX, 2], [1, u32::MAX, 2]),
            range([u32::MAX - 1, u32::MAX, 1], [2, 720, 1]),
        ];
        for format in senseless {
            assert_eq!(
                choose(std::slice::from_ref(&format), &Options::default(), Path::new(NODE)).unwrap_err().code,
                Code::Config
            );
        }
        assert_eq!(chosen(&[range([0, u32::MAX, 0], [0, u32::MAX, 0])], Options::default()).1, (1280, 720));
    }

    #[test]
    fn a_driver_without_lists_is_tried_with_what_is_wanted() {
        assert_eq!(chosen(&[format(b"UYVY", &[])], of_size(720, 576)), ("UYVY".into(), (720, 576), 30.0));
    }

    #[test]
    fn what_the_camera_cannot_do_is_answered_with_what_it_can() {
        let size = choose(&webcam(), &of_size(800, 600), Path::new(NODE)).unwrap_err();
        assert_eq!(size.code, Code::Config);
        assert_eq!(
            size.message,
            "The camera does not support 800x600. Supported: 640x480, 1280x720, 1920x1080."
        );
        let native = Options { native: Some("NV12".into()), ..Options::default() };
        let format = choose(&webcam(), &native, Path::new(NODE)).unwrap_err().message;
        assert_eq!(format, "The camera does not support the format NV12. Supported: MJPEG, YUYV.");
        assert_eq!(
            choose(&webcam()[2..], &Options::default(), Path::new(NODE)).unwrap_err().code,
            Code::NotACamera
        );
    }
}
