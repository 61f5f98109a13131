/** The virtual machine: its devices, its processors, its memory. */
import { copyFileSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'

export const WIDTH = 1280
export const HEIGHT = 720
/** Of a picture in NV12. */
export const BYTES = (WIDTH * HEIGHT * 3) / 2

/** A file system in memory. */
export const MEMORY = '/dev/shm'

/** The file of pictures, in memory, so that reading them waits for nothing. */
export function pictures(): string {
  const file = `${MEMORY}/pictures.nv12`
  if (!existsSync(file)) copyFileSync('.cache/vm/pictures-1280x720.nv12', file)
  return file
}

const CLASS = '/sys/class/video4linux'

/** vicodec's encoder. */
export function encoderNode(): string {
  const nodes = existsSync(CLASS) ? readdirSync(CLASS) : []
  const found = nodes.find((node) => readFileSync(`${CLASS}/${node}/name`, 'utf8').trim() === 'stateful-encoder')
  if (found === undefined) throw new Error('There is no vicodec. Run "npm run bench:vm", which has one.')
  return `/dev/${found}`
}

/** `USER_HZ`, the same on every architecture that Node.js runs on. */
const TICKS_A_SECOND = 100

/** Seconds that all processors together have worked since the machine started, for whatever program and in the kernel. */
export function busySeconds(): number {
  const [all] = readFileSync('/proc/stat', 'utf8').split('\n')
  const [user, nice, system, , , interrupts, softInterrupts] = all!.split(/\s+/).slice(1).map(Number)
  return (user! + nice! + system! + interrupts! + softInterrupts!) / TICKS_A_SECOND
}

/** Milliseconds that this took. */
export function timed(work: () => void): number {
  const start = process.hrtime.bigint()
  work()
  return Number(process.hrtime.bigint() - start) / 1e6
}

/** Memory of a device's, mapped for the processor to read. */
export interface SharedMemory {
  readonly mapped?: never
}

/** Mapped memory for pictures, to copy into: what a frame would cost that had to be copied. */
export interface MappedRing {
  copy(data: Uint8Array): void
  copyShared(memory: SharedMemory): void
}

interface Baseline {
  MappedRing: new (bytes: number, count: number) => MappedRing
  SharedMemory: new (descriptor: number) => SharedMemory
}

const baseline = (): Baseline => createRequire(import.meta.url)(resolve('.cache/bench-baseline.node')) as Baseline

export function mappedRing(bytes: number): MappedRing {
  // As many buffers as vicodec gives.
  return new (baseline().MappedRing)(bytes, 4)
}

/** The DMABUF behind a descriptor. */
export function sharedMemory(descriptor: number): SharedMemory {
  return new (baseline().SharedMemory)(descriptor)
}
