import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import test from 'ava'
import { isRunning, scratch } from '../support/pipe.js'

test('a trial that hangs ends with the process that looks at it, however that ends', async (t) => {
  const module = join(scratch(t), 'trial.ts')
  const ending = JSON.stringify(join(import.meta.dirname, '../../ts/doctor/end-with-parent.ts'))
  const trial = `import { endWithParent } from ${ending}
    endWithParent()
    console.log(process.pid)
    setInterval(() => {}, 1000)`
  writeFileSync(module, trial)
  const looking = `import { start } from ${JSON.stringify(join(import.meta.dirname, '../../ts/doctor/probe-process.ts'))}
    start({}, ${JSON.stringify(module)}).stdout.pipe(process.stdout)`
  const flags = ['--import=@oxc-node/core/register', '--input-type=module', '-e', looking]
  const child = spawn(process.execPath, flags, { stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => child.kill('SIGKILL'))
  const [output] = (await once(child.stdout, 'data')) as [Buffer]
  const pid = Number(String(output))
  t.true(isRunning(pid))
  child.kill('SIGKILL')
  for (let turn = 0; turn < 150 && isRunning(pid); turn++) await sleep(20)
  t.false(isRunning(pid))
})
