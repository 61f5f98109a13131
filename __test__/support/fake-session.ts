import type { NativeError, NativeHandle } from '../../ts/native/error.js'
import type {
  NativeEvent,
  NativeLease,
  NativeLentFrame,
  NativeSession,
  NativeStats,
  NativeTuning,
  NativeChange,
} from '../../ts/native/addon.js'
import type { NativeCameraFrame } from '../../ts/native/camera.js'

const TRY_TAKEN = 0
const TRY_FULL = 1
const TRY_CLOSED = 2

/** One frame as the addon got it. */
export interface TakenFrame {
  bytes: Uint8Array
  format: string
  layout: number[] | null
  timestamp: number
  duration: number
  keyFrame: boolean
}

/** A session that does what the test says: it has room for so many frames, and emits chunks when told to. */
export class FakeSession implements NativeSession {
  readonly frames: TakenFrame[] = []
  readonly calls: string[] = []
  /** Answers flushes and closes by itself, and codes each frame at once. */
  automatic = true
  /** Frames that fit in until chunks come out. */
  room = 8
  frameError: NativeError | null = null
  takeError: NativeError | null = null
  closed = false
  inFlight: TakenFrame[] = []
  /** Buffers that are lent. */
  #lent = 0
  lent = () => this.#lent
  readonly #onEvent: (event: NativeEvent) => void

  constructor(onEvent: (event: NativeEvent) => void) {
    this.#onEvent = onEvent
  }

  /** As from the addon's own thread: never within a call. */
  emitLater(event: NativeEvent): void {
    setImmediate(() => this.emit(event))
  }

  emit(event: NativeEvent): void {
    this.#onEvent(event)
    if (event.type === 'failed' || (event.type === 'done' && event.id === 0)) this.#onEvent({ type: 'over' })
  }

  /** Lets the oldest frames in flight come out. */
  deliver(count = this.inFlight.length, bytes = 4): void {
    for (const frame of this.inFlight.splice(0, count)) this.emit(chunkOf(frame, bytes))
  }

  handle(): NativeHandle<NativeSession> {
    return this as NativeHandle<NativeSession>
  }

  /** Calls with a frame in the caller's memory. */
  crossings = 0

  checkFrame(): NativeError | null {
    this.crossings++
    return this.frameError
  }

  setMetadata(captureTime: number, captureTimeUncertainty: number, frameId: number, userData: Uint8Array | null): null {
    this.calls.push(`metadata ${[captureTime, captureTimeUncertainty, frameId, userData?.join(' ') ?? '-'].join(' ')}`)
    return null
  }

  setRequest(exact: boolean, quantizer: number, regions: Int32Array | null): null {
    this.calls.push(`request ${exact} ${quantizer} ${regions?.join(' ') ?? '-'}`)
    return null
  }

  tryEncode(
    data: Uint8Array,
    format: string | null,
    layout: Uint32Array | null,
    timestamp: number,
    duration: number,
    keyFrame: boolean,
  ): number | NativeError {
    this.crossings++
    if (this.frameError) return this.frameError
    if (this.closed) return TRY_CLOSED
    if (this.takeError) return this.takeError
    if (this.inFlight.length + this.#lent >= this.room) return TRY_FULL
    return this.#take(data, format, layout, timestamp, duration, keyFrame)
  }

  #take(
    data: Uint8Array,
    format: string | null,
    layout: Uint32Array | null,
    timestamp: number,
    duration: number,
    keyFrame: boolean,
  ): number {
    const frame = {
      bytes: data.slice(),
      format: format ?? 'I420',
      layout: layout && [...layout],
      timestamp,
      duration,
      keyFrame,
    }
    this.frames.push(frame)
    this.calls.push(`encode ${timestamp}`)
    this.inFlight.push(frame)
    if (this.automatic) this.#deliverLater({ ...frame, keyFrame: keyFrame || this.frames.length === 1 })
    return TRY_TAKEN
  }

  /** Tokens of frames in DMABUFs that the device has. */
  readonly leased: number[] = []

  tryEncodeDmabuf(
    descriptors: Int32Array,
    layout: Uint32Array,
    format: string | null,
    timestamp: number,
    duration: number,
    keyFrame: boolean,
    token: number,
    mapParams: Uint8Array | null,
  ): number | NativeError {
    if (mapParams) this.calls.push(`map parameters ${mapParams.join(' ')}`)
    const answer = this.tryEncode(Uint8Array.from(descriptors), format, layout, timestamp, duration, keyFrame)
    if (answer === TRY_TAKEN) this.leased.push(token)
    return answer
  }

  /** Pictures of cameras that the device has. */
  readonly pictures: NativeHandle<NativeCameraFrame>[] = []

  encodeCameraFrame(
    picture: NativeHandle<NativeCameraFrame>,
    timestamp: number,
    duration: number,
    keyFrame: boolean,
  ): number | NativeError {
    const answer = this.tryEncode(new Uint8Array(0), null, null, timestamp, duration, keyFrame)
    if (answer === TRY_TAKEN) this.pictures.push(picture)
    return answer
  }

  /** The device has let go of the oldest frame in a DMABUF. */
  release(): void {
    this.emit({ type: 'released', token: this.leased.shift()! })
  }

  lend(): NativeLentFrame | number | NativeError {
    if (this.closed) return TRY_CLOSED
    if (this.takeError) return this.takeError
    if (this.inFlight.length + this.#lent >= this.room) return TRY_FULL
    this.#lent++
    const planes = [
      { memory: 0, offset: 0, stride: 128, length: 128 * 63 + 64 },
      { memory: 0, offset: 8192, stride: 128, length: 128 * 31 + 64 },
    ]
    const giveBack = () => {
      this.#lent--
      this.calls.push('give back')
      if (this.automatic) this.emitLater({ type: 'room' })
    }
    const lease = { giveBack }
    return { lease, format: 'NV12', planes, memories: [new ArrayBuffer(12_288)] }
  }

  encodeLent(
    _lease: NativeLease,
    memories: ArrayBuffer[],
    timestamp: number,
    duration: number,
    keyFrame: boolean,
  ): number | NativeError {
    this.#lent--
    if (this.closed) return TRY_CLOSED
    // It has its buffer already.
    return this.#take(new Uint8Array(memories[0]!), 'NV12', null, timestamp, duration, keyFrame)
  }

  flush(id: number): void {
    this.#request('flush', id)
  }

  tune(id: number, { bitrate, framerate }: NativeTuning): void {
    const changes: NativeChange[] = []
    for (const [name, requested] of Object.entries({ bitrate, framerate })) {
      if (requested === undefined) continue
      changes.push({ setting: { name, requested, actual: null, source: 'requested' }, effect: 'applied' })
    }
    const call = bitrate === undefined ? `setFramerate ${framerate}` : `setBitrate ${bitrate}`
    this.#request(call, id, { type: 'tuned', id, changes })
  }

  close(id: number, discard: boolean): void {
    this.closed = true
    this.#request(discard ? 'discard' : 'close', id)
  }

  stats(): NativeStats {
    const framesIn = this.frames.length
    const inFlight = this.inFlight.length
    const ways = { framesCopied: framesIn, framesLent: 0, framesImported: 0 }
    const zero = {
      ...ways,
      framesLost: 0,
      bytesOut: 0,
      keyFrames: 0,
      pipelineDelay: null,
      latencyMs: null,
      hungDevices: 0,
    }
    return { ...zero, framesIn, inFlight, chunksOut: framesIn - inFlight }
  }

  lastId = -1

  #deliverLater(frame: TakenFrame): void {
    setImmediate(() => {
      this.inFlight.shift()
      this.#onEvent(chunkOf(frame))
      this.#onEvent({ type: 'room' })
    })
  }

  #request(call: string, id: number, answer: NativeEvent = { type: 'done', id }): void {
    this.calls.push(call)
    this.lastId = id
    if (this.automatic) this.emitLater(answer)
  }
}

/** The chunk a frame becomes. */
export function chunkOf(frame: Pick<TakenFrame, 'timestamp' | 'keyFrame'>, bytes = 4): NativeEvent {
  const { timestamp, keyFrame: key } = frame
  const decoderConfig = { codec: 'avc1.42e01f', codedWidth: 64, codedHeight: 64 }
  return { type: 'chunk', data: new Uint8Array(bytes), key, timestamp, ...(key ? { decoderConfig } : {}) }
}
