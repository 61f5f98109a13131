//! Talking to V4L2 devices: transports, typed requests, queues, buffers, discovery.
