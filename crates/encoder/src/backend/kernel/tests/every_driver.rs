//! What holds on every driver.

use super::bench::Bench;
use super::drivers;
use crate::format::RawFormat;

#[test]
fn every_picture_comes_out_once_in_order_and_as_it_was() {
    for driver in drivers::all() {
        for format in [RawFormat::I420, RawFormat::Nv12] {
            let mut bench = Bench::open(driver.clone(), |config| config.format = format);
            bench.encode(8).flush();
            bench.close();
            bench.assert_complete();
        }
    }
}
