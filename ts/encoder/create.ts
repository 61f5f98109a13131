import { checkEncoderOptions } from './check-options.js'
import { abortable } from '../shared/abort.js'
import { Encoder } from './encoder.js'
import type { NativeAddon } from '../native/addon.js'
import { ownError } from '../shared/own-error.js'
import { Session } from './session.js'

/**
 * `createEncoder()` on a given addon; tests pass one that follows a script.
 *
 * @internal
 */
export async function openEncoder(loadAddon: () => NativeAddon, options: unknown): Promise<Encoder> {
  const checked = checkEncoderOptions(options, 'createEncoder()')
  checked.signal?.throwIfAborted()
  const session = new Session(loadAddon(), checked)
  try {
    await abortable(session.opened, checked.signal)
  } catch (error) {
    if (checked.signal?.aborted) session.abandon()
    throw checked.signal?.aborted ? error : ownError(error)
  }
  return Encoder.of(session)
}
