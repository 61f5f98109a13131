import type { NativeAnswer, NativeDevice, NativeDeviceOptions } from '../../ts/native/device.js'
import { FakeDevice } from './fake-device.js'
import { FakeSession } from './fake-session.js'
import type { Driver } from './fake-device.js'
import { FakeCamera } from './fake-camera.js'
import type { NativeCamera, NativeCameraListing, NativeCameraOptions } from '../../ts/native/camera.js'
import type { ExecutionContext } from 'ava'
import { openEncoder } from '../../ts/encoder/create.js'
import type { Encoder } from '../../ts/encoder/encoder.js'
import type {
  NativeActive,
  NativeAddon,
  NativeChannel,
  NativeConfig,
  NativeEncoderInfo,
  NativeEvent,
  NativeSession,
  NativeSupport,
} from '../../ts/native/addon.js'
import type { NativeError, NativeHandle, NativeFailure } from '../../ts/native/error.js'
import type { NativeSurface, NativeSurfaceOptions } from '../../ts/native/surface.js'
import type { EncoderOptions } from '../../ts/encoder/options.js'
import type { ErrorCode } from '../../ts/shared/errors.js'

export { chunkOf, FakeSession } from './fake-session.js'

/** An error as the addon reports it. */
export function nativeError(code: ErrorCode, message = 'It went wrong.'): NativeError {
  return { kind: 'error', code, message }
}

/** What the fake addon says runs. */
export function activeOf(config: NativeConfig): NativeActive {
  const { codecs, device, library: _library, root: _root, logLevel: _level, ...rest } = config
  return {
    backend: 'jetson',
    device: [device ?? '/dev/v4l2-nvenc'].flat()[0]!,
    rejected: [],
    settings: [],
    warnings: [],
    input: {
      format: 'I420',
      codedWidth: 64,
      codedHeight: 64,
      planes: [0, 1, 2].map((memory) => ({ memory, offset: 0, stride: 64 })),
      memories: [4096, 2048, 2048],
      dmabuf: 'none',
      dmabufFormats: [],
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
  support: NativeSupport | NativeFailure = { supported: true, device: null, rejected: [] }
  closedAllNow = 0
  isBusy = () => false
  permissionHint = (device: string) => `Ask for ${device}.`
  countOpen = () => ({ sessions: 0, cameras: 0, devices: 0 })
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

  open(config: NativeConfig, onEvent: (event: NativeEvent) => void): NativeSession | NativeFailure {
    this.configs.push(config)
    if (this.refusal) return { error: this.refusal }
    const session = new FakeSession(onEvent)
    this.sessions.push(session)
    if (this.failure) session.emitLater({ type: 'failed', error: this.failure })
    else if (!this.neverOpens) session.emitLater({ type: 'opened', active: activeOf(config) })
    return session
  }

  encodeCameraFrame(
    session: NativeHandle<NativeSession>,
    ...frame: Parameters<FakeSession['encodeCameraFrame']>
  ): number | NativeError {
    return (session as FakeSession).encodeCameraFrame(...frame)
  }

  /** What surfaces are asked for, and what becomes of them. */
  readonly surfaceCalls: unknown[] = []
  /** What making written memory visible goes wrong with. */
  syncError: NativeError | null = null

  allocateSurface(options: NativeSurfaceOptions): Promise<NativeSurface | NativeFailure> {
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

  openDevice(options: NativeDeviceOptions, onAnswer: (answer: NativeAnswer) => void): NativeDevice | NativeFailure {
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
  ): Promise<NativeCamera | NativeFailure> {
    this.cameraOptions.push(options)
    if (this.refusal) return Promise.resolve({ error: this.refusal })
    this.camera.tell = onEvent
    return Promise.resolve(this.camera)
  }

  isSupported(config: NativeConfig): Promise<NativeSupport | NativeFailure> {
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
