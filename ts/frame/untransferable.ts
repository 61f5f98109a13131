/**
 * Forbids that memory is transferred to another thread. Node.js loads its workers for that, which takes as long as half of this
 * package and is rarely needed.
 *
 * @internal
 */
export function forbidTransfer(memories: readonly ArrayBuffer[]): void {
  const { markAsUntransferable } = process.getBuiltinModule('node:worker_threads')
  for (const memory of memories) markAsUntransferable(memory)
}
