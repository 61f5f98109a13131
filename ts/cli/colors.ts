// ts/cli: the command line; one folder for each command, and here what they share.
import { isatty } from 'node:tty'
import { styleText } from 'node:util'

/** Whether a descriptor shows colors: `NO_COLOR` and `FORCE_COLOR` decide, else whether it is a terminal that has them. */
export function hasColors(descriptor: 1 | 2, env: NodeJS.ProcessEnv = process.env): boolean {
  if (env.NO_COLOR) return false
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false'
  return isatty(descriptor) && env.TERM !== 'dumb'
}

type Style = Parameters<typeof styleText>[0]

/** The text in that style; whether the stream shows colors is the caller's decision. */
export function styled(style: Style, text: string): string {
  return styleText(style, text, { validateStream: false })
}
