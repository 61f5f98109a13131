import { Requests } from '../../../device/requests.js'
import type { Device } from '../../../device/device.js'
import { query, command } from '../action.js'
import type { Action } from '../action.js'
import { audioInputLine, audioListLines, audioOutputLine, inputLine, inputListLines } from '../inputs.js'
import { inputSetLine, outputLine, outputListLines } from '../inputs.js'
import { wholeNumber } from '../parse.js'
import { ifAnswered } from '../inspected-device.js'

async function inputOf(device: Device, index: number) {
  const input = await ifAnswered(device.request(Requests.ENUMINPUT, { index }))
  return { index, ...(input ? { input } : {}) }
}

async function outputOf(device: Device, index: number) {
  const output = await ifAnswered(device.request(Requests.ENUMOUTPUT, { index }))
  return { index, ...(output ? { output } : {}) }
}

export const SET_INPUTS: readonly Action[] = [
  command(
    { option: 'set-input', alias: 'i', valueHint: 'number', description: 'Choose an input' },
    async ({ device }, value) => {
      const index = wholeNumber(value, '--set-input')
      return inputOf(device, await device.request(Requests.S_INPUT, index))
    },
    ({ index, input }) => [inputSetLine(index, input)],
  ),
  command(
    { option: 'set-output', alias: 'o', valueHint: 'number', description: 'Choose an output' },
    ({ device }, value) => device.request(Requests.S_OUTPUT, wholeNumber(value, '--set-output')),
    (index) => [`Output set to ${index}`],
  ),
  command(
    { option: 'set-audio-input', valueHint: 'number', description: 'Choose an audio input' },
    ({ device }, value) => device.request(Requests.S_AUDIO, { index: wholeNumber(value, '--set-audio-input') }),
    ({ index }) => [`Audio input set to ${index}`],
  ),
  command(
    { option: 'set-audio-output', valueHint: 'number', description: 'Choose an audio output' },
    ({ device }, value) => device.request(Requests.S_AUDOUT, { index: wholeNumber(value, '--set-audio-output') }),
    ({ index }) => [`Audio output set to ${index}`],
  ),
]

export const GET_INPUTS: readonly Action[] = [
  query(
    { option: 'get-input', alias: 'I', isInAll: true, description: 'The input in use' },
    async ({ device }) => inputOf(device, await device.request(Requests.G_INPUT, 0)),
    ({ index, input }) => [inputLine(index, input)],
  ),
  query(
    { option: 'get-output', alias: 'O', isInAll: true, description: 'The output in use' },
    async ({ device }) => outputOf(device, await device.request(Requests.G_OUTPUT, 0)),
    ({ index, output }) => [outputLine(index, output)],
  ),
  query(
    { option: 'get-audio-input', isInAll: true, description: 'The audio input in use' },
    ({ device }) => device.request(Requests.G_AUDIO, {}),
    (audio) => [audioInputLine(audio)],
  ),
  query(
    { option: 'get-audio-output', isInAll: true, description: 'The audio output in use' },
    ({ device }) => device.request(Requests.G_AUDOUT, {}),
    (audio) => [audioOutputLine(audio)],
  ),
]

export const LIST_INPUTS: readonly Action[] = [
  query(
    { option: 'list-inputs', alias: 'n', description: 'Every input' },
    ({ device }) => device.entries(Requests.ENUMINPUT),
    inputListLines,
  ),
  query(
    { option: 'list-outputs', alias: 'N', description: 'Every output' },
    ({ device }) => device.entries(Requests.ENUMOUTPUT),
    outputListLines,
  ),
  query(
    { option: 'list-audio-inputs', description: 'Every audio input' },
    ({ device }) => device.entries(Requests.ENUMAUDIO),
    (ends) => audioListLines('input', ends),
  ),
  query(
    { option: 'list-audio-outputs', description: 'Every audio output' },
    ({ device }) => device.entries(Requests.ENUMAUDOUT),
    (ends) => audioListLines('output', ends),
  ),
]
