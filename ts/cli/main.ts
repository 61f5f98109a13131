#!/usr/bin/env node
import { surviveDeadTerminals } from './record/dead-terminal.js'
import { endBy, Interrupted } from './record/stop.js'
import { explain, statusOf } from './exit.js'
import { run } from './program.js'
import { Terminal } from './terminal.js'

surviveDeadTerminals()
// No top-level await: an input that is still waiting must not keep the process from ending.
run(process.argv.slice(2)).then(
  () => process.exit(),
  (error: unknown) => {
    const terminal = new Terminal()
    for (const line of explain(error)) terminal.line(line)
    if (error instanceof Interrupted) endBy(error.signal)
    process.exit(statusOf(error))
  },
)
