// A program as a user writes it, for `target: es2022` and without any types of its own. It is compiled, never run.
import { Codec, createEncoder, ErrorCode, isSupported, listEncoders, V4l2EncoderError } from 'v4l2-encoder'
import { openDevice, Requests, structs, V4L2_EVENT } from 'v4l2-encoder/device'
import type { ControlValue } from 'v4l2-encoder/device'
import type { ArgumentError, EncodedChunk, Encoder, EncoderOptions, Frame, LogRecord, Subscription } from 'v4l2-encoder'

function same<A, B>(..._proof: [A] extends [B] ? ([B] extends [A] ? [] : [never]) : [never]): void {}

same<Codec, 'h264' | 'h265' | 'av1' | 'vp8' | 'vp9' | 'fwht'>()
same<EncodedChunk['data'], Uint8Array<ArrayBuffer>>()
same<Encoder['backend'], 'jetson' | 'v4l2' | 'software'>()

const options: EncoderOptions = {
  codec: [Codec.H265, 'avc1.42e01f'],
  signal: AbortSignal.timeout(1000),
  onFrameLost: (error: V4l2EncoderError) => console.error(error.timestamp),
  log: (record: LogRecord) => console.error(record.level, record.message),
}

// @ts-expect-error: the codec is required
void createEncoder({})
// @ts-expect-error: no such mode
void createEncoder({ codec: 'h264', latencyMode: 'realtme' })
// @ts-expect-error: no such option
void createEncoder({ codec: 'h264', bitRate: 1 })

async function* frames(): AsyncGenerator<Frame> {
  yield { data: new Uint8Array(1), timestamp: 0 }
  yield { data: new ArrayBuffer(1), timestamp: 0, layout: [{ offset: 0, stride: 64 }] }
  yield { data: new SharedArrayBuffer(1), timestamp: 0, format: 'NV12' }
}

export async function use(stream: ReadableStream<Frame>): Promise<void> {
  const encoder = await createEncoder(options)
  // @ts-expect-error: encoders are made by createEncoder()
  void new (encoder.constructor as typeof Encoder)()
  for await (const chunk of encoder) void chunk.decoderConfig?.description
  for await (const chunk of encoder.encodeAll(frames())) void chunk.type
  for await (const chunk of encoder.encodeAll(stream)) void chunk.type
  for await (const chunk of stream.pipeThrough(encoder.transform())) void chunk.duration
  const subscription: Subscription = encoder.subscribe({ start: 'now', limit: 3, whenFull: 'error' })
  void subscription.dropped
  const taken: boolean = encoder.tryEncode({ data: new Uint8Array(1), timestamp: 0 }, { keyFrame: true })
  void taken
  await encoder.setBitrate(1)
  await encoder.close({ discard: true })
  await encoder[Symbol.asyncDispose]()
  await encoder.closed
}

export async function look(): Promise<void> {
  const { supported, config } = await isSupported({ codec: 'h264' }, { probe: true })
  void [supported, config?.timeout, (await listEncoders({ probe: false }))[0]?.codecs]
}

export async function ask(): Promise<void> {
  const device = await openDevice('/dev/video0', { transport: 'kernel', timeout: 1000 })
  const { parm } = await device.request(Requests.G_PARM, { type: device.captureType })
  void parm.capture?.timeperframe.denominator
  // @ts-expect-error: no such member
  void device.request(Requests.G_PARM, { tpye: 1 })
  // @ts-expect-error: a number is wanted
  void device.request(Requests.S_INPUT, '0')
  const [value] = await device.getControls(['brightness', 0x00980901])
  same<typeof value, ControlValue>()
  for await (const { payload } of await device.events([{ type: V4L2_EVENT.CTRL, id: 0x00980900 }]))
    same<typeof payload.src_change, { changes: number } | undefined>()
  const queue = await device.queue(device.captureType, { count: 2, memory: 'mmap' })
  const buffer = await queue.dequeue({ timeout: 100 })
  void [buffer?.planes[0]?.byteLength, structs.v4l2_buffer.size]
  await device[Symbol.asyncDispose]()
}

export function explain(error: unknown): string | undefined {
  if (error instanceof V4l2EncoderError && error.code === ErrorCode.NoEncoder) return error.rejected[0]?.hint
  if (error instanceof TypeError) return (error as ArgumentError).hint
  return undefined
}
