//! The formats of the model: what a driver makes of what is requested.

use v4l2::fourcc::{NV12, NV12M, YUV420, YUV420M};
use v4l2::ioctl::Colorimetry;
use v4l2::{Format, PixelFormat, PlaneLayout};

use super::driver::{Crop, Driver, SizeImage};

/// Where one plane's samples lie: in which memory, from which byte on, and how far apart rows and samples are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Samples {
    pub(super) memory: usize,
    pub(super) offset: u64,
    pub(super) stride: u64,
    pub(super) step: u64,
}

#[derive(Debug)]
pub(super) struct Formats {
    pub(super) raw: Format,
    pub(super) coded: Format,
    pub(super) colors: Colorimetry,
    pub(super) visible: (u32, u32),
}

impl Formats {
    pub(super) fn new(driver: &Driver) -> Self {
        let asked = |pixelformat: PixelFormat| Format::from((pixelformat, (1280, 720)));
        let first = raw(driver, &asked(driver.raw[0]));
        Self {
            visible: (first.width, first.height),
            raw: first,
            coded: coded(driver, &asked(driver.codecs[0].fourcc())),
            colors: Colorimetry::default(),
        }
    }

    pub(super) fn set_raw(&mut self, driver: &Driver, given: Format, asked: (u32, u32)) {
        self.visible = if driver.crop == Crop::ByFormat { asked } else { (given.width, given.height) };
        self.raw = given;
    }

    /// Bytes of each memory of a buffer.
    pub(super) fn lengths(&self, raw: bool) -> Vec<u32> {
        let format = if raw { &self.raw } else { &self.coded };
        format.plane_fmt.iter().map(|plane| plane.sizeimage).collect()
    }

    /// Where the planes lie, luma, U and V, as the driver reads them.
    pub(super) fn samples(&self) -> [Samples; 3] {
        let stride = u64::from(self.raw.plane_fmt[0].bytesperline);
        let luma = stride * u64::from(self.raw.height);
        let half = Samples { memory: 0, offset: 0, stride: stride / 2, step: 1 };
        let pairs = Samples { stride, step: 2, ..half };
        let y = Samples { stride, ..half };
        match self.raw.pixelformat {
            YUV420 => [y, Samples { offset: luma, ..half }, Samples { offset: luma + luma / 4, ..half }],
            YUV420M => [y, Samples { memory: 1, ..half }, Samples { memory: 2, ..half }],
            NV12 => [y, Samples { offset: luma, ..pairs }, Samples { offset: luma + 1, ..pairs }],
            _ => [y, Samples { memory: 1, ..pairs }, Samples { memory: 1, offset: 1, ..pairs }],
        }
    }
}

/// What the driver makes of a raw format that it knows.
pub(super) fn raw(driver: &Driver, asked: &Format) -> Format {
    let [min_width, max_width, min_height, max_height] = driver.sizes;
    let width = asked.width.clamp(min_width, max_width).next_multiple_of(driver.rounds.0);
    let height = asked.height.clamp(min_height, max_height).next_multiple_of(driver.rounds.1);
    let stride = width.next_multiple_of(driver.stride.max(2));
    let plane = |bytesperline: u32, rows: u32| PlaneLayout {
        bytesperline,
        sizeimage: bytesperline * rows + driver.padding,
    };
    let plane_fmt = match asked.pixelformat {
        YUV420M => {
            let chroma = plane(stride / 2, height / 2);
            vec![plane(stride, height), chroma.clone(), chroma]
        }
        NV12M => vec![plane(stride, height), plane(stride, height / 2)],
        _ => vec![plane(stride, height * 3 / 2)],
    };
    Format { width, height, pixelformat: asked.pixelformat, plane_fmt }
}

/// What the driver makes of a coded format that it knows.
pub(super) fn coded(driver: &Driver, asked: &Format) -> Format {
    let wish = asked.plane_fmt.first().map_or(0, |plane| plane.sizeimage);
    let sizeimage = match driver.sizeimage {
        SizeImage::Verbatim => wish,
        SizeImage::Computed => asked.width * asked.height * 3 / 2,
        SizeImage::Within(least, most) => wish.clamp(least, most),
    };
    Format { plane_fmt: vec![PlaneLayout { sizeimage, bytesperline: 0 }], ..asked.clone() }
}
