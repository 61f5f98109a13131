import { Command, Help, Option } from 'commander'
import type { CommanderError, HelpConfiguration } from 'commander'
import { hasColors, styled } from './colors.js'
import { usageError } from './exit.js'
import type { CommandError } from './exit.js'

/** Columns of a page of help, also on a wider terminal: longer lines are hard to read. */
const COLUMNS = 80
/** Columns of the options; the description of a longer one begins on the next line. */
const MAX_TERM = 28
const INDENT = '  '

function isShown(value: unknown): boolean {
  return value !== undefined && typeof value !== 'boolean'
}

function formatItem(term: string, termWidth: number, description: string, helper: Help): string {
  const room = COLUMNS - 2 * INDENT.length - termWidth
  const below = `\n${INDENT.repeat(2)}${' '.repeat(termWidth)}`
  const width = helper.displayWidth(term)
  const between = width > termWidth ? below : `${' '.repeat(termWidth - width)}${INDENT}`
  return `${INDENT}${term}${between}${helper.boxWrap(description, room).replaceAll('\n', below)}`
}

/** A page of help: 80 columns, left-aligned, the default at the end of each description. */
const HELP: HelpConfiguration = {
  subcommandTerm: (command) => command.name(),
  // A long form stands below the other long ones, with a short form or without.
  optionTerm: ({ short, flags }) => (short ? flags : `    ${flags}`),
  optionDescription: ({ description, defaultValue, defaultValueDescription }) => {
    const shown = defaultValueDescription ?? (isShown(defaultValue) ? String(defaultValue) : undefined)
    return shown === undefined ? description : `${description} (default: ${shown})`
  },
  padWidth: (command, helper) => Math.min(MAX_TERM, Help.prototype.padWidth.call(helper, command, helper)),
  formatItem,
  styleTitle: (text) => styled('bold', text),
  styleOptionText: (text) => styled('cyan', text),
  styleSubcommandText: (text) => styled('cyan', text),
}

/** A command whose mistakes are thrown, and whose help has one form. */
export function newCommand(): Command {
  return new Command()
    .helpOption('-h, --help', 'Print this help')
    .exitOverride()
    .configureHelp(HELP)
    .configureOutput({
      // A thrown mistake is printed with all others.
      writeErr: () => {},
      getOutHelpWidth: () => COLUMNS,
      getOutHasColors: () => hasColors(1),
    })
}

/** A paragraph below the options of a help page; its first line is a heading. */
export function helpSection(heading: string, text: string): string {
  return `\n${styled('bold', heading)}\n${text}`
}

/** `--library`, which all commands have that may load NVIDIA's library. */
export function libraryOption(): Option {
  return new Option('--library <file>', 'Use this library instead of libnvv4l2.so').default(
    undefined,
    '$V4L2_ENCODER_LIBRARY, or that of JetPack',
  )
}

/** What commander found wrong, as an error of ours; undefined after the help or the version was printed. */
export function usageErrorOf(error: CommanderError, hasInputOption: boolean): CommandError | undefined {
  if (error.exitCode === 0) return undefined
  const [sentence = '', ...suggestion] = error.message.replace(/^error: /, '').split('\n')
  const message = `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}`
  const isSurplus = error.code === 'commander.excessArguments' && hasInputOption
  const hint = isSurplus ? 'Name the input with --input.' : suggestion.join(' ').replaceAll(/[()]/g, '')
  return usageError(message.endsWith('.') ? message : `${message}.`, hint === '' ? undefined : hint)
}

export { Option }
export type { Command }
