import { spawn, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { TestSource } from '../../ts/test-pattern/testsrc.js'
import { assertGoodStream, judge } from '../support/judge.js'
import { originals, range } from '../support/record.js'
import { onVirtualJetson, virtualJetson } from '../support/virtual-jetson.js'

const MAIN = join(import.meta.dirname, '../../ts/cli/main.ts')
const NODE = ['--import=@oxc-node/core/register', MAIN]
const SIZE = { width: 320, height: 240 }

interface End {
  code: number | null
  stdout: Buffer
  stderr: string
}

function start(args: string[], input?: Uint8Array) {
  const child = spawn(process.execPath, [...NODE, ...args], { timeout: 60_000 })
  const stdout: Buffer[] = []
  let stderr = ''
  child.stdout.on('data', (data: Buffer) => stdout.push(data))
  child.stderr.on('data', (data) => (stderr += data))
  if (input) child.stdin.end(input)
  const ended = new Promise<End>((resolve) => {
    child.on('close', (code) => resolve({ code, stdout: Buffer.concat(stdout), stderr }))
  })
  const said = (pattern: RegExp) =>
    new Promise<void>((resolve) => {
      child.stderr.on('data', () => {
        if (pattern.test(stderr)) resolve()
      })
    })
  return { child, ended, said }
}

onVirtualJetson('record writes the test pattern to a file', async (t) => {
  const { device, library } = virtualJetson(t)
  const file = join(dirname(device), 'clip.h265')
  const { ended } = start([
    'record',
    file,
    '--device',
    device,
    '--library',
    library,
    '--size',
    '320x240',
    '--frames',
    '10',
    '--bitrate',
    '1M',
  ])
  const { code, stdout, stderr } = await ended
  t.is(code, 0, stderr)
  t.is(stdout.length, 0)
  t.regex(stderr, /Using V4L2 HW encoder for H265 \(Jetson\)/)
  t.regex(stderr, /10 frames, .* fps, .* kbit\/s/)
  const stream = readFileSync(file)
  await assertGoodStream(t, { stream, codec: 'h265', ...SIZE, stamps: range(10), source: originals(320, 240) })
})

onVirtualJetson('a stream on standard output stays clean although the library prints there', async (t) => {
  const { device, library } = virtualJetson(t, { stdoutMessages: true })
  const { ended } = start([
    'record',
    '-',
    '--device',
    device,
    '--library',
    library,
    '--size',
    '320x240',
    '--frames',
    '10',
    '--bitrate',
    '1M',
  ])
  const { code, stdout, stderr } = await ended
  t.is(code, 0, stderr)
  t.regex(stderr, /NvMMLiteOpen/, 'what the library prints goes to standard error')
  t.deepEqual([...stdout.subarray(0, 4)], [0, 0, 0, 1])
  await assertGoodStream(t, { stream: stdout, codec: 'h264', ...SIZE, stamps: range(10), source: originals(320, 240) })
})

onVirtualJetson('record reads .y4m and raw frames from standard input and files', async (t) => {
  const source = new TestSource(320, 240)
  const raw = Buffer.concat(range(5).map((index) => source.draw(index)))
  const y4m = Buffer.concat([
    Buffer.from('YUV4MPEG2 W320 H240 F25:1 C420jpeg\n'),
    ...range(5).flatMap((index) => [Buffer.from('FRAME\n'), source.draw(index)]),
  ])
  const { device } = virtualJetson(t)
  const [rawFile, y4mFile] = ['clip.yuv', 'clip.y4m'].map((name) => join(dirname(device), name)) as [string, string]
  writeFileSync(rawFile, raw)
  writeFileSync(y4mFile, y4m)
  const common = ['record', '-', '--software-encoder', '--bitrate', '1M']
  const size = ['--size', '320x240']
  const ways: [string[], Uint8Array?][] = [
    [['--input', '-'], y4m],
    [['--input', '-', ...size], raw],
    [['--input', y4mFile]],
    [['--input', rawFile, ...size]],
  ]
  for (const [args, input] of ways) {
    const { code, stdout, stderr } = await start([...common, ...args], input).ended
    t.is(code, 0, stderr)
    await assertGoodStream(t, { stream: stdout, codec: 'h264', ...SIZE, stamps: range(5), source: originals(320, 240) })
  }
})

onVirtualJetson('Ctrl-C finishes the file properly', async (t) => {
  const { device, library } = virtualJetson(t, { delay: 1 })
  const file = join(dirname(device), 'clip.h264')
  const { child, ended, said } = start(['record', file, '--device', device, '--library', library, '--size', '320x240'])
  await said(/Using V4L2/)
  await new Promise((resolve) => {
    setTimeout(resolve, 500)
  })
  child.kill('SIGINT')
  const { code, stderr } = await ended
  t.is(code, 0, stderr)
  const one = { stream: readFileSync(file), codec: 'h264', ...SIZE, stamps: [], source: originals(320, 240) }
  const { stamps } = await judge(one)
  t.true(stamps.length >= 5)
  t.deepEqual(stamps, range(stamps.length))
})

onVirtualJetson('a reader that goes away ends it quietly', (t) => {
  const command = [
    process.execPath,
    ...NODE,
    'record',
    '-',
    '--software-encoder',
    '--size',
    '320x240',
    '--duration',
    '60',
  ].map((word) => `'${word}'`)
  const { stdout, stderr } = spawnSync(
    'bash',
    ['-c', `${command.join(' ')} | head -c 1000 | wc -c; echo "status \${PIPESTATUS[0]}"`],
    {
      timeout: 60_000,
    },
  )
  t.is(stdout.toString(), '1000\nstatus 0\n')
  t.notRegex(stderr.toString(), /EPIPE|Error/)
})

onVirtualJetson('without the hardware that is asked for it says what was tried, with exit status 3', async (t) => {
  const { device, library } = virtualJetson(t, { faults: { reqbufsZero: true } })
  const { code, stderr } = await start(['record', '/dev/null', '--h265', '--device', device, '--library', library])
    .ended
  t.is(code, 3, stderr)
  t.true(stderr.includes(device))
})

onVirtualJetson('a missing input and an output that cannot be written are exit status 4', async (t) => {
  t.is((await start(['record', '/dev/null', '--input', '/nowhere.y4m']).ended).code, 4)
  t.is((await start(['record', '/nowhere/clip.h264', '--software-encoder', '--frames', '1']).ended).code, 4)
})

onVirtualJetson('devices prints a table, and JSON', async (t) => {
  const table = await start(['devices']).ended
  t.is(table.code, 0, table.stderr)
  t.regex(table.stdout.toString(), /^BACKEND.*\n[^]*software/)
  const json = await start(['devices', '--json']).ended
  const list = JSON.parse(json.stdout.toString()) as { backend: string }[]
  t.true(list.some(({ backend }) => backend === 'software'))
})
