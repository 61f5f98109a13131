/*
 * Empty on purpose: v4l2r's build script watches this name for changes and reads linux/videodev2.h beside it.
 * So touch this file after a change to that one.
 */
