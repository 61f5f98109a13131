//! JetPack 4's device opens only after its buffer library was loaded. In a process of its own: what a process has
//! loaded once, it has loaded.
#![allow(
    unsafe_code,
    missing_docs,
    unreachable_pub,
    dead_code,
    reason = "the client is made for the other tests"
)]
#![allow(clippy::undocumented_unsafe_blocks, clippy::multiple_unsafe_ops_per_block, clippy::unwrap_used)]

#[path = "device/client.rs"]
mod client;
use client::{Client, Config, H264, Sync, libraries, make_node, open, open_library};

#[test]
fn the_buffer_library_comes_first() {
    let flags = libc::O_RDWR | libc::O_CLOEXEC;
    libraries();
    let settings = r#"{"generation":4,"codec":"passthrough"}"#;
    let (node, _) = make_node("jetpack4-early", settings);
    assert_eq!(open(&node, flags), Err(libc::EINVAL));
    std::mem::forget(open_library("libnvbuf_utils.so"));
    let config = Config { sync: Sync::NvBuffer, ..Config::new(H264, settings) };
    let mut client = Client::start("jetpack4", config);
    assert_eq!(client.sync_surface(client.output[0][0].fd, 0), -1, "JetPack 4 has no such function");
    client.push(&vec![128; 320 * 240 * 3 / 2], 1_000_000);
    client.drain();
    assert_eq!(client.chunks.len(), 2);
    assert_eq!(client.finish(), "");
}
