/** The package on a machine that has a camera, which is a fake one, for examples of the documents. */
import type { Camera } from '../../../ts/camera/camera.js'
import { listCamerasOn } from '../../../ts/camera/list-cameras.js'
import type { CameraInfo, ListCamerasOptions } from '../../../ts/camera/list-cameras.js'
import { openCameraOn } from '../../../ts/camera/open-camera.js'
import type { CameraOptions } from '../../../ts/camera/open-camera.js'
import type { NativeCamera } from '../../../ts/native/camera.js'
import { FakeAddon } from '../fake-addon.js'
import { FakeCamera, FakePicture } from '../fake-camera.js'

export * from '../../../ts/index.js'

const WIDTH = 1280
const HEIGHT = 720

class Picture extends FakePicture {
  override convert(): Promise<ArrayBuffer> {
    return Promise.resolve(new ArrayBuffer((WIDTH * HEIGHT * 3) / 2))
  }
}

/** Gives a frame every five milliseconds. */
class PlayedCamera extends FakeCamera {
  override dmabuf = false
  readonly #waiting: FakePicture[] = []
  #count = 0
  readonly #timer = setInterval(() => {
    if (this.#waiting.length < 2) this.#waiting.push(new Picture(++this.#count, null))
    this.tell(null)
  }, 5).unref()

  override settings(): ReturnType<NativeCamera['settings']> {
    return { ...super.settings(), width: WIDTH, height: HEIGHT, framerate: 30, duration: 33_333 }
  }

  override take(): FakePicture | ReturnType<FakeCamera['take']> {
    return this.#waiting.shift() ?? this.ended
  }

  override close(): Promise<void> {
    clearInterval(this.#timer)
    return super.close()
  }
}

class Addon extends FakeAddon {
  override readonly camera = new PlayedCamera()
}

export function openCamera(options: CameraOptions = {}): Promise<Camera> {
  return openCameraOn(() => new Addon(), options)
}

export function listCameras(options: ListCamerasOptions = {}): Promise<CameraInfo[]> {
  return listCamerasOn(() => new FakeAddon(), options)
}
