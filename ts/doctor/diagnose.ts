import { abortSignal, boolean, checkOptions, number, optional, string, withDefault } from '../shared/check.js'
import type { Check, Checks } from '../shared/check.js'
import { abortable } from '../shared/abort.js'
import { ErrorCode, rangeError } from '../shared/errors.js'
import { keepAliveWhile } from '../shared/keep-alive.js'
import type { EncoderInfo } from '../encoder/list.js'
import type { NativeAddon } from '../native/addon.js'
import { VERSION } from '../shared/version.js'
import { withTimeout } from '../shared/with-timeout.js'
import type { Diagnosis } from './diagnosis.js'
import { gatherFacts } from './facts/facts.js'
import type { Listed } from './facts/facts.js'
import { findingsOf } from './findings/all.js'
import { identifyByAsking, rootOf } from './identify.js'
import type { IdentifyNode } from './facts/nodes.js'
import { Machine } from './machine.js'
import type { Surroundings } from './machine.js'
import { probeAll } from './probing.js'
import { hardwareOf, summaryOf } from './verdict.js'

/**
 * What tests put in the place of this machine.
 *
 * @internal
 */
export interface DiagnosedMachine extends Surroundings {
  identify?: IdentifyNode
  /** The module that probing processes run. */
  probeModule?: string
  /** How long asking what the nodes are may take, in milliseconds. */
  listingMs?: number
}

const LEAST_TIMEOUT_MS = 1000
const MOST_TIMEOUT_MS = 600_000
/** Asking a kernel driver what it is takes milliseconds; one that waits for firmware may take a second. */
const LISTING_MS = 3000

const timeout: Check<number> = (value, name) => {
  const checked = number(value, name)
  if (checked >= LEAST_TIMEOUT_MS && checked <= MOST_TIMEOUT_MS) return Math.round(checked)
  throw rangeError(
    ErrorCode.Config,
    `The option ${name} must be from ${LEAST_TIMEOUT_MS} to ${MOST_TIMEOUT_MS} milliseconds, but ${checked} was given.`,
  )
}

interface Checked {
  probe: boolean
  timeout: number
  library: string | undefined
  signal: AbortSignal | undefined
}

const CHECKS: Checks<Checked> = {
  probe: withDefault(boolean, true),
  timeout: withDefault(timeout, 10_000),
  library: optional(string),
  signal: optional(abortSignal),
}

const nobody: IdentifyNode = () => Promise.resolve({ kind: 'unknown', driver: null, card: null, bus: null, codes: [] })

function unloaded(error: Error & { hint?: string }): Listed {
  const { message, hint } = error
  const native = { loads: false, answers: false, message, ...(hint !== undefined && { hint }) }
  return { native, encoders: [], identify: nobody }
}

function silent(message: string): Listed {
  return { native: { loads: true, answers: false, message }, encoders: [], identify: nobody }
}

function silentSince(error: unknown): Listed {
  return silent(`The video nodes could not be asked what they are: ${(error as Error).message}.`)
}

/** Once a node has not answered in time, no other is waited for: the one before it may hold up the driver. */
function withDeadline(identify: IdentifyNode, ms: number): IdentifyNode {
  const end = performance.now() + ms
  return async (path) => {
    const identity = await withTimeout(Math.max(1, end - performance.now()), identify(path))
    return (
      identity ?? { ...(await nobody(path)), code: ErrorCode.Timeout, message: `It did not answer within ${ms} ms.` }
    )
  }
}

function withoutRoot(machine: Machine, info: EncoderInfo): EncoderInfo {
  const { device, name, message } = info
  const reported = message === undefined ? {} : { message: machine.withoutRoot(message) }
  return {
    ...info,
    device: device === null ? null : machine.pathOf(device),
    name: machine.withoutRoot(name),
    ...reported,
  }
}

/** What the addon says there is, or why it says nothing. */
async function list(
  loadAddon: () => NativeAddon,
  machine: Machine,
  library: string | undefined,
  surroundings: DiagnosedMachine,
): Promise<Listed> {
  const { listingMs = LISTING_MS, identify } = surroundings
  let addon: NativeAddon
  try {
    addon = loadAddon()
  } catch (error) {
    return unloaded(error as Error)
  }
  const where = { ...(library !== undefined && { library }), ...rootOf(machine) }
  const found = await withTimeout(listingMs, addon.listEncoders({ probe: false, ...where })).catch(silentSince)
  if (!found) return silent(`The video nodes did not say within ${listingMs} ms what they are: a driver hangs.`)
  if ('native' in found) return found
  return {
    native: { loads: true, answers: true },
    encoders: found.map((info) => withoutRoot(machine, info)),
    identify: withDeadline(identify ?? identifyByAsking(addon, machine, found), listingMs),
  }
}

/**
 * `diagnose()` of a given machine, on a given addon; tests pass a made-up one.
 *
 * @internal
 */
export async function diagnoseOn(
  loadAddon: () => NativeAddon,
  options: unknown,
  surroundings: DiagnosedMachine = {},
): Promise<Diagnosis> {
  const { probe, timeout: timeoutMs, library, signal } = checkOptions(options, CHECKS, 'diagnose()')
  signal?.throwIfAborted()
  const machine = new Machine(surroundings)
  const look = async (): Promise<Diagnosis> => {
    const facts = await gatherFacts(machine, library, await list(loadAddon, machine, library, surroundings))
    const { probeModule: module } = surroundings
    const probes = probe ? await probeAll(facts.encoders, { machine, library, timeoutMs, signal, module }) : []
    const findings = findingsOf({ facts, probes })
    const hardware = hardwareOf(facts, probes, findings, probe)
    return { summary: summaryOf(hardware, findings, probes), hardware, findings, facts, probes, version: VERSION }
  }
  return abortable(keepAliveWhile(look()), signal)
}
