import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onKernel, run } from '../support/kernel.js'

// vicodec codes inside the ioctl: whoever calls stands still meanwhile.
onKernel("JavaScript's thread makes no call to the encoder", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'threads-'))
  const trace = join(folder, 'trace')
  const clip = join(folder, 'clip.fwht')
  const record = ['dist/cli/main.js', 'record', clip, '--codec', 'fwht', '--frames', '20']
  try {
    await run('strace', '-f', '-e', 'trace=execve,ioctl', '-o', trace, process.execPath, ...record, '--size', '640x480')
    const lines = readFileSync(trace, 'utf8').split('\n')
    const [javascript] = lines[0]!.split(' ')
    const calls = lines.filter((line) => line.includes('ioctl(') && line.includes('VIDIOC_'))
    t.true(calls.filter((call) => call.includes('VIDIOC_DQBUF')).length >= 2 * 20, 'both queues were traced')
    t.deepEqual(
      calls.filter((call) => call.startsWith(`${javascript} `)),
      [],
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
})
