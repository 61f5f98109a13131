/** How an option is called here that other programs and libraries call otherwise. */
interface OtherName {
  /** The names without regard to case and punctuation: `'keyint'`, `'gopsize'`. */
  names: readonly string[]
  /** The option of this package; a row counts only where the call has it. */
  option: string
  /** What to write, as the end of "Use …". */
  use: string
}

/** What people type who know WebCodecs, FFmpeg, GStreamer, x264 or `v4l2-ctl`. */
const OTHER_NAMES: readonly OtherName[] = [
  { names: ['fps', 'rate'], option: 'framerate', use: 'framerate, in frames per second' },
  {
    names: ['gop', 'gopsize', 'goplength', 'keyint', 'keyframeperiod', 'idrinterval', 'idrperiod'],
    option: 'keyFrameInterval',
    use: 'keyFrameInterval, in frames',
  },
  {
    names: ['tier'],
    option: 'codec',
    use: 'a codec string, such as codec: "hvc1.1.6.H153.B0" (H.265, High tier, level 5.1)',
  },
  {
    names: ['avc', 'hevc', 'annexb', 'streamformat', 'bitstreamformat'],
    option: 'bitstream',
    use: 'bitstream: "annexb" or "length-prefixed"',
  },
  {
    names: ['hardwareacceleration', 'hwaccel', 'acceleration', 'usehardware', 'gpu'],
    option: 'hardware',
    use: 'hardware: "prefer", "require" or "never"',
  },
  { names: ['software', 'usesoftware'], option: 'hardware', use: 'hardware: "never"' },
  {
    names: ['pixelformat', 'pixfmt', 'pixformat', 'inputformat'],
    option: 'format',
    use: 'format, such as format: "NV12"',
  },
  {
    names: ['latency', 'lowlatency', 'realtime', 'tune', 'zerolatency'],
    option: 'latencyMode',
    use: 'latencyMode: "realtime" or "quality"',
  },
  { names: ['speed', 'quality', 'complexity'], option: 'preset', use: 'preset, such as preset: "slow"' },
  {
    names: ['kbps', 'bitratekbps', 'mbps'],
    option: 'bitrate',
    use: 'bitrate, in bits per second: 2000 kbit/s is bitrate: 2_000_000',
  },
  { names: ['bps', 'targetbitrate', 'videobitrate'], option: 'bitrate', use: 'bitrate, in bits per second' },
  { names: ['qp', 'crf', 'cq', 'constqp', 'cqp'], option: 'quantizer', use: 'quantizer, 0 (finest) to 51' },
  { names: ['qpmin', 'qmin', 'minqp'], option: 'minQuantizer', use: 'minQuantizer' },
  { names: ['qpmax', 'qmax', 'maxqp'], option: 'maxQuantizer', use: 'maxQuantizer' },
  { names: ['maxrate', 'peakbitrate', 'bitratepeak'], option: 'maxBitrate', use: 'maxBitrate, in bits per second' },
  {
    names: ['vbv', 'vbvbufsize', 'bufsize', 'cpb', 'cpbsize'],
    option: 'bufferMs',
    use: 'bufferMs, in milliseconds of the bit rate',
  },
  { names: ['aud', 'insertaud'], option: 'accessUnitDelimiters', use: 'accessUnitDelimiters' },
  { names: ['slices', 'numslices'], option: 'sliceCount', use: 'sliceCount' },
  { names: ['slicemaxsize', 'maxslicesize'], option: 'sliceBytes', use: 'sliceBytes' },
  { names: ['intrarefresh'], option: 'intraRefreshPeriod', use: 'intraRefreshPeriod, in frames' },
  { names: ['refs', 'ref', 'references'], option: 'referenceFrames', use: 'referenceFrames' },
  {
    names: ['ratecontrol', 'ratecontrolmode', 'cbr', 'vbr'],
    option: 'bitrateMode',
    use: 'bitrateMode: "constant" or "variable"',
  },
  {
    names: ['color', 'color', 'colors', 'matrix', 'colormatrix', 'fullrange', 'colorrange'],
    option: 'colorSpace',
    use: 'colorSpace: { matrix, fullRange }',
  },
  {
    names: ['sar', 'par', 'aspectratio', 'pixelaspectratio'],
    option: 'sampleAspectRatio',
    use: 'sampleAspectRatio: { width, height }',
  },
  { names: ['size', 'resolution', 'framesize'], option: 'width', use: 'width and height' },
  { names: ['device', 'node', 'path', 'index', 'id'], option: 'camera', use: 'camera: an index, a device or a name' },
  { names: ['node', 'path', 'encoder'], option: 'device', use: 'device, such as device: "/dev/video11"' },
  {
    names: ['loglevel', 'verbose', 'logger', 'debug'],
    option: 'log',
    use: 'log: a level such as "info", or a function',
  },
  { names: ['buffers', 'buffercount', 'numbuffers'], option: 'queueDepth', use: 'queueDepth, in frames' },
  {
    names: ['queuesize', 'maxqueuesize', 'highwatermark'],
    option: 'maxPendingFrames',
    use: 'maxPendingFrames, in frames',
  },
  { names: ['overflow', 'backpressure', 'onfull'], option: 'whenFull', use: 'whenFull' },
  { names: ['mimetype', 'encoding'], option: 'codec', use: 'codec, such as codec: "h264"' },
]

/**
 * What to use instead of a name that other programs have for an option, if the call has such an option.
 *
 * @internal
 */
export function otherName(name: string, options: readonly string[]): string | undefined {
  const plain = name.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
  return OTHER_NAMES.find((row) => options.includes(row.option) && row.names.includes(plain))?.use
}
