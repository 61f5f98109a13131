/** What a program may have left open without a reference to it. */
export interface Orphan {
  /** Closes it unless something of it is still awaited; `true` where there is nothing left to do. */
  closeIfUnused: () => boolean
}

/** Between two looks at what could not be closed yet. */
const LOOK_AGAIN_MS = 1000

const orphans = new Set<Orphan>()
let timer: NodeJS.Timeout | undefined

function look(): void {
  for (const orphan of orphans) if (orphan.closeIfUnused()) orphans.delete(orphan)
  if (orphans.size > 0) {
    timer ??= setInterval(look, LOOK_AGAIN_MS).unref()
  } else {
    clearInterval(timer)
    timer = undefined
  }
}

const registry = new FinalizationRegistry<Orphan>((orphan) => {
  orphans.add(orphan)
  look()
})

/**
 * Has `orphan` closed some time after `face`, the only object by which the program reaches it, was collected. `orphan` must not
 * reference `face`.
 *
 * @internal
 */
export function closeWhenCollected(face: object, orphan: Orphan): void {
  registry.register(face, orphan)
}
