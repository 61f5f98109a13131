import type { Machine, Resolved } from '../machine.js'

/** A file of NVIDIA's, or a name that should lead to one. */
export interface LibraryFile {
  /** Where it was looked for. */
  path: string
  /** Where its links end; the path itself when it is no link. */
  target: string
  /** Whether there is something at the end of its links. */
  exists: boolean
}

/** NVIDIA's library, its plugins and what may stand in front of them. */
export interface LibraryFacts {
  /** The library named by the option `library` or by `V4L2_ENCODER_LIBRARY`, which is then the only one tried. */
  named: (LibraryFile & { by: 'option' | 'environment' }) | null
  /** Every `libnvv4l2.so` where NVIDIA puts it and where the system's loader looks, in the order in which they are tried. */
  nvidia: readonly LibraryFile[]
  /** Every `libv4l2.so.0` where the system's loader looks, in its order: the first that exists is what other programs get. */
  system: readonly LibraryFile[]
  /** The codec's plugins of libv4l2, by where they are looked for. */
  plugins: readonly LibraryFile[]
  /** NVIDIA's libraries for picture memory. */
  surfaces: readonly LibraryFile[]
  /** Directories of `LD_LIBRARY_PATH`, which come before all others. */
  inFront: readonly string[]
}

const NVIDIA_DIRECTORIES = ['/usr/lib/aarch64-linux-gnu/nvidia', '/usr/lib/aarch64-linux-gnu/tegra']
/** On Debian and Ubuntu, on Yocto and Nix. */
const PLUGIN_DIRECTORIES = [
  '/usr/lib/aarch64-linux-gnu/libv4l/plugins/nv',
  '/usr/lib/libv4l/plugins/nv',
  '/usr/lib/libv4l/plugins',
]
const TRIPLETS: Record<string, string> = { arm64: 'aarch64-linux-gnu', x64: 'x86_64-linux-gnu' }
const DIRECTORIES = 64

function fileAt(machine: Machine, path: string): LibraryFile | undefined {
  const resolved: Resolved = machine.resolve(path)
  if (!resolved.exists && resolved.links.length === 0) return undefined
  return { path, target: resolved.path, exists: resolved.exists }
}

/** Files and dangling links; the same directory under two names counts once. */
function filesNamed(machine: Machine, name: string, directories: readonly string[]): LibraryFile[] {
  const places = new Set(directories.map((directory) => `${machine.resolve(directory).path}/${name}`))
  return [...places].flatMap((path) => fileAt(machine, path) ?? [])
}

/** `/etc/ld.so.conf` and what it includes; on a Jetson, NVIDIA's directory is there. */
function configured(machine: Machine): string[] {
  const included = machine.names('/etc/ld.so.conf.d').filter((name) => name.endsWith('.conf'))
  const files = [...included.map((name) => `/etc/ld.so.conf.d/${name}`), '/etc/ld.so.conf']
  const lines = files.flatMap((file) => (machine.text(file) ?? '').split('\n'))
  return lines.map((line) => line.trim()).filter((line) => line.startsWith('/'))
}

function loaderDirectories(machine: Machine, inFront: readonly string[]): string[] {
  const triplet = TRIPLETS[machine.arch]
  const usual = triplet === undefined ? [] : [`/lib/${triplet}`, `/usr/lib/${triplet}`]
  const all = [...inFront, ...configured(machine), ...usual, '/lib', '/usr/lib', '/lib64', '/usr/lib64']
  return all.slice(0, DIRECTORIES)
}

function namedLibrary(machine: Machine, option: string | undefined): LibraryFacts['named'] {
  const path = option ?? (machine.env.V4L2_ENCODER_LIBRARY || undefined)
  if (path === undefined) return null
  const by = option === undefined ? 'environment' : 'option'
  // A name without a slash is looked up by the loader, and a path of tests lies outside of the made-up root.
  const within = machine.root !== '/' && !path.startsWith(machine.root) ? undefined : machine.pathOf(path)
  if (!path.includes('/') || within === undefined) return { path, target: path, exists: true, by }
  const resolved = machine.resolve(within)
  return { path: within, target: resolved.path, exists: resolved.exists, by }
}

function pluginsIn(machine: Machine, directory: string): LibraryFile[] {
  const names = machine.names(directory).filter((name) => /^libv4l2_nv\w+\.so$/.test(name))
  return names.flatMap((name) => fileAt(machine, `${directory}/${name}`) ?? [])
}

/**
 * Follows names and links as the loader would; nothing is loaded.
 *
 * @internal
 */
export function libraryFacts(machine: Machine, library: string | undefined): LibraryFacts {
  const inFront = (machine.env.LD_LIBRARY_PATH ?? '').split(':').filter((path) => path.startsWith('/'))
  const searched = loaderDirectories(machine, inFront.slice(0, DIRECTORIES))
  const surfaces = ['libnvbufsurface.so', 'libnvbuf_utils.so']
  const places = [...searched, ...NVIDIA_DIRECTORIES]
  return {
    named: namedLibrary(machine, library),
    nvidia: filesNamed(machine, 'libnvv4l2.so', places),
    system: filesNamed(machine, 'libv4l2.so.0', searched),
    plugins: PLUGIN_DIRECTORIES.flatMap((directory) => pluginsIn(machine, directory)),
    surfaces: surfaces.flatMap((name) => filesNamed(machine, name, places)),
    inFront: inFront.slice(0, DIRECTORIES),
  }
}
