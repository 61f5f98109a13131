import ava from 'ava'
import { headlineOf } from '../../ts/doctor/headline.js'
import { answerText } from '../../ts/doctor/text.js'
import { laptop, orinNx, raspberryPi4 } from '../support/fake-root.js'
import { answer, refusal, SUCCESS, tried } from '../support/trial.js'

// Some start processes, whose deadlines must not be missed for the others' sake.
const test = ava.serial

test('where hardware encodes, the answer is the encoder, its speed and nothing to do', async (t) => {
  const diagnosis = await tried(orinNx(t), answer(SUCCESS))
  t.deepEqual(headlineOf(diagnosis), [
    'Encoder  hardware, H264 and H265 on /dev/v4l2-nvenc (NVIDIA Jetson encoder).',
    'Speed    H264 9.0 ms a frame at 1280x720 and H265 9.0 ms a frame at 1280x720 (median).',
    'To do    Nothing.',
  ])
  t.is(answerText(diagnosis), `${headlineOf(diagnosis).join('\n')}\n`)
})

test('where hardware fails, the answer is software, the reason and the fix of the worst finding', async (t) => {
  const diagnosis = await tried(orinNx(t), refusal('ERR_CODEC_UNSUPPORTED', 'It was rejected.'))
  const [encoder, speed, next] = headlineOf(diagnosis)
  t.is(encoder, `Encoder  software (OpenH264), H264 only. ${diagnosis.findings[0]!.message}`)
  t.is(speed, 'Speed    not measured; "v4l2-encoder bench" measures it.')
  t.is(next, `To do    ${diagnosis.findings[0]!.hint}`)
})

test('what was not tried is not claimed', async (t) => {
  const well = headlineOf(await raspberryPi4(t).diagnose())
  t.regex(well[0]!, /^Encoder {2}hardware, not tried: H264 on \/dev\/video11/)
  t.deepEqual(well.slice(1), ['Speed    not tried.', 'To do    Run it without --no-probe, which tries the encoder.'])
  const ill = headlineOf(await orinNx(t).without('/usr/sbin/lsmod').diagnose())
  t.regex(ill[0]!, /^Encoder {2}hardware not tried: .* There is no lsmod/)
})

test('the answer has three lines, and counts the findings that --verbose shows', async (t) => {
  const diagnosis = await laptop(t).diagnose()
  t.regex(answerText(diagnosis), /^Encoder {2}[^\n]+\nSpeed {4}[^\n]+\nTo do {4}[^\n]+ \(1 finding: --verbose\)\n$/)
})

test('the answer and the findings agree', async (t) => {
  const machines = [
    await laptop(t).diagnose(),
    await raspberryPi4(t).diagnose(),
    await raspberryPi4(t).without('/dev/video11').diagnose(),
    await orinNx(t).diagnose(),
    await orinNx(t).without('/usr/sbin/lsmod', '/dev/nvmap').diagnose(),
    await tried(orinNx(t), answer({ ...SUCCESS, latenciesMs: [90, 60, 60, 60] })),
    await tried(orinNx(t), refusal('ERR_DEVICE', 'It failed.', { ioctl: 'VIDIOC_REQBUFS', errno: 'ENOMEM' })),
  ]
  for (const diagnosis of machines) {
    const [encoder, , next] = headlineOf(diagnosis)
    const { hardware, findings } = diagnosis
    t.is(/^Encoder {2}hardware,/.test(encoder!), hardware.works, encoder)
    t.is(/not tried/.test(encoder!), !hardware.probed && hardware.encoders.length > 0, encoder)
    const grave = findings.some(({ severity }) => severity !== 'note')
    t.is(next === 'To do    Nothing.', !grave && hardware.works && hardware.probed, next)
  }
})
