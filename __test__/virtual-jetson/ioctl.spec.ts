import type { ExecutionContext } from 'ava'
import { planOf } from '../../ts/cli/ioctl/options.js'
import { perform } from '../../ts/cli/ioctl/perform.js'
import { loadAddon } from '../../ts/loader.js'
import { onVirtualJetson, virtualJetson } from '../support/virtual-jetson.js'
import type { VirtualConfig } from '../support/virtual-jetson.js'

const FORMATS = ['-x', 'width=640,height=360,pixelformat=YM12', '-v', 'width=640,height=360,pixelformat=H264']

type Generation = NonNullable<VirtualConfig['generation']>

async function on(
  t: ExecutionContext,
  generation: Generation,
  ...options: string[]
): Promise<{ text: string; hasFailed: boolean }> {
  const { device, library } = virtualJetson(t, { codec: 'passthrough', generation })
  return perform(loadAddon, planOf([device, '--library', library, ...options]))
}

const ioctl = (t: ExecutionContext, ...options: string[]) => on(t, 6, ...options)

for (const generation of [4, 5, 6] as const) {
  onVirtualJetson(`everything is told of the device: JetPack ${generation}`, async (t) => {
    const { text, hasFailed } = await on(t, generation, '--all')
    t.false(hasFailed, text)
    t.regex(text, /^Driver Info:\n\tDriver name {6}: tegra-video\n/)
    t.regex(text, / +video_bitrate 0x009909cf \(int\) /)
    t.regex(text, / +mpeg_videoenc_metadata 0x00990b18 .*flags=write-only/)
  })
}

onVirtualJetson('what v4l2-ctl cannot open is told through NVIDIA’s library', async (t) => {
  const { text } = await ioctl(t, '-D', '--list-formats')
  t.regex(text, /Driver name {6}: tegra-video\n/)
  t.regex(text, /\tType: Video Capture Multiplanar\n\n\t\[0\]: 'H264' \(H264, compressed\)\n/)
})

onVirtualJetson('controls that NVIDIA’s library does not list are those that are known of it', async (t) => {
  const { text, hasFailed } = await ioctl(t, '-L')
  t.regex(text, / +mpeg_videoenc_insert_vui 0x00990b22 \(bool\) {3}: default=0/)
  t.regex(text, /0x00990b31 \(menu\) {3}: min=0 max=25 .*\n\t\t\t\t0: 1 Main\n\t\t\t\t1: 1 High\n/)
  t.false(hasFailed)
})

onVirtualJetson('formats are set before controls, capture first, as NVIDIA’s library wants it', async (t) => {
  const { text, hasFailed } = await ioctl(t, '-c', 'video_bitrate=1000000', ...FORMATS, '-V', '-X')
  t.false(hasFailed, text)
  t.regex(text, /Format Video Capture Multiplanar:\n\tWidth\/Height {6}: 640\/360\n\tPixel Format {6}: 'H264'/)
  t.regex(text, /Number of planes {2}: 3\n/)
})
