import test from 'ava'
import type { LentFrame } from '../../ts/index.js'
import { openFake, settle } from '../support/fake-addon.js'
import type { FakeSession } from '../support/fake-addon.js'
import type { Encoder } from '../../ts/encoder/encoder.js'

const TIMEOUT_MS = 100
const bytes = (timestamp: number) => ({ data: new Uint8Array(6144), timestamp })

test('frames of both kinds behind the only buffer, which is lent, come out in the order of the calls', async (t) => {
  const { encoder, session } = await openFake(t, { queueDepth: 1 })
  session.room = 1
  const lent = await encoder.acquireFrame()
  lent.timestamp = 2
  await Promise.all([encoder.encode(bytes(1)), encoder.encode(lent), encoder.encode(bytes(3)), encoder.flush()])
  t.deepEqual(
    session.frames.map(({ timestamp }) => timestamp),
    [1, 2, 3],
  )
  await encoder.close()
})

test('what waits for a lent frame that nobody gives back rejects in time and says so; flush() and close() go on', async (t) => {
  const { encoder, session } = await openFake(t, { queueDepth: 1, timeout: TIMEOUT_MS })
  session.room = 1
  const lent = await encoder.acquireFrame()
  const [encoding, acquiring] = [encoder.encode(bytes(1)), encoder.acquireFrame()]
  const flushing = encoder.flush()
  const error = await t.throwsAsync(encoding, {
    code: 'ERR_TIMEOUT',
    message: /^encode\(\) found no room within 100 ms/,
  })
  t.regex(error.message, /1 lent frame has the buffer that it waits for/)
  t.regex((error as { hint?: string }).hint!, /encode\(\) or close\(\)/)
  await t.throwsAsync(acquiring, { code: 'ERR_TIMEOUT', message: /^acquireFrame\(\) found no room/ })
  await flushing
  await encoder.close()
  lent.close()
})

test('as long as frames come to their turn, none is too late', async (t) => {
  const { encoder, session } = await openFake(t, { timeout: 4 * TIMEOUT_MS })
  session.automatic = false
  session.room = 2
  const lent = await encoder.acquireFrame()
  const encoding = [1, 2, 3, 4].map((timestamp) => encoder.encode(bytes(timestamp)))
  for (let turn = 0; turn < 4; turn++) {
    await new Promise((resolve) => setTimeout(resolve, TIMEOUT_MS * 1.5))
    session.deliver()
    session.emit({ type: 'room' })
  }
  await t.notThrowsAsync(Promise.all(encoding))
  lent.close()
  session.automatic = true
  await encoder.close()
})

test('a frame that waits for the device alone is left to the device’s own watchdog', async (t) => {
  const { encoder, session } = await openFake(t, { timeout: TIMEOUT_MS })
  session.automatic = false
  session.room = 1
  await encoder.encode(bytes(1))
  let isSettled = false
  const encoding = encoder.encode(bytes(2)).finally(() => (isSettled = true))
  await new Promise((resolve) => setTimeout(resolve, TIMEOUT_MS * 2))
  t.false(isSettled)
  session.automatic = true
  session.deliver()
  session.emit({ type: 'room' })
  await encoding
  await encoder.close()
})

/** What a program may do, and in whatever order it does it, everything ends. */
test('a `using` block closes a lent frame at its end, so that its buffer can be lent again', async (t) => {
  const { encoder, session } = await openFake(t)
  let lent: LentFrame
  {
    // What runs `using` in Node.js from version 24 on, and in compiled TypeScript from 20 on.
    using frame = await encoder.acquireFrame()
    lent = frame
    t.is(session.lent(), 1)
  }
  t.is(session.lent(), 0)
  await t.throwsAsync(encoder.encode(lent), { code: 'ERR_FRAME' })
  await encoder.close()
})

const STEPS = ['acquire', 'bytes', 'lent', 'close-frame', 'flush', 'close'] as const
type Step = (typeof STEPS)[number]

function sequences(length: number): Step[][] {
  const shorter = length === 1 ? [[]] : sequences(length - 1)
  // A frame has to be lent before it can be given back, and what follows a close is refused anyway.
  const follows = (before: Step[], step: Step) =>
    !before.includes('close') && (!['lent', 'close-frame'].includes(step) || before.includes('acquire'))
  return shorter.flatMap((before) => STEPS.filter((step) => follows(before, step)).map((step) => [...before, step]))
}

interface Outcome {
  step: Step
  timestamp: number
  code: string | undefined
}

class Program {
  readonly #encoder: Encoder
  readonly #lent: LentFrame[] = []
  readonly outcomes: Promise<Outcome>[] = []
  #encoded = 0

  constructor(encoder: Encoder) {
    this.#encoder = encoder
  }

  get holds(): number {
    return this.#lent.length
  }

  do(step: Step): void {
    const timestamp = ++this.#encoded
    const promise = this.#start(step, timestamp)
    if (!promise) return
    const outcome = (code: string | undefined) => ({ step, timestamp, code })
    this.outcomes.push(
      promise.then(
        () => outcome(undefined),
        (error: { code?: string }) => outcome(error.code ?? 'an error without a code'),
      ),
    )
  }

  #start(step: Step, timestamp: number): Promise<unknown> | undefined {
    if (step === 'acquire') return this.#encoder.acquireFrame().then((frame) => this.#lent.push(frame))
    if (step === 'bytes') return this.#encoder.encode(bytes(timestamp))
    if (step === 'flush') return this.#encoder.flush()
    if (step === 'close') return this.#encoder.close()
    const frame = this.#lent.shift()
    if (step === 'close-frame') frame?.close()
    if (step === 'close-frame' || !frame) return undefined
    frame.timestamp = timestamp
    return this.#encoder.encode(frame)
  }
}

/** The outcomes, or which steps never ended. */
async function ended(outcomes: Promise<Outcome>[]): Promise<Outcome[] | string> {
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<string>((resolve) => (timer = setTimeout(resolve, 150 * TIMEOUT_MS, 'does not end')))
  const all = await Promise.race([Promise.all(outcomes), tooLate])
  clearTimeout(timer)
  return all
}

/** What is wrong with what became of the steps. */
async function judged(steps: Step[], { encoder, session }: { encoder: Encoder; session: FakeSession }) {
  const program = new Program(encoder)
  for (const step of steps) {
    program.do(step)
    // Promises settle, but the device gives nothing in between.
    for (let turn = 0; turn < 8; turn++) await Promise.resolve()
  }
  program.do('close')
  const outcomes = await ended(program.outcomes)
  if (typeof outcomes === 'string') return outcomes
  const codes = new Set(outcomes.map(({ code }) => code))
  const allowed = program.holds > 0 ? [undefined, 'ERR_CLOSED', 'ERR_TIMEOUT'] : [undefined, 'ERR_CLOSED']
  const strange = [...codes].filter((code) => !allowed.includes(code))
  if (strange.length > 0) return `ends with ${strange.join()}`
  const isFrame = ({ step, code }: Outcome) => (step === 'bytes' || step === 'lent') && code === undefined
  const taken = session.frames.map(({ timestamp }) => timestamp).join()
  const wanted = outcomes
    .filter(isFrame)
    .map(({ timestamp }) => timestamp)
    .join()
  return taken === wanted ? undefined : `takes ${taken} instead of ${wanted}`
}

for (const queueDepth of [1, 2, 3]) {
  test(`every short sequence of calls ends, with room for ${queueDepth}`, async (t) => {
    const all = [1, 2, 3, 4].flatMap((length) => sequences(length))
    t.true(all.length > 250, `${all.length}`)
    const wrong = await Promise.all(
      all.map(async (steps) => {
        const opened = await openFake(t, { queueDepth, timeout: TIMEOUT_MS })
        opened.session.room = queueDepth
        const what = await judged(steps, opened)
        return what && `${steps.join(', ')}: ${what}`
      }),
    )
    t.deepEqual(wrong.filter(Boolean), [])
    await settle()
  })
}
