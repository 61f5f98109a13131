pub use v4l2::{Code, Error, Kind};

/// Shorthand for this crate's results.
pub type Result<T> = std::result::Result<T, Error>;

const NOT_FOUND_HINT: &str =
    "listCameras() shows which cameras there are. In a container, pass the device through with --device.";

/// What an error of opening a device means where a camera was expected.
pub(crate) fn of_camera(error: Error) -> Error {
    match error.code {
        Code::NotAnEncoder => Error { code: Code::NotACamera, hint: None, ..error },
        Code::DeviceNotFound if error.hint.is_none() => error.with_hint(NOT_FOUND_HINT),
        _ => error,
    }
}

/// The error of a frame that could not be converted.
pub(crate) fn of_conversion(error: &convert::Error) -> Error {
    match error {
        convert::Error::SizesDiffer { from: (width, height), to } => Error::new(
            Code::FormatChanged,
            format!("The camera sent a frame of {width}x{height} and was set to {}x{}.", to.0, to.1),
        ),
        other => Error::new(Code::Frame, other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use v4l2::{Errno, Failure};

    use super::*;

    #[test]
    fn a_device_that_does_not_answer_is_not_a_camera() {
        let failure =
            Failure::Ioctl { ioctl: "VIDIOC_QUERYCAP", device: "/dev/video0".into(), errno: Errno::ENOTTY };
        let error = of_camera(failure.into());
        assert_eq!((error.code, error.hint), (Code::NotACamera, None));
    }

    #[test]
    fn a_missing_camera_comes_with_a_hint_where_to_look() {
        let error = of_camera(Failure::Open { device: "/dev/video9".into(), errno: Errno::ENOENT }.into());
        assert_eq!(error.code, Code::DeviceNotFound);
        assert!(error.hint.unwrap().contains("listCameras()"));
    }

    #[test]
    fn a_frame_of_another_size_is_a_changed_format() {
        let error = of_conversion(&convert::Error::SizesDiffer { from: (320, 240), to: (640, 480) });
        assert_eq!(error.code, Code::FormatChanged);
    }
}
