import { CONTROLS, NVIDIA_CONTROLS } from '../../ts/device/controls.js'
import type { ControlDefinition } from '../../ts/device/controls.js'
import { keyOf } from '../../ts/device/controls/find.js'

const HEADER = `# Controls

The controls that \`v4l2-encoder/device\` and \`v4l2-encoder ioctl\` know by name, with their numbers and types. A device has some of them, with
its own range and default: \`device.controls()\` and \`npx v4l2-encoder ioctl /dev/video0 -L\` list those. Drivers have more, which are known by
the names that they report. This page is generated from the tables in \`ts/device/controls\`: do not edit it, run \`npm run docs\`.
`

/** The classes of the kernel's headers, by the upper half of a control's number. */
const CLASSES: Readonly<Record<number, string>> = {
  0x0098: 'User controls',
  0x0099: 'Codec controls',
  0x009a: 'Camera controls',
  0x009b: 'FM transmitter controls',
  0x009c: 'Flash controls',
  0x009d: 'JPEG controls',
  0x009e: 'Image source controls',
  0x009f: 'Image process controls',
  0x00a0: 'Digital video controls',
  0x00a1: 'FM receiver controls',
  0x00a2: 'RF tuner controls',
  0x00a3: 'Detection controls',
  0x00a4: 'Stateless codec controls',
  0x00a5: 'Colorimetry controls',
}

/** As v4l2-ctl names it. */
function shortName({ name, label }: ControlDefinition): string {
  return keyOf(label ?? name.slice('V4L2_CID_'.length))
}

function valueOf({ range, unit, menu, values, payload }: ControlDefinition): string {
  if (payload !== undefined) return `\`${payload}\``
  if (menu) return menu.map((entry, value) => `${value} ${entry}`).join(', ')
  const allowed = values ? values.join(', ') : range ? `${range[0]} to ${range[1]}` : ''
  return [allowed, unit ?? ''].filter((part) => part !== '').join(' ')
}

function rows(controls: readonly ControlDefinition[]): string {
  const lines = controls.map((control) => {
    const id = `0x${control.id.toString(16).padStart(8, '0')}`
    const value = valueOf(control).replaceAll('|', String.raw`\|`)
    return `| \`${shortName(control)}\` | \`${control.name}\` | ${id} | ${control.kind} | ${value} |`
  })
  return `| name | in the headers | id | type | values |\n|---|---|---|---|---|\n${lines.join('\n')}\n`
}

function classOf({ id }: ControlDefinition): string {
  const name = CLASSES[id >>> 16]
  if (name === undefined) throw new Error(`scripts/docs/controls.ts has no name for the class of control ${id}.`)
  return name
}

export function controlsPage(): string {
  const classes = new Map<string, ControlDefinition[]>()
  for (const control of CONTROLS) classes.set(classOf(control), [...(classes.get(classOf(control)) ?? []), control])
  const standard = [...classes].map(
    ([name, controls]) => `## ${name}\n\nSource: \`<linux/v4l2-controls.h>\`.\n\n${rows(controls)}`,
  )
  const nvidia = `## NVIDIA's controls\n\nSource: \`v4l2_nv_extensions.h\` of NVIDIA's multimedia API. Through NVIDIA's library only.\n\n${rows(NVIDIA_CONTROLS)}`
  return [HEADER, ...standard, nvidia].join('\n')
}
