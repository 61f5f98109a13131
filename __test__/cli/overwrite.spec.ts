import { spawn, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onAddon, testWith } from '../support/installed-programs.js'
import { scratch } from '../support/pipe.js'
import { runSource } from '../support/run-source.js'

const MAIN = join(import.meta.dirname, '../../ts/cli/main.ts')
const SMALL = ['--software-encoder', '--size', '64x64', '--frames', '2']

onAddon('an output that exists is kept, with exit status 4, unless --force is given', async (t) => {
  const file = join(scratch(t), 'clip.h264')
  writeFileSync(file, 'precious')
  const kept = await runSource(MAIN, ['record', file, ...SMALL])
  t.is(kept.code, 4)
  t.is(kept.stderr, `The output ${file} exists already.\nOverwrite it with --force, or give the output another name.\n`)
  t.is(readFileSync(file, 'utf8'), 'precious')
  const forced = await runSource(MAIN, ['record', file, '--force', '--quiet', ...SMALL])
  t.is(forced.code, 0, forced.stderr)
  t.deepEqual([...readFileSync(file).subarray(0, 4)], [0, 0, 0, 1])
  t.is(forced.stderr, '', '--quiet leaves warnings and errors')
})

onAddon('an output that exists and is empty, or a device, loses nothing', async (t) => {
  const file = join(scratch(t), 'empty.h264')
  writeFileSync(file, '')
  for (const output of [file, '/dev/null']) t.is((await runSource(MAIN, ['record', output, ...SMALL])).code, 0, output)
})

const onTerminal = testWith('script', ['--version'], 'it is in the package bsdutils')

/** The command at a terminal, where `answer` is typed as soon as it asks; what it shows and its exit status. */
function atTerminal(args: readonly string[], answer: string): Promise<{ shown: string; code: number | null }> {
  const words = [process.execPath, '--import=@oxc-node/core/register', MAIN, 'record', ...args]
  const line = words.map((word) => `'${word}'`).join(' ')
  const child = spawn('script', ['-qec', line, '/dev/null'], { timeout: 60_000 })
  let shown = ''
  child.stdout.on('data', (part) => {
    const hasAsked = shown.includes('[y/N]')
    shown += part
    if (!hasAsked && shown.includes('[y/N]')) child.stdin.write(answer)
  })
  return new Promise((resolve) => {
    child.on('close', (code) => resolve({ shown, code }))
  })
}

onTerminal('at a terminal it asks, and takes only yes for a yes', async (t) => {
  const [no, yes] = ['no', 'yes'].map((name) => join(scratch(t), `${name}.h264`)) as [string, string]
  for (const file of [no, yes]) writeFileSync(file, 'precious')
  const refused = await atTerminal([no, ...SMALL], '\n')
  t.is(refused.code, 4, refused.shown)
  t.regex(refused.shown, /was not overwritten/)
  t.is(readFileSync(no, 'utf8'), 'precious')
  const confirmed = await atTerminal([yes, ...SMALL], 'y\n')
  t.is(confirmed.code, 0, confirmed.shown)
  t.regex(confirmed.shown, /2 frames, /)
  t.deepEqual([...readFileSync(yes).subarray(0, 4)], [0, 0, 0, 1])
})

/** `shown`: a bar with a part, the time left, and the counters behind it. */
const BAR = / {1,2}\d+ %, \d+:\d\d left {2}\d+ frames, /

onTerminal('at a terminal a recording with an end has a bar and the time left', async (t) => {
  const { shown, code } = await atTerminal(
    [join(scratch(t), 'x.h264'), '--software-encoder', '--size', '640x480', '--frames', '400'],
    '',
  )
  t.is(code, 0, shown)
  t.regex(shown, BAR)
})

const VIDEO = [
  '-f',
  'lavfi',
  '-i',
  'testsrc2=size=640x480:rate=30:duration=4',
  '-preset',
  'ultrafast',
  '-c:v',
  'libx264',
]

/** What the command shows at a terminal while it encodes a video file of that name. */
async function shownOf(folder: string, name: string): Promise<string> {
  const input = join(folder, name)
  const { status } = spawnSync('ffmpeg', ['-v', 'error', ...VIDEO, '-y', input])
  if (status !== 0) throw new Error('ffmpeg is needed, with libx264: apt-get install ffmpeg')
  const { shown } = await atTerminal([join(folder, `${name}.out.h264`), '--input', input, '--software-encoder'], '')
  return shown
}

onTerminal('at a terminal a video file has a bar where its length is known', async (t) => {
  t.regex(await shownOf(scratch(t), 'with-times.mp4'), BAR)
})

onTerminal('at a terminal a video file of unknown length has counters without a bar', async (t) => {
  const shown = await shownOf(scratch(t), 'no-times.h264')
  t.notRegex(shown, /%|left/)
  t.regex(shown, /\[K\d+ frames, .*\[K\d+ frames, /s)
})
