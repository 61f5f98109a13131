// A module as users of CommonJS write it: TypeScript makes require() of the imports. `scripts/test-install` compiles it with other
// versions and settings, also as an ES module, and runs what comes of it.
import { createEncoder, ErrorCode, V4l2EncoderError } from 'v4l2-encoder'
import type { ArgumentError, EncodedChunk, Encoder, EncoderOptions } from 'v4l2-encoder'
import { Device, openDevice, Requests, structs, V4L2_BUF_TYPE } from 'v4l2-encoder/device'

export { Device }

/** What is made of a class of the package is one of it. */
export class Special extends V4l2EncoderError {
  readonly extra: number = 1
}

export const wrong: Promise<Encoder> = createEncoder({ codec: 'no such codec' })

export async function isOurs(failing: Promise<unknown>): Promise<boolean> {
  const error: unknown = await failing.catch((reason: unknown) => reason)
  return error instanceof TypeError && (error as ArgumentError).code === ErrorCode.Config
}

export function reasonOf(error: unknown): ErrorCode | undefined {
  return error instanceof V4l2EncoderError ? error.code : undefined
}

export async function use(options: EncoderOptions): Promise<EncodedChunk[]> {
  const encoder = await createEncoder(options)
  const chunks: EncodedChunk[] = []
  for await (const chunk of encoder) chunks.push(chunk)
  // @ts-expect-error: encoders are made by createEncoder()
  void new (encoder.constructor as typeof Encoder)()
  return chunks
}

export async function ask(path: string): Promise<number> {
  const device: Device = await openDevice(path, { transport: 'kernel' })
  const type: V4L2_BUF_TYPE = V4L2_BUF_TYPE.VIDEO_CAPTURE
  const { parm } = await device.request(Requests.G_PARM, { type })
  await device.close()
  return (parm.capture?.timeperframe.denominator ?? 0) + structs.v4l2_buffer.size
}
