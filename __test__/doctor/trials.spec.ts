import ava from 'ava'
import type { ExecutionContext } from 'ava'
import type { Severity } from '../../ts/doctor/diagnosis.js'
import { asStranger, idsOf } from '../support/finding-cases.js'
import { answer, refusal, say, SUCCESS, tried } from '../support/trial.js'
import { orinNx, orinNxContainer, PLUGINS, raspberryPi4 } from '../support/fake-root.js'
import type { MadeUpRoot } from '../support/fake-root.js'

// Each starts processes, whose deadlines shall not be missed for the others' sake.
const test = ava.serial

/** A finding, what the trial does, what is said of it, on which board, and what else is found. */
type Case = [
  id: string,
  program: string,
  message: RegExp,
  hint: RegExp,
  make?: (t: ExecutionContext) => MadeUpRoot,
  after?: readonly string[],
]

const FAILED = refusal('ERR_DEVICE', 'VIDIOC_REQBUFS on /dev/v4l2-nvenc answered with 0 buffers.', {
  ioctl: 'VIDIOC_REQBUFS',
})

const CASES: Record<string, Case> = {
  'a trial that says there is no lsmod': [
    'lsmod-missing',
    say('sh: 1: lsmod: not found') + say('ENC_CTX(0x1234) Error in initializing nvenc context') + FAILED,
    /no lsmod/,
    /kmod/,
  ],
  'a trial whose context fails': [
    'nvenc-context-failed',
    say('ENC_CTX(0x1234) Error in initializing nvenc context') + FAILED,
    /could not make its context/,
    /kmod/,
  ],
  'the other plugin takes the node': [
    'cuvid-plugin-took-node',
    say('Error while setting IOCTL\nInvalid control\nS_EXT_CTRLS for CUDA_GPU_ID failed') + FAILED,
    /libv4l2_nvcuvidvideocodec\.so, which is for other machines, took the node/,
    /entrypoint\): rm -f /,
  ],
  'no channel to the chip': [
    'nvidia-channel-rejected',
    say("Can't initialize nvrm channel") + FAILED,
    /got no channel to the chip/,
    /sudo usermod -a -G video,render \$USER/,
  ],
  'no channel to the chip from a container': [
    'nvidia-channel-rejected',
    say('Could not create Default NvBufferSession') + FAILED,
    /got no channel to the chip/,
    /--group-add video/,
    orinNxContainer,
  ],
  'a libv4l2 that is not NVIDIA’s': [
    'not-nvidias-libv4l2',
    say('libv4l2: error getting capabilities: Inappropriate ioctl for device') + FAILED,
    /not NVIDIA's/,
    /libnvv4l2\.so/,
  ],
  'a plugin that refuses the node': [
    'plugin-rejected-node',
    say('libv4l2: error getting capabilities: Invalid argument') + FAILED,
    /plugin rejected the node/,
    /nvidia-l4t-multimedia/,
  ],
  'a library that cannot be loaded': [
    'library-cannot-be-loaded',
    say('libtegrav4l2.so: cannot open shared object file: No such file or directory') + FAILED,
    /could not be loaded/,
    /nvidia-l4t-multimedia/,
  ],
  'an encoder that refuses': [
    'encoder-object-rejected',
    say('VENC: NvVideoEncBlockReportError: 2469: BlockSide error 0x4') + refusal('ERR_DEVICE', 'VIDIOC_QBUF failed.'),
    /failed inside the encoder/,
    /smaller size/,
  ],
  'a release whose sync function fails': [
    'frame-sync-failed',
    say('NvMapMemCacheMaint Bad parameter') + answer(SUCCESS),
    /and uses another/,
    /stripes/,
  ],
  'a trial that crashes': [
    'probe-crashed',
    say('munmap_chunk(): invalid pointer') + 'process.kill(process.pid, "SIGSEGV")\nsetInterval(() => {}, 1000)',
    /took the process down\. .*ended by SIGSEGV\. The last that it printed was: munmap_chunk\(\): invalid pointer/,
    /hardware: 'never'/,
  ],
  'a trial that ends without an answer': ['probe-crashed', 'process.exit(7)', /exit status 7/, /dmesg/],
  'a trial that crashes when it is over': [
    'crash-at-exit',
    `${answer(SUCCESS)}process.kill(process.pid, "SIGABRT")\nsetInterval(() => {}, 1000)`,
    /went well, but the process was then ended by SIGABRT/,
    /EGL/,
  ],
  'a trial that never ends': [
    'probe-hung',
    say('NvMMLiteOpen : Block : BlockType = 4') + 'setInterval(() => {}, 1000)',
    /did not come to an end within 1000 ms, and was ended\.$/,
    /restart the board/,
  ],
  'a device that says nothing': [
    'probe-hung',
    refusal('ERR_TIMEOUT', 'It accepted frames but produced no output within 5s.'),
    /accepted frames but produced no output/,
    /dmesg/,
  ],
  'a codec that the device lacks': [
    'codec-rejected',
    `if (process.argv[2].includes('h265')) ${refusal('ERR_CODEC_UNSUPPORTED', 'It refused H265.')} else ${answer(SUCCESS)}`,
    /^The trial encode of H265 on .* was rejected: It refused H265\.$/,
    /\['h265', 'h264'\]/,
  ],
  'a stub with nobody behind it': [
    'nobody-behind-node',
    refusal('ERR_NOT_AN_ENCODER', 'VIDIOC_QUERYCAP failed with ENOTTY.', { hint: 'Check the plugin.' }),
    /nobody who answers/,
    /Check the plugin/,
  ],
  'a driver without a free session': [
    'no-session',
    FAILED,
    /got no encoder from the driver: VIDIOC_REQBUFS/,
    /End other/,
  ],
  'a stream that no decoder can use': [
    'probe-failed',
    answer({ ...SUCCESS, flaw: 'Chunk 2 of 4 bytes has no start code.' }),
    /gave what no decoder can use: Chunk 2 of 4 bytes has no start code/,
    /dmesg/,
  ],
  'a busy device whose library prints about other nodes': [
    'no-session',
    say('libv4l2: error getting capabilities: Inappropriate ioctl for device') +
      refusal('ERR_BUSY', 'Opening /dev/v4l2-nvenc failed with EBUSY.'),
    /in use by another program, or all its sessions taken: Opening .* EBUSY/,
    /fuser -v \/dev\/v4l2-nvenc/,
  ],
  'a busy device': ['no-session', refusal('ERR_BUSY', 'It is in use.'), /It is in use/, /End other/],
  'a kernel encoder without memory': [
    'out-of-device-memory',
    refusal('ERR_DEVICE', 'The driver has no room.', { ioctl: 'VIDIOC_REQBUFS', errno: 'ENOMEM' }),
    /got no memory/,
    /gpu_mem=128/,
    raspberryPi4,
  ],
  'a device that cannot be opened although its rights allow it': [
    'rejected-when-opened',
    refusal('ERR_PERMISSION', 'Opening failed with EACCES.', { hint: 'Join the group.' }),
    /could not begin: Opening failed with EACCES/,
    /Join the group/,
  ],
  'a device rule of a container': [
    'device-rules',
    refusal('ERR_PERMISSION', 'Opening /dev/v4l2-nvenc failed.', { errno: 'EPERM' }),
    /forbidden although the permissions allow it: the container has no device rule/,
    /--device \/dev\/v4l2-nvenc; a mount by -v is not enough/,
    orinNxContainer,
  ],
  'a sandbox': [
    'device-rules',
    refusal('ERR_PERMISSION', 'Opening /dev/v4l2-nvenc failed.', { errno: 'EPERM' }),
    /forbidden although the permissions allow it\.$/,
    /DeviceAllow/,
  ],
  'anything else': [
    'probe-failed',
    say('NvSomething: unheard of') + refusal('ERR_DEVICE', 'VIDIOC_DQBUF failed with EIO.'),
    /failed: VIDIOC_DQBUF failed with EIO\. The last that it printed was: NvSomething: unheard of/,
    /V4L2_ENCODER_LOG=debug/,
  ],
  'a stream that does not begin with a key frame': [
    'probe-failed',
    answer({ ...SUCCESS, types: ['delta', 'delta', 'delta', 'delta'] }),
    /does not begin with a key frame/,
    /dmesg/,
  ],
  'a device that loses frames': [
    'probe-failed',
    answer({ ...SUCCESS, framesLost: 1 }),
    /failed on 1 of 4 frames/,
    /dmesg/,
  ],
  'a device that is slow': [
    'slow-encoder',
    answer({ ...SUCCESS, latenciesMs: [90, 60, 60, 60] }),
    /took 60\.0 ms for a frame of 1280x720 \(median of 2 frames after 2 to warm up\), which is longer than a frame lasts at 30 a second\.$/,
    /^sudo jetson_clocks$/,
  ],
  'a device that is slow, and holds a frame back': [
    'slow-encoder',
    `if (process.argv[2].includes('h265')) ${answer(SUCCESS)} else ${answer({ ...SUCCESS, latenciesMs: [90, 80, 80, 80], pipelineDelay: 1 })}`,
    /which, also without the wait for the 1 that it holds back, is longer/,
    /jetson_clocks/,
    orinNx,
    ['frames-held-back'],
  ],
  'a device of which nobody knows whether it holds frames back': [
    'slow-encoder',
    answer({ ...SUCCESS, latenciesMs: [90, 60, 60, 60], pipelineDelay: null }),
    /the device is slow, or holds frames back\.$/,
    /smaller frames/,
    raspberryPi4,
  ],
  'a board with a mode without limits': [
    'slow-encoder',
    answer({ ...SUCCESS, latenciesMs: [90, 60, 60, 60] }),
    /took 60\.0 ms/,
    /^sudo nvpmodel -m 8 && sudo jetson_clocks$/,
    (t) =>
      orinNx(t).file('/etc/nvpmodel.conf', '< POWER_MODEL ID=0 NAME=15W >\n< POWER_MODEL ID=8 NAME=MAXN_SUPER >\n'),
  ],
  'a device that holds frames back': [
    'frames-held-back',
    answer({ ...SUCCESS, latenciesMs: [75, 74, 74, 9], pipelineDelay: 2 }),
    /^The trial encodes of H264 and H265 on \/dev\/v4l2-nvenc showed .* holds 2 frames back .* 67 ms at 30 frames a second\.$/,
    /^Nothing needs to be done/,
  ],
}

for (const [name, [id, program, message, hint, make = orinNx, after = []]] of Object.entries(CASES)) {
  test(`${name}: ${id}`, async (t) => {
    const diagnosis = await tried(make(t), program, program.endsWith('1000)') && id === 'probe-hung' ? 1000 : 5000)
    t.deepEqual([...new Set(idsOf(diagnosis))], [id, ...after], diagnosis.findings[0]?.message)
    t.regex(diagnosis.findings[0]!.message, message)
    t.regex(diagnosis.findings[0]!.hint, hint)
  })
}

test('a trial that goes well is the verdict, with what it measured', async (t) => {
  const { summary, hardware, findings, probes } = await tried(orinNx(t), say('NvMMLiteOpen') + answer(SUCCESS))
  t.is(
    summary,
    'Hardware encodes H264 in 9.0 ms a frame and H265 in 9.0 ms a frame by /dev/v4l2-nvenc (NVIDIA Jetson encoder).',
  )
  t.deepEqual(findings, [])
  t.like(hardware, { works: true, probed: true })
  t.deepEqual(hardware.encoders[0]!.codecs, ['h264', 'h265'])
  t.like(probes[0], { codec: 'h264', outcome: 'works', openMs: 40, framesIn: 4, output: 'NvMMLiteOpen' })
})

test('the trial gets the device, the codec, the size and the library, and what it prints is not its answer', async (t) => {
  const root = raspberryPi4(t)
  root.addon.encoders[0]!.sizes = [{ codec: 'h264', minWidth: 32, minHeight: 32, maxWidth: 639, maxHeight: 480 }]
  const { probes } = await tried(root, `console.log(process.argv[2])\n${refusal('ERR_DEVICE', 'No.')}`)
  t.deepEqual(JSON.parse(probes[0]!.output), {
    device: '/dev/video11',
    codec: 'h264',
    width: 638,
    height: 480,
    root: '',
    timeoutMs: 2500,
  })
})

test('what is not in the way of a working encoder is no problem', async (t) => {
  const { findings } = await tried(orinNx(t).without('/usr/sbin/lsmod'), answer(SUCCESS))
  t.like(findings[0], { id: 'lsmod-missing', severity: 'warning' })
})

test('what a container lacks by its variables and plugins is reported only where nothing encoded', async (t) => {
  const plugin = `${PLUGINS}/libv4l2_nvcuvidvideocodec.so`
  const make = () => {
    const root = orinNxContainer(t).file(plugin)
    Object.assign(root.env, { NVIDIA_DRIVER_CAPABILITIES: 'compute' })
    return root
  }
  t.deepEqual((await tried(make(), answer(SUCCESS))).findings, [])
  const ids = idsOf(await tried(make(), FAILED))
  t.deepEqual(ids, ['no-session', 'cuvid-plugin-first', 'driver-capabilities-lack-video'])
  const unset = orinNxContainer(t)
  delete unset.env.NVIDIA_VISIBLE_DEVICES
  t.deepEqual((await tried(unset, answer(SUCCESS))).findings, [])
})

test('a closed node is none that was needed where NVIDIA’s encoder was seen to encode', async (t) => {
  const { findings } = await tried(asStranger(orinNx(t)), answer(SUCCESS))
  t.deepEqual(findings, [])
  const inNextSession = orinNx(t)
  inNextSession.machine.gids = [1000]
  t.deepEqual((await tried(inNextSession, answer(SUCCESS))).findings, [])
})

test('a process that uses the encoder is the problem where the trial failed, and others may be', async (t) => {
  const root = orinNx(t).process(7, 'other', '/dev/v4l2-nvenc')
  const { findings } = await tried(root, FAILED)
  t.deepEqual(
    findings.map(({ id, severity }) => [id, severity]),
    [
      ['no-session', 'problem'],
      ['device-in-use', 'problem'],
    ],
  )
  t.is(findings[1]!.hint, 'End other and try again.')
})

for (const [name, [program, severity]] of Object.entries<[program: string, severity: Severity]>({
  'is busy': [refusal('ERR_BUSY', 'It is in use.'), 'problem'],
  'has an encoder that refuses': [say('NvVideoEncodeCreate failed') + refusal('ERR_DEVICE', 'It failed.'), 'problem'],
  crashes: ['process.exit(7)', 'note'],
  'does not code this codec': [refusal('ERR_CODEC_UNSUPPORTED', 'It refused.'), 'note'],
  'has a library that is not NVIDIA’s': [
    say('libv4l2: error getting capabilities: Inappropriate ioctl for device') + FAILED,
    'note',
  ],
})) {
  test(`a process that uses a device that ${name} is reported as a ${severity}`, async (t) => {
    const { findings } = await tried(orinNx(t).process(7, 'other', '/dev/v4l2-nvenc'), program)
    const finding = findings.find(({ id }) => id === 'device-in-use')!
    t.is(finding.severity, severity)
    t.regex(finding.hint, severity === 'problem' ? /^End other and try again\.$/ : /^End other if more frames/)
  })
}

test('a process that uses a kernel encoder without memory is a problem', async (t) => {
  const root = raspberryPi4(t).process(7, 'other', '/dev/video11')
  const { findings } = await tried(
    root,
    refusal('ERR_DEVICE', 'The driver has no room.', { ioctl: 'VIDIOC_REQBUFS', errno: 'ENOMEM' }),
  )
  t.is(findings.find(({ id }) => id === 'device-in-use')!.severity, 'problem')
})

for (const [name, program] of Object.entries({
  'garbage for an answer': 'writeSync(3, "garbage\\n")',
  'an endless answer':
    'const more = () => { try { for (;;) writeSync(3, "x".repeat(65536)) } catch { setTimeout(more, 1) } }\nmore()',
})) {
  test(`${name} is no success`, async (t) => {
    const { hardware, probes } = await tried(raspberryPi4(t), program, 1500)
    t.false(hardware.works)
    t.true(['crashes', 'hangs'].includes(probes[0]!.outcome))
  })
}

test('a bundle that left the trial behind says so', async (t) => {
  const root = raspberryPi4(t)
  const { findings } = await root.diagnose({}, { probeModule: root.place('/gone.mjs') })
  t.regex(
    findings[0]!.message,
    /failed: No process could be started .*\/gone\.mjs is missing, so leave v4l2-encoder out/,
  )
})

test('what a trial prints is bounded and printable', async (t) => {
  const flood =
    'for (let n = 0; n < 20000; n++) console.log(`\\x1b[31mline\\x1b[0m ${n}\\x07`)\nconsole.error("last words")\n'
  const { probes } = await tried(raspberryPi4(t), flood + FAILED)
  const { output } = probes[0]!
  t.true(output.length < 10_000)
  t.regex(output, /last words|line \d{5}/)
  t.notRegex(output, /[^\n\u0020-\u007E]/)
})

test('a program that inherited the streams of a crashed trial is not waited for', async (t) => {
  const leave = "import { spawn } from 'node:child_process'\nspawn('sleep', ['5'], { stdio: 'inherit' })\n"
  const start = performance.now()
  const { probes } = await tried(raspberryPi4(t), `${leave}process.kill(process.pid, 'SIGKILL')`)
  t.is(probes[0]!.outcome, 'crashes')
  t.true(performance.now() - start < 4000)
})

test('a signal ends the trial and rejects with its reason', async (t) => {
  const root = raspberryPi4(t)
  const module = root.file('/trial.mjs', 'setInterval(() => {}, 1000)').place('/trial.mjs')
  const controller = new AbortController()
  const { signal } = controller
  setTimeout(() => controller.abort(new Error('enough')), 300)
  const start = performance.now()
  await t.throwsAsync(root.diagnose({ signal }, { probeModule: module }), { message: 'enough' })
  t.true(performance.now() - start < 3000)
})

test('processes of other users are counted where the trial failed', async (t) => {
  const { findingsOf } = await import('../../ts/doctor/findings/all.js')
  const { facts, probes } = await tried(orinNx(t), FAILED)
  const deviceUsers = { seen: [], unseen: 3 }
  const found = findingsOf({ facts: { ...facts, deviceUsers }, probes })
  t.regex(found.find(({ id }) => id === 'others-processes-unseen')!.message, /^3 processes of other users/)
})
