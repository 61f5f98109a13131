import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { withCodes } from './addon-errors.js'
import { ErrorCode, V4l2EncoderError } from '../shared/errors.js'
import { libc } from '../shared/libc.js'
import type { NativeAddon } from './addon.js'
import { VERSION } from '../shared/version.js'

/** This module. Bundled into a CommonJS module, it has no `import.meta.url`, but every CommonJS module has a `__filename`. */
const HERE = (import.meta.url as string | undefined) ?? __filename
/** Bundlers understand only this argument. */
const require = createRequire((import.meta.url as string | undefined) ?? __filename)

/** The builds by platform and architecture. */
const TARGETS: Record<string, string> = { 'linux-arm64': 'linux-arm64-gnu', 'linux-x64': 'linux-x64-gnu' }

let loaded: NativeAddon | undefined

function loadError(message: string, hint: string, cause?: unknown): V4l2EncoderError {
  const facts = `${process.platform} on ${process.arch}, ${process.platform === 'linux' ? libc() : 'no glibc'}, Node ${process.version}`
  return new V4l2EncoderError(ErrorCode.NativeLoad, `${message} This is ${facts}.`, { hint, cause })
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND'
}

const SUPPORTED = 'Builds exist for Linux with glibc 2.28 or later on ARM64 (Jetson and other boards) and x86-64.'
const MUSL = `${SUPPORTED} NVIDIA's libraries need glibc: use an image based on Debian or Ubuntu instead of Alpine.`

/** What helps where there is no build. */
function platformHint(): string {
  if (process.platform !== 'linux') {
    return `${SUPPORTED} Encoders of ${process.platform} are not what this package drives: run it on the board, or in a Linux container.`
  }
  return process.arch === 'arm'
    ? `${SUPPORTED} This is a 32-bit Node.js; if "uname -m" says aarch64, install the ARM64 build of Node.js.`
    : SUPPORTED
}

/** What helps against the words of the dynamic linker. */
function linkerHint(words: string): string {
  if (libc() === 'musl') return MUSL
  const version = /version [`'](GLIBC_[\d.]+)'/.exec(words)?.[1]
  if (version) {
    return `This system's C library is older than ${version}. ${SUPPORTED} Use a newer system or image, or build from source with "npm run build".`
  }
  const file = /^(\S+): cannot allocate memory in static TLS block/.exec(words)?.[1]
  if (file)
    return `Load that library first: LD_PRELOAD=${file} node …, or import v4l2-encoder before other native packages.`
  return `${SUPPORTED} If the file is damaged, remove node_modules and install again; in a checkout run "npm run build".`
}

function missingHint(): string {
  if (libc() === 'musl') return MUSL
  const target = `--cpu ${process.arch} --os ${process.platform} --libc glibc`
  return `Install again without --omit=optional. If node_modules is installed on another kind of machine than it runs on, install there with "npm ci ${target}". In a checkout run "npm run build".`
}

function loadFailure(error: unknown): V4l2EncoderError {
  const words = (error as Error).message
  return loadError(`The native part of v4l2-encoder could not be loaded: ${words}.`, linkerHint(words), error)
}

/** The one built in this checkout. Not by `require()`: to a bundler, a name that an installed package does not have is an error. */
function localAddon(target: string): NativeAddon | undefined {
  const folder = dirname(HERE.startsWith('file:') ? fileURLToPath(HERE) : HERE)
  const file = join(folder, `../../native/v4l2-encoder.${target}.node`)
  if (!existsSync(file)) return undefined
  const module = { exports: {} }
  try {
    process.dlopen(module, file)
  } catch (error) {
    throw loadFailure(error)
  }
  return module.exports as NativeAddon
}

/**
 * The one installed beside this package. The names are written out as arguments of `require()`, where bundlers find them; one
 * inside of `try` may be missing at their time.
 */
function installedAddon(target: string): NativeAddon | undefined {
  try {
    if (target === 'linux-arm64-gnu') return require('@v4l2-encoder/linux-arm64-gnu')
    if (target === 'linux-x64-gnu') return require('@v4l2-encoder/linux-x64-gnu')
  } catch (error) {
    if (!isMissing(error)) throw loadFailure(error)
  }
  return undefined
}

/**
 * Loads the native part, once.
 *
 * @internal
 */
export function loadAddon(): NativeAddon {
  if (loaded) return loaded
  const target = TARGETS[`${process.platform}-${process.arch}`]
  if (!target) throw loadError('v4l2-encoder has no build for this kind of machine.', platformHint())
  const addon = localAddon(target) ?? installedAddon(target)
  if (!addon) {
    throw loadError(`The native part of v4l2-encoder is not installed (@v4l2-encoder/${target}).`, missingHint())
  }
  if (addon.version() !== VERSION) {
    throw loadError(
      `The native part of v4l2-encoder is version ${addon.version()}, but the package is version ${VERSION}.`,
      'Remove node_modules and install again; in a checkout run "npm run build".',
    )
  }
  loaded = withCodes(addon)
  return loaded
}
