//! A device that behaves like NVIDIA's Jetson encoder, for tests and for people without a board.
