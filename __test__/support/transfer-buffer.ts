import { setFlagsFromString } from 'node:v8'
import { runInThisContext } from 'node:vm'

/** As `ArrayBuffer.prototype.transfer()` does, which Node 20 has not. */
export function moveAway(buffer: ArrayBufferLike): void {
  setFlagsFromString('--allow-natives-syntax')
  const detach = runInThisContext('(buffer) => %ArrayBufferDetach(buffer)') as (buffer: ArrayBufferLike) => void
  detach(buffer)
}
