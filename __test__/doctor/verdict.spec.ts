import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ava from 'ava'
import { diagnosisText } from '../../ts/doctor/text.js'
import { laptop, orinNx, raspberryPi4, USER } from '../support/fake-root.js'
import { answer, refusal, SUCCESS, tried } from '../support/trial.js'

// Each starts processes, whose deadlines shall not be missed for the others' sake.
const test = ava.serial

test('a device that has just been opened is not slow for its first frames', async (t) => {
  const latenciesMs = Array.from({ length: 25 }, (_, frame) => (frame < 10 ? 90 - frame : 8))
  const types = latenciesMs.map((_, frame) => (frame === 0 ? 'key' : 'delta'))
  const { findings, summary } = await tried(orinNx(t), answer({ ...SUCCESS, latenciesMs, types, framesIn: 25 }))
  t.deepEqual(findings, [])
  t.regex(summary, /H264 in 8\.0 ms a frame/)
})

test('a simulated device that is slow is the processor’s time, and no hint says to raise its clocks', async (t) => {
  const root = raspberryPi4(t).video(11, { kind: 'encoder', driver: 'vicodec', codes: ['fwht'] })
  const { findings } = await tried(root, answer({ ...SUCCESS, latenciesMs: [90, 60, 60, 60] }))
  const slow = findings.find(({ id }) => id === 'slow-encoder')!
  t.is(slow.severity, 'note')
  t.regex(slow.message, /It is simulated/)
  t.regex(slow.hint, /^Nothing needs to be done/)
})

test('what was not tried is reported as not tried, beside what speaks against it', async (t) => {
  const well = await orinNx(t).diagnose()
  t.deepEqual(
    well.hardware.encoders.map(({ tried: was, works }) => [was, works]),
    [[false, true]],
  )
  const ill = await orinNx(t).without('/usr/sbin/lsmod').diagnose()
  t.like(ill.hardware.encoders[0], { tried: false, works: false, codecs: ['h264', 'h265'] })
  t.regex(ill.summary, /^Whether hardware encodes here was not tried: .* This speaks against it: There is no lsmod/)
  t.notRegex(ill.summary, /does not encode/)
  const seen = await tried(orinNx(t), answer(SUCCESS))
  t.true(seen.hardware.encoders.every(({ tried: was }) => was))
})

test('a kernel encoder that may not be opened is listed as not tried, with the permissions as the reason', async (t) => {
  const root = raspberryPi4(t)
  root.machine.gids = [USER]
  const diagnosis = await root.file('/etc/group', `root:x:0:\nvideo:x:44:\nrobot:x:${USER}:\n`).diagnose()
  t.like(diagnosis.hardware.encoders, [{ device: '/dev/video11', codecs: [], tried: false, works: false }])
  t.deepEqual(
    diagnosis.findings.map(({ id }) => id),
    ['video-node-permission'],
  )
  t.regex(diagnosis.summary, /not tried: there is \/dev\/video11\. This speaks against it: This user may not open/)
  t.regex(diagnosisText(diagnosis), /Not tried\n {2}\/dev\/video11\n/)
})

test('of the groups that are missing, only those are left to the next login that it brings', async (t) => {
  const root = orinNx(t).file('/etc/group', `root:x:0:\nvideo:x:44:robot\nrender:x:104:\nrobot:x:${USER}:\n`)
  root.machine.gids = [USER]
  const { findings } = await root.diagnose()
  t.deepEqual(
    findings.map(({ id }) => id),
    ['group-not-active', 'nvidia-node-permission'],
  )
  t.regex(findings[1]!.message, /may not open \/dev\/dri\/renderD128 \(root:render/)
  t.is(findings[1]!.hint, 'sudo usermod -a -G render $USER, then log in again.')
})

test('where a node does not say what it is, nobody knows that there is no encoder', async (t) => {
  const silence = { code: 'ERR_TIMEOUT', message: 'It did not answer.' }
  for (const root of [laptop(t), raspberryPi4(t).without('/dev/video11', '/dev/video10')]) {
    root.addon.encoders = []
    const { findings, summary } = await root.video(0, silence).diagnose()
    t.deepEqual(
      findings.map(({ id }) => id),
      ['node-silent'],
    )
    t.is(summary, 'Hardware does not encode here: /dev/video0 did not report what it is: It did not answer.')
  }
})

test('an encoder that cannot be used is not reported as none', async (t) => {
  const message = '/dev/video0 encodes no codec that this package supports.'
  const root = laptop(t).video(0, { kind: 'encoder', card: 'old', driver: 'old', codes: [] })
  root.encoder({
    device: '/dev/video0',
    name: 'old',
    codecs: [],
    available: false,
    code: 'ERR_CODEC_UNSUPPORTED',
    message,
  })
  const { summary } = await root.diagnose()
  t.is(summary, 'Hardware does not encode here: /dev/video0 (old) cannot be used.')
})

test('whether an encoder is there is asked with the library that is named', async (t) => {
  const root = orinNx(t)
  const asked: unknown[] = []
  Object.assign(root.addon, {
    listEncoders: (options: unknown) => {
      asked.push(options)
      return Promise.resolve(root.addon.encoders)
    },
  })
  await root.diagnose({ probe: false, library: '/opt/libnvv4l2.so' })
  await root.diagnose()
  t.deepEqual(asked, [
    { probe: false, library: '/opt/libnvv4l2.so', root: root.root },
    { probe: false, root: root.root },
  ])
})

test('what is only good to know is never the reason', async (t) => {
  const root = orinNx(t).process(7, 'other', '/dev/v4l2-nvenc')
  const { summary } = await tried(root, refusal('ERR_CODEC_UNSUPPORTED', 'It refused.'))
  t.regex(summary, /^Hardware does not encode here: The trial encodes of H264 and H265 .* rejected: It refused\.$/)
})

test('the native part’s errors give the same reasons for a board without an encoder', (t) => {
  const read = (path: string) => readFileSync(join(import.meta.dirname, '../..', path), 'utf8')
  const native = read('crates/encoder/src/select/board.rs').replaceAll(/\\\n\s*/g, '')
  const sentences = [...read('ts/doctor/findings/other-boards.ts').matchAll(/(["'])([A-Z][^\n]*\.)\1[,\]]/g)]
  t.true(sentences.length > 5)
  for (const [, , sentence] of sentences) t.true(native.includes(`"${sentence}"`), sentence)
})
