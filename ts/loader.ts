import { createRequire } from 'node:module'
import { ErrorCode, V4l2EncoderError } from './errors.js'
import type { NativeAddon } from './native.js'

const require = createRequire(import.meta.url)

interface Platform {
  /** Built in this checkout. */
  local: () => NativeAddon
  /** Installed beside this package. */
  installed: () => NativeAddon
  packageName: string
}

/** The names are written out so that bundlers can find them. */
const PLATFORMS: Record<string, Platform> = {
  'linux-arm64': {
    local: () => require('../native/v4l2-encoder.linux-arm64-gnu.node'),
    installed: () => require('@v4l2-encoder/linux-arm64-gnu'),
    packageName: '@v4l2-encoder/linux-arm64-gnu',
  },
  'linux-x64': {
    local: () => require('../native/v4l2-encoder.linux-x64-gnu.node'),
    installed: () => require('@v4l2-encoder/linux-x64-gnu'),
    packageName: '@v4l2-encoder/linux-x64-gnu',
  },
}

let loaded: NativeAddon | undefined

/** The C library of this process, from Node's own report; building the network part of it would look up host names. */
function libc(): string {
  const report = process.report as (typeof process.report & { excludeNetwork?: boolean }) | undefined
  if (!report) return 'unknown libc'
  report.excludeNetwork = true
  const { header } = report.getReport() as unknown as { header: { glibcVersionRuntime?: string } }
  return header.glibcVersionRuntime ? `glibc ${header.glibcVersionRuntime}` : 'musl'
}

function loadError(message: string, hint: string, cause?: unknown): V4l2EncoderError {
  const facts = `${process.platform} on ${process.arch}, ${process.platform === 'linux' ? libc() : 'no glibc'}, Node ${process.version}`
  return new V4l2EncoderError(ErrorCode.NativeLoad, `${message} This is ${facts}.`, { hint, cause })
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND'
}

function requireAddon({ local, installed, packageName }: Platform): NativeAddon {
  for (const load of [local, installed]) {
    try {
      return load()
    } catch (error) {
      if (isMissing(error)) continue
      const hint = libc().startsWith('glibc')
        ? 'The packages are built for glibc 2.28 and later; on an older system, build from source with "npm run build".'
        : "NVIDIA's libraries need glibc, so there is no build for musl: use a Debian- or Ubuntu-based image instead of Alpine."
      throw loadError(`The native part of v4l2-encoder could not be loaded: ${(error as Error).message}.`, hint, error)
    }
  }
  throw loadError(
    `The native part of v4l2-encoder is not installed (${packageName}).`,
    'Install again without --omit=optional and --no-optional; in a checkout run "npm run build".',
  )
}

/**
 * Loads the native part, once.
 *
 * @internal
 */
export function loadAddon(): NativeAddon {
  if (loaded) return loaded
  const platform = PLATFORMS[`${process.platform}-${process.arch}`]
  if (!platform) {
    const hint = 'Builds exist for Linux on arm64 (Jetson and other boards) and x64.'
    throw loadError('v4l2-encoder has no build for this kind of machine.', hint)
  }
  const addon = requireAddon(platform)
  const wanted = (require('../package.json') as { version: string }).version
  if (addon.version() !== wanted) {
    throw loadError(
      `The native part of v4l2-encoder is version ${addon.version()}, but the package is version ${wanted}.`,
      'Remove node_modules and install again; in a checkout run "npm run build".',
    )
  }
  loaded = addon
  return addon
}
