import { inspect } from 'node:util'
import test from 'ava'
import { openCameraOn } from '../../ts/camera/open-camera.js'
import { allocateSurfaceOn } from '../../ts/frame/surface.js'
import { FakeAddon, nativeError, openFake } from '../support/fake-addon.js'

const frame = (timestamp: number) => ({ data: new Uint8Array(64 * 64 * 1.5), timestamp })

test('console.log(encoder) shows what runs and what it has done', async (t) => {
  const { encoder } = await openFake(t)
  await encoder.encode(frame(1))
  await encoder.flush()
  const text = inspect(encoder, { breakLength: Infinity })
  t.regex(text, /^Encoder \{ backend: 'jetson', device: '\/dev\/v4l2-nvenc', codec: 'h264', width: 64, height: 64, /)
  t.regex(text, /framerate: 30, bitrate: 2000000, state: 'open', encodeQueueSize: 0, framesIn: 1, chunksOut: 1, /)
  t.is(inspect({ inner: { encoder } }, { depth: 0 }), '{ inner: [Object] }')
  t.is(inspect({ encoder }, { depth: 0 }), '{ encoder: [Encoder] }')
  await encoder.close()
})

test('an encoder is printed without a call of the addon, also when it is closed or has failed', async (t) => {
  const closed = await openFake(t)
  await closed.encoder.encode(frame(1))
  await closed.encoder.close()
  closed.session.stats = () => {
    throw new Error('The addon was called.')
  }
  t.regex(inspect(closed.encoder), /state: 'closed'[^]*framesIn: 1/)
  const failed = await openFake(t)
  failed.session.emit({ type: 'fatal', error: nativeError('ERR_DEVICE') })
  t.regex(inspect(failed.encoder), /state: 'failed'/)
})

test('a subscription, a lent frame, a surface and a camera are printed with their state', async (t) => {
  const { encoder, addon } = await openFake(t)
  const subscription = encoder.subscribe()
  t.is(inspect(subscription), "Subscription { waiting: 0, dropped: 0, state: 'open' }")
  const lent = await encoder.acquireFrame()
  t.regex(inspect(lent), /^LentFrame \{[^]*width: 64,[^]*state: 'lent'/)
  lent.close()
  t.regex(inspect(lent), /state: 'closed'/)
  const surface = await allocateSurfaceOn(() => addon, { width: 64, height: 64 })
  t.regex(inspect(surface), /^Surface \{[^]*format: 'NV12',[^]*state: 'open'/)
  surface.close()
  t.regex(inspect(surface), /state: 'closed'/)
  const camera = await openCameraOn(() => new FakeAddon(), {})
  t.regex(inspect(camera), /^Camera \{[^]*device: [^]*width: [^]*state: 'open',[^]*delivered: 0/)
  await camera.close()
  t.regex(inspect(camera), /state: 'closed'/)
  await encoder.close()
  t.regex(inspect(subscription), /state: 'ended'/)
})
