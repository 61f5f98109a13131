/// Declares the codes with their names, so that an error code is one line.
macro_rules! codes {
    ($($(#[$doc:meta])* $code:ident => $name:literal,)*) => {
        /// The situation, as programs distinguish them. `ErrorCode` in TypeScript has the same names, and a few of its own.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Code {
            $($(#[$doc])* $code,)*
        }

        impl Code {
            /// `ERR_…`, as JavaScript programs know it.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$code => $name,)*
                }
            }
        }
    };
}

codes! {
    /// No encoder can do it; `rejected` lists everything that was tried.
    NoEncoder => "ERR_NO_ENCODER",
    /// The device does not exist.
    DeviceNotFound => "ERR_DEVICE_NOT_FOUND",
    /// The device exists, but this user may not use it.
    Permission => "ERR_PERMISSION",
    /// The device does not encode video.
    NotAnEncoder => "ERR_NOT_AN_ENCODER",
    /// The device is not a camera, or has no format that can be used.
    NotACamera => "ERR_NOT_A_CAMERA",
    /// NVIDIA's library is missing.
    LibraryMissing => "ERR_LIBRARY_MISSING",
    /// The device cannot encode this codec, or not at this size.
    CodecUnsupported => "ERR_CODEC_UNSUPPORTED",
    /// A configuration value is wrong, or the device does not support it.
    Config => "ERR_CONFIG",
    /// A frame is wrong or damaged.
    Frame => "ERR_FRAME",
    /// The device rejected a control.
    Control => "ERR_CONTROL",
    /// A request to the device failed.
    Device => "ERR_DEVICE",
    /// The device did not answer in time.
    Timeout => "ERR_TIMEOUT",
    /// The device went away.
    DeviceLost => "ERR_DEVICE_LOST",
    /// The camera sends another format than it was set to.
    FormatChanged => "ERR_FORMAT_CHANGED",
    /// The device, or a part of it, is in use.
    Busy => "ERR_BUSY",
    /// The encoder or camera is closed.
    Closed => "ERR_CLOSED",
}
