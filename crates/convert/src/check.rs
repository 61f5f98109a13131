use crate::format::MAX_SIDE;
use crate::{Error, Format, Picture, PictureMut, Result};

/// Whether the source can go into the target at all, before anything is written.
pub(crate) fn pair(source: &Picture<'_>, target: &PictureMut<'_>) -> Result<()> {
    let (from, to) = ((source.width, source.height), (target.width, target.height));
    if from != to {
        return Err(Error::SizesDiffer { from, to });
    }
    if source.format != target.format && !is_420(target.format) {
        return Err(Error::Unsupported { from: source.format, to: target.format });
    }
    side(source.width, source.height)?;
    planes(source.format, from, source.planes.each_ref().map(|plane| (plane.bytes.len(), plane.stride)))?;
    self::target(target)
}

/// Whether the target's planes hold what its size and format say.
pub(crate) fn target(target: &PictureMut<'_>) -> Result<()> {
    side(target.width, target.height)?;
    let lengths = target.planes.each_ref().map(|plane| (plane.bytes.len(), plane.stride));
    planes(target.format, (target.width, target.height), lengths)
}

pub(crate) fn is_420(format: Format) -> bool {
    matches!(format, Format::I420 | Format::Yv12 | Format::Nv12 | Format::Nv21)
}

fn side(width: u32, height: u32) -> Result<()> {
    let fits = |side: u32| (2..=MAX_SIDE).contains(&side) && side.is_multiple_of(2);
    if fits(width) && fits(height) { Ok(()) } else { Err(Error::Size { width, height }) }
}

fn planes(format: Format, (width, height): (u32, u32), planes: [(usize, usize); 3]) -> Result<()> {
    for (plane, (length, stride)) in planes.into_iter().enumerate().take(format.planes()) {
        let size = format.plane(plane, width, height);
        // The conversion library counts strides in 32 bits.
        if stride < size.row_bytes || u32::try_from(stride).is_err() {
            return Err(Error::Stride { plane, stride, row_bytes: size.row_bytes });
        }
        let needed = size.span(stride);
        if length < needed {
            return Err(Error::Short { plane, length, needed });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Color, convert};

    fn rejected(source: &Picture<'_>, format: Format, width: u32, height: u32) -> Error {
        let mut bytes = vec![7; format.bytes(width, height)];
        let mut target = PictureMut::tight(format, width, height, &mut bytes);
        let error = convert(source, &mut target, Color::default()).unwrap_err();
        assert!(bytes.iter().all(|byte| *byte == 7), "the target was touched");
        error
    }

    #[test]
    fn pictures_are_not_scaled() {
        let bytes = vec![0; Format::Rgb.bytes(32, 16)];
        let error = rejected(&Picture::tight(Format::Rgb, 32, 16, &bytes), Format::I420, 16, 16);
        assert_eq!(error.to_string(), "The picture is 32x16 and the target 16x16: pictures are not scaled.");
    }

    #[test]
    fn odd_empty_and_huge_sides_are_rejected() {
        for (width, height) in [(17, 16), (16, 0), (u32::MAX - 1, 16)] {
            let source = Picture { format: Format::I420, width, height, planes: Default::default() };
            let mut target = PictureMut { format: Format::Nv12, width, height, planes: Default::default() };
            let error = convert(&source, &mut target, Color::default()).unwrap_err();
            assert_eq!(error, Error::Size { width, height });
        }
    }

    #[test]
    fn a_plane_that_is_too_short_is_named() {
        let bytes = vec![0; Format::I420.bytes(16, 16) - 1];
        let error = rejected(&Picture::tight(Format::I420, 16, 16, &bytes), Format::Nv12, 16, 16);
        assert_eq!(error, Error::Short { plane: 2, length: 0, needed: 64 });
    }

    #[test]
    fn rows_that_overlap_are_rejected() {
        let bytes = vec![0; Format::Yuyv.bytes(16, 16)];
        let mut source = Picture::tight(Format::Yuyv, 16, 16, &bytes);
        source.planes[0].stride = 31;
        assert_eq!(
            rejected(&source, Format::I420, 16, 16),
            Error::Stride { plane: 0, stride: 31, row_bytes: 32 }
        );
    }

    #[test]
    fn only_itself_and_420_are_targets() {
        let bytes = vec![0; Format::Nv12.bytes(16, 16)];
        let error = rejected(&Picture::tight(Format::Nv12, 16, 16, &bytes), Format::Rgb, 16, 16);
        assert_eq!(error, Error::Unsupported { from: Format::Nv12, to: Format::Rgb });
    }
}
