//! What holds on every driver.

use v4l2::PixelFormat;

use super::bench::Bench;
use super::driver::{Driver, orderly};
use super::drivers;
use crate::codec::Codec;
use crate::input::format::RawFormat;

#[test]
fn every_frame_comes_out_once_in_order_and_as_it_was() {
    for driver in drivers::all() {
        for format in [RawFormat::I420, RawFormat::Nv12] {
            let mut bench = Bench::open(driver.clone(), |config| config.format = format);
            bench.encode(8).flush();
            bench.close();
            bench.assert_complete();
        }
    }
}

#[test]
fn every_codec_goes_through_both_planar_apis_in_every_layout() {
    use v4l2::fourcc::{NV12, NV12M, YUV420, YUV420M};
    for codec in Codec::ALL {
        // Planes in memories of their own exist in the multi-planar API only.
        let layouts: [(bool, &'static [PixelFormat]); 6] = [
            (false, &[YUV420]),
            (false, &[NV12]),
            (true, &[YUV420]),
            (true, &[NV12]),
            (true, &[YUV420M]),
            (true, &[NV12M]),
        ];
        for (multi_planar, raw) in layouts {
            let driver = Driver { multi_planar, raw, stride: 64, rounds: (16, 16), ..orderly() };
            let mut bench = Bench::open(driver, |config| config.codecs = vec![codec.into()]);
            bench.encode(3).encode_key_frame().flush();
            bench.close();
            bench.assert_complete();
            assert_eq!(bench.key_frames(), [0, 3], "{codec}");
        }
    }
}
