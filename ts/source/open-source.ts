import { execFile } from 'node:child_process'
import { access, constants, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { checkOptions, oneOf, optional, string, withDefault } from '../shared/check.js'
import { ErrorCode, typeError } from '../shared/errors.js'
import type { NativeAddon } from '../native/addon.js'
import { suggestion } from '../shared/did-you-mean.js'
import { sourceError } from './error.js'
import { planFfmpeg, rateNote } from './ffmpeg.js'
import type { FfmpegPlan } from './ffmpeg.js'
import { withoutSecrets } from '../shared/output-tail.js'
import { pathForOthers } from './own-descriptor.js'
import { assertSize, READ_CHECKS, readPlan, SIZE_CHECKS } from './open-pipe.js'
import type { Checked, ReadOptions } from './open-pipe.js'
import { PipeSource } from './pipe-source.js'
import type { PipePlan } from './pipe-source.js'
import { GSTREAMER_COLORS, PRESETS } from './presets.js'
import type { Preset, Wish } from './presets.js'
import { installHint, isInstalled } from './programs.js'
import { durationByFfmpeg, probeVideo } from './video-facts.js'
import type { VideoFacts } from './video-facts.js'
import { faultOf } from './y4m.js'

/** What is wanted of a source that is known by name. */
export interface SourceOptions extends ReadOptions {
  /**
   * Width of the frames in pixels; the source scales them, with black bars where their shape is another. Only together with `height`.
   * @default 1280 of cameras, otherwise as they are
   */
  width?: number
  /**
   * Height of the frames in pixels; see `width`.
   * @default 720 of cameras, otherwise as they are
   */
  height?: number
  /**
   * Frames per second, which the source keeps by repeating or leaving out frames where it has to.
   * @default 30 of cameras, otherwise as they are
   */
  framerate?: number
  /**
   * The programs that give the frames of files and streams.
   * @default 'ffmpeg' where it is installed, then 'gstreamer'
   */
  program?: 'ffmpeg' | 'gstreamer'
  /**
   * How RTSP transports frames; `rtspt://` always means TCP.
   * @default 'tcp'
   */
  transport?: 'tcp' | 'udp'
}

type CheckedSource = Checked<SourceOptions> & { transport: 'tcp' | 'udp' }

const CHECKS = {
  ...READ_CHECKS,
  ...SIZE_CHECKS,
  program: optional(oneOf(['ffmpeg', 'gstreamer'])),
  transport: withDefault(oneOf(['tcp', 'udp']), 'tcp'),
}

const DEFAULT_FRAMERATE = 30
const CAMERA = { width: 1280, height: 720, framerate: DEFAULT_FRAMERATE }

function pathOfUrl(url: string): string {
  try {
    return fileURLToPath(url)
  } catch (error) {
    throw typeError(
      ErrorCode.Config,
      `The source ${url} is no URL of a file here: ${(error as Error).message}.`,
      'Such a URL is file:///home/me/clip.mp4: three slashes, the whole path, and a % of its own as %25. A path goes without file://.',
    )
  }
}

/**
 * The path of `file:///…`, or of a name without a scheme; throws `ERR_CONFIG` for a URL that is no file's.
 *
 * @internal
 */
export function pathOf(source: string): string | undefined {
  if (/^file:\/\//i.test(source)) return pathOfUrl(source)
  if (/^[a-z][a-z\d+.-]+:/i.test(source)) return undefined
  return resolve(source)
}

/** The preset of a source, and what of the source's name it is about. */
function find(source: string): { preset: Preset; target: string } {
  const path = pathOf(source)
  const name = path === undefined ? source : `file:${path}`
  for (const preset of PRESETS) {
    const target = preset.pattern.exec(name)?.[1]
    if (target !== undefined) return { preset, target: preset.name === 'file' ? pathForOthers(target) : target }
  }
  const scheme = source.slice(0, source.indexOf(':'))
  const names = PRESETS.map((preset) => preset.name)
  const known = PRESETS.map(({ example }) => example).join(', ')
  throw typeError(
    ErrorCode.Config,
    names.includes(scheme.toLowerCase())
      ? `A source of the kind ${scheme} looks like ${PRESETS.find((one) => one.name === scheme.toLowerCase())!.example}.`
      : `There is no source of the kind "${scheme}". ${suggestion(scheme, names)}`,
    `Sources look like ${known}. A file whose name has a colon is written ./name.`,
  )
}

function recipeOf(preset: Preset, wanted: string | undefined, has: (program: string) => boolean) {
  const recipes = preset.recipes.filter(({ name }) => wanted === undefined || name === wanted)
  if (recipes.length === 0) {
    throw typeError(
      ErrorCode.Config,
      `A source of the kind ${preset.name} does not come from ${wanted}, but from ${preset.recipes[0]!.program}.`,
    )
  }
  const recipe = recipes.find(({ program }) => has(program))
  if (recipe) return recipe
  const programs = recipes.map(({ program }) => program)
  throw sourceError(
    `A source of the kind ${preset.name} needs ${programs.join(' or ')}, and none of them is installed.`,
    installHint(programs[0]!),
  )
}

/** What is known beforehand of a source and of this machine. */
interface SourceFacts {
  has?: (program: string) => boolean
  ffmpegHasFpsMode?: boolean
  facts?: VideoFacts | undefined
  /** How long the video takes, in seconds, where that is known. */
  duration?: number | undefined
  /** What was found of its frames when it was opened before. */
  seen?: ReadonlySet<ReturnType<typeof faultOf>>
}

function gstreamerPlan(isRateless: boolean): FfmpegPlan {
  const framerate = isRateless ? DEFAULT_FRAMERATE : undefined
  const warnings = isRateless ? [rateNote(undefined, DEFAULT_FRAMERATE, false)] : []
  return { filters: [], framerate, colorSpace: GSTREAMER_COLORS, warnings }
}

/**
 * What to run for a source, and what comes out of it.
 *
 * @internal
 */
export function planSource(
  source: string,
  asked: CheckedSource,
  { has = isInstalled, ffmpegHasFpsMode = true, facts, duration, seen = new Set() }: SourceFacts = {},
): PipePlan {
  const { preset, target } = find(source)
  if ((asked.width === undefined) !== (asked.height === undefined)) {
    throw typeError(ErrorCode.Config, 'The options width and height go together, but only one is set.')
  }
  const { width, height, framerate, transport } = asked
  const recipe = recipeOf(preset, asked.program, has)
  const interlaced = seen.has('interlaced') ? 'seen' : preset.isLive ? 'ignored' : 'possible'
  const video =
    recipe.name === 'ffmpeg'
      ? planFfmpeg({ width, height, framerate, facts, interlaced })
      : gstreamerPlan(seen.has('rateless'))
  const { filters } = video
  const wish: Wish = { width, height, framerate: video.framerate ?? framerate, transport, ffmpegHasFpsMode, filters }
  const { program, framesOn, stopSignal, saysErrorsOnly = false } = recipe
  const plan = (args: string[]) => ({
    command: { program, arguments: args, framesOn, stopSignal, saysErrorsOnly },
    ...readPlan(asked, preset.isLive),
  })
  const format = 'I420' as const
  if (preset.output === 'y4m') {
    const { arguments: argumentsFor } = recipe as (typeof preset.recipes)[number]
    const { colorSpace, warnings } = video
    // A live source's frames have the time of their arrival.
    const needsRate = !preset.isLive
    const expected = { width, height, format, framerate, y4m: true, colorSpace, needsRate }
    assertSize(expected)
    return { ...plan(argumentsFor(target, wish)), expected, warnings, duration }
  }
  const sized = {
    width: width ?? CAMERA.width,
    height: height ?? CAMERA.height,
    framerate: framerate ?? CAMERA.framerate,
  }
  const colorSpace = preset.colorSpace?.(sized.width, sized.height)
  const expected = { ...sized, format, strides: preset.strides(sized.width), y4m: false, colorSpace }
  assertSize(expected)
  return { ...plan(recipe.arguments(target, { ...wish, ...sized })), expected }
}

/**
 * Whether a version of ffmpeg, as it prints it, has the option -fps_mode (5.1). Builds between releases are new.
 *
 * @internal
 */
export function hasFpsMode(version: string): boolean {
  const [, major, minor] = /^ffmpeg version n?(\d+)\.(\d+)/.exec(version) ?? []
  return major === undefined || Number(major) > 5 || (Number(major) === 5 && Number(minor) >= 1)
}

const VERSION_MS = 5000

async function askFfmpeg(): Promise<boolean> {
  try {
    const { stdout } = await promisify(execFile)('ffmpeg', ['-version'], { timeout: VERSION_MS })
    return hasFpsMode(stdout)
  } catch {
    // It says why when it is run.
    return true
  }
}

async function assertReadable(path: string): Promise<void> {
  try {
    await access(path, constants.R_OK)
  } catch (error) {
    throw sourceError(`The input ${path} cannot be opened: ${(error as Error).message}.`, undefined, error)
  }
}

/** @internal */
export function isLiveSource(source: string): boolean {
  return find(source).preset.isLive
}

/** @internal */
export async function openSourceOn(load: () => NativeAddon, source: unknown, options: unknown): Promise<PipeSource> {
  const asked: CheckedSource = checkOptions(options, CHECKS, 'openSource()')
  const name = string(source, 'source')
  const { preset, target } = find(name)
  asked.signal?.throwIfAborted()
  if (preset.name === 'file') await assertReadable(target)
  const facts = await factsOf(preset, target, asked)
  asked.signal?.throwIfAborted()
  const seen = new Set<ReturnType<typeof faultOf>>()
  for (;;) {
    try {
      return await PipeSource.open(load(), planSource(name, asked, { ...facts, seen }))
    } catch (error) {
      // To look for it always would cost a live source a frame's time, or a file its own rate.
      if (isWithoutVideo(error)) throw noVideo(name, error)
      const fault = faultOf(error)
      if (fault === undefined || seen.has(fault)) throw error
      seen.add(fault)
    }
  }
}

/** ffmpeg says it of what `-map` names; which name it repeats depends on its version. */
function isWithoutVideo(error: unknown): boolean {
  return error instanceof Error && /^Stream map '.*' matches no streams/m.test(error.message)
}

function noVideo(source: string, cause: unknown): Error {
  return sourceError(
    `The input ${withoutSecrets(source)} has no video.`,
    'The cover picture of an audio file does not count.',
    cause,
  )
}

/** Of what is more likely a file than a camera, which may serve one reader only. */
const FILE_URL = /\.(?:mp4|m4v|mov|mkv|webm|ts|m2ts|mts|avi|mpe?g|vob|ogv|flv|3gp|wmv|gif)(?:[?#].*)?$/is

async function factsOf(preset: Preset, target: string, { program, signal }: CheckedSource): Promise<SourceFacts> {
  if (program === 'gstreamer' || preset.output !== 'y4m' || !isInstalled('ffmpeg')) return {}
  if (preset.isLive) return { ffmpegHasFpsMode: await askFfmpeg() }
  if (preset.name === 'http' && !FILE_URL.test(target)) return {}
  // What is read from a pipe is gone.
  if (preset.name === 'file' && !(await stat(target)).isFile()) return {}
  const input = preset.name === 'file' ? `file:${target}` : target
  if (!isInstalled('ffprobe')) return { duration: await durationByFfmpeg(input, signal) }
  const facts = await probeVideo(input, signal)
  return { facts, duration: facts?.duration }
}
