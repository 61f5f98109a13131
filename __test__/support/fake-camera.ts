import type {
  NativeCamera,
  NativeCameraSettings,
  NativeControl,
  NativeDmabuf,
  NativeCameraFrame,
} from '../../ts/native/camera.js'
import type { CameraStats } from '../../ts/native/camera.js'
import type { NativeError, NativeHandle, NativeFailure } from '../../ts/native/error.js'

/** A picture of a camera that is played; its bytes all have the value `byte`. */
export class FakePicture implements NativeCameraFrame {
  /** What was given back, in order. */
  readonly released: (ArrayBuffer | undefined)[] = []
  damage: NativeError | undefined
  readonly #byte: number
  readonly #shared: Omit<NativeDmabuf, 'frame'> | null

  constructor(byte: number, shared: Omit<NativeDmabuf, 'frame'> | null) {
    this.#byte = byte
    this.#shared = shared
  }

  timestamp(): number {
    return this.#byte * 1000
  }

  /** Microseconds since 1970. */
  captureTime(): number {
    return 1_796_083_200_000_000 + this.timestamp()
  }

  captureTimeUncertainty(): number {
    return 2
  }

  convert(): Promise<ArrayBuffer | NativeError> {
    return Promise.resolve(this.damage ?? new Uint8Array((64 * 64 * 3) / 2).fill(this.#byte).buffer)
  }

  dmabuf(): NativeDmabuf | null {
    if (!this.#shared) return null
    return { ...structuredClone(this.#shared), frame: this as NativeHandle<NativeCameraFrame> }
  }

  release(memory?: ArrayBuffer): void {
    this.released.push(memory)
    if (memory) structuredClone(memory, { transfer: [memory] })
  }
}

const SHARED: Omit<NativeDmabuf, 'frame'> = {
  format: 'NV12',
  planes: [
    { fd: 7, offset: 0, stride: 64 },
    { fd: 7, offset: 4096, stride: 64 },
  ],
}

/** A camera that gives the pictures which a test puts into it. */
export class FakeCamera implements NativeCamera {
  readonly pictures: FakePicture[] = []
  readonly set: [name: string, value: number][] = []
  closed = 0
  ended: NativeError | null = null
  dmabuf = true
  interlaced = false
  refusal: NativeFailure | undefined
  tell: (error: NativeError | null) => void = () => {}
  readonly #waiting: FakePicture[] = []

  settings(): NativeCameraSettings {
    return {
      device: '/dev/video7',
      name: 'A camera',
      driver: 'fake',
      bus: 'nowhere',
      width: 64,
      height: 64,
      framerate: 25,
      duration: 40_000,
      nativeFormat: 'NV12',
      format: 'NV12',
      colorSpace: { matrix: 'smpte170m', fullRange: true },
      buffers: 6,
      dmabuf: this.dmabuf,
      interlaced: this.interlaced,
    }
  }

  /** A picture comes. */
  picture(byte: number, damage?: NativeError): FakePicture {
    const picture = new FakePicture(byte, this.dmabuf ? SHARED : null)
    picture.damage = damage
    this.pictures.push(picture)
    this.#waiting.push(picture)
    this.tell(null)
    return picture
  }

  /** The camera fails. */
  end(code: string): void {
    this.ended = { kind: 'error', code, message: 'The camera went away.' }
    this.tell(this.ended)
  }

  take(): NativeCameraFrame | NativeError | null {
    return this.#waiting.shift() ?? this.ended
  }

  stats(): CameraStats {
    return { captured: 9, delivered: 4, dropped: 5, errors: 0, repaired: 0, missed: 0, converted: 4, dmabuf: 0 }
  }

  controls(): Promise<NativeControl[] | NativeFailure> {
    return Promise.resolve([
      {
        name: 'gain',
        label: 'Gain',
        kind: 'integer',
        minimum: 0,
        maximum: 255,
        step: 1,
        defaultValue: 64,
        value: 70,
        menu: [],
        readOnly: false,
        inactive: true,
      },
    ])
  }

  setControl(name: string, value: number): Promise<number | NativeFailure> {
    this.set.push([name, value])
    return Promise.resolve(this.refusal ?? value)
  }

  released = 0

  release(): void {
    this.released++
  }

  close(): Promise<void> {
    this.closed++
    this.ended ??= { kind: 'error', code: 'ERR_CLOSED', message: 'The camera is closed.' }
    return Promise.resolve()
  }
}
