//! H.264 and H.265 streams as bytes: units, parameter sets, key frames, codec strings.
