import type { Facts } from './facts/facts.js'

/** How grave a finding is: a `'problem'` keeps the hardware from encoding, a `'warning'` may, a `'note'` is good to know. */
export type Severity = 'problem' | 'warning' | 'note'

/** Something that was found, and its hint. */
export interface Finding {
  /** Its name, such as `'lsmod-missing'`: the anchor in `docs/troubleshooting.md`. */
  id: string
  /** How grave it is. */
  severity: Severity
  /** What was found, as a sentence. */
  message: string
  /** How to fix it: a command, or a sentence. */
  hint: string
}

/** A real encode of a few frames, in a process of its own. */
export interface Probe {
  /** `'jetson'` or `'v4l2'`. */
  backend: string
  /** The device node. */
  device: string
  /** The codec. */
  codec: string
  /** Width of the pictures, in pixels. */
  width: number
  /** Height of the pictures, in pixels. */
  height: number
  /** Whether it encoded; `'crashes'` when the process died, `'hangs'` when it did not come back in time. */
  outcome: 'works' | 'fails' | 'crashes' | 'hangs'
  /** From asking for the encoder to having it, in milliseconds; null when there was none. */
  openMs: number | null
  /** Of each frame that came out, from giving it to having its chunk, in milliseconds and in order. */
  latenciesMs: readonly number[]
  /** Frames that were given. */
  framesIn: number
  /** Frames that the device holds back until more follow, each of which is a frame's time in the latency; null when it did not show. */
  pipelineDelay: number | null
  /** Why it failed, as one of the error codes. */
  code?: string
  /** Why it failed, as a sentence. */
  message?: string
  /** What would help. */
  hint?: string
  /** The request that failed, such as `VIDIOC_REQBUFS`. */
  ioctl?: string
  /** The name of its error number, such as `ENOMEM`. */
  errno?: string
  /** The signal that ended the process, such as `'SIGSEGV'`, also after it had encoded. */
  signal?: string
  /** The last lines that were printed, by NVIDIA's library as a rule; empty when nothing was. */
  output: string
}

/** A hardware encoder, by what the diagnosis found. */
export interface DiagnosedEncoder {
  /** `'jetson'` or `'v4l2'`. */
  backend: string
  /** The device node. */
  device: string
  /** What the device calls itself, or what it is known as. */
  name: string
  /** The codecs that it encoded; without probing, those that it is said to encode. */
  codecs: readonly string[]
  /** Whether an encode was tried. What was not tried may encode or not, whatever `works` says. */
  tried: boolean
  /** Whether it encodes: at least one codec. Where it was not tried, whether nothing speaks against it. */
  works: boolean
}

/** What is wrong with the hardware encoders of this machine, or that nothing is. */
export interface Diagnosis {
  /** The verdict as a sentence. */
  summary: string
  /** The hardware encoders. */
  hardware: {
    /** Whether hardware encodes here: seen when it was probed, else as far as is known without opening it. */
    works: boolean
    /** Whether that was tried. */
    probed: boolean
    /** The encoders, in the order in which they are tried. */
    encoders: readonly DiagnosedEncoder[]
  }
  /** What was found, worst first. */
  findings: readonly Finding[]
  /** What the findings follow from. */
  facts: Facts
  /** The encodes that were tried; empty without probing. */
  probes: readonly Probe[]
  /** The version of this package. */
  version: string
}

/** How to look. */
export interface DiagnoseOptions {
  /**
   * Encodes a few frames with every hardware encoder and codec, each in a process of its own.
   * @default true
   */
  probe?: boolean
  /**
   * How long each of these may take, in milliseconds: a number from 1000 to 600000.
   * @default 10000
   */
  timeout?: number
  /**
   * The file to load instead of NVIDIA's `libnvv4l2.so`.
   * @default the environment variable `V4L2_ENCODER_LIBRARY`, then the places where JetPack puts it
   */
  library?: string
  /** Ends the waiting with the signal's reason; a process that is probing is ended. */
  signal?: AbortSignal
}
