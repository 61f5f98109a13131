/** What a program may have left open without a reference to it. */
export interface Unreferenced {
  /** Closes it unless something of it is still awaited; `true` where there is nothing left to do. */
  closeIfUnused: () => boolean
}

/** Between two looks at what could not be closed yet. */
const LOOK_AGAIN_MS = 1000

const unreferenced = new Set<Unreferenced>()
let timer: NodeJS.Timeout | undefined

function closeUnused(): void {
  for (const resource of unreferenced) if (resource.closeIfUnused()) unreferenced.delete(resource)
  if (unreferenced.size > 0) {
    timer ??= setInterval(closeUnused, LOOK_AGAIN_MS).unref()
  } else {
    clearInterval(timer)
    timer = undefined
  }
}

const registry = new FinalizationRegistry<Unreferenced>((resource) => {
  unreferenced.add(resource)
  closeUnused()
})

/**
 * Has `resource` closed some time after `face`, the only object by which the program reaches it, was collected. `resource` must not
 * reference `face`.
 *
 * @internal
 */
export function closeWhenCollected(face: object, resource: Unreferenced): void {
  registry.register(face, resource)
}
