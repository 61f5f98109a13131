// ts/cli/ioctl: the command `ioctl`: queries and sets a V4L2 device, as `v4l2-ctl` does.
import type { InspectedDevice } from './inspected-device.js'

/** What a device answered: as data for `--json`, and as the lines that v4l2-ctl prints. */
export interface Answer {
  readonly data: unknown
  readonly lines: readonly string[]
  /** What could not be answered of it. */
  readonly failures?: readonly Error[]
}

/** A query or a setting of a device, under the option that v4l2-ctl has for it. */
export type Action = AnsweredAction | WatchingAction

interface ActionNames {
  /** The option without its dashes. */
  readonly option: string
  /** Its short form. */
  readonly alias?: string
  /** What follows it; nothing where it stands alone. */
  readonly valueHint?: string
  readonly description: string
  /** Whether it is part of `--all`. */
  readonly isInAll?: boolean
  /** Rejects a value, as far as that is possible before anything is done. */
  readonly check?: (inspected: InspectedDevice, value: string) => Promise<void>
}

interface AnsweredAction extends ActionNames {
  /** Performs it; `value` is what followed the option, several values between commas. */
  readonly run: (inspected: InspectedDevice, value: string) => Promise<Answer>
  readonly watch?: never
}

/** One that waits: each answer is printed when it comes. */
interface WatchingAction extends ActionNames {
  readonly run?: never
  /** Ends by itself, or when the signal aborts. */
  readonly watch: (inspected: InspectedDevice, value: string, signal: AbortSignal) => AsyncIterable<Answer>
}

/** What else there is to say of an answer than what is printed of it. */
interface Beyond<T> {
  /** What could not be answered. */
  readonly failuresOf?: (answer: T) => readonly Error[]
  /** What JSON has of it, if that is not all. */
  readonly dataOf?: (answer: T) => unknown
}

type Print<T> = (answer: T) => readonly string[]

function answerOf<T>(answer: T, print: Print<T>, { failuresOf, dataOf }: Beyond<T>): Answer {
  return {
    data: dataOf ? dataOf(answer) : answer,
    lines: print(answer),
    ...(failuresOf ? { failures: failuresOf(answer) } : {}),
  }
}

/** An option without a value, whose answer `print` turns into lines. */
export function query<T>(
  names: Pick<Action, 'option' | 'alias' | 'isInAll' | 'description'>,
  request: (inspected: InspectedDevice) => Promise<T>,
  print: Print<T>,
  beyond: Beyond<T> = {},
): Action {
  return { ...names, run: async (inspected) => answerOf(await request(inspected), print, beyond) }
}

/** An option with a value, whose answer `print` turns into lines. */
export function command<T>(
  names: Pick<Action, 'option' | 'alias' | 'description' | 'check'> & { readonly valueHint: string },
  request: (inspected: InspectedDevice, value: string) => Promise<T>,
  print: Print<T>,
  beyond: Beyond<T> = {},
): Action {
  return { ...names, run: async (inspected, value) => answerOf(await request(inspected, value), print, beyond) }
}
