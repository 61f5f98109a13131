import { readdirSync, readFileSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import test from 'ava'
import type { ExecutionContext } from 'ava'
import { openDevice } from '../../ts/device/index.js'
import { allocateSurface, createEncoder, openCamera } from '../../ts/index.js'
import type { EncoderOptions } from '../../ts/index.js'
import { loadAddon } from '../../ts/native/loader.js'
import { onVirtualJetson, virtualJetson } from '../support/virtual-jetson.js'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const SMALL: EncoderOptions = { codec: 'h264', width: 64, height: 64, hardware: 'never', log: 'silent' }
const DATA = new Uint8Array(64 * 64 * 1.5)
const ROUNDS = 200
/** What may come and go besides: Node's own threads and memory, and a thread of ours that just ends. */
const LEEWAY = 12

const turn = () => new Promise((resolve) => setTimeout(resolve, 5))

/** Of a process that is idle: what is open, what runs, and what is mapped of devices. */
function held() {
  const mapped = readFileSync('/proc/self/maps', 'utf8').split('\n')
  return {
    descriptors: readdirSync('/proc/self/fd').length,
    threads: readdirSync('/proc/self/task').length,
    mappings: mapped.filter((line) => line.includes(' rw-s ')).length,
  }
}

/** Does it many times, some at once, and compares what is held before and after without a collection of garbage. */
async function leavesNothing(t: ExecutionContext, once: () => Promise<void>, atOnce = 10): Promise<void> {
  await once()
  await turn()
  const before = held()
  for (let round = 0; round < ROUNDS; round += atOnce) await Promise.all(Array.from({ length: atOnce }, once))
  await turn()
  const after = held()
  for (const what of ['descriptors', 'threads', 'mappings'] as const) {
    t.true(after[what] - before[what] <= LEEWAY, `${what}: ${before[what]} before, ${after[what]} after`)
  }
  const open = loadAddon().countOpen()
  t.deepEqual(open, { sessions: 0, cameras: 0, devices: 0 })
}

async function openAndClose(options: EncoderOptions): Promise<void> {
  const encoder = await createEncoder(options)
  await encoder.encode({ data: DATA, timestamp: 0 })
  await encoder.close()
}

test.serial('200 encoders in software leave nothing behind', async (t) => {
  await leavesNothing(t, () => openAndClose(SMALL))
})

onVirtualJetson('200 encoders of a Jetson leave nothing behind', async (t) => {
  const { device, library } = virtualJetson(t, { latencyMs: 0, stdoutMessages: false, codec: 'passthrough' })
  const options: EncoderOptions = { ...SMALL, hardware: 'require', device, library }
  const before = held()
  const encoder = await createEncoder(options)
  const during = held()
  for (const what of ['descriptors', 'threads', 'mappings'] as const) t.true(during[what] > before[what], what)
  await encoder.close()
  // The library opens and closes one at a time.
  await leavesNothing(t, () => openAndClose(options), 1)
})

test.serial('200 encoders that cannot be opened, or are rejected, leave nothing behind', async (t) => {
  await leavesNothing(t, async () => {
    await t.throwsAsync(createEncoder({ ...SMALL, hardware: 'require', device: '/nonexistent' }))
    await t.throwsAsync(createEncoder({ ...SMALL, width: 3 }))
  })
})

test.serial('200 encoders that are given up while they open leave nothing behind', async (t) => {
  await leavesNothing(t, async () => {
    const controller = new AbortController()
    const opening = createEncoder({ ...SMALL, signal: controller.signal })
    controller.abort()
    await t.throwsAsync(opening, { any: true })
    await turn()
  })
})

test.serial('200 cameras that cannot be opened leave nothing behind', async (t) => {
  await leavesNothing(t, async () => {
    await t.throwsAsync(openCamera({ camera: '/dev/null' }))
    await t.throwsAsync(openCamera({ camera: '/nonexistent/video0' }))
  })
})

onVirtualJetson('200 devices, opened or not, leave nothing behind', async (t) => {
  const { device: path, library } = virtualJetson(t)
  await leavesNothing(t, async () => {
    const device = await openDevice(path, { transport: 'nvidia', library })
    await device.close()
    await t.throwsAsync(openDevice('/dev/null'))
    await t.throwsAsync(openDevice('/nonexistent'))
  })
})

onVirtualJetson('surfaces that come too late are freed', async (t) => {
  const { library } = virtualJetson(t)
  await leavesNothing(t, async () => {
    const controller = new AbortController()
    const allocating = allocateSurface({ width: 64, height: 64, library, signal: controller.signal })
    controller.abort()
    await t.throwsAsync(allocating, { any: true })
    await turn()
  })
})

/** Collects what nothing refers to any more, until `done`. */
async function collectUntil(t: ExecutionContext, what: string, done: () => boolean): Promise<void> {
  for (let round = 0; round < 200 && !done(); round++) {
    // What a WeakRef has given out stays until this turn is over.
    await turn()
    collect()
    await turn()
  }
  t.true(done(), what)
}

for (const [end, hardware] of [
  ['closed', 'never'],
  ['not opened', 'require'],
] as const) {
  test.serial(`an encoder that was ${end} keeps neither the program's functions nor itself`, async (t) => {
    const references: WeakRef<object>[] = []
    await (async () => {
      const log = () => {}
      const onFrameLost = () => {}
      const options: EncoderOptions = { ...SMALL, hardware, device: '/nonexistent', log, onFrameLost }
      references.push(new WeakRef(log), new WeakRef(onFrameLost))
      const encoder = await createEncoder(options).catch(() => undefined)
      if (encoder) references.push(new WeakRef(encoder))
      await encoder?.encode({ data: DATA, timestamp: 0 })
      await encoder?.close()
    })()
    await collectUntil(t, 'all is collected', () => references.every((reference) => reference.deref() === undefined))
  })
}

test.serial(
  'the functions of a closed encoder go although the program has the encoder, and its chunks and counters stay',
  async (t) => {
    const references: WeakRef<object>[] = []
    const encoder = await (async () => {
      const onFrameLost = () => {}
      references.push(new WeakRef(onFrameLost))
      const opened = await createEncoder({ ...SMALL, onFrameLost })
      await opened.encode({ data: DATA, timestamp: 7 })
      await opened.close()
      return opened
    })()
    await collectUntil(t, 'the function is collected', () => references[0]!.deref() === undefined)
    t.like(encoder.stats, { framesIn: 1, chunksOut: 1, inFlight: 0 })
    const timestamps: number[] = []
    for await (const chunk of encoder) timestamps.push(chunk.timestamp)
    t.deepEqual(timestamps, [7])
  },
)

onVirtualJetson('encoders that the program has lost make room for others, with a warning', async (t) => {
  const { device, library } = virtualJetson(t, { latencyMs: 0, stdoutMessages: false })
  const said: string[] = []
  const log = { level: 'warn', write: ({ message }: { message: string }) => void said.push(message) } as const
  const open = () => createEncoder({ ...SMALL, hardware: 'require', device, library, log })
  const open16 = async () => {
    for (let count = 0; count < 16; count++) {
      const encoder = await open()
      await encoder.encode({ data: DATA, timestamp: 0 })
      await encoder.flush()
    }
  }
  await open16()
  await collectUntil(t, 'all are closed', () => loadAddon().countOpen().sessions === 0)
  t.is(said.filter((message) => message.includes('was not closed')).length, 16)
  await openAndClose({ ...SMALL, hardware: 'require', device, library })
})

test.serial('an encoder that the program has lost stays for a caller that still gets something of it', async (t) => {
  const reader = await (async () => {
    const encoder = await createEncoder(SMALL)
    const subscription = encoder.subscribe({ start: 'now' })
    await encoder.encode({ data: DATA, timestamp: 3 })
    await encoder.flush()
    return subscription
  })()
  const lent = await (async () => (await createEncoder(SMALL)).acquireFrame())()
  for (let round = 0; round < 10; round++) {
    collect()
    await turn()
  }
  t.is(loadAddon().countOpen().sessions, 2)
  t.is((await reader.next()).value?.timestamp, 3)
  t.true(lent.planes[0]!.data.byteLength > 0)
  await reader.return!()
  lent.close()
  await collectUntil(t, 'both are closed', () => loadAddon().countOpen().sessions === 0)
})

test.serial('a reader that the program has lost reads no more', async (t) => {
  const encoder = await createEncoder(SMALL)
  await encoder.encode({ data: DATA, timestamp: 0 })
  await encoder.encode({ data: DATA, timestamp: 1 })
  await encoder.flush()
  const read = async () => (await encoder[Symbol.asyncIterator]().next()).value?.timestamp
  t.is(await read(), 0)
  let second: number | undefined
  for (let round = 0; round < 200 && second === undefined; round++) {
    collect()
    await turn()
    second = await read().catch(() => undefined)
  }
  t.is(second, 1)
  await encoder.close()
})
