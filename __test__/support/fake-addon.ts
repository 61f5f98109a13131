import type { NativeAnswer, NativeDevice, NativeDeviceOptions } from '../../ts/device/native.js'
import { FakeDevice } from './fake-device.js'
import type { Driver } from './fake-device.js'
import { FakeCamera } from './fake-camera.js'
import type { NativeCamera, NativeCameraListing, NativeCameraOptions, NativePicture } from '../../ts/camera/native.js'
import type { ExecutionContext } from 'ava'
import { openEncoder } from '../../ts/create.js'
import type { Encoder } from '../../ts/encoder.js'
import type {
  NativeActive,
  NativeAddon,
  NativeChannel,
  NativeConfig,
  NativeEncoderInfo,
  NativeError,
  NativeEvent,
  NativeHandle,
  NativeLease,
  NativeLentFrame,
  NativeRefusal,
  NativeSession,
  NativeStats,
  NativeSupport,
} from '../../ts/native.js'
import type { NativeSurface, NativeSurfaceOptions } from '../../ts/native-surface.js'
import type { EncoderOptions } from '../../ts/options.js'

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
  readonly #onEvent: (event: NativeEvent) => void

  constructor(onEvent: (event: NativeEvent) => void) {
    this.#onEvent = onEvent
  }

  /** As from the addon's own thread: never within a call. */
  emitLater(event: NativeEvent): void {
    setImmediate(() => this.#onEvent(event))
  }

  emit(event: NativeEvent): void {
    this.#onEvent(event)
  }

  /** Lets the oldest frames in flight come out. */
  deliver(count = this.inFlight.length, bytes = 4): void {
    for (const frame of this.inFlight.splice(0, count)) this.emit(chunkOf(frame, bytes))
  }

  handle(): NativeHandle<NativeSession> {
    return this as NativeHandle<NativeSession>
  }

  checkFrame(): NativeError | null {
    return this.frameError
  }

  tryEncode(
    data: Uint8Array,
    format: string | null,
    layout: Uint32Array | null,
    timestamp: number,
    duration: number,
    keyFrame: boolean,
  ): number | NativeError {
    if (this.frameError) return this.frameError
    if (this.closed) return TRY_CLOSED
    if (this.takeError) return this.takeError
    if (this.inFlight.length >= this.room) return TRY_FULL
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
  readonly pictures: NativeHandle<NativePicture>[] = []

  encodePicture(
    picture: NativeHandle<NativePicture>,
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
    return this.tryEncode(new Uint8Array(memories[0]!), 'NV12', null, timestamp, duration, keyFrame)
  }

  flush(id: number): void {
    this.#request('flush', id)
  }

  setBitrate(id: number, bitsPerSecond: number): void {
    this.#request(`setBitrate ${bitsPerSecond}`, id)
  }

  setFramerate(id: number, framesPerSecond: number): void {
    this.#request(`setFramerate ${framesPerSecond}`, id)
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
      quarantined: 0,
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

  #request(call: string, id: number): void {
    this.calls.push(call)
    this.lastId = id
    if (this.automatic) this.emitLater({ type: 'done', id })
  }
}

/** The chunk a frame becomes. */
export function chunkOf(frame: Pick<TakenFrame, 'timestamp' | 'keyFrame'>, bytes = 4): NativeEvent {
  const { timestamp, keyFrame: key } = frame
  const decoderConfig = { codec: 'avc1.42e01f', codedWidth: 64, codedHeight: 64 }
  return { type: 'chunk', data: new Uint8Array(bytes), key, timestamp, ...(key ? { decoderConfig } : {}) }
}

/** An error as the addon reports it. */
export function nativeError(code: string, message = 'It went wrong.'): NativeError {
  return { kind: 'error', code, message }
}

/** What the fake addon says runs. */
export function activeOf(config: NativeConfig): NativeActive {
  const { codecs, device, library: _library, root: _root, logLevel: _level, ...rest } = config
  return {
    backend: 'jetson',
    device: device ?? '/dev/v4l2-nvenc',
    rejected: [],
    settings: [],
    warnings: [],
    input: {
      format: 'I420',
      codedWidth: 64,
      codedHeight: 64,
      planes: [0, 1, 2].map((memory) => ({ memory, offset: 0, stride: 64 })),
      memories: [4096, 2048, 2048],
      imports: 'nothing',
      importFormats: [],
    },
    config: {
      bitrate: 2_000_000,
      keyFrameInterval: 60,
      queueDepth: 4,
      ...rest,
      bitrateMode: rest.bitrateMode ?? 'constant',
      codec: codecs[0]!.codec,
      codecString: 'avc1.42e01f',
    },
  }
}

/** An addon without devices. */
export class FakeAddon implements NativeAddon {
  readonly sessions: FakeSession[] = []
  readonly configs: NativeConfig[] = []
  refusal: NativeError | null = null
  failure: NativeError | null = null
  neverOpens = false
  encoders: NativeEncoderInfo[] = []
  cameras: NativeCameraListing = { cameras: [], unusable: [] }
  readonly cameraOptions: NativeCameraOptions[] = []
  readonly camera = new FakeCamera()
  support: NativeSupport | NativeRefusal = { supported: true, rejected: [] }
  closedAllNow = 0
  driver: Driver = () => 'ENOTTY'
  readonly devices: FakeDevice[] = []

  version(): string {
    return '0.0.0'
  }

  claimStdout(): number {
    return 1
  }

  openChannel(): NativeChannel {
    throw new Error('The fake addon has no sockets.')
  }

  open(config: NativeConfig, onEvent: (event: NativeEvent) => void): NativeSession | NativeRefusal {
    this.configs.push(config)
    if (this.refusal) return { error: this.refusal }
    const session = new FakeSession(onEvent)
    this.sessions.push(session)
    if (this.failure) session.emitLater({ type: 'failed', error: this.failure })
    else if (!this.neverOpens) session.emitLater({ type: 'opened', active: activeOf(config) })
    return session
  }

  encodePicture(
    session: NativeHandle<NativeSession>,
    ...frame: Parameters<FakeSession['encodePicture']>
  ): number | NativeError {
    return (session as FakeSession).encodePicture(...frame)
  }

  /** What surfaces are asked for, and what becomes of them. */
  readonly surfaceCalls: unknown[] = []
  /** What making written memory visible goes wrong with. */
  syncError: NativeError | null = null

  allocateSurface(options: NativeSurfaceOptions): Promise<NativeSurface | NativeRefusal> {
    this.surfaceCalls.push(options)
    const tell = (call: string) => {
      this.surfaceCalls.push(call)
      return null
    }
    return Promise.resolve({
      fd: () => 20,
      planes: () => [0, 1, 2].map((plane) => ({ offset: plane * 4096, stride: 64 })),
      map: () => [0, 1, 2].map(() => new ArrayBuffer(64)),
      unmap: () => this.syncError ?? tell('unmap'),
      mapParams: () => Uint8Array.of(1, 2, 3),
      close: () => tell('close'),
    })
  }

  listEncoders(): Promise<NativeEncoderInfo[]> {
    return Promise.resolve(this.encoders)
  }

  openDevice(options: NativeDeviceOptions, onAnswer: (answer: NativeAnswer) => void): NativeDevice | NativeRefusal {
    if (this.refusal) return { error: this.refusal }
    const device = new FakeDevice(options, onAnswer, (...request) => this.driver(...request))
    this.devices.push(device)
    return device
  }

  listCameras(): Promise<NativeCameraListing> {
    return Promise.resolve(this.cameras)
  }

  openCamera(
    options: NativeCameraOptions,
    onEvent: (error: NativeError | null) => void,
  ): Promise<NativeCamera | NativeRefusal> {
    this.cameraOptions.push(options)
    if (this.refusal) return Promise.resolve({ error: this.refusal })
    this.camera.tell = onEvent
    return Promise.resolve(this.camera)
  }

  isSupported(config: NativeConfig): Promise<NativeSupport | NativeRefusal> {
    this.configs.push(config)
    return Promise.resolve(this.support)
  }

  closeAllNow(): void {
    this.closedAllNow++
  }
}

/** Opens an encoder on a fake addon, and closes it after the test: one that waits for something keeps the process alive. */
export async function openFake(
  t: ExecutionContext,
  options: Partial<EncoderOptions> = {},
  addon = new FakeAddon(),
): Promise<{ encoder: Encoder; session: FakeSession; addon: FakeAddon }> {
  const encoder = await openEncoder(() => addon, { codec: 'h264', width: 64, height: 64, log: 'silent', ...options })
  const session = addon.sessions[0]!
  t.teardown(async () => {
    session.automatic = true
    await encoder.close({ discard: true }).catch(() => {})
  })
  return { encoder, session, addon }
}

/** A frame of the fake encoder's size. */
export function frameAt(timestamp: number): { data: Uint8Array; timestamp: number } {
  return { data: new Uint8Array((64 * 64 * 3) / 2), timestamp }
}

/** Lets everything that is under way on this thread happen. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) {
    await new Promise((resolve) => {
      setImmediate(resolve)
    })
  }
}
