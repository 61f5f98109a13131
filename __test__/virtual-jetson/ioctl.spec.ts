import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import type { ExecutionContext } from 'ava'
import type { Performed } from '../../ts/cli/ioctl/outcome.js'
import { perform } from '../../ts/cli/ioctl/perform.js'
import { loadAddon } from '../../ts/native/loader.js'
import { ioctlPlan } from '../support/parse-command.js'
import { onVirtualJetson, virtualJetson } from '../support/virtual-jetson.js'
import type { VirtualConfig } from '../support/virtual-jetson.js'

const FORMATS = ['-x', 'width=640,height=360,pixelformat=YM12', '-v', 'width=640,height=360,pixelformat=H264']

type Generation = NonNullable<VirtualConfig['generation']>

async function on(t: ExecutionContext, generation: Generation, ...options: string[]): Promise<Performed> {
  const { device, library } = virtualJetson(t, { codec: 'passthrough', generation })
  return perform(loadAddon, ioctlPlan([device, '--library', library, ...options]))
}

const ioctl = (t: ExecutionContext, ...options: string[]) => on(t, 6, ...options)

for (const generation of [4, 5, 6] as const) {
  onVirtualJetson(`everything about the device is printed: JetPack ${generation}`, async (t) => {
    const { text, status } = await on(t, generation, '--all')
    t.is(status, 0, text)
    t.regex(text, /^Driver Info:\n\tDriver name {6}: tegra-video\n/)
    t.regex(text, / +video_bitrate 0x009909cf \(int\) /)
    t.regex(text, / +mpeg_videoenc_metadata 0x00990b18 .*flags=write-only/)
  })
}

onVirtualJetson('what v4l2-ctl cannot open is printed through NVIDIA’s library', async (t) => {
  const { text } = await ioctl(t, '-D', '--list-formats')
  t.regex(text, /Driver name {6}: tegra-video\n/)
  t.regex(text, /\tType: Video Capture Multiplanar\n\n\t\[0\]: 'H264' \(H264, compressed\)\n/)
})

onVirtualJetson('controls that NVIDIA’s library does not list are those that are known of it', async (t) => {
  const { text, status } = await ioctl(t, '-L')
  t.regex(text, / +mpeg_videoenc_insert_vui 0x00990b22 \(bool\) {3}:\n/)
  t.regex(text, /0x00990b31 \(menu\) {3}: min=0 max=25\n\t\t\t\t0: 1 Main\n\t\t\t\t1: 1 High\n/)
  t.is(status, 0)
})

onVirtualJetson('formats are set before controls, capture first, as NVIDIA’s library wants it', async (t) => {
  const { text, status } = await ioctl(t, '-c', 'video_bitrate=1000000', ...FORMATS, '-V', '-X')
  t.is(status, 0, text)
  t.regex(text, /Format Video Capture Multiplanar:\n\tWidth\/Height {6}: 640\/360\n\tPixel Format {6}: 'H264'/)
  t.regex(text, /Number of planes {2}: 3\n/)
})

const MAIN = join(import.meta.dirname, '../../ts/cli/main.ts')

/** The command as a program of its own; `end` is what the shell does with its output. */
function command(t: ExecutionContext, options: string[], end = '') {
  const { device, library } = virtualJetson(t, { codec: 'passthrough' })
  const words = [process.execPath, '--import=@oxc-node/core/register', MAIN, 'ioctl', device, '--library', library]
  const line = [...words, ...options].map((word) => `'${word}'`).join(' ')
  const script = `${line} ${end}; exit \${PIPESTATUS[0]}`
  return spawnSync('bash', ['-c', script], { encoding: 'utf8', timeout: 60_000 })
}

onVirtualJetson('the exit status says whether everything was answered', (t) => {
  t.is(command(t, ['-D']).status, 0)
  const refused = command(t, ['-D', '--get-priority'])
  t.is(refused.status, 1)
  t.regex(refused.stdout, /^Driver Info:[^]*\nVIDIOC_G_PRIORITY: failed: .+\n$/)
  const wrong = command(t, ['-c', 'video_bitrate=1000000', '-C', 'nosuch'])
  t.is(wrong.status, 2)
  t.is(wrong.stdout, '')
  t.regex(wrong.stderr, /has no control "nosuch"/)
})

onVirtualJetson('a reader that goes away is no failure', (t) => {
  const { status, stderr } = command(t, ['--all'], '| true')
  t.is(status, 0, stderr)
  t.is(stderr, '')
})
