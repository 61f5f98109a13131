import { createEncoder, isSupported, listEncoders } from '../../ts/index.js'
import type { V4l2EncoderError } from '../../ts/index.js'
import { cameraNode, decoderNode, encoderNode, nodeCalled, onKernel } from '../support/kernel.js'

onKernel('the encoder is told from decoders and the camera, with driver, bus, sizes and formats', async (t) => {
  const encoders = await listEncoders()
  t.deepEqual(
    encoders.map(({ backend, device }) => [backend, device]),
    [
      ['v4l2', encoderNode()],
      ['software', null],
    ],
  )
  const [vicodec] = encoders
  const { driver, bus, name, codecs, sizes, formats, available } = vicodec!
  t.deepEqual(
    { driver, bus, name, codecs, available },
    {
      driver: 'vicodec',
      bus: 'platform:vicodec',
      name: 'vicodec',
      codecs: ['fwht'],
      available: true,
    },
  )
  t.deepEqual(sizes, [{ codec: 'fwht', minWidth: 640, minHeight: 360, maxWidth: 4096, maxHeight: 2160 }])
  t.true(formats!.includes('YU12') && formats!.includes('NV12'))
})

onKernel('for another codec every node says why it does not do', async (t) => {
  const { rejected } = await t.throwsAsync<V4l2EncoderError>(createEncoder({ codec: 'h265', hardware: 'require' }), {
    code: 'ERR_NO_ENCODER',
  })
  const reasons = Object.fromEntries(rejected.map(({ device, code, message }) => [device, { code, message }]))
  t.deepEqual(reasons[encoderNode()], {
    code: 'ERR_CODEC_UNSUPPORTED',
    message: `${encoderNode()} (vicodec) encodes FWHT, not H265.`,
  })
  for (const [node, what] of [
    [decoderNode(), 'is a decoder'],
    [nodeCalled('stateless-decoder'), 'is a decoder'],
    [cameraNode(), 'is a camera'],
  ] as const) {
    t.is(reasons[node]!.code, 'ERR_NOT_AN_ENCODER')
    t.regex(reasons[node]!.message, new RegExp(what))
  }
})

onKernel('a named node that is no encoder is refused by name, and so is one that is no video device', async (t) => {
  for (const [device, code] of [
    [decoderNode(), 'ERR_NOT_AN_ENCODER'],
    [cameraNode(), 'ERR_NOT_AN_ENCODER'],
    ['/dev/video99', 'ERR_DEVICE_NOT_FOUND'],
  ] as const) {
    const { backend, rejected } = await createEncoder({ codec: ['h264'], device: [device], log: 'silent' }).then(
      async (encoder) => {
        await encoder.close()
        return encoder
      },
    )
    t.is(backend, 'software')
    t.deepEqual([rejected[0]!.device, rejected[0]!.code], [device, code])
  }
})

onKernel('a size that the driver does not code is refused with the sizes that it does', async (t) => {
  const small = { codec: 'fwht', width: 320, height: 240, hardware: 'require' } as const
  const error = await t.throwsAsync<V4l2EncoderError>(createEncoder(small), { code: 'ERR_NO_ENCODER' })
  const { code, message } = error.rejected.find(({ device }) => device === encoderNode())!
  t.is(code, 'ERR_CODEC_UNSUPPORTED')
  t.regex(message, /does not encode FWHT at 320x240: it encodes sizes from 640x360 to 4096x2160/)
  t.false((await isSupported(small)).supported)
  t.true((await isSupported({ ...small, width: 640, height: 360 }, { probe: true })).supported)
})
