import { createEncoder } from '../../ts/index.js'
import { assertMetadataTravels } from '../support/sei.js'
import { onVirtualJetson, virtualJetson } from '../support/virtual-jetson.js'

for (const codec of ['h264', 'h265'] as const) {
  for (const bitstream of ['annexb', 'length-prefixed'] as const) {
    onVirtualJetson(
      `on a Jetson, ${codec} ${bitstream}: ffmpeg reads the metadata byte by byte, and decodes the frames as without`,
      async (t) => {
        const { device, library } = virtualJetson(t, { delay: 1, stdoutMessages: false })
        await assertMetadataTravels(t, (metadata) =>
          createEncoder({
            codec,
            width: 160,
            height: 160,
            device,
            library,
            hardware: 'require',
            timeout: 60_000,
            bitstream,
            metadata,
          }),
        )
      },
    )
  }
}
