/** The kinds of encoder: NVIDIA's library, a driver of the kernel, the processor. */
export const BACKENDS = ['jetson', 'v4l2', 'software'] as const

/** One of {@link BACKENDS}. */
export type BackendName = (typeof BACKENDS)[number]
