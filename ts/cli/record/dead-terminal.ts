import { closeSync, constants, openSync } from 'node:fs'
import { isatty } from 'node:tty'

/**
 * At its end Node.js restores the settings of terminals, and aborts where one is gone by then. So a terminal that was closed
 * is replaced by /dev/null before.
 */
export function surviveDeadTerminals(): void {
  const terminals = [0, 1, 2].filter((descriptor) => isatty(descriptor))
  process.on('exit', () => {
    for (const descriptor of terminals) {
      if (isatty(descriptor)) continue
      closeSync(descriptor)
      // The lowest number that is free, so that of the terminal.
      openSync('/dev/null', constants.O_RDWR)
    }
  })
}
