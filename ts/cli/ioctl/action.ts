// ts/cli/ioctl: the command `ioctl`: asks and sets a V4L2 device, as `v4l2-ctl` does.
import type { InspectedDevice } from './inspected-device.js'

/** What a device answered: as data for `--json`, and as the lines that v4l2-ctl prints. */
export interface Answer {
  readonly data: unknown
  readonly lines: readonly string[]
  /** What could not be answered of it. */
  readonly failures?: readonly Error[]
}

/** One thing that a device can be asked or told, by the option that v4l2-ctl has for it. */
export interface Action {
  /** The option without its dashes. */
  readonly option: string
  /** Its short form. */
  readonly alias?: string
  /** What follows it; nothing where it stands alone. */
  readonly valueHint?: string
  readonly description: string
  /** Whether `--all` asks for it. */
  readonly isInAll?: boolean
  /** Refuses a value, as far as that can be told before anything is done. */
  readonly check?: (inspected: InspectedDevice, value: string) => Promise<void>
  /** Asks or tells the device; `value` is what followed the option, several of them between commas. */
  readonly run: (inspected: InspectedDevice, value: string) => Promise<Answer>
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

/** An option that stands alone, whose answer is told by `print`. */
export function asking<T>(
  names: Pick<Action, 'option' | 'alias' | 'isInAll' | 'description'>,
  ask: (inspected: InspectedDevice) => Promise<T>,
  print: Print<T>,
  beyond: Beyond<T> = {},
): Action {
  return { ...names, run: async (inspected) => answerOf(await ask(inspected), print, beyond) }
}

/** An option with a value, whose answer is told by `print`. */
export function telling<T>(
  names: Pick<Action, 'option' | 'alias' | 'description' | 'check'> & { readonly valueHint: string },
  tell: (inspected: InspectedDevice, value: string) => Promise<T>,
  print: Print<T>,
  beyond: Beyond<T> = {},
): Action {
  return { ...names, run: async (inspected, value) => answerOf(await tell(inspected, value), print, beyond) }
}
