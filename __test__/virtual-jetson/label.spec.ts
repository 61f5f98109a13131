import { spawnSync } from 'node:child_process'
import { createEncoder } from '../../ts/index.js'
import { ordering } from '../support/ordering.js'
import { record } from '../support/record.js'
import { onVirtualJetson, virtualJetson } from '../support/virtual-jetson.js'

for (const codec of ['h264', 'h265'] as const) {
  onVirtualJetson(`the ${codec} stream of a device that is not told says what the frames are`, async (t) => {
    const { device, library } = virtualJetson(t, {})
    const encoder = await createEncoder({
      codec,
      width: 160,
      height: 160,
      device,
      library,
      hardware: 'require',
      timeout: 60_000,
      colorSpace: { matrix: 'bt709', fullRange: true },
      sampleAspectRatio: { width: 64, height: 45 },
    })
    const { stream } = await record(encoder, 4)
    const { settings } = encoder
    await encoder.close()
    const entries = ['-show_entries', 'stream=sample_aspect_ratio,color_range,color_space', '-of', 'csv=p=0']
    const input = ['-v', 'error', '-f', codec === 'h264' ? 'h264' : 'hevc', '-i', 'pipe:0', ...entries]
    t.is(spawnSync('ffprobe', input, { input: stream }).stdout.toString().trim(), '64:45,pc,bt709')
    for (const [name, actual] of [
      ['colorSpace', 'bt709 full'],
      ['sampleAspectRatio', '64:45'],
    ]) {
      t.like(
        settings.find((setting) => setting.name === name),
        { actual, source: 'bitstream' },
      )
    }
  })
}

for (const generation of [4, 5, 6] as const) {
  for (const codec of ['h264', 'h265'] as const) {
    for (const writesVui of [true, false]) {
      const device = `a device of JetPack ${generation} ${writesVui ? 'with' : 'without'} VUI of its own`
      onVirtualJetson(
        `decoders of the ${codec} stream of ${device} hold no frame back and know its rate`,
        async (t) => {
          const { device: path, library } = virtualJetson(t, { generation, writesVui })
          const encoder = await createEncoder({
            codec,
            width: 160,
            height: 160,
            framerate: 20,
            device: path,
            library,
            hardware: 'require',
            timeout: 60_000,
          })
          const { stream } = await record(encoder, 4)
          const framerate = encoder.settings.find(({ name }) => name === 'framerate')
          await encoder.close()
          t.deepEqual(ordering(stream, codec), { hasBFrames: '0', rate: '20/1' })
          // The rate that was written into the parameter sets here says nothing of the device.
          t.is(framerate?.source, writesVui ? 'bitstream' : 'requested')
        },
      )
    }
  }
}
