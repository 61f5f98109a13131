import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import test from 'ava'
import { Channel } from '../../ts/device/channel.js'
import { openDevice } from '../../ts/device/index.js'
import { Requests } from '../../ts/device/requests.js'
import { loadAddon } from '../../ts/native/loader.js'

/** Opens, and refuses every request. */
const PATH = '/dev/null'
const NULL = { path: PATH, transport: 'kernel' } as const

/** Descriptors and threads of this process. */
function held(): number[] {
  return ['fd', 'task'].map((kind) => readdirSync(`/proc/self/${kind}`).length)
}

/** A thread ends a little after it has answered. */
async function settled(): Promise<number[]> {
  for (let last = held(); ;) {
    await sleep(50)
    const now = held()
    if (now.join() === last.join()) return now
    last = now
  }
}

async function openAndClose(): Promise<void> {
  const channel = await Channel.open(loadAddon(), NULL, 5000)
  await channel.close()
}

test.serial('10,000 opens leave no descriptor and no thread behind', async (t) => {
  await openAndClose()
  const before = await settled()
  for (let round = 0; round < 200; round++) await Promise.all(Array.from({ length: 50 }, openAndClose))
  t.deepEqual(await settled(), before)
})

test.serial('a device that nobody closes goes with the process', (t) => {
  const program = join(import.meta.dirname, '../support/programs/open-devices.ts')
  const { status, stdout } = spawnSync(process.execPath, [...process.execArgv, program, 'forget'], { encoding: 'utf8' })
  t.deepEqual([status, stdout], [0, 'opened\n'])
})

test.serial('more devices than the process may have is an error, and the others go on', (t) => {
  const program = join(import.meta.dirname, '../support/programs/open-devices.ts')
  const command = ['ulimit -n 120', `exec ${process.execPath} ${process.execArgv.join(' ')} ${program} many`].join('\n')
  const { status, stdout, stderr } = spawnSync('sh', ['-c', command], { encoding: 'utf8' })
  t.is(status, 0, stderr)
  t.regex(stdout, /^\d+ opened, then ERR_DEVICE: .*(EMFILE|[Tt]oo many open files|no more)/)
  t.regex(stdout, /the first still answers ENOTTY\n$/)
})

test.serial('what is no device is reported', async (t) => {
  await t.throwsAsync(openDevice('/nonexistent/video0'), { code: 'ERR_DEVICE_NOT_FOUND' })
  await t.throwsAsync(openDevice('/', { transport: 'kernel' }), { code: 'ERR_DEVICE', message: /EISDIR/ })
  await t.throwsAsync(openDevice(PATH, { transport: 'kernel' }), {
    code: 'ERR_DEVICE',
    message: /does not answer as a V4L2/,
  })
})

test.serial('the addon rejects by itself what would touch other memory', async (t) => {
  const channel = await Channel.open(loadAddon(), NULL, 5000)
  const short = { ...Requests.QUERYCAP, layout: Requests.G_INPUT.layout } as never
  await t.throwsAsync(channel.request(short, 0), { code: 'ERR_CONFIG', message: /its struct has 104 bytes/ })
  const foreign = { ...Requests.G_INPUT, number: 0x4004_6200 }
  await t.throwsAsync(channel.request(foreign, 0), { code: 'ERR_CONFIG', message: /none of V4L2's own/ })
  const userptr = channel.request(Requests.QBUF, { type: 1, memory: 2, m: { userptr: 4096n } })
  await t.throwsAsync(userptr, { code: 'ERR_CONFIG', message: /USERPTR/ })
  await channel.close()
})
