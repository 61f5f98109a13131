import type { Session } from './session.js'

/** What a device answered: as data for `--json`, and as the lines that v4l2-ctl prints. */
export interface Answer {
  readonly data: unknown
  readonly lines: readonly string[]
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
  /** Asks or tells the device; `value` is what followed the option, several of them between commas. */
  readonly run: (session: Session, value: string) => Promise<Answer>
}

/** An option that stands alone, whose answer is told by `print`. */
export function asking<T>(
  names: Pick<Action, 'option' | 'alias' | 'isInAll' | 'description'>,
  ask: (session: Session) => Promise<T>,
  print: (answer: T) => readonly string[],
): Action {
  return {
    ...names,
    run: async (session) => {
      const data = await ask(session)
      return { data, lines: print(data) }
    },
  }
}

/** An option with a value, whose answer is told by `print`. */
export function telling<T>(
  names: Pick<Action, 'option' | 'alias' | 'description'> & { readonly valueHint: string },
  tell: (session: Session, value: string) => Promise<T>,
  print: (answer: T) => readonly string[],
): Action {
  return {
    ...names,
    run: async (session, value) => {
      const data = await tell(session, value)
      return { data, lines: print(data) }
    },
  }
}
