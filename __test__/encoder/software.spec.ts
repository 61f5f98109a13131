import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import ava from 'ava'
import { createEncoder, isSupported, V4l2EncoderError } from '../../ts/index.js'
import { assertGoodStream } from '../support/judge.js'
import { ordering } from '../support/ordering.js'
import { originals, range, record } from '../support/record.js'
import { runStopped } from '../support/run-stopped.js'

const NATIVE = join(import.meta.dirname, `../../native/v4l2-encoder.${process.platform}-${process.arch}-gnu.node`)
const mayRun = existsSync(NATIVE) || Boolean(process.env.CI)
if (!mayRun) console.log(`skipped: ${NATIVE} is missing; "npm run build" builds it`)
const test = mayRun ? ava : ava.skip

for (const latencyMode of ['realtime', 'quality'] as const) {
  for (const format of ['I420', 'NV12'] as const) {
    test(`the software encoder codes every picture, in ${latencyMode} mode from ${format}`, async (t) => {
      const size = { width: 322, height: 242 }
      const encoder = await createEncoder({
        codec: 'h264',
        ...size,
        hardware: 'never',
        bitrate: 1_000_000,
        latencyMode,
        format,
      })
      t.is(encoder.backend, 'software')
      t.is(encoder.device, null)
      const { chunks, stream } = await record(encoder, 20)
      await encoder.close()
      t.is(chunks[0]!.type, 'key')
      await assertGoodStream(t, { stream, codec: 'h264', ...size, stamps: range(20), source: originals(322, 242) })
    })
  }
}

for (const [framerate, rate] of [
  [29.97, '30000/1001'],
  [20, '20/1'],
] as const) {
  test(`decoders of the stream in software hold no frame back and know its rate of ${framerate}`, async (t) => {
    const encoder = await createEncoder({ codec: 'h264', width: 320, height: 240, hardware: 'never', framerate })
    const { stream } = await record(encoder, 4)
    const setting = encoder.settings.find(({ name }) => name === 'framerate')
    await encoder.close()
    t.deepEqual(ordering(stream, 'h264'), { hasBFrames: '0', rate })
    t.like(setting, { requested: framerate, actual: null, source: 'requested' })
  })
}

test('H.265 in software is ERR_NO_ENCODER, and the hint shows the list that would do', async (t) => {
  const error = await t.throwsAsync(createEncoder({ codec: 'h265', hardware: 'never', log: 'silent' }), {
    code: 'ERR_NO_ENCODER',
  })
  t.regex((error as Error & { hint: string }).hint, /h265.*h264/)
})

test('a list falls back to the codec that can be had, and says what was tried before', async (t) => {
  const device = ['/nowhere/v4l2-nvenc']
  const encoder = await createEncoder({ codec: ['h265', 'h264'], width: 320, height: 240, device, log: 'silent' })
  t.is(encoder.config.codec, 'h264')
  t.deepEqual([encoder.rejected[0]!.device, encoder.rejected[0]!.codec], ['/nowhere/v4l2-nvenc', 'h265'])
  await encoder.close()
})

for (const [device, code] of [
  ['/nowhere/video11', 'ERR_DEVICE_NOT_FOUND'],
  ['/nowhere/v4l2-nvenc', 'ERR_DEVICE_NOT_FOUND'],
  ['/dev/null', 'ERR_NOT_AN_ENCODER'],
  [import.meta.filename, 'ERR_NOT_AN_ENCODER'],
] as const) {
  test(`a device that is named and is none is ${code}, and no other is taken: ${basename(device)}`, async (t) => {
    for (const hardware of ['prefer', 'require'] as const) {
      const options = { codec: ['h265', 'h264'] as const, device, hardware, library: '/nowhere/libnvv4l2.so' }
      const error = await t.throwsAsync(createEncoder({ ...options, log: 'silent' }), {
        instanceOf: V4l2EncoderError,
        code,
      })
      t.is(error.device, device)
      t.true(error.message.includes(device))
      t.is(error.hint!.includes('software'), hardware === 'prefer')
      const { supported, rejected } = await isSupported(options)
      t.deepEqual([supported, rejected[0]!.code, rejected[0]!.codec], [false, code, 'h265'])
    }
  })
}

test('a level that does not hold is raised, and a profile that the encoder lacks replaced, with a warning each', async (t) => {
  const size = { width: 1920, height: 1080 }
  const log: string[] = []
  const encoder = await createEncoder({
    codec: 'avc1.64001f',
    ...size,
    hardware: 'never',
    log: ({ level, message }) => void log.push(`${level}: ${message}`),
  })
  t.is(encoder.config.codecString, 'avc1.4d0028')
  const told = encoder.warnings.map(({ setting, message }) => `${setting}: ${message}`)
  t.is(told.length, 2, told.join('\n'))
  t.regex(told[0]!, /^level: The level 3\.1 was requested, but 4 is used: .* 8160 macroblocks of 3600/)
  t.regex(told[1]!, /^profile: The profile high was requested, but main is used/)
  for (const { message } of encoder.warnings) t.true(log.includes(`warn: ${message}`))
  const { chunks } = await record(encoder, 1)
  const sps = Buffer.from(chunks[0]!.data)
  const [profile, , level] = sps.subarray(sps.indexOf(Buffer.from([0, 0, 1, 0x67])) + 4)
  t.deepEqual([profile, level], [77, 40])
  t.regex(encoder.config.codecString, /^avc1\.4d..28$/)
  t.is(chunks[0]!.decoderConfig?.codec, encoder.config.codecString)
  const settings = Object.fromEntries(encoder.settings.map(({ name, ...rest }) => [name, rest]))
  t.deepEqual(settings.profile, { requested: 'high', actual: 'main', source: 'bitstream' })
  t.deepEqual(settings.level, { requested: '3.1', actual: '4', source: 'bitstream' })
  t.is(encoder.warnings.length, 2)
  await encoder.close()
})

test('a live change beyond the level is warned of', async (t) => {
  const encoder = await createEncoder({ codec: 'h264', width: 64, height: 64, hardware: 'never', log: 'silent' })
  await encoder.setBitrate(60_000_000)
  t.regex(encoder.warnings[0]!.message, /labelled with level .* 60000000 bit\/s/)
  await encoder.close()
})

test('a stream that no level holds is rejected', async (t) => {
  const size = { width: 2560, height: 1440, framerate: 240 }
  const error = await t.throwsAsync(createEncoder({ codec: 'h264', ...size, log: 'silent' }), {
    instanceOf: RangeError,
    code: 'ERR_CONFIG',
  })
  t.regex(error.message, /^No level of H264 holds 2560x1440 at 240 frames per second/)
})

test('a device and hardware: "never" are a contradiction', async (t) => {
  await t.throwsAsync(createEncoder({ codec: 'h264', device: '/dev/video0', hardware: 'never' }), {
    instanceOf: RangeError,
    code: 'ERR_CONFIG',
  })
})

test('why software encodes is logged once and in short', async (t) => {
  const lines: string[] = []
  const log = ({ message }: { message: string }) => void lines.push(message)
  const folder = mkdtempSync(join(tmpdir(), 'v4l2-encoder-'))
  const node = join(folder, 'v4l2-nvenc')
  writeFileSync(node, '')
  t.teardown(() => rmSync(folder, { recursive: true }))
  const encoder = await createEncoder({
    codec: ['h265', 'h264'],
    width: 64,
    height: 64,
    device: [node, node],
    library: '/nowhere/lib.so',
    log,
  })
  await encoder.close()
  const why = lines.find((line) => line.startsWith('Using software encoder'))!
  t.is(why.split('/nowhere/lib.so').length, 2, why)
})

test('a process that is stopped in the middle of a frame, for longer than the time-out, goes on when it wakes', async (t) => {
  const { code, output } = await runStopped(['1280x720', '400'])
  t.is(code, 0, output)
  t.regex(output, /^60 of 60$/m)
})
