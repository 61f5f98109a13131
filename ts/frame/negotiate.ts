import type { EncoderInput } from '../encoder/options.js'

/**
 * What the iterator of a source that can give its frames in more than one way offers: it is told how the encoder takes them
 * before the first one is drawn.
 *
 * @internal
 */
export const forEncoder = Symbol('forEncoder')

/** @internal */
export interface Adaptable {
  [forEncoder]?: (input: Readonly<EncoderInput>) => void
}
