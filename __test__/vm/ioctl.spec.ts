import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ExecutionContext } from 'ava'
import { perform } from '../../ts/cli/ioctl/perform.js'
import { loadAddon } from '../../ts/native/loader.js'
import { ioctlPlan } from '../support/parse-command.js'
import { cameraNode, decoderNode, encoderNode, nodeCalled, onKernel, run } from '../support/kernel.js'

const CLI = join(import.meta.dirname, '../../dist/cli/main.js')
const statelessNode = (): string => nodeCalled('stateless-decoder')

/** What v4l2-ctl prints on both of its streams, and whether it fails, which it does where a driver refuses something. */
function v4l2Ctl(...args: string[]): { printed: string[]; errors: string[]; hasFailed: boolean } {
  const { stdout, stderr, status, error } = spawnSync('v4l2-ctl', args, {
    encoding: 'utf8',
    timeout: 60_000,
    maxBuffer: 2 ** 26,
  })
  if (error) throw error
  return { printed: stdout.split('\n'), errors: stderr.split('\n').slice(0, -1), hasFailed: status !== 0 }
}

/** What our command leaves to programs for television and radio, in blocks of a line and those indented below it. */
const LEFT_OUT =
  /^(Frequency for|Tuner \d|Modulator \d|Format (Video Overlay|Video Output Overlay|Sliced VBI|VBI|SDR)|Framebuffer Format|JPEG compression)/

function withoutLeftOut(lines: string[]): string[] {
  let isLeftOut = false
  return lines.filter((line) => {
    isLeftOut = LEFT_OUT.test(line) || (isLeftOut && line.startsWith('\t'))
    return !isLeftOut
  })
}

/** Values that change by themselves. */
function steady(lines: string[]): string[] {
  return lines.map((line) => (line.includes('volatile') ? line.replace(/value=\d+/, 'value=…') : line))
}

/** That our command prints line by line what v4l2-ctl prints; in this process, for programs start slowly on an emulated machine. */
async function assertAsV4l2Ctl(t: ExecutionContext, node: string, ...options: string[]): Promise<number> {
  const about = `${node} ${options.join(' ')}`
  const { printed, errors, hasFailed } = v4l2Ctl('-d', node, ...options)
  const ours = await perform(loadAddon, ioctlPlan([node, ...options]))
  t.deepEqual(steady(ours.text.split('\n')), steady(withoutLeftOut(printed)), about)
  for (const error of errors) t.true(ours.errors.includes(error), `${about}: ${error}`)
  // Of everything together v4l2-ctl fails where a driver lacks anything.
  if (!options.includes('--all')) t.is(ours.status !== 0, hasFailed, about)
  else if (options.length === 1) t.is(ours.status, 0, about)
  return printed.length
}

const NODES = [
  ['the encoder', encoderNode],
  ['the decoder', decoderNode],
  ['the stateless decoder', statelessNode],
  ['the camera', cameraNode],
] as const

const LISTS = ['-n', '-N', '--list-audio-inputs', '--list-standards', '--list-dv-timings']

for (const [name, nodeOf] of NODES) {
  onKernel(
    `everything about ${name}, its controls with and without menus and its formats are printed as by v4l2-ctl`,
    async (t) => {
      t.true((await assertAsV4l2Ctl(t, nodeOf(), '--all')) > 60)
      await assertAsV4l2Ctl(t, nodeOf(), '-D', '-l', '-V', '-X', '-P', '--get-priority', ...LISTS)
      await assertAsV4l2Ctl(t, nodeOf(), '-L', '--list-formats', '--list-formats-out')
      await assertAsV4l2Ctl(t, nodeOf(), '--list-formats-ext', '--list-formats-out-ext')
    },
  )
}

onKernel('so is the camera at its television, S-Video and HDMI inputs', async (t) => {
  t.teardown(() => v4l2Ctl('-d', cameraNode(), '-i', '0'))
  for (const input of ['1', '2', '3']) {
    await assertAsV4l2Ctl(t, cameraNode(), '-i', input)
    await assertAsV4l2Ctl(t, cameraNode(), '--all', ...LISTS)
  }
  await assertAsV4l2Ctl(t, cameraNode(), '-i', '1')
  for (const standard of ['pal-nc', 'secam-l', 'ntsc-j', 'PAL', '1'])
    await assertAsV4l2Ctl(t, cameraNode(), '-s', standard, '-S')
  await assertAsV4l2Ctl(t, cameraNode(), '-i', '3')
  await assertAsV4l2Ctl(t, cameraNode(), '--set-dv-bt-timings', 'query', '--get-dv-timings')
})

onKernel('single values are printed as by v4l2-ctl, and what the driver refuses too', async (t) => {
  const controls = 'brightness,menu,string,integer_64_bits,bitmask,integer_menu,boolean'
  await assertAsV4l2Ctl(t, cameraNode(), '-C', controls)
  for (const control of ['area', 'u16_8x16_matrix', 'u8_2x3x4x5_array'])
    await assertAsV4l2Ctl(t, cameraNode(), '-C', control)
  await assertAsV4l2Ctl(t, cameraNode(), '--get-selection', 'target=crop')
  await assertAsV4l2Ctl(t, encoderNode(), '--get-selection-output', 'target=crop', '-P')
  await assertAsV4l2Ctl(t, cameraNode(), '--list-framesizes', 'YU12')
  await assertAsV4l2Ctl(t, cameraNode(), '--list-frameintervals', 'width=640,height=360,pixelformat=YUYV')
})

onKernel('formats and frame rates are set and tried as v4l2-ctl does it', async (t) => {
  await assertAsV4l2Ctl(t, cameraNode(), '--try-fmt-video', 'width=1,height=1,pixelformat=NV12')
  const options = ['-v', 'width=1280,height=720,pixelformat=NV12', '-p', '30', '-V', '-P']
  await assertAsV4l2Ctl(t, cameraNode(), ...options)
  await perform(loadAddon, ioctlPlan([cameraNode(), '-v', 'width=640,height=480,pixelformat=YU12', '-p', '10']))
  const { printed: seen } = v4l2Ctl('-d', cameraNode(), '-V', '-P')
  for (const line of ['640/480', "'YU12'", '10.000 (10/1)'])
    t.true(
      seen.some((one) => one.includes(line)),
      line,
    )
  await assertAsV4l2Ctl(t, encoderNode(), '-x', 'width=640,height=480,pixelformat=YU12', '-V', '-X')
})

onKernel('a control that is set through the command is seen by v4l2-ctl, and the other way round', async (t) => {
  const node = cameraNode()
  const ours = async (...args: string[]) => run(process.execPath, CLI, 'ioctl', node, ...args)
  t.is(await ours('-c', 'brightness=77,string=abc,integer_64_bits=-5,bitmask=0x80002000,area=640x480,menu=4'), '')
  t.is(
    await run('v4l2-ctl', '-d', node, '-C', 'brightness,string,integer_64_bits,bitmask,area,menu'),
    "brightness: 77\nstring: 'abc'\ninteger_64_bits: -5\nbitmask: -2147475456\narea: 640x480\nmenu: 4 (Menu Item 4)\n",
  )
  await run('v4l2-ctl', '-d', node, '-c', 'brightness=99,menu=1')
  t.is(await ours('-C', 'brightness,menu'), 'brightness: 99\nmenu: 1 (Menu Item 1)\n')
  await ours('-c', 'u16_8x16_matrix=1000')
  t.regex(
    await run('v4l2-ctl', '-d', node, '-C', 'u16_8x16_matrix'),
    /^(u16_8x16_matrix\[\d\]: ( {2}1000,? ?){16}\n){8}$/,
  )
  await ours('--reset-ctrl', 'brightness,menu,string,u16_8x16_matrix')
  t.is(await run('v4l2-ctl', '-d', node, '-C', 'brightness,menu'), 'brightness: 128\nmenu: 3 (Menu Item 3)\n')
})

/** Programs start slowly on an emulated machine. */
const UNTIL_BOTH_WAIT_MS = 2000

/** Both commands wait for an event that `cause` makes. */
async function assertSameEvents(t: ExecutionContext, event: string, cause: () => Promise<unknown>): Promise<void> {
  const node = cameraNode()
  const printed: string[] = []
  const print = (text: string) => Promise.resolve(void printed.push(text))
  const plan = ioctlPlan([node, '--wait-for-event', event])
  const ours = perform(loadAddon, plan, { print, signal: new AbortController().signal })
  const theirs = run('timeout', '60', 'v4l2-ctl', '-d', node, '--wait-for-event', event)
  await sleep(UNTIL_BOTH_WAIT_MS)
  t.is(printed.join(''), '', 'nothing is printed before')
  await cause()
  t.is((await ours).status, 0)
  const [own, other] = [printed.join(''), await theirs]
  t.regex(own, /^\d+\.\d{6}: event 0, pending 0: /)
  // The kernel takes the time once for each open file.
  const TIME = /^\d+\.\d{6}/
  t.is(own.replace(TIME, '…'), other.replace(TIME, '…'))
  t.true(Math.abs(parseFloat(own) - parseFloat(other)) < 1, `${own}${other}`)
}

onKernel('an EDID is read, set and removed as by v4l2-ctl, in all of its formats', async (t) => {
  const node = cameraNode()
  const out = mkdtempSync(join(tmpdir(), 'edid-'))
  const [hex, raw, wrong] = ['hex', 'raw', 'wrong'].map((name) => join(out, name)) as [string, string, string]
  const ours = async (...args: string[]) => perform(loadAddon, ioctlPlan([node, ...args]))
  t.teardown(() => v4l2Ctl('-d', node, '-i', '0', '--set-edid', `pad=3,file=${hex}`))
  await assertAsV4l2Ctl(t, node, '-i', '3')
  t.true((await assertAsV4l2Ctl(t, node, '--get-edid', 'pad=3')) > 16)
  await assertAsV4l2Ctl(t, node, '--get-edid', 'pad=3,startblock=1,blocks=1,format=carray')
  await assertAsV4l2Ctl(t, node, '--get-edid', 'pad=0')
  await assertAsV4l2Ctl(t, node, '--get-edid', 'pad=3,startblock=7,blocks=1')
  t.is((await ours('--get-edid', `pad=3,file=${hex}`)).text, '')
  await ours('--get-edid', `pad=3,format=raw,file=${raw}`)
  v4l2Ctl('-d', node, '--get-edid', `pad=3,file=${wrong}`)
  t.is(readFileSync(hex, 'latin1'), readFileSync(wrong, 'latin1'))
  t.is(statSync(raw).size, 256)
  await assertAsV4l2Ctl(t, node, '--clear-edid', '3', '--get-edid', 'pad=3')
  await ours('--set-edid', `pad=3,format=raw,file=${raw}`)
  t.is(v4l2Ctl('-d', node, '--get-edid', 'pad=3').printed.join('\n'), readFileSync(hex, 'latin1'))
  await assertAsV4l2Ctl(t, node, '--set-edid', `pad=3,file=${hex}`, '--get-edid', 'pad=3')
  await assertAsV4l2Ctl(t, node, '--set-edid', `pad=0,file=${hex}`)
  writeFileSync(wrong, readFileSync(hex, 'latin1').replace('00 ff', '01 ff'))
  const rejected = await t.throwsAsync(ours('--set-edid', `pad=3,file=${wrong}`))
  t.true(
    v4l2Ctl('-d', node, '--set-edid', `pad=3,file=${wrong}`).errors.some((line) => rejected.message.includes(line)),
  )
})

onKernel('events of controls and of the signal are printed as by v4l2-ctl', async (t) => {
  const node = cameraNode()
  t.teardown(() => v4l2Ctl('-d', node, '-i', '0', '--reset-ctrl', 'brightness,menu,integer_64_bits,bitmask'))
  v4l2Ctl('-d', node, '-i', '0')
  const set = (assignment: string) => () => run('v4l2-ctl', '-d', node, '-c', assignment)
  await assertSameEvents(t, 'ctrl=brightness', set('brightness=78'))
  await assertSameEvents(t, 'ctrl=integer_64_bits', set('integer_64_bits=-6'))
  await assertSameEvents(t, 'ctrl=bitmask', set('bitmask=0x80000000'))
  await assertSameEvents(t, 'ctrl=string', set('string=abc'))
  await assertSameEvents(t, 'source_change=3', async () => {
    await run('v4l2-ctl', '-d', node, '-i', '3')
    const signal = 'dv_timings_signal_mode'
    await run('v4l2-ctl', '-d', node, '-c', `${signal}=1`)
    await run('v4l2-ctl', '-d', node, '-c', `${signal}=0`)
  })
  await assertAsV4l2Ctl(t, node, '--wait-for-event', 'eos')
})

onKernel('every node that a driver can have is printed as by v4l2-ctl', async (t) => {
  t.teardown(async () => {
    await run('modprobe', '-r', 'vivid')
    await run('modprobe', 'vivid', 'n_devs=1', 'node_types=0x1', 'no_error_inj=1')
  })
  await run('modprobe', '-r', 'vivid')
  await run('modprobe', 'vivid', 'n_devs=1', 'node_types=0xe1d3d', 'no_error_inj=1')
  const nodes = readdirSync('/dev').filter((name) => /^(video|vbi|radio|swradio|v4l-touch)\d+$/.test(name))
  t.true(nodes.length > 10, nodes.join(' '))
  for (const name of nodes.filter((one) => !/^video[0-2]$/.test(one))) await assertAsV4l2Ctl(t, `/dev/${name}`, '--all')
})
