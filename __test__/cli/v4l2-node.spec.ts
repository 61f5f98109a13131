import { Stats } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { statusOf } from '../../ts/cli/exit.js'
import { explainCamera, explainNode, isV4l2Node } from '../../ts/cli/v4l2-node.js'
import { V4l2EncoderError } from '../../ts/shared/errors.js'
import { onAddon } from '../support/installed-programs.js'
import { runSource } from '../support/run-source.js'

const MAIN = join(import.meta.dirname, '../../ts/cli/main.ts')

/** What stat() says of a character device of that number. */
function characterDevice(major: number): Stats {
  return Object.assign(Object.create(Stats.prototype) as Stats, { mode: 0o020660, rdev: major * 256 + 3 })
}

test('a V4L2 device is recognized by its name, and by its number under any other', (t) => {
  for (const path of ['/dev/video0', '/dev/../dev/video12', '/dev/v4l/by-id/usb-camera']) t.true(isV4l2Node(path), path)
  t.true(isV4l2Node('/tmp/my-camera', characterDevice(81)))
  t.false(isV4l2Node('/tmp/my-camera', characterDevice(1)))
  for (const path of ['/dev/null', '/etc/passwd', '/dev/v4l2-nvenc', 'video0', 'testsrc'])
    t.false(isV4l2Node(path), path)
})

test('what is not a camera is reported as that, with the exit status of a camera that is not there', (t) => {
  const error = new V4l2EncoderError('ERR_NOT_A_CAMERA', 'VIDIOC_QUERYCAP failed.', { errno: 'ENOTTY' })
  t.is(statusOf(error), 3)
  t.like(explainCamera('/etc/passwd', error), {
    message: '/etc/passwd is not a V4L2 camera: VIDIOC_QUERYCAP failed.',
    hint: 'Cameras are devices such as /dev/video0; "v4l2-encoder cameras" lists those of this machine.',
    status: 3,
  })
  t.is(explainCamera('Logitech', error), error)
  t.is(explainCamera(0, error), error)
  t.is(explainCamera('/dev/video0', error), error)
})

test('the missing library is the reason for the device of a Jetson only', (t) => {
  const error = new V4l2EncoderError('ERR_LIBRARY_MISSING', 'Not found.', { hint: 'Install it.' })
  for (const path of ['/dev/v4l2-nvenc', '/dev/nvhost-msenc', '/dev/video0']) t.is(explainNode(path, error), error)
  t.like(explainNode('/dev/null', error), { message: 'Not found.', status: 3 })
})

onAddon('ioctl reports what is not a V4L2 device', async (t) => {
  for (const path of ['/dev/null', import.meta.dirname]) {
    const { code, stderr } = await runSource(MAIN, ['ioctl', path, '--library', '/nowhere/libnvv4l2.so'])
    t.is(code, 3)
    t.true(
      stderr.includes(`\n${path} is not a V4L2 device. V4L2 devices are such as /dev/video0; "v4l2-encoder devices"`),
      stderr,
    )
    const kernel = await runSource(MAIN, ['ioctl', import.meta.dirname, '--transport', 'kernel'])
    t.regex(kernel.stderr, /EISDIR.*\n.* is not a V4L2 device/)
  }
})
