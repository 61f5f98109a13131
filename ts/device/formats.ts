export type { FormatDefinition } from './formats/definition.js'
export { FORMATS, formatByCode } from './formats/find.js'
export { fourcc, fourccText } from './formats/fourcc.js'
export { NVIDIA_FORMATS } from './formats/nvidia.js'
