import { readFile, writeFile } from 'node:fs/promises'
import { Requests } from '../../../device/requests.js'
import type { Device } from '../../../device/device.js'
import { failWithFile, usageError } from '../../exit.js'
import { command } from '../action.js'
import type { Action } from '../action.js'
import { arrayLines, BLOCK_BYTES, hexLines, parseEdid } from '../edid.js'
import { assignments, oneWord, wholeNumber } from '../parse.js'

/** As many blocks as an EDID can have: the driver returns those that there are. */
const ALL_BLOCKS = 256
const FORMATS = { hex: 0, raw: 1, carray: 2 } as const
type Format = keyof typeof FORMATS

function formatOf(text: string, option: string): Format {
  oneWord(FORMATS, text, `The format of --${option}`)
  return text as Format
}

interface Wanted {
  readonly pad: number
  readonly start: number
  readonly blocks: number
  readonly format: Format
  /** Standard output where there is none. */
  readonly file: string | undefined
}

function wantedOf(text: string): Wanted {
  const given = new Map(assignments(text, 'get-edid', ['pad', 'startblock', 'blocks', 'format', 'file']))
  const number = (name: string, unset: number) => wholeNumber(given.get(name) ?? String(unset), `--get-edid ${name}`)
  const format = formatOf(given.get('format') ?? 'hex', 'get-edid')
  const file = given.get('file') === '-' ? undefined : given.get('file')
  if (format === 'raw' && file === undefined) {
    throw usageError('--get-edid prints text: for format=raw, name a file with file=NAME.')
  }
  return { pad: number('pad', 0), start: number('startblock', 0), blocks: number('blocks', ALL_BLOCKS), format, file }
}

interface Edid {
  readonly pad: number
  readonly edid: Uint8Array
}

async function readEdid(device: Device, { pad, start, blocks }: Wanted): Promise<Edid> {
  const room = new Uint8Array(blocks * BLOCK_BYTES)
  const answer = await device.request(Requests.G_EDID, { pad, start_block: start, blocks, edid: room })
  return { pad, edid: (answer.edid ?? room).slice(0, answer.blocks * BLOCK_BYTES) }
}

const linesOf = ({ edid }: Edid, format: Format): string[] => (format === 'carray' ? arrayLines(edid) : hexLines(edid))

async function getEdid(device: Device, wanted: Wanted): Promise<Edid> {
  const { file, format } = wanted
  const answer = await readEdid(device, wanted)
  if (file !== undefined) {
    const content = format === 'raw' ? answer.edid : linesOf(answer, format).map((line) => `${line}\n`)
    await writeFile(file, content).catch(failWithFile(`The file ${file} cannot be written`))
  }
  return answer
}

/** The EDID of a file, for an input. */
async function givenEdid(text: string): Promise<Edid> {
  const given = new Map(assignments(text, 'set-edid', ['pad', 'file', 'format']))
  const file = given.get('file')
  if (file === undefined) throw usageError('--set-edid needs file=NAME, the EDID in hexadecimal numbers or format=raw.')
  const format = formatOf(given.get('format') ?? 'hex', 'set-edid')
  if (format === 'carray') throw usageError('--set-edid reads format=hex or format=raw.')
  const pad = wholeNumber(given.get('pad') ?? '0', '--set-edid pad')
  const content = await readFile(file).catch(failWithFile(`The file ${file} cannot be read`))
  return { pad, edid: parseEdid(content, format, file) }
}

async function setEdid(device: Device, { pad, edid }: Edid): Promise<Edid> {
  await device.request(Requests.S_EDID, { pad, blocks: edid.length / BLOCK_BYTES, edid })
  return { pad, edid }
}

export const SET_EDIDS: readonly Action[] = [
  command(
    {
      option: 'set-edid',
      valueHint: 'pad=…,file=…',
      description: 'Set the EDID of an input (format=hex|raw)',
      check: async (_, text) => void (await givenEdid(text)),
    },
    async ({ device }, text) => setEdid(device, await givenEdid(text)),
    () => [],
  ),
  command(
    { option: 'clear-edid', valueHint: 'pad', description: 'Remove the EDID of an input' },
    ({ device }, text) => setEdid(device, { pad: wholeNumber(text, '--clear-edid'), edid: new Uint8Array() }),
    () => [],
  ),
]

export const GET_EDID: Action = command(
  {
    option: 'get-edid',
    valueHint: 'pad=…',
    description: 'The EDID of an input or output (startblock=, blocks=, format=hex|raw|carray, file=)',
    check: (_, text) => Promise.resolve(void wantedOf(text)),
  },
  async ({ device }, text) => {
    const wanted = wantedOf(text)
    return { wanted, ...(await getEdid(device, wanted)) }
  },
  ({ wanted, ...answer }) => (wanted.file === undefined ? linesOf(answer, wanted.format) : []),
  { dataOf: ({ pad, edid }) => ({ pad, edid }) },
)
