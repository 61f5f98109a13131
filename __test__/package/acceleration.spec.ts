import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import type { ExecutionContext } from 'ava'

const ROOT = join(import.meta.dirname, '../..')
const HERE = process.arch
const OTHER = HERE === 'x64' ? 'arm64' : 'x64'
const EMULATED = '-accel tcg,thread=multi'

/** The options that `scripts/vm` starts QEMU with. /dev/null stands for a KVM device that opens. */
function acceleration(arch: string, clock: string, kvm: string, cpuinfo: string): string {
  const program = 'source scripts/acceleration.sh; acceleration "$@"'
  const args = ['-c', program, 'bash', arch, clock, kvm, cpuinfo]
  return execFileSync('bash', args, { cwd: ROOT, encoding: 'utf8' }).trim()
}

/** Two descriptions of processors as the kernel gives them: with virtualization and without. */
function cpuinfos(t: ExecutionContext): { able: string; unable: string; folder: string } {
  const folder = mkdtempSync(join(tmpdir(), 'kvm-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const [able, unable] = [join(folder, 'able'), join(folder, 'unable')]
  writeFileSync(able, 'flags\t\t: fpu vme sse2 vmx ssse3\n')
  writeFileSync(unable, 'flags\t\t: fpu vme sse2 ssse3\n')
  return { able, unable, folder }
}

test('the virtual machine uses KVM where its device opens and the processor has virtualization', (t) => {
  const { able, unable, folder } = cpuinfos(t)
  t.is(acceleration(HERE, 'host', '/dev/null', able), `-accel kvm ${EMULATED}`)
  if (HERE === 'x64') t.is(acceleration(HERE, 'host', '/dev/null', unable), EMULATED)
  t.is(acceleration(HERE, 'host', join(folder, 'missing'), able), EMULATED)
  t.is(acceleration(HERE, 'host', able, able), EMULATED, 'a file is no device')
})

test('the other processor and the clock of instructions are always emulated', (t) => {
  const { able } = cpuinfos(t)
  t.is(acceleration(OTHER, 'host', '/dev/null', able), EMULATED)
  t.is(acceleration(HERE, 'instructions', '/dev/null', able), '-accel tcg,thread=single -icount shift=0,sleep=on')
})
