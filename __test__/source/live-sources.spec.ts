import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import test from 'ava'
import { openSource } from '../../ts/index.js'
import { y4m } from '../support/pipe.js'
import { onAddon } from '../support/installed-programs.js'

/** What a program in place of ffmpeg writes for rtsp://camera/NAME: without a deinterlacer, and with one. */
const STREAMS: Record<string, [plain: Buffer, deinterlaced: Buffer]> = {
  fields: [y4m('W4 H2 F25:1 It', 5), y4m('W4 H2 F25:1 Ip', 7)],
  stubborn: [y4m('W4 H2 F25:1 It', 5), y4m('W4 H2 F25:1 Ib', 7)],
  clock: [y4m('W4 H2 F90000:1 Ip', 5), Buffer.alloc(0)],
}

const PROGRAM = `#!/bin/sh
for one; do
  case "$one" in
    -version) echo 'ffmpeg version 6.1'; exit;;
    rtsp://camera/*) name=\${one##*/};;
    *bwdif*) kind=.deinterlaced;;
  esac
done
exec cat "$(dirname "$0")/$name$kind"
`

const folder = mkdtempSync(join(tmpdir(), 'v4l2-encoder-live-'))
for (const [name, [plain, deinterlaced]] of Object.entries(STREAMS)) {
  writeFileSync(join(folder, name), plain)
  writeFileSync(join(folder, `${name}.deinterlaced`), deinterlaced)
}
writeFileSync(join(folder, 'ffmpeg'), PROGRAM)
chmodSync(join(folder, 'ffmpeg'), 0o755)
process.env.PATH = `${folder}${delimiter}${process.env.PATH}`
test.after.always(() => rmSync(folder, { recursive: true }))

onAddon('an interlaced stream is opened once more with a deinterlacer', async (t) => {
  const lines: string[] = []
  await using source = await openSource('rtsp://camera/fields', { log: ({ message }) => lines.push(message) })
  const values: number[] = []
  for await (const { data } of source) values.push(data[0]!)
  t.deepEqual(values, [7])
  t.deepEqual(lines, ['The video is interlaced; its frames are deinterlaced.'])
  t.deepEqual([...source.warnings], lines)
})

onAddon('what stays interlaced is rejected, with the reason and without end', async (t) => {
  const opening = openSource('rtsp://camera/stubborn', { log: 'silent' })
  await t.throwsAsync(opening, { code: 'ERR_SOURCE', message: /is interlaced \(Ib: bottom field first\)/ })
})

onAddon('the clock of a stream is not taken for its rate', async (t) => {
  await using source = await openSource('rtsp://camera/clock', { log: 'silent' })
  t.is(source.config.framerate, 30)
  t.regex(source.warnings.join(), /claims 90000 frames a second; the rate control counts on 30/)
})
