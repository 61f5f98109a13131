//! Hardware video encoding over V4L2: NVIDIA Jetson, and a software encoder where there is none.
