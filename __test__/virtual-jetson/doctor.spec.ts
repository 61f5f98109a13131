import { readFileSync } from 'node:fs'
import type { ExecutionContext } from 'ava'
import { diagnoseOn } from '../../ts/doctor/diagnose.js'
import type { Diagnosis } from '../../ts/doctor/diagnosis.js'
import { diagnosisText } from '../../ts/doctor/text.js'
import { loadAddon } from '../../ts/native/loader.js'
import { idsOf } from '../support/finding-cases.js'
import { orinNx } from '../support/fake-root.js'
import { onVirtualJetson, virtualJetson } from '../support/virtual-jetson.js'
import type { VirtualConfig } from '../support/virtual-jetson.js'

/** A board whose encoder is the virtual one: its node is a stub to `stat`, and what it does is in the file. */
function diagnosed(t: ExecutionContext, config: VirtualConfig, timeout = 20_000): Promise<Diagnosis> {
  const { device, library } = virtualJetson(t, config)
  const root = orinNx(t)
  root.file('/dev/v4l2-nvenc', readFileSync(device))
  const { root: place, env, stats, machine } = root
  return diagnoseOn(loadAddon, { library, timeout }, { ...machine, root: place, env, stats })
}

/** Without what follows from naming the virtual library. */
function found(diagnosis: Diagnosis): string[] {
  return idsOf(diagnosis).filter((id) => id !== 'library-named')
}

/** Without how long it took, which is up to this machine's load and to coding in software. */
function foundBesidesSpeed(diagnosis: Diagnosis): string[] {
  return found(diagnosis).filter((id) => id !== 'slow-encoder')
}

for (const generation of [4, 5, 6] as const) {
  onVirtualJetson(
    `a healthy board of generation ${generation} encodes both codecs, and nothing is found`,
    async (t) => {
      const diagnosis = await diagnosed(t, { generation })
      t.deepEqual(foundBesidesSpeed(diagnosis), [], diagnosisText(diagnosis))
      t.true(diagnosis.hardware.works)
      t.deepEqual(diagnosis.hardware.encoders[0]!.codecs, ['h264', 'h265'])
      for (const { latenciesMs, framesIn, openMs } of diagnosis.probes) {
        t.is(framesIn, 25)
        t.is(latenciesMs.length, 25)
        t.true(latenciesMs.every((ms) => ms > 0))
        t.true(openMs! > 0)
      }
    },
  )
}

onVirtualJetson('the latency is the device’s', async (t) => {
  const { probes, findings } = await diagnosed(t, { codec: 'passthrough', latencyMs: 80 })
  for (const { latenciesMs } of probes)
    t.true(
      latenciesMs.every((ms) => ms >= 80),
      latenciesMs.join(' '),
    )
  t.is(findings.filter(({ id }) => id === 'slow-encoder').length, 2)
})

// What it takes then to be called slow is specified in doctor/trials.spec.ts, by times that no other program changes.
onVirtualJetson('a device that holds frames back encodes, and is told to do so', async (t) => {
  const diagnosis = await diagnosed(t, { delay: 2, codec: 'passthrough' })
  t.deepEqual(foundBesidesSpeed(diagnosis), ['frames-held-back'], diagnosisText(diagnosis))
  for (const { pipelineDelay } of diagnosis.probes) t.is(pipelineDelay, 2)
})

const FAULTS: Record<string, [config: VirtualConfig, id: string]> = {
  'a driver without a session': [{ faults: { reqbufsErrno: 'ENOMEM' } }, 'no-session'],
  'a driver that gives no buffers': [{ faults: { reqbufsZero: true } }, 'no-session'],
  'an encoder that is in use': [{ faults: { streamOnErrno: 'EBUSY' } }, 'no-session'],
  'a driver that refuses to start': [{ faults: { streamOnErrno: 'EINVAL' } }, 'encoder-object-rejected'],
  'a library that is not NVIDIA’s': [{ faults: { queryCapErrno: 'ENOTTY' } }, 'not-nvidias-libv4l2'],
  'a plugin that refuses': [{ faults: { queryCapErrno: 'EINVAL' } }, 'plugin-rejected-node'],
  'a node that may not be opened': [{ faults: { openErrno: 'EACCES' } }, 'rejected-when-opened'],
  'a container’s device rule': [{ faults: { openErrno: 'EPERM' } }, 'device-rules'],
  'an encoder that dies': [{ faults: { dieAfterFrames: 3 } }, 'encoder-object-rejected'],
  'a device that loses a frame': [{ faults: { loseFrame: 3 } }, 'probe-failed'],
  'a board without H.265': [{ codecs: ['H264'] }, 'codec-rejected'],
}

for (const [name, [config, id]] of Object.entries(FAULTS)) {
  onVirtualJetson(`${name} is found: ${id}`, async (t) => {
    const diagnosis = await diagnosed(t, { codec: 'passthrough', ...config })
    t.deepEqual(foundBesidesSpeed(diagnosis), [id], diagnosisText(diagnosis))
    t.is(diagnosis.hardware.works, id === 'codec-rejected')
  })
}

for (const hang of ['v4l2_open', 'VIDIOC_STREAMON', 'v4l2_close']) {
  onVirtualJetson(`a device that never returns from ${hang} is found within the deadline`, async (t) => {
    const start = performance.now()
    const diagnosis = await diagnosed(t, { codec: 'passthrough', codecs: ['H264'], faults: { hang } }, 4000)
    t.true(performance.now() - start < 20_000)
    t.true(found(diagnosis).includes('probe-hung'), diagnosisText(diagnosis))
    t.false(diagnosis.hardware.works)
  })
}

onVirtualJetson('a device that takes frames and gives nothing is found', async (t) => {
  const diagnosis = await diagnosed(t, { codec: 'passthrough', faults: { noFirstChunk: true } }, 4000)
  t.deepEqual(found(diagnosis), ['probe-hung'])
  t.regex(diagnosis.findings[0]!.message, /accepted frames but produced no output/)
})
