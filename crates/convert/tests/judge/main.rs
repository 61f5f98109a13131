//! Conversions compared with those of ffmpeg.

#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

mod colors;
mod ffmpeg;
mod layout;
mod mjpeg;
