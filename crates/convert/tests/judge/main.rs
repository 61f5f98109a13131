//! Conversions compared with those of ffmpeg.

#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

mod colours;
mod ffmpeg;
mod layout;
mod mjpeg;
