// A program of its own, for what can only be seen from outside: how a process with an encoder ends.
import { openEncoder } from '../../../ts/encoder/create.js'
import { FakeAddon, frameAt, nativeError } from '../fake-addon.js'

const addon = new FakeAddon()
const encoder = await openEncoder(() => addon, { codec: 'h264', width: 64, height: 64, log: 'silent' })
// After the package's own listener.
process.on('exit', () => console.log(`closed by exit: ${addon.closedAllNow}`))
const session = addon.sessions[0]!

const scenarios: Record<string, () => void | Promise<void>> = {
  'forgets close': () => encoder.encode(frameAt(0)),
  'only reads': () => {
    void encoder[Symbol.asyncIterator]().next()
  },
  'waits for a flush': () => {
    session.automatic = false
    void encoder.flush().then(() => console.log('flushed'))
    setTimeout(() => session.emit({ type: 'done', id: session.lastId }), 200).unref()
  },
  'waits for a chunk in flight': () => {
    session.automatic = false
    void encoder.encode(frameAt(0))
    void encoder[Symbol.asyncIterator]()
      .next()
      .then(() => console.log('chunk'))
    setTimeout(() => session.deliver(), 200).unref()
  },
  'has frames that the device holds back': async () => {
    session.automatic = false
    await encoder.encode(frameAt(0))
    await encoder.encode(frameAt(1))
    session.emit({ type: 'held', frames: 2 })
  },
  'ignores a fatal error': () => {
    session.room = 0
    void encoder.encode(frameAt(0))
    void encoder.flush()
    setTimeout(() => session.emit({ type: 'fatal', error: nativeError('ERR_DEVICE_LOST') }), 50)
  },
  'ignores a bad frame': () => {
    void encoder.encode({ data: new Uint8Array(1), timestamp: Number.NaN })
  },
  'ignores a frame that the addon rejects': () => {
    session.frameError = { ...nativeError('ERR_FRAME'), kind: 'range' }
    void encoder.encode(frameAt(0))
  },
  'calls process.exit(7)': () => process.exit(7),
  'throws in onFrameLost': async () => {
    const failing = await openEncoder(() => addon, {
      codec: 'h264',
      onFrameLost: () => {
        throw new Error('from the listener')
      },
    })
    addon.sessions[1]!.emit({ type: 'lost', error: { ...nativeError('ERR_FRAME'), timestamp: 0 } })
    await failing.close()
  },
  'throws in release': async () => {
    process.on('uncaughtException', ({ message }) => console.log(`uncaught: ${message}`))
    const release = () => {
      throw new Error('from release')
    }
    await encoder.encode({ ...frameAt(0), release })
    await encoder.flush()
    console.log(`encoded: ${session.frames.length}`)
  },
}
await scenarios[process.argv[2]!]!()
