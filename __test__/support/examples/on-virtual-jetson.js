// The package as it is on a Jetson: its encoder is the virtual one, for examples of the documents.
import * as real from '../../../dist/index.js'

export * from '../../../dist/index.js'

const { EXAMPLE_NODE: device, V4L2_ENCODER_LIBRARY: library } = process.env

export const createEncoder = (options) => real.createEncoder({ device, library, ...options })
