import { spawn } from 'node:child_process'
import { diagnose } from '../../ts/index.js'
import { cameraNode, decoderNode, encoderNode, nodeCalled, onKernel } from '../support/kernel.js'

onKernel('the doctor encodes with a kernel driver, and tells what the nodes are', async (t) => {
  const { hardware, probes, facts, summary } = await diagnose({ timeout: 60_000 })
  t.true(hardware.works, summary)
  t.deepEqual(hardware.encoders, [
    { backend: 'v4l2', device: encoderNode(), name: 'vicodec', codecs: ['fwht'], tried: true, works: true },
  ])
  t.like(probes[0], { codec: 'fwht', device: encoderNode(), width: 1280, height: 720, outcome: 'works', framesIn: 25 })
  t.is(probes[0]!.latenciesMs.length, 25)
  const kinds = Object.fromEntries(facts.nodes.map(({ path, kind, driver }) => [path, [kind, driver]]))
  t.like(kinds, {
    [encoderNode()]: ['encoder', 'vicodec'],
    [decoderNode()]: ['decoder', 'vicodec'],
    [nodeCalled('stateless-decoder')]: ['decoder', 'vicodec'],
    [cameraNode()]: ['camera', 'vivid'],
  })
})

onKernel('a process that has the encoder open is found', async (t) => {
  const program = 'require("node:fs").openSync(process.argv[1], "r+"); console.log("open"); setInterval(() => {}, 1000)'
  const child = spawn(process.execPath, ['-e', program, encoderNode()], { stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => child.kill('SIGKILL'))
  await new Promise((resolve) => {
    child.stdout.once('data', resolve)
  })
  const { findings, facts, hardware } = await diagnose({ probe: false })
  t.deepEqual(
    facts.deviceUsers.seen.map(({ pid, path }) => ({ pid, path })),
    [{ pid: child.pid!, path: encoderNode() }],
  )
  t.like(
    findings.find(({ id }) => id === 'device-in-use'),
    { severity: 'note' },
  )
  t.true(hardware.works)
})
