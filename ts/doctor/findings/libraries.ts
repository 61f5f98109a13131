import type { Facts } from '../facts/facts.js'
import type { LibraryFile } from '../facts/libraries.js'
import { hasJetsonWorked, inContainer, isJetson, isThor, listed, nvidiaEncoders } from './evidence.js'
import { when } from './rule.js'
import type { Rule } from './rule.js'

const INSTALL = 'sudo apt-get install --reinstall nvidia-l4t-multimedia'
const PASS =
  "Use NVIDIA's container runtime: --runtime nvidia -e NVIDIA_VISIBLE_DEVICES=all -e NVIDIA_DRIVER_CAPABILITIES=all"

/** Only where there is an encoder that needs it. */
function needsNvidia(facts: Facts): boolean {
  return nvidiaEncoders(facts).length > 0 && !isThor(facts)
}

function hint(facts: Facts): string {
  return inContainer(facts) ? PASS : INSTALL
}

function isPlugin({ path }: LibraryFile, name: string): boolean {
  return path.endsWith(`/${name}`)
}

/** By where it lies: NVIDIA keeps its libraries in directories of its own. */
function isNvidias({ target }: LibraryFile): boolean {
  return /\/(?:nvidia|tegra)\//.test(target) || /\/libnv[^/]*$/.test(target)
}

/**
 * How to be rid of a link. NVIDIA's runtime makes it when the container starts, so that an image cannot be without it.
 *
 * @internal
 */
export function removalOf(path: string): string {
  return `Remove the link when the container starts, before your program does (in the entrypoint): rm -f ${path}`
}

function codecPlugins({ libraries: { plugins } }: Facts): LibraryFile[] {
  return plugins.filter((plugin) => isPlugin(plugin, 'libv4l2_nvvideocodec.so'))
}

function cuvidPlugins({ libraries: { plugins } }: Facts): LibraryFile[] {
  return plugins.filter((plugin) => plugin.exists && isPlugin(plugin, 'libv4l2_nvcuvidvideocodec.so'))
}

/** Links that lead nowhere, by where they lead. */
function dangling({ libraries: { nvidia, system } }: Facts): [target: string, paths: string[]][] {
  const files = [...nvidia, ...system].filter(({ exists }) => !exists)
  const targets = new Set(files.map(({ target }) => target))
  return [...targets].map((target) => [target, files.filter((file) => file.target === target).map(({ path }) => path)])
}

/** What programs get that ask for libv4l2. */
function systemLibrary({ libraries }: Facts): LibraryFile | undefined {
  return libraries.system.find(({ exists }) => exists)
}

function hasNvidias({ libraries }: Facts): boolean {
  return libraries.nvidia.some(({ exists }) => exists)
}

/** NVIDIA's libv4l2, or on Yocto and Nix the distribution's with NVIDIA's plugin. */
function hasLibrary(facts: Facts): boolean {
  const { libraries } = facts
  const isPatched = systemLibrary(facts) !== undefined && codecPlugins(facts).some(({ exists }) => exists)
  return libraries.named?.exists ?? (hasNvidias(facts) || isPatched)
}

function inDirectoriesInFront({ libraries: { inFront } }: Facts, { path }: LibraryFile): boolean {
  return inFront.some((directory) => path.startsWith(`${directory.replace(/\/+$/, '')}/`))
}

/**
 * NVIDIA's library, its plugins, and what is in their place.
 *
 * @internal
 */
export const LIBRARY_RULES: readonly Rule[] = [
  {
    id: 'named-library-missing',
    severity: 'problem',
    test: ({ facts: { libraries } }) =>
      libraries.named?.exists === false
        ? when(
            true,
            `The library ${libraries.named.path}, which is named by ${libraries.named.by === 'option' ? 'the option library' : 'V4L2_ENCODER_LIBRARY'}, does not exist.`,
            'Name a file that exists, or none, so that it is looked for where NVIDIA puts it.',
          )
        : [],
  },
  {
    id: 'library-missing',
    severity: 'problem',
    test: ({ facts }) =>
      when(
        needsNvidia(facts) && facts.libraries.named === null && !hasLibrary(facts),
        "There is an encoder node, but not NVIDIA's libnvv4l2.so, which alone can use it.",
        hint(facts),
      ),
  },
  {
    id: 'library-link-dangling',
    severity: 'problem',
    test: ({ facts }) =>
      (isJetson(facts) && !isThor(facts) ? dangling(facts) : []).map(([target, paths]) => ({
        message: `The ${paths.length === 1 ? 'link' : 'links'} ${listed(paths)} ${paths.length === 1 ? 'leads' : 'lead'} to ${target}, which does not exist.`,
        hint: hint(facts),
        ...(hasLibrary(facts) && { severity: 'warning' as const }),
      })),
  },
  {
    id: 'plugin-missing',
    severity: 'problem',
    test: ({ facts }) =>
      when(
        needsNvidia(facts) && facts.libraries.named === null && hasLibrary(facts) && codecPlugins(facts).length === 0,
        "NVIDIA's library has no plugin libv4l2_nvvideocodec.so in libv4l/plugins/nv, so it finds no encoder.",
        hint(facts),
      ),
  },
  {
    id: 'plugin-link-dangling',
    severity: 'problem',
    test: ({ facts }) =>
      codecPlugins(facts)
        .filter(({ exists }) => !exists && !isThor(facts))
        .map(({ path, target }) => ({
          message: `The plugin ${path} is a link to ${target}, which does not exist.`,
          hint: inContainer(facts)
            ? `The links are relative: pass the directory that they lead into as well. ${PASS}`
            : INSTALL,
        })),
  },
  {
    id: 'surface-library-missing',
    severity: 'warning',
    test: ({ facts }) =>
      when(
        needsNvidia(facts) &&
          facts.libraries.named === null &&
          hasNvidias(facts) &&
          !facts.libraries.surfaces.some(({ exists }) => exists),
        "Beside NVIDIA's libnvv4l2.so there is no libnvbufsurface.so (JetPack 4: libnvbuf_utils.so), which some releases must have loaded before they open the encoder.",
        hint(facts),
      ),
  },
  {
    id: 'cuvid-plugin-first',
    severity: 'warning',
    test: ({ facts, probes }) =>
      cuvidPlugins(facts)
        .filter(() => inContainer(facts) && isJetson(facts) && !isThor(facts))
        .filter(() => !hasJetsonWorked(probes))
        .map(({ path }) => ({
          message: `The plugin ${path}, which is for other machines, comes before the Jetson's and may take its node.`,
          hint: removalOf(path),
        })),
  },
  {
    id: 'library-in-front',
    severity: 'warning',
    test: ({ facts }) =>
      [...facts.libraries.nvidia, ...facts.libraries.system]
        .filter((file) => inDirectoriesInFront(facts, file) && !isNvidias(file) && isJetson(facts))
        .map(({ path }) => ({
          message: `LD_LIBRARY_PATH puts ${path} in front of NVIDIA's library.`,
          hint: "Start the program without LD_LIBRARY_PATH, or with NVIDIA's directory first in it.",
        })),
  },
  {
    id: 'wrong-libv4l2',
    severity: 'note',
    test: ({ facts }) => {
      const file = systemLibrary(facts)
      return when(
        file !== undefined && !isNvidias(file) && needsNvidia(facts) && hasNvidias(facts),
        `Programs that ask for libv4l2.so.0 get ${file?.target}, which does not know the Jetson's encoder; this package asks for libnvv4l2.so.`,
        'Nothing needs to be done for this package. For GStreamer and others: sudo ldconfig, and see that nvidia-l4t-multimedia is installed.',
      )
    },
  },
  {
    id: 'cameras-through-nvidia',
    severity: 'note',
    test: ({ facts }) => {
      const file = systemLibrary(facts)
      const cameras = facts.nodes.filter(({ kind, driver }) => kind === 'camera' && driver === 'uvcvideo')
      return when(
        file !== undefined && isNvidias(file) && cameras.length > 0,
        `Programs that read ${listed(cameras.map(({ path }) => path))} through libv4l2 get NVIDIA's, which may claim the camera ("Opening in BLOCKING MODE") and crash.`,
        'Read cameras by openCamera() of this package, which asks the kernel; leave the links of libv4l2 as they are.',
      )
    },
  },
  {
    id: 'library-named',
    severity: 'note',
    test: ({ facts: { libraries } }) =>
      libraries.named?.exists
        ? when(
            true,
            `Only ${libraries.named.path} is loaded as NVIDIA's library, since ${libraries.named.by === 'option' ? 'the option library' : 'V4L2_ENCODER_LIBRARY'} names it.`,
            'Leave it out to have the library looked for where NVIDIA puts it.',
          )
        : [],
  },
]
