// ts/device/constants: the numbers of the kernel's headers.

/** Which queue of a device, and how its pictures are laid out. */
export const V4L2_BUF_TYPE = {
  /** Pictures from the device, in one plane of memory. */
  VIDEO_CAPTURE: 1,
  /** Pictures to the device, in one plane of memory. */
  VIDEO_OUTPUT: 2,
  /** A picture that the device puts on the screen by itself. */
  VIDEO_OVERLAY: 3,
  /** Raw lines of the vertical blanking interval, from the device. */
  VBI_CAPTURE: 4,
  /** Raw lines of the vertical blanking interval, to the device. */
  VBI_OUTPUT: 5,
  /** Data that was in the vertical blanking interval, from the device. */
  SLICED_VBI_CAPTURE: 6,
  /** Data for the vertical blanking interval, to the device. */
  SLICED_VBI_OUTPUT: 7,
  /** A picture laid over the one that is put out. */
  VIDEO_OUTPUT_OVERLAY: 8,
  /** Pictures from the device, in any number of planes of memory. */
  VIDEO_CAPTURE_MPLANE: 9,
  /** Pictures to the device, in any number of planes of memory. */
  VIDEO_OUTPUT_MPLANE: 10,
  /** Samples of a software defined radio, from the device. */
  SDR_CAPTURE: 11,
  /** Samples of a software defined radio, to the device. */
  SDR_OUTPUT: 12,
  /** Metadata, such as statistics of an image processor, from the device. */
  META_CAPTURE: 13,
  /** Metadata, such as parameters of an image processor, to the device. */
  META_OUTPUT: 14,
} as const

/** One of the values of {@link V4L2_BUF_TYPE}. */
export type V4L2_BUF_TYPE = (typeof V4L2_BUF_TYPE)[keyof typeof V4L2_BUF_TYPE]

/** Whose memory the buffers of a queue are. */
export const V4L2_MEMORY = {
  /** The driver's, which can be mapped. */
  MMAP: 1,
  /** The program's. */
  USERPTR: 2,
  /** That of the screen. */
  OVERLAY: 3,
  /** Another device's, by a file descriptor. */
  DMABUF: 4,
} as const

/** One of the values of {@link V4L2_MEMORY}. */
export type V4L2_MEMORY = (typeof V4L2_MEMORY)[keyof typeof V4L2_MEMORY]

/** What is known about one buffer; any of them may be set together. */
export const V4L2_BUF_FLAG = {
  /** It is mapped. */
  MAPPED: 0x00000001,
  /** The driver has it. */
  QUEUED: 0x00000002,
  /** The driver is done with it, and it waits to be taken. */
  DONE: 0x00000004,
  /** It holds a key frame. */
  KEYFRAME: 0x00000008,
  /** It holds a frame predicted from earlier ones. */
  PFRAME: 0x00000010,
  /** It holds a frame predicted from earlier and later ones. */
  BFRAME: 0x00000020,
  /** Its content is damaged, or the device failed on it. */
  ERROR: 0x00000040,
  /** It is part of a request that is not queued yet. */
  IN_REQUEST: 0x00000080,
  /** Its time code is valid. */
  TIMECODE: 0x00000100,
  /** The picture made of it is kept back until one comes without this. */
  M2M_HOLD_CAPTURE_BUF: 0x00000200,
  /** It was prepared for queuing. */
  PREPARED: 0x00000400,
  /** The processor's cache need not be invalidated for it. */
  NO_CACHE_INVALIDATE: 0x00000800,
  /** The processor's cache need not be written back for it. */
  NO_CACHE_CLEAN: 0x00001000,
  /** The bits that say where its time comes from. */
  TIMESTAMP_MASK: 0x0000e000,
  /** Nothing is known of its time. */
  TIMESTAMP_UNKNOWN: 0x00000000,
  /** Its time is of the monotonic clock. */
  TIMESTAMP_MONOTONIC: 0x00002000,
  /** Its time is that of the buffer it was made of. */
  TIMESTAMP_COPY: 0x00004000,
  /** The bits that say to what moment its time belongs. */
  TSTAMP_SRC_MASK: 0x00070000,
  /** Its time is when the last byte was there, or was sent. */
  TSTAMP_SRC_EOF: 0x00000000,
  /** Its time is when the exposure began. */
  TSTAMP_SRC_SOE: 0x00010000,
  /** It is the last one before the queue has to be started anew. */
  LAST: 0x00100000,
  /** The file descriptor of its request is valid. */
  REQUEST_FD: 0x00800000,
} as const

/** One of the values of {@link V4L2_BUF_FLAG}. */
export type V4L2_BUF_FLAG = (typeof V4L2_BUF_FLAG)[keyof typeof V4L2_BUF_FLAG]

/** What the buffers of a queue can be, as VIDIOC_REQBUFS tells. */
export const V4L2_BUF_CAP = {
  /** The driver's memory, mapped. */
  SUPPORTS_MMAP: 0x0001,
  /** The program's memory. */
  SUPPORTS_USERPTR: 0x0002,
  /** Another device's memory. */
  SUPPORTS_DMABUF: 0x0004,
  /** Part of a request. */
  SUPPORTS_REQUESTS: 0x0008,
  /** Given up by the queue while still mapped or exported. */
  SUPPORTS_ORPHANED_BUFS: 0x0010,
  /** Coded in slices that make one picture. */
  SUPPORTS_M2M_HOLD_CAPTURE_BUF: 0x0020,
  /** Told that the cache needs no care. */
  SUPPORTS_MMAP_CACHE_HINTS: 0x0040,
  /** Limited to a number that VIDIOC_CREATE_BUFS tells. */
  SUPPORTS_MAX_NUM_BUFFERS: 0x0080,
  /** Taken away again by VIDIOC_REMOVE_BUFS. */
  SUPPORTS_REMOVE_BUFS: 0x0100,
} as const

/** One of the values of {@link V4L2_BUF_CAP}. */
export type V4L2_BUF_CAP = (typeof V4L2_BUF_CAP)[keyof typeof V4L2_BUF_CAP]

/** How the driver's memory is to be made. */
export const V4L2_MEMORY_FLAG = {
  /** Cached, so that the cache needs care. */
  NON_COHERENT: 1,
} as const

/** One of the values of {@link V4L2_MEMORY_FLAG}. */
export type V4L2_MEMORY_FLAG = (typeof V4L2_MEMORY_FLAG)[keyof typeof V4L2_MEMORY_FLAG]
