//! The crate against real streams and against hostile ones. x264, x265, ffmpeg and ffprobe are run at
//! test time and are the judges; where they are missing the tests fail and say so.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on shall fail on the spot")]

mod matroska;
mod parameter_sets;
mod recipe;
mod records;
mod relabel;
mod robustness;
mod samples;
